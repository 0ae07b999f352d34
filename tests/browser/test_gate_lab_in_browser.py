"""The gate lab in JupyterLab: the kernel answers its sliders, and what stands in front is in sight."""

import pytest
from lab import opened, pixels, said, set_range, settle

from rnnlib.explorers import gate_lab

pytestmark = pytest.mark.browser

FRONT = 6


@pytest.fixture
def shown(lab, open_page):
    """Open the lab; return the page and the explorer."""
    page, source = open_page(), "from rnnlib.explorers import gate_lab\ng = gate_lab.explorer()\ng"
    return page, *opened(lab, page, "gate_lab", source)


def press(explorer, label):
    explorer.query_selector(f"button:text-is('{label}')").click()
    settle(explorer)


def test_three_gates_stand_in_front_and_the_others_unfold(shown):
    page, explorer = shown
    controls = explorer.query_selector_all(".rnnlib-control")
    assert [control.is_visible() for control in controls] == [k < FRONT for k in range(len(controls))]
    rows = {control.bounding_box()["y"] for control in controls[:3]}
    assert len(rows) == 1, "f, i and V beside each other"
    explorer.query_selector("summary").click()
    assert all(control.is_visible() for control in controls)
    page.screenshot("gate_lab_start", explorer)


def test_by_hand_from_the_start_to_a_solution(shown):
    page, explorer = shown
    assert "Score 2 of 100." in said(explorer)
    sliders = explorer.query_selector_all("input[type=range]")
    seen = {pixels(explorer)}
    for slider in sliders[:3]:
        set_range(explorer, slider, 20)
        seen.add(pixels(explorer))
    assert len(seen) == 4
    assert "Score 100 of 100." in said(explorer)
    explorer.query_selector("select").select_option(index=1)
    settle(explorer)
    assert "Score 39 of 100." in said(explorer)
    page.screenshot("gate_lab_noise", explorer)
    set_range(explorer, sliders[1], 0)
    assert "Score 0 of 100." in said(explorer)
    explorer.query_selector("summary").click()
    set_range(explorer, sliders[5], 21)  # i at a bit
    assert "Score 100 of 100." in said(explorer)
    set_range(explorer, sliders[3], 19)
    assert "Step 10, the question" in said(explorer), "the cursor waits at the last step"
    assert not page.unexpected_errors()


def test_show_me_the_trained_cell_and_the_dark_theme(shown):
    page, explorer = shown
    start = pixels(explorer)
    explorer.query_selector("input[type=checkbox]").check()
    for level in gate_lab.SHOW_ME:
        press(explorer, f"Show me {level}")
        assert "Score 100 of 100" in said(explorer)
        assert "(the trained cell 9" in said(explorer)
        page.screenshot(f"gate_lab_show_me_{level}", explorer)
    dark = "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    page.page.evaluate(dark)
    set_range(explorer, explorer.query_selector("input"), 17)
    page.page.wait_for_timeout(1000)
    page.screenshot("gate_lab_dark", explorer)
    page.page.evaluate(dark.replace("Dark", "Light"))
    press(explorer, "Reset")
    assert pixels(explorer) == start
    assert not page.unexpected_errors()
