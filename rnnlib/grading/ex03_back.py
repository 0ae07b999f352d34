"""Exercise 3, its first two tasks: the Jacobian of one step, and the way back from the error to a state."""

import numpy as np

from rnnlib.activations import sigmoid, tanh
from rnnlib.cells.rnn import RNN, RNNParams, RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["ANY_N", "BACK", "FACTORS", "JACOBIAN", "backward", "dE_ds", "draw_net"]

FACTORS = Section("3", "Vectors and numbers")
ANY_N = Section("3", "Any number of steps")


def states(rng, *shape):
    """States of a net with φ = σ."""
    return rng.uniform(0.1, 0.9, size=shape)


def backward(x, s, W_s, dE_dlast):
    """What the engine finds for arrays with a batch axis; the numbers in W_x play no part in it."""
    x, s, W_s = (np.asarray(array, float) for array in (x, s, W_s))
    params = RNNParams(np.zeros((x.shape[-1], len(W_s))), W_s, np.zeros(len(W_s)))
    return RNN(sigmoid).backward(params, RNNRun(x, s), dE_dlast=np.asarray(dE_dlast, float))


# 1. The Jacobian of one step


def draw_jacobian(rng, trial):
    n_s = 2 if trial == 0 else rng.integers(3, 6)
    return {"s_t": states(rng, n_s), "W_s": rng.normal(size=(n_s, n_s))}


def jacobian(s_t, W_s):
    n_s = len(s_t)
    s = np.stack([np.zeros((n_s, n_s)), np.tile(s_t, (n_s, 1))])
    return backward(np.zeros((1, n_s, 1)), s, W_s, np.eye(n_s)).s_0


def one_step(slope, change=np.transpose):
    """φ′ by another function of s_t, times W_s changed in another way."""
    return lambda s_t, W_s: slope(s_t)[:, None] * change(W_s)


JACOBIAN = Task(
    title="the Jacobian of one step",
    function="jacobian",
    returns=("the Jacobian (n_s, n_s)",),
    draw=draw_jacobian,
    reference=jacobian,
    mistakes=(
        Mistake(
            "tanh",
            "This is right for φ = tanh, as in lesson 3. The net of this exercise has φ = σ.",
            one_step(tanh.derivative),
        ),
        Mistake(
            "sigma twice",
            "φ′ is taken as if s_t were the weighted sum z_t. But s_t has been through σ already.",
            one_step(lambda s_t: sigmoid.derivative(sigmoid(s_t))),
        ),
        Mistake(
            "no derivative",
            "φ′ is taken to be s_t. But s_t is what σ returns, not the derivative of σ there.",
            one_step(np.asarray),
        ),
        Mistake(
            "no slope",
            "φ′ is missing: this is how z_t depends on s_{t-1}, not how s_t does.",
            one_step(np.ones_like),
        ),
        Mistake(
            "exchanged",
            "Rows and columns are exchanged: ∂a/∂b has a row for each number of a.",
            lambda *given: jacobian(*given).T,
            Section("3", "The easy one: $W_y$"),
        ),
        Mistake(
            "columns",
            "W_s is used as if states were columns. Here they are rows: which entries of W_s lead to the first unit?",
            one_step(sigmoid.derivative, np.asarray),
        ),
        Mistake(
            "wrong unit",
            "Each φ′ multiplies the entries of another unit: NumPy stretched the vector along the wrong axis.",
            lambda s_t, W_s: W_s.T * sigmoid.derivative(s_t),
        ),
        Mistake(
            "diagonal only",
            "Only the diagonal is left: `*` multiplies entry by entry, so the weights between different units are gone.",
            lambda s_t, W_s: np.diag(sigmoid.derivative(s_t)) * W_s,
        ),
    ),
    reread=FACTORS,
)


# 2. From the error back to a state


def draw_net(rng, trial):
    """States of N steps and the other arrays; n_y = n_s in some trials, so that W_y fits both ways."""
    N, n_s = (1, 2) if trial == 0 else (int(rng.integers(4, 6)), int(rng.integers(3, 5)))
    n_y = n_s if trial % 2 == 0 else n_s - 1
    return {
        "s": states(rng, N + 1, n_s),
        "W_s": rng.normal(size=(n_s, n_s), scale=1.5),
        "W_y": rng.normal(size=(n_s, n_y)),
        "dE_dy": rng.normal(size=n_y),
    }


