"""Exercise 3, backpropagation through time by hand: Jacobian, way back, contribution, sum, and SymPy."""

import numpy as np

from rnnlib.activations import sigmoid, tanh
from rnnlib.cells.rnn import RNN, RNNParams, RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex03_symbolic import IMMEDIATE, SYMBOLIC, WALK

__all__ = ["TASKS"]

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
    ),
    reread=ANY_N,
    uses=("jacobian",),
)


# 3. What one state contributes


def draw_inner(rng, trial):
    """A state that has others before and after it."""
    net = draw_net(rng, trial)
    i = 1 if trial == 0 else rng.integers(2, len(net["s"]) - 1)
    return {"i": int(i), **net}


def contribution(i, s, W_s, W_y, dE_dy):
    row, two = dE_ds(i, s, W_s, W_y, dE_dy)[None], np.asarray(s)[i - 1 : i + 1, None]
    return backward(np.zeros((1, 1, 1)), two, W_s, row).params.W_s


def ended(fed=-1, at=0, slope=sigmoid.derivative, last=False):
    """A variant: the state `fed` steps from i in the last factor, φ′ of the one `at` steps from i."""

    def variant(i, s, *rest):
        row = dE_ds(len(s) - 1 if last else i, s, *rest)
        return np.outer(s[i + fed], row * slope(s[i + at]))

    return variant


CONTRIBUTION = Task(
    title="what one state contributes",
    function="contribution",
    returns=("the contribution (n_s, n_s)",),
    draw=draw_inner,
    reference=contribution,
    mistakes=(
        Mistake(
            "total",
            "The last factor is the total derivative: it lets the states before s_i move too, and each of them has a contribution of its own. Hold s_{i-1} fixed.",
            lambda i, *rest: sum(contribution(j, *rest) for j in range(1, i + 1)),
            IMMEDIATE,
        ),
        Mistake(
            "s_i",
            "The last factor holds s_i itself. It has to hold what W_s is multiplied by on the way to s_i.",
            ended(fed=0),
            WALK,
        ),
        Mistake(
            "transposed",
            "This is transposed: row p, column q belongs to the weight from unit p of s_{i-1} to unit q of s_i.",
            lambda *given: contribution(*given).T,
        ),
        Mistake(
            "no slope",
            "The last factor lacks φ′: W_s stands inside φ.",
            ended(slope=np.ones_like),
        ),
        Mistake(
            "slope before",
            "φ′ is taken one step too early. The φ around the product s_{i-1} W_s is the one that makes s_i.",
            ended(at=-1),
        ),
        Mistake(
            "too far",
            "The way back goes on to the state before s_i. The chain has to leave the states at s_i: from there to W_s, not to s_{i-1}.",
            lambda i, s, *rest: np.outer(s[i - 1], dE_ds(i - 1, s, *rest)),
            WALK,
        ),
        Mistake(
            "no way back",
            "The way from s_N back to s_i is missing: this state is treated as if it were the last.",
            ended(last=True),
            WALK,
        ),
        Mistake(
            "tanh",
            "The last factor has the derivative of tanh, as in lesson 3. The net of this exercise has φ = σ.",
            ended(slope=tanh.derivative),
        ),
    ),
    reread=FACTORS,
    uses=("jacobian", "dE_ds"),
)


# 4. The whole gradient for W_x


def draw_gradient(rng, trial):
    net = draw_net(rng, trial)
    n_s, n_y = net["W_y"].shape
    x, d_N = rng.normal(size=(len(net["s"]) - 1, n_s + 1)), rng.normal(size=n_y)
    return {"x": x, "d_N": d_N, **{name: net[name] for name in ("s", "W_s", "W_y")}}


def gradient_W_x(x, d_N, s, W_s, W_y):
    last = (s[-1] @ W_y - d_N) @ W_y.T
    return backward(x[:, None], s[:, None], W_s, last[None]).params.W_x


def summed(weigh=lambda i, N: 1, feeds=lambda x, s: dict(enumerate(x, 1)), slope=sigmoid.derivative):
    """A variant: contributions that count `weigh(i, N)` times, with other feeds for the states, or φ′."""

    def variant(x, d_N, s, W_s, W_y):
        dE_dy, total = s[-1] @ W_y - d_N, 0
        for i, fed in feeds(x, s).items():
            row = dE_ds(i, s, W_s, W_y, dE_dy) * slope(s[i])
            total += weigh(i, len(x)) * np.outer(fed, row)
        return total

    return variant


GRADIENT = Task(
    title="the gradient for W_x",
    function="gradient_W_x",
    returns=("dE_N/dW_x (n_x, n_s)",),
    draw=draw_gradient,
    reference=gradient_W_x,
    mistakes=(
        Mistake(
            "last only",
            "Only the contribution of s_N is there. W_x is used at every step, and every use adds its part.",
            summed(lambda i, N: i == N),
            WALK,
        ),
        Mistake(
            "one missing",
            "The contribution of s_N is missing: `range` stops before its end.",
            summed(lambda i, N: i < N),
        ),
        Mistake(
            "mean",
            "This is the mean of the contributions. What does the chain rule do with several ways to one error?",
            summed(lambda i, N: 1 / N),
            WALK,
        ),
        Mistake(
            "total",
            "Early steps are counted again and again: the last factors are total derivatives. Immediate ones belong there.",
            summed(lambda i, N: N - i + 1),
            IMMEDIATE,
        ),
        Mistake(
            "sign",
            "The sign is wrong: E_N grows with y_N where y_N is above d_N.",
            lambda *given: -gradient_W_x(*given),
            Section("3", "One error, many places"),
        ),
        Mistake(
            "twice",
            "This is twice the gradient. What is the ½ in E_N for?",
            lambda *given: 2 * gradient_W_x(*given),
            Section("3", "One error, many places"),
        ),
        Mistake(
            "wrong input",
            "Each state is paired with the input of the step after it: x[0] is x_1, and it makes s_1.",
            summed(feeds=lambda x, s: dict(enumerate(x))),
        ),
        Mistake(
            "no slope",
            "The last factors lack φ′: W_x stands inside φ.",
            summed(slope=np.ones_like),
            FACTORS,
        ),
        Mistake(
            "W_s",
            "This is the gradient for W_s. One factor of each chain is another one for W_x.",
            summed(feeds=lambda x, s: dict(enumerate(s[:-1], 1))),
            Section("3", "And $W_x$?"),
        ),
    ),
    reread=ANY_N,
    uses=("jacobian", "dE_ds"),
)

TASKS = (JACOBIAN, BACK, CONTRIBUTION, GRADIENT, SYMBOLIC)
