"""The GRU: one memory s, which is also the output, and two gates.

    z_t = σ([s_{t-1}, x_t] W_z + b_z)                             update: which of the two
    r_t = σ([s_{t-1}, x_t] W_r + b_r)                             reset: how much of the past N_t sees
    N_t = tanh([r_t ⊙ s_{t-1}, x_t] W_n + b_n)                    reset="before" the product, or
    N_t = tanh(r_t ⊙ (s_{t-1} W_ns + b_ns) + x_t W_nx + b_n)      reset="after" it
    s_t = z_t ⊙ s_{t-1} + (1 − z_t) ⊙ N_t                         update="keep": z_t = 1 keeps the old, or
    s_t = (1 − z_t) ⊙ s_{t-1} + z_t ⊙ N_t                         update="renew": z_t = 1 takes the new

W_ns are the first n_s rows of W_n, those that meet the state, and W_nx the others.

Which is whose: Cho et al. (2014), "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", keep (equation 7) and reset before (equation 8 of the published version; the first
version of the preprint resets after). Chung et al. (2014), "Empirical evaluation of gated recurrent neural
networks on sequence modeling", section 3.2, renews. PyTorch's nn.GRU and cuDNN keep, and reset after, because
one product a step then feeds all gates.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import sigmoid, tanh
from rnnlib.cells import gated
from rnnlib.cells.base import Grads, incoming
from rnnlib.cells.rnn import RNNRun, RNNStates

__all__ = ["GRU", "GRUParams", "GRURun"]

PLANES = ("z", "r")


class GRUParams(NamedTuple):
    """The weights act on [s_{t-1}, x_t], in this order.

    W_z, W_r, W_n : (n_s + n_x, n_s);  b_z, b_r, b_n : (n_s,)
    b_ns : (n_s,)    added to s_{t-1} W_ns when the reset comes after the product, else None
    """

    W_z: np.ndarray
    W_r: np.ndarray
    W_n: np.ndarray
    b_z: np.ndarray
    b_r: np.ndarray
    b_n: np.ndarray
    b_ns: np.ndarray | None = None


class GRURun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    seen : (T+1, B, n_s + n_x + 1)    row t is [s_t, x_{t+1}, 1], what the gates of step t+1 see
    gates : (T, 2 or 3, B, n_s)       z and r, and s_{t-1} W_ns + b_ns where the reset comes after
    N : (T, B, n_s)                   the new information; N[t-1] is N_t
    """

    seen: np.ndarray
    gates: np.ndarray
    N: np.ndarray

    @property
    def z(self):
        """The update gate, (T, B, n_s)."""
        return self.gates[:, 0]

    @property
    def r(self):
        """The reset gate, (T, B, n_s)."""
        return self.gates[:, 1]

    @property
    def s(self):
        """s_0 ... s_T, (T+1, B, n_s)."""
        return self.seen[..., : self.N.shape[-1]]

    @property
    def x(self):
        """The inputs, (T, B, n_x)."""
        return self.seen[:-1, :, self.N.shape[-1] : -1]

    output, last, states = RNNRun.output, RNNRun.last, RNNRun.states  # of s, as there


