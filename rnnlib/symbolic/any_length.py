"""∂E_N/∂W for any N: the formula, its proof by induction, and the trap of total derivatives."""

from dataclasses import dataclass
from typing import NamedTuple

import sympy as sp

from rnnlib.symbolic.notation import Formula, Lines, Partial, aligned, matrix, phi
from rnnlib.symbolic.unrolled import RNN

__all__ = ["DoubleCounting", "Induction", "double_counting", "general", "induction"]

WEIGHTS = ("W_y", "W_x", "W_s", "b_s")


def general(weight):
    r"""Return the formula of ∂E_N/∂W for one layer and any N.

    ∂y_N/∂s_i is written as ∂y_N/∂s_N times the product of all ∂s_k/∂s_{k-1}, k from N, which stands on the
    left, down to i+1; for i = N the product is empty. The last factor is the immediate derivative.

    Parameters
    ----------
    weight : {"W_y", "W_x", "W_s", "b_s"}

    Returns
    -------
    Formula

    Source: Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks",
    equations 3 to 5.
    """
    _check_weight(weight, WEIGHTS)
    left = f"{_tex('E_N', weight)} = "
    error = _tex("E_N", "y_N")
    if weight == "W_y":
        return Formula(f"{left}{error} {_tex('y_N', weight, True)}")
    return Formula(rf"{left}\sum_{{i=1}}^{{N}} {error} {_tex('y_N', 's_N')} {_summand('N', weight)}")


@dataclass(frozen=True)
class Induction:
    """The proof of ∂s_N/∂W = Σ_i (Π ∂s_k/∂s_{k-1}) ∂⁺s_i/∂W for any N; a notebook shows its four lines.

    claim, base, recurrence, inserted : Formula
        What is to be proved; N = 1; the chain rule for s_N, which sees W and s_{N-1}; the claim for N−1 put
        into it, which is the claim for N.
    """

    weight: str
    claim: Formula
    base: Formula
    recurrence: Formula
    inserted: Formula

    def _repr_latex_(self):
        lines = (self.claim, self.base, self.recurrence, self.inserted)
        return Formula(aligned([line.latex.replace("=", "&=", 1) for line in lines]))._repr_latex_()

    def holds(self):
        """Let SymPy check the recurrence, with states of two numbers, and the sum, both for any N."""
        return _recurrence_holds(self.weight) and _sum_holds()

    def holds_at(self, N):
        """Check the step from N−1 to N with all chains written out; N = 1 is the base.

        A chain is cut behind ∂y_N/∂s_N; ∂s_N/∂s_{N-1} times each chain of N−1, plus ∂⁺s_N/∂W, must be the
        chains of N, as products whose factors do not commute.
        """
        new = Partial(f"s_{N}", self.weight, True)
        before = [] if N == 1 else _chains(N - 1, self.weight)
        step = Partial(f"s_{N}", f"s_{N - 1}")
        inserted = sp.Add(*[step * chain for chain in before], new)
        return sp.expand(inserted - sp.Add(*_chains(N, self.weight))) == 0


def induction(weight):
    """Return the proof by induction over N for a weight that enters at every step.

    Parameters
    ----------
    weight : {"W_x", "W_s", "b_s"}

    Returns
    -------
    Induction
    """
    _check_weight(weight, WEIGHTS[1:])
    total, new = _tex("s_N", weight), _tex("s_N", weight, True)
    before, step = _tex("s_N-1", weight), _tex("s_N", "s_N-1")
    claim = rf"{total} = \sum_{{i=1}}^{{N}} {_summand('N', weight)}"
    inserted = rf"{step} \sum_{{i=1}}^{{N-1}} {_summand('N-1', weight)} + {new}"
    return Induction(
        weight,
        Formula(claim),
        Formula(f"{_tex('s_1', weight)} = {_tex('s_1', weight, True)}"),
        Formula(f"{total} = {step} {before} + {new}"),
        Formula(f"{total} = {inserted}"),
    )


