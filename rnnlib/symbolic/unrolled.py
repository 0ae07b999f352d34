"""A simple RNN of N steps, and ∂E_N/∂W proved in two ways."""

from dataclasses import dataclass
from functools import cache, reduce
from itertools import pairwise
from operator import matmul

import numpy as np
import sympy as sp

from rnnlib import _check
from rnnlib.symbolic.equations import is_vector, numbers, renamed, system, wholes, written_out
from rnnlib.symbolic.notation import PHIS, Formula, Lines, Partial, aligned, shown

__all__ = ["RNN", "Contribution", "Proof"]

LARGEST_N = {1: 12, 2: 4}  # by size of the vectors: the formulas grow with n_s^N


@dataclass(frozen=True)
class RNN:
    r"""The equations of N steps: s_t = phi(x_t W_x + s_{t-1} W_s), y_N = s_N W_y, E_N = ½ ‖y_N − d_N‖².

    With several layers each sees the states of the one below, and states and weights carry the number of
    their layer: s(1)_t, W_s(1). s_0 is a symbol, not zero.

    Parameters
    ----------
    N : int
        Number of steps: at most 12 for single numbers, 4 for vectors.
    phi : {"generic", "tanh", "sigmoid", "identity"}
        "generic" is any function phi with the derivative phi'.
    layers : int
        1 or 2.
    bias : bool
        Add b_s inside of phi.
    n_x, n_s, n_y : int
        Sizes of the vectors, 1 or 2.
    """

    N: int = 3
    phi: str = "generic"
    layers: int = 1
    bias: bool = False
    n_x: int = 1
    n_s: int = 1
    n_y: int = 1

    def __post_init__(self):
        for name in ("layers", "n_x", "n_s", "n_y"):
            if getattr(self, name) not in LARGEST_N:
                raise ValueError(f"{name} is {getattr(self, name)!r}; expected 1 or 2")
        if self.phi not in PHIS:
            raise ValueError(f"phi is {self.phi!r}; expected one of {', '.join(PHIS)}")
        largest = LARGEST_N[max(self.n_x, self.n_s, self.n_y)]
        if _check.check_count("N", self.N) > largest:
            hint = "the formulas would be too long; general() writes them for any N"
            raise ValueError(f"N is {self.N}; expected at most {largest}: {hint}")

    @property
    def weights(self):
        """The names of all weights, in the order in which the network uses them."""
        return tuple(system(self).weights)

    @property
    def equations(self):
        """All equations that are needed for E_N, the last of them E_N itself."""
        return Lines(_equation(step.symbols, step.value) for step in system(self).steps.values())

    @property
    def error(self):
        """The equation of E_N."""
        return self.equations[-1]

    @property
    def preactivations(self):
        """What phi is taken of: z_t = x_t W_x + s_{t-1} W_s, the argument of phi' in the gradients."""
        steps = system(self).steps.values()
        return Lines(_equation(step.z_symbols, step.z) for step in steps if step.z is not None)

    @property
    def substituted(self):
        """The equation of E_N with all others put in: only inputs, s_0 and weights are left."""
        return _equation(self.error.lhs, written_out(self).error)

    def proof_by_substitution(self, weight):
        """Put all equations into E_N, differentiate by the weight, simplify.

        Simplified means: what is a state again gets its name, and phi' the name of its argument.
        Single numbers only: the last step multiplies out, and has one summand for each path.

        Returns
        -------
        Proof
        """
        return _by_substitution(self, self._checked(weight))

    def proof_by_paths(self, weight):
        """Walk every state that the weight feeds and that reaches E_N; chain rule; add up.

        Returns
        -------
        Proof
            With `contributions`, one for each path, and `expansion`.
        """
        return _by_paths(self, self._checked(weight))

    def difference(self, weight):
        """Return the gradient by substitution minus that by paths, multiplied out: 0, or a matrix of zeros.

        It is taken with phi and phi' at each step as symbols of their own. What is 0 then is 0 for any
        values of them.
        """
        return _difference(self, self._checked(weight))

    def numbers(self, params, x, d, s_0=None):
        """Return the number of every symbol, found by the equations, from what `Network.forward` takes.

        Parameters
        ----------
        params : NetworkParams
        x : (N, 1, n_x) array
        d : (N, 1, n_y) array
            The desired outputs; only the last one is used.
        s_0 : tuple of (1, n_s) arrays, optional
            For each layer; zeros if not given.

        Returns
        -------
        dict
            To be put into a formula: `net.error.rhs.subs(numbers)`, `proof.at(numbers)`.
        """
        if self.phi == "generic":
            raise ValueError("phi is 'generic'; expected tanh, sigmoid or identity: it has no numbers")
        return numbers(self, params, x, d, (None,) * self.layers if s_0 is None else s_0)

    def _checked(self, weight):
        if weight not in self.weights:
            raise ValueError(f"weight is {weight!r}; expected one of {', '.join(self.weights)}")
        return weight


