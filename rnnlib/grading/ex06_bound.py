"""Task 3 of exercise 6: after how many steps back a gradient is surely gone."""

import math

import numpy as np

from rnnlib import gradients as looked
from rnnlib import weights
from rnnlib.activations import tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["ENOUGH", "GONE", "MOST"]

MOST = Section("6", "How fast at most")
ENOUGH = Section("6", "Sufficient, and only necessary")

NEVER = 1e9


def draw_gone(rng, trial):
    """γ λ₁ is above 1 in trials 2 and 4, though γ ρ is not, and 1 in trial 6. λ₁ is below and above 1 with γ = 1/4.

    No number of steps is nearly whole, and those that are rounded down and up to the nearest are both there.
    """
    n_s = 2 if trial == 0 else rng.integers(3, 5)
    part = float(10 ** -rng.uniform(6, 9))
    if trial == 6:
        return {"W_s": np.eye(n_s), "gamma": 1.0, "part": part}
    gamma, least, most = (
        (1.0, 0.6, 0.9), (0.25, 0.6, 0.9), (1.0, 1.05, 1.3), (0.25, 0.1, 0.22), (0.25, 1.05, 1.3), (0.6, 0.8, 0.95)
    )[trial]  # fmt: skip
    W_s = weights.recurrent(rng, n_s, norm=1)
    while not (0.3 < weights.spectral_radius(W_s) < 0.7 and np.linalg.norm(W_s) > 1.05):
        W_s = weights.recurrent(rng, n_s, norm=1)
    factor = rng.uniform(least, most)
    if factor < 1:
        rest = rng.uniform(0.2, 0.4) if trial in (0, 3) else rng.uniform(0.6, 0.8)
        part = float(factor ** (steps(factor, part) + rest))
    return {"W_s": W_s * (factor / gamma), "gamma": gamma, "part": part}


def steps(factor, part, rounded=np.ceil):
    return np.inf if factor >= 1 else rounded(np.log(part) / np.log(factor))


def surely_gone(W_s, gamma, part):
    return steps(10 ** looked.bound(RNN(tanh), RNNParams(W_s[:1], W_s, W_s[0]), 1)[0] * gamma, part)


def by(size, power=1):
    """`surely_gone` with another measure of W_s, or another power of γ."""
    return lambda W_s, gamma, part: steps(size(W_s) * gamma**power, part)


def goes_on(logarithm):
    """`surely_gone` without its second case. At a factor of 1 NumPy's logarithms return -inf, Python's raise."""
    return lambda W_s, gamma, part: np.ceil(logarithm(part) / logarithm(gamma * weights.spectral_norm(W_s)))


def only_above_1(W_s, gamma, part):
    factor = gamma * weights.spectral_norm(W_s)
    return np.inf if factor > 1 else int(np.ceil(math.log(part) / math.log(factor)))


def rounding(rounded):
    """`surely_gone` with another way to make a number of steps whole."""
    return lambda W_s, gamma, part: steps(gamma * weights.spectral_norm(W_s), part, rounded)


def by_equal_amounts(W_s, gamma, part):
    factor = gamma * weights.spectral_norm(W_s)
    return np.inf if factor >= 1 else int(np.ceil((1 - part) / (1 - factor)))


def counted(answer, _):
    """Infinity as a large number, which can be compared."""
    return np.clip(answer, -NEVER, NEVER) if isinstance(answer, (int, float, np.number)) else answer


GONE = Task(
    title="surely gone",
    function="surely_gone",
    returns=("the number of steps",),
    draw=draw_gone,
    reference=surely_gone,
    mistakes=(
        Mistake(
            "no γ",
            "The slope of φ has no influence here. Every step back passes through φ too.",
            by(weights.spectral_norm, power=0),
        ),
        Mistake(
            "spectral radius",
            "This goes by the spectral radius. For what a step can do at most, the largest singular value counts.",
            by(weights.spectral_radius),
            ENOUGH,
        ),
        Mistake(
            "Frobenius",
            "This takes the length of all entries of W_s together. A step can never do as much as that.",
            by(np.linalg.norm),
        ),
        Mistake(
            "γ once",
            "γ counts only once. The gradient passes through φ at every step.",
            lambda W_s, gamma, part: steps(weights.spectral_norm(W_s), part / gamma),
        ),
        Mistake(
            "divided by γ",
            "Here a flatter φ lets more of the gradient through. It lets less through.",
            by(weights.spectral_norm, power=-1),
        ),
        Mistake(
            "equal amounts",
            "Here each step takes away the same amount. Each step multiplies by the same factor.",
            by_equal_amounts,
            Section("6", "One number, forty steps"),
        ),
        Mistake(
            "one short",
            "One step short: after so many steps the bound is still above the part.",
            rounding(np.floor),
        ),
        Mistake(
            "nearest",
            "Rounded to the nearest whole number. Sometimes the bound is then still above the part.",
            rounding(np.round),
        ),
        Mistake(
            "not whole",
            "The number of steps is not a whole number. The gradient takes no part of a step.",
            rounding(np.positive),
        ),
        Mistake(
            "one too many",
            "One step too many: the bound has reached the part before. What does the count stand at before any step?",
            rounding(lambda k: np.ceil(k) + 1),
        ),
        Mistake(
            "decided without γ",
            "Whether the bound shrinks at all is decided here without the slope of φ. The rest is right.",
            lambda W_s, *given: np.inf if weights.spectral_norm(W_s) >= 1 else surely_gone(W_s, *given),
            ENOUGH,
        ),
        Mistake(
            "promises too much",
            "With some inputs the bound grows at every step. Then it promises nothing; this still returns a number.",
            goes_on(math.log),
            ENOUGH,
        ),
        Mistake(
            "formula everywhere",
            "The formula is used even where the bound does not shrink. What does the bound promise there?",
            goes_on(np.log),
            ENOUGH,
        ),
        Mistake(
            "neither shrinks nor grows",
            "One case is left out: the bound may neither shrink nor grow. The rest is right.",
            only_above_1,
            ENOUGH,
        ),
    ),
    reread=MOST,
    view=counted,
    trials=7,
)
