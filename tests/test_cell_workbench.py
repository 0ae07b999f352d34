"""The cell workbench: the stored races sorted by problem and cell, and the explorer that shows them."""

import doctest
import io
import re
from itertools import combinations

import numpy as np
import pytest
import traitlets
from layout import text_conflicts, texts_of
from matplotlib.image import imread

from rnnlib import data
from rnnlib.experiments import LONG_LAGS, race, summaries, workbench
from rnnlib.explorers import cell_workbench
from rnnlib.explorers.base import MAX_TABLE

PROBLEMS, CELLS = workbench.problems(), workbench.cells()
THERE = [part for part in LONG_LAGS if (data.FOLDER / "results" / f"long_lags_{part}.npz").exists()]
PAIRS = [(problem, cell) for problem in PROBLEMS for cell in workbench.cells(problem)]


@pytest.fixture(scope="module")
def shown():
    return cell_workbench.explorer()


def stored(part, cell, j):
    """Return what is stored of one cell on the j-th problem of an experiment, by name, and the settings."""
    arrays, settings = data.load_results(f"long_lags_{part}")
    i = list(settings["cells"]).index(cell)
    names = ("curve", *race.Outcome._fields)
    return {name: arrays[name][i, j] for name in names} | {"edges": arrays["edges"]}, settings


# The stored races


@pytest.mark.parametrize(
    ("problem", "cell", "part", "name", "j"),
    [
        ("latch, lag 30", "LSTM, b_f = 0", "latch", "LSTM, b_f = 0", 4),
        ("latch, lag 30", "GRU, renew", "conventions", "GRU, renew", 0),
        ("grammar, 1 string", "RNN, Elman", "embedded_reber", "RNN, Elman", 0),
        ("temporal order, T = 100", "RNN, ReLU", "temporal_order", "RNN, ReLU", 1),
        ("temporal order, T = 50", cell_workbench.NOTES, "conventions", "LSTM, notes' use gate", 2),
    ],
)
def test_a_cell_is_found_with_its_numbers(problem, cell, part, name, j):
    found, (raw, settings) = workbench.look_up(problem, cell), stored(part, name, j)
    np.testing.assert_array_equal(found.ends, 32 * raw["steps"])
    np.testing.assert_array_equal(found.solved, raw["right"] >= 0.99)
    assert found.allowed == 32 * settings["problems"][j].get("steps", 1000)
    np.testing.assert_array_equal(found.loss[:, -1], raw["error"])
    assert found.sequences[-1] == 32 * raw["steps"].max()
    for loss, curve, error in zip(found.loss, raw["curve"], raw["error"], strict=True):
        taken = np.sum(~np.isnan(curve))
        np.testing.assert_array_equal(loss[:taken], curve[:taken])
        assert set(loss[taken:]) == {error}
    ends = 32 * np.minimum(raw["edges"][1:], raw["steps"].max())
    np.testing.assert_array_equal(found.sequences[:-1], ends[: len(found.sequences) - 1])


def test_the_counts_are_those_of_the_summaries():
    names, checked = {key: name for name, key in workbench.PROBLEMS.items()}, set()
    for row in (row for part in THERE for row in summaries.summary(part)):
        at = names.get((row.task, row.length)), workbench.ALSO_CALLED.get(row.cell, row.cell)
        if at[0] and at not in checked:
            found = workbench.look_up(*at)
            assert (found.solved.sum(), found.to_success) == (row.solved, row.sequences)
            checked.add(at)
    assert checked == set(PAIRS)


def test_trainings_that_share_a_place_are_the_same():
    """One problem means the same to all experiments; none trained a cell longer than the first did."""
    tests, seen = {}, {}
    for part in THERE:
        arrays, settings = data.load_results(f"long_lags_{part}")
        for j, problem in enumerate(settings["problems"]):
            key, allowed = (problem["task"], problem["length"]), problem.get("steps", settings["steps"])
            assert tests.setdefault(key, problem.get("test_length")) == problem.get("test_length")
            for i, cell in enumerate(settings["cells"]):
                place = key, workbench.ALSO_CALLED.get(cell, cell)
                first, first_allowed = seen.setdefault(place, (arrays["steps"][i, j], allowed))
                assert allowed <= first_allowed
                np.testing.assert_array_equal(arrays["steps"][i, j], np.minimum(first, allowed))


def test_names_are_in_order_and_all_of_use():
    kinds = [re.match(r"\w+", cell)[0] for cell in CELLS]
    assert kinds == sorted(kinds, key=["RNN", "LSTM", "GRU"].index)
    assert {cell for _, cell in PAIRS} == set(CELLS)
    assert workbench.cells("latch, lag 100") == [c for c in CELLS if ("latch, lag 100", c) in PAIRS]


def test_what_was_not_trained_is_none_and_what_is_unknown_refused():
    assert workbench.look_up("latch, lag 100", "RNN, Elman") is None
    with pytest.raises(ValueError, match="problem is 'latch'; expected one of latch, lag 10, "):
        workbench.look_up("latch", "RNN")
    with pytest.raises(ValueError, match="cell is 'CNN'; expected one of RNN, "):
        workbench.look_up("latch, lag 30", "CNN")


