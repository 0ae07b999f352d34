"""Lags: what was measured, the code that measured it, and what it says about "8 to 10 steps"."""

import json

import numpy as np
import pytest

from rnnlib import data, experiments, gradients, tasks
from rnnlib.experiments import lags

TINY = {
    "lags": [1, 2],
    "far_lags": [3],
    "seeds": 2,
    "variants": {"plain": {}, "rotated": {"start": "orthogonal"}},
    "two_sequence": ["rotated"],
    "far": ["plain"],
    "steps": 3,
    "guess_trials": 4,
    "test_B": 50,
}


@pytest.fixture(scope="module")
def stored():
    return data.load_results("lags")


STARTS = ["sigmoid, small", "sigmoid, orthogonal", "tanh, tiny", "tanh, small", "tanh, orthogonal"]


def rows(stored, part, names):
    """Outcome of arrays (variants, lags, seeds), of the variants named."""
    arrays, settings = stored
    known = list(settings["variants"]) if part == "latch" else settings[part]
    chosen = [known.index(name) for name in names]
    return lags.Outcome(*(arrays[f"{part}_{field}"][chosen] for field in lags.Outcome._fields))


def learned(stored, name, part="latch"):
    """How many of the ten nets of a variant solve each lag."""
    return rows(stored, part, [name]).solved[0].sum(axis=1).tolist()


# What is stored, and what the lesson says of it


def test_stored_shapes(stored):
    arrays, settings = stored
    shapes = {"latch": (10, 9, 10), "two_sequence": (5, 9, 10), "far": (3, 3, 10)}
    wanted = {f"{part}_{field}": shape for part, shape in shapes.items() for field in lags.Outcome._fields}
    wanted |= dict.fromkeys(["guess_right", "guess_trials"], (2, 12, 10))
    assert {name: array.shape for name, array in arrays.items()} == wanted
    assert all(np.all(np.isfinite(array)) for array in arrays.values())
    files = [data.FOLDER / "results" / f"lags.{kind}" for kind in ("npz", "json")]
    assert sum(file.stat().st_size for file in files) < 40_000
    assert settings.items() >= lags.SETTINGS.items()
    assert settings["cpu_minutes"] < 15
    assert settings["two_sequence"] == STARTS
    assert {"date", "machine", "minutes", "numpy", "python"} <= set(settings)


def test_how_far_a_net_learns_depends_on_its_start(stored):
    """Lags 2, 4, 6, 8, 10, 12, 15, 20, 30: 8 to 10 steps are those of one start, tanh in ±0.1."""
    assert learned(stored, "sigmoid, small") == [10, 9, 0, 0, 0, 0, 0, 0, 0]
    assert learned(stored, "sigmoid, orthogonal") == [10, 10, 2, 0, 0, 0, 0, 0, 0]
    assert learned(stored, "tanh, tiny") == [10, 10, 10, 6, 2, 1, 0, 0, 0]
    assert learned(stored, "tanh, small") == [10, 10, 10, 10, 10, 10, 9, 0, 1]
    assert learned(stored, "tanh, orthogonal") == [10] * 9
    assert learned(stored, "tanh, orthogonal", "far") == [9, 8, 8]


def test_how_far_a_net_learns_depends_on_its_training(stored):
    assert learned(stored, "SGD") == [10, 10, 10, 10, 10, 10, 5, 0, 0]
    assert learned(stored, "no clipping") == learned(stored, "tanh, small")
    assert learned(stored, "5 x steps") == [10, 10, 10, 10, 10, 10, 10, 8, 5]
    assert learned(stored, "4 x rate") == [10, 10, 10, 10, 10, 10, 9, 10, 10]
    assert learned(stored, "4 x rate", "far") == [8, 7, 8]


@pytest.mark.parametrize("task", ["latch", "two_sequence"])
def test_a_threshold_of_the_gradient_fits_all_starts_and_no_threshold_of_the_lag_does(stored, task):
    outcome = rows(stored, task, STARTS)
    rate, left = outcome.solved.mean(axis=2), np.median(outcome.before, axis=2)
    assert np.all(rate[left > 2e-4] >= 0.8)
    assert np.all(rate[left < 1e-6] <= 0.2)
    assert {0.0, 1.0} <= set(rate[:, stored[1]["lags"].index(8)])


def test_the_gradient_shrinks_by_a_factor_at_every_step(stored):
    """As a geometric sequence: about 1/2 a step in a small start, 1/7 with sigmoid."""
    _, settings = stored
    left = np.log10(np.median(rows(stored, "latch", ["tanh, small", "sigmoid, small"]).before, axis=2))
    slopes = [np.polyfit(settings["lags"], row, 1)[0] for row in left]
    assert 10 ** np.array(slopes) == pytest.approx([0.57, 0.14], abs=0.03)


