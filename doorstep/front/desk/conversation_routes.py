"""The addresses of a conversation's screen, below /desk."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from doorstep.front.desk import actions, conversation_pages, live

_HERE = "/conversations/{id}"


def routes() -> list[BaseRoute]:
    """All of them; `events` before the parts of the screen."""
    done = {
        "claim": actions.claim,
        "take-over": actions.take_over,
        "say": actions.say,
        "note": actions.note,
        "typing": actions.typing,
        "release": actions.release,
        "transfer": actions.transfer,
        "hand-back": actions.hand_back,
        "close": actions.close,
        "grant/preview": actions.preview_grant,
        "grant": actions.give_grant,
    }
    return [
        Route(_HERE, conversation_pages.get_conversation, methods=["GET"]),
        Route(f"{_HERE}/events", live.get_events, methods=["GET"]),
        *(Route(f"{_HERE}/{name}", act, methods=["POST"]) for name, act in done.items()),
        Route(_HERE + "/{part}", conversation_pages.get_part, methods=["GET"]),
        Route("/uploads/{id}", conversation_pages.get_upload, methods=["GET"]),
    ]
