"""Reads an address that a buyer typed: in one line or several, in the order of its country, with or without its name.

Nothing is guessed that was not written but the country, which stays as it was unless another one is named. What is
read is read back to the buyer, so a part in the wrong place does no harm; a part that is missing is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from doorstep.changes.countries import HAS_NO_CITY, country_named, postcode_of
from doorstep.orders import Address

STREET, CITY, POSTCODE = "street", "city", "postcode"
LONGEST = 300  # characters; more is a letter, not an address
_LEAST_LETTERS = 3  # of a street

_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SEPARATORS = re.compile(r"[\n,;，；、]+")
_INTRODUCTION = re.compile(
    r"^[^\d\n,;:：]{0,80}[:：]\s*"  # "please send it to:"
    r"|^[^\d\n,;]{0,60}?\b(?:address|adresse|direcci[oó]n|endere[cç]o|адрес)\w*(?:\s+(?:is|should be|to|ist|lautet|"
    r"es|é|est)\b|\s*[-–—])\s*"
    r"|^.{0,12}?地址(?:是|为|改成|改为)\s*"
    r"|^(?:(?:no|nope|nein|non|não|нет)\s*[,.]?\s+)?(?:please\s+)?(?:it should be|it is|it's|(?:send|ship|deliver)"
    r"(?: it)? to|es ist|c'est|debe ser|deve ser)\s+"
    r"|^(?:no|nope|nein|non|não|нет|不是?)\s*[,，.]\s*",
    re.IGNORECASE,
)
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # as typed among ideographs
_STATE_BEFORE_CODE = ("US", "CA", "AU")  # "Springfield, Illinois 62704"
_PLACE_WORDS = re.compile(r"[省市区區县縣路街巷弄][^\n]*\d|丁目|[동로길구] ?\d")
_CONTACT = re.compile(r"@|^(?:tel|phone|mobile|cell|телефон|电话|手机)\b|^\+[\d ()./-]{7,}$", re.IGNORECASE)
_REGION = re.compile(r"[A-Z]{2,3}\.?")
_CITY_OF_REGION = re.compile(r"(.+?)\s*[-–/]\s*([A-Z]{2,3})")  # "São Paulo - SP"
_CHINESE_CITY = re.compile(r"(?:.*?(?:省|自治区))?([\u4e00-\u9fff]{2,7}?市)")


@dataclass(frozen=True)
class Reading:
    """What was read. `missing` are those of STREET, CITY and POSTCODE not found; with any `address` is rough."""

    address: Address
    missing: tuple[str, ...] = ()


def read(text: str, before: Address) -> Reading:
    """Read an address from free words; its name and country stay those of `before` unless the text says otherwise."""
    text = _INTRODUCTION.sub("", text.strip().translate(_WIDE), count=1)
    if not text or len(text) > LONGEST or "?" in text:
        return Reading(before, (STREET, CITY, POSTCODE))
    parts = [part.strip(" .。\t") for part in _SEPARATORS.split(text)]
    parts = [part for part in parts if part and not _CONTACT.search(part)]
    parts, name = _without_name(parts, before.name)
    parts, country, named = _without_country(parts, before.country)
    blank = Address(name, "", named if country in HAS_NO_CITY else "", "", country)
    if _IDEOGRAPHS.search("".join(parts)):
        return _in_one_line(" ".join(parts), blank)
    return _in_parts(parts, blank)


def may_be_address(text: str) -> bool:
    """Whether free words look like an address, of whichever country: several parts with two numbers, or ideographs."""
    if "?" in text or len(text) > LONGEST or not _has_digit(text):
        return False
    parts = [part for part in _SEPARATORS.split(text.strip()) if part.strip()]
    numbers = sum(_has_digit(word) for word in re.split(r"[\s,;]+", text))
    return bool(_PLACE_WORDS.search(text)) or min(len(parts), numbers) > 1


def one_line(address: Address) -> str:
    """An address in full as people of the shop copy it."""
    city = " ".join(part for part in (address.postcode, address.city, address.region) if part)
    return ", ".join(part for part in (address.name, address.line1, address.line2, city, address.country) if part)


def _without_name(parts: list[str], name: str) -> tuple[list[str], str]:
    """The parts without the recipient's own name at the front."""
    if parts and name and parts[0].casefold() == name.strip().casefold():
        return parts[1:], name
    return parts, name


