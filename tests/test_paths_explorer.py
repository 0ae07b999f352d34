"""The explorer of paths: its numbers, what it lights, its words, and that every setting can be read."""

import doctest
import itertools
import math
import re
from itertools import combinations

import numpy as np
import pytest
from layout import box, conflicts
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rnnlib import gradients
from rnnlib.colors import COLORS, style
from rnnlib.diagrams import Artists
from rnnlib.explorers import paths
from rnnlib.explorers.base import MAX_TABLE
from rnnlib.paths import Unfolded

SIZES = {1: (9.0, 4.4), 2: (9.0, 5.4)}
START = {1: {"path": 2, "N": 3, "weight": "W_s"}, 2: {"path": 2, "N": 3, "weight": "W_s(1)"}}
LAYERS = (1, 2)
SETTINGS = [
    (L, N, weight) for L in LAYERS for weight in paths.WEIGHTS[L] for N in range(1, paths.MOST[L] + 1)
]
both = pytest.mark.parametrize("layers", LAYERS)
every_setting = pytest.mark.parametrize(("layers", "N", "weight"), SETTINGS)


@pytest.fixture(scope="module")
def explorers():
    return {layers: paths.explorer(layers) for layers in LAYERS}


@pytest.fixture(scope="module")
def pictures():
    """Return a function that sets a picture and returns the figure, its artists and its arrays."""
    scenes = {}
    with style():
        for layers in LAYERS:
            fig = Figure(figsize=SIZES[layers], dpi=100, layout="constrained")
            FigureCanvasAgg(fig)
            fig.suptitle(paths.TITLES[layers], x=0.01, ha="left", weight="bold")
            arrays = paths.compute(**START[layers], layers=layers)
            scenes[layers] = fig, paths.draw(fig, arrays, layers)
            paths.move(scenes[layers][1], arrays)
            fig.draw_without_rendering()
            fig.set_layout_engine("none")  # found once, as in an explorer

        def show(layers, **controls):
            fig, artists = scenes[layers]
            arrays = paths.compute(**START[layers] | controls, layers=layers)
            paths.move(artists, arrays)
            return fig, artists, arrays

        yield show


def count_of(layers, N, weight):
    return Unfolded(N, layers).count(weight)


# --- compute --------------------------------------------------------------------------------------------


@every_setting
def test_the_bars_add_up_to_the_gradient_and_to_differences(layers, N, weight):
    arrays = paths.compute(1, N, weight, layers)
    assert len(arrays["values"]) == count_of(layers, N, weight)
    assert arrays["values"].sum() == pytest.approx(arrays["engine"], rel=1e-10)
    network, params, run, _ = paths.network_and_numbers(N, layers)

    def error(y):  # only the last step counts
        dE_dy = np.zeros_like(y)
        dE_dy[-1] = y[-1] - paths.D
        return ((y[-1] - paths.D) ** 2).sum() / 2, dE_dy

    s_0 = tuple(own.s[0] for own in run.runs)
    x = np.array(paths.X[:N])[:, None, None]
    numeric = {row.name: row.numeric for row in gradients.check(network, params, x, s_0, error).rows}
    layer = int(weight[4]) - 1 if "(" in weight else 0
    name = "params.W_y" if weight == "W_y" else f"params.cells[{layer}].{weight[:3]}"
    assert arrays["engine"] == pytest.approx(numeric[name], rel=1e-7)


@every_setting
def test_each_path_is_the_product_of_its_factors(layers, N, weight):
    for k in range(1, count_of(layers, N, weight) + 1):
        arrays = paths.compute(k, N, weight, layers)
        assert math.prod(arrays["factors"]) == pytest.approx(arrays["values"][k - 1], rel=1e-12)
        assert len(arrays["names"]) == len(arrays["factors"]) == len(arrays["nodes"]) + 1
        assert arrays["path"] == k


@every_setting
def test_every_contribution_can_be_seen(layers, N, weight):
    values = paths.compute(1, N, weight, layers)["values"]
    sums = np.cumsum(values)
    assert np.abs(values).min() > 0.04
    assert min(values.min(), sums.min()) > paths.LOWEST
    assert max(values.max(), sums.max()) < paths.HIGHEST - 0.15


def test_the_slider_waits_at_the_last_path():
    assert paths.compute(5, 3, "W_s")["path"] == 3
    assert paths.compute(10, 2, "W_s(1)", layers=2)["path"] == 3


