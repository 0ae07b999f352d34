"""The explorer "Cliff": what it shows, in every setting, is what the descents did."""

import doctest
import io
from itertools import product

import numpy as np
import pytest
import traitlets
from layout import text_conflicts, texts_of
from matplotlib.image import imread

from rnnlib.experiments import cliff as net
from rnnlib.explorers import cliff
from rnnlib.explorers.base import MAX_TABLE

GRID = list(product(cliff.RATES, cliff.STARTS, cliff.THRESHOLDS))


@pytest.fixture(scope="module")
def shown():
    return cliff.explorer()


@pytest.fixture(scope="module")
def table(shown):
    """Every setting of the explorer at once."""
    lr, start, threshold = (np.array(column) for column in zip(*GRID, strict=True))
    return cliff.compute_table(list(shown._scene.artists), lr=lr, start=start, threshold=threshold)


# What was measured


def test_the_regions_are_what_the_map_calls_them():
    (plateau, floor, _) = [net.error(w, b) for b, w, _ in cliff.REGIONS]
    assert plateau > 0.4
    assert floor < 0.09
    for w in (3.0, 3.2, 3.5):  # the valley beside its label
        b = np.linspace(-2, -1, 2001)
        assert net.error(np.full(len(b), w), b).min() < 1e-6


def test_clipping_changes_the_length_and_not_the_direction(table):
    lr, _, threshold = (np.array(column)[:, None] for column in zip(*GRID, strict=True))
    for row, most in ((0, np.inf), (1, threshold)):
        w, b, norm = table["w"][:, row], table["b"][:, row], table["norm"][:, row, :-1]
        dw, db = np.diff(w), np.diff(b)
        np.testing.assert_allclose(np.hypot(dw, db), lr * np.minimum(norm, most), rtol=1e-9, atol=1e-13)
        _, dE_dw, dE_db = net.error_and_gradient(w[:, :-1], b[:, :-1])
        ahead, aside = -(dw * dE_dw + db * dE_db), dw * dE_db - db * dE_dw
        assert np.all(ahead >= 0)
        assert np.all(np.abs(aside) <= 1e-6 * ahead + 1e-14)
    clipped = table["norm"][:, 1, :-1] > threshold
    assert 0.1 < clipped.mean() < 0.9


def test_the_lit_step_is_the_first_that_is_clipped(table):
    for f, (lr, _, threshold) in enumerate(GRID):
        step, norm = table["step"][f], table["norm"][f]
        above = np.flatnonzero(norm[1, :-1] > threshold)
        assert bool(table["parts"][f]) == (len(above) > 0)
        assert step == (above[0] if len(above) else 0)
        for name in ("w", "b", "E"):  # until then both do the same
            np.testing.assert_array_equal(table[name][f, 0, : step + 1], table[name][f, 1, : step + 1])
        expected = [lr * norm[1, step], lr * min(norm[1, step], threshold)]
        np.testing.assert_allclose(table["lengths"][f], expected)
        if not len(above):
            np.testing.assert_array_equal(table["w"][f, 0], table["w"][f, 1])


def test_the_line_along_the_step_passes_both_landing_points(table):
    for f in range(len(GRID)):
        after = table["step"][f] + 1
        start, near = table["E"][f, 1, after - 1], table["along"][f, 1, 0]
        assert near == pytest.approx(start, abs=0.01)
        for row in (0, 1):
            at = np.searchsorted(cliff.LENGTHS, table["lengths"][f, row])
            around = table["along"][f, 1, at - 1 : at + 1]
            slack = 0.002 + 0.2 * np.ptp(around)  # the valley lies between two points here and there
            assert around.min() - slack <= table["E"][f, row, after] <= around.max() + slack


def test_everything_is_finite_and_within_the_axes(table):
    for name, column in table.items():
        assert name in ("leaves", "elsewhere") or np.isfinite(column).all(), name
    assert table["E"].min() >= 0
    assert max(table["E"].max(), table["along"][:, 1].max()) < cliff.TOP
    assert table["norm"].max() < cliff.HIGHEST
    assert cliff.LENGTHS[0] < table["lengths"].min() < table["lengths"].max() < cliff.LENGTHS[-1]


def test_compute_is_a_row_of_the_table(table):
    for f in (0, 77, len(GRID) - 1):
        for name, array in cliff.compute(*GRID[f]).items():
            if name in ("leaves", "elsewhere"):
                assert array == table[name][f]
            else:
                np.testing.assert_allclose(array, table[name][f], rtol=1e-9, err_msg=name)


def test_rounding_does_not_decide_where_the_paths_end(table):
    """Sixteen digits are enough although the paths bounce off the wall: other machines see the same."""
    lr, start, threshold = (np.array(column) for column in zip(*GRID, strict=True))
    w, b = np.array([cliff.STARTS[name] for name in start]).T
    for row, most in ((0, np.inf), (1, threshold)):
        moved = net.descend(w, b * (1 + 4e-16), lr, most)
        np.testing.assert_allclose(moved.w.T, table["w"][:, row], rtol=1e-6)


# What the lesson says


