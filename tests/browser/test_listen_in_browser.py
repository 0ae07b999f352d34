"""The two explorers of trained nets in JupyterLab: questions, cursor and lists, in both themes."""

import pytest
from lab import opened, pixels, said, set_range, settle
from test_explorers import brightness, theme

pytestmark = pytest.mark.browser

CASES = [(name, task) for name in ("listen", "where_it_looked") for task in ("speech", "gesture")]


def shown(lab, page, name, task):
    source = f"from rnnlib.explorers import {name}\ne = {name}.explorer('{task}')\ne"
    return opened(lab, page, f"{name}_{task}", source)[0]


@pytest.mark.parametrize(("name", "task"), CASES)
def test_questions_cursor_and_themes(lab, open_page, name, task):
    page = open_page()
    explorer = shown(lab, page, name, task)
    start = pixels(explorer)
    page.screenshot(f"{name}_{task}", explorer)
    seen = {(start, said(explorer))}
    for k, button in enumerate(explorer.query_selector_all(".rnnlib-button:not(.rnnlib-reset)")):
        button.click()
        settle(explorer)
        seen.add((pixels(explorer), said(explorer)))
        page.screenshot(f"{name}_{task}_{k}", explorer)
    assert len(seen) >= 5
    explorer.query_selector(".rnnlib-reset").click()
    settle(explorer)
    assert pixels(explorer) == start
    slider = explorer.query_selector("input[type=range]")
    for value in (0, 4, int(slider.get_attribute("max"))):
        before = pixels(explorer)
        set_range(explorer, slider, value)
        assert pixels(explorer) != before
    theme(page, "JupyterLab Dark")
    assert brightness(explorer, "color") > 190
    page.screenshot(f"{name}_{task}_dark", explorer)
    theme(page, "JupyterLab Light")
    assert not page.unexpected_errors()


def test_every_list_and_box_changes_picture_or_words(lab, open_page):
    page = open_page()
    for name in ("listen", "where_it_looked"):
        explorer = shown(lab, page, name, "speech")
        for fold in explorer.query_selector_all("details:not([open]) > summary"):
            fold.click()
        page.screenshot(f"{name}_unfolded", explorer)
        for chosen in explorer.query_selector_all("select"):
            before = pixels(explorer) + said(explorer)
            last = chosen.evaluate("node => node.options.length") - 1
            chosen.select_option(index=last)
            settle(explorer)
            assert pixels(explorer) + said(explorer) != before
        for box in explorer.query_selector_all("input[type=checkbox]"):
            before = pixels(explorer)
            box.click()
            settle(explorer)
            assert pixels(explorer) != before
        label = explorer.query_selector("[role=img]").get_attribute("aria-label")
        assert "Three panels over time" in label
        assert said(explorer) in label
    assert not page.unexpected_errors()