@pytest.mark.parametrize(
    ("layers", "controls", "said"),
    [
        (
            1,
            {},
            "Path 2 of 3 to W_s, through s_3, s_2: 1.44 · 1.00 · 0.72 · 0.57 = 0.60. So far 0.95 of 1.26.",
        ),
        (
            1,
            {"weight": "W_y", "path": 1},
            "Path 1 of 1 to W_y, through y_3: 1.44 · 0.44 = 0.64. So far 0.64 of",
        ),
        (
            2,
            {"path": 3},
            "Path 3 of 6 to W_s(1), through s(2)_3, s(2)_2, s(1)_2: 1.39 · 1.00 · (−0.68) · 1.17",
        ),
        (1, {"path": 5}, "Path 3 of 3 to W_s, through s_3, s_2, s_1: "),
    ],
)
def test_words(layers, controls, said):
    controls = START[layers] | controls
    text = paths.words(paths.compute(**controls, layers=layers), **controls)
    assert text.startswith(said)
    assert text.endswith("(There is no path 5: the last one is shown.)") == (controls["path"] == 5)


def test_examples_in_the_docstrings():
    assert doctest.testmod(paths) == (0, 2)


# --- picture --------------------------------------------------------------------------------------------


def texts_of(fig, artists):
    """Every visible text of the figure that says something."""
    found = [text for ax in fig.axes for text in ax.texts if text.get_visible() and text.get_text().strip()]
    for ax in fig.axes[:2]:
        found += [label for label in (ax.xaxis.label, ax.yaxis.label, ax._left_title) if label.get_text()]
    return found


@pytest.mark.parametrize(("layers", "N"), [(1, 1), (1, 3), (1, 5), (2, 1), (2, 4)])
def test_the_graph_has_no_conflicts(pictures, layers, N):
    fig, artists, _ = pictures(layers, N=N, path=1)
    assert conflicts(fig, Artists(*(artists[part] for part in Artists._fields))) == []


@every_setting
def test_no_texts_overlap(pictures, layers, N, weight):
    for k in range(1, count_of(layers, N, weight) + 1):
        fig, artists, _ = pictures(layers, path=k, N=N, weight=weight)
        boxes = {text: box(text) for text in texts_of(fig, artists)}
        found = [
            (one.get_text(), other.get_text())
            for one, other in combinations(boxes, 2)
            if boxes[one].overlaps(boxes[other])
        ]
        assert found == []
        assert all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= fig.bbox.width for b in boxes.values())
        assert box(artists["goal_name"]).x0 > artists["bars"][-1].get_window_extent().x1
        lines = [line.get_window_extent() for line in artists["lines"] if line.get_visible()]
        assert not [b for b in boxes.values() for line in lines if b.overlaps(line)]


def thick_arrows(artists):
    arrows = artists["arrows"].items()
    return {name for name, arrow in arrows if arrow.get_visible() and arrow.get_linewidth() == paths.LIT}


def test_one_path_is_lit(pictures):
    _, artists, _ = pictures(1)
    thick = thick_arrows(artists)
    assert thick == {"E_3", "W_y_3", "W_s_3", "W_s_2"}
    lit = {n for n, patch in artists["nodes"].items() if patch.get_visible() and patch.get_linewidth() > 2}
    assert lit == {"E_3", "y_3", "s_3", "s_2"}
    colored = {
        n
        for n, text in artists["weights"].items()
        if text.get_visible() and text.get_color() == COLORS["W_s"]
    }
    assert colored == {"W_s_2"}


def test_one_path_of_two_layers_is_lit(pictures):
    _, artists, _ = pictures(2, path=3)
    thick = thick_arrows(artists)
    assert thick == {"E_3", "W_y_3", "W_s(2)_3", "W_x(2)_2", "W_s(1)_2"}


@every_setting
def test_the_lit_arrows_hang_together(pictures, layers, N, weight):
    edges = paths._graph(layers).edges
    for k in range(1, count_of(layers, N, weight) + 1):
        _, artists, arrays = pictures(layers, path=k, N=N, weight=weight)
        way = [edges[name] for name in paths._way(arrays)]
        assert [edge.target for edge in way[1:]] == [edge.source for edge in way[:-1]]
        assert all(artists["arrows"][edge.name].get_visible() for edge in way)
        assert way[-1].name == f"{weight}_{arrays['nodes'][-1][1]}"


@pytest.mark.parametrize(("layers", "N"), [(1, 1), (1, 5), (2, 1), (2, 4)])
def test_only_n_steps_and_one_error_are_shown(pictures, layers, N):
    _, artists, _ = pictures(layers, N=N, path=1)
    shown = {name for name, patch in artists["nodes"].items() if patch.get_visible()}
    steps = range(1, N + 1)
    rows = ("s",) if layers == 1 else ("s(1)", "s(2)")
    expected = {f"{row}_{t}" for row in ("x", "y", *rows) for t in steps}
    assert shown == expected | {f"{row}_0" for row in rows} | {f"E_{N}"}


