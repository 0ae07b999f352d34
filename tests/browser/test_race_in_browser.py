"""The training race in JupyterLab: it starts, is paused, goes on, stops by itself, and begins anew."""

import re

import pytest
from lab import opened, pixels, said, set_range, settle
from test_explorers import evaluate, theme

pytestmark = pytest.mark.browser

SOURCE = "from rnnlib.explorers import training_race\nr = training_race.explorer()\nr"


@pytest.fixture
def shown(lab, open_page):
    """Open the race, unstarted; return the page and the explorer."""
    page = open_page()
    return page, *opened(lab, page, "training_race", SOURCE)


def press(explorer, label):
    explorer.query_selector(f"button:text-is('{label}')").click()


def step_of(explorer):
    """Return the training steps shown beside the button, once the picture is theirs."""
    settle(explorer)
    return int(re.match(r"\d+", explorer.query_selector(".rnnlib-step").inner_text())[0])


def await_step(page, step):
    text = "document.querySelector('.rnnlib-step').textContent"
    page.page.wait_for_function(f"() => parseInt({text}) >= {step}")


def await_end(page):
    page.page.wait_for_selector("canvas[data-last='true']")
    page.page.wait_for_selector("button:text-is('Ended'):disabled")


def test_start_pause_go_on_and_the_end(shown):
    page, explorer = shown
    assert step_of(explorer) == 0
    assert "not trained yet" in said(explorer)
    page.screenshot("training_race_start", explorer)
    seen = {pixels(explorer)}
    press(explorer, "Start")
    for step in (20, 40, 60):
        await_step(page, step)
        seen.add(pixels(explorer))
    assert len(seen) == 4, "the curves grow"
    press(explorer, "Pause")
    page.page.wait_for_timeout(500)
    paused, picture = step_of(explorer), pixels(explorer)
    assert f"{paused} of 500 steps" in explorer.inner_text()
    page.screenshot("training_race_paused", explorer)
    page.page.wait_for_timeout(1500)
    assert (step_of(explorer), pixels(explorer)) == (paused, picture), "it stands still"
    assert evaluate(page, "r.step") == str(paused)
    press(explorer, "Go on")
    await_end(page)
    done = [int(step) for step in re.findall(r": done at step (\d+)", said(explorer))]
    assert len(done) == 3
    assert 0 <= step_of(explorer) - max(done) < 5, "all three are done, so it stops"
    assert step_of(explorer) < 400, "long before the limit"
    page.screenshot("training_race_end", explorer)
    theme(page, "JupyterLab Dark")
    page.screenshot("training_race_dark", explorer)
    theme(page, "JupyterLab Light")
    assert not page.unexpected_errors()


def test_reset_and_other_settings_begin_anew(shown):
    page, explorer = shown
    start = pixels(explorer)
    press(explorer, "Start")
    await_step(page, 30)
    press(explorer, "Reset")
    assert step_of(explorer) == 0
    page.page.wait_for_timeout(700)
    assert (step_of(explorer), pixels(explorer)) == (0, start), "reset stops it too"
    press(explorer, "Start")
    await_step(page, 30)
    set_range(explorer, explorer.query_selector("input"), 1)
    page.page.wait_for_timeout(700)
    assert step_of(explorer) == 0, "another lag is another race"
    assert "for 10 steps; b = 1," in said(explorer)
    assert "RNN: not trained yet;" in said(explorer)
    assert evaluate(page, "r.lag, r.step") == "(10, 0)"
    press(explorer, "Start")
    await_end(page)
    assert "RNN: done at step 42" in said(explorer)
    assert not page.unexpected_errors()


def test_other_cells_run_and_keep_their_figures(shown):
    page, explorer = shown
    press(explorer, "Start")
    await_step(page, 10)
    code = (
        "import matplotlib.pyplot as plt, time\ncounts = []\n"
        "for j in range(8):\n    fig, axes = plt.subplots(2, 2)\n"
        "    for ax in axes.flat:\n        ax.plot(range(10)); time.sleep(0.02)\n"
        "    counts.append((len(fig.axes), sum(len(ax.lines) for ax in fig.axes)))\n    plt.close(fig)"
    )
    page.page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel"
        ".requestExecute({code}).done",
        code,
    )
    assert evaluate(page, "counts == [(4, 4)] * 8 and not plt.get_fignums()") == "True"
    await_end(page)
    assert not page.unexpected_errors()


def test_an_error_is_shown_and_it_goes_on(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "counting", "from explorer_samples import counting\nc = counting()\nc")
    explorer.query_selector("input[type=checkbox]").check()
    settle(explorer)
    press(explorer, "Start")
    page.page.wait_for_selector("[role=alert]:visible")
    assert "ValueError: five is refused" in explorer.query_selector("[role=alert]").inner_text()
    page.page.wait_for_timeout(500)
    assert step_of(explorer) == 5, "it stands still"
    press(explorer, "Go on")
    await_end(page)
    assert step_of(explorer) == 12
    assert "At 12." in said(explorer)
    press(explorer, "Reset")
    assert step_of(explorer) == 0
    explorer.query_selector("button:text-is('Start')").focus()
    page.page.keyboard.press("Enter")
    await_end(page)
    assert "At 12." in said(explorer), "the keyboard starts it too, and frames that are known run as well"
