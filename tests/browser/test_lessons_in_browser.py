"""Every lesson in JupyterLab: run all, move every control of every explorer to both ends, look for errors."""

from pathlib import Path

import pytest
from lab import pixels, set_range, settle

pytestmark = pytest.mark.browser

LESSONS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9][0-9]*_*.ipynb"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson(path, lab, open_page):
    page = open_page()
    page.open(lab.copy(path))
    page.run_all()
    explorers = page.explorers()
    assert explorers, "a lesson has at least one explorer"
    for number, explorer in enumerate(explorers):
        page.screenshot(f"{path.stem}_{number}", explorer)
        for fold in explorer.query_selector_all("details:not([open]) > summary"):
            fold.click()
        for i, control in enumerate(explorer.query_selector_all("input, select")):
            seen = {picture_at(explorer, control, end) for end in ends(control)}
            if len(seen) == 1 and control.get_attribute("type") == "range":  # both may mean 1
                seen.add(picture_at(explorer, control, int(control.get_attribute("max")) // 2))
            assert len(seen) > 1, f"control {i} of explorer {number} changes nothing"
            explorer.query_selector(".rnnlib-reset").click()
            settle(explorer)
        start = pixels(explorer)
        for button in explorer.query_selector_all(".rnnlib-button:not(.rnnlib-reset)"):
            button.click()
            settle(explorer)
            assert not explorer.query_selector("[role=alert]").is_visible()
            page.screenshot(f"{path.stem}_{number}_{button.inner_text().replace(' ', '_')}", explorer)
        explorer.query_selector(".rnnlib-reset").click()
        settle(explorer)
        assert pixels(explorer) == start, "Reset brings the first picture back"
    assert not page.unexpected_errors()


def ends(control):
    """Return the two ends of a control; a radio button is on, or its neighbor is."""
    kind = control.get_attribute("type")
    if kind == "range":
        return [0, int(control.get_attribute("max"))]
    if kind in ("checkbox", "radio"):
        return [True, False]
    return list(range(control.evaluate("node => node.options.length")))


def picture_at(explorer, control, value):
    """Put a control where it is wanted, and return the picture with its words."""
    kind = control.get_attribute("type")
    if kind == "range":
        set_range(explorer, control, value)
    elif kind == "checkbox":
        control.set_checked(value)
    elif kind == "radio":
        others = "node => [...document.getElementsByName(node.name)].find(n => n !== node).click()"
        control.click() if value else control.evaluate(others)
    else:
        control.select_option(index=value)
    settle(explorer)
    assert not explorer.query_selector("[role=alert]").is_visible()
    return pixels(explorer) + explorer.query_selector(".rnnlib-text").inner_text()
