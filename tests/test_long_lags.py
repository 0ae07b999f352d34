"""Long lags: the races, their summaries, and the numbers that are stored."""

import json

import numpy as np
import pytest

from rnnlib import data, experiments
from rnnlib.experiments import __main__, lags, long_lags, race, summaries

TINY = {
    "seeds": 2,
    "cells": {"one": {}, "other": {"cell": "RNN", "lr": 0.001}, "third": {"cell": "GRU"}},
    "problems": [{"task": "latch", "length": 2, "steps": 4}, {"task": "latch", "length": 3, "steps": 9}],
    "guess_n_s": [1],
    "guess_trials": 3,
    "points": 5,
    "test_B": 50,
}


# The code


def test_a_small_run_is_stored_and_repeats_itself(tmp_path):
    first, settings = experiments.run("long_lags latch", tmp_path, progress=False, **TINY)
    again = long_lags.measure(progress=False, **TINY)
    with np.load(tmp_path / "long_lags_latch.npz", allow_pickle=False) as file:
        assert set(file.files) == set(first)
        for name, array in first.items():
            np.testing.assert_array_equal(array, file[name])
            if name != "cpu_seconds":
                np.testing.assert_array_equal(array, again[name])
    assert first["right"].shape == first["steps"].shape == (3, 2, 2)
    assert first["curve"].shape == (3, 2, 2, len(first["edges"]) - 1)
    assert first["guess_right"].shape == first["guess_trials"].shape == (1, 2, 2)
    assert json.loads((tmp_path / "long_lags_latch.json").read_text())["cells"] == settings["cells"]


def test_every_entry_is_the_run_that_it_stands_for():
    arrays = long_lags.measure(progress=False, **TINY)
    changes = {"cell": "RNN", "lr": 0.001, "steps": 9, "test_B": 50}
    outcome, loss = race.run_of("latch", 3, 1, **changes)
    for field in ("right", "error", "steps"):
        assert arrays[field][1, 1, 1] == np.float32(getattr(outcome, field))
    curve = race.thinned(loss, arrays["edges"])
    np.testing.assert_array_equal(arrays["curve"][1, 1, 1], curve.astype(np.float16))
    guessed = lags.guess(3, 1, n_s=1, guess_trials=3)
    assert (arrays["guess_right"][0, 1, 1], arrays["guess_trials"][0, 1, 1]) == guessed


def test_the_points_of_a_curve_are_close_at_first_and_end_with_the_last_step():
    edges = long_lags.measure(progress=False, **TINY)["edges"]
    assert edges.tolist() == [0, 1, 3, 5, 9]
    curve = long_lags.measure(progress=False, **TINY)["curve"]
    assert np.all(np.isfinite(curve[:, 1]))
    assert np.isnan(curve[:, 0, :, 3]).all()  # 4 steps end before the edge at 5


def test_a_loss_too_large_for_a_stored_curve_is_the_largest_number(monkeypatch):
    lost = race.Outcome(0.5, 1.0, 2, 0.0), np.array([1e6, 1.0])
    monkeypatch.setattr(race, "run_of", lambda **settings: lost)
    curve = long_lags.measure(progress=False, **TINY | {"guess_n_s": []})["curve"]
    assert np.all(curve[..., 0] == 65504)
    assert np.all(curve[..., 1] == 1)


def test_without_guesses_there_are_none():
    arrays = long_lags.measure(progress=False, **TINY | {"guess_n_s": []})
    assert "guess_right" not in arrays


def test_the_bar_counts_every_net(capsys):
    long_lags.measure(**TINY)
    assert "16/16" in capsys.readouterr().out  # 3·2·2 + 1·2·2


@pytest.mark.parametrize("part", long_lags.PARTS)
def test_every_experiment_has_a_live_version(part, capsys):
    seen, cells = [], long_lags.PARTS[part]["cells"]
    live = long_lags.live(part, list(cells)[-1], seconds=0.05, watch=seen.append, test_B=20)
    assert len(seen) == live.outcome.steps >= 1
    assert live.outcome.cpu_seconds < 1.5
    assert 0 <= live.outcome.right <= 1
    assert "step" in capsys.readouterr().out


