"""Draws a figure as a small SVG that a strict content security policy allows: presentation attributes, no styles.

By hand, because its shapes (upright bars, lines, lying bars) are less than a chart library brings, and needs no rule
of the policy loosened. The picture is 320 units wide, so that its text is 12 pixels high on the narrowest phone; a
page lets it grow. All of it has the text's colour unless the page colours the classes `chart-bar`, `chart-line`,
`chart-line-2`, `chart-dot`, `chart-axis` and `chart-label`. The table next to it says the same, and more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from doorstep.figures.drawing import WIDTH, Point, bar, cut, dot, line, picture, rule, text
from doorstep.figures.figure import COUNT, DAY, SHARE, Figure, Value, shown
from doorstep.figures.words import ENGLISH

MOST_BARS = 12  # lying ones: of languages, countries, carriers, reasons
MOST_DOTS = 31  # up to so many days each has a dot; then only those whose neighbours have no value
_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 8, 312, 42, 150, 176  # of the plot by day
_ROW = 34  # height of a lying bar with its label


@dataclass(frozen=True)
class _Series:
    """What is drawn of one column: a label and a value for each place."""

    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[Value, ...]

    def tip(self, place: int, words: Mapping[str, str]) -> str:
        value = shown(self.values[place], self.unit, words)
        return words["chart_point"].format(row=self.labels[place], value=value)


def svg(figure: Figure, words: Mapping[str, str] = ENGLISH) -> str:
    """The picture of a figure: by day upright bars, or lines for times, shares and rates; else lying bars.

    It is well-formed XML with a title and a description; every text in it is escaped. `words` are those that the
    figure was counted with. Its ids begin with `figure-`, the figure's key and how it is broken down.
    """
    series = _series_of(figure, words)
    known = [value for each in series for value in each.values if value is not None]
    nothing = not known or (figure.unit == COUNT and not any(known))
    if nothing:
        height, body = 60.0, text(WIDTH / 2, 36, words["chart_empty"], "middle")
    elif figure.by == DAY and not figure.totals_drawn:
        height, body = _HEIGHT, "".join(_by_day(series, words))
    else:
        height, body = _lying(series, words)
    told = words["chart_empty"] if nothing else " ".join(_told(each, words) for each in series)
    by = words["by_reason" if figure.totals_drawn else f"by_{figure.by}"]
    about = words["chart_by"].format(columns=", ".join(each.title for each in series), by=by)
    return picture(f"figure-{figure.key}-{figure.by}", height, figure.title, f"{about} {told}", body)


def _series_of(figure: Figure, words: Mapping[str, str]) -> list[_Series]:
    places = [figure.place(key) for key in figure.drawn]
    titles = tuple(figure.columns[place].title for place in places)
    if figure.totals_drawn:
        return [_Series(figure.title, figure.unit, titles, tuple(figure.total[place] for place in places))]
    labels = tuple(row.title(words) for row in figure.rows)
    return [
        _Series(title, figure.columns[place].unit, labels, tuple(row.values[place] for row in figure.rows))
        for title, place in zip(titles, places, strict=True)
    ]


def _told(series: _Series, words: Mapping[str, str]) -> str:
    """The extremes of a series in a sentence, for those who do not see it."""
    known = [(value, label) for value, label in zip(series.values, series.labels, strict=True) if value is not None]
    if not known:
        return words["chart_nothing"].format(column=series.title)
    (lowest, at_lowest), (highest, at_highest) = min(known), max(known)
    return words["chart_range"].format(
        column=series.title,
        lowest=shown(lowest, series.unit, words),
        at_lowest=at_lowest,
        highest=shown(highest, series.unit, words),
        at_highest=at_highest,
    )


# -- by day -------------------------------------------------------------------------------


def _by_day(series: list[_Series], words: Mapping[str, str]) -> Iterator[str]:
    top = _top_of(series)
    unit, labels = series[0].unit, series[0].labels
    for place, each in enumerate(series):
        left = _LEFT + place * WIDTH / 2
        if len(series) > 1:
            yield line([(left, 12), (left + 16, 12)], second=place == 1)
        yield text(left + (22 if len(series) > 1 else 0), 16, cut(each.title, 20 if len(series) > 1 else 44))
    yield text(_LEFT, _TOP - 6, shown(top, unit, words))
    yield rule((_LEFT, _TOP), (_RIGHT, _TOP))
    yield rule((_LEFT, _BOTTOM), (_RIGHT, _BOTTOM))
    for place, each in enumerate(series):
        yield from _upright(each, top, words) if unit == COUNT else _run(each, top, place == 1, words)
    if len(labels) > 1:
        yield text(_LEFT, _BOTTOM + 18, cut(labels[0], 20))
        yield text(_RIGHT, _BOTTOM + 18, cut(labels[-1], 20), "end")
    else:
        yield text(WIDTH / 2, _BOTTOM + 18, cut(labels[0], 40), "middle")


def _top_of(series: list[_Series]) -> float:
    """Where the scale ends: at all of a share, else at the highest value."""
    if series[0].unit == SHARE:
        return 1.0
    return max((value for each in series for value in each.values if value is not None), default=0)


def _height(value: float, top: float) -> float:
    return (_BOTTOM - _TOP) * value / top if top else 0.0


def _slot(series: _Series) -> float:
    return (_RIGHT - _LEFT) / len(series.values)


def _upright(series: _Series, top: float, words: Mapping[str, str]) -> Iterator[str]:
    slot = _slot(series)
    width = min(max(slot * 0.8, 0.5), 40)
    for place, value in enumerate(series.values):
        if value:
            height = max(_height(value, top), 1)  # that one of a million is seen
            left = _LEFT + slot * (place + 0.5) - width / 2
            yield bar(left, _BOTTOM - height, width, height, series.tip(place, words))


def _run(series: _Series, top: float, second: bool, words: Mapping[str, str]) -> Iterator[str]:
    """Lines through what is known; where nothing is known there is a gap."""
    slot = _slot(series)
    run: list[tuple[int, Point]] = []
    for place, value in enumerate((*series.values, None)):
        if value is not None:
            run.append((place, (_LEFT + slot * (place + 0.5), _BOTTOM - _height(value, top))))
            continue
        if len(run) > 1:
            yield line([point for _, point in run], second)
        if len(run) == 1 or len(series.values) <= MOST_DOTS:
            yield from (dot(point, series.tip(at, words), second) for at, point in run)
        run = []


# -- by anything else ---------------------------------------------------------------------


def _lying(series: list[_Series], words: Mapping[str, str]) -> tuple[float, str]:
    """A bar for each row: its label and its values above it, the first one as its length."""
    first, top = series[0], _top_of(series[:1])
    parts = [text(_LEFT, 16, cut(" · ".join(each.title for each in series), 44))]
    y = 22
    for place, value in enumerate(first.values[:MOST_BARS]):
        values = " · ".join(shown(each.values[place], each.unit, words) for each in series)
        parts.append(text(_LEFT, y + 14, cut(first.labels[place], max(44 - len(values), 8))))
        parts.append(text(_RIGHT, y + 14, values, "end"))
        if value:
            length = max((_RIGHT - _LEFT) * value / top, 1)
            parts.append(bar(_LEFT, y + 19, length, 8, first.tip(place, words)))
        y += _ROW
    more = len(first.values) - MOST_BARS
    if more > 0:
        parts.append(text(_LEFT, y + 14, words["chart_more"].format(count=more)))
        y += 20
    return y + 6, "".join(parts)
