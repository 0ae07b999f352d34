"""An LSTM of one unit: every way back through a step, and what of it is the product of forget factors.

Indices count back from t: LTM_t, LTM_{t-1}, ... W_{f,1} weighs STM_{t-1} and W_{f,2} weighs x_t, the two
rows of the engine's W_f. The equations are those of `rnnlib.cells.lstm`.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import sympy as sp

from rnnlib import _check, cells
from rnnlib.symbolic.notation import Formula, Lines, Partial, aligned, matrix, sigma
from rnnlib.symbolic.unrolled import Contribution

__all__ = ["LSTM", "Split"]

STATES = ("LTM", "STM")
LARGEST_LAG = 3  # with peepholes 261 parts, and 2,529 for a lag of 4


@dataclass(frozen=True)
class LSTM:
    """The equations of one unit, and its derivatives taken apart.

    Parameters
    ----------
    use_gate : {"standard", "notes"}
    peepholes : bool
        Both as for `rnnlib.LSTM`.
    """

    use_gate: str = "standard"
    peepholes: bool = False

    def __post_init__(self):
        cells.LSTM(self.use_gate, self.peepholes)  # refuses what it does not know

    @property
    def equations(self):
        """The seven equations of step t."""
        return Lines(sp.Eq(symbol, value, evaluate=False) for symbol, value in _system(self, 1).items())

    @property
    def jacobian(self):
        """∂(LTM_t, STM_t)/∂(LTM_{t-1}, STM_{t-1}), (2, 2); `split` has the parts of each entry."""
        return sp.ImmutableMatrix(2, 2, lambda a, b: self.split(STATES[a], STATES[b]).value)

    @property
    def general(self):
        r"""∂LTM_t/∂LTM_{t-k} for any k: the product of the forget factors, and the remainder.

        Seen from t, every other way leaves the memory for the first time at some step t−j, into f, i or N.
        ∂⁺LTM/∂g differentiates the equation of LTM alone, ∂g/∂LTM all that g depends on.
        """
        leaves, on = sp.latex(Partial("LTM_t-j", "g_t-j", True)), sp.latex(Partial("g_t-j", "LTM_t-k"))
        left, kept = sp.latex(Partial("LTM_t", "LTM_t-k")), r"\left( \prod_{0 \le l < j} f_{t-l} \right)"
        remainder = rf"\sum_{{j=0}}^{{k-1}} {kept} \sum_{{g \in \{{f, i, N\}}}} {leaves} {on}"
        return Formula(rf"{left} = \prod_{{j=0}}^{{k-1}} f_{{t-j}} + {remainder}")

    def direct(self, lag):
        """Return f_t f_{t-1} ..., `lag` forget factors: the way that never leaves the memory. Any lag."""
        return sp.Mul(*[_node("f", back) for back in range(_check.check_count("lag", lag))])

    def split(self, of="LTM", by="LTM", lag=1):
        """Take ∂(of)_t/∂(by)_{t-lag} apart: one part for each way from equation to equation.

        The other state at t−lag is held fixed, and so are inputs and weights.

        Parameters
        ----------
        of : {"LTM", "STM", "N", "i", "f", "V", "U"}
        by : {"LTM", "STM"}
        lag : int
            At most 3.

        Returns
        -------
        Split
        """
        _check_choice(of, by, lag)
        return _split(self, of, by, lag)

    def difference(self, of="LTM", by="LTM", lag=1):
        """Put all equations into one, differentiate, and subtract the sum of the parts: 0.

        Parameters as for `split`.
        """
        parts, whole = self.split(of, by, lag).value, {}
        for symbol, value in _system(self, lag).items():
            whole[symbol] = value.xreplace(whole)
        names = {value: symbol for symbol, value in whole.items()}
        slopes = {slope: sp.Dummy() for s in names.values() for slope in (1 - s, 1 - s**2)}
        derivative = whole[_node(of)].diff(_node(by, lag)).xreplace(names)
        left = sp.expand((derivative - parts).xreplace(slopes))
        return left.xreplace({symbol: slope for slope, symbol in slopes.items()})

    def numbers(self, params, x, s_0=None):
        """Return the number of every symbol, found by the equations, from what `rnnlib.LSTM.forward` takes.

        Parameters
        ----------
        params : LSTMParams
            Of one unit and one input.
        x : (N, 1, 1) array
            The last one is x_t.
        s_0 : LSTMState, optional
            LTM_{t-N} and STM_{t-N}; zeros if not given.

        Returns
        -------
        dict
            To be put into a formula: `split.value.subs(numbers)`.
        """
        run = cells.LSTM(self.use_gate, self.peepholes).forward(params, x, s_0)
        N = len(run.x)
        _check.check_shape("x", run.x.shape, "N, 1, 1", (N, 1, 1))
        _check.check_shape("params.b_n", np.shape(params.b_n), "n_s", (1,))
        known = {_node("LTM", N): run.LTM[0, 0, 0], _node("STM", N): run.STM[0, 0, 0]}
        known |= {_node("x", N - 1 - k): x_k[0, 0] for k, x_k in enumerate(run.x)}
        arrays = {name: np.ravel(array) for name, array in params._asdict().items() if array is not None}
        for name, array in arrays.items():
            known |= zip(matrix(name, 1, len(array)), array, strict=True)
        known = {symbol: sp.Float(float(number)) for symbol, number in known.items()}
        for symbol, value in _system(self, N).items():
            known[symbol] = value.xreplace(known).evalf()
        return known


@dataclass(frozen=True)
class Split:
    """A derivative as a sum of parts; a notebook shows them below one another.

    left : Partial
    parts : dict    the way -> its Contribution; "direct" stays in the memory, "f_t ← STM_{t-1}" does not
    """

    left: Partial
    parts: dict

    @property
    def value(self):
        """The sum of all parts."""
        return sp.Add(*[part.value for part in self.parts.values()])

    @property
    def direct(self):
        """The part that stays in the memory, the product of forget factors; 0 where there is none."""
        return self.parts["direct"].value if "direct" in self.parts else sp.Integer(0)

    @property
    def indirect(self):
        """The sum of all others: through a gate, or through STM."""
        return self.value - self.direct

    @property
    def latex(self):
        """The LaTeX of all parts, each with its way; 0 without any."""
        ways = [way.replace("direct", r"\text{direct}").replace("←", r"\leftarrow") for way in self.parts]
        values = [sp.latex(part.value) for part in self.parts.values()]
        rows = [f"{value} && {way}" for value, way in zip(values, ways, strict=True)] or ["0"]
        first = f"{sp.latex(self.left)} = {{}} & {rows[0]}"
        return aligned([first, *[f"+ {{}} & {row}" for row in rows[1:]]])

    def _repr_latex_(self):
        return Formula(self.latex)._repr_latex_()

    def __repr__(self):
        rows = [f"{part.value}    ({way})" for way, part in self.parts.items()] or ["0"]
        return f"{self.left} = " + "\n    + ".join(rows)


def _node(name, back=0):
    return sp.Symbol(f"{name}_{{t-{back}}}" if back else f"{name}_t")


@cache
def _system(cell, steps):
    """Return symbol -> value for all of the last steps, in the order in which the cell computes."""
    backs = range(steps - 1, -1, -1)
    return {_node(name, back): value for back in backs for name, value in _step(cell, back).items()}


def _step(cell, back):
    LTM_prev, STM_prev = (_node(name, back + 1) for name in STATES)
    x, N, i, f, LTM, V, U = (_node(name, back) for name in ("x", "N", "i", "f", "LTM", "V", "U"))
    W_u, b_u = sp.symbols("W_u b_u")

    def z(gate, peeps_at=0):
        W = matrix(f"W_{gate}", 1, 2)
        peephole = sp.Symbol(f"p_{gate}") * peeps_at if cell.peepholes else 0
        return STM_prev * W[0] + x * W[1] + peephole + sp.Symbol(f"b_{gate}")

    return {
        "N": sp.tanh(z("n")),
        "i": sigma(z("i", LTM_prev)),
        "f": sigma(z("f", LTM_prev)),
        "LTM": LTM_prev * f + N * i,
        "V": sigma(z("v", LTM)),
        "U": sp.tanh(LTM_prev * f * W_u + b_u if cell.use_gate == "notes" else LTM),
        "STM": U * V,
    }


@cache
def _split(cell, of, by, lag):
    system, start, parts = _system(cell, lag), _node(by, lag), {}
    memory = tuple(_node("LTM", back) for back in range(lag + 1))

    def walk(path):
        if path[-1] == start:
            yield path
        for earlier in (*reversed(system), start) if path[-1] in system else ():
            if system[path[-1]].has(earlier):
                yield from walk((*path, earlier))

    for path in sorted(walk((_node(of),)), key=lambda path: path != memory):
        values = [system[a].diff(b).xreplace({system[a]: a}) for a, b in pairwise(path)]
        chain = [Partial(a.name, b.name, True) for a, b in pairwise(path)]
        factors = Lines(sp.Eq(*pair, evaluate=False) for pair in zip(chain, values, strict=True))
        way = "direct" if path == memory else " ← ".join(node.name for node in path[1:])
        parts[way] = Contribution(sp.Mul(*chain), factors, sp.Mul(*values))
    return Split(Partial(_node(of).name, start.name), parts)


def _check_choice(of, by, lag):
    for name, value, expected in (("of", of, (*STATES, *"NifVU")), ("by", by, STATES)):
        if value not in expected:
            raise ValueError(f"{name} is {value!r}; expected one of {', '.join(expected)}")
    if _check.check_count("lag", lag) > LARGEST_LAG:
        raise ValueError(f"lag is {lag}; expected at most {LARGEST_LAG}: there would be too many parts")
