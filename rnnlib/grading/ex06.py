"""Exercise 6, vanishing and exploding gradients: a spectral radius, the way back, what is surely gone, clipping.

Task 3 is in `ex06_bound`, tasks 4 and 5 are in `ex06_clipping`.
"""

import numpy as np

from rnnlib import gradients as looked
from rnnlib import weights
from rnnlib.activations import sigmoid, tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex06_bound import ENOUGH, GONE, MOST
from rnnlib.grading.ex06_clipping import ACCUMULATE, CLIP

__all__ = ["TASKS"]

WENT = Section("6", "Where the rest went")


# 1. A spectral radius made to measure


def draw_radius(rng, trial):
    """The largest eigenvalue is one of a complex pair, or (trials 1 and 3) negative, and not the first found.

    The first found is not the one with the largest real part either (trial 1).
    """
    n = 2 if trial == 0 else rng.integers(3, 6)
    W = rng.normal(size=(n, n))
    while not telling(np.linalg.eigvals(W), trial):
        W = rng.normal(size=(n, n))
    return {"W": W, "rho": float(rng.uniform(0.5, 1.3))}


def telling(eigenvalues, trial):
    sizes = np.abs(eigenvalues)
    largest = eigenvalues[sizes.argmax()] / sizes.max()
    kind = largest.real < -0.99 if trial in (1, 3) else 0.2 < abs(largest.real) < 0.9
    not_first = trial != 1 or eigenvalues[0].real < eigenvalues.real.max()
    return kind and not_first and (trial == 0 or sizes[0] < 0.9 * sizes.max())


def with_radius(W, rho):
    return W * (rho / weights.spectral_radius(W))


def divided(size):
    """`with_radius` with another size in the place of the radius."""
    return lambda W, rho: W * (rho / size(W))


def real_radius(answer, _):
    """A complex matrix by its real part: what a learner gets who divides by a complex eigenvalue."""
    return answer.real if isinstance(answer, np.ndarray) and answer.dtype.kind == "c" else answer


RADIUS = Task(
    title="a spectral radius made to measure",
    function="with_radius",
    returns=("W_s (n_s, n_s)",),
    draw=draw_radius,
    reference=with_radius,
    mistakes=(
        Mistake(
            "singular value",
            "This sets the largest singular value. The spectral radius is about eigenvalues, and often smaller.",
            divided(weights.spectral_norm),
            ENOUGH,
        ),
        Mistake(
            "Frobenius",
            "This divides by the length of all entries of W together. The spectral radius is about eigenvalues.",
            divided(np.linalg.norm),
        ),
        Mistake(
            "signed real part",
            "This is the largest real part. A negative or complex eigenvalue can be larger in size.",
            divided(lambda W: np.linalg.eigvals(W).real.max()),
        ),
        Mistake(
            "imaginary part dropped",
            "The imaginary parts are dropped before the size is taken. Both parts of a number make its modulus.",
            divided(lambda W: np.abs(np.linalg.eigvals(W).real).max()),
        ),
        Mistake(
            "eigenvalue itself",
            "This divides by an eigenvalue itself, which may be complex or negative. Its modulus counts.",
            divided(lambda W: np.linalg.eigvals(W).max()),
        ),
        Mistake(
            "largest before the modulus",
            "The largest is picked before its modulus is taken. Of complex numbers NumPy picks by the real part.",
            divided(lambda W: abs(np.linalg.eigvals(W).max())),
        ),
        Mistake(
            "symmetric",
            "eigvalsh is for symmetric matrices. Of any other it reads one half only.",
            divided(lambda W: np.abs(np.linalg.eigvalsh(W)).max()),
        ),
        Mistake(
            "first eigenvalue",
            "This takes the first eigenvalue of the list. They come in no order, and another may be larger.",
            divided(lambda W: abs(np.linalg.eigvals(W)[0])),
        ),
        Mistake(
            "not divided",
            "W is multiplied as if its spectral radius were 1. Find out first what it is.",
            divided(lambda W: 1),
        ),
        Mistake(
            "radius 1",
            "The spectral radius of the result is 1, whatever rho is.",
            lambda W, rho: with_radius(W, 1),
        ),
        Mistake(
            "in place",
            "The result is right, but W itself was overwritten. Whoever called still needs it: make a new matrix.",
            changes=("W",),
        ),
    ),
    reread=Section("6", "One number, forty steps"),
    view=real_radius,
    single=False,
)


# 2. The way back


def draw_reach(rng, trial):
    B, n_s = (1, 2) if trial == 0 else rng.permutation([2, 3, 4])[:2]
    N = 1 if trial == 0 else rng.integers(5, 8)
    return {
        "dE_ds_N": rng.normal(size=(B, n_s)),
        "s": rng.uniform(0.05, 0.95, size=(N + 1, B, n_s)),
        "W_s": 2 * rng.normal(size=(n_s, n_s)),
    }


