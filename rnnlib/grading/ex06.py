"""Exercise 6, vanishing and exploding gradients: a spectral radius, the way back, what is surely gone, clipping.

Tasks 4 and 5 are in `ex06_clipping`.
"""

import numpy as np

from rnnlib import gradients as looked
from rnnlib import weights
from rnnlib.activations import sigmoid, tanh
from rnnlib.cells import RNN, RNNParams
from rnnlib.cells.rnn import RNNRun
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex06_clipping import ACCUMULATE, CLIP

__all__ = ["TASKS"]

WENT = Section("6", "Where the rest went")
MOST = Section("6", "How fast at most")
ENOUGH = Section("6", "Sufficient, and only necessary")


# 1. A spectral radius made to measure


def draw_radius(rng, trial):
    """The largest eigenvalue is one of a complex pair, or (trials 1 and 3) negative, and not the first found."""
    n = 2 if trial == 0 else rng.integers(3, 6)
    W = rng.normal(size=(n, n))
    while not telling(np.linalg.eigvals(W), trial):
        W = rng.normal(size=(n, n))
    return {"W": W, "rho": float(rng.uniform(0.5, 1.3))}


def telling(eigenvalues, trial):
    sizes = np.abs(eigenvalues)
    largest = eigenvalues[sizes.argmax()] / sizes.max()
    kind = largest.real < -0.99 if trial in (1, 3) else 0.2 < abs(largest.real) < 0.9
    return kind and (trial == 0 or sizes[0] < 0.9 * sizes.max())


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


def exchanged(dE_ds_N, s, W_s):
    rows = [dE_ds_N]
    for s_t in s[:0:-1]:
        rows.append(rows[-1] @ W_s.T * sigmoid.derivative(s_t))
    return np.linalg.norm(rows[::-1], axis=-1)


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
            exchanged,
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
            "product of norms",
            "Norms are multiplied here. That is a bound: the worst vector of one step is not that of the next.",
            product_of_norms,
            MOST,
        ),
    ),
    reread=WENT,
)


# 3. Surely gone

NEVER = 1e9


def draw_gone(rng, trial):
    """γ λ₁ above 1 in trials 2 and 4, though γ ρ is below 1 there; λ₁ below and above 1 with γ = 1/4."""
    n_s = 2 if trial == 0 else rng.integers(3, 5)
    gamma, least, most = (
        (1.0, 0.6, 0.9), (0.25, 0.6, 0.9), (1.0, 1.05, 1.3), (0.25, 0.1, 0.22), (0.25, 1.05, 1.3), (0.6, 0.8, 0.95)
    )[trial]  # fmt: skip
    W_s = weights.recurrent(rng, n_s, norm=1)
    while not (0.3 < weights.spectral_radius(W_s) < 0.7 and np.linalg.norm(W_s) > 1.05):
        W_s = weights.recurrent(rng, n_s, norm=1)
    return {
        "W_s": W_s * (rng.uniform(least, most) / gamma),
        "gamma": gamma,
        "part": float(10 ** -rng.uniform(6, 9)),
    }


def steps(factor, part, short=np.ceil):
    return np.inf if factor >= 1 else int(short(np.log(part) / np.log(factor)))


def surely_gone(W_s, gamma, part):
    return steps(10 ** looked.bound(RNN(tanh), RNNParams(W_s[:1], W_s, W_s[0]), 1)[0] * gamma, part)


def by(size, power=1):
    """`surely_gone` with another measure of W_s, or another power of γ."""
    return lambda W_s, gamma, part: steps(size(W_s) * gamma**power, part)


def goes_on(W_s, gamma, part):
    return int(np.ceil(np.log(part) / np.log(gamma * weights.spectral_norm(W_s))))


def by_equal_amounts(W_s, gamma, part):
    factor = gamma * weights.spectral_norm(W_s)
    return np.inf if factor >= 1 else int(np.ceil((1 - part) / (1 - factor)))


def counted(answer, _):
    """Infinity as a large number, which can be compared."""
    return np.minimum(answer, NEVER) if isinstance(answer, (int, float, np.number)) else answer


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
            Section("6", '"8 to 10 steps"'),
        ),
        Mistake(
            "one short",
            "Rounded to the wrong side: after so many steps the bound is still above the part.",
            lambda W_s, gamma, part: steps(gamma * weights.spectral_norm(W_s), part, np.floor),
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
            goes_on,
            ENOUGH,
        ),
    ),
    reread=MOST,
    view=counted,
)

TASKS = (RADIUS, REACH, GONE, CLIP, ACCUMULATE)
