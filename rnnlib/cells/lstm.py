"""The LSTM: a long-term memory LTM that gates write, keep and read; STM is what they let out.

    N_t = tanh([STM_{t-1}, x_t] W_n + b_n)          learn: the new information ...
    i_t = σ([STM_{t-1}, x_t] W_i + b_i)             ... and how much of it is let in (1: all of it)
    f_t = σ([STM_{t-1}, x_t] W_f + b_f)             forget: how much of the memory is kept (1: all of it)
    LTM_t = LTM_{t-1} ⊙ f_t + N_t ⊙ i_t             remember
    V_t = σ([STM_{t-1}, x_t] W_v + b_v)             use: the filter ...
    U_t = tanh(LTM_t)                               ... and what it filters (the standard use gate)
    U_t = tanh((LTM_{t-1} ⊙ f_t) W_u + b_u)         (that of the course's notes)
    STM_t = U_t ⊙ V_t                               the output

The standard cell is that of the libraries. With the notes' use gate, N_t ⊙ i_t reaches STM one step later.
Sources: Hochreiter and Schmidhuber (1997), "Long short-term memory"; Gers, Schmidhuber and Cummins (2000),
"Learning to forget", for the forget gate. The notes' use gate is in no paper that we know.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import Activation, check_phi, sigmoid, tanh
from rnnlib.cells import gated
from rnnlib.cells.base import Grads, incoming
from rnnlib.weights import glorot

__all__ = ["LSTM", "LSTMParams", "LSTMRun", "LSTMState"]

PLANES = ("V", "i", "f", "N")


class LSTMParams(NamedTuple):
    """The weights of N, i, f and V act on [STM_{t-1}, x_t], in this order.

    W_n, W_i, W_f, W_v : (n_s + n_x, n_s);  b_n, b_i, b_f, b_v : (n_s,)
    W_u : (n_s, n_s);  b_u : (n_s,)    of the notes' use gate, else None
    p_i, p_f, p_v : (n_s,)             the peepholes, else None
    """

    W_n: np.ndarray
    W_i: np.ndarray
    W_f: np.ndarray
    W_v: np.ndarray
    b_n: np.ndarray
    b_i: np.ndarray
    b_f: np.ndarray
    b_v: np.ndarray
    W_u: np.ndarray | None = None
    b_u: np.ndarray | None = None
    p_i: np.ndarray | None = None
    p_f: np.ndarray | None = None
    p_v: np.ndarray | None = None


class LSTMState(NamedTuple):
    """LTM, STM : (B, n_s) at one step, (T+1, B, n_s) over time."""

    LTM: np.ndarray
    STM: np.ndarray


class LSTMRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    seen : (T+1, B, n_s + n_x + 1)    row t is [STM_t, x_{t+1}, 1], what the gates of step t+1 see
    LTM : (T+1, B, n_s)               LTM[t] is LTM_t
    gates : (T, 4, B, n_s)            V, i, f and N; the properties of these names have step t at t-1
    U : (T, B, n_s)                   U[t-1] is U_t
    """

    seen: np.ndarray
    LTM: np.ndarray
    gates: np.ndarray
    U: np.ndarray

    @property
    def V(self):
        """The filter of the use gate, (T, B, n_s)."""
        return self.gates[:, 0]

    @property
    def i(self):
        """The ignore factor, (T, B, n_s): 1 lets everything in."""
        return self.gates[:, 1]

    @property
    def f(self):
        """The forget factor, (T, B, n_s): 1 keeps everything."""
        return self.gates[:, 2]

    @property
    def N(self):
        """The new information, (T, B, n_s)."""
        return self.gates[:, 3]

    @property
    def kept(self):
        """What the forget gate left of the memory, LTM_{t-1} ⊙ f_t, (T, B, n_s)."""
        return self.LTM[:-1] * self.f

    @property
    def STM(self):
        """STM_0 ... STM_T, (T+1, B, n_s)."""
        return self.seen[..., : self.LTM.shape[-1]]

    @property
    def x(self):
        """The inputs, (T, B, n_x)."""
        return self.seen[:-1, :, self.LTM.shape[-1] : -1]

    @property
    def output(self):
        """STM_1 ... STM_T, (T, B, n_s)."""
        return self.STM[1:]

    @property
    def last(self):
        """The last state: the `s_0` of a run that goes on from here."""
        return LSTMState(self.LTM[-1], self.STM[-1])

    @property
    def states(self):
        """Every part of the state at every step, by name."""
        return LSTMState(self.LTM, self.STM)


