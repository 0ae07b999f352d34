"""Paths: three ways to count them, their order, and their sum against the engine."""

import itertools
import math
import time

import numpy as np
import pytest
from cases import PHIS, Sizes, drawn, quick, refuses, sizes
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import RNN, Feedforward, Network, NetworkParams, RNNParams, gradients
from rnnlib.activations import identity, tanh
from rnnlib.diagrams import unfolded_graph
from rnnlib.paths import Unfolded, contributions

GRAPHS = [Unfolded(N, layers) for N in (1, 2, 5) for layers in (1, 2, 3, 4)]
GRAPHS += [Unfolded(N, layers, "output") for N in (1, 2, 5) for layers in (1, 2, 3)]
every_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: repr(graph)[8:])


def arrows(graph):
    """Every arrow of the unfolded graph, source -> targets, written down without `paths`."""
    N, L = graph.N, graph.layers
    found = {}

    def add(source, target):
        found.setdefault(source, set()).add(target)

    for t in range(1, N + 1):
        for layer in range(1, L + 1):
            mark = f"({layer})" if L > 1 else ""
            state = f"s{mark}_{t}"
            if t < N:
                add(state, f"s{mark}_{t + 1}")
            if layer == L:
                add(state, f"y_{t}")
            elif graph.fed_by == "state":
                add(state, f"s({layer + 1})_{t}")
            else:
                add(state, f"y({layer})_{t}")
                add(f"y({layer})_{t}", f"s({layer + 1})_{t}")
    add(f"y_{N}", f"E_{N}")
    return found


def walks(found, node, end):
    """Every walk from a node to the end, tried out."""
    if node == end:
        return [(node,)]
    return [(*walk, node) for target in found.get(node, ()) for walk in walks(found, target, end)]


def entries(graph, weight):
    row = ("y" if weight.startswith(("W_y", "b_y")) else "s") + weight[3:]
    return [f"{row}_{t}" for t in range(1, graph.N + 1)]


def walked(graph, weight):
    found = arrows(graph)
    return [walk for node in entries(graph, weight) for walk in walks(found, node, f"E_{graph.N}")]


def names(path):
    N = path.nodes[0][1]
    return (f"E_{N}", *(f"{row}_{t}" for row, t in path.nodes))


class TestListing:
    @every_graph
    def test_finds_every_walk_once(self, graph):
        for weight in graph.weights:
            found = [names(path) for path in graph.paths(weight)]
            assert len(found) == len(set(found))
            assert set(found) == set(walked(graph, weight))

    @pytest.mark.parametrize("layers", [1, 2])
    def test_goes_along_the_arrows_of_the_diagram(self, layers):
        edges = {(e.target, e.source) for e in unfolded_graph(4, layers).edges.values()} | {("E_4", "y_4")}
        graph = Unfolded(4, layers)
        for weight in graph.weights:
            for path in graph.paths(weight):
                assert set(itertools.pairwise(names(path))) <= edges

    def test_latest_state_first_as_in_the_notes(self):
        assert [str(path) for path in Unfolded(3).paths("W_s")] == [
            "∂E_3/∂y_3 · ∂y_3/∂s_3 · ∂⁺s_3/∂W_s",
            "∂E_3/∂y_3 · ∂y_3/∂s_3 · ∂s_3/∂s_2 · ∂⁺s_2/∂W_s",
            "∂E_3/∂y_3 · ∂y_3/∂s_3 · ∂s_3/∂s_2 · ∂s_2/∂s_1 · ∂⁺s_1/∂W_s",
        ]

    def test_down_a_layer_before_back_in_time(self):
        assert [path.nodes[1:] for path in Unfolded(2, 2).paths("W_x(1)")] == [
            (("s(2)", 2), ("s(1)", 2)),
            (("s(2)", 2), ("s(1)", 2), ("s(1)", 1)),
            (("s(2)", 2), ("s(2)", 1), ("s(1)", 1)),
        ]

    @every_graph
    def test_the_order_is_the_one_described(self, graph):
        def key(path):  # latest entry first; then, node by node, the lower row before the earlier step
            height = {row: k for k, row in enumerate(graph.rows)}
            return -path.nodes[-1][1], [(height[row], -t) for row, t in path.nodes]

        for weight in graph.weights:
            found = list(graph.paths(weight))
            assert found == sorted(found, key=key)

    def test_one_factor_differs_between_the_weights_of_a_row(self):
        for one, other in zip(*(Unfolded(3).paths(weight) for weight in ("W_s", "W_x")), strict=True):
            assert one.factors[:-1] == other.factors[:-1]
            assert one.factors[-1].replace("W_s", "W_x") == other.factors[-1]

    def test_the_readout_has_one_path(self):
        assert [path.factors for path in Unfolded(7, 3).paths("W_y")] == [("∂E_7/∂y_7", "∂⁺y_7/∂W_y")]

    def test_through_the_output_of_the_first(self):
        (path, *_) = Unfolded(2, 2, "output").paths("W_y(1)")
        assert str(path) == "∂E_2/∂y_2 · ∂y_2/∂s(2)_2 · ∂s(2)_2/∂y(1)_2 · ∂⁺y(1)_2/∂W_y(1)"

    def test_is_lazy(self):
        start = time.perf_counter()
        first, second = itertools.islice(Unfolded(1000, 4).paths("W_s(1)"), 2)
        assert first.nodes[-1] == ("s(1)", 1000)
        assert second.nodes[-1] == ("s(1)", 999)
        assert time.perf_counter() - start < 0.5

    def test_too_many_are_counted_instead(self):
        start = time.perf_counter()
        with refuses("W_s(1) reaches E_1000 along 500,500 paths; expected at most 10,000 to list"):
            Unfolded(1000, 2).listed("W_s(1)")
        with refuses("along about 10^600 paths"):
            Unfolded(1000, 1001).listed("W_x(1)")
        assert time.perf_counter() - start < 5

    def test_the_limit_itself_is_allowed(self):
        assert len(Unfolded(4, 2).listed("W_s(1)", limit=10)) == 10
        with refuses("along 10 paths; expected at most 9"):
            Unfolded(4, 2).listed("W_s(1)", limit=9)


