"""`fit`: learns, repeats itself, changes nothing it was given, and says what went wrong."""

from typing import NamedTuple

import numpy as np
import pytest

from rnnlib import tasks
from rnnlib.activations import identity
from rnnlib.cells.feedforward import Feedforward
from rnnlib.cells.rnn import RNN
from rnnlib.losses import squared_error
from rnnlib.network import Network
from rnnlib.optim import SGD, Adam, Momentum
from rnnlib.training import Batch, History, fit


class Run(NamedTuple):
    y: np.ndarray


class Grads(NamedTuple):
    params: tuple


class Line:
    """The smallest thing that can be trained: y = w x, with the input remembered by the run."""

    def forward(self, params, x):
        self.x = x
        return Run(params[0] * x)

    def backward(self, params, run, dE_dy):
        return Grads((np.sum(dE_dy * self.x, keepdims=True)[0, 0],))


START = (np.array([0.0]),)
ONE = Batch(np.ones((1, 1, 1)), np.full((1, 1, 1), 2.0))


def train_echo(cell=None, seed=0, **options):
    rng = np.random.default_rng(seed)
    network = Network((cell or RNN(),))
    params = network.init(rng, 1, (6,), 1)
    settings = {"steps": 40, "optimizer": Adam(0.01), "progress": False} | options
    return network, params, fit(network, params, lambda step: tasks.echo(rng, 12, 8, 1), **settings)


def test_sgd_on_a_line_by_hand():
    """E = ½(w − 2)²: the loss is 2, then w = 0.5 · 2 = 1 and the loss ½, then w = 1.5."""
    params, history = fit(Line(), START, [ONE, ONE], optimizer=SGD(0.5), progress=False)
    assert params[0].tolist() == [1.5]
    assert history.loss.tolist() == [2, 0.5]
    assert history.grad_norm.tolist() == [2, 1]
    assert START[0].tolist() == [0]


def test_clipping_happens_after_the_norm_is_noted():
    params, history = fit(Line(), START, [ONE], optimizer=SGD(0.5), clip=0.1, progress=False)
    assert history.grad_norm.tolist() == [2]
    assert params[0][0] == pytest.approx(0.05)


@pytest.mark.parametrize("cell", [RNN(), Feedforward()])
@pytest.mark.parametrize("optimizer", [SGD(0.05), Momentum(0.02), Adam(0.01)])
def test_learns(cell, optimizer):
    rng = np.random.default_rng(0)
    network = Network((cell,))
    params = network.init(rng, 1, (8,), 1)
    options = {"steps": 150, "optimizer": optimizer, "clip": 1.0, "progress": False}
    _, history = fit(network, params, lambda step: tasks.echo(rng, 12, 16, 0), **options)
    assert history.loss[-10:].mean() < 0.1 * history.loss[:3].mean()


def test_only_the_recurrent_net_learns_an_echo():
    losses = [train_echo(cell, steps=300)[2][1].loss[-20:].mean() for cell in (RNN(), Feedforward())]
    # Guessing zero costs (1/6) for each of the 11 targets.
    assert losses[0] < 0.1 * 11 / 6
    assert losses[1] > 0.9 * 11 / 6


def addition_right(cell, T):
    """Train on sums of 2 to 12 steps; return the share of new sums of T steps with every digit right."""
    rng, network = np.random.default_rng(0), Network((cell,), bias_y=True)
    options = {"optimizer": Adam(0.005), "clip": 1.0, "steps": 1200, "progress": False}

    def batch(step):
        return tasks.addition(rng, 12, 32, rng.integers(2, 13, 32))

    params, _ = fit(network, network.init(rng, 2, 16, 1), batch, **options)
    x, d, _ = tasks.addition(np.random.default_rng(1000), T, 1000)
    return np.all((network.forward(params, x).y > 0.5) == d, axis=(0, 2)).mean()


def test_addition_is_learned_and_holds_for_longer_numbers():
    """Without memory only sums that carry nothing come out right: 0.75¹¹ = 4 % of them."""
    assert addition_right(RNN(), T=100) >= 0.99
    assert addition_right(Feedforward(), T=12) < 0.1


def test_two_layers():
    rng = np.random.default_rng(0)
    network = Network((RNN(), RNN()))
    params = network.init(rng, 1, (5, 4), 1)
    trained, history = fit(network, params, lambda step: tasks.echo(rng, 8, 4, 1), steps=3, progress=False)
    assert type(trained) is type(params)
    assert history.loss.shape == (3,)


def test_history_has_one_entry_a_step():
    _, _, (_, history) = train_echo(steps=5)
    assert isinstance(history, History)
    assert [column.shape for column in history] == [(5,)] * 3
    assert np.all(np.diff(history.seconds) > 0)


def test_whoever_watches_sees_every_loss_as_it_comes():
    seen = []

    def batches(step):
        assert len(seen) == step
        return ONE

    _, history = fit(Line(), START, batches, steps=5, progress=False, watch=seen.append)
    assert seen == history.loss.tolist()


def leaves(tree):
    if isinstance(tree, tuple):
        return [leaf for child in tree for leaf in leaves(child)]
    return [] if tree is None else [tree]