def test_at_the_wall_one_step_throws_far_away_for_good():
    arrays = cliff.compute(0.5, "wall", 0.5)
    assert arrays["norm"][0, 0] == pytest.approx(156.8, abs=0.1)
    assert arrays["lengths"] == pytest.approx([78.4, 0.25], abs=0.05)
    assert [arrays["w"][0, 1], arrays["b"][0, 1]] == pytest.approx([45.28, 64.64], abs=0.01)
    np.testing.assert_allclose(arrays["E"][0, 1:], 0.09, rtol=1e-6)
    assert arrays["norm"][0, 1:].max() < 1e-12
    assert np.hypot(arrays["w"][1] - 4.5, arrays["b"][1] + 2.303).max() < 0.4
    assert arrays["E"][1, -1] == pytest.approx(0.0023, abs=0.0002)
    assert arrays["E"][1].max() == pytest.approx(0.276, abs=0.001)  # it bounces off the wall on its way


def test_presets_do_what_they_are_called(shown):
    names = {preset["label"]: preset["positions"] for preset in shown._spec["presets"]}
    seen = {}
    for label, at in names.items():
        values = {name: shown.controls[name].values[position] for name, position in at.items()}
        seen[label] = cliff.compute(**values), values["threshold"]
    thrown, _ = seen["Thrown off the wall"]
    assert thrown["step"] == 0
    assert thrown["lengths"][0] > 50
    walks, _ = seen["Walks into the wall"]
    assert walks["step"] > 5
    assert walks["lengths"][0] > 5
    assert seen["Steeper, thrown farther"][0]["lengths"][0] > 5 * thrown["lengths"][0]
    small, _ = seen["Small steps, both stay"]
    assert np.abs(small["w"] - 4.5).max() < 0.02
    assert small["E"][0, 1] < small["E"][1, 1] < small["E"][1, 0]  # here clipping only slows
    far, threshold = seen["Far from the wall, no difference"]
    assert not far["parts"]
    assert far["norm"].max() < threshold
    assert far["E"][:, -1].max() < 1e-4 < far["E"][0, 0]
    high, _ = seen["Threshold too high"]
    assert high["parts"]
    assert high["E"][1, -1] > 0.08


# The widget


def test_the_widget_over_its_whole_range(shown, table):
    seen = set()
    for f, (lr, start, threshold) in enumerate(GRID):
        shown.lr, shown.start, shown.threshold = lr, start, threshold
        words, after = shown.words, table["step"][f] + 1
        assert "nan" not in words
        assert "inf" not in words
        assert words.startswith(f"Step {after}: gradient norm ") == bool(table["parts"][f])
        if table["parts"][f]:
            w, b = table["w"][f, 0, after], table["b"][f, 0, after]
            assert ("on the map" in words) == (3 <= w <= 7 and -4 <= b <= -1)
            assert f"w = {w:,.2f}, b = {b:,.2f}".replace("-", "−") in words
            norm = cliff.number(table["norm"][f, 1, after - 1])
            assert f"gradient norm {norm}, threshold {threshold:g}" in words
        assert cliff.number(table["E"][f, 1, -1]) in words
        seen.add(words)
    assert len(seen) > 0.8 * len(GRID)


def test_words(shown):
    shown.lr, shown.start, shown.threshold = 0.5, "wall", 0.5
    assert shown.words == (
        "Step 1: gradient norm 157, threshold 0.5. Unclipped it is 78.4 long and lands off the map at "
        "w = 45.28, b = 64.64, where the norm is below 0.0001. Clipped it is 0.25 long, the same way. "
        "After 20 steps: E = 0.09 unclipped, 0.00234 clipped."
    )
    shown.lr, shown.start, shown.threshold = 0.2, "far", 5
    assert shown.words == (
        "No step is clipped: no gradient norm is above 0.743, the threshold is 5. "
        "Both do the same: in 20 steps E goes from 0.352 to below 0.0001."
    )


def test_refuses_what_is_off_the_grid(shown):
    for name, value in (("lr", 3.0), ("lr", 0.0), ("threshold", -1), ("start", "moon"), ("lr", "fast")):
        with pytest.raises(traitlets.TraitError, match=f"{name} got"):
            setattr(shown, name, value)


def test_the_table_is_small_and_the_picture_moves(shown):
    assert len(shown._frames) < MAX_TABLE / 5
    pictures = []
    for lr, start in ((0.0001, "wall"), (1.0, "far")):
        shown.lr, shown.start = lr, start
        pictures.append(imread(io.BytesIO(shown.picture())))
    assert np.abs(pictures[0] - pictures[1]).max() > 0.5


# The drawing


