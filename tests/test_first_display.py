"""A first display is quick because nothing is laid out, read or painted twice."""

import numpy as np
import pytest
from explorer_samples import compute, everything, small, unpacked
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser

from rnnlib.explorers import fold_unfold, paths
from rnnlib.explorers.marks import Line, flatten
from rnnlib.explorers.scene import Scene, update


def draw_note(fig, arrays):
    """A formula far outside the axes, for which a layout would make room."""
    ax = fig.subplots()
    return {"note": ax.text(-0.4, 0.5, "$s_t$", transform=ax.transAxes, in_layout=arrays["in_layout"])}


@pytest.mark.parametrize("in_layout", [True, False])
def test_a_text_outside_the_layout_is_not_laid_out_for_it(monkeypatch, in_layout):
    parse, parsed = MathTextParser.parse, []

    def watched(parser, formula, *args, **options):
        parsed.append(formula)
        return parse(parser, formula, *args, **options)

    monkeypatch.setattr(MathTextParser, "parse", watched)
    arrays = {"note": "$s_t$", "in_layout": in_layout}
    scene = Scene(draw_note, None, arrays, "T", (4, 3))
    assert bool(parsed) == in_layout
    assert (scene.fig.axes[0].get_position().x0 > 0.2) == in_layout
    assert scene.artists["note"].get_visible()
    scene.picture(arrays)
    assert "$s_t$" in parsed


@pytest.mark.parametrize(("make", "options"), [(fold_unfold.explorer, {}), (paths.explorer, {"layers": 2})])
def test_no_text_that_is_outside_the_layout_would_change_it(monkeypatch, make, options):
    quick = [ax.get_position().bounds for ax in make(**options)._scene.fig.axes]

    def draw_all(scene):
        for ax in scene.fig.axes:
            for text in ax.texts:
                text.set_in_layout("tanh;" not in text.get_text())  # this one is as wide as the figure
        find_layout(scene)

    find_layout = Scene._find_layout
    monkeypatch.setattr(Scene, "_find_layout", draw_all)
    careful = [ax.get_position().bounds for ax in make(**options)._scene.fig.axes]
    np.testing.assert_allclose(quick, careful, atol=1e-9)


def test_each_picture_is_painted_once(monkeypatch):
    scene, paint, painted = everything()._scene, Figure.draw, []
    monkeypatch.setattr(Figure, "draw", lambda fig, renderer: painted.append(fig) or paint(fig, renderer))
    seen = [artist.get_visible() for _, artist in flatten(scene.artists)]
    scene.background()
    assert len(painted) == 1
    assert [artist.get_visible() for _, artist in flatten(scene.artists)] == seen
    scene.picture(compute(1.5))
    assert len(painted) == 2


FRAMES = [(True, 1.0), (False, 1.0), (True, 1.0), (False, 2.0), (True, 2.0), (False, 2.0), (True, 2.0)]


def test_an_artist_that_comes_back_is_read_if_it_changed(monkeypatch):
    def draw(fig, arrays):
        ax = fig.subplots()
        ax.set(ylim=(0, 3))
        return {"line": ax.plot([0, 1], [1, 1])[0]}

    def move(artists, arrays):
        if artists["line"].get_ydata()[0] != arrays["y"]:  # set in hiding, as a careless explorer may do
            artists["line"].set_ydata([arrays["y"]] * 2)
        update(artists["line"], arrays["shown"])

    channels, reads = Line.channels, []
    monkeypatch.setattr(Line, "channels", lambda line: reads.append(1) or channels(line))
    numbers = [{"shown": shown, "y": y, "i": i} for i, (shown, y) in enumerate(FRAMES)]
    _, read = unpacked(small(lambda i: numbers[i], draw, range(len(FRAMES)), move=move)._frames)
    heights = [read(0, "y", f) for f in range(len(FRAMES))]
    assert [len(height) > 0 for height in heights] == [shown for shown, _ in FRAMES]
    assert heights[0].tolist() == heights[2].tolist()
    assert heights[4].tolist() == heights[6].tolist()
    assert heights[4][0] < heights[0][0], "y grows downward"
    assert len(reads) == 2