def draw_state(rng, trial):
    net = draw_net(rng, trial)
    i = 1 - trial if trial < 2 else rng.integers(1, len(net["s"]) - 3)
    return {"i": int(i), **net}


def dE_ds(i, s, W_s, W_y, dE_dy):
    last = np.asarray(dE_dy) @ np.asarray(W_y).T
    return backward(np.zeros((len(s) - 1, 1, 1)), np.asarray(s)[:, None], W_s, last[None]).states.s[i, 0]


def chained(order=lambda ks: ks, factor=jacobian, last=lambda W_y, dE_dy: W_y @ dE_dy):
    """A variant: other steps k out of N, ... i + 1 and i, another factor for a step, another first row."""

    def variant(i, s, W_s, W_y, dE_dy):
        row = last(W_y, dE_dy)
        for k in order(range(len(s) - 1, i, -1)):
            row = row @ factor(s[k], W_s)
        return row

    return variant


BACK = Task(
    title="from the error back to a state",
    function="dE_ds",
    returns=("dE_N/ds_i (n_s,)",),
    draw=draw_state,
    reference=dE_ds,
    mistakes=(
        Mistake(
            "short",
            "The product is one step short: it ends at s_{i+1}. The step from there to s_i is missing.",
            chained(lambda ks: ks[:-1]),
        ),
        Mistake(
            "long",
            "The product is one step too long: it goes on to the state before s_i.",
            chained(lambda ks: range(ks.start, ks.stop - 1, -1)),
        ),
        Mistake(
            "to the start",
            "The product goes back to s_0, whatever i is. The way to s_i ends there.",
            lambda i, *rest: dE_ds(0, *rest),
        ),
        Mistake(
            "order",
            "The Jacobians stand in the wrong order. For matrices it matters: read the chain from the error back in time.",
            chained(lambda ks: ks[::-1]),
        ),
        Mistake(
            "wrong side",
            "The row stands on the wrong side of the Jacobians. With one vector NumPy multiplies both ways and does not complain.",
            chained(factor=lambda *given: jacobian(*given).T),
        ),
        Mistake(
            "states before",
            "Each Jacobian is taken at the state where its step begins. φ′ is known from the state that the step makes.",
            lambda i, s, *rest: dE_ds(i, np.roll(s, 1, axis=0), *rest),
            FACTORS,
        ),
        Mistake(
            "one for all",
            "The same Jacobian is used for every step. W_s is shared by all steps; the states, and so φ′, are not.",
            lambda i, s, *rest: dE_ds(i, np.tile(s[-1], (len(s), 1)), *rest),
        ),
        Mistake(
            "W_y",
            "The first step back, from y_N to s_N, multiplies with W_y itself. What is the Jacobian of y_N = s_N W_y?",
            chained(last=lambda W_y, dE_dy: dE_dy @ W_y),
            Section("3", "The easy one: $W_y$"),
        ),
        Mistake(
            "no readout",
            "The readout is missing: the error reaches s_N through y_N = s_N W_y.",
            chained(last=lambda W_y, dE_dy: dE_dy),
            Section("3", "The easy one: $W_y$"),
        ),
        Mistake(
            "slope in the readout",
            "There is a φ′ between y_N and s_N. The readout has no φ: y_N = s_N W_y.",
            lambda i, s, W_s, W_y, dE_dy: dE_ds(i, s, W_s, W_y * sigmoid.derivative(s[-1])[:, None], dE_dy),
            Section("3", "The easy one: $W_y$"),
        ),
        Mistake(
            "slope at the end",
            "The row ends with a φ′ too many, that of s_i: this is how E_N depends on z_i, inside σ, not on s_i.",
            lambda i, s, *rest: dE_ds(i, s, *rest) * sigmoid.derivative(s[i]),
        ),
        Mistake(
            "added up",
            "The rows of all states from s_N to s_i are added up. For one state there is one chain: a product.",
            lambda i, s, *rest: sum(dE_ds(k, s, *rest) for k in range(i, len(s))),
        ),
    ),
    reread=ANY_N,
    uses=("jacobian",),
)
