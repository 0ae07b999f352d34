"""The two proofs, held equal by SymPy and held to the engine, to its `step` and to differences by numbers."""

import re
import time

import numpy as np
import pytest
import sympy as sp
from cases import refuses

from rnnlib import RNN, Network, activations, paths, squared_error, symbolic
from rnnlib.symbolic import equations, notation, unrolled

PHIS = ["generic", "tanh", "sigmoid", "identity"]
NUMERIC = PHIS[1:]
PAIRS = {"n_x": 2, "n_s": 2, "n_y": 2}
UNEVEN = {"n_x": 1, "n_s": 2, "n_y": 1}


def is_zero(value):
    """Whether a difference is 0 in every entry, as an expression and not by some equality rule."""
    return all(entry is sp.S.Zero for entry in (value if isinstance(value, sp.MatrixBase) else [value]))


def forget():
    """Empty every cache."""
    for module in (equations, unrolled):
        for name in dir(module):
            getattr(getattr(module, name), "cache_clear", lambda: None)()


# Both proofs are equal


@pytest.mark.parametrize("phi", PHIS)
def test_both_proofs_agree_for_one_to_six_steps(phi):
    for N in range(1, 7):
        net = symbolic.RNN(N, phi, bias=True)
        assert net.weights == ("W_x", "W_s", "b_s", "W_y")
        assert all(is_zero(net.difference(weight)) for weight in net.weights)


@pytest.mark.parametrize("sizes", [PAIRS, UNEVEN], ids=["2-2-2", "1-2-1"])
@pytest.mark.parametrize("phi", PHIS)
def test_both_proofs_agree_for_every_entry_of_matrices(phi, sizes):
    for N in (1, 2, 3):
        net = symbolic.RNN(N, phi, bias=True, **sizes)
        differences = [net.difference(weight) for weight in net.weights]
        assert all(map(is_zero, differences))
        assert sum(np.size(d) for d in differences) == (14 if sizes is PAIRS else 10)


@pytest.mark.parametrize("phi", PHIS)
def test_both_proofs_agree_for_two_layers(phi):
    for N in (1, 2, 3):
        net = symbolic.RNN(N, phi, layers=2, bias=True)
        assert net.weights == ("W_x(1)", "W_s(1)", "b_s(1)", "W_x(2)", "W_s(2)", "b_s(2)", "W_y")
        assert all(is_zero(net.difference(weight)) for weight in net.weights)


def test_both_proofs_agree_for_two_layers_of_vectors():
    for N in (1, 2):
        net = symbolic.RNN(N, layers=2, **PAIRS)
        assert all(is_zero(net.difference(weight)) for weight in net.weights)
    assert is_zero(symbolic.RNN(3, layers=2, **PAIRS).difference("W_s(1)"))


@pytest.mark.parametrize("options", [{}, PAIRS, {"layers": 2}, {"phi": "tanh"}, {"phi": "identity"}], ids=str)
def test_leaving_a_path_out_is_noticed(options, monkeypatch):
    found = unrolled._paths
    monkeypatch.setattr(unrolled, "_paths", lambda net, weight: found(net, weight)[:-1])
    forget()
    net = symbolic.RNN(3, **options)
    try:
        assert not is_zero(net.difference(net.weights[1]))
    finally:
        forget()


def test_proofs_are_fast_and_remembered():
    forget()
    start = time.process_time()
    first = [symbolic.RNN(N).proof_by_substitution("W_s") for N in range(1, 7)]
    assert all(is_zero(symbolic.RNN(N).difference(w)) for N in range(1, 7) for w in ("W_y", "W_s", "W_x"))
    scalar = time.process_time() - start
    for N in (1, 2, 3):
        net = symbolic.RNN(N, bias=True, **PAIRS)
        assert all(is_zero(net.difference(weight)) for weight in net.weights)
    assert scalar < 5
    assert time.process_time() - start - scalar < 20
    assert symbolic.RNN(6).proof_by_substitution("W_s") is first[5]


# What is shown


