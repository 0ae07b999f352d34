"""How far back does a gradient reach? Followed through every state, in one pass over time.

`by_lag` takes the engine's own backward pass, within the range of the numbers. `reach` goes back one step
at a time and keeps powers of ten, so that nothing is too small or too large for it. `jacobians` and
`singular_values` look at the factors that both multiply, and `bound` at what they can do at most.
"""

import math
from typing import NamedTuple

import numpy as np

from rnnlib import weights
from rnnlib._check import check_count
from rnnlib.cells.rnn import RNN
from rnnlib.gradients._trees import leaves, mapped

__all__ = ["RANGE", "Reach", "bound", "by_lag", "jacobians", "reach", "singular_values"]

RANGE = (math.log10(np.finfo(np.float64).tiny), math.log10(np.finfo(np.float64).max))
"""The powers of ten between which float64 keeps all its digits: about −308 to 308."""


class Reach(NamedTuple):
    """What is left of a gradient on its way back, as powers of ten; print it.

    states : (N+1,)     log10 ‖∂E_N/∂s_i‖; entry i belongs to s_i
    weights : (N,)      log10 ‖∂E_N/∂s_i · ∂⁺s_i/∂W‖, i = 1..N: what step i adds to ∂E_N/∂W; entry i − 1

    −inf stands for a gradient that is exactly zero, behind ReLU units that are off.
    """

    states: np.ndarray
    weights: np.ndarray

    @property
    def factors(self):
        """(N,) array: by how much ‖∂E_N/∂s_i‖ changes from s_i to s_{i-1}, i = 1..N."""
        with np.errstate(invalid="ignore", over="ignore"):
            steps = 10.0 ** (self.states[:-1] - self.states[1:])
        return np.where(np.isneginf(self.states[:-1]), 0.0, steps)

    def __str__(self):
        back = self.states[::-1]
        found = [f"10^{back[-1]:.1f} is left after {len(back) - 1} steps"]
        for name, outside in (
            ("exploded", back > RANGE[1]),
            ("below 10^-308", (back < RANGE[0]) & ~np.isneginf(back)),
            ("exactly 0", np.isneginf(back)),
        ):
            if outside.any():
                found.append(f"{name} at lag {np.argmax(outside)}")
        return ", ".join(found)


def by_lag(cell, params, run, dE_ds_last=None, per_sequence=False):
    r"""Norms of ∂E_N/∂s_i for i = 0..N, all of them from one backward pass.

    Only the gradient that enters at step N counts; it is followed back through the states. For a
    state of several parts, (LTM, STM), the norm is that of all parts together; `backward(...).states`
    has each of them.

    Parameters
    ----------
    cell : cell
    params : its parameters
    run : its run, of N steps
    dE_ds_last : of the form of a state, (B, n_s), optional
        ∂E_N/∂s_N. Without it, the same number everywhere in the output, such that the norm at
        step N is 1: each value then says which part of the gradient is left.
    per_sequence : bool
        One norm for each sequence instead of one over the batch.

    Returns
    -------
    (N+1,) array, or (N+1, B)
        float64. Entry i belongs to s_i. A gradient below the smallest number is 0; `reach` still has it.

    Raises
    ------
    FloatingPointError
        When the gradient overflows on its way back: "exploded at lag k". `reach` goes on.
    """
    params, run = _widened(params), _widened(run)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if dE_ds_last is None:
            states = cell.backward(params, run, _unit_seed(run.output, per_sequence)).states
        else:
            states = cell.backward(params, run, dE_dlast=dE_ds_last).states
    joint = np.concatenate([part for _, part in leaves("states", states)], axis=-1)
    _refuse_overflow(joint)
    return _norm(joint, axis=-1 if per_sequence else (1, 2))


def reach(cell, params, run, dE_ds_last=None, weight="W_s"):
    r"""Follow the gradient back through any number of steps, whatever its size.

    ∂E_N/∂s_{t-1} = ∂E_N/∂s_t · ∂s_t/∂s_{t-1} is linear in ∂E_N/∂s_t, so that is brought back to length 1
    after every step, and the power of ten kept. Arguments as for `by_lag`, with which the result agrees
    where both exist.

    Parameters
    ----------
    weight : str
        The parameter whose contributions are wanted, by its name in `params`.

    Returns
    -------
    Reach
    """
    names = [name for name, array in params._asdict().items() if array is not None]
    if weight not in names:
        raise ValueError(f"weight is {weight!r}; expected one of {', '.join(names)}")
    params, run = _widened(params), _widened(run)
    enters = {"dE_dlast": dE_ds_last}
    if dE_ds_last is None:
        enters = {"dE_ds": _unit_seed(run.output, per_sequence=False)[-1:]}
    scale, sizes, added = 0.0, [], []
    for t in range(len(run.x), 0, -1):
        grads = _one_step(cell, params, run, slice(t - 1, t)).backward(**enters)
        before, after = (np.concatenate([part[k] for part in grads.states], axis=-1) for k in (0, 1))
        if t == len(run.x):
            sizes.append(_log10(_norm(after, None)))
        added.append(scale + _log10(_norm(getattr(grads.params, weight), None)))
        length = _norm(before, None)
        sizes.append(scale + _log10(length))
        scale += _log10(length) if length > 0 else 0.0
        enters = {"dE_dlast": _scaled(grads.s_0, 1 / length if length > 0 else 0.0)}
    return Reach(np.array(sizes[::-1]), np.array(added[::-1]))