@dataclass(frozen=True)
class Contribution:
    """What one path adds to the gradient; a notebook shows its chain and its value.

    chain : Mul           ∂E_3/∂y_3 · ∂y_3/∂s_3 · ... · ∂⁺s_i/∂W, from left to right
    factors : Lines       each of these derivatives, (n_a, n_b); by a matrix of weights (n_a, its entries)
    value : Expr, Matrix  their product, of the shape of the weight
    """

    chain: sp.Expr
    factors: Lines
    value: sp.Expr

    @property
    def latex(self):
        """The LaTeX of chain = value."""
        chain = " ".join(sp.latex(factor.lhs) for factor in self.factors)
        return f"{chain} = {sp.latex(self.value)}"

    def _repr_latex_(self):
        return Formula(self.latex)._repr_latex_()

    def __repr__(self):
        return f"{sp.Mul(*[factor.lhs for factor in self.factors])} = {self.value}"


@dataclass(frozen=True)
class Proof:
    """One way to ∂E_N/∂W; a notebook shows its steps.

    weight : str
    steps : Lines             equations, to be shown one by one
    gradient : Expr, Matrix   ∂E_N/∂W in terms of states, inputs, weights and phi'; of the shape of the weight
    contributions : tuple     of a proof by paths: one Contribution for each path
    expansion : Formula       of a proof by paths: ∂E_N/∂W = the sum of all chains
    """

    weight: str
    steps: Lines
    gradient: sp.Expr
    contributions: tuple = ()
    expansion: Formula | None = None

    @property
    def latex(self):
        """The LaTeX of all steps."""
        return self.steps.latex

    def _repr_latex_(self):
        return self.steps._repr_latex_()

    def __repr__(self):
        return repr(self.steps)

    def at(self, numbers):
        """Return the gradient at `net.numbers(...)` as an array of the shape that the engine's has."""
        gradient = sp.Matrix([self.gradient]).xreplace(numbers).evalf()
        value = np.array(gradient.tolist(), dtype=float)
        return value[0] if self.weight.startswith("b") else value


@cache
def _by_substitution(net, weight):
    E, names = written_out(net)
    W = system(net).weights[weight]
    left = Partial(f"E_{net.N}", weight, bars=is_vector(net))
    raw = W.applyfunc(E[0].diff)
    gradient = shown(raw.xreplace(names))
    steps = [net.error, net.substituted, _equation(left, raw), _equation(left, gradient)]
    if W.shape == (1, 1):
        steps.insert(2, _equation(left, sp.Derivative(shown(E), W[0])))
    if not is_vector(net):
        steps.append(_equation(left, _multiplied_out(net, gradient)))
    return Proof(weight, Lines(dict.fromkeys(steps)), gradient)


def _multiplied_out(net, gradient):
    """Expand all products but y_N − d_N and phi' written by a state, which stay whole."""
    whole = wholes(net)
    short = gradient.xreplace(whole)
    short = short.applyfunc(sp.expand) if isinstance(short, sp.MatrixBase) else sp.expand(short)
    return short.xreplace({symbol: expression for expression, symbol in whole.items()})


@cache
def _by_paths(net, weight):
    contributions = tuple(_contribution(net, path, weight) for path in _paths(net, weight))
    name = Partial(f"E_{net.N}", weight)
    gradient = sum((c.value for c in contributions[1:]), contributions[0].value)
    signs = [f"{sp.latex(name)} &=", *[r"&\quad +"] * (len(contributions) - 1)]
    rows = [f"{sign} {sp.latex(c.chain)}" for sign, c in zip(signs, contributions, strict=True)]
    steps = [sp.Eq(sp.Mul(*[f.lhs for f in c.factors]), c.value, evaluate=False) for c in contributions]
    steps.append(_equation(Partial(f"E_{net.N}", weight, bars=is_vector(net)), gradient))
    return Proof(weight, Lines(steps), gradient, contributions, Formula(aligned(rows)))


def _paths(net, weight):
    """All ways from E_N back to a step that uses the weight.

    Latest step first; of those that end in one step, first the one that goes down a layer earliest.
    """
    steps = system(net).steps

    def walk(path):
        step = steps[path[-1]]
        if weight in step.weights:
            yield path
        for earlier in step.inputs:
            if earlier in steps:
                yield from walk((*path, earlier))

    return sorted(walk((f"E_{net.N}",)), key=lambda path: -int(path[-1].rpartition("_")[2]))


def _contribution(net, path, weight):
    steps, W = system(net).steps, system(net).weights[weight]
    values = [_derivative(steps[a], steps[b].symbols) for a, b in pairwise(path)]
    values.append(_derivative(steps[path[-1]], W.reshape(1, len(W))))
    edges = [*pairwise(path), (path[-1], weight)]
    chain, short = ([Partial(a, b, b == weight, bars) for a, b in edges] for bars in (True, is_vector(net)))
    factors = Lines(map(_equation, short, values))
    return Contribution(sp.Mul(*chain), factors, shown(reduce(matmul, values).reshape(*W.shape)))


def _derivative(step, symbols):
    """∂⁺(value)/∂symbols, shape (n_a, n_b), with phi and phi' by their names."""
    derivative = sp.ImmutableMatrix(step.value.jacobian(symbols))
    return derivative if step.z is None else derivative.xreplace(renamed(step, step.z, step.value))


@cache
def _difference(net, weight):
    one, other = _by_substitution(net, weight).gradient, _by_paths(net, weight).gradient
    return _multiplied_out(net, one - other)


def _equation(left, value):
    left = shown(left) if isinstance(left, sp.MatrixBase) else left
    return sp.Eq(left, shown(value), evaluate=False)