class TestCounting:
    @every_graph
    def test_formula_table_and_walks_agree(self, graph):
        for weight in graph.weights:
            found = walked(graph, weight)
            assert graph.formula(weight) == graph.count(weight) == len(found)
            dead = [walk for walk in found if weight.startswith("W_s") and walk[-1].endswith("_1")]
            alive = len(found) - len(dead)
            assert graph.formula(weight, s_0=False) == graph.count(weight, s_0=False) == alive

    @quick
    @given(st.integers(1, 60), st.integers(1, 7), st.sampled_from(["state", "output"]), st.booleans())
    def test_formula_and_table_agree_where_nothing_can_be_listed(self, N, layers, fed_by, s_0):
        graph = Unfolded(N, layers, fed_by)
        for weight in graph.weights:
            assert graph.formula(weight, s_0) == graph.count(weight, s_0)

    @pytest.mark.parametrize("N", [1, 2, 10, 1000])
    def test_the_numbers_of_the_lessons(self, N):
        assert Unfolded(N).count("W_s") == N
        assert Unfolded(N, 2).count("W_s(1)") == N * (N + 1) // 2
        assert Unfolded(N, 2).count("W_s(1)", s_0=False) == N * (N - 1) // 2
        for L in (1, 2, 3, 5):
            weight = "W_x(1)" if L > 1 else "W_x"
            assert Unfolded(N, L).count(weight) == math.comb(N + L - 1, L)

    def test_a_thousand_steps_are_instant_and_exact(self):
        start = time.perf_counter()
        assert Unfolded(1000, 5).count("W_s(1)") == math.comb(1004, 5)
        assert Unfolded(1000).count_units("W_s", 10) == 10 * (10**1000 - 1) // 9
        assert time.perf_counter() - start < 0.5


class TestCountingUnits:
    def walks_of_units(self, graph, weight, widths):
        """Every walk counts as often as there are choices of units after its first node."""
        width = dict(zip(graph.rows, widths, strict=True))
        return sum(
            math.prod(width[node.rsplit("_", 1)[0]] for node in walk[1:-1]) for walk in walked(graph, weight)
        )

    @every_graph
    def test_every_unit_of_a_row_is_a_choice(self, graph):
        widths = (3, 2, 5, 4, 2, 3, 4, 2)[: len(graph.rows)]
        for weight in graph.weights:
            assert graph.count_units(weight, widths) == self.walks_of_units(graph, weight, widths)
            assert graph.count_units(weight, 1) == graph.count(weight)

    def test_unit_by_unit_in_the_smallest_case(self):
        """n_s = 2, N = 2, n_y = 1: at step 2 one path, at step 1 one over each unit of s_2."""
        assert Unfolded(2).count_units("W_s", (2, 1)) == 1 + 2
        assert Unfolded(2).count_units("W_s", (2, 1), s_0=False) == 1

    @pytest.mark.parametrize(("n", "n_y", "N"), [(2, 1, 5), (3, 4, 7), (32, 10, 100)])
    def test_one_layer_is_a_geometric_series(self, n, n_y, N):
        assert Unfolded(N).count_units("W_s", (n, n_y)) == n_y * (n**N - 1) // (n - 1)

    @pytest.mark.parametrize("L", [1, 2, 3])
    def test_layers_of_equal_width(self, L):
        n, n_y, N = 3, 2, 9
        widths, weight = (n,) * L + (n_y,), "W_x(1)" if L > 1 else "W_x"
        terms = [math.comb(k + L - 1, L - 1) * n ** (k + L - 1) for k in range(N)]
        assert Unfolded(N, L).count_units(weight, widths) == n_y * sum(terms)