def test_beyond_the_gradient_it_is_search(stored):
    """At the large rate nets hold a bit over 100 steps, and so they do where nothing can be learned."""
    fast = rows(stored, "far", ["4 x rate", "4 x rate, coin flips"])
    assert np.median(fast.before[0, 2]) < 1e-20
    assert fast.held.sum(axis=2).tolist() == [[8, 7, 8], [2, 6, 7]]
    assert rows(stored, "latch", ["4 x rate, coin flips"]).held.sum() == 12
    assert np.all(fast.steps[1] == 1000)


def test_a_net_that_holds_the_bit_may_have_no_gradient_left(stored):
    fast = rows(stored, "latch", ["4 x rate", "tanh, orthogonal"])
    assert np.median(fast.after[0, 8][fast.solved[0, 8]]) < 1e-10
    assert np.median(fast.after[1, 8][fast.solved[1, 8]]) > 1


def test_one_unit_is_guessed_and_sixteen_are_not(stored):
    arrays, settings = stored
    assert settings["guess_n_s"] == [1, 16]
    done = (arrays["guess_right"] >= lags.SOLVED).sum(axis=2)
    assert done[0].tolist() == [10] * 12
    assert done[1, 1:].sum() == 1
    assert arrays["guess_trials"][0].mean() == pytest.approx(111, abs=1)


def test_a_net_that_stops_early_is_right_with_one_exception(stored):
    arrays, settings = stored
    allowed = [variant.get("steps", 1000) for variant in settings["variants"].values()]
    early = arrays["latch_steps"] < np.array(allowed)[:, None, None]
    assert arrays["latch_right"][early].min() >= lags.SOLVED
    for part in ("two_sequence", "far"):
        assert arrays[f"{part}_right"][arrays[f"{part}_steps"] < 1000].min() > 0.98


@pytest.mark.parametrize("name", ["tanh, tiny", "tanh, orthogonal", "SGD"])
def test_a_cell_of_the_table_is_what_the_code_gives(stored, name):
    now = lags.sweep([name], [4], progress=False, seeds=2)
    then = [array[0, 1, 1] for array in rows(stored, "latch", [name])]
    assert [array[0, 0, 1] for array in now] == pytest.approx(then, rel=0.02)


# The code


def test_a_net_that_is_done_stops_and_is_solved():
    trained = lags.train(2, seed=0)
    outcome = lags.judge(trained, 2)
    assert outcome.solved
    assert 16 <= outcome.steps == len(trained.history.loss) < 100
    assert outcome.right > 0.99
    assert trained.history.loss[0] > 0.3


def test_a_net_that_is_not_done_uses_all_its_steps():
    outcome = lags.judge(lags.train(12, phi="sigmoid", steps=40), 12)
    assert outcome.steps == 40
    assert outcome.right == pytest.approx(0.5, abs=0.1)
    assert not outcome.solved


@pytest.mark.parametrize("task", ["latch", "two_sequence"])
def test_training_stops_after_a_streak_without_a_mistake_and_no_earlier(task):
    """Repeat the training with a record of every batch: only the last `streak` of them are all right."""
    right = []
    original = lags._right

    def recorded(y, d):
        right.append(original(y, d) == 1)
        return original(y, d)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lags, "_right", recorded)
        lags.train(3, task=task, streak=7)
    assert all(right[-7:])
    assert not right[-8]
    assert all(not all(right[i : i + 7]) for i in range(len(right) - 7))


@pytest.mark.parametrize("start", ["small", "tiny", "orthogonal"])
def test_the_starts_are_what_they_are_called(start):
    W_s = lags.train(1, start=start, steps=1).start.cells[0].W_s
    if start == "orthogonal":
        np.testing.assert_allclose(W_s @ W_s.T, np.eye(16), atol=1e-12)
    else:
        reach = {"small": 0.25, "tiny": 0.1}[start]
        assert 0.9 * reach < np.abs(W_s).max() <= reach
        assert W_s.std() == pytest.approx(reach / np.sqrt(3), rel=0.15)


def test_the_variants_change_what_they_are_called():
    rng = np.random.default_rng(0)
    trained = lags.train(1, steps=1, optimizer="SGD", lr=0.5, clip=None, phi="sigmoid", n_s=3, B=4)
    network, start = trained.network, trained.start
    assert network.cells[0].phi.name == "sigmoid"
    start_again = network.init(rng, 1, 3, 1)
    np.testing.assert_array_equal(start.cells[0].W_x, start_again.cells[0].W_x)
    rng.uniform(size=(3, 3))
    x, d, mask = tasks.latch(rng, 1, 4)
    run = network.forward(start, x)
    dE_dy = (run.y - d) * mask[..., None] / 4
    grads = network.backward(start, run, dE_dy).params
    np.testing.assert_allclose(trained.params.W_y, start.W_y - 0.5 * grads.W_y, rtol=1e-12)


