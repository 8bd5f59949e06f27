"""Makes a dossier's page: one HTML file that needs nothing else, in one language, without scripts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from doorstep import evidence
from doorstep.dossier import words as names
from doorstep.dossier.gather import MISSING, THERE, Dossier, Photo
from doorstep.dossier.words import Words
from doorstep.evidence import Entry
from doorstep.facts import carrier_name
from doorstep.replies.catalogue import Catalogue

MOST_BYTES = 4 << 20  # of one picture shown in the page
MOST_BYTES_IN_ALL = 24 << 20
SHOWN = ("image/jpeg", "image/png", "image/webp", "image/gif")
_STEPS = (evidence.OFFER, evidence.TAKEN, evidence.PROMISE, evidence.TASK, evidence.HANDOVER, evidence.CASE)
_MARKETPLACES = {"aliexpress": "AliExpress", "amazon": "Amazon", "ebay": "eBay", "own": ""}  # "" is the shop itself
_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Figure:
    """A photo as the page shows it: the picture itself, or a note in its place."""

    photo: Photo
    source: str = ""
    note: str = ""


def page_of(dossier: Dossier, catalogue: Catalogue) -> str:
    """The whole page."""
    words = Words(catalogue, dossier.language)
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        dossier=dossier,
        words=words,
        heading={key: words.say(name) for key, name in names.HEADINGS.items()},
        title=words.say("term_dossier_title", {"number": dossier.case.number}),
        about=words.say(
            "term_dossier_about", {"order_number": dossier.order.number, "at": words.moment(dossier.made_at)}
        ),
        marketplace=_MARKETPLACES.get(dossier.order.marketplace, dossier.order.marketplace) or dossier.shop,
        summary=list(_summary(dossier, words)),
        order=list(dossier.of_kind(evidence.ORDER))[-1].facts,
        parcels=list(_parcels(dossier, words)),
        packing=[photo for entry in dossier.of_kind(evidence.PACKING) for photo in entry.facts["photos"]],
        messages=list(_messages(dossier, words)),
        figures=_figures(dossier, words),
        steps=[_step(entry, words) for entry in dossier.of_kind(*_STEPS)],
        chain=[(entry, words.one_of(names.KINDS, entry.kind), words.moment(entry.at)) for entry in dossier.entries],
    )


def _summary(dossier: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    case = dossier.case
    yield "dispute", words.one_of(names.TYPES, dossier.dispute)
    yield "state", words.one_of(names.STATES, case.state)
    yield "opened", words.moment(case.opened_at)
    if case.closed_at:
        yield "closed", words.moment(case.closed_at)
    if dossier.dispute:
        yield "answer_by", words.moment(dossier.answer_by)
        yield "open_until", words.moment(dossier.open_until)


def _parcels(dossier: Dossier, words: Words) -> Iterator[dict[str, Any]]:
    """The last that was seen of each parcel, newest scan first."""
    latest = {entry.facts["id"]: entry for entry in dossier.of_kind(evidence.PARCEL)}
    for entry in latest.values():
        facts = entry.facts
        service = facts["service"].replace("-", " ")
        yield {
            "name": " · ".join(
                part for part in (carrier_name(facts["carrier"]), service, facts["tracking_number"]) if part
            ),
            "seen": words.say("term_dossier_seen", {"at": words.moment(entry.at)}),
            "scans": [_scan(scan, words) for scan in reversed(facts["scans"])],
        }


def _scan(scan: dict[str, Any], words: Words) -> tuple[str, str, str]:
    text = scan.get("description") or words.say(f"term_status_{scan['status']}")
    signed = [scan[name] for name in ("signed_by", "left_at") if name in scan]
    place = ", ".join(part for part in (scan.get("location"), words.country(scan.get("country", ""))) if part)
    return words.moment(scan["at"]), " · ".join([text, *signed]), place


def _messages(dossier: Dossier, words: Words) -> Iterator[dict[str, Any]]:
    told = [entry.facts for entry in dossier.of_kind(evidence.MESSAGE)]
    for facts in sorted(told, key=lambda each: (each["at"], each["seq"])):
        yield {
            "side": "buyer" if facts["from"] == "buyer" else "shop",
            "from": words.one_of(names.SENDERS, facts["from"]),
            "at": words.moment(facts["at"]),
            "text": facts["text"],
            "choices": facts["choices"],
        }


def _step(entry: Entry, words: Words) -> tuple[str, str, str]:
    return words.moment(entry.at), words.one_of(names.KINDS, entry.kind), _told(entry, words)


def _told(entry: Entry, words: Words) -> str:
    """What a step says, in a few words."""
    facts = entry.facts
    parts: list[str] = []
    if entry.kind == evidence.OFFER:
        parts = [" / ".join(words.thing(option) for option in facts["options"]), words.money(facts["amount"])]
        parts.append(words.say("term_dossier_until", {"at": words.moment(facts["expires_at"])}))
    elif entry.kind == evidence.TAKEN:
        parts = [words.thing(facts["option"]), words.money(facts["amount"])]
    elif entry.kind == evidence.PROMISE:
        parts = [words.thing(facts["kind"]), words.money(facts["amount"])]
        parts.append(words.say("term_dossier_by", {"at": words.moment(facts["due_at"])}))
        parts += [words.thing(facts["remedy"])] if facts["remedy"] not in ("", facts["kind"]) else []
        parts += [words.one_of(names.PROMISE_STATES, facts["state"])] if facts["state"] != "open" else []
    elif entry.kind == evidence.TASK:
        parts = [words.thing(facts["kind"])]
    elif entry.kind == evidence.CASE:
        parts = [words.one_of(names.STATES, facts["state"])]
    return " · ".join(part for part in parts if part)


def _figures(dossier: Dossier, words: Words) -> list[Figure]:
    figures: list[Figure] = []
    left = MOST_BYTES_IN_ALL
    for photo in dossier.photos:
        if photo.state != THERE:
            absent = "term_dossier_photo_missing" if photo.state == MISSING else "term_dossier_photo_changed"
            figures.append(Figure(photo, note=words.say(absent)))
        elif photo.media_type in SHOWN and photo.size <= min(MOST_BYTES, left):
            left -= photo.size
            data = base64.b64encode(photo.file.read_bytes()).decode()
            figures.append(Figure(photo, source=f"data:{photo.media_type};base64,{data}"))
        else:
            figures.append(Figure(photo, note=words.say("term_dossier_photo_in_zip", {"file": photo.member})))
    return figures
