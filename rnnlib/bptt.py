"""Backpropagation through time as an algorithm: what it costs, and what may be left out of it.

The gradient of one error, with every chain read from left to right:

    ∂E_N/∂W = Σ_i ∂E_N/∂s_N · ∂s_N/∂s_{N-1} ⋯ ∂s_{i+1}/∂s_i · ∂⁺s_i/∂W,    i = 1..N

`stored` keeps what one term shares with the next, `recomputed` does not: the same sum, at the cost of
N and of N² steps. `truncated` leaves the oldest terms out. `per_sequence` takes the mean over a
mini-batch apart. For training use `Network.backward`; it is `stored`, made fast.
"""

from typing import NamedTuple

import numpy as np

from rnnlib._check import as_array, check_count
from rnnlib.cells.rnn import RNN, RNNParams
from rnnlib.losses import squared_error

__all__ = ["Counted", "multiplications", "per_sequence", "recomputed", "stored", "truncated"]


class Counted(NamedTuple):
    """A gradient, of the shape of its weight, and the number of multiplications that it took."""

    gradient: np.ndarray
    multiplications: int


def stored(cell, params, run, dE_ds_last, weight="W_s"):
    r"""Compute ∂⁺s_i/∂W and ∂s_i/∂s_{i-1} once for every i, keep them, and reuse each product so far.

    Parameters
    ----------
    cell : RNN
    params : RNNParams
    run : RNNRun
        Of N steps.
    dE_ds_last : (B, n_s) array
        ∂E_N/∂s_N, where the error enters.
    weight : "W_s" or "W_x"

    Returns
    -------
    Counted
        φ′ is taken as known. What counts is each product of two numbers, also with a zero.
    """
    factors, steps = _Derivatives(cell, params, run, weight), range(1, len(run.x) + 1)
    immediate = {i: factors.immediate(i) for i in steps}
    jacobian = {i: factors.jacobian(i) for i in steps[1:]}
    dE_ds, dE_dW = factors.start(dE_ds_last), 0
    for i in reversed(steps):
        dE_dW += factors.weigh(dE_ds, immediate[i])
        if i > 1:
            dE_ds = factors.chain(dE_ds, jacobian[i])
    return Counted(dE_dW, factors.count)


def recomputed(cell, params, run, dE_ds_last, weight="W_s"):
    """Compute the term of every i from nothing: all its factors anew. Arguments and result as `stored`."""
    factors, N, dE_dW = _Derivatives(cell, params, run, weight), len(run.x), 0
    for i in range(1, N + 1):
        dE_ds = factors.start(dE_ds_last)
        for k in range(N, i, -1):
            dE_ds = factors.chain(dE_ds, factors.jacobian(k))
        dE_dW += factors.weigh(dE_ds, factors.immediate(i))
    return Counted(dE_dW, factors.count)


def multiplications(N, n_s, n_in=None):
    """Return the counts of `stored` and of `recomputed` for one sequence, by formula.

    2N n_in n_s + 2(N−1) n_s²  and  2N n_in n_s + N(N−1) n_s²: of N immediate derivatives each is made and
    weighed; N−1 Jacobians are made and chained once, or N(N−1)/2 times. With n_in = n_s (the default, for
    W_s; n_x for W_x) that is (4N−2) n_s² and (N²+N) n_s².
    """
    shared, square = 2 * N * (n_s if n_in is None else n_in) * n_s, n_s**2
    return shared + 2 * (N - 1) * square, shared + N * (N - 1) * square


