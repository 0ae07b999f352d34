"""A cell of your own: write one step and its derivative; the walk through time is here.

    class Mine(Stepwise):
        def init(self, rng, n_x, n_s, dtype=np.float64):        parameters, a named tuple of arrays
        def start(self, params, B):                             s_0 of B sequences
        def step(self, params, s_prev, x_t):                    the equation: s_t
        def vjp(self, params, s_prev, x_t, dE_ds_t):            ∂E/∂params, ∂E/∂s_{t-1}, ∂E/∂x_t

`vjp` is the *vector–Jacobian product* of one step. It gets ∂E/∂s_t, over all later paths, and returns what
this step makes of it: ∂E/∂s_t · ∂s_t/∂s_{t-1}, and the same for x_t and for each parameter. It sees what
`step` saw and computes anew what it needs of it.

A state is an array, (B, n_s), or a named tuple of such arrays, of which the last is the output. A cell
that is made so keeps the protocol of `cells.base`: it can be stacked, trained and measured like the others.
They are several times faster, because they do for all steps at once what does not depend on the state.
"""

from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.cells.base import Grads, incoming
from rnnlib.cells.rnn import RNNStates

__all__ = ["Stepwise", "StepwiseRun"]


class StepwiseRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    x : (T, B, n_x)      the inputs; x[t-1] is x_t
    states : named tuple of (T+1, B, n_s) arrays    RNNStates(s) where the state is an array
    """

    x: np.ndarray
    states: tuple

    @property
    def output(self):
        """The last part of the state at steps 1 ... T, (T, B, n_s)."""
        return self.states[-1][1:]

    @property
    def last(self):
        """The last state: the `s_0` of a run that goes on from here."""
        return _at(self.states, -1)


class Stepwise:
    """The engine of a cell of which only single steps are written; see the module's docstring."""

    def forward(self, params, x, s_0=None):
        """Run over all steps. As `RNN.forward`; returns StepwiseRun."""
        x = _check.as_array("x", x, "T, B, n_x", (None, None, None), np.result_type(np.float32, *params))
        states = [self.start(params, x.shape[1]) if s_0 is None else s_0]
        shapes = [np.shape(part) for part in _parts(states[0])]
        for x_t in x:
            states.append(self.step(params, states[-1], x_t))
            _refuse("step returned s_t", _parts(states[-1]), shapes)
        kind = type(states[0]) if isinstance(states[0], tuple) else RNNStates
        run = StepwiseRun(x, kind(*map(np.stack, zip(*map(_parts, states), strict=True))))
        for name, part in zip(kind._fields, run.states, strict=True):
            _check.check_finite(name, part, FloatingPointError, ": the state overflows")
        return run

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Walk back through time with `vjp`; add up what every step contributes. As `RNN.backward`."""
        _check.check_kind("run", run, StepwiseRun)
        x, states = run
        flow = type(states)(*map(np.zeros_like, states))
        last = [None] * len(flow) if dE_dlast is None else _parts(dE_dlast)
        for part, enters in zip(flow, last, strict=True):
            incoming(part, "run.states", part, dE_ds if part is flow[-1] else None, enters)
        total, dE_dx = [np.zeros_like(array) for array in params], np.empty_like(x)
        for t in range(len(x), 0, -1):
            given = _at(states, t - 1), x[t - 1], _at(flow, t)
            of_params, before, dE_dx[t - 1] = self.vjp(params, *given)
            for name, found, like in (
                ("∂E/∂params", of_params, params),
                ("∂E/∂s_{t-1}", _parts(before), _parts(given[0])),
            ):
                _refuse(f"vjp returned {name}", found, [array.shape for array in like])
            total = [some + more for some, more in zip(total, of_params, strict=True)]
            for part, more in zip(flow, _parts(before), strict=True):
                part[t - 1] += more
        return Grads(type(params)(*total), dE_dx, _at(flow, 0), flow)


def _parts(state):
    return state if isinstance(state, tuple) else (state,)


def _at(states, t):
    """The state at step t, in the form that `step` takes."""
    return states.s[t] if isinstance(states, RNNStates) else type(states)(*(part[t] for part in states))


def _refuse(what, arrays, shapes):
    """Refuse arrays of other shapes, which would be spread over the right ones."""
    found = [np.shape(array) for array in arrays]
    if found != shapes:
        raise ValueError(f"{what} of shapes {found}; expected {shapes}")
