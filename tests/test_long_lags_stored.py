"""Long lags: what is stored, and what the lesson says of it."""

import numpy as np
import pytest

from rnnlib import data
from rnnlib.experiments import long_lags, race, summaries

STORED = list(long_lags.PARTS)


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


def test_the_papers_numbers_are_those_of_their_tables():
    """Hochreiter and Schmidhuber (1997), tables 1, 7 and 9; ours stand beside them, computed."""
    quoted = [(row.task, row.length, row.solved, row.sequences, row.source[-1]) for row in summaries.PAPERS]
    assert quoted == [
        ("embedded_reber", 1, 100, 8440, "1"),
        ("embedded_reber", 1, 0, None, "1"),
        ("adding", 100, None, 74000, "7"),
        ("temporal_order", 100, None, 31390, "9"),
    ]