def test_the_seed_and_nothing_else_decides():
    runs = [train_echo(seed=3)[2], train_echo(seed=3, progress=True)[2]]
    for a, b in zip(leaves(runs[0][0]), leaves(runs[1][0]), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(runs[0][1].loss, runs[1][1].loss)
    assert not np.array_equal(runs[0][1].loss, train_echo(seed=4)[2][1].loss)


def test_nothing_is_changed_in_place():
    rng = np.random.default_rng(0)
    network = Network((RNN(),))
    params, batch = network.init(rng, 1, (4,), 1), tasks.echo(rng, 6, 3, 2)
    before = [leaf.copy() for leaf in leaves((params, tuple(batch)))]
    fit(network, params, [batch] * 5, progress=False, clip=0.1)
    for old, now in zip(before, leaves((params, tuple(batch))), strict=True):
        np.testing.assert_array_equal(old, now)


def test_float32_stays_float32():
    rng = np.random.default_rng(0)
    network = Network((RNN(),))
    params = network.init(rng, 1, (4,), 1, dtype=np.float32)
    trained, _ = fit(
        network, params, lambda step: tasks.echo(rng, 6, 3, 2, np.float32), steps=3, clip=0.1, progress=False
    )
    assert {leaf.dtype for leaf in leaves(trained)} == {np.dtype(np.float32)}


def test_the_bar_is_text_on_stdout(capsys):
    train_echo(progress=True)
    shown = capsys.readouterr()
    assert "training" in shown.out
    assert "40/40" in shown.out
    assert "loss" in shown.out
    assert shown.err == ""
    train_echo(progress=False)
    assert capsys.readouterr().out == ""


def test_batches_may_be_a_generator_and_steps_may_end_it_early():
    drawn = []

    def endless():
        while True:
            drawn.append(ONE)
            yield ONE

    _, history = fit(Line(), START, endless(), steps=3, progress=False)
    assert len(history.loss) == len(drawn) == 3
    _, history = fit(Line(), START, iter([ONE, ONE]), progress=False)
    assert len(history.loss) == 2


def test_a_batch_without_a_mask_may_be_a_pair():
    _, history = fit(Line(), START, [(ONE.x, ONE.d)], progress=False)
    assert history.loss.tolist() == [2]


@pytest.mark.parametrize("batches", [[], iter([])])
def test_no_batch(batches):
    with pytest.raises(ValueError, match="batches has no batch; expected at least 1"):
        fit(Line(), START, batches, progress=False)


def test_too_few_batches():
    with pytest.raises(ValueError, match="batches ended after 2; expected steps = 5"):
        fit(Line(), START, [ONE, ONE], steps=5, progress=False)


def test_a_function_needs_steps():
    with pytest.raises(ValueError, match="steps is None; expected a number of steps"):
        fit(Line(), START, lambda step: ONE, progress=False)


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, "ten"])
def test_bad_steps(steps):
    with pytest.raises(ValueError, match="steps is .*expected a whole number >= 1"):
        fit(Line(), START, [ONE], steps=steps, progress=False)


def test_bad_clip():
    with pytest.raises(ValueError, match="threshold is 0"):
        fit(Line(), START, [ONE], clip=0, progress=False)


def test_divergence_is_named_with_its_step():
    with pytest.raises(
        FloatingPointError, match="at step [0-9]+: the loss is inf.*a step earlier.*smaller learning rate"
    ):
        fit(Line(), START, [ONE] * 2000, optimizer=SGD(1e3), progress=False)


def test_a_gradient_that_is_not_finite():
    def broken(y, d, mask):
        return 1.0, np.full_like(y, np.nan)

    with pytest.raises(FloatingPointError, match="at step 0: the gradient norm is nan"):
        fit(Line(), START, [ONE], loss=broken, progress=False)


def test_a_network_that_diverges():
    with pytest.raises(FloatingPointError, match=r"at step [1-9][0-9]*: .*clip the gradient"):
        train_echo(RNN(phi=identity), optimizer=SGD(5.0), steps=400)


def test_the_default_loss_is_the_squared_error():
    E, _ = squared_error(np.zeros((1, 1, 1)), ONE.d)
    assert fit(Line(), START, [ONE], progress=False)[1].loss[0] == E


def test_what_is_wrong_with_a_batch_comes_with_its_step():
    network, params, _ = train_echo(steps=1)
    good, bad = tasks.echo(np.random.default_rng(0), 12, 8, 1), np.full((12, 8, 1), np.nan)
    with pytest.raises(ValueError, match=r"^at step 1: x\[0, 0, 0\] is nan; .*loss"):
        fit(network, params, [good, good._replace(x=bad)], progress=False)


def test_parameters_that_the_last_step_made_infinite_are_no_result():
    network, params, _ = train_echo(steps=1)
    batch = tasks.echo(np.random.default_rng(0), 12, 8, 1)
    with pytest.raises(FloatingPointError, match="after step 0 the length of the parameters is inf"):
        fit(network, params, [batch], optimizer=SGD(1e308), progress=False)


def test_a_single_batch_is_no_list_of_them():
    network, params, _ = train_echo(steps=1)
    batch = Batch(*tasks.echo(np.random.default_rng(0), 12, 8, 1))
    with pytest.raises(TypeError, match=r"batches is one Batch; expected several, such as \[batch\]"):
        fit(network, params, batch, progress=False)