class DoubleCounting(NamedTuple):
    """∂s_N/∂w, and what its sum gives with immediate and with total derivatives as last factors.

    steps : Lines    s_1, s_2, ... as functions of w
    gradient : what SymPy finds by differentiating s_N
    immediate, total : tuple    the summands for i = 1..N
    """

    steps: Lines
    gradient: sp.Expr
    immediate: tuple
    total: tuple


def double_counting(w=2, x=(1, 1, 1)):
    """Show why the last factor of a chain is an immediate derivative: s_t = w s_{t-1} + x_t, s_0 = 0.

    The total ∂s_i/∂w already holds all that came through s_{i-1}. A sum over i that uses it counts the
    early steps again and again: with w = 2 and x = 1, 1, 1 it gives 7, and ∂s_3/∂w is 5.

    Parameters
    ----------
    w : number
    x : tuple of numbers

    Returns
    -------
    DoubleCounting
    """
    weight = sp.Symbol("w")
    states = [sp.Integer(0)]
    for x_t in x:
        states.append(sp.expand(weight * states[-1] + x_t))
    N = len(x)
    last = {"immediate": states[:-1], "total": [s.diff(weight) for s in states[1:]]}
    summands = {kind: [weight ** (N - i) * f for i, f in enumerate(fs, 1)] for kind, fs in last.items()}
    at = {kind: tuple(sp.sympify(f).subs(weight, w) for f in fs) for kind, fs in summands.items()}
    steps = Lines(sp.Eq(sp.Symbol(f"s_{t}"), s, evaluate=False) for t, s in enumerate(states[1:], 1))
    return DoubleCounting(steps, states[-1].diff(weight).subs(weight, w), at["immediate"], at["total"])


def _tex(a, b, immediate=False):
    return sp.latex(Partial(a, b, immediate))


def _summand(N, weight):
    product = rf"\left( \prod_{{{N} \ge k > i}} {_tex('s_k', 's_k-1')} \right)"
    return f"{product} {_tex('s_i', weight, True)}"


def _chains(N, weight):
    net = RNN(N, bias=weight == "b_s")
    return [sp.Mul(*c.chain.args[2:]) for c in net.proof_by_paths(weight).contributions]


def _recurrence_holds(weight):
    """s_{N-1} is any function of the weight: ∂s_N/∂W must be what the chain rule says."""
    before, x, W_x, W_s = matrix("s_N-1", 1, 2), matrix("x_N", 1, 2), matrix("W_x", 2, 2), matrix("W_s", 2, 2)
    b = matrix("b_s", 1, 2)
    s_N = (x @ W_x + before @ W_s + b).applyfunc(phi)
    for w in {"W_x": W_x, "W_s": W_s, "b_s": b}[weight]:
        moving = dict(zip(before, (sp.Function(f"s_{j}")(w) for j in range(2)), strict=True))
        total = s_N.xreplace(moving).diff(w)
        speed = sp.Matrix(1, 2, [s.diff(w) for s in moving.values()])
        chain = (speed @ s_N.jacobian(before).T + s_N.diff(w)).xreplace(moving)
        if (total - chain).applyfunc(sp.expand) != sp.zeros(1, 2):
            return False
    return True


def _sum_holds():
    """J_N Σ_{i<N} P(N−1, i) D_i + D_N = Σ_{i<=N} P(N, i) D_i, as P(N, i) = J_N P(N−1, i) and P(N, N) = 1."""
    N, i = sp.symbols("N i", integer=True, positive=True)
    J, P, D = (sp.Function(name, commutative=False) for name in "JPD")
    inserted = sp.Sum(J(N) * P(N - 1, i) * D(i), (i, 1, N - 1)) + D(N)
    claim = sp.Sum(P(N, i) * D(i), (i, 1, N - 1)) + P(N, N) * D(N)
    return claim.xreplace({P(N, N): sp.Integer(1), P(N, i): J(N) * P(N - 1, i)}) == inserted


def _check_weight(weight, expected):
    if weight not in expected:
        raise ValueError(f"weight is {weight!r}; expected one of {', '.join(expected)}")