def test_equations_are_those_of_the_lesson():
    net = symbolic.RNN(2, bias=True)
    x_1, x_2, s_0, s_1, s_2, y_2, d_2, E_2, W_x, W_s, W_y, b = sp.symbols(
        "x_1 x_2 s_0 s_1 s_2 y_2 d_2 E_2 W_x W_s W_y b_s"
    )
    phi = notation.phi
    assert net.equations == (
        sp.Eq(s_1, phi(x_1 * W_x + s_0 * W_s + b)),
        sp.Eq(s_2, phi(x_2 * W_x + s_1 * W_s + b)),
        sp.Eq(y_2, s_2 * W_y),
        sp.Eq(E_2, (y_2 - d_2) ** 2 / 2),
    )
    assert net.error is net.equations[-1] or net.error == net.equations[-1]
    deep = phi(x_2 * W_x + phi(x_1 * W_x + s_0 * W_s + b) * W_s + b) * W_y
    assert net.substituted == sp.Eq(E_2, (deep - d_2) ** 2 / 2)
    assert net.preactivations[1] == sp.Eq(sp.Symbol("z_2"), x_2 * W_x + s_1 * W_s + b)


def test_substitution_proof_can_be_read_line_by_line():
    net = symbolic.RNN(2)
    proof = net.proof_by_substitution("W_s")
    error, substituted, asked, found, named, summands = proof.steps
    assert (error, substituted) == (net.error, net.substituted)
    assert isinstance(asked.rhs, sp.Derivative)
    assert sp.expand(asked.rhs.doit() - found.rhs) == 0
    assert str(named) == "Eq(∂E_2/∂W_s, W_y*(-d_2 + y_2)*(W_s*s_0*phi'(z_1) + s_1)*phi'(z_2))"
    contributions = net.proof_by_paths("W_s").contributions
    assert summands.rhs == sum(c.value for c in contributions)
    assert len(summands.rhs.args) == len(contributions) == 2
    assert len(net.proof_by_substitution("W_y").steps) == 5, "one summand: nothing to multiply out"


def test_a_contribution_is_its_chain_its_factors_and_its_value():
    contribution = symbolic.RNN(3).proof_by_paths("W_s").contributions[1]
    assert str(contribution.chain) == "∂E_3/∂y_3*∂y_3/∂s_3*∂s_3/∂s_2*∂⁺s_2/∂W_s"
    assert repr(contribution.factors).splitlines() == [
        "∂E_3/∂y_3 = -d_3 + y_3",
        "∂y_3/∂s_3 = W_y",
        "∂s_3/∂s_2 = W_s*phi'(z_3)",
        "∂⁺s_2/∂W_s = s_1*phi'(z_2)",
    ]
    assert sp.Mul(*[factor.rhs for factor in contribution.factors]) == contribution.value
    assert repr(contribution) == f"{contribution.chain} = {contribution.value}"


def test_factors_of_vectors_have_the_shape_of_the_table():
    net = symbolic.RNN(2, n_x=1, n_s=2, n_y=2)
    contribution = net.proof_by_paths("W_x").contributions[1]
    assert [factor.rhs.shape for factor in contribution.factors] == [(1, 2), (2, 2), (2, 2), (2, 2)]
    W_s = sp.Matrix(2, 2, sp.symbols(r"W_{s\,11} W_{s\,12} W_{s\,21} W_{s\,22}"))
    phi = sp.diag(*(notation.slope(sp.Symbol(f"z_{{2,{j}}}")) for j in (1, 2)))
    assert contribution.factors[2].rhs == phi @ W_s.T
    assert contribution.value.shape == (1, 2)


@pytest.mark.parametrize("layers", [1, 2])
def test_paths_are_those_of_the_unfolded_graph_in_the_same_order(layers):
    for N in (1, 2, 3, 4):
        net, graph = symbolic.RNN(N, layers=layers), paths.Unfolded(N, layers)
        for weight in net.weights:
            chains = [str(c.chain).split("*") for c in net.proof_by_paths(weight).contributions]
            assert chains == [list(path.factors) for path in graph.paths(weight)]
            assert len(chains) == graph.count(weight)


