"""The pieces a picture is made of: SVG as text, every word in it escaped, no style anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from unicodedata import east_asian_width

WIDTH = 320  # units; at this width one unit is one pixel
FONT = 12  # units: the smallest text that people read without trouble
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2

Point = tuple[float, float]


def clean(words: str) -> str:
    """A text as it may stand in XML, in an attribute too."""
    return escape(_NOT_XML.sub("\ufffd", words), quote=True)


def cut(words: str, most: int) -> str:
    """A text of at most so many letters, of which a Chinese one counts twice; what was cut is an ellipsis."""
    wide = 0
    for place, letter in enumerate(words):
        wide += 2 if east_asian_width(letter) in "WF" else 1
        if wide > most:
            return words[: max(place - 1, 0)] + "…"
    return words


def picture(name: str, height: float, title: str, told: str, body: str) -> str:
    """The whole picture. `name` begins its ids and must be unique on a page."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {_number(height)}" role="img"'
        f' aria-labelledby="{clean(name)}-title {clean(name)}-told" fill="currentColor" font-size="{FONT}"'
        f' font-family="sans-serif"><title id="{clean(name)}-title">{clean(title)}</title>'
        f'<desc id="{clean(name)}-told">{clean(told)}</desc>{body}</svg>'
    )


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """A line of text; `anchor` is start, middle or end."""
    return f'<text class="chart-label" x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}">{clean(words)}</text>'


def bar(x: float, y: float, width: float, height: float, tip: str) -> str:
    """A filled rectangle that tells what it is when it is pointed at."""
    size = f'x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="chart-bar" {size} fill-opacity="0.75"><title>{clean(tip)}</title></rect>'


def rule(start: Point, end: Point) -> str:
    """A thin straight line: an axis, or where a scale ends."""
    ends = f'x1="{_number(start[0])}" y1="{_number(start[1])}" x2="{_number(end[0])}" y2="{_number(end[1])}"'
    return f'<line class="chart-axis" {ends} stroke="currentColor" stroke-opacity="0.4"/>'


def line(points: Sequence[Point], second: bool) -> str:
    """A line through points; the second one of a picture is dashed."""
    through = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return f'<polyline {_stroke(second)} fill="none" stroke-width="2" points="{through}"/>'


def dot(point: Point, tip: str, second: bool) -> str:
    """A point of a line that tells what it is; those of the second line are hollow."""
    at = f'cx="{_number(point[0])}" cy="{_number(point[1])}" r="2.5"'
    inside = ' fill-opacity="0"' if second else ""
    return f'<circle class="chart-dot" {at} stroke="currentColor"{inside}><title>{clean(tip)}</title></circle>'


def _stroke(second: bool) -> str:
    dashes = ' stroke-dasharray="5 3"' if second else ""
    return f'class="chart-line{"-2" if second else ""}" stroke="currentColor"{dashes}'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
