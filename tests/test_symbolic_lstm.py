"""An LSTM of one unit: its parts are held to SymPy's own derivative, to the engine and to differences."""

import time

import numpy as np
import pytest
import sympy as sp
from cases import refuses
from test_symbolic import is_zero
from test_symbolic_latex import structure

from rnnlib import LSTM, LSTMState, gradients, symbolic
from rnnlib.symbolic import lstm
from rnnlib.symbolic.notation import sigma

STATES = ("LTM", "STM")
ENTRIES = [(of, by) for of in STATES for by in STATES]
KINDS = [(use_gate, peepholes) for use_gate in ("standard", "notes") for peepholes in (False, True)]
GATES = ("W_n", "W_i", "W_f", "W_v")
every_kind = pytest.mark.parametrize(("use_gate", "peepholes"), KINDS, ids=str)

N, i, f, LTM, V, U, STM, x = sp.symbols("N_t i_t f_t LTM_t V_t U_t STM_t x_t")
LTM_1, STM_1, f_1, U_1, V_1 = sp.symbols("LTM_{t-1} STM_{t-1} f_{t-1} U_{t-1} V_{t-1}")


def weights(gate):
    """STM's weight, x's weight and the bias of a gate."""
    gate = gate.lower()
    return sp.symbols(f"W_{{{gate}\\,1}} W_{{{gate}\\,2}} b_{gate}")


def drawn_case(use_gate, peepholes, steps, seed=0):
    """The cell of the library and random numbers for it: every weight, every bias, both states."""
    rng, cell = np.random.default_rng(seed), LSTM(use_gate, peepholes)
    params = cell.init(rng, 1, 1)
    params = type(params)(*(None if W is None else rng.normal(size=W.shape) for W in params))
    return cell, params, rng.normal(size=(steps, 1, 1)), LSTMState(*rng.normal(size=(2, 1, 1)))


def products(cell, params, x, s_0):
    """∂(LTM_t, STM_t)/∂(LTM_{t-lag}, STM_{t-lag}) for lag = 1, 2, ... by the engine."""
    product, found = np.eye(2), []
    for step in gradients.jacobians(cell, params, cell.forward(params, x, s_0))[::-1, 0]:
        product = product @ step
        found.append(product)
    return found


# The parts, and SymPy's derivative of everything put into one


@every_kind
def test_the_parts_add_up_to_the_derivative_of_the_substituted_equations(use_gate, peepholes):
    cell = symbolic.LSTM(use_gate, peepholes)
    for lag in (1, 2):
        assert all(is_zero(cell.difference(of, by, lag)) for of, by in ENTRIES)
        assert all(is_zero(cell.difference(gate, "LTM", lag)) for gate in "NifVU")
    assert is_zero(cell.difference(lag=3))


@pytest.mark.parametrize("way", ["direct", "f_t ← STM_{t-1} ← U_{t-1} ← LTM_{t-1} ← LTM_{t-2}"])
def test_a_part_that_is_left_out_is_noticed(way, monkeypatch):
    cell = symbolic.LSTM()
    split = cell.split(lag=2)
    rest = {name: part for name, part in split.parts.items() if name != way}
    monkeypatch.setattr(lstm, "_split", lambda *_: lstm.Split(split.left, rest))
    assert not is_zero(cell.difference(lag=2))
    assert is_zero(sp.expand(cell.difference(lag=2) - split.parts[way].value))


@every_kind
def test_the_numbers_are_those_of_differentiating_and_then_substituting(use_gate, peepholes):
    cell, (_, params, x, s_0) = symbolic.LSTM(use_gate, peepholes), drawn_case(use_gate, peepholes, 2)
    numbers = cell.numbers(params, x, s_0)
    system = {}
    for symbol, value in lstm._system(cell, 2).items():
        system[symbol] = value.xreplace(system)
    given = {symbol: number for symbol, number in numbers.items() if symbol not in system}
    for of, by in ENTRIES:
        derivative = system[sp.Symbol(f"{of}_t")].diff(sp.Symbol(f"{by}_{{t-2}}"))
        found = float(cell.split(of, by, 2).value.xreplace(numbers))
        assert found == pytest.approx(float(derivative.xreplace(given).evalf()), rel=1e-12)


# The engine