def test_total_derivatives_count_twice():
    example = symbolic.double_counting()
    assert (example.gradient, sum(example.immediate), sum(example.total)) == (5, 5, 7)
    assert (example.immediate, example.total) == ((0, 2, 3), (0, 2, 5))
    w = sp.Symbol("w")
    assert example.steps[-1].rhs == w**2 + w + 1
    other = symbolic.double_counting(w=sp.Rational(1, 2), x=(3, 1, 4, 1))
    assert other.gradient == sum(other.immediate) != sum(other.total)


# Numbers


def drawn_case(phi, N, layers, sizes, seed=0):
    """A symbolic net, the network of the library, and random numbers for both."""
    rng = np.random.default_rng(seed)
    net = symbolic.RNN(N, phi, layers, bias=True, **sizes)
    network = Network((RNN(activations.by_name(phi)),) * layers)
    params = network.init(rng, net.n_x, net.n_s, net.n_y)
    cells = tuple(cell._replace(b_s=rng.normal(size=net.n_s)) for cell in params.cells)
    x, d = rng.normal(size=(N, 1, net.n_x)), rng.normal(size=(N, 1, net.n_y))
    return net, network, params._replace(cells=cells), x, d, tuple(rng.normal(size=(layers, 1, net.n_s)))


def part(params, weight):
    """The array called "W_s(2)" in the parameters or gradients of a network."""
    name, _, layer = weight.rstrip(")").partition("(")
    return params.W_y if name == "W_y" else getattr(params.cells[int(layer or 1) - 1], name)


def replaced(params, weight, array):
    """The parameters with one array exchanged."""
    name, _, layer = weight.rstrip(")").partition("(")
    if name == "W_y":
        return params._replace(W_y=array)
    cells = list(params.cells)
    cells[int(layer or 1) - 1] = cells[int(layer or 1) - 1]._replace(**{name: array})
    return params._replace(cells=tuple(cells))


def last_error(network, params, x, d, s_0):
    mask = np.arange(1, len(x) + 1)[:, None] == len(x)
    run = network.forward(params, x, s_0)
    return run, *squared_error(run.y, d, mask)


def differences(network, params, x, d, s_0, weight, h=1e-3):
    w = part(params, weight)
    found = np.empty_like(w)
    for i in np.ndindex(w.shape):
        E = {}
        for k in (-2, -1, 1, 2):
            moved = w.copy()
            moved[i] += k * h
            E[k] = last_error(network, replaced(params, weight, moved), x, d, s_0)[1]
        found[i] = (8 * (E[1] - E[-1]) - (E[2] - E[-2])) / (12 * h)
    return found


CASES = [(phi, *case) for phi in NUMERIC for case in [(6, 1, {}), (3, 1, PAIRS), (3, 1, UNEVEN), (3, 2, {})]]


@pytest.mark.parametrize(("phi", "N", "layers", "sizes"), [*CASES, ("tanh", 2, 2, PAIRS)], ids=str)
def test_both_proofs_give_the_numbers_of_the_engine_and_of_differences(phi, N, layers, sizes):
    net, network, params, x, d, s_0 = drawn_case(phi, N, layers, sizes)
    run, E, dE_dy = last_error(network, params, x, d, s_0)
    engine = network.backward(params, run, dE_dy).params
    numbers = net.numbers(params, x, d, s_0)
    assert float(net.error.rhs.subs(numbers)) == pytest.approx(E, rel=1e-12)
    for weight in net.weights:
        expected, numeric = part(engine, weight), differences(network, params, x, d, s_0, weight)
        for proof in (net.proof_by_substitution(weight), net.proof_by_paths(weight)):
            found = proof.at(numbers)
            assert found.shape == expected.shape
            assert np.linalg.norm(found - expected) <= 1e-10 * np.linalg.norm(expected)
            assert np.linalg.norm(found - numeric) <= 1e-6 * np.linalg.norm(numeric)


