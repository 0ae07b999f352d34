"""The one browser view, in JupyterLab: controls, errors, other cells, two views, keyboard, themes, sizes."""

import base64
import io
import json

import numpy as np
import pytest
from explorer_samples import everything
from lab import opened, pixels, set_range, settle
from matplotlib.image import imread

pytestmark = pytest.mark.browser


def inputs(explorer):
    """Return the native inputs, those under "more" unfolded first."""
    for fold in explorer.query_selector_all("details:not([open]) > summary"):
        fold.click()
    return explorer.query_selector_all("input, select")


def blocks(image, size=16):
    """Return the mean color of every square of the image; a shift by a fraction of a pixel hardly shows."""
    rows, columns = (length // size for length in image.shape[:2])
    return image[: rows * size, : columns * size, :3].reshape(rows, size, columns, size, 3).mean(axis=(1, 3))


def test_the_browser_paints_what_matplotlib_paints(lab, open_page):
    page = open_page(device_scale_factor=2, viewport={"width": 1600, "height": 1000})
    source = "from explorer_samples import everything\ne = everything()\ne"
    (explorer,) = opened(lab, page, "same", source, "open('same.png', 'wb').write(e.picture())")
    page.screenshot("everything", explorer)
    shown = imread(io.BytesIO(explorer.query_selector(".rnnlib-picture").screenshot()))
    drawn = imread(lab.root / "same.png")
    above_hint = slice(0, -3)
    difference = np.abs(blocks(shown[:1000, :1800]) - blocks(drawn))[above_hint]
    assert difference.max() < 0.2, "a mark is missing, or in the wrong place"


def test_every_control_moves_the_picture_and_the_words(lab, open_page):
    page = open_page()
    (explorer,) = opened(
        lab, page, "controls", "from explorer_samples import everything\ne = everything()\ne"
    )
    for control in inputs(explorer):
        before = pixels(explorer)
        if control.get_attribute("type") == "range":
            assert control.get_attribute("aria-valuetext") == "1.5 rad"
            set_range(explorer, control, 12)
            assert "Turned by 6" in explorer.inner_text()
            assert "Turned by 6" in explorer.query_selector("[role=img]").get_attribute("aria-label")
        elif not control.is_checked() or control.get_attribute("type") == "checkbox":
            control.click()
        else:
            continue
        settle(explorer)
        assert pixels(explorer) != before
    assert not page.unexpected_errors()


def test_presets_and_reset(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "presets", "from explorer_samples import everything\ne = everything()\ne")
    start = pixels(explorer)
    for label, turn in (("straight", "Turned by 0:"), ("steep", "Turned by 3:"), ("Reset", "Turned by 1.5:")):
        explorer.query_selector(f"button:text-is('{label}')").click()
        settle(explorer)
        assert turn in explorer.inner_text()
    assert pixels(explorer) == start


def test_two_explorers_on_a_page_keep_their_own_choices(lab, open_page):
    page, name = open_page(), "from explorer_samples import everything\n"
    both = opened(lab, page, "neighbors", f"{name}one = everything()\none", f"{name}two = everything()\ntwo")
    assert len(both) == 2
    for explorer in both:
        radios = [control for control in inputs(explorer) if control.get_attribute("type") == "radio"]
        assert [radio.is_checked() for radio in radios].count(True) == 1
    named = [node for explorer in both for node in explorer.query_selector_all("input[id]")]
    ids = [node.get_attribute("id") for node in named]
    assert len(ids) == len(set(ids)) > 1, "a label names one control"


def test_python_and_browser_move_each_other(lab, open_page):
    page = open_page()
    first, second = opened(
        lab, page, "traits", "from explorer_samples import everything\ne = everything()\ne", "e",
        "seen = []\ne.observe(lambda change: seen.append(change.new), 'turn')\ne.turn = 4.1",
    )  # fmt: skip
    settle(first)
    for explorer in (first, second):
        assert "Turned by 4:" in explorer.inner_text(), "the value snaps to the grid and both views follow"
    set_range(first, first.query_selector("input"), 1)
    assert "Turned by 0.5" in second.inner_text(), "a drag in one view moves the other"
    page.page.wait_for_timeout(600)
    assert evaluate(page, "e.turn, seen") == "(0.5, [4.0, 0.5])", "it reaches Python once the slider rests"
    evaluate(page, "e.set_trait('turn', 3)")
    page.page.wait_for_selector("canvas[data-frame^='6,']")
    assert "Turned by 3:" in first.inner_text()


def test_a_move_right_after_a_commit_is_not_undone(lab, open_page):
    """The value before is on its way to the kernel and back while the next one is set."""
    page = open_page()
    (explorer,) = opened(lab, page, "echo", "from explorer_samples import everything\ne = everything()\ne")
    slider = explorer.query_selector("input")
    for pause in (150, 200, 210, 230, 260, 300):
        set_range(explorer, slider, 3)
        page.page.wait_for_timeout(pause - 90)
        set_range(explorer, slider, 10)
        page.page.wait_for_timeout(500)
        assert "Turned by 5:" in explorer.inner_text(), pause
        assert evaluate(page, "e.turn") == "5.0"


def evaluate(page, expression):
    """Ask the page's kernel for the repr of an expression."""
    return page.page.evaluate(
        """async expression => {
          const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
          const future = kernel.requestExecute({code: '', user_expressions: {it: expression}});
          const reply = await future.done;
          return reply.content.user_expressions.it.data['text/plain'];
        }""",
        expression,
    )


def test_arrow_keys_move_the_slider_and_not_the_notebook(lab, open_page):
    page = open_page()
    (explorer,) = opened(
        lab, page, "keys", "from explorer_samples import everything\ne = everything()\ne", "1"
    )
    slider = explorer.query_selector("input")
    slider.focus()
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    cell = page.page.evaluate(active)
    for key, turn in (
        ("ArrowRight", 2),
        ("ArrowUp", 2.5),
        ("ArrowLeft", 2),
        ("ArrowDown", 1.5),
        ("Home", 0),
        ("End", 6),
    ):
        page.page.keyboard.press(key)
        settle(explorer)
        assert f"Turned by {turn:g}:" in explorer.inner_text(), key
    assert page.page.evaluate(active) == cell
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    settle(explorer)
    assert "Turned by 0:" in explorer.inner_text(), "Tab reaches the first preset, Enter presses it"


def test_a_live_error_is_shown_and_the_next_move_works(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "live", "from explorer_samples import live\ne = live()\ne")
    slider, error = explorer.query_selector("input"), explorer.query_selector("[role=alert]")
    set_range(explorer, slider, 13)
    page.page.wait_for_selector("[role=alert]:visible")
    assert "ValueError: thirteen is refused" in error.inner_text()
    page.screenshot("live_error", explorer)
    before = pixels(explorer)
    set_range(explorer, slider, 90)
    page.page.wait_for_selector("canvas[data-frame='90']")
    assert not error.is_visible()
    assert pixels(explorer) != before
    assert "Slope 90." in explorer.inner_text()


def test_a_late_answer_never_paints_over_a_newer_frame(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "late", "from explorer_samples import live\ne = live()\ne")
    slider = explorer.query_selector("input")
    set_range(explorer, slider, 30)
    page.page.wait_for_selector("canvas[data-frame='30']")
    set_range(explorer, slider, 7, wait=False)  # takes 0.3 s to compute
    set_range(explorer, slider, 30)  # known already, painted at once
    page.page.wait_for_timeout(1500)
    assert explorer.query_selector("canvas").get_attribute("data-frame") == "30"
    assert "Slope 30." in explorer.inner_text()


def test_an_answer_after_the_patience_is_over_is_painted_all_the_same(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "slow", "from explorer_samples import live\ne = live()\ne")
    set_range(explorer, explorer.query_selector("input"), 8, wait=False)  # takes 9 s to compute
    page.page.wait_for_function("() => !document.querySelector('.rnnlib-error').hidden", timeout=12_000)
    assert "no answer from the kernel" in explorer.inner_text()
    page.page.wait_for_selector("canvas[data-frame='8']")
    assert page.page.evaluate("() => document.querySelector('.rnnlib-error').hidden")
    assert "Slope 8." in explorer.inner_text()


def test_a_control_that_was_set_before_needs_no_answer(lab, open_page):
    page = open_page()
    deaf = "from explorer_samples import live\ne = live()\ne.on_msg(e._answer, remove=True)\ne.side = 70\ne"
    (explorer,) = opened(lab, page, "set", deaf)
    page.page.wait_for_selector("canvas[data-frame='70']")
    assert "Slope 70." in explorer.inner_text()
    set_range(explorer, explorer.query_selector("input"), 9, wait=False)
    explorer.query_selector(".rnnlib-reset").click()
    page.page.wait_for_selector("canvas[data-frame='70']")
    assert explorer.query_selector("input").input_value() == "70", "Reset returns to what was shown first"


def test_dragging_leaves_the_figures_of_a_running_cell_intact(lab, open_page):
    page = open_page()
    plots = """
import matplotlib.pyplot as plt
import time
counts = []
for j in range(8):
    fig, axes = plt.subplots(2, 2)
    for ax in axes.flat:
        ax.plot(range(10))
        time.sleep(0.02)
    fig.suptitle("four panels")
    counts.append((len(fig.axes), sum(len(ax.lines) for ax in fig.axes)))
    plt.close(fig)
"""
    first, second = opened(
        lab, page, "race", "from explorer_samples import everything, live\neverything()", "live()"
    )
    page.page.evaluate(
        """code => {
          const {kernel} = window.jupyterapp.shell.currentWidget.context.sessionContext.session;
          window.running = kernel.requestExecute({code}).done;
        }""",
        plots,
    )
    sliders = [explorer.query_selector("input") for explorer in (first, second)]
    for i in range(25):
        set_range(first, sliders[0], i % 13)
        set_range(second, sliders[1], 3 * i)
    page.page.evaluate("() => window.running")
    assert evaluate(page, "counts == [(4, 4)] * 8") == "True"
    assert evaluate(page, "plt.get_fignums()") == "[]"
    assert not page.unexpected_errors()


def theme(page, name):
    page.page.evaluate(
        "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
    )
    page.page.wait_for_timeout(1000)


def brightness(explorer, what):
    """Return the brightness, 0 to 255, of a color in the explorer's style."""
    color = explorer.evaluate(f"node => getComputedStyle(node).{what}")
    return np.mean([float(v) for v in color.partition("(")[2].rstrip(")").split(",")[:3]])


def test_the_dark_theme_is_legible(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "dark", "from explorer_samples import everything\neverything()")
    inputs(explorer)
    assert brightness(explorer, "color") < 60
    theme(page, "JupyterLab Dark")
    assert brightness(explorer, "color") > 190
    assert brightness(explorer.query_selector(".rnnlib-picture"), "backgroundColor") == 255
    page.screenshot("dark", explorer)
    theme(page, "JupyterLab Light")


def test_a_narrow_window_scales_the_picture(lab, open_page):
    page = open_page()
    (explorer,) = opened(lab, page, "narrow", "from explorer_samples import everything\neverything()")
    page.page.set_viewport_size({"width": 760, "height": 900})
    page.page.wait_for_timeout(800)
    picture, canvas = (explorer.query_selector(s).bounding_box() for s in (".rnnlib-picture", "canvas"))
    assert picture["width"] < 500
    assert picture["width"] / picture["height"] == pytest.approx(900 / 500, rel=0.01)
    assert canvas["width"] == pytest.approx(picture["width"], abs=1)
    page.screenshot("narrow", explorer)


EXPORTED = """<style>%(css)s</style><div id="here"></div>
<script type="application/json" id="saved">%(saved)s</script>
<script type="module">
const {plain, binary, code} = JSON.parse(document.getElementById("saved").textContent);
const heard = {}, state = {...plain}, bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt());
for (const key in binary) state[key] = new DataView(bytes(binary[key]).buffer);
const model = {
  get: key => state[key],
  set(key, value) { state[key] = value; for (const f of heard["change:" + key] ?? []) f(); },
  on(event, f) { (heard[event] ??= []).push(f); },
  off() {}, save_changes() {},
  send() { throw Error("no kernel"); },
};
const view = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
view.default.render({model, el: document.getElementById("here")});
</script>"""


def exported(explorer):
    """Return a page with the saved state and the view alone, as nbconvert would put them into a page."""
    state = explorer.get_state()
    binary = {k: base64.b64encode(v).decode() for k, v in state.items() if isinstance(v, (bytes, memoryview))}
    plain = {k: v for k, v in state.items() if k not in binary}
    saved = json.dumps({"plain": plain, "binary": binary, "code": str(explorer._esm)}).replace("</", "<\\/")
    return EXPORTED % {"css": explorer._css, "saved": saved}


def test_an_exported_page_moves_without_a_kernel(open_page):
    page = open_page()
    page.page.set_content(exported(everything()))
    page.page.wait_for_selector("canvas[data-frame]")
    (live,) = page.explorers()
    before = pixels(live)
    set_range(live, live.query_selector("input"), 9)
    assert "Turned by 4.5" in live.inner_text()
    assert pixels(live) != before
    assert not page.unexpected_errors()