@dataclass(frozen=True)
class GRU:
    """A layer of gated recurrent units.

    Parameters
    ----------
    update : "keep" or "renew"
        What z_t = 1 does; see the module's docstring.
    reset : "before" or "after"
        Where r_t acts; see the module's docstring.
    hold : dict
        Gates that are switched off, each held at a value: {"r": 1.0} never resets. Their weights stay among
        the parameters and get a zero gradient.
    """

    update: str = "keep"
    reset: str = "before"
    hold: dict = field(default_factory=dict, hash=False)

    def __post_init__(self):
        if self.update not in ("keep", "renew"):
            raise ValueError(f"update is {self.update!r}; expected 'keep' or 'renew'")
        if self.reset not in ("before", "after"):
            raise ValueError(f"reset is {self.reset!r}; expected 'before' or 'after'")
        object.__setattr__(self, "hold", gated.checked_hold(self.hold, PLANES))

    def init(self, rng, n_x, n_s, dtype=np.float64):
        """Draw parameters: weights orthogonal on s and Glorot on x, biases zero. As `LSTM.init`."""
        n_x, n_s = _check.check_count("n_x", n_x), _check.check_count("n_s", n_s)
        weights = [gated.gate_weights(rng, n_x, n_s, dtype) for _ in range(3)]
        biases = [np.zeros(n_s, dtype) for _ in range(4 if self._after else 3)]
        return GRUParams(*weights, *biases)

    def step(self, params, s_prev, x_t):
        """One step, as on the blackboard; see the module's docstring."""
        W_z, W_r, W_n, b_z, b_r, b_n, b_ns = params
        seen = np.concatenate([s_prev, x_t], axis=-1)
        z_t = gated.gate(self, "z", seen @ W_z + b_z)
        r_t = gated.gate(self, "r", seen @ W_r + b_r)
        if self._after:
            n_s = len(b_n)
            N_t = tanh(r_t * (s_prev @ W_n[:n_s] + b_ns) + x_t @ W_n[n_s:] + b_n)
        else:
            N_t = tanh(np.concatenate([r_t * s_prev, x_t], axis=-1) @ W_n + b_n)
        return z_t * s_prev + (1 - z_t) * N_t if self._keep else (1 - z_t) * s_prev + z_t * N_t

    def forward(self, params, x, s_0=None):
        """Run over all steps. As `RNN.forward`, with GRUParams; returns GRURun."""
        params, n_s, n_x = self._checked(params)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, n_x), params.b_n.dtype)
        T, B = x.shape[:2]
        shapes = (T + 1, B, n_s + n_x + 1), (T, 3 if self._after else 2, B, n_s), (T, B, n_s)
        run = GRURun(*gated.block(x.dtype, *shapes))
        gated.rows(run.seen, x, n_s)
        run.s[0] = 0 if s_0 is None else _check.as_array("s_0", s_0, "B, n_s", (B, n_s), x.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            self._run(params, run)
        _check.check_finite("s", run.seen, FloatingPointError, ": the state overflows")
        return run

    def _run(self, params, run):
        """Fill the run, step by step."""
        W = gated.stacked(*self._per_step(params))
        W[:2] *= -1  # so that the products are −z where `open_gates` wants it
        after, keep, n_s = self._after, self._keep, run.N.shape[-1]
        W_ns, W_nx = params.W_n[:n_s], params.W_n[n_s:]
        np.add(run.x @ W_nx, params.b_n, out=run.N)
        held = [(PLANES.index(gate), value) for gate, value in self.hold.items()]
        one, product = np.ones((), W.dtype), np.empty_like(run.N[0])
        over_time = (run.seen[:-1], run.s[:-1], run.s[1:], run.gates, run.gates[:, :2], run.N)
        for seen, s_prev, s_t, gates_t, both, N_t in zip(*over_time, strict=True):
            np.matmul(seen, W, out=gates_t)
            gated.open_gates(both, one)
            for k, value in held:
                gates_t[k] = value
            z_t, r_t = both
            if after:
                N_t += np.multiply(r_t, gates_t[2], out=product)
            else:
                N_t += np.multiply(r_t, s_prev, out=product) @ W_ns
            np.tanh(N_t, out=N_t)
            one_end, other_end = (s_prev, N_t) if keep else (N_t, s_prev)
            np.multiply(z_t, np.subtract(one_end, other_end, out=product), out=product)
            np.add(product, other_end, out=s_t)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Walk back through time once; add up what every step contributes. As `RNN.backward`."""
        params, n_s, n_x = self._checked(params)
        T, B = run.N.shape[:2]
        gated.check_run(run, n_s, n_x)
        a, delta = gated.block(params.b_n.dtype, (T + 1, B, n_s), (2 + run.gates.shape[1], T, B, n_s))
        incoming(a, "run.s", run.s, dE_ds, dE_dlast)
        self._slopes(run, delta)
        with np.errstate(invalid="ignore"):  # BLAS may report what it computed beside the matrices
            self._run_back(params, run, a, delta)
        W_x = gated.transposed(W[n_s:] for W in (params.W_n, params.W_z, params.W_r))
        dE_dx = np.matmul(delta[1:4].reshape(3, -1, n_s), W_x).sum(axis=0).reshape(run.x.shape)
        return Grads(self._of_params(run, delta), dE_dx, a[0], RNNStates(a))

    def _slopes(self, run, delta):
        """Write the derivatives of single steps, before the loop.

        Of s_t: by s_{t-1} straight, and by what N_t and z_t are the activations of. Of what N_t is the
        activation of: by that of r_t, and by s_{t-1} W_ns + b_ns where the reset comes after.
        """
        straight, dN, dz, dr = delta[:4]
        s_prev = run.s[:-1]
        sigmoid.derivative(run.gates[:, :2].swapaxes(0, 1), out=delta[2:4])
        dz *= s_prev - run.N if self._keep else run.N - s_prev
        dr *= run.gates[:, 2] if self._after else s_prev
        tanh.derivative(run.N, out=dN)
        straight[...] = run.z if self._keep else 1 - run.z
        dN *= 1 - straight
        delta[4:] = run.r
        for gate in self.hold:
            delta[2 + PLANES.index(gate)] = 0

    def _run_back(self, params, run, a, delta):
        """Turn the derivatives of single steps into ∂E/∂z, step by step, last step first."""
        n_s, after = a.shape[-1], self._after
        W_T = gated.transposed(W[:n_s] for W in self._per_step(params)[0])
        W_nsT, per_gate = params.W_n[:n_s].T.copy(), np.empty((len(W_T), *a[0].shape), a.dtype)
        over_time = (a[:-1], a[1:], run.r, delta[2:].swapaxes(0, 1), delta[:4].swapaxes(0, 1), delta[-1])
        backward_in_time = zip(*(array[::-1] for array in over_time), strict=True)
        for a_prev, a_t, r_t, gates_t, (straight, dN, dz, dr), dafter in backward_in_time:
            straight *= a_t
            dN *= a_t
            dz *= a_t
            a_prev += straight
            if after:
                dr *= dN
                dafter *= dN
            else:
                through = dN @ W_nsT
                dr *= through
                a_prev += r_t * through
            for part in np.matmul(gates_t, W_T, out=per_gate):
                a_prev += part

    def _of_params(self, run, delta):
        """Add up over steps and sequences: the gradients of the parameters."""
        _, dN, dz, dr, *after = delta.reshape(len(delta), -1, delta.shape[-1])
        seen, n_s = run.seen[:-1].reshape(len(dN), -1), dN.shape[-1]
        dW_z, dW_r = seen.T @ dz, seen.T @ dr
        met, past = (after[0], seen[:, :n_s]) if after else (dN, (run.r * run.s[:-1]).reshape(dN.shape))
        dW_n = np.concatenate([past.T @ met, seen[:, n_s:-1].T @ dN])
        biases = (dW_z[-1], dW_r[-1], dN.sum(axis=0), *(d.sum(axis=0) for d in after))
        return GRUParams(dW_z[:-1], dW_r[:-1], dW_n, *biases)

    def _per_step(self, params):
        """Weights and biases of what is computed of [s_{t-1}, x_t, 1] in every step."""
        W_z, W_r, W_n, b_z, b_r, b_n, b_ns = params
        if not self._after:
            return (W_z, W_r), (b_z, b_r)
        only_past = np.zeros_like(W_n)
        only_past[: len(b_n)] = W_n[: len(b_n)]
        return (W_z, W_r, only_past), (b_z, b_r, b_ns)

    def _checked(self, params):
        """Return the checked parameters, n_s and n_x."""
        axes = (("n_s + n_x", "n_s"),) * 3 + (("n_s",),) * 3 + (("n_s",) if self._after else None,)
        return gated.checked(params, GRUParams, axes)

    @property
    def _after(self):
        return self.reset == "after"

    @property
    def _keep(self):
        return self.update == "keep"
