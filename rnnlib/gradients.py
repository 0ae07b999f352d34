"""Look at gradients: are they right, and how far back do they reach?

`check` compares the engine with differences of E alone. `by_lag` measures what is left of a
gradient at every step on its way back.
"""

from typing import NamedTuple

import numpy as np

from rnnlib.losses import squared_error

__all__ = ["Check", "CheckRow", "by_lag", "check"]


class CheckRow(NamedTuple):
    """One array of `check`: its worst entry by both ways, and the difference of the whole.

    `difference` is ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖), or ‖g − ĝ‖ where ‖g‖ is below 1e-6 (`absolute`).
    """

    name: str
    worst: str
    engine: float
    numeric: float
    difference: float
    absolute: bool
    passed: bool


class Check(NamedTuple):
    """The report of `check`; print it."""

    rows: tuple

    @property
    def passed(self):
        """Whether every array passed."""
        return all(row.passed for row in self.rows)

    def __str__(self):
        width = max(len(row.worst) for row in self.rows)
        lines = [f"{'worst entry':{width}}        engine   differences   difference of the whole"]
        for row in self.rows:
            kind, verdict = "absolute" if row.absolute else "relative", "ok" if row.passed else "WRONG"
            both = f"{row.worst:{width}} {row.engine:13.6e} {row.numeric:13.6e}"
            lines.append(f"{both}   {row.difference:.1e} {kind}  {verdict}")
        return "\n".join(lines)


def check(model, params, x, s_0=None, loss=None, h=5e-4):
    r"""Compare every gradient of the engine with differences of the error.

    For each single number w among the parameters, x and s_0, with E(w) found by `forward` alone:
    ∂E/∂w ≈ [8 (E(w+h) − E(w−h)) − (E(w+2h) − E(w−2h))] / 12h.
    This central difference errs by order h⁴ only, so a small gradient can be checked as well.

    Parameters
    ----------
    model : cell or Network
    params : its parameters, float64
    x : (T, B, n_x) array, float64
    s_0 : optional
        The initial state, as `forward` takes it.
    loss : callable, optional
        `loss(output) -> (E, dE_doutput)`. Without it, `squared_error` against fixed random targets.
    h : float
        The step; keep it below half the distance to a kink of ReLU.

    Returns
    -------
    Check
        An array passes with ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) < 1e-6, or ‖g − ĝ‖ < 1e-9 where ‖g‖ < 1e-6.

    Raises
    ------
    TypeError
        For float32: its rounding hides any difference that matters.
    """
    inputs = {"params": params, "x": x} | ({} if s_0 is None else {"s_0": s_0})
    inputs = {name: _map(_writable, name, tree) for name, tree in inputs.items()}
    loss = _default_loss if loss is None else loss

    def error():
        return loss(model.forward(**inputs).output)[0]

    run = model.forward(**inputs)
    grads = model.backward(inputs["params"], run, loss(run.output)[1])
    rows = []
    for name, tree in inputs.items():
        engine = dict(_leaves(name, getattr(grads, name)))
        rows += [_row(leaf, engine[leaf], _differences(error, w, h)) for leaf, w in _leaves(name, tree)]
    return Check(tuple(rows))


def by_lag(cell, params, run, dE_ds_last=None, per_sequence=False):
    r"""Norms of ∂E_N/∂s_i for i = 0..N, from one backward pass.

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
        float64. Entry i belongs to s_i. A gradient below the smallest number is 0.

    Raises
    ------
    FloatingPointError
        When the gradient overflows on its way back.
    """
    params, run = _map(_widened, "params", params), _map(_widened, "run", run)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if dE_ds_last is None:
            states = cell.backward(params, run, _unit_seed(run.output, per_sequence)).states
        else:
            states = cell.backward(params, run, dE_dlast=dE_ds_last).states
    joint = np.concatenate(states, axis=-1)
    _refuse_overflow(joint)
    return _norm(joint, axis=-1 if per_sequence else (1, 2))


def _unit_seed(output, per_sequence):
    seed = np.zeros_like(output)
    seed[-1] = 1 / np.sqrt(output.shape[-1] if per_sequence else output[-1].size)
    return seed


def _refuse_overflow(joint):
    wrong = ~np.isfinite(joint).all(axis=(1, 2))
    if wrong.any():
        N, i = len(joint) - 1, np.flatnonzero(wrong)[-1]
        raise FloatingPointError(f"∂E_N/∂s_{i} overflows, {N - i} steps before N = {N}")


def _norm(a, axis):
    # Divide by the largest entry first: squares would overflow or vanish long before the norm does.
    largest = np.abs(a).max(axis=axis, keepdims=True)
    scaled = a / np.where(largest > 0, largest, 1)
    return np.squeeze(largest, axis) * np.sqrt(np.square(scaled).sum(axis=axis))


def _default_loss(y):
    return squared_error(y, np.random.default_rng(0).standard_normal(y.shape))


def _widened(name, array):
    return np.asarray(array, np.float64)


def _writable(name, array):
    array = np.array(array)
    if array.dtype != np.float64:
        raise TypeError(f"{name} has type {array.dtype}; expected float64: differences need all its digits")
    return array


def _map(f, name, tree):
    """Apply `f(name, array)` to every array of nested tuples."""
    if tree is None:
        return None
    if not isinstance(tree, tuple):
        return f(name, tree)
    parts = [_map(f, label, part) for label, part in _children(name, tree)]
    return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)


def _children(name, tree):
    labels = [f"{name}.{field}" for field in getattr(tree, "_fields", ())]
    return list(zip(labels or [f"{name}[{i}]" for i in range(len(tree))], tree, strict=True))


def _leaves(name, tree):
    if tree is None:
        return []
    if isinstance(tree, tuple):
        return [leaf for label, part in _children(name, tree) for leaf in _leaves(label, part)]
    return [(name, tree)]


def _differences(error, w, h):
    """Return ∂E/∂w by differences, for every entry of the array w, which is moved and put back."""
    numeric = np.empty_like(w)
    for i in np.ndindex(w.shape):
        here = w[i]
        E = {}
        for k in (-2, -1, 1, 2):
            w[i] = here + k * h
            E[k] = error()
        w[i] = here
        numeric[i] = (8 * (E[1] - E[-1]) - (E[2] - E[-2])) / (12 * h)
    return numeric


def _row(name, engine, numeric):
    size, gap = np.linalg.norm(engine), np.linalg.norm(engine - numeric)
    absolute = bool(size < 1e-6)
    difference = gap if absolute else gap / (size + np.linalg.norm(numeric))
    worst = np.unravel_index(np.argmax(np.abs(engine - numeric)), engine.shape)
    place = f"{name}[{', '.join(str(i) for i in worst)}]"
    passed = bool(difference < (1e-9 if absolute else 1e-6))
    return CheckRow(name, place, engine[worst], numeric[worst], float(difference), absolute, passed)
