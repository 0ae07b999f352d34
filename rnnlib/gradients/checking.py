"""Is a gradient right? `check` compares the engine with differences of E alone."""

from typing import NamedTuple

import numpy as np

from rnnlib.gradients._trees import leaves, mapped
from rnnlib.losses import squared_error

__all__ = ["Check", "CheckRow", "check"]


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
    inputs = {name: mapped(_writable, name, tree) for name, tree in inputs.items()}
    loss = _default_loss if loss is None else loss

    def error():
        return loss(model.forward(**inputs).output)[0]

    run = model.forward(**inputs)
    grads = model.backward(inputs["params"], run, loss(run.output)[1])
    rows = []
    for name, tree in inputs.items():
        engine = dict(leaves(name, getattr(grads, name)))
        rows += [_row(leaf, engine[leaf], _differences(error, w, h)) for leaf, w in leaves(name, tree)]
    return Check(tuple(rows))


def _default_loss(y):
    return squared_error(y, np.random.default_rng(0).standard_normal(y.shape))


def _writable(name, array):
    array = np.array(array)
    if array.dtype != np.float64:
        raise TypeError(f"{name} has type {array.dtype}; expected float64: differences need all its digits")
    return array


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
