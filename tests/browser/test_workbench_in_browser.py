"""The cell workbench in JupyterLab: its lists and presets move picture and words, in both themes."""

import pytest
from lab import opened, pixels, said, settle

from rnnlib.explorers import cell_workbench

pytestmark = pytest.mark.browser


def test_lists_presets_and_themes(lab, open_page):
    page = open_page()
    source = "from rnnlib.explorers import cell_workbench\nw = cell_workbench.explorer()\nw"
    (explorer,) = opened(lab, page, "cell_workbench", source)
    start = pixels(explorer)
    seen = {start}
    page.screenshot("workbench_start", explorer)
    for label in list(cell_workbench.PRESETS)[1:]:  # the first is the start
        explorer.query_selector(f"button:text-is(\"{label}\")").click()
        settle(explorer)
        seen.add(pixels(explorer))
        page.screenshot(f"workbench_{len(seen)}", explorer)
    assert len(seen) == len(cell_workbench.PRESETS)
    explorer.query_selector("button:text-is('Reset')").click()
    settle(explorer)
    assert pixels(explorer) == start
    explorer.query_selector("summary").click()
    problem, a, b, seeds = explorer.query_selector_all("select")
    for choice, label, words in (
        (problem, "latch, lag 100", "Latch, lag 100"),
        (a, "GRU, renew", "A, GRU, renew: not trained on this problem."),
        (b, "RNN", "B, RNN: 4 of 5 seeds solved it within 32,000 sequences, after 5,184 in the median"),
        (seeds, "thick: seed 2", "; seed 2 solved it after 4,480."),
    ):
        before = pixels(explorer)
        choice.select_option(label=label)
        settle(explorer)
        assert pixels(explorer) != before
        assert words in said(explorer)
    right = [box["x"] + box["width"] for box in (node.bounding_box() for node in (explorer, problem, a, b))]
    assert max(right) == right[0], "the lists fit beside each other"
    page.page.evaluate(THEME, "JupyterLab Dark")
    page.page.wait_for_timeout(1000)
    page.screenshot("workbench_dark", explorer)
    page.page.evaluate(THEME, "JupyterLab Light")
    assert not page.unexpected_errors()


THEME = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