@every_kind
def test_the_numbers_are_those_of_the_engine(use_gate, peepholes):
    engine, params, x, s_0 = drawn_case(use_gate, peepholes, 3, seed=1)
    cell, run = symbolic.LSTM(use_gate, peepholes), engine.forward(params, x, s_0)
    numbers = cell.numbers(params, x, s_0)
    for name, value in {"N": run.N, "i": run.i, "f": run.f, "V": run.V, "U": run.U}.items():
        assert float(numbers[sp.Symbol(f"{name}_t")]) == pytest.approx(value[-1, 0, 0], rel=1e-12)
    for name, value in run.states._asdict().items():
        assert float(numbers[sp.Symbol(f"{name}_{{t-1}}")]) == pytest.approx(value[-2, 0, 0], rel=1e-12)


@every_kind
def test_the_jacobians_are_those_of_the_engine(use_gate, peepholes):
    engine, params, x, s_0 = drawn_case(use_gate, peepholes, 3, seed=2)
    cell = symbolic.LSTM(use_gate, peepholes)
    numbers = cell.numbers(params, x, s_0)
    expected = products(engine, params, x, s_0)
    found = np.array(cell.jacobian.xreplace(numbers).tolist(), float)
    np.testing.assert_allclose(found, expected[0], rtol=1e-10)
    for lag in (1, 2, 3):
        found = [float(cell.split(of, by, lag).value.xreplace(numbers)) for of, by in ENTRIES]
        np.testing.assert_allclose(found, expected[lag - 1].ravel(), rtol=1e-10)


@every_kind
def test_the_jacobian_is_that_of_differences_of_the_step(use_gate, peepholes):
    engine, params, x, s_0 = drawn_case(use_gate, peepholes, 1, seed=3)
    cell, h, columns = symbolic.LSTM(use_gate, peepholes), 1e-5, []
    for part in STATES:
        above, below = (
            engine.step(params, s_0._replace(**{part: getattr(s_0, part) + d}), x[0]) for d in (h, -h)
        )
        columns.append((np.ravel(above) - np.ravel(below)) / (2 * h))
    found = np.array(cell.jacobian.xreplace(cell.numbers(params, x, s_0)).tolist(), float)
    np.testing.assert_allclose(found, np.transpose(columns), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("bias", "left"), [(0, 0.001), (1, 0.04), (5, 0.94)])
def test_what_the_forget_bias_leaves_after_ten_steps(bias, left):
    engine, cell = LSTM(forget_bias=bias), symbolic.LSTM()
    params, x = engine.init(np.random.default_rng(0), 1, 1), np.zeros((10, 1, 1))
    direct = cell.direct(10)
    assert len(direct.args) == 10
    found = float(direct.xreplace(cell.numbers(params, x)))
    assert found == pytest.approx((1 / (1 + np.exp(-bias))) ** 10, rel=1e-12)
    assert round(found, 3 if bias == 0 else 2) == left
    without_STM = params._replace(**{name: getattr(params, name) * [[0], [1]] for name in GATES})
    assert products(engine, without_STM, x, None)[9][0, 0] == pytest.approx(found, rel=1e-12)


def test_the_ways_around_can_be_more_than_the_direct_one():
    """At states of zero only N leads around: with a forget bias of 5, W_{n,1} = 1 and -1, and no input."""
    engine, x, found = LSTM(forget_bias=5.0), np.zeros((10, 1, 1)), []
    for weight in (1.0, -1.0):
        params = engine.init(np.random.default_rng(0), 1, 1)._replace(W_n=[[weight], [0.0]])
        found.append(products(engine, params, x, None)[9][0, 0])
        numbers = symbolic.LSTM().numbers(params, x)
        ways = symbolic.LSTM().split(lag=2).parts.items()
        assert all(
            (part.value.xreplace(numbers) == 0) == way.startswith(("f_t", "i_t")) for way, part in ways
        )
    f = 1 / (1 + np.exp(-5))  # LTM_t = f LTM_{t-1} + STM_{t-1} N'/2, STM_t = LTM_t / 2: a factor f ± 1/4
    assert found == pytest.approx([f * (f + 0.25) ** 9, f * (f - 0.25) ** 9])
    assert found[0] > 6 > 0.94 > 0.1 > found[1]


# What is shown


