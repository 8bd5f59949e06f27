"""How figures are shown: pictures that a strict content security policy allows, and tables for spreadsheets."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.figures.charts import MOST_BARS, svg
from doorstep.figures.csv import BOM, to_csv
from doorstep.figures.drawing import FONT, WIDTH, cut
from doorstep.figures.figure import Column, Figure, Row, Value
from doorstep.figures.words import ENGLISH

SVG = "{http://www.w3.org/2000/svg}"
BAD = '"><script>alert(1)</script>&\x00'


def a_figure(*rows: tuple[str, Value, Value], unit: str = "minutes", by: str = "day", **changes: Any) -> Figure:
    """First replies: how many, and their median."""
    values: dict[str, Any] = {
        "key": "first_reply", "title": "First reply", "definition": "How long it took.", "unit": unit, "by": by,
        "columns": (Column("came", "came"), Column("median", "median", unit), Column("p90", "90th percentile", unit)),
        "rows": tuple(Row(key, (1, one, other)) for key, one, other in rows), "total": (len(rows), None, None),
        "drawn": ("median", "p90"),
    }  # fmt: skip
    return Figure(**{**values, **changes})


def counts(*values: int, by: str = "day") -> Figure:
    rows = tuple((f"2025-06-{day:02}" if by == "day" else f"c{day}", each, None) for day, each in enumerate(values, 1))
    return a_figure(*rows, unit="count", by=by, drawn=("median",))


def drawn(figure: Figure) -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure))


def texts(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(f"{SVG}text")]


PICTURES = {
    "nothing": a_figure(),
    "only zeros": counts(0, 0, 0),
    "one day": counts(7),
    "ninety days": counts(*range(90)),
    "huge": counts(1, 10**15),
    "lines": a_figure(*((f"2025-06-{day:02}", day * 7.5, day * 90.0) for day in range(1, 31))),
    "one point": a_figure(("2025-06-01", 3.0, None)),
    "shares": a_figure(("a", 0.5, None), ("b", 0.0, None), unit="share", drawn=("median",)),
    "countries": counts(*range(40, 0, -1), by="country"),
    "times by carrier": a_figure(("china-post + ups", 12.0, None), ("—", None, None), by="carrier"),
    "hostile": a_figure((BAD * 9, 3.0, 4.0), ("b", 1.0, None), by="carrier", title=BAD),
    "reasons": a_figure(
        ("2025-06-01", 1, 2), unit="count", drawn=("median", "p90"), totals_drawn=True, total=(3, 1, 2)
    ),
}


@pytest.mark.parametrize("figure", PICTURES.values(), ids=PICTURES)
def test_a_picture_has_a_name_a_description_and_no_style_at_all(figure: Figure) -> None:
    picture = drawn(figure)
    assert picture.get("role") == "img"
    (title, told) = (picture.find(f"{SVG}title"), picture.find(f"{SVG}desc"))
    assert title is not None
    assert told is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert told.text
    for each in picture.iter():
        assert each.tag.removeprefix(SVG) in {"svg", "title", "desc", "text", "rect", "line", "polyline", "circle"}
        assert not [name for name in each.attrib if name == "style" or name.startswith("on") or "href" in name]
        assert each.get("fill", "currentColor") in ("currentColor", "none")


@pytest.mark.parametrize("figure", PICTURES.values(), ids=PICTURES)
def test_a_picture_stays_within_its_edges_and_its_text_is_large_enough(figure: Figure) -> None:
    picture = drawn(figure)
    _, _, width, height = map(float, (picture.get("viewBox") or "").split())
    assert (width, picture.get("font-size")) == (WIDTH, str(FONT))
    assert FONT >= 12
    for each in picture.iter(f"{SVG}rect"):
        x, y, wide, high = (float(each.get(name, "nan")) for name in ("x", "y", "width", "height"))
        assert 0 <= x < x + wide <= width
        assert 0 <= y < y + high <= height
    for line in picture.iter(f"{SVG}polyline"):
        points = [tuple(map(float, point.split(","))) for point in (line.get("points") or "").split()]
        assert all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_where_there_is_nothing_the_picture_says_so() -> None:
    for name in ("nothing", "only zeros"):
        assert texts(drawn(PICTURES[name])) == [ENGLISH["chart_empty"]]


def test_each_day_with_a_count_has_a_bar_that_tells_it() -> None:
    tips = [each.findtext(f"{SVG}title") for each in drawn(counts(3, 0, 1200)).iter(f"{SVG}rect")]
    assert tips == ["2025-06-01: 3", "2025-06-03: 1,200"]


def test_a_day_without_a_median_is_a_gap_in_the_line() -> None:
    values = (1.0, 2.0, None, 4.0, 5.0)
    picture = drawn(a_figure(*((f"d{place}", each, None) for place, each in enumerate(values)), drawn=("median",)))
    assert [len((line.get("points") or "").split()) for line in picture.iter(f"{SVG}polyline")] == [2, 2]
    assert len(list(picture.iter(f"{SVG}circle"))) == 4


def test_two_lines_differ_without_colour_and_are_named() -> None:
    picture = drawn(PICTURES["lines"])
    dashes = {each.get("class"): each.get("stroke-dasharray") for each in picture.iter(f"{SVG}polyline")}
    assert dashes == {"chart-line": None, "chart-line-2": "5 3"}
    assert {"median", "90th percentile"} <= set(texts(picture))


def test_the_scale_of_shares_goes_up_to_all_of_them() -> None:
    picture = drawn(PICTURES["shares"])
    assert "100.0 %" in texts(picture)


def test_more_rows_than_fit_are_told_and_left_to_the_table() -> None:
    picture = drawn(PICTURES["countries"])
    assert len(list(picture.iter(f"{SVG}rect"))) == MOST_BARS
    assert f"{40 - MOST_BARS} more in the table" in texts(picture)


def test_reasons_have_a_bar_for_each_total() -> None:
    tips = [each.findtext(f"{SVG}title") for each in drawn(PICTURES["reasons"]).iter(f"{SVG}rect")]
    assert tips == ["median: 1", "90th percentile: 2"]


def test_who_cannot_see_it_is_told_the_extremes_and_where_they_are() -> None:
    told = drawn(counts(3, 9, 5)).findtext(f"{SVG}desc")
    assert told == "median, by day. median: highest 9 (2025-06-02), lowest 3 (2025-06-01)."


values = st.none() | st.floats(0, 1e12) | st.integers(0, 10**18)


@given(st.lists(st.tuples(st.text(), values, values), max_size=95), st.sampled_from(["day", "carrier"]), st.text())
def test_whatever_is_in_it_a_picture_is_well_formed(rows: list[Any], by: str, title: str) -> None:
    picture = drawn(a_figure(*rows, by=by, title=title))
    assert picture.find(f"{SVG}script") is None
    svg(a_figure(*rows, by=by, title=title)).encode("utf-8")


@given(st.text(), st.integers(8, 40))
def test_what_is_cut_fits_and_what_fits_is_not_cut(words: str, most: int) -> None:
    assert cut(words, most) == words or (cut(words, most).endswith("…") and len(cut(words, most)) <= most)
    assert cut("邮" * 20, 10) == "邮" * 4 + "…"


# -- tables for spreadsheets --------------------------------------------------------------


def read(figure: Figure) -> list[list[str]]:
    written = to_csv(figure)
    assert written.startswith(BOM)
    return list(csv.reader(StringIO(written.removeprefix(BOM), newline="")))


def test_a_table_has_its_titles_with_units_its_rows_and_its_total() -> None:
    assert read(a_figure(("2025-06-01", 12.25, None), ("earlier", 3.0, 4.0))) == [
        ["day", "came", "median (minutes)", "90th percentile (minutes)"],
        ["2025-06-01", "1", "12.2", ""],
        ["earlier", "1", "3.0", "4.0"],
        ["total", "2", "", ""],
    ]


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_no_cell_can_be_taken_for_a_formula(begin: str) -> None:
    figure = a_figure((begin, 1.0, None), by="carrier", columns=(Column("came", begin), *a_figure().columns[1:]))
    rows = read(figure)
    assert (rows[0][1], rows[1][0]) == (f"'{begin}", f"'{begin}")


@given(st.text().filter(lambda words: "\r" not in words and "\0" not in words))
def test_any_name_comes_out_of_the_table_as_it_went_in(name: str) -> None:
    assert read(a_figure((name, 1.0, None), by="carrier"))[1][0].removeprefix("'") == name.removeprefix("'")