def test_the_factors_are_written(pictures):
    _, artists, _ = pictures(1)

    def written(name):
        return [text.get_text() for text in artists[name] if text.get_visible()]

    assert written("above") == [
        r"$\partial E_3$", r"$\partial y_3$", r"$\partial s_3$", r"$\partial^\plus s_2$"
    ]  # fmt: skip
    assert written("below")[-2:] == [r"$\partial s_2$", r"$\partial W_s$"]
    assert written("numbers") == ["1.44", "1.00", "0.72", "0.57", "0.60"]
    assert written("signs") == ["·", "·", "·", "="]
    assert artists["product"].get_text() == "path 2"
    assert [line.get_visible() for line in artists["lines"]] == [True] * 4 + [False] * 3


def test_bars_and_sum(pictures):
    _, artists, arrays = pictures(1)
    heights = [bar.get_height() for bar in artists["bars"] if bar.get_visible()]
    assert heights == list(arrays["values"])
    np.testing.assert_array_equal(artists["sum"].get_ydata(), np.cumsum(arrays["values"])[:2])
    assert set(artists["goal"].get_ydata()) == {arrays["engine"]}
    assert [bar.get_linewidth() for bar in artists["bars"][:3]] == [0.6, 1.8, 0.6]
    _, artists, arrays = pictures(1, path=3)
    assert artists["sum"].get_ydata()[-1] == pytest.approx(arrays["engine"])
    assert artists["product"].get_text() == "path 3"
    assert artists["goal_name"].get_text() == f"BPTT {paths.number(arrays['engine'])}"


@both
def test_the_given_numbers_stand_in_the_picture(pictures, layers):
    fig, *_ = pictures(layers)
    words = " ".join(text.get_text() for text in fig.axes[-1].texts)
    for k in range(layers):
        mark = f"^{{({k + 1})}}" if layers == 2 else ""
        assert f"W{mark}_x = {paths.W_X[k]}" in words
        assert f"W{mark}_s = {paths.W_S[k]}" in words
    assert "0.4, −0.5, 0.4, 0.4" in words
    assert "$d_N = −1$" in words


@both
def test_coming_back_shows_the_same_picture(pictures, layers):
    def look(**controls):
        fig, *_ = pictures(layers, **controls)
        fig.canvas.draw()
        return bytes(fig.canvas.buffer_rgba())

    before = look()
    assert look(N=paths.MOST[layers], path=4) != before
    assert look() == before


# --- widget ---------------------------------------------------------------------------------------------


@both
def test_the_table_is_small(explorers, layers):
    assert len(explorers[layers]._frames) < MAX_TABLE / 5


@both
def test_driving_it_through_its_whole_range(explorers, layers):
    explorer = explorers[layers]
    grids = {name: control.values for name, control in explorer.controls.items()}
    assert len(grids["path"]) == (5 if layers == 1 else 10)
    assert len(grids["N"]) == paths.MOST[layers]
    for values in itertools.product(*grids.values()):
        for name, value in zip(grids, values, strict=True):
            setattr(explorer, name, value)
        path, count, so_far, goal = re.match(
            r"Path (\d+) of (\d+) .* So far (\S+) of (\S+)\.", explorer.words
        ).groups()
        assert int(count) == count_of(layers, explorer.N, explorer.weight)
        assert int(path) == min(explorer.path, int(count))
        if path == count:
            assert so_far == goal


@both
def test_pictures_differ(explorers, layers):
    explorer = explorers[layers]

    def at(**controls):
        for name, value in (START[layers] | controls).items():
            setattr(explorer, name, value)
        return explorer.picture()

    last = list(paths.WEIGHTS[layers])[-1]
    settings = [{}, {"path": 1}, {"path": 3}, {"N": 1}, {"N": paths.MOST[layers]}, {"weight": last}]
    assert len({at(**controls) for controls in settings}) == len(settings)


@both
def test_presets_show_a_path_that_exists(explorers, layers):
    spec = {preset["label"] for preset in explorers[layers]._spec["presets"]}
    assert spec == set(paths.PRESETS[layers])
    for values in paths.PRESETS[layers].values():
        assert values["path"] <= count_of(layers, values["N"], values["weight"])


def test_presets_do_what_they_are_called():
    def at(layers, label):
        return paths.compute(**paths.PRESETS[layers][label], layers=layers)

    assert at(1, "Latest state")["nodes"] == (("y", 3), ("s", 3))
    assert len(at(1, "Through five states")["nodes"]) == 6
    assert len(at(1, "W_y: one path")["values"]) == 1
    assert at(2, "Down at once")["nodes"][1:] == (("s(2)", 3), ("s(1)", 3), ("s(1)", 2))
    assert at(2, "Through the second's own past")["nodes"][1:] == (("s(2)", 3), ("s(2)", 2), ("s(1)", 2))
    assert len(at(2, "All ten")["values"]) == at(2, "All ten")["path"] == 10


def test_other_numbers_of_layers_are_refused():
    with pytest.raises(ValueError, match="layers is 3; expected 1 or 2"):
        paths.explorer(3)