def test_a_live_net_is_that_of_the_stored_run():
    live = long_lags.live("latch", "LSTM, b_f = 5", seed=1, progress=False, steps=6)
    loss = race.run_of("latch", 30, 1, choices={"forget_bias": 5.0}, steps=6)[1]
    np.testing.assert_array_equal(live.trained.history.loss, loss)


def test_live_refuses():
    with pytest.raises(
        ValueError, match="part is 'echo'; expected one of latch, two_sequence, embedded_reber"
    ):
        long_lags.live("echo", "RNN")
    with pytest.raises(ValueError, match="cell is 'CNN'; expected one of RNN, RNN, small start, "):
        long_lags.live("latch", "CNN")


def test_every_part_changes_settings_that_exist():
    assert tuple(long_lags.PARTS) == experiments.LONG_LAGS
    assert set(long_lags.LIVE) == set(long_lags.PARTS)
    for part in long_lags.PARTS.values():
        assert set(part) <= set(long_lags.SETTINGS)
        for changes in [*part["cells"].values(), *part["problems"]]:
            assert set(changes) - {"task", "length"} <= set(race.SETTINGS)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["echo"], ["echo"]),
        (["long_lags", "adding"], ["long_lags adding"]),
        (
            ["lags", "long_lags", "adding", "latch", "echo"],
            ["lags", "long_lags adding", "long_lags latch", "echo"],
        ),
        (["long_lags", "echo"], [f"long_lags {part}" for part in experiments.LONG_LAGS] + ["echo"]),
    ],
)
def test_the_command_line_names_one_experiment_or_all_of_a_module(words, names, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(__main__, "run", lambda name, folder: (ran.append(name), {"minutes": 1}))
    __main__.main(words)
    assert ran == names
    assert capsys.readouterr().out.count("stored in") == len(names)


@pytest.mark.parametrize(
    "words", [["adding"], ["long_lags", "nothing"], ["echo", "adding"], ["long_lags adding"]]
)
def test_the_command_line_refuses(words, capsys):
    with pytest.raises(SystemExit):
        __main__.main(words)
    assert f"name is {words[-1]!r}; expected one of echo" in capsys.readouterr().err


# The summaries


def results(right, steps, error=0.5):
    """Results of one cell on one problem, a number for each seed."""
    shape = (1, 1, len(right))
    arrays = {"right": right, "steps": steps, "error": np.full(shape, error), "cpu_seconds": steps}
    settings = {"cells": {"one": {}}, "problems": [{"task": "latch", "length": 9}], "B": 10}
    return {name: np.reshape(array, shape) for name, array in arrays.items()}, settings


def test_a_summary_counts_the_solved_and_takes_the_median_of_their_sequences_alone():
    (row,) = summaries.summary("latch", results([1.0, 0.995, 0.98, 0.99], [50, 70, 1, 60]))
    assert row == summaries.Summary("one", "latch", 9, 3, 4, 600, 0.5)


def test_where_nothing_is_solved_there_is_no_median():
    (row,) = summaries.summary("latch", results([0.5, np.nan], [50, 20]))
    assert (row.solved, row.sequences) == (0, None)


def test_guesses_are_counted_by_size_and_averaged_over_those_that_succeeded():
    arrays, settings = results([1.0], [5])
    arrays |= {"guess_right": np.array([[[1.0, 0.5, 1.0]], [[0.5] * 3]])}
    arrays |= {"guess_trials": np.array([[[10, 999, 20]], [[999] * 3]])}
    rows = summaries.guessed("latch", (arrays, settings | {"guess_n_s": [1, 16]}))
    assert rows == [
        summaries.Guessed(1, "latch", 9, 2, 3, 15),
        summaries.Guessed(16, "latch", 9, 0, 3, None),
    ]
    with pytest.raises(ValueError, match="part is 'latch'; expected one in which nets were guessed"):
        summaries.guessed("latch", results([1.0], [5]))


def test_rows_become_a_table():
    rows = summaries.summary("latch", results([1.0], [1234])) + summaries.summary(
        "latch", results([0.5], [9])
    )
    assert summaries.as_markdown(rows).splitlines() == [
        "| cell | task | length | solved | seeds | sequences | error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| one | latch | 9 | 1 | 1 | 12,340 | 0.5 |",
        "| one | latch | 9 | 0 | 1 | – | 0.5 |",
    ]


def test_summary_refuses():
    with pytest.raises(ValueError, match="part is 'echo'; expected one of latch"):
        summaries.summary("echo")


def test_the_papers_numbers_are_those_of_their_tables():
    """Hochreiter and Schmidhuber (1997), tables 1, 7 and 9; ours stand beside them, computed."""
    quoted = [(row.task, row.length, row.solved, row.sequences, row.source[-1]) for row in summaries.PAPERS]
    assert quoted == [
        ("embedded_reber", 1, 100, 8440, "1"),
        ("embedded_reber", 1, 0, None, "1"),
        ("adding", 100, None, 74000, "7"),
        ("temporal_order", 100, None, 31390, "9"),
    ]


# What is stored, and what the lesson says of it

STORED = list(long_lags.PARTS)
STORED += ["gates_off", "conventions"]


def solved(part, length=None):
    """How many of the five nets of each cell solved a problem; of all problems, if no length is given."""
    found = {}
    for row in summaries.summary(part):
        if length in (None, row.length):
            found.setdefault(row.cell, []).append(row.solved)
    return found


@pytest.mark.parametrize("part", STORED)
def test_stored_shapes(part):
    arrays, settings = data.load_results(f"long_lags_{part}")
    shape = len(settings["cells"]), len(settings["problems"]), 5
    assert {arrays[field].shape for field in race.Outcome._fields} == {shape}
    assert arrays["curve"].shape == (*shape, len(arrays["edges"]) - 1)
    assert np.all(np.isfinite(arrays["right"]))  # none overflowed
    assert settings.items() >= (long_lags.SETTINGS | long_lags.PARTS[part]).items()
    assert {"date", "machine", "minutes", "cpu_minutes", "numpy", "python"} <= set(settings)
    assert "guess_right" not in arrays or arrays["guess_right"].shape == (2, *shape[1:])


def test_all_that_is_stored_is_small_and_took_less_than_an_hour():
    files = list((data.FOLDER / "results").glob("long_lags_*"))
    assert len(files) == 2 * len(STORED)
    assert sum(file.stat().st_size for file in files) < 200_000
    assert sum(data.load_results(f"long_lags_{part}")[1]["cpu_minutes"] for part in STORED) < 60


@pytest.mark.parametrize("part", STORED)
def test_steps_curves_and_verdicts_agree(part):
    """A curve has a number for every step that was taken; who stopped early does well in the test."""
    arrays, settings = data.load_results(f"long_lags_{part}")
    ends = np.searchsorted(arrays["edges"], arrays["steps"])
    np.testing.assert_array_equal(np.isfinite(arrays["curve"]).sum(axis=-1), ends)
    allowed = np.array([problem.get("steps", settings["steps"]) for problem in settings["problems"]])
    early = arrays["steps"] < allowed[:, None]
    assert np.all(arrays["steps"] <= allowed[:, None])
    same = [problem.get("test_length") is None for problem in settings["problems"]]
    assert arrays["right"][:, same][early[:, same]].min() > 0.9


def test_the_lag_that_a_cell_learns_depends_on_what_it_keeps_at_first():
    """Lags 2, 5, 10, 20, 30, 60, 100."""
    latch, two = solved("latch"), solved("two_sequence")
    assert latch["LSTM, b_f = 0"] == [5, 5, 5, 1, 0, 0, 0]
    assert latch["GRU"] == [5, 5, 5, 3, 0, 0, 0]
    assert latch["LSTM, b_f = 1"] == two["LSTM, b_f = 1"] == [5, 5, 5, 5, 5, 4, 2]
    for part in (latch, two):
        assert part["LSTM, b_f = 5"] == part["GRU, b_z = 5"] == part["RNN, ReLU"] == [5] * 7
        assert part["LSTM, b_f = 0"][4:] == part["GRU"][4:] == [0, 0, 0]
    assert two["LSTM, no forget gate"] == [5] * 7
    assert latch["LSTM, no forget gate"] == [5] * 6 + [4]


def test_a_simple_rnn_with_an_orthogonal_start_holds_a_bit_as_far_as_an_lstm_with_forget_bias_one():
    assert solved("latch")["RNN"] == [5, 5, 5, 5, 5, 4, 4]
    assert solved("two_sequence")["RNN"] == [5, 5, 5, 5, 4, 3, 3]
    assert solved("latch")["RNN, small start"] == [5, 5, 5, 5, 3, 3, 2]
    assert solved("two_sequence")["RNN, small start"] == [5, 5, 5, 3, 3, 0, 0]


def test_guessing_solves_the_latch_with_one_unit_and_nothing_else():
    latch, two = summaries.guessed("latch"), summaries.guessed("two_sequence")
    assert [row.solved for row in latch if row.units == 1] == [5] * 7
    assert [row.trials for row in latch if row.units == 1] == [44, 61, 69, 99, 130, 142, 156]
    assert [row.solved for row in latch if row.units == 16] == [5] + [0] * 6
    assert {row.solved for row in two} == {0}


def test_the_grammar_is_learned_by_all_that_follow_the_gradient_and_not_by_elmans_way():
    assert [count for (count,) in solved("embedded_reber").values()] == [0, 5, 5, 5, 4, 5, 5, 5, 5, 4]
    elman, rnn = summaries.summary("embedded_reber")[:2]
    assert (elman.cell, elman.sequences) == ("RNN, Elman", None)
    assert (rnn.cell, rnn.sequences) == ("RNN", 7264)
    arrays, _ = data.load_results("long_lags_embedded_reber")
    assert arrays["right"][0] == pytest.approx(0.67, abs=0.1)


def test_no_tanh_rnn_adds_or_tells_the_order():
    for part in ("adding", "temporal_order"):
        assert solved(part)["RNN"] == solved(part)["RNN, small start"] == [0, 0]
    arrays, _ = data.load_results("long_lags_adding")
    chance = race.TASKS["adding"].chance
    assert arrays["error"][:2] == pytest.approx(chance, rel=0.15)


def test_adding_fifty_and_a_hundred_steps():
    assert solved("adding") == {
        "RNN": [0, 0],
        "RNN, small start": [0, 0],
        "RNN, ReLU": [5, 0],
        "LSTM, b_f = 0": [0, 0],
        "LSTM, b_f = 1": [0, 0],
        "LSTM, b_f = 5": [4, 0],
        "LSTM, no forget gate": [4, 0],
        "GRU": [5, 5],
        "GRU, b_z = 5": [4, 5],
    }


def test_the_order_of_two_symbols_in_fifty_and_a_hundred_steps():
    assert solved("temporal_order") == {
        "RNN": [0, 0],
        "RNN, small start": [0, 0],
        "RNN, ReLU": [5, 3],
        "LSTM, b_f = 0": [1, 0],
        "LSTM, b_f = 1": [5, 0],
        "LSTM, b_f = 5": [5, 3],
        "LSTM, no forget gate": [4, 2],
        "GRU": [5, 0],
        "GRU, b_z = 5": [5, 5],
    }


def test_one_gate_open_costs_something_somewhere():
    """Strings of the grammar (tested with four times as many), temporal order, adding."""
    assert solved("gates_off") == {
        "all gates": [3, 5, 5],
        "no ignore gate": [1, 2, 0],
        "no forget gate": [5, 4, 4],
        "no use filter": [3, 4, 1],
        "no output activation": [0, 4, 3],
    }
    arrays, _ = data.load_results("long_lags_gates_off")
    assert np.median(arrays["right"][4, 0]) < 0.6 < 0.92 < arrays["right"][:4, 0].min()


def test_an_input_gate_that_starts_almost_closed_adds_over_a_hundred_steps():
    """Adding in 50 and in 100 steps, temporal order in 100: what was tried for the cells that failed."""
    assert solved("tried") == {
        "RNN, 0.1 x rate": [0, 0, 0],
        "RNN, no clipping": [0, 0, 0],
        "LSTM, b_f = 1, 0.3 x rate": [1, 0, 2],
        "LSTM, b_f = 5, b_i = -3": [5, 4, 4],
        "LSTM of 1997, b_i = -3": [5, 5, 4],
    }


def test_ours_beside_the_papers():
    ours = [row for row in summaries.beside_the_papers() if row.our_net == "LSTM of 1997, b_i = -3"]
    assert [(row.task, row.their_sequences, row.our_sequences) for row in ours] == [
        ("adding", "74,000", "31,648, 5 of 5 solved"),
        ("temporal_order", "31,390", "6,704, 4 of 5 solved"),
    ]
    assert all(row.length == 100 for row in ours)
    reber = summaries.beside_the_papers()[0]
    assert (reber.their_sequences, reber.our_sequences) == ("8,440, 100 % solved", "8,512, 5 of 5 solved")


def test_the_same_training_in_two_experiments_ends_at_the_same_step():
    """Adding and temporal order in 50 steps, by the LSTM that keeps most and that without a forget gate."""
    gates, adding, order = (
        data.load_results(f"long_lags_{p}") for p in ("gates_off", "adding", "temporal_order")
    )
    for gate, cell in (("all gates", "LSTM, b_f = 5"), ("no forget gate", "LSTM, no forget gate")):
        for (arrays, settings), j in ((adding, 2), (order, 1)):
            steps = gates[0]["steps"][list(gates[1]["cells"]).index(gate), j]
            other = arrays["steps"][list(settings["cells"]).index(cell), 0]
            np.testing.assert_array_equal(steps, np.minimum(other, gates[1]["problems"][j]["steps"]))


RERUN = [("latch", "RNN", 0), ("latch", "GRU, b_z = 5", 2), ("embedded_reber", "RNN, Elman", 0)]
RERUN += [("temporal_order", "LSTM, b_f = 5", 0), ("gates_off", "no output activation", 2)]


@pytest.mark.parametrize(("part", "cell", "j"), RERUN)
def test_the_first_steps_are_what_the_code_gives(part, cell, j):
    """The rest follows from them, but for roundings that grow."""
    arrays, settings = data.load_results(f"long_lags_{part}")
    i = list(settings["cells"]).index(cell)
    own = settings | settings["problems"][j] | settings["cells"][cell] | {"steps": 5, "test_B": 10}
    _, loss = race.run_of(seed=3, **own)
    assert arrays["edges"][:6].tolist() == [0, 1, 2, 3, 4, 5]
    assert loss == pytest.approx(arrays["curve"][i, j, 3, :5].astype(float), rel=2e-3)


def test_a_short_training_ends_where_it_ended():
    arrays, _ = data.load_results("long_lags_latch")
    outcome, _ = race.run_of("latch", 2, 1, cell="RNN", n_s=32)
    assert outcome.steps == arrays["steps"][0, 0, 1] < 30
    assert outcome.right == pytest.approx(arrays["right"][0, 0, 1], abs=0.002)


@pytest.mark.parametrize(("part", "low", "high"), [("latch", 1050, 1200), ("temporal_order", 1400, 1700)])
def test_cells_have_about_as_many_weights(part, low, high):
    settings = long_lags.SETTINGS | long_lags.PARTS[part]
    for changes in settings["cells"].values():
        own = settings | settings["problems"][0] | changes | {"steps": 1}
        params = race.train(seed=0, **own).params
        sizes = [np.size(array) for array in (*params.cells[0], params.W_y, params.b_y) if array is not None]
        assert low < sum(sizes) < high