def stack(layers, fed_by, phis, bias_y=False):
    cells = [RNN(phi) for phi in phis[:layers]]
    between = [Feedforward(identity)] if fed_by == "output" else []
    for k in range(layers - 1, 0, -1):
        cells[k:k] = between
    return Network(tuple(cells), bias_y)


def example(network, sizes, zero_start=False):
    """Parameters, run, and an error at the last step; the widths of the layers all differ."""
    rng = sizes.rng
    widths = tuple(sizes.n_s + k for k in range(len(network.cells)))
    params = network.init(rng, sizes.n_x, widths, sizes.n_y)
    cells = tuple(p._replace(b_s=drawn(rng, p.b_s.shape)) for p in params.cells)
    params = params._replace(cells=cells)
    starts = [drawn(rng, (sizes.B, n)) for n in widths]
    s_0 = None if zero_start else tuple(starts)
    run = network.forward(params, drawn(rng, (sizes.T, sizes.B, sizes.n_x)), s_0)
    dE_dy = np.zeros_like(run.y)
    dE_dy[-1] = drawn(rng, run.y.shape[1:]) / sizes.B
    return params, run, dE_dy


SMALL = Sizes(T=4, B=3, n_x=2, n_s=3, n_y=2, seed=1)


class TestContributions:
    @quick
    @given(
        sizes(T=5, B=3, n=3),
        st.integers(1, 3),
        st.sampled_from(["state", "output"]),
        st.lists(st.sampled_from(PHIS), min_size=3, max_size=3),
        st.booleans(),
    )
    def test_the_sum_over_all_paths_is_the_engines_gradient(self, sizes, layers, fed_by, phis, bias_y):
        network = stack(layers, fed_by, phis, bias_y)
        params, run, dE_dy = example(network, sizes)
        grads = network.backward(params, run, dE_dy)
        graph = Unfolded.of(network, sizes.T)
        assert graph == Unfolded(sizes.T, layers, fed_by if layers > 1 else "state")
        for weight in graph.weights if bias_y else graph.weights[:-1]:
            engine = graph.array(grads.params, weight)
            values = [part.value for part in contributions(network, params, run, dE_dy, weight)]
            size = sum(np.linalg.norm(value) for value in values)
            assert {value.shape for value in values} == {engine.shape}
            assert np.linalg.norm(sum(values) - engine) <= 1e-10 * max(np.linalg.norm(engine), size * 1e-4)

    def test_and_that_of_central_differences(self):
        """The third witness, which knows neither paths nor engine."""
        network = stack(2, "state", (tanh, tanh))
        params, run, dE_dy = example(network, SMALL)
        x, s_0 = run.runs[0].x, tuple(own.s[0] for own in run.runs)
        report = gradients.check(network, params, x, s_0, lambda y: (np.vdot(dE_dy, y), dE_dy))
        worst = {row.name: (row.worst, row.numeric) for row in report.rows}
        place, numeric = worst["params.cells[0].W_s"]
        entry = tuple(int(i) for i in place.rsplit("[", 1)[1][:-1].split(","))
        total = sum(part.value for part in contributions(network, params, run, dE_dy, "W_s(1)"))
        assert total[entry] == pytest.approx(numeric, rel=1e-7)

    def test_the_example_of_the_lesson_by_hand(self):
        """s_t = w s_{t-1} + x_t, w = 2, x = 1, 1, 1: s = 1, 3, 7, so ∂s_3/∂w = 3 + 2·1 + 4·0 = 5."""
        network = Network((RNN(identity),))
        params = NetworkParams(
            (RNNParams(np.ones((1, 1)), 2 * np.ones((1, 1)), np.zeros(1)),), np.ones((1, 1))
        )
        run = network.forward(params, np.ones((3, 1, 1)))
        dE_dy = np.array([0.0, 0, 1])[:, None, None]
        found = contributions(network, params, run, dE_dy, "W_s")
        assert [part.value.item() for part in found] == [3, 2, 0]
        assert [[f.item() for f in part.factors] for part in found] == [
            [1, 1, 3],
            [1, 1, 2, 1],
            [1, 1, 2, 2, 0],
        ]

    def test_each_value_is_the_product_of_its_factors(self):
        network = stack(2, "output", (tanh, tanh))
        params, run, dE_dy = example(network, SMALL)
        for weight in Unfolded(4, 2, "output").weights[:-1]:
            for part in contributions(network, params, run, dE_dy, weight):
                assert len(part.factors) == len(part.path.factors)
                *chain, last = part.factors
                total = 0
                for b in range(SMALL.B):
                    row = np.linalg.multi_dot([f[b] for f in chain])[0] if len(chain) > 1 else chain[0][b, 0]
                    total = total + np.tensordot(row, last[b], axes=1)
                np.testing.assert_allclose(part.value, total, rtol=1e-12, atol=1e-15)

    @pytest.mark.parametrize("weight", ["W_x", "W_s", "b_s", "W_y"])
    def test_the_immediate_derivative_moves_one_step_only(self, weight):
        """∂⁺s_N/∂W against differences of a single step from the same s_{N-1}."""
        network = Network()
        params, run, dE_dy = example(network, SMALL)
        own, p, h = run.runs[0], params.cells[0], 1e-5
        last = contributions(network, params, run, dE_dy, weight)[0].factors[-1]
        W = Unfolded(4).array(params, weight)
        for entry in np.ndindex(W.shape):
            moved = []
            for sign in (1, -1):
                V = W.copy()
                V[entry] += sign * h
                if weight == "W_y":
                    moved.append(own.s[-1] @ V)
                else:
                    moved.append(RNN().step(p._replace(**{weight: V}), own.s[-2], own.x[-1]))
            numeric = (moved[0] - moved[1]) / (2 * h)
            np.testing.assert_allclose(last[(slice(None), slice(None), *entry)], numeric, atol=1e-8)

    def test_without_a_first_state_some_paths_are_dead(self):
        network = stack(2, "state", (tanh, tanh))
        params, run, dE_dy = example(network, SMALL, zero_start=True)
        for weight in ("W_s(1)", "W_s(2)"):
            alive = [c for c in contributions(network, params, run, dE_dy, weight) if np.any(c.value)]
            assert len(alive) == Unfolded(4, 2).count(weight, s_0=False)

    def test_a_thousand_paths_are_quick(self):
        network = stack(2, "state", (tanh, tanh))
        params, run, dE_dy = example(network, SMALL._replace(T=40, B=4))
        start = time.perf_counter()
        assert len(contributions(network, params, run, dE_dy, "W_s(1)")) == 820
        assert time.perf_counter() - start < 3


