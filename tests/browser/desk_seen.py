"""What a page of the desk is like to use: what axe finds, what is out of reach, and where the keyboard is."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"


def barriers(page: Page) -> list[str]:
    """What axe finds on a page, each breach with its element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{page.url} {breach['id']}: {node['target']} {node['failureSummary']}"
        for breach in found["violations"]
        for node in breach["nodes"]
    ]


def out_of_reach(page: Page) -> list[str]:
    """What can be used on a page but lies beside the screen or under something else."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
          .filter((each) => each.checkVisibility() && !each.classList.contains("skip"))
          .filter((each) => {
            each.scrollIntoView({ block: "center" });
            const [box] = each.getClientRects();
            const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.left < 0 || box.right > innerWidth + 0.5 || !each.contains(there);
          })
          .map((each) => each.outerHTML)"""
    )
    return found


def too_wide(page: Page) -> list[str]:
    """What has to be scrolled sideways: the page itself, or a part of it that is no table."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("*")]
          .filter((each) => each === document.scrollingElement || /auto|scroll/.test(getComputedStyle(each).overflowX))
          .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
          .filter((each) => !each.querySelector(":scope > table"))
          .map((each) => each.outerHTML.slice(0, 200))"""
    )
    return found


def focus_of(page: Page) -> tuple[str, str]:
    """Where the keyboard is: the id and the name of it. Fails when that is nowhere, or nobody could see it."""
    focus = page.evaluate(
        """() => {
          const here = document.activeElement;
          const [box] = here.getClientRects();
          const there = box && document.elementFromPoint(box.x + Math.min(box.width / 2, 20), box.y + box.height / 2);
          const style = getComputedStyle(here);
          return {
            id: here.id,
            name: (here.getAttribute("aria-label") ?? here.labels?.[0]?.textContent ?? here.textContent).trim(),
            lost: here === document.body,
            marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            covered: !here.contains(there),
            html: here.outerHTML.slice(0, 200),
          };
        }"""
    )
    assert not focus["lost"], "the focus is lost"
    assert focus["marked"], f"the focus is not marked: {focus['html']}"
    assert not focus["covered"], f"the focus is not in sight: {focus['html']}"
    return focus["id"], focus["name"]


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the keyboard is on what has this id or name; each stop on the way must be seen."""
    passed = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focus_of(page)
        if wanted in here:
            return
        passed.append(here)
    raise AssertionError(f"no {wanted!r} among {passed}")