# The explorer


def loss_at(problem, height):
    """Read a loss off the picture, by two ticks of its axis."""
    ticks = [(h, float(label)) for h, label in cell_workbench._frame(problem)["ticks"]]
    (low, first), (high, last) = ticks[0], ticks[-1]
    return first * (last / first) ** ((np.asarray(height) - low) / (high - low))


@pytest.mark.parametrize(("problem", "cell"), PAIRS[::5])
def test_the_picture_shows_the_stored_losses(problem, cell):
    races = workbench.look_up(problem, cell)
    arrays = cell_workbench.compute(problem, cell, "RNN", "all")
    line, _ = arrays["a_line"]
    np.testing.assert_allclose(line[0], races.sequences)
    np.testing.assert_allclose(np.exp(np.median(np.log(races.loss), axis=0)), loss_at(problem, line[1]))
    corners, points = arrays["a"]["band"], len(races.sequences)
    np.testing.assert_allclose(loss_at(problem, corners[:points, 1]), np.sort(races.loss, axis=0)[1])
    np.testing.assert_allclose(loss_at(problem, corners[points:, 1]), np.sort(races.loss, axis=0)[3, ::-1])
    assert arrays["a"]["done"].shape == arrays["a"]["solved"].shape == (2, races.solved.sum())
    np.testing.assert_array_equal(arrays["a"]["failed"][0], races.ends[~races.solved])
    for seed in range(5):
        own, ring = cell_workbench.compute(problem, "RNN", cell, seed)["b_line"]
        assert ring.tolist() == [[races.ends[seed]], [4 - seed]]
        assert own[0, -1] == races.ends[seed]
        assert np.all(np.diff(own[0]) >= 0)
        assert loss_at(problem, own[1, -1]) == pytest.approx(races.loss[seed, -1])
        np.testing.assert_allclose(loss_at(problem, own[1, :-1]), races.loss[seed, : own.shape[1] - 1])


@pytest.mark.parametrize("problem", PROBLEMS)
def test_guessing_is_where_its_loss_is(problem):
    frame, chance = cell_workbench._frame(problem), race.TASKS[workbench.PROBLEMS[problem][0]].chance
    if chance is None:
        assert (frame["chance"], frame["guess"]) == (None, "")
    else:
        assert loss_at(problem, frame["chance"]) == pytest.approx(chance)
        assert frame["guess"]
    assert 2 <= len(frame["ticks"]) <= cell_workbench.TICKS


@pytest.fixture(scope="module")
def scene(shown):
    """Return the explorer's own figure, laid out once for all settings, and its artists."""
    return shown._scene.fig, shown._scene.artists


def test_nothing_overlaps_and_nothing_is_cut_off_anywhere(scene):
    fig, artists = scene
    curves, strip = fig.axes
    for problem in PROBLEMS:
        for cell in CELLS:
            cell_workbench.move(artists, cell_workbench.compute(problem, cell, cell, "all"))
            assert text_conflicts(fig) == [], (problem, cell)
            assert sum(1 for ax in fig.axes for _ in texts_of(ax)) >= 12
            for ax, names in ((curves, ("done", "failed")), (strip, ("solved", "unsolved"))):
                for line in (artists["a"][name] for name in names if artists["a"][name].get_visible()):
                    inside = ax.bbox.count_contains(points_of(line))
                    assert inside == len(points_of(line)), (problem, cell)


def test_each_cell_has_its_row_of_the_strip_with_a_place_for_each_seed(scene):
    _, artists = scene
    problem, a, b = "latch, lag 60", "RNN", "GRU"
    cell_workbench.move(artists, cell_workbench.compute(problem, a, b, 1))
    for slot, cell, top in (("a", a, 10), ("b", b, 4)):
        races = workbench.look_up(problem, cell)
        places = {}
        for name in ("solved", "unsolved"):
            places |= {top - y: (x, name) for x, y in artists[slot][name].get_xydata()}
        expected = [(end, "solved" if well else "unsolved") for end, well in zip(*races[2:4], strict=True)]
        assert [places[seed] for seed in range(5)] == expected
        assert artists[f"{slot}_line"]["ring"].get_xydata().tolist() == [[races.ends[1], top - 1]]
        assert artists[slot]["count"].get_text() == f"{races.solved.sum()} of 5\nsolved"
        assert artists[slot]["name"].get_text() == f"{slot.upper()}: {cell}"


def test_hardly_a_curve_leaves_the_picture_and_none_downward():
    heights = [cell_workbench._cell(problem, cell)["thin"][1] for problem, cell in PAIRS]
    assert all(np.nanmin(of_one) > 0 for of_one in heights)
    leaving = [np.nanmax(of_one) > cell_workbench.TOP for of_one in heights]
    assert sum(leaving) == 4


def points_of(line):
    points = line.get_transform().transform(line.get_xydata())
    return points[np.isfinite(points).all(axis=1)]