class TestErrors:
    @pytest.fixture
    def case(self):
        network = stack(2, "state", (tanh, tanh))
        return network, *example(network, SMALL)

    def test_wrong_numbers_and_names(self):
        with refuses("N is 0; expected a whole number >= 1"):
            Unfolded(0)
        with refuses("layers is 1.5; expected a whole number >= 1"):
            Unfolded(3, 1.5)
        with refuses("fed_by is 'x'; expected 'state' or 'output'"):
            Unfolded(3, 2, "x")
        with refuses(
            "weight is 'W_s'; expected one of W_x(1), W_s(1), b_s(1), W_x(2), W_s(2), b_s(2), W_y, b_y"
        ):
            Unfolded(3, 2).count("W_s")
        with refuses("weight is 'W_h'; expected one of W_x, W_s, b_s, W_y, b_y"):
            next(Unfolded(3).paths("W_h"))
        with refuses("widths has 1 entries; expected one for each row, s, y"):
            Unfolded(3).count_units("W_s", (4,))
        with refuses("the width of y is 0; expected a whole number >= 1"):
            Unfolded(3).count_units("W_s", (4, 0))

    @pytest.mark.parametrize(
        ("cells", "named"),
        [
            ((Feedforward(),), "Feedforward"),
            ((Feedforward(), RNN()), "Feedforward, RNN"),
            ((RNN(), Feedforward()), "RNN, Feedforward"),
            ((RNN(), RNN(), Feedforward(), RNN()), "RNN, RNN, Feedforward, RNN"),
        ],
    )
    def test_other_stacks(self, cells, named):
        with refuses(f"cells are {named}; expected RNN cells", TypeError):
            Unfolded.of(Network(cells), 3)

    def test_an_error_before_the_last_step(self, case):
        network, params, run, dE_dy = case
        with refuses("dE_dy is not zero at step 2; expected zeros before step 4"):
            contributions(network, params, run, dE_dy + np.eye(4)[1][:, None, None], "W_s(1)")

    def test_a_wrong_shape(self, case):
        network, params, run, dE_dy = case
        with refuses("dE_dy has shape (3, 2); expected (T, B, n_y) = (4, 3, 2)"):
            contributions(network, params, run, dE_dy[-1], "W_s(1)")

    def test_too_many(self, case):
        network, params, run, dE_dy = case
        with refuses("W_s(1) reaches E_4 along 10 paths; expected at most 9"):
            contributions(network, params, run, dE_dy, "W_s(1)", limit=9)

    def test_a_bias_that_is_not_there(self, case):
        network, params, run, dE_dy = case
        with refuses("params have no b_y; expected a network with bias_y=True"):
            contributions(network, params, run, dE_dy, "b_y")