@dataclass(frozen=True)
class LSTM:
    """A layer of LSTM units.

    Parameters
    ----------
    use_gate : "standard" or "notes"
        See the module's docstring.
    peepholes : bool
        The gates also see the memory, each unit its own: i and f see LTM_{t-1}, V sees LTM_t, because by
        then the memory is new. With the notes' use gate V sees LTM_t as well, though U does not.
        Source: Gers and Schmidhuber (2000), "Recurrent nets that time and count"; Gers, Schraudolph and
        Schmidhuber (2002), "Learning precise timing with LSTM recurrent networks", section 3.
    forget_bias : float
        What b_f is drawn as. 1 keeps σ(1) = 0.73 of the memory at first, 0 only half of it.
        Source: Jozefowicz, Zaremba and Sutskever (2015), "An empirical exploration of recurrent network
        architectures", section 3.4.
    hold : dict
        Gates that are switched off, each held at a value: {"f": 1.0} never forgets, {"i": 1.0} lets all
        in, {"V": 1.0} shows all. Their weights stay among the parameters and get a zero gradient.
    phi : Activation
        Makes U_t of the memory. `identity` switches the output activation off.
        Source of both: Greff et al. (2015), "LSTM: a search space odyssey", section 3.
    """

    use_gate: str = "standard"
    peepholes: bool = False
    forget_bias: float = 1.0
    hold: dict = field(default_factory=dict, hash=False)
    phi: Activation = tanh

    def __post_init__(self):
        if self.use_gate not in ("standard", "notes"):
            raise ValueError(f"use_gate is {self.use_gate!r}; expected 'standard' or 'notes'")
        object.__setattr__(self, "hold", gated.checked_hold(self.hold, PLANES[:3]))
        check_phi(self.phi)

    def init(self, rng, n_x, n_s, dtype=np.float64):
        """Draw parameters: weights orthogonal on STM and Glorot on x, biases zero but b_f, no peeping yet.

        As `RNN.init`; returns LSTMParams.
        """
        n_x, n_s = _check.check_count("n_x", n_x), _check.check_count("n_s", n_s)
        weights = [gated.gate_weights(rng, n_x, n_s, dtype) for _ in range(4)]
        biases = [np.full(n_s, bias, dtype) for bias in (0, 0, self.forget_bias, 0)]
        use = (glorot(rng, n_s, n_s, dtype), np.zeros(n_s, dtype)) if self._notes else (None, None)
        peepholes = [np.zeros(n_s, dtype) if self.peepholes else None for _ in range(3)]
        return LSTMParams(*weights, *biases, *use, *peepholes)

    def step(self, params, s_prev, x_t):
        """One step, as on the blackboard; see the module's docstring. Returns LSTMState."""
        W_n, W_i, W_f, W_v, b_n, b_i, b_f, b_v, W_u, b_u, *peepholes = params
        p_i, p_f, p_v = peepholes if self.peepholes else (0.0, 0.0, 0.0)
        LTM_prev, STM_prev = s_prev
        seen = np.concatenate([STM_prev, x_t], axis=-1)

        N_t = tanh(seen @ W_n + b_n)
        i_t = gated.gate(self, "i", seen @ W_i + p_i * LTM_prev + b_i)
        f_t = gated.gate(self, "f", seen @ W_f + p_f * LTM_prev + b_f)
        kept = LTM_prev * f_t
        LTM_t = kept + N_t * i_t
        V_t = gated.gate(self, "V", seen @ W_v + p_v * LTM_t + b_v)
        U_t = self.phi(kept @ W_u + b_u) if self._notes else self.phi(LTM_t)
        return LSTMState(LTM_t, U_t * V_t)

    def forward(self, params, x, s_0=None):
        """Run over all steps. As `RNN.forward`, with LSTMParams, and s_0 an LSTMState; returns LSTMRun."""
        params, n_s, n_x = self._checked(params)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, n_x), params.b_n.dtype)
        T, B = x.shape[:2]
        shapes = (T + 1, B, n_s + n_x + 1), (T + 1, B, n_s), (T, 4, B, n_s), (T, B, n_s)
        run = LSTMRun(*gated.block(x.dtype, *shapes))
        gated.rows(run.seen, x, n_s)
        run.LTM[0], run.STM[0] = gated.as_state("s_0", s_0, LSTMState, B, n_s, x.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            self._run(params, run)
        for name, states in (("STM", run.seen), ("LTM", run.LTM)):
            _check.check_finite(name, states, FloatingPointError, ": the state overflows")
        return run

    def _run(self, params, run):
        """Fill the run, step by step."""
        W = gated.stacked(*_in_order(params))
        W[:3] *= -1  # so that the products are −z where `open_gates` wants it
        notes, peepholes, phi = self._notes, self.peepholes, self.phi.function
        p_if = np.stack([params.p_i, params.p_f])[:, None] if peepholes else None
        late = peepholes and "V" not in self.hold  # V opens only when LTM_t is there
        held = [(PLANES.index(gate), value) for gate, value in self.hold.items()]
        first = run.gates[:, 1:3] if late else run.gates[:, :3]
        one, product = np.ones((), W.dtype), np.empty_like(run.LTM[0])
        over_time = (run.seen[:-1], run.STM[1:], run.LTM[:-1], run.LTM[1:], run.gates, first, run.U)
        for seen, STM_t, LTM_prev, LTM_t, gates_t, first_t, U_t in zip(*over_time, strict=True):
            V_t, i_t, f_t, N_t = np.matmul(seen, W, out=gates_t)
            if peepholes:
                gates_t[1:3] -= p_if * LTM_prev
            gated.open_gates(first_t, one)
            np.tanh(N_t, out=N_t)
            for k, value in held:
                gates_t[k] = value
            np.multiply(LTM_prev, f_t, out=LTM_t)
            if notes:
                phi(LTM_t @ params.W_u + params.b_u, out=U_t)
            LTM_t += np.multiply(N_t, i_t, out=product)
            if late:
                V_t -= params.p_v * LTM_t
                gated.open_gates(V_t, one)
            if not notes:
                phi(LTM_t, out=U_t)
            np.multiply(U_t, V_t, out=STM_t)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Walk back through time once; add up what every step contributes.

        `states` holds ∂E/∂LTM_t and ∂E/∂STM_t of the state that step t hands on: LTM_t counts as what step
        t+1 receives, and its way through STM_t counts for STM_t. So the pair is the gradient of the joint
        state, and its step back is the product with the Jacobian of `step`. Straight along the memory it is
        ∂LTM_t/∂LTM_{t-1} = diag(f_t).

        As `RNN.backward`; dE_ds is ∂E/∂STM_t of each step's own output, dE_dlast, `s_0` and `states` are of
        type LSTMState.
        """
        params, n_s, n_x = self._checked(params)
        gated.check_run(run, n_s, n_x)
        T, B, dtype = *run.U.shape[:2], params.b_n.dtype
        *states, delta = gated.block(dtype, (T + 1, B, n_s), (T + 1, B, n_s), (5, T, B, n_s))
        states, last = LSTMState(*states), gated.as_state("dE_dlast", dE_dlast, LSTMState, B, n_s, dtype)
        incoming(states.STM, "run.STM", run.STM, dE_ds, last.STM)
        states.LTM[-1] = last.LTM
        self._slopes(run, delta)
        with np.errstate(invalid="ignore"):  # BLAS may report what it computed beside the matrices
            self._run_back(params, run, states, delta)
        W_x = gated.transposed(W[n_s:] for W in _in_order(params)[0])
        dE_dx = np.matmul(delta[1:].reshape(4, -1, n_s), W_x).sum(axis=0).reshape(run.x.shape)
        return Grads(self._of_params(run, delta), dE_dx, LSTMState(*(part[0] for part in states)), states)

    def _slopes(self, run, delta):
        """Write the derivatives of single steps, before the loop.

        Of STM_t: by what U_t and V_t are the activations of. Of LTM_t: by what i_t, f_t and N_t are those of.
        """
        dU, dV, di, df, dN = delta
        self.phi.derivative(run.U, out=dU)
        dU *= run.V
        sigmoid.derivative(run.gates[:, :3].swapaxes(0, 1), out=delta[1:4])
        dV *= run.U
        di *= run.N
        df *= run.LTM[:-1]
        tanh.derivative(run.N, out=dN)
        dN *= run.i
        for gate in self.hold:
            delta[1 + PLANES.index(gate)] = 0

    def _run_back(self, params, run, states, delta):
        """Turn the derivatives of single steps into ∂E/∂z, step by step, last step first."""
        n_s, notes, peepholes = states.STM.shape[-1], self._notes, self.peepholes
        W_T = gated.transposed(W[:n_s] for W in _in_order(params)[0])
        per_gate = np.empty((4, *states.STM[0].shape), W_T.dtype)
        LTM, STM = states
        over_time = (LTM[:-1], LTM[1:], STM[:-1], STM[1:], run.f, delta[1:].swapaxes(0, 1), *delta)
        backward_in_time = zip(*(array[::-1] for array in over_time), strict=True)
        for LTM_prev, LTM_t, STM_prev, STM_t, f_t, gates_t, dU, dV, di, df, dN in backward_in_time:
            dU *= STM_t
            dV *= STM_t
            dLTM_t = LTM_t.copy() if notes else np.add(dU, LTM_t, out=dU)
            if peepholes:
                dLTM_t += params.p_v * dV
            dkept = dLTM_t + dU @ params.W_u.T if notes else dLTM_t
            di *= dLTM_t
            df *= dkept
            dN *= dLTM_t
            np.multiply(dkept, f_t, out=LTM_prev)
            if peepholes:
                LTM_prev += params.p_i * di + params.p_f * df
            for part in np.matmul(gates_t, W_T, out=per_gate):
                STM_prev += part

    def _of_params(self, run, delta):
        """Add up over steps and sequences: the gradients of the parameters."""
        dU, dV, di, df, dN = delta.reshape(5, -1, delta.shape[-1])
        seen = run.seen[:-1].reshape(len(dU), -1)
        gates = [seen.T @ d for d in (dN, di, df, dV)]
        use, peepholes = (None, None), (None, None, None)
        if self._notes:
            use = (run.kept.reshape(dU.shape).T @ dU, dU.sum(axis=0))
        if self.peepholes:
            before, after = (LTM.reshape(dU.shape) for LTM in (run.LTM[:-1], run.LTM[1:]))
            peepholes = [(d * LTM).sum(axis=0) for d, LTM in ((di, before), (df, before), (dV, after))]
        return LSTMParams(*(W[:-1] for W in gates), *(W[-1] for W in gates), *use, *peepholes)

    @property
    def _notes(self):
        return self.use_gate == "notes"

    def _checked(self, params):
        """Return the checked parameters, n_s and n_x."""
        gates = (("n_s + n_x", "n_s"),) * 4 + (("n_s",),) * 4
        use = (("n_s", "n_s"), ("n_s",)) if self._notes else (None, None)
        peepholes = (("n_s",) if self.peepholes else None,) * 3
        return gated.checked(params, LSTMParams, gates + use + peepholes)


def _in_order(params):
    """Weights and biases in the order of the planes: V, i, f, N."""
    W_n, W_i, W_f, W_v, b_n, b_i, b_f, b_v, *_ = params
    return (W_v, W_i, W_f, W_n), (b_v, b_i, b_f, b_n)