def test_no_curve_meets_the_words_for_what_is_not_there(scene):
    fig, artists = scene
    missing = 0
    for problem, cell in PAIRS:
        absent = next((c for c in CELLS if (problem, c) not in PAIRS), None)
        if absent is None:
            continue
        missing += 1
        cell_workbench.move(artists, cell_workbench.compute(problem, cell, absent, "all"))
        fig.canvas.draw()
        seen = {key: artist.get_visible() for key, artist in artists["b"].items()}
        assert {key for key in seen if seen[key]} == {"absent", "unknown", "name", "count"}
        assert not artists["b_line"]["line"].get_visible()
        places = [artists["b"][key].get_window_extent() for key in ("absent", "unknown")]
        thin = points_of(artists["a"]["thin"])
        steps = np.linspace(thin[:-1], thin[1:], 30).reshape(-1, 2)
        assert all(place.count_contains(steps) == 0 for place in places), (problem, cell)
    assert missing > 20


def test_the_words_carry_the_numbers(shown):
    shown.seeds = "all"
    for problem, cell in PAIRS:
        shown.problem, shown.a, shown.b = problem, cell, CELLS[0]
        races, (_, a, b) = workbench.look_up(problem, cell), re.split(r"(?=[AB], [RLG])", shown.words)
        assert a.startswith(f"A, {cell_workbench.typeset(cell)}: ")
        assert b.startswith(f"B, {CELLS[0]}: ")
        count = f"{races.solved.sum() or 'none'} of 5 seeds solved it within {races.allowed:,} sequences"
        assert count + (f", after {races.to_success:,} in" if races.solved.any() else "") in a
        early = sum(~races.solved & (races.ends < races.allowed))
        assert (f"; {early} ended early on 16 faultless batches, but failed the test." in a) == bool(early)
    shown.seeds = 2
    verdict = "solved it" if races.solved[2] else "had not"
    assert f"seed 2 {verdict} after {races.ends[2]:,.0f}." in shown.words


def test_what_was_not_trained_is_said(shown):
    shown.problem, shown.a, shown.b = "latch, lag 100", "RNN", "RNN, Elman"
    assert shown.words.endswith("B, RNN, Elman: not trained on this problem. ")


def test_presets_do_what_they_are_called(shown):
    at = {label: [workbench.look_up(problem, cell) for cell in cells]
          for label, (problem, *cells) in cell_workbench.PRESETS.items()}  # fmt: skip
    counts = {label: tuple(int(races.solved.sum()) for races in pair) for label, pair in at.items()}
    for label in ("b_f = 0 never learns", "but here it fails"):
        assert counts[label] == (0, 5)
    assert counts["adding: ignore gates start closed"] == (0, 4)
    for label in ("renew, wrong sign", "notes' use gate"):
        assert counts[label] == (5, 0)
    for label in ("keep or renew", "a plain RNN is quicker"):
        assert counts[label] == (5, 5)
    assert counts["forget gate off"] == (3, 5)
    one, other = (races.to_success for races in at["keep or renew"])
    assert one == pytest.approx(other, rel=0.05)
    rnn, lstm = at["a plain RNN is quicker"]
    assert rnn.to_success < 0.7 * lstm.to_success
    assert len(shown._spec["presets"]) == len(counts)
    start = {name: control.value for name, control in shown.controls.items()}
    assert tuple(start.values()) == (*next(iter(cell_workbench.PRESETS.values())), "all")


def test_the_title_holds():
    """On some problem another cell solves it more often, or as often and much sooner."""
    for cell in CELLS:
        own = [(p, workbench.look_up(p, cell)) for p in workbench.problems() if (p, cell) in PAIRS]
        others = [(races, workbench.look_up(p, c)) for p, races in own for c in workbench.cells(p)]
        assert any(is_better(other, races) for races, other in others), cell


def is_better(one, other):
    solved = [int(races.solved.sum()) for races in (one, other)]
    return solved[0] > solved[1] or (solved[0] == solved[1] > 0 and one.to_success < 0.8 * other.to_success)


def test_refuses_what_is_off_the_grid(shown):
    for name, value in (("problem", "echo"), ("a", "CNN"), ("b", 3), ("seeds", 5), ("seeds", "none")):
        with pytest.raises(traitlets.TraitError, match=f"{name} got"):
            setattr(shown, name, value)


def test_the_table_is_small_and_the_picture_moves(shown):
    assert len(shown._frames) < MAX_TABLE / 1.5
    start = {"problem": "latch, lag 30", "a": "LSTM, b_f = 0", "b": "LSTM, b_f = 5", "seeds": "all"}
    changes = [{}, {"problem": "latch, lag 100"}, {"a": "RNN"}, {"b": "GRU"}, {"seeds": 3}]
    pictures = []
    for change in changes:
        for name, value in (start | change).items():
            setattr(shown, name, value)
        pictures.append(imread(io.BytesIO(shown.picture())))
    assert all(np.abs(one - other).max() > 0.3 for one, other in combinations(pictures, 2))


def test_examples_in_the_docstrings():
    assert doctest.testmod(cell_workbench).failed == 0
