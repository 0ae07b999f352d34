"""What a notebook shows: the notes' expansions, the formula for any N, the induction.

Formulas are compared by structure (which fractions, of what, in which order), not by letters: versions of
SymPy differ in spaces and braces.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp
from cases import refuses

from rnnlib import symbolic
from rnnlib.symbolic import Formula, Lines, Partial, any_length

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[^\s]")
LAYOUT = {r"\displaystyle", r"\quad", r"\left", r"\right", r"\\", r"\ ", "&", "$", r"\cdot"}

# The three expansions of the notes for N = 3, as printed there, without the words around them.
NOTES = {
    "W_y": r"""\frac{\partial E_3}{\partial W_y} &= \frac{\partial E_3}{\partial \bar{y}_3}
        \frac{\partial \bar{y}_3}{\partial W_y}"""
}
for _weight in ("W_s", "W_x"):
    NOTES[_weight] = r"""\frac{\partial E_3}{\partial WEIGHT} &=
        \frac{\partial E_3}{\partial \bar{y}_3}\frac{\partial \bar{y}_3}{\partial \bar{s}_3}
        \frac{\partial \bar{s}_3}{\partial WEIGHT} +\\ &\phantom{000}
        \frac{\partial E_3}{\partial \bar{y}_3}\frac{\partial \bar{y}_3}{\partial \bar{s}_3}
        \frac{\partial \bar{s}_3}{\partial \bar{s}_2}\frac{\partial \bar{s}_2}{\partial WEIGHT}+
        \\ &\phantom{000}
        \frac{\partial E_3}{\partial \bar{y}_3}\frac{\partial \bar{y}_3}{\partial \bar{s}_3}
        \frac{\partial \bar{s}_3}{\partial \bar{s}_2}\frac{\partial \bar{s}_2}{\partial \bar{s}_1}
        \frac{\partial \bar{s}_1}{\partial WEIGHT}""".replace("WEIGHT", _weight)


def structure(latex):
    """Tokens without layout, as nested lists; a group around a single token is that token."""
    latex = re.sub(r"\\(begin|end)\{aligned\}|\\phantom\{\d+\}", "", latex)
    tokens = [token for token in TOKEN.findall(latex) if token not in LAYOUT]
    stack = [[]]
    for token in tokens:
        if token == "{":
            stack.append([])
        elif token == "}":
            group = stack.pop()
            stack[-1].append(group[0] if len(group) == 1 else group)
        else:
            stack[-1].append(token)
    assert len(stack) == 1, "braces do not match"
    return stack[0]


def fractions(latex):
    """(numerator, denominator) of every fraction in order, and everything between them."""
    tokens, found = iter(structure(latex)), []
    for token in tokens:
        found.append((next(tokens), next(tokens)) if token == r"\frac" else token)
    return found


def plain(latex):
    """The notes write ∂ where the course writes ∂⁺."""
    return latex.replace(r"\partial^{+}", r"\partial")


@pytest.mark.parametrize("weight", NOTES)
@pytest.mark.parametrize("options", [{}, {"phi": "tanh"}, {"n_x": 2, "n_s": 2, "n_y": 2}], ids=str)
def test_expansions_are_those_of_the_notes(weight, options):
    latex = symbolic.RNN(3, **options).proof_by_paths(weight).expansion.latex
    assert fractions(plain(latex)) == fractions(NOTES[weight])


@pytest.mark.parametrize("weight", NOTES)
def test_only_the_last_factor_of_each_summand_is_immediate(weight):
    proof = symbolic.RNN(3).proof_by_paths(weight)
    for contribution in proof.contributions:
        marks = ["^{+}" in sp.latex(factor) for factor in contribution.chain.args]
        assert marks == [False] * (len(marks) - 1) + [True]
    assert proof.expansion.latex.count("^{+}") == len(proof.contributions)


def test_structure_sees_what_matters_and_nothing_else():
    a = r"\frac{\partial E_3}{\partial \bar{y}_3} \frac{\partial \bar{y}_{3}}{\partial W_{s}} + x"
    spaced = r"\frac{ \partial E_{3} }{\partial\bar y_3}\frac{\partial \bar{y}_3}{\partial W_s}+x"
    assert fractions(a) == fractions(spaced)
    swapped = r"\frac{\partial \bar{y}_3}{\partial W_s}\frac{\partial E_3}{\partial \bar{y}_3} + x"
    for other in (swapped, a.replace("+", "-"), a.replace(r"\bar{y}_3", "y_3"), a.replace("W_{s}", "W_{x}")):
        assert fractions(a) != fractions(other)


def test_two_layers_carry_the_number_of_the_layer():
    latex = symbolic.RNN(2, layers=2).proof_by_paths("W_s(1)").expansion.latex
    expected = r"""\frac{\partial E_2}{\partial W^{(1)}_s} =
        \frac{\partial E_2}{\partial \bar{y}_2} \frac{\partial \bar{y}_2}{\partial 2:2}
        \frac{\partial 2:2}{\partial 1:2} \frac{\partial^+ 1:2}{\partial W^{(1)}_s}
        + \frac{\partial E_2}{\partial \bar{y}_2} \frac{\partial \bar{y}_2}{\partial 2:2}
        \frac{\partial 2:2}{\partial 1:2} \frac{\partial 1:2}{\partial 1:1}
        \frac{\partial^+ 1:1}{\partial W^{(1)}_s}
        + \frac{\partial E_2}{\partial \bar{y}_2} \frac{\partial \bar{y}_2}{\partial 2:2}
        \frac{\partial 2:2}{\partial 2:1} \frac{\partial 2:1}{\partial 1:1}
        \frac{\partial^+ 1:1}{\partial W^{(1)}_s}"""
    expected = re.sub(r"(\d):(\d)", r"\\bar{s}^{(\1)}_\2", expected)
    assert fractions(latex) == fractions(expected)


# Any N


@pytest.mark.parametrize("weight", ["W_s", "W_x", "b_s"])
def test_general_formula_has_sum_product_and_the_immediate_derivative(weight):
    expected = r"""\frac{\partial E_N}{\partial WEIGHT} =
        \sum_{i=1}^{N} \frac{\partial E_N}{\partial \bar{y}_N} \frac{\partial \bar{y}_N}{\partial \bar{s}_N}
        (\prod_{N \ge k > i} \frac{\partial \bar{s}_k}{\partial \bar{s}_{k-1}})
        \frac{\partial^{+} \bar{s}_i}{\partial WEIGHT}""".replace("WEIGHT", weight)
    assert fractions(symbolic.general(weight).latex) == fractions(expected)


def test_general_formula_of_the_readout_has_no_sum():
    three = symbolic.RNN(3).proof_by_paths("W_y").expansion.latex
    assert fractions(symbolic.general("W_y").latex) == fractions(three.replace("3", "N"))


def written_out(latex, N):
    """Spell the sum and the product of the general formula out for a number N."""
    left, _, body = latex.partition(r"\sum_{i=1}^{N}")
    before, _, rest = body.partition(r"\left( \prod_{N \ge k > i}")
    factor, _, last = rest.partition(r"\right)")
    summands = []
    for i in range(N, 0, -1):
        steps = range(N, i, -1)
        product = "".join(factor.replace("{k-1}", f"{{{k - 1}}}").replace("{k}", f"{{{k}}}") for k in steps)
        summands.append(before + product + last.replace("{i}", f"{{{i}}}"))
    return (left + "+".join(summands)).replace("{N}", f"{{{N}}}")


@pytest.mark.parametrize("N", range(1, 7))
def test_general_formula_spelled_out_is_the_expansion(N):
    for weight in ("W_s", "W_x"):
        expansion = symbolic.RNN(N).proof_by_paths(weight).expansion.latex
        assert fractions(written_out(symbolic.general(weight).latex, N)) == fractions(expansion)


@pytest.mark.parametrize("weight", ["W_x", "W_s", "b_s"])
def test_induction_holds(weight):
    proof = symbolic.induction(weight)
    assert proof.holds()
    assert all(proof.holds_at(N) for N in range(1, 7))
    assert proof.claim.latex.partition("=")[2].strip() in general_body(weight)
    assert proof._repr_latex_().count(r"\\") == 3


def general_body(weight):
    chain = r"\frac{\partial E_{N}}{\partial \bar{y}_{N}} \frac{\partial \bar{y}_{N}}{\partial \bar{s}_{N}} "
    return symbolic.general(weight).latex.replace(chain, "")


def test_a_wrong_induction_does_not_hold(monkeypatch):
    proof, chains = symbolic.induction("W_s"), any_length._chains
    monkeypatch.setattr(any_length, "_chains", lambda N, weight: [*chains(N, weight), Partial("s_1", weight)])
    assert not any(proof.holds_at(N) for N in range(1, 4))
    monkeypatch.setattr(any_length, "Partial", lambda a, b, immediate=False: sp.Symbol(f"{a}/{b}"))
    monkeypatch.setattr(any_length, "_chains", chains)
    assert not any(proof.holds_at(N) for N in range(1, 4))
    monkeypatch.setattr(any_length, "_sum_holds", lambda: False)
    assert not proof.holds()


def test_a_wrong_recurrence_does_not_hold(monkeypatch):
    class wrong(sp.Function):
        """Its derivative is no derivative of a function of one argument: it depends on how it is called."""

        def fdiff(self, argindex=1):
            return sp.Integer(len(self.args[0].atoms(sp.Function)))

    monkeypatch.setattr(any_length, "phi", wrong)
    assert not symbolic.induction("W_s").holds()


def test_unknown_weights_are_named():
    with refuses("weight is 'W'; expected one of W_y, W_x, W_s, b_s"):
        symbolic.general("W")
    with refuses("weight is 'W_y'; expected one of W_x, W_s, b_s"):
        symbolic.induction("W_y")


# In a notebook


SHOWN = {
    "equations": lambda: symbolic.RNN(3).equations,
    "error": lambda: symbolic.RNN(3).error,
    "substituted": lambda: symbolic.RNN(3, "tanh").substituted,
    "preactivations": lambda: symbolic.RNN(2, n_s=2).preactivations,
    "a step": lambda: symbolic.RNN(3, "sigmoid").proof_by_substitution("W_s").steps[-1],
    "proof by substitution": lambda: symbolic.RNN(3).proof_by_substitution("W_s"),
    "proof by paths": lambda: symbolic.RNN(2, layers=2).proof_by_paths("W_s(1)"),
    "contribution": lambda: symbolic.RNN(3).proof_by_paths("W_s").contributions[2],
    "factors": lambda: symbolic.RNN(2, n_x=2, n_s=2).proof_by_paths("W_x").contributions[1].factors,
    "expansion": lambda: symbolic.RNN(3).proof_by_paths("W_s").expansion,
    "chain": lambda: symbolic.RNN(3).proof_by_paths("W_s").contributions[2].chain,
    "general": lambda: symbolic.general("W_s"),
    "induction": lambda: symbolic.induction("W_s"),
    "double counting": lambda: symbolic.double_counting().steps,
}


@pytest.mark.parametrize("name", SHOWN)
def test_everything_is_shown_as_a_formula(name):
    shown = SHOWN[name]()._repr_latex_()
    assert shown.startswith(r"$\displaystyle ")
    assert shown.endswith("$")
    assert structure(shown)
    assert "Dummy" not in shown
    assert "same" not in shown


def test_what_is_shown_is_the_same_in_every_session():
    code = (
        "from rnnlib import symbolic as s; n = s.RNN(3, 'sigmoid', n_s=2); "
        "p, q = n.proof_by_substitution('W_s'), n.proof_by_paths('W_s'); "
        "print(p.latex, q.latex, repr(p), q, s.RNN(4, 'tanh', 2).proof_by_substitution('W_s(1)').latex)"
    )
    texts = set()
    for seed in "123":
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-c", code]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True, env=env)
        texts.add(run.stdout)
    assert len(texts) == 1
    assert len(texts.pop()) > 1000


def test_lines_and_formulas_have_text_too():
    x, y = sp.symbols("x y")
    lines = Lines([sp.Eq(x, 1), sp.Eq(y, x**2)])
    assert repr(lines) == "x = 1\ny = x**2"
    assert structure(lines.latex) == structure("x = 1 y = x^2")
    assert repr(Formula("a_b")) == "a_b"
    contribution = symbolic.RNN(1).proof_by_paths("W_y").contributions[0]
    assert repr(contribution) == "∂E_1/∂y_1*∂⁺y_1/∂W_y = s_1*(-d_1 + y_1)"


def test_the_slope_is_written_with_a_prime():
    slope = symbolic.notation.slope(sp.Symbol("z_1"))
    assert structure(sp.latex(slope)) == [r"\phi", "'", ["(", "z", "_", "1", ")"]]
    assert structure(sp.latex(slope**2)) == [r"\phi", "'", "^", "2", ["(", "z", "_", "1", ")"]]
