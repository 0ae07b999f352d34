"""Exercise 3, backpropagation through time by hand: Jacobian, way back, contribution, sum, and SymPy."""

import numpy as np

from rnnlib.activations import sigmoid, tanh
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex03_back import ANY_N, BACK, FACTORS, JACOBIAN, backward, dE_ds, draw_net
from rnnlib.grading.ex03_symbolic import IMMEDIATE, SYMBOLIC, WALK

__all__ = ["TASKS"]


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
            "all states",
            "This is the whole gradient, the sum over all states. Asked for is what s_i alone contributes.",
            lambda i, s, *rest: sum(contribution(j, s, *rest) for j in range(1, len(s))),
            WALK,
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
            "wrong unit",
            "The φ′ of unit q stands in row q, with the weights that leave unit q. Which weights stand inside the φ of this unit?",
            lambda i, s, *rest: np.outer(s[i - 1] * sigmoid.derivative(s[i]), dE_ds(i, s, *rest)),
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


def summed(
    weigh=lambda i, N: 1,
    feeds=lambda x, s: dict(enumerate(x, 1)),
    slope=sigmoid.derivative,
    ends=lambda s, i: s[-1],
):
    """A variant: contributions that count `weigh(i, N)` times, with other feeds, φ′, or states for the error."""

    def variant(x, d_N, s, W_s, W_y):
        total = 0
        for i, fed in feeds(x, s).items():
            row = dE_ds(i, s, W_s, W_y, ends(s, i) @ W_y - d_N) * slope(s[i])
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
            "first only",
            "Only the contribution of s_1 is there. Does `return` stand inside the loop?",
            summed(lambda i, N: i == 1),
        ),
        Mistake(
            "from s_0",
            "The sum begins with s_0. But s_0 is given: no x and no W_x lead to it, and x[-1] is the last input.",
            summed(feeds=lambda x, s: {0: x[-1], **dict(enumerate(x, 1))}),
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
            "wanted output",
            "The chain begins with d_N. `dE_ds` wants ∂E_N/∂y_N, and d_N is only one part of it.",
            lambda x, d_N, s, W_s, W_y: gradient_W_x(x, s[-1] @ W_y - d_N, s, W_s, W_y),
            Section("3", "One error, many places"),
        ),
        Mistake(
            "errors of all steps",
            "Each contribution begins with the error of its own step. There is only one error here, that of the last step.",
            summed(ends=lambda s, i: s[i]),
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