@pytest.mark.parametrize("phi", NUMERIC)
def test_the_equations_are_the_steps_of_the_cell(phi):
    net, network, params, x, d, s_0 = drawn_case(phi, 3, 1, PAIRS, seed=1)
    numbers, s_t = net.numbers(params, x, d, s_0), s_0[0]
    for t, x_t in enumerate(x, 1):
        s_t = network.cells[0].step(params.cells[0], s_t, x_t)
        equation = net.equations[t - 1]
        assert np.array([numbers[s] for s in equation.lhs], float) == pytest.approx(s_t[0], rel=1e-12)
        assert np.array(equation.rhs.subs(numbers).evalf().tolist(), float) == pytest.approx(s_t, rel=1e-12)


@pytest.mark.parametrize("phi", NUMERIC)
def test_symbolic_activations_are_those_of_the_library(phi):
    z, ours = sp.Symbol("z"), activations.by_name(phi)
    function = notation.PHIS[phi](z)
    for value in (-2.0, 0.3, 4.0):
        assert float(function.subs(z, value).evalf()) == pytest.approx(ours(value), rel=1e-12)
        slope = float(sp.sympify(function.diff(z)).subs(z, value).evalf())
        assert slope == pytest.approx(float(ours.derivative(ours(np.float64(value)))), rel=1e-9)


def test_s_0_is_zero_if_not_given():
    net, _, params, x, d, _ = drawn_case("tanh", 2, 2, {})
    assert net.numbers(params, x, d) == net.numbers(params, x, d, (np.zeros((1, 1)), None))


# Errors name the thing


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"N": 0}, "N is 0; expected a whole number >= 1"),
        ({"N": 2.5}, "N is 2.5; expected a whole number >= 1"),
        ({"N": 13}, "N is 13; expected at most 12: the formulas would be too long"),
        ({"N": 5, "n_s": 2}, "N is 5; expected at most 4: the formulas would be too long"),
        ({"phi": "relu"}, "phi is 'relu'; expected one of generic, tanh, sigmoid, identity"),
        ({"layers": 3}, "layers is 3; expected 1 or 2"),
        ({"n_y": 0}, "n_y is 0; expected 1 or 2"),
    ],
    ids=str,
)
def test_a_wrong_choice_is_named(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        symbolic.RNN(**options)


@pytest.mark.parametrize("method", ["proof_by_substitution", "proof_by_paths", "difference"])
def test_an_unknown_weight_is_named(method):
    with refuses("weight is 'W_s'; expected one of W_x(1), W_s(1), W_x(2), W_s(2), W_y"):
        getattr(symbolic.RNN(2, layers=2), method)("W_s")
    with refuses("weight is 'b_s'; expected one of W_x, W_s, W_y"):
        getattr(symbolic.RNN(2), method)("b_s")


def test_wrong_numbers_are_named():
    net, _, params, x, d, s_0 = drawn_case("tanh", 2, 1, PAIRS)
    with refuses("x has shape (1, 1, 2); expected (N, 1, n_x) = (2, 1, 2)"):
        net.numbers(params, x[1:], d, s_0)
    with refuses("W_y has shape (1, 2); expected (rows, columns) = (2, 2)"):
        net.numbers(params._replace(W_y=params.W_y[:1]), x, d, s_0)
    with refuses("s_0 has 2 entries; expected 1, one for each layer"):
        net.numbers(params, x, d, s_0 * 2)
    with refuses("since the equations have no b_s"):
        symbolic.RNN(2, "tanh", **PAIRS).numbers(params, x, d, s_0)
    with refuses("b_y is [1. 1.]; expected zeros, since the equations have no b_y"):
        net.numbers(params._replace(b_y=np.ones(2)), x, d, s_0)
    with refuses("phi is 'generic'; expected tanh, sigmoid or identity: it has no numbers"):
        symbolic.RNN(2, **PAIRS).numbers(params, x, d, s_0)
