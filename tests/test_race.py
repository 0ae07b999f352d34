"""One training in a race: what counts as right, when it ends, and that each cell is what it is called."""

import numpy as np
import pytest

from rnnlib import GRU, LSTM, RNN, Batch, bptt, tasks
from rnnlib.experiments import _training, race

EASY = {"task": "latch", "length": 2}


def drawn(task, length, B=200):
    return race.TASKS[task].draw(np.random.default_rng(0), length, B, dtype=np.float64)


def answers(task, batch):
    """Outputs that are right everywhere: the target, or ones at the class or at the legal successors."""
    if task == "embedded_reber":
        return tasks.legal_successors(batch.x).astype(float)
    return np.eye(4)[batch.d] if task == "temporal_order" else batch.d.copy()


CASES = [("latch", 4), ("two_sequence", 4), ("adding", 12), ("temporal_order", 24), ("embedded_reber", 2)]
every_task = pytest.mark.parametrize(("task", "length"), CASES)


# What is right


@every_task
def test_the_target_is_right_and_its_opposite_is_wrong(task, length):
    batch, right = drawn(task, length), race.TASKS[task].right
    y = answers(task, batch)
    assert right(y, batch).shape == (200,)
    assert right(y, batch).all()
    assert not right(-y, batch).any()


@every_task
def test_silence_is_not_right(task, length):
    batch = drawn(task, length)
    found = race.TASKS[task].right(np.zeros_like(answers(task, batch)), batch)
    assert found.mean() == pytest.approx(0.25 if task == "temporal_order" else 0, abs=0.08)


@every_task
def test_one_wrong_sequence_is_found_and_no_other(task, length):
    batch = drawn(task, length)
    y = answers(task, batch)
    y[:, 7] *= -1
    assert np.flatnonzero(~race.TASKS[task].right(y, batch)).tolist() == [7]


def test_a_sum_may_be_off_by_less_than_eight_hundredths():
    d = np.full((1, 4, 1), 0.5)
    y = d + np.array([-0.081, -0.079, 0.079, 0.081])[:, None]
    assert race.is_close(y, Batch(np.zeros((1, 4, 2)), d)).tolist() == [False, True, True, False]


def test_a_string_is_wrong_by_its_outer_symbol_alone():
    """The net that knows the inner grammar and forgets the second symbol is never right."""
    batch = drawn("embedded_reber", 1)
    legal = answers("embedded_reber", batch)
    last = batch.mask.sum(axis=0) - 2, np.arange(200)
    T, P = (tasks.REBER_SYMBOLS.index(symbol) for symbol in "TP")
    legal[(*last, T)], legal[(*last, P)] = legal[(*last, P)], legal[(*last, T)]
    assert not race.successors_are_right(legal, batch).any()
    legal[(*last, T)] = legal[(*last, P)] = 1
    assert not race.successors_are_right(legal, batch).any()


def test_after_the_end_of_a_string_nothing_is_asked():
    batch = drawn("embedded_reber", 1)
    y = np.where(batch.mask[..., None], answers("embedded_reber", batch), np.nan)
    assert race.successors_are_right(y, batch).all()


def test_chance_is_what_the_best_constant_costs():
    for task, length, y in (("latch", 2, 0.0), ("two_sequence", 2, 0.0), ("adding", 10, 1.0)):
        batch = drawn(task, length, 20_000)
        E = race.TASKS[task].loss(np.full(batch.d.shape, y), batch.d, batch.mask)[0]
        assert race.TASKS[task].chance == pytest.approx(E, rel=0.02)
    batch = drawn("temporal_order", 20, 50)
    E = race.TASKS["temporal_order"].loss(np.zeros((20, 50, 4)), batch.d, batch.mask)[0]
    assert race.TASKS["temporal_order"].chance == pytest.approx(E)


# When a training ends


class Script:
    """Batches and answers that are right as the script says."""

    def __init__(self, script, **options):
        self.script, self.drawn = script, 0
        self.batches = _training.UntilDone(
            draw=self.draw,
            loss=lambda y, d, mask: (float(len(self.script)), None),
            right=lambda y, batch: self.script[batch],
            **{"steps": len(script), "streak": 3} | options,
        )

    def draw(self):
        self.drawn += 1
        return self.drawn - 1

    def steps(self):
        for _ in self.batches:
            self.batches.loss(None, None, None)
        return self.drawn


@pytest.mark.parametrize(
    ("script", "steps"), [("111000", 3), ("1101110", 6), ("110110", 6), ("0000111", 7), ("000", 3)]
)
def test_training_ends_after_three_right_batches_in_a_row_or_with_the_last_step(script, steps):
    assert Script([letter == "1" for letter in script]).steps() == steps


