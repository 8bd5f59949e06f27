"""`doorstep preview`: prints what a buyer would be told about an order, and what would follow, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from rich.console import Console
from ruamel.yaml import YAML
from sqlalchemy.exc import SQLAlchemyError

from doorstep.languages import SPOKEN, language_of, nearest_spoken
from doorstep.orders import Order
from doorstep.people import handovers
from doorstep.policy.shop import ShopPolicy
from doorstep.ports import SystemClock
from doorstep.preview import Preview, PreviewError, Question, find_order, preview
from doorstep.processes import training
from doorstep.processes.listening import Understood, listen
from doorstep.processes.understanding import REFUSED, STRANGE, NotScored
from doorstep.replies.catalogue import Catalogue
from doorstep.settings import ROOT, Settings
from doorstep.storage import migrate
from doorstep.storage.engine import make_engine, reading
from doorstep.wishes import WISHES, in_order


@dataclass(frozen=True)
class Request:
    """What is typed: an order's number, and either the buyer's words (`says`) or `wishes`; the rest may be empty."""

    number: str
    says: str = ""
    wishes: Sequence[str] = ()
    language: str = ""
    shop: str = ""
    on: date | None = None


def show(settings: Settings, policy: ShopPolicy, request: Request, console: Console, models: Path) -> None:
    """Print the preview. `models` is the folder of trained ones. Raises PreviewError when there is nothing to show."""
    if bool(request.says) == bool(request.wishes):
        raise PreviewError("Say either what the buyer writes (--says) or what is wanted (--wish customs/refuse).")
    order = _order(settings, request)
    language = _language(order, request)
    zone = ZoneInfo(policy.for_(order.shop, order.ship_to.country).shop.timezone)
    now = _at(SystemClock(settings.clock_file).now().astimezone(zone), request.on)
    question, understood = _question(request, language, now, models)
    _print(console, _heading(order, language, now), *understood)
    if not question.wishes:
        return
    found = preview(settings, policy, Catalogue(ROOT / "replies"), order, question)
    for worded in found.said:
        _print(console, "", *(f"  {line}" for line in worded.text.splitlines()))
        _print(console, *(f"  [ {choice.label} ]" for choice in worded.choices))
    _print(console, "", "What would follow:", *(f"  {line}" for line in _following(found, policy, zone)))
    _print(console, "", "Nothing of this was kept.")


def _question(request: Request, language: str, now: datetime, models: Path) -> tuple[Question, tuple[str, ...]]:
    """What the assistant is asked, and how it came from what was typed."""
    if request.wishes:
        return Question(in_order(_known(wish) for wish in request.wishes), language, now), ()
    understood = _understood(request.says, models)
    return Question(understood.wishes, language, now, understood.mood), tuple(_told_of(request.says, understood))


def _heading(order: Order, language: str, now: datetime) -> str:
    where = Locale("en").territories.get(order.ship_to.country, order.ship_to.country)
    spoken = Locale.parse(language).get_display_name("en")
    return f"Order {order.number} of {order.shop}, to {where}, on {now:%Y-%m-%d}, in {spoken}."


def _print(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _order(settings: Settings, request: Request) -> Order:
    try:
        if not migrate.is_current(settings.database_url):
            raise PreviewError("The database lacks the tables of this version: run `doorstep demo` or `doorstep up`.")
        engine = make_engine(settings.database_url)
        try:
            with reading(engine) as connection:
                return find_order(connection, request.number, request.shop)
        finally:
            engine.dispose()
    except (SQLAlchemyError, migrate.MigrationError) as error:
        raise PreviewError(f"The database cannot be read: {getattr(error, 'orig', None) or error!s}") from error


def _language(order: Order, request: Request) -> str:
    """The language that the conversation would be in."""
    if request.language and request.language not in SPOKEN:
        raise PreviewError(f"There are no words in {request.language!r}: expected one of {', '.join(SPOKEN)}.")
    return request.language or language_of(request.says, nearest_spoken(order.buyer.language or "en"))


def _at(now: datetime, on: date | None) -> datetime:
    return now if on is None else now.replace(year=on.year, month=on.month, day=on.day)


def _known(wish: str) -> str:
    name, _, about = wish.partition("/")
    if name not in WISHES:
        raise PreviewError(f"There is no wish {name!r}; those known are {', '.join(WISHES)}.")
    abouts = _abouts(name)
    if about and about not in abouts:
        those = f"those of {name} are {', '.join(abouts)}" if abouts else f"nothing closer is said of {name}"
        raise PreviewError(f"There is no wish {wish!r}; {those}.")
    return wish


def _abouts(wish: str) -> list[str]:
    """What a wish may say more closely, by the training data."""
    file = ROOT / "data" / "nlu" / "en" / f"{wish}.yml"
    blocks = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"] if file.is_file() else []
    found = ((block.get("metadata") or {}).get("subintent") for block in blocks if block.get("intent") == wish)
    return sorted({str(about) for about in found if about})


def _understood(text: str, models: Path) -> Understood:
    model = training.model_in_use(models)
    if model is None:
        raise PreviewError(
            "There is no trained model that could read what the buyer says: run `doorstep train`, or say what is "
            "wanted with --wish, such as --wish customs/refuse."
        )
    try:
        return listen(model, ROOT, text)
    except NotScored as error:
        raise PreviewError(f"{model.name} cannot be asked: {error}") from error


def _told_of(text: str, understood: Understood) -> Iterator[str]:
    sure = f"{understood.likeliest}, {understood.confidence:.2f} sure"
    if understood.foreign:
        name = Locale.parse(understood.foreign).get_display_name("en")
        yield f"{text!r} is in {name}, which the assistant does not speak: a person is offered."
    elif understood.intent in (REFUSED, STRANGE):
        yield f"{text!r} is not understood ({sure}): the buyer is asked what is meant; the second time a person helps."
    elif not understood.wishes:
        yield f"{text!r} is understood as {sure}: no wish about an order, so your rules decide nothing of it."
    else:
        mood = f"; it sounds {understood.mood}" if understood.mood else ""
        yield f"{text!r} is understood as {' and '.join(understood.wishes)} ({sure}){mood}."


def _following(found: Preview, policy: ShopPolicy, zone: ZoneInfo) -> Iterator[str]:
    """A line for each thing that would be kept, or one that there is none."""
    lines = [
        *_kept(found.kept, zone),
        *(f"order      {name}: {_plain(to, zone)}" for name, to in found.changed.items()),
    ]
    if found.handover:
        reason, note = found.handover
        team = handovers.REASONS.get(reason, handovers.UNKNOWN).team
        lines.append(f"person     of the team {team} ({policy.teams[team]}) takes over: {reason}{_facts(note, zone)}")
    if found.asks:
        lines.append(f"question   the next message is taken for the answer to {found.asks.split('/')[0]}")
    yield from lines or ["nothing: it is said, and that is all"]


def _kept(kept: Mapping[str, Sequence[Mapping[str, Any]]], zone: ZoneInfo) -> Iterator[str]:
    for row in kept["promises"]:
        worth = f" of {row['amount']:.2f} {row['currency']}" if row["amount"] is not None else ""
        wish = f", then {row['remedy']}" if row["remedy"] else ""
        yield f"promise    {row['kind']}{worth} by {_plain(row['due_at'], zone)}{wish}"
    for row in kept["cases"]:
        yield f"case       {row['number']}, {row['kind']}, {row['state']}{_facts(row['facts'], zone)}"
    for row in kept["shop_tasks"]:
        yield f"task       {row['kind']}{_facts(row['note'], zone)}"
    for row in kept["coupons_given"]:
        yield f"coupon     {row['code']}"


def _facts(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    told = ", ".join(f"{name} {_plain(value, zone)}" for name, value in facts.items() if value)
    return f" ({told})" if told else ""


def _plain(value: Any, zone: ZoneInfo) -> str:
    return f"{value.astimezone(zone):%Y-%m-%d}" if isinstance(value, datetime) else str(value)
