"""What a buyer thought of a person's help, in two clicks: good or not, then what for. Each is asked once."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.engine import Connection

from doorstep.desk.work import RATE_INTENT, WHY_INTENT, WHYS
from doorstep.replies.values import Choice, Reply
from doorstep.storage import desk


def is_rating(payload: str) -> bool:
    """Whether a choice that was taken says what the help was like."""
    return payload.startswith((f"/{RATE_INTENT}{{", f"/{WHY_INTENT}{{"))


def take(connection: Connection, conversation_id: str, payload: str, now: datetime) -> Reply:
    """Keep what a choice says; gives what the buyer is told then. The payload is one of ours."""
    told = json.loads(payload[payload.index("{") :])
    closing = int(told["closing"])
    if "why" in told:
        kept = desk.rate_why(connection, conversation_id, closing, told["why"])
        return Reply("notice_rated" if kept else "notice_rated_before")
    score = told["score"]
    if not desk.rate(connection, conversation_id, closing, score, now):
        return Reply("notice_rated_before")
    asked = [Choice(f"choice_rate_{why}", WHY_INTENT, {"closing": str(closing), "why": why}) for why in WHYS[score]]
    return Reply(f"notice_rate_why_{score}", {}, asked)
