"""Fold and unfold: the numbers are the cell's own, and every setting can be read."""

import itertools
import re

import numpy as np
import pytest
from layout import conflicts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rnnlib.colors import style
from rnnlib.diagrams import SHAPES, Artists
from rnnlib.explorers import fold_unfold
from rnnlib.explorers.base import MAX_TABLE

START = {"t": 3, "view": "unfolded", "N": 5, "shape": "many-to-many aligned"}
VIEWS = ("folded", "unfolded")


@pytest.fixture(scope="module")
def picture():
    """Return a function that draws a setting and returns the figure, its artists and its arrays."""
    with style():
        fig = Figure(figsize=(7.2, 3.6), dpi=100, layout="constrained")
        FigureCanvasAgg(fig)
        fig.suptitle("A title", x=0.01, ha="left", weight="bold")
        artists = fold_unfold.draw(fig, fold_unfold.compute(**START))

        def show(**controls):
            arrays = fold_unfold.compute(**START | controls)
            fold_unfold.move(artists, arrays)
            return fig, artists, arrays

        yield show


@pytest.fixture(scope="module")
def explorer():
    return fold_unfold.explorer()


def steps_of(shape, N):
    """One-to-one has one step, whatever N is set to."""
    return 1 if shape == "one-to-one" else N


def by_hand(N, inputs):
    """The equations with plain numbers."""
    s = [fold_unfold.S_0]
    for t in range(1, N + 1):
        x_t = fold_unfold.X[t - 1] if t in inputs else 0
        s.append(x_t * fold_unfold.W_X + s[-1] * fold_unfold.W_S)
    return s, [s_t * fold_unfold.W_Y for s_t in s[1:]]


def drawn(artists):
    """Gather every artist as a diagram's, so that the checker sees the texts around it too."""
    around = {
        f"{name}[{i}]": text
        for name in ("times", "time", "state", "later", "equations")
        for i, text in enumerate(listed(artists[name]))
    }
    ax = next(iter(artists["nodes"].values())).axes
    known = {*around.values(), *artists["labels"].values(), *artists["weights"].values()}
    around |= {f"still {i}": text for i, text in enumerate(ax.texts) if text not in known}
    labels = {name: text for name, text in (artists["labels"] | around).items() if text.get_text()}
    return Artists(artists["nodes"], labels, artists["arrows"], artists["weights"])


def listed(part):
    return part.values() if isinstance(part, dict) else part if isinstance(part, list) else [part]


# --- compute --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("N", range(1, 9))
def test_the_cell_computes_what_the_hand_computes(N, shape):
    arrays = fold_unfold.compute(t=N, view="folded", N=N, shape=shape)
    s, y = by_hand(steps_of(shape, N), arrays["inputs"])
    np.testing.assert_array_equal(arrays["s"], s)
    np.testing.assert_array_equal(arrays["y"], y)
    assert np.abs(arrays["y"]).max() < 100


def test_the_worked_example_of_lesson_2():
    arrays = fold_unfold.compute(**START)
    assert arrays["x"][:3].tolist() == [2, 4, 5]
    assert arrays["s"][:4].tolist() == [1, 5, 7, 8]
    assert arrays["y"][:3].tolist() == [10, 14, 16]


def test_the_cursor_waits_at_the_last_step():
    assert fold_unfold.compute(t=8, view="folded", N=3, shape="many-to-one")["t"] == 3


def test_one_to_one_is_one_step():
    arrays = fold_unfold.compute(t=8, view="unfolded", N=8, shape="one-to-one")
    assert (arrays["t"], arrays["N"], list(arrays["inputs"]), list(arrays["outputs"])) == (1, 1, [1], [1])


def test_compute_is_pure():
    first = fold_unfold.compute(**START)
    with pytest.raises(ValueError, match="read-only"):
        first["s"][0] = 99
    assert fold_unfold.compute(**START)["s"][0] == fold_unfold.S_0


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ({}, "Step 3 of 5: s_3 = 5·3 + 7·(−1) = 8, y_3 = 8·2 = 16."),
        ({"shape": "one-to-many", "t": 2}, "Step 2 of 5: s_2 = 5·(−1) = −5 (no input), y_2 = −5·2 = −10."),
        ({"shape": "many-to-one"}, "Step 3 of 5: s_3 = 5·3 + 7·(−1) = 8, no output."),
        ({"shape": "one-to-one"}, "Step 1 of 1: s_1 = 2·3 + 1·(−1) = 5, y_1 = 5·2 = 10."),
        ({"t": 8, "N": 1}, "Step 1 of 1: s_1 = 2·3 + 1·(−1) = 5, y_1 = 5·2 = 10."),
    ],
)
def test_words(controls, said):
    text = fold_unfold.words(fold_unfold.compute(**START | controls), **START | controls)
    assert text.startswith(said)
    N = steps_of(controls.get("shape"), controls.get("N", 5))
    assert f"Each weight is the same wherever it stands: 3 numbers for N = {N}." in text
    assert ("cursor waits" in text) == (N == 1)


