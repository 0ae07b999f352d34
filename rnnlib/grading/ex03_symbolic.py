"""Exercise 3, its last task: the contributions of all steps by SymPy, which is imported when it is needed."""

import math

import numpy as np

from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["IMMEDIATE", "SYMBOLIC", "WALK"]

IMMEDIATE = Section("3", "Immediate and total derivatives")
WALK = Section("3", "Proof 2: walk every state")

AT = (-1.3, 0.4, 0.9)
"""Values of w at which expressions are compared."""


def draw_numbers(rng, trial):
    import sympy

    N = (1, 3, 2, 4)[trial]  # differentiating takes time
    s_0, *x = rng.choice([-1, 1], N + 1) * rng.uniform(0.3, 1.2, N + 1).round(2)
    phi = (sympy.tanh, sympy.tanh, logistic, sympy.sin)[trial]
    return {"phi": phi, "w": sympy.Symbol("w"), "s_0": float(s_0), "x": [float(x_t) for x_t in x]}


def logistic(z):
    import sympy

    return 1 / (1 + sympy.exp(-z))


def at_numbers(answer, arguments):
    """The value of each expression at some w: (N, 3)."""
    import sympy

    if not isinstance(answer, (list, tuple, np.ndarray, sympy.MatrixBase)):
        raise TypeError(f"this is not a list but one {type(answer).__name__}.")
    if len(answer) != len(arguments["x"]):
        raise ValueError(f"expected N = {len(arguments['x'])}, and the list has {len(answer)}.")
    return np.array([[_number(entry, value) for value in AT] for entry in answer]).reshape(-1, len(AT))


def _number(entry, value):
    import sympy

    if not isinstance(entry, (sympy.Expr, int, float)):
        raise TypeError(f"{type(entry).__name__} in the list; expected expressions.")
    found = sympy.sympify(entry).doit()
    found = found.subs({symbol: value for symbol in found.free_symbols if symbol.name == "w"})
    if found.free_symbols:
        names = ", ".join(sorted(symbol.name for symbol in found.free_symbols))
        raise ValueError(f"only w may be left in an expression; there is still {names}.")
    return float(found)


def by_chain(build):
    """A variant: `build` makes the list from w, the states s_0 ... s_N, and φ′ of the steps 1 ... N."""

    def variant(phi, w, s_0, x):
        import sympy

        z, s, slopes = sympy.Symbol("z"), [sympy.sympify(s_0)], []
        for x_t in x:
            slopes.append(sympy.diff(phi(z), z).subs(z, w * s[-1] + x_t))
            s.append(phi(w * s[-1] + x_t))
        return build(w, s, slopes)

    return variant


def immediate(w, s, slopes):
    return [s_prev * slope for s_prev, slope in zip(s, slopes, strict=False)]


def totals(w, s, slopes):
    return [s_i.diff(w) for s_i in s[1:]]


def ways(w, s, slopes):
    return [math.prod(w * slope for slope in slopes[i:]) for i in range(1, len(s))]


def chains(last):
    """Each way back from s_N, times its last factor."""
    return by_chain(lambda *given: [way * end for way, end in zip(ways(*given), last(*given), strict=True)])


SYMBOLIC = Task(
    title="the same by SymPy",
    function="contributions",
    returns=("the list (of N expressions in w)",),
    draw=draw_numbers,
    reference=chains(immediate),
    mistakes=(
        Mistake(
            "total",
            "The chains end in total derivatives, so early steps are counted again and again.",
            chains(totals),
            IMMEDIATE,
        ),
        Mistake(
            "whole",
            "Every entry is the whole derivative. Only the w of one step may move at a time.",
            by_chain(lambda *given: [totals(*given)[-1] for _ in totals(*given)]),
        ),
        Mistake(
            "names gone",
            "All derivatives are zero: when SymPy differentiates, the names are gone already.",
            by_chain(lambda w, s, slopes: [0] * len(slopes)),
        ),
        Mistake(
            "backwards",
            "These are the contributions, but that of s_N comes first. The list starts with s_1.",
            lambda *given: chains(immediate)(*given)[::-1],
            WALK,
        ),
        Mistake(
            "only the end",
            "These are the immediate derivatives of the states. Each has its way to s_N still to go.",
            by_chain(immediate),
            WALK,
        ),
        Mistake(
            "each state",
            "These are the total derivatives of s_1, s_2 and so on. Asked for is only s_N, and what each step contributes to it.",
            by_chain(totals),
            IMMEDIATE,
        ),
        Mistake(
            "starts from zero",
            "The net starts from zero. It starts from s_0: a zero hides a part of the derivative.",
            lambda phi, w, s_0, x: chains(immediate)(phi, w, 0, x),
            Section("3", "One error, many places"),
        ),
        Mistake(
            "no slope",
            "φ′ is missing: this is right only for φ(z) = z, as in the lesson's example with w = 2.",
            by_chain(lambda w, s, slopes: [w ** (len(slopes) - i) * s[i - 1] for i in range(1, len(s))]),
        ),
    ),
    reread=Section("3", "Proof 1: put everything in, then differentiate"),
    view=at_numbers,
    trials=4,
)
