"""How formulas are written: names, activations, derivatives as factors, several lines at once.

A node is called "s_3", in layer 2 "s(2)_3"; a weight "W_s", in layer 2 "W_s(2)". An index may stand in
braces, "LTM_{t-1}". Bars stand over vectors, as in formulas that hold for states of any size; where a state
is a single number no bar is written.
"""

import re
from dataclasses import dataclass

import sympy as sp
from sympy.core.symbol import Str

__all__ = ["PHIS", "Formula", "Lines", "Partial", "aligned", "matrix", "shown", "slope"]

NAME = re.compile(r"([A-Za-z]+)(\(\d+\))?_\{?([\w-]+)\}?(\(\d+\))?")


def _tex(name, bars):
    """The LaTeX of a name."""
    letter, raised, index = _split(name)
    return (rf"\bar{{{letter}}}" if bars and letter in "xsyd" else letter) + f"{raised}_{{{index}}}"


def matrix(name, rows, columns):
    """Return a matrix of symbols; a single one keeps the plain name, s_3 or W_s."""
    letter, raised, index = _split(name)

    def entry(i, j):
        place = f"{j + 1}" if rows == 1 else f"{i + 1}{j + 1}"
        place = "" if rows == columns == 1 else f",{place}"
        return sp.Symbol(f"{letter}{raised}_{{{index}{place}}}" if raised or place else name)

    return sp.ImmutableMatrix(rows, columns, entry)


def _split(name):
    letter, before, index, after = NAME.fullmatch(name).groups()
    layer = before or after
    return letter, f"^{{{layer}}}" if layer else "", index


class phi(sp.Function):
    """Any activation; its derivative is phi'."""

    def fdiff(self, argindex=1):
        """Return phi'(z)."""
        return slope(self.args[0])


class slope(sp.Function):
    """phi', the derivative of any activation."""

    def _latex(self, printer, exp=None):
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\phi'{power}{{\left({printer.doprint(self.args[0])} \right)}}"

    def _sympystr(self, printer):
        return f"phi'({printer.doprint(self.args[0])})"


class sigma(sp.Function):
    """The sigmoid 1 / (1 + exp(−z)), with its derivative written by its value: σ (1 − σ)."""

    def fdiff(self, argindex=1):
        """Return σ(z) (1 − σ(z))."""
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, z, **kwargs):
        return 1 / (1 + sp.exp(-z))

    def _eval_evalf(self, prec):
        return self.rewrite(sp.exp).evalf(sp.core.evalf.prec_to_dps(prec))


class same(sp.Function):
    """The identity, held together like any other activation while SymPy differentiates; see `shown`."""

    def fdiff(self, argindex=1):
        """Return 1."""
        return sp.Integer(1)

    def _eval_evalf(self, prec):
        return self.args[0]


def shown(value):
    """Return what a reader is to see: z instead of same(z), a single number instead of a 1 × 1 matrix."""
    value = value[0] if isinstance(value, sp.MatrixBase) and value.shape == (1, 1) else value
    return value.replace(same, lambda z: z) if value.has(same) else value


PHIS = {"generic": phi, "tanh": sp.tanh, "sigmoid": sigma, "identity": same}
"""Name of an activation -> its SymPy function."""


class Partial(sp.Expr):
    r"""∂a/∂b as one factor of a chain, or ∂⁺a/∂b, the immediate derivative.

    Factors do not commute, as the matrices that they stand for do not: a product keeps their order.

    Parameters
    ----------
    a, b : str
        Names: "s_3", "W_s".
    immediate : bool
        Hold everything but b fixed, earlier states too (Pascanu, Mikolov and Bengio 2013, section 2).
    bars : bool
        Write bars over the vectors.
    """

    is_commutative = False

    def __new__(cls, a, b, immediate=False, bars=True):
        return super().__new__(cls, Str(a), Str(b), sp.sympify(immediate), sp.sympify(bars))

    def _latex(self, printer):
        a, b, immediate, bars = self.args
        plus = "^{+}" if immediate else ""
        return rf"\frac{{\partial{plus} {_tex(a.name, bars)}}}{{\partial {_tex(b.name, bars)}}}"

    def _sympystr(self, printer):
        a, b, immediate, _ = self.args
        return f"∂{'⁺' if immediate else ''}{a.name}/∂{b.name}"


@dataclass(frozen=True)
class Formula:
    """A formula that is only to be read: a notebook shows it, `latex` is its source."""

    latex: str

    def _repr_latex_(self):
        return rf"$\displaystyle {self.latex}$"

    def __repr__(self):
        return self.latex


def aligned(rows):
    """Return the LaTeX of rows below one another, aligned at &."""
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


class Lines(tuple):
    """Equations of SymPy; a notebook shows them below one another."""

    @property
    def latex(self):
        """The LaTeX of all lines."""
        return aligned([f"{sp.latex(line.lhs)} &= {sp.latex(line.rhs)}" for line in self])

    def __repr__(self):
        return "\n".join(f"{line.lhs} = {line.rhs}" for line in self)

    def _repr_latex_(self):
        return Formula(self.latex)._repr_latex_()