# --- picture --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("N", [1, 3, 8])
def test_nothing_overlaps(picture, N, view, shape):
    for t in sorted({1, (N + 1) // 2, N - 1, N} - {0}):
        fig, artists, _ = picture(t=t, view=view, N=N, shape=shape)
        assert conflicts(fig, drawn(artists)) == [], f"t = {t}"


def test_the_cursor_lights_one_step_and_fills_in_its_past(picture):
    _, artists, arrays = picture(t=3)
    label = {name: text.get_text() for name, text in artists["labels"].items() if text.get_visible()}
    assert [label[f"s_{k}"] for k in range(6)] == ["1", "5", "7", "8", "$s_4$", "$s_5$"]
    assert label["x_3"] == "5"
    assert label["y_3"] == "16"
    lit = {n for n, patch in artists["nodes"].items() if patch.get_visible() and patch.get_linewidth() == 2}
    assert lit == {"x_3", "s_3", "y_3"}
    white = [np.mean(artists["nodes"][name].get_facecolor()[:3]) for name in ("s_3", "s_2", "s_4")]
    assert white[0] < white[1] < white[2] == 1
    products = {name: text.get_text() for name, text in artists["weights"].items() if text.get_visible()}
    assert {n: p for n, p in products.items() if "·" in p} == {
        "W_x_3": "5·3",
        "W_s_3": "7·(−1)",
        "W_y_3": "8·2",
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_only_what_the_shape_has_is_shown(picture, shape):
    _, artists, arrays = picture(N=8, t=8, shape=shape)
    shown = {name for part in ("nodes", "arrows") for name, a in artists[part].items() if a.get_visible()}
    N = steps_of(shape, 8)
    expected = {f"s_{k}" for k in range(N + 1)} | {f"W_s_{k}" for k in range(1, N + 1)}
    expected |= {f"{row}_{k}" for k in arrays["inputs"] for row in ("x", "W_x")}
    expected |= {f"{row}_{k}" for k in arrays["outputs"] for row in ("y", "W_y")}
    assert shown == expected


def test_folding_leaves_one_cell_with_the_same_numbers(picture):
    _, artists, _ = picture(view="folded", t=3)
    shown = {name for part in ("nodes", "arrows") for name, a in artists[part].items() if a.get_visible()}
    assert shown == {"x_t", "s_t", "y_t", "W_x", "W_s", "W_y"}
    assert [artists["labels"][name].get_text() for name in ("x_t", "s_t", "y_t")] == ["5", "8", "16"]
    assert artists["weights"]["W_s"].get_text() == "7·(−1)"
    assert artists["time"].get_text() == "3"


def test_the_weights_are_said_once_and_are_right(picture):
    fig, *_ = picture()
    words = " ".join(text.get_text() for text in fig.axes[0].texts)
    for name, value in (("W_x", fold_unfold.W_X), ("W_s", fold_unfold.W_S), ("W_y", fold_unfold.W_Y)):
        assert words.count(f"${name} = {value}$") == 1
    assert f"$s_0 = {fold_unfold.S_0}$" in words


def test_coming_back_shows_the_same_picture(picture):
    def look():
        fig, artists, _ = picture()
        fig.canvas.draw()
        return bytes(fig.canvas.buffer_rgba())

    before = look()
    picture(t=8, N=8, view="folded", shape="one-to-one")
    assert look() == before


# --- widget ---------------------------------------------------------------------------------------------


def test_the_table_is_small(explorer):
    assert len(explorer._frames) <= MAX_TABLE


def test_driving_it_through_its_whole_range(explorer):
    grids = {name: control.values for name, control in explorer.controls.items()}
    assert len(grids["t"]) == len(grids["N"]) == 8
    for values in itertools.product(*grids.values()):
        for name, value in zip(grids, values, strict=True):
            setattr(explorer, name, value)
        s = int(re.search(r"s_\d = .*?= (−?\d+)", explorer.words)[1].replace("−", "-"))
        assert s == explorer.arrays["s"][min(explorer.t, steps_of(explorer.shape, explorer.N))]


def test_the_picture_at_both_ends_differs(explorer):
    def at(**controls):
        for name, value in (START | controls).items():
            setattr(explorer, name, value)
        return explorer.picture()

    pictures = [
        at(),
        at(t=1),
        at(t=8),
        at(N=2),
        at(N=8),
        at(view="folded"),
        at(shape=SHAPES[0]),
        at(shape=SHAPES[-1]),
    ]
    assert len(set(pictures)) == len(pictures)


def test_every_preset_is_a_setting(explorer):
    for values in fold_unfold.PRESETS.values():
        for name, value in values.items():
            assert value in explorer.controls[name].values