class _Derivatives:
    """The factors of the sum and their products, (B, ...) arrays; every multiplication is counted."""

    def __init__(self, cell, params, run, weight):
        if not isinstance(cell, RNN):
            raise TypeError(f"cell is {cell!r}; expected an RNN")
        if weight not in ("W_s", "W_x"):
            raise ValueError(f"weight is {weight!r}; expected 'W_s' or 'W_x'")
        self.feeds = run.s[:-1] if weight == "W_s" else run.x
        self.slope, self.W_s, self.count = cell.phi.derivative(run.s[1:]), params.W_s, 0

    def start(self, dE_ds_last):
        shape = self.slope.shape[1:]
        return as_array("dE_ds_last", dE_ds_last, "B, n_s", shape, self.slope.dtype)

    def immediate(self, i):
        """∂⁺s_ik/∂W_jk = s_{i-1,j} φ′_ik, stored as (j, k): the other entries of ∂⁺s_i/∂W are zero."""
        return self._times(self.feeds[i - 1][:, :, None], self.slope[i - 1][:, None, :])

    def jacobian(self, i):
        """∂s_i/∂s_{i-1} = diag(φ′_i) W_sᵀ."""
        return self._times(self.slope[i - 1][:, :, None], self.W_s.T[None])

    def weigh(self, dE_ds, immediate):
        return self._times(dE_ds[:, None, :], immediate).sum(axis=0)

    def chain(self, dE_ds, jacobian):
        return self._times(dE_ds[:, :, None], jacobian).sum(axis=1)

    def _times(self, a, b):
        product = a * b
        self.count += product.size
        return product


def truncated(cell, params, run, dE_ds, h):
    r"""Let the error of every step reach h states back and no further: s_t, s_{t-1} ... s_{t-h+1}.

    ∂E/∂W ≈ Σ_t Σ_{i=t-h+1}^{t} ∂E_t/∂s_i · ∂⁺s_i/∂W. This is biased, and more data do not mend it.
    h = 1 takes each state before for a constant; h = N is exact.

    Parameters
    ----------
    cell : RNN
    params : RNNParams
    run : RNNRun
        Of N steps.
    dE_ds : (N, B, n_s) array
        ∂E_t/∂s_t of each step's own output, as `cell.backward` takes it.
    h : int
        Window in states, h >= 1; beyond N nothing changes.

    Returns
    -------
    RNNParams

    Source: Williams and Peng (1990), "An efficient gradient-based algorithm for on-line training of
    recurrent network trajectories", the algorithm BPTT(h).
    """
    slope = cell.phi.derivative(run.output)
    flow, delta = as_array("dE_ds", dE_ds, "N, B, n_s", slope.shape, slope.dtype), np.zeros_like(slope)
    for _ in range(min(check_count("h", h), len(slope))):
        passing = flow * slope  # of all errors at once: at state i, that of E_t with t − i steps behind it
        delta += passing
        flow = np.zeros_like(slope)
        flow[:-1] = passing[1:] @ params.W_s.T
    dE_dW_x, dE_dW_s = (np.einsum("tbj,tbk->jk", feeds, delta) for feeds in (run.x, run.s[:-1]))
    return RNNParams(dE_dW_x, dE_dW_s, delta.sum(axis=(0, 1)))


def per_sequence(network, params, batch, loss=squared_error):
    r"""Return δ_k, the gradient of each sequence alone; their mean is the gradient of the batch.

    Parameters
    ----------
    network, params, loss : as `fit` takes them
    batch : Batch
        Of B sequences; one array x and one d, no `Pair` and not the targets of several readouts.

    Returns
    -------
    (B, P) array
        All P parameters in one row, in the order of the nested tuples.
    """
    x, d, mask = batch
    for name, value in (("x", x), ("d", d)):
        if isinstance(value, (tuple, dict)):
            raise TypeError(f"{name} is of type {type(value).__name__}; expected one array")
    x, d, rows = np.asarray(x), np.asarray(d), []
    for k in range(x.shape[1]):
        run = network.forward(params, x[:, k : k + 1])
        _, dE_dy = loss(run.y, d[:, k : k + 1], None if mask is None else mask[:, k : k + 1])
        rows.append(np.concatenate(list(_flat(network.backward(params, run, dE_dy).params))))
    return np.array(rows)


def _flat(tree):
    if isinstance(tree, tuple):
        for part in tree:
            yield from _flat(part)
    elif tree is not None:
        yield tree.ravel()