def test_training_ends_when_its_time_is_over_but_not_before_the_first_step(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr(_training.time, "perf_counter", lambda: float(next(now)))
    assert Script([False] * 50, seconds=4.5).steps() == 5
    assert Script([False] * 50, seconds=0.1).steps() == 1


def test_a_net_that_is_done_stops_and_has_solved_its_task():
    outcome, loss = race.run_of(**EASY, seed=0)
    assert outcome.solved
    assert 16 <= outcome.steps == len(loss) < 100
    assert loss[0] > 0.3 > outcome.error


def test_a_net_that_is_not_done_uses_all_its_steps_and_has_not():
    outcome, loss = race.run_of("latch", 40, 0, steps=20, choices={"forget_bias": 0.0})
    assert outcome.steps == len(loss) == 20
    assert outcome.right == pytest.approx(0.5, abs=0.1)
    assert not outcome.solved


def test_an_overflow_is_a_failure_and_not_an_error():
    outcome, loss = race.run_of("adding", 20, 0, steps=30, lr=1e30, clip=None)
    assert np.isnan(outcome.right)
    assert not outcome.solved
    assert outcome.steps == len(loss) < 30


def test_what_is_watched_is_what_is_stored():
    seen = []
    _, loss = race.run_of("adding", 10, 0, watch=seen.append, steps=5)
    assert seen == loss.tolist()


def test_another_length_may_be_tested():
    trained = race.train("embedded_reber", 1, steps=1)
    same, longer = (race.judge(trained, "embedded_reber", 1, test_length=n)[1] for n in (None, 4))
    assert longer > 3 * same


def test_a_run_repeats_itself_and_the_seed_matters():
    (_, first), (_, again), (_, other) = (race.run_of("adding", 12, seed, steps=4) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.any(first == other)


# What is trained


@pytest.mark.parametrize(
    ("settings", "cell"),
    [
        ({}, LSTM()),
        ({"choices": {"forget_bias": 5.0, "hold": {"f": 1.0}}}, LSTM(forget_bias=5.0, hold={"f": 1.0})),
        ({"cell": "GRU", "n_s": 18}, GRU()),
        ({"cell": "RNN"}, RNN()),
    ],
)
def test_the_cell_is_the_one_that_the_settings_name(settings, cell):
    trained = race.train("adding", 10, steps=1, **settings)
    assert trained.network.cells == (cell,)
    assert trained.params.W_y.shape == (settings.get("n_s", 16), 1)
    assert trained.params.W_y.dtype == np.float32


def test_activations_are_named():
    assert (
        race.train("adding", 10, steps=1, choices={"phi": "identity"}).network.cells[0].phi.name == "identity"
    )


@pytest.mark.parametrize(
    ("start", "reach"), [("small", 0.25), ("tiny", 0.1), ("orthogonal", 0), ("identity", 0)]
)
def test_the_starts_of_an_rnn_are_what_they_are_called(start, reach):
    W_s = race.train("adding", 10, cell="RNN", start=start, steps=1, lr=1e-9).params.cells[0].W_s
    assert W_s.dtype == np.float32
    if reach:
        assert 0.9 * reach < np.abs(W_s).max() <= reach
    else:
        np.testing.assert_allclose(W_s @ W_s.T, np.eye(16), atol=1e-5)
        assert np.allclose(W_s, np.eye(16), atol=1e-6) == (start == "identity")


def test_a_parameter_can_start_as_a_number():
    params = race.train("adding", 10, cell="GRU", fill={"b_z": 5.0}, steps=1, lr=1e-9).params.cells[0]
    np.testing.assert_allclose(params.b_z, 5, rtol=1e-6)
    np.testing.assert_allclose(params.b_r, 0, atol=1e-6)


def test_elmans_gradient_takes_the_state_before_for_a_constant():
    rng = np.random.default_rng(0)
    cell, plain = race.Elman(), RNN()
    params, x = cell.init(rng, 2, 3), rng.normal(size=(6, 4, 2))
    run, dE_ds = cell.forward(params, x), rng.normal(size=(6, 4, 3))
    ours, whole = cell.backward(params, run, dE_ds), plain.backward(params, run, dE_ds)
    for got, cut in zip(ours.params, bptt.truncated(plain, params, run, dE_ds, 1), strict=True):
        np.testing.assert_array_equal(got, cut)
    assert not np.allclose(ours.params.W_s, whole.params.W_s)
    np.testing.assert_array_equal(ours.states.s, whole.states.s)


def test_refuses():
    with pytest.raises(
        ValueError, match="task is 'echo'; expected one of latch, two_sequence, embedded_reber, "
    ):
        race.train("echo", 3)
    with pytest.raises(ValueError, match="cell is 'CNN'; expected one of RNN, Elman, LSTM, GRU"):
        race.train("latch", 3, cell="CNN")
    with pytest.raises(
        ValueError, match="start is 'large'; expected one of identity, orthogonal, small, tiny"
    ):
        race.train("latch", 3, cell="RNN", start="large")


def test_a_curve_is_thinned_to_means_and_ends_where_the_training_ended():
    curve = race.thinned(np.arange(7.0), np.array([0, 1, 2, 4, 8, 16]))
    np.testing.assert_array_equal(curve, [0, 1, 2.5, 5, np.nan])
    np.testing.assert_array_equal(race.thinned(np.arange(2.0), np.array([0, 1, 2])), [0, 1])