def test_equations_are_those_of_the_lesson():
    (n1, n2, bn), (i1, i2, bi), (f1, f2, bf), (v1, v2, bv) = map(weights, "nifv")
    assert [(line.lhs, line.rhs) for line in symbolic.LSTM().equations] == [
        (N, sp.tanh(STM_1 * n1 + x * n2 + bn)),
        (i, sigma(STM_1 * i1 + x * i2 + bi)),
        (f, sigma(STM_1 * f1 + x * f2 + bf)),
        (LTM, LTM_1 * f + N * i),
        (V, sigma(STM_1 * v1 + x * v2 + bv)),
        (U, sp.tanh(LTM)),
        (STM, U * V),
    ]
    W_u, b_u, p_i, p_f, p_v = sp.symbols("W_u b_u p_i p_f p_v")
    other = {line.lhs: line.rhs for line in symbolic.LSTM("notes", peepholes=True).equations}
    assert other[U] == sp.tanh(LTM_1 * f * W_u + b_u)
    peeps = {i: p_i * LTM_1, f: p_f * LTM_1, V: p_v * LTM}
    for line in symbolic.LSTM("notes").equations:
        extra = other[line.lhs].args[0] - line.rhs.args[0] if line.lhs in peeps else None
        assert extra == peeps.get(line.lhs)


@pytest.mark.parametrize("use_gate", ["standard", "notes"])
def test_one_step_along_the_memory_is_the_forget_factor(use_gate):
    split = symbolic.LSTM(use_gate).split()
    assert (split.value, split.direct, split.indirect, list(split.parts)) == (f, f, 0, ["direct"])
    p_i, p_f = sp.symbols("p_i p_f")
    split = symbolic.LSTM(use_gate, peepholes=True).split()
    values = {way: part.value for way, part in split.parts.items()}
    by_peepholes = {"f_t ← LTM_{t-1}": LTM_1 * f * (1 - f) * p_f, "i_t ← LTM_{t-1}": N * i * (1 - i) * p_i}
    assert values == {"direct": f} | by_peepholes
    assert split.indirect == sum(by_peepholes.values())


def test_two_steps_are_the_product_of_forget_factors_and_three_ways_through_STM():
    split = symbolic.LSTM().split(lag=2)
    back = V_1 * (1 - U_1**2) * f_1  # from STM_{t-1} to LTM_{t-2}
    entries = {"f_t": LTM_1 * f * (1 - f), "i_t": N * i * (1 - i), "N_t": i * (1 - N**2)}
    expected = {
        f"{gate} ← STM_{{t-1}} ← U_{{t-1}} ← LTM_{{t-1}} ← LTM_{{t-2}}": value * weights(gate[0])[0] * back
        for gate, value in entries.items()
    }
    assert {way: part.value for way, part in split.parts.items()} == {"direct": f * f_1} | expected
    assert split.direct == symbolic.LSTM().direct(2) == f * f_1
    assert sp.expand(split.indirect - sum(expected.values())) == 0


def test_a_part_is_its_chain_its_factors_and_its_value():
    part = list(symbolic.LSTM().split(lag=2).parts.values())[1]
    assert str(part.chain) == (
        "∂⁺LTM_{t}/∂f_{t}*∂⁺f_{t}/∂STM_{t-1}*∂⁺STM_{t-1}/∂U_{t-1}*∂⁺U_{t-1}/∂LTM_{t-1}*∂⁺LTM_{t-1}/∂LTM_{t-2}"
    ).replace("{t}", "t")
    assert [line.rhs for line in part.factors] == [LTM_1, f * (1 - f) * weights("f")[0], V_1, 1 - U_1**2, f_1]
    assert sp.Mul(*[line.rhs for line in part.factors]) == part.value


def test_new_information_reaches_STM_one_step_later_with_the_use_gate_of_the_notes():
    ways = {kind: " ".join(symbolic.LSTM(kind).split("STM", "STM").parts) for kind in ("standard", "notes")}
    assert "N_t" in ways["standard"]
    assert "i_t" in ways["standard"]
    assert ways["notes"] == "U_t ← f_t ← STM_{t-1} V_t ← STM_{t-1}"