def test_every_artist_shows_its_numbers(shown):
    arrays = cliff.compute(0.5, "floor", 0.5)
    assert arrays["step"] == 9
    for row, name in enumerate(("free", "clipped")):
        for panel in ("map", "close"):
            w, b = arrays["w"][row], arrays["b"][row]
            inside = (w < 10) & (b < 1)
            np.testing.assert_array_equal(arrays[f"{panel}_{name}"][:, inside], np.array([b, w])[:, inside])
        np.testing.assert_array_equal(arrays[f"error_{name}"][1], arrays["E"][row])
        norm = np.maximum(arrays["norm"][row], 1e-6)  # the label of its tick is "≤ 10⁻⁶"
        np.testing.assert_array_equal(arrays[f"norm_{name}"][1], norm)
        landing = [[arrays["lengths"][row]], [arrays["E"][row, 10]]]
        np.testing.assert_array_equal(arrays[f"along_{name}"], landing)
    np.testing.assert_array_equal(arrays["threshold"], [[0, 20], [0.5, 0.5]])
    np.testing.assert_array_equal(arrays["map_start"], [[-1.9], [4.5]])
    shown.lr, shown.start, shown.threshold = 0.5, "floor", 0.5
    shown.picture()
    for name, artist in shown._scene.artists.items():
        if name not in ("leaves", "elsewhere"):
            np.testing.assert_array_equal(artist.get_xydata().T, arrays[name])


def test_the_heads_of_arrows_are_made_for_the_size_of_the_panels(shown):
    for ax, (_, (w, b)) in zip(shown._scene.fig.axes, cliff.WINDOWS.values(), strict=False):
        pixels = np.diff(ax.transData.transform([(0, 0), (1, 1)]), axis=0)
        # An older matplotlib lays the panels out up to 6 % smaller; heads that much askew do not show.
        np.testing.assert_allclose(pixels, [[b, w]], rtol=0.1)
    pixels = (cliff.compute(0.5, "wall", 0.5)["close_clipped_step"].T - (-2.303, 4.5)) * (386, 199)
    tail, tip, one, again, other = pixels
    assert tip.tolist() == again.tolist()
    assert tail.tolist() == [0, 0]
    for barb in (one, other):
        cosine = (tip - barb) @ tip / np.linalg.norm(tip - barb) / np.linalg.norm(tip)
        assert cosine == pytest.approx(np.cos(np.arctan(0.5)), abs=0.01)


def test_a_step_that_leaves_the_map_points_to_its_border_and_is_named():
    arrays = cliff.compute(0.5, "wall", 0.5)
    here, there = arrays["map_free_step"].T[:2]
    assert here.tolist() == [-2.303, 4.5]
    assert -1.05 < there[0] < -1.0  # b of the right border
    slope = np.diff(arrays["w"][0, :2]) / np.diff(arrays["b"][0, :2])
    assert (there[1] - here[1]) / (there[0] - here[0]) == pytest.approx(slope.item())
    np.testing.assert_allclose(arrays["map_clipped_step"].T[1], [arrays["b"][1, 1], arrays["w"][1, 1]])
    assert arrays["leaves"] == "leaves the map: unclipped"
    assert arrays["elsewhere"] == ""
    both = cliff.compute(1.0, "wall", 5.0)
    assert both["leaves"] == "leaves the map: unclipped and clipped"
    np.testing.assert_allclose(both["map_free_step"], both["map_clipped_step"])


def test_what_is_elsewhere_is_said_and_not_drawn():
    arrays = cliff.compute(0.2, "far", 5.0)
    assert arrays["leaves"] == ""
    assert arrays["elsewhere"] == "both paths are elsewhere"
    b, w = arrays["close_free_step"]
    assert (b.min(), w.min()) == (1, 10)
    assert cliff.compute(0.0001, "wall", 1.0)["leaves"] == ""


def test_every_path_is_stored_as_far_as_it_shows(table):
    """One that goes on beyond stops on its way, outside both panels; none of those comes back."""
    for row, (name, said) in enumerate((("free", "unclipped"), ("clipped", "clipped"))):
        w, b = table["w"][:, row], table["b"][:, row]
        out = (w < 3) | (w > 7) | (b < -4) | (b > -1)
        named = [said in text.removeprefix("leaves the map: ").split(" and ") for text in table["leaves"]]
        np.testing.assert_array_equal(named, out.any(axis=1))
        far = (w < 0) | (w > 10) | (b < -6) | (b > 1)
        assert not np.any(far[:, :-1] & ~far[:, 1:])
        shown, true = table[f"map_{name}"], np.stack([b, w], axis=1)
        near = np.broadcast_to(~far[:, None], true.shape)
        np.testing.assert_array_equal(shown[near], true[near])
        assert np.all((shown > [[-6.001], [-0.001]]) & (shown < [[1.001], [10.001]]))
        for f in np.flatnonzero(far.any(axis=1)):
            i = np.argmax(far[f])
            stopped, went = (path[f, :, i] - path[f, :, i - 1] for path in (shown, true))
            assert stopped[0] * went[1] == pytest.approx(stopped[1] * went[0], rel=1e-9)


def test_no_text_is_cut_off_or_lies_on_another(shown):
    fig = shown._scene.fig
    assert sum(1 for ax in fig.axes for _ in texts_of(ax)) > 40
    for setting in ((0.5, "wall", 0.5), (1.0, "steep", 5.0), (0.2, "far", 5.0), (0.0001, "floor", 0.1)):
        shown._scene.move(cliff.compute(*setting))
        assert text_conflicts(fig) == [], setting


def test_examples_in_the_docstrings():
    assert doctest.testmod(cliff).failed == 0