def reach(dE_ds_N, s, W_s):
    N, B, n_s = len(s) - 1, *dE_ds_N.shape
    params, run = RNNParams(np.zeros((1, n_s)), W_s, np.zeros(n_s)), RNNRun(np.zeros((N, B, 1)), s)
    return looked.by_lag(RNN(sigmoid), params, run, dE_ds_N, per_sequence=True)


def followed(slope=sigmoid.derivative, shift=0, transposed=True):
    """`reach` with another slope, taken at another step, or with W_s as it stands."""

    def variant(dE_ds_N, s, W_s):
        rows, W = [dE_ds_N], W_s.T if transposed else W_s
        for t in range(len(s) - 1, 0, -1):
            rows.append(rows[-1] * slope(s[t - shift]) @ W)
        return np.linalg.norm(rows[::-1], axis=-1)

    return variant


def exchanged(shift=0):
    """`reach` with W_s before the slope, which may be taken at another step."""

    def variant(dE_ds_N, s, W_s):
        rows = [dE_ds_N]
        for t in range(len(s) - 1, 0, -1):
            rows.append(rows[-1] @ W_s.T * sigmoid.derivative(s[t - shift]))
        return np.linalg.norm(rows[::-1], axis=-1)

    return variant


def in_order_of_time(dE_ds_N, s, W_s):
    return reach(dE_ds_N, np.concatenate([s[:1], s[:0:-1]]), W_s)


def product_of_norms(dE_ds_N, s, W_s):
    sizes = np.linalg.norm(sigmoid.derivative(s)[..., None] * W_s.T, 2, axis=(-2, -1))
    sizes = np.concatenate([sizes[1:], np.linalg.norm(dE_ds_N, axis=-1)[None]])
    return np.cumprod(sizes[::-1], axis=0)[::-1]


REACH = Task(
    title="the way back",
    function="reach",
    returns=("‖∂E_N/∂s‖ (N+1, B)",),
    draw=draw_reach,
    reference=reach,
    mistakes=(
        Mistake(
            "slope of tanh",
            "This is the slope of tanh. The units of this net are σ.",
            followed(tanh.derivative),
            MOST,
        ),
        Mistake(
            "no slope",
            "The slope of φ is missing. Each step back passes through W_s and through φ.",
            followed(np.ones_like),
        ),
        Mistake(
            "σ twice",
            "σ is applied to the states once more. They are outputs of σ already.",
            followed(lambda s: sigmoid.derivative(sigmoid(s))),
            MOST,
        ),
        Mistake(
            "slope one step early",
            "The slope is that of the step before: to go from s_t to s_{t-1} you pass through the φ that made s_t.",
            followed(shift=1),
        ),
        Mistake(
            "not transposed",
            "W_s is used as on the way forward. On the way back each unit collects from those that it feeds.",
            followed(transposed=False),
        ),
        Mistake(
            "order exchanged",
            "W_s comes before the slope here. Going back from s_t you meet φ first, and W_s behind it.",
            exchanged(),
        ),
        Mistake(
            "from sum to sum",
            "This is the step from the weighted sum z_t to z_{t-1}. What you carry back are derivatives by s_t.",
            exchanged(shift=1),
        ),
        Mistake(
            "in the order of time",
            "The factors come in the order of time, from step 1 on. The way back begins at step N.",
            in_order_of_time,
        ),
        Mistake(
            "largest slope",
            "Every slope is taken as the largest that σ can have. The states tell how large each one is.",
            followed(lambda s: np.full_like(s, sigmoid.gamma)),
            MOST,
        ),
        Mistake(
            "slopes of one sequence",
            "All sequences get the slopes of the first one. Each has states of its own.",
            followed(lambda s: sigmoid.derivative(s[:1])),
        ),
        Mistake(
            "from N to 0",
            "The rows run from step N to step 0. Row i belongs to s_i.",
            lambda *given: reach(*given)[::-1],
        ),
        Mistake(
            "s_0 missing",
            "One factor is missing: the way back ends at s_1. It goes on to s_0.",
            lambda *given: reach(*given)[1:],
        ),
        Mistake(
            "over the batch",
            "This is one norm for all sequences together. Each sequence has a norm of its own.",
            lambda *given: np.linalg.norm(reach(*given), axis=1),
        ),
        Mistake(
            "set to 1",
            "The gradient is set to 1 at s_N, to see which part is left. Here the norms themselves are asked for.",
            lambda *given: reach(*given) / reach(*given)[-1],
        ),
        Mistake(
            "squared",
            "These norms are missing their square root.",
            lambda *given: reach(*given) ** 2,
        ),
        Mistake(
            "product of norms",
            "Norms are multiplied here. That is a bound: the worst vector of one step is not that of the next.",
            product_of_norms,
            MOST,
        ),
    ),
    reread=WENT,
)

TASKS = (RADIUS, REACH, GONE, CLIP, ACCUMULATE)