def jacobians(cell, params, run):
    r"""Return ∂s_t/∂s_{t-1} of every step, (N, B, n, n): entry [t − 1, b, j, k] is ∂s_tj/∂s_{t-1,k}.

    For the simple RNN that is diag(φ′_t) W_sᵀ; chains read left to right, ∂s_N/∂s_{N-1} first. For a state
    of several parts n counts the units of all of them, one part after the other.

    Parameters
    ----------
    cell : cell
    params : its parameters
    run : its run, of N steps
    """
    params, run = _widened(params), _widened(run)
    N, B = run.x.shape[:2]
    steps = _one_step(cell, params, run, slice(0, N))
    parts = steps.run.last if isinstance(steps.run.last, tuple) else (steps.run.last,)
    rows = []
    for p, part in enumerate(parts):
        for j in range(part.shape[-1]):
            seed = [np.zeros_like(other) for other in parts]
            seed[p][:, j] = 1
            last = type(steps.run.last)(*seed) if isinstance(steps.run.last, tuple) else seed[0]
            before = steps.backward(dE_dlast=last).states
            rows.append(np.concatenate([part[0] for part in before], axis=-1))
    return np.stack(rows, axis=1).reshape(N, B, len(rows), len(rows))


def singular_values(jacobians):
    r"""Return log10 of the singular values of ∂s_N/∂s_i = ∂s_N/∂s_{N-1} · … · ∂s_{i+1}/∂s_i, i = 0..N.

    The largest says by how much a gradient can grow on the way from s_N to s_i, the smallest by how much it
    must at least shrink. The product is kept at a size of about 1, and its power of ten beside it.

    Parameters
    ----------
    jacobians : (N, B, n, n) array

    Returns
    -------
    (N+1, B, n) array
        Largest first. No value is told apart from 0 once it is below n · 2.2e-16 of the largest one: such
        values stand at that floor. −inf where the whole product is zero. Where factors of ordinary size
        cancel, what rounding leaves of them, 2.2e-16 of their sizes, is not told apart from 0 either.
    """
    N, B, n, _ = jacobians.shape
    product, scale = np.broadcast_to(np.eye(n), (B, n, n)), np.zeros((B, 1))
    products, scales = [product], [scale]
    for step in jacobians[::-1]:
        product = product @ step
        size = np.abs(product).max(axis=(1, 2))
        product = product / np.where(size > 0, size, 1)[:, None, None]
        scale = scale + _log10(size)[:, None]
        products.append(product)
        scales.append(scale)
    values = np.linalg.svd(np.array(products[::-1]), compute_uv=False)
    floor = values[..., :1] * n * np.finfo(np.float64).eps
    return _log10(np.maximum(values, floor)) + np.array(scales[::-1])


def bound(cell, params, N):
    r"""Return log10 (γ λ₁)^{N−i} for i = 0..N: no gradient of a simple RNN grows faster on its way back.

    ‖∂E_N/∂s_i‖ ≤ ‖∂E_N/∂s_N‖ (γ λ₁)^{N−i}, with γ the largest value of φ′ and λ₁ the largest singular value
    of W_s. So γ λ₁ < 1 is enough for vanishing, and γ λ₁ > 1 is necessary for exploding, not enough.

    Source: Pascanu, Mikolov and Bengio (2013), section 2.1.
    """
    if not isinstance(cell, RNN):
        raise TypeError(f"cell is {cell!r}; expected an RNN: the bound needs its γ and W_s")
    factor = cell.phi.gamma * weights.spectral_norm(params.W_s)
    return _log10(factor) * np.arange(check_count("N", N), -1, -1.0)


class _Steps(NamedTuple):
    """Steps of a run side by side, as a batch of runs of one step."""

    cell: object
    params: tuple
    run: tuple

    def backward(self, **gradients):
        return self.cell.backward(self.params, self.run, **gradients)


def _one_step(cell, params, run, steps):
    """Run the steps of a slice again, each from the state before it, as one batch."""
    x = run.x[steps].reshape(1, -1, run.x.shape[-1])
    before = [part[:-1][steps].reshape(-1, part.shape[-1]) for part in run.states]
    s_0 = type(run.last)(*before) if isinstance(run.last, tuple) else before[0]
    return _Steps(cell, params, cell.forward(params, x, s_0))


def _unit_seed(output, per_sequence):
    seed = np.zeros_like(output)
    seed[-1] = 1 / np.sqrt(output.shape[-1] if per_sequence else output[-1].size)
    return seed


def _refuse_overflow(joint):
    wrong = ~np.isfinite(joint).all(axis=(1, 2))
    if wrong.any():
        N, i = len(joint) - 1, np.flatnonzero(wrong)[-1]
        raise FloatingPointError(f"exploded at lag {N - i}: ∂E_N/∂s_{i} overflows, N = {N}")


def _norm(a, axis):
    # Divide by the largest entry first: squares would overflow or vanish long before the norm does.
    largest = np.abs(a).max(axis=axis, keepdims=True)
    scaled = a / np.where(largest > 0, largest, 1)
    return np.squeeze(largest, axis) * np.sqrt(np.square(scaled).sum(axis=axis))


def _log10(size):
    with np.errstate(divide="ignore"):
        return np.log10(size)


def _widened(tree):
    return mapped(lambda name, array: np.asarray(array, np.float64), "", tree)


def _scaled(tree, factor):
    return mapped(lambda name, array: array * factor, "", tree)