@pytest.mark.parametrize("lag", [1, 2, 3])
@every_kind
def test_the_general_formula_spelled_out_is_the_sum_of_all_parts(use_gate, peepholes, lag):
    """Π f + Σ_j (Π_{l<j} f) Σ_g ∂⁺LTM_{t-j}/∂g_{t-j} ∂g_{t-j}/∂LTM_{t-k}, with numbers."""
    _, params, x, s_0 = drawn_case(use_gate, peepholes, 3, seed=4)
    cell = symbolic.LSTM(use_gate, peepholes)
    total = cell.direct(lag)
    for j in range(lag):
        kept = cell.direct(j) if j else 1
        for gate, leaves in {"f": LTM_1, "i": N, "N": i}.items():
            total += kept * earlier(leaves * cell.split(gate, "LTM", lag - j).value, j)
    difference = (total - cell.split(lag=lag).value).xreplace(cell.numbers(params, x, s_0))
    assert abs(float(difference)) < 1e-12


def earlier(value, j):
    """The same, j steps earlier."""
    names = {f"{n}_t": (n, 0) for n in (*STATES, *"NifVU")}
    names |= {f"{n}_{{t-{k}}}": (n, k) for n in (*STATES, *"NifVU") for k in (1, 2)}
    moved = {sp.Symbol(name): sp.Symbol(f"{n}_{{t-{k + j}}}") for name, (n, k) in names.items()}
    return value.xreplace(moved) if j else value


def test_the_general_formula_as_it_is_read():
    expected = r"""\frac{\partial LTM_t}{\partial LTM_{t-k}} = \prod_{j=0}^{k-1} f_{t-j}
        + \sum_{j=0}^{k-1} (\prod_{0 \le l < j} f_{t-l}) \sum_{g \in \{f,i,N\}}
        \frac{\partial^{+} LTM_{t-j}}{\partial g_{t-j}} \frac{\partial g_{t-j}}{\partial LTM_{t-k}}"""
    assert structure(symbolic.LSTM().general.latex) == structure(expected)


def test_a_split_is_shown_part_by_part():
    split = symbolic.LSTM("notes").split("STM", "LTM")
    assert repr(split) == "∂STM_t/∂LTM_{t-1} = V_t*W_u*f_t*(1 - U_t**2)    (U_t ← LTM_{t-1})"
    two = symbolic.LSTM().split(lag=2)
    assert two._repr_latex_().count(r"\\") == 3
    assert repr(two).count("\n") == 3
    start = r"\frac{\partial LTM_t}{\partial LTM_{t-2}} = {} f_t f_{t-1} \text{direct}"
    assert structure(two.latex.partition(r"\\")[0] + r"\end{aligned}") == structure(start)
    nothing = symbolic.LSTM().split("i", "LTM")
    assert (nothing.value, nothing.direct, repr(nothing)) == (0, 0, "∂i_t/∂LTM_{t-1} = 0")
    assert structure(nothing.latex) == structure(r"\frac{\partial i_t}{\partial LTM_{t-1}} = {} 0")


def test_it_is_fast_and_remembered():
    lstm._split.cache_clear()
    start = time.process_time()
    for kind in KINDS:
        cell = symbolic.LSTM(*kind)
        assert cell.jacobian.shape == (2, 2)
        assert all(is_zero(cell.difference(of, by, 2)) for of, by in ENTRIES)
    assert time.process_time() - start < 5
    assert cell.split(lag=2) is cell.split(lag=2)


# Errors name the thing


def test_a_wrong_choice_is_named():
    with refuses("use_gate is 'old'; expected 'standard' or 'notes'"):
        symbolic.LSTM("old")
    cell = symbolic.LSTM()
    for method in (cell.split, cell.difference):
        with refuses("of is 's'; expected one of LTM, STM, N, i, f, V, U"):
            method("s")
        with refuses("by is 'f'; expected one of LTM, STM"):
            method("LTM", "f")
        with refuses("lag is 4; expected at most 3: there would be too many parts"):
            method(lag=4)
        with refuses("lag is 0; expected a whole number >= 1"):
            method(lag=0)
    with refuses("lag is 0; expected a whole number >= 1"):
        cell.direct(0)


def test_wrong_numbers_are_named():
    cell, rng = symbolic.LSTM(), np.random.default_rng(0)
    with refuses("x has shape (2, 1, 3); expected (N, 1, 1) = (2, 1, 1)"):
        cell.numbers(LSTM().init(rng, 3, 1), np.zeros((2, 1, 3)))
    with refuses("params.b_n has shape (2,); expected (n_s,) = (1,)"):
        cell.numbers(LSTM().init(rng, 1, 2), np.zeros((2, 1, 1)))
    with refuses("W_u is an array; expected None for this cell"):
        cell.numbers(LSTM("notes").init(rng, 1, 1), np.zeros((2, 1, 1)))