def _without_country(parts: list[str], before: str) -> tuple[list[str], str, str]:
    """The parts without the country at the end, its code, and how it was written."""
    if not parts:
        return parts, before, ""
    code, rest = country_named(parts[-1], before)
    if not code or (not rest and len(parts) == 1):
        return parts, before, ""
    written = parts[-1][len(rest) :].strip()
    return [*parts[:-1], *([rest] if rest else [])], code, written


def _in_one_line(text: str, blank: Address) -> Reading:
    """Addresses in characters run from the large to the small without a break; they are kept as they stand."""
    postcode, rest, wanted = postcode_of(text, blank.country)
    rest = re.sub(r"〒|邮编\s*:?|郵便番号\s*:?", "", rest).replace("\n", " ").strip()
    city = _CHINESE_CITY.match(rest)
    address = replace(blank, line1=rest, postcode=postcode, city=city.group(1) if city else blank.city)
    missing = (STREET,) if len(rest) < 2 * _LEAST_LETTERS else ()
    return Reading(address, missing if postcode or not wanted else (*missing, POSTCODE))


def _in_parts(parts: list[str], blank: Address) -> Reading:
    place, postcode, rest, wanted = _find_postcode(parts, blank.country)
    if not _has_digit(" ".join(parts)) and (wanted or len(parts) == 1):
        return Reading(blank, (STREET, CITY, POSTCODE) if wanted else (STREET, CITY))
    if place >= 0:
        parts = [*parts[:place], rest, *parts[place + 1 :]]
    street, city, region = _find_city(parts, place, blank.country in _STATE_BEFORE_CODE)
    if city and (both := _CITY_OF_REGION.fullmatch(city)):
        city, region = both.groups()
    address = replace(
        blank,
        line1=street[0] if street else "",
        line2=", ".join(street[1:]),
        city=city or blank.city,
        postcode=postcode,
        region=region,
    )
    has_street = len(re.findall(r"[^\W\d_]", address.line1 + address.line2)) >= _LEAST_LETTERS
    found = ((STREET, has_street), (CITY, bool(address.city)), (POSTCODE, bool(postcode) or not wanted))
    return Reading(address, tuple(name for name, there in found if not there))


def _find_postcode(parts: list[str], country: str) -> tuple[int, str, str, bool]:
    """Where the postcode stands (-1: nowhere), itself, what else stands in that part, and whether one is needed.

    The last part that holds one is taken: at the front there may be a house number that looks the same.
    """
    wanted = postcode_of("", country)[2]
    for place in range(len(parts) - 1, -1, -1):
        code, rest, _ = postcode_of(parts[place], country)
        number_of_street = place == 0 and rest and not any(map(_has_digit, parts[1:]))
        if code and not (number_of_street and len(parts) > 1):
            return place, code, rest, wanted
    return -1, "", "", wanted


def _find_city(parts: list[str], place: int, states: bool) -> tuple[list[str], str, str]:
    """The lines of the street, the city and the region; `place` is where the postcode stood, -1 for nowhere."""
    region = next((part for part in reversed(parts[1:]) if _REGION.fullmatch(part)), "")
    beside = parts[place] if place >= 0 else ""
    if beside and beside != region:
        before, _, after = beside.partition("\n")
        if after:  # a postcode in the middle of the only line: the street before it, the city after it
            return [*parts[:place], before, *parts[place + 1 :]], after, region
        if not (states and place > 1 and not _has_digit(parts[place - 1])):
            return [part for at, part in enumerate(parts) if at != place and part and part != region], beside, region
        region = beside
    lines = [(at, part) for at, part in enumerate(parts) if part and part != region]
    city = _line_of_city(lines, place)
    return [line[1] for line in lines if line != city], city[1] if city else "", region


def _line_of_city(lines: list[tuple[int, str]], place: int) -> tuple[int, str] | None:
    """Which line is the city, where it does not stand beside the postcode: before it, else after it.

    A line with a number is a street or a flat, and then the city stands first, as in Russia.
    """
    before = [line for line in lines if place < 0 or line[0] < place]
    after = [line for line in lines if 0 <= place < line[0]]
    if after and not _has_digit(after[0][1]) and len(before) < 2:
        return after[0]
    if len(before) < 2:
        return None
    return (
        next((line for line in before if not _has_digit(line[1])), before[-1])
        if _has_digit(before[-1][1])
        else before[-1]
    )


def _has_digit(text: str) -> bool:
    return bool(re.search(r"\d", text))