def test_coin_flips_teach_nothing_about_the_input():
    rng = np.random.default_rng(0)
    x, d, mask = lags._draw(rng, "latch", 2, 20_000, coin=True)
    assert abs(np.mean(x[0] * d[-1])) < 0.02
    assert set(np.unique(d[-1])) == {-1.0, 1.0}
    assert not d[:-1].any()
    assert mask[-1].all()
    outcome = lags.judge(lags.train(2, coin=True, steps=60), 2)
    assert outcome.steps == 60
    assert not outcome.solved


def test_a_net_that_answers_the_opposite_holds_the_bit_too():
    outcome = lags.Outcome(np.array([1.0, 0.99, 0.5, 0.01, 0.0]), *np.zeros((3, 5)))
    assert outcome.solved.tolist() == [True, True, False, False, False]
    assert outcome.held.tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(("task", "first"), [("latch", 1), ("two_sequence", 3)])
def test_the_gradient_is_followed_to_the_last_step_that_matters(task, first):
    """Lag 5 ends at s_1 of the latch, and at s_3 of the 2-sequence problem."""
    trained = lags.train(5, task=task, steps=4)
    outcome = lags.judge(trained, 5, task)
    x = getattr(tasks, task)(np.random.default_rng(1000), 5, 1000).x
    for params, left in ((trained.start, outcome.before), (trained.params, outcome.after)):
        run = trained.network.forward(params, x).runs[0]
        cell = trained.network.cells[0]
        dE_ds = gradients.by_lag(cell, params.cells[0], run)
        assert len(dE_ds) == first + 5 + 1
        assert left == dE_ds[first]


def test_guessing_finds_a_net_that_holds_the_bit():
    right, trials = lags.guess(30, n_s=1)
    assert 1 < trials < 1000
    assert right > 0.99
    again = lags.guess(30, n_s=1, guess_trials=trials - 1)
    assert again[1] == trials - 1
    assert again[0] < 0.99


def test_a_sweep_has_an_entry_for_every_net(capsys):
    outcome = lags.sweep(["tanh, small", "SGD"], [1, 2, 3], seeds=2, steps=2)
    assert outcome.right.shape == outcome.steps.shape == outcome.before.shape == (2, 3, 2)
    assert "12/12" in capsys.readouterr().out
    one = lags.judge(lags.train(3, seed=1, steps=2, optimizer="SGD", lr=0.1), 3)
    np.testing.assert_array_equal([array[1, 2, 1] for array in outcome], one)
    assert outcome.solved.dtype == bool


def test_a_sweep_can_be_watched():
    seen = []
    outcome = lags.sweep(["tanh, small"], [1, 2], progress=False, watch=seen.append, seeds=1)
    assert len(seen) == outcome.steps.sum()
    assert seen[0] > 0.3


def test_a_small_run_is_stored_and_repeats_itself(tmp_path):
    first, settings = experiments.run("lags", tmp_path, progress=False, **TINY)
    again = lags.measure(progress=False, **TINY)
    with np.load(tmp_path / "lags.npz", allow_pickle=False) as file:
        assert set(file.files) == set(first)
        for name, array in first.items():
            np.testing.assert_array_equal(array, again[name])
            np.testing.assert_array_equal(array, file[name])
    assert first["latch_right"].shape == (2, 2, 2)
    assert first["two_sequence_before"].shape == (1, 2, 2)
    assert first["far_steps"].shape == (1, 1, 2)
    assert first["guess_trials"].shape == (2, 3, 2)
    assert json.loads((tmp_path / "lags.json").read_text())["variants"] == settings["variants"]


def test_the_bar_counts_every_net(capsys):
    lags.measure(**TINY)
    assert "26/26" in capsys.readouterr().out  # 2·2·2 + 1·2·2 + 1·1·2 + 2·3·2


def test_refuses():
    with pytest.raises(ValueError, match="start is .large.; expected one of identity, orthogonal, small"):
        lags.train(2, start="large")
    with pytest.raises(ValueError, match="task is 'echo'; expected one of latch, two_sequence"):
        lags.train(2, task="echo")
    with pytest.raises(ValueError, match="no activation is called 'step'"):
        lags.train(2, phi="step")
    with pytest.raises(ValueError, match="optimizer is 'Newton'; expected one of Adam, SGD"):
        lags.train(2, optimizer="Newton")
    with pytest.raises(ValueError, match=r"no variant \['GRU'\]; expected some of sigmoid, small; "):
        lags.sweep(["GRU"], [2], progress=False)
