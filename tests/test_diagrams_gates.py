"""Diagrams of the cells with gates: each computes its equations, and nothing in it overlaps."""

import io
import re
from collections import Counter
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from layout import conflicts
from matplotlib.colors import to_hex, to_rgb

from rnnlib import diagrams
from rnnlib.activations import sigmoid
from rnnlib.colors import COLORS, DASHES, INK, style

LSTMS = {
    "standard": ("standard", False),
    "notes": ("notes", False),
    "peepholes": ("standard", True),
    "both": ("notes", True),
}
GRAPHS = {name: diagrams.lstm_graph(*choices) for name, choices in LSTMS.items()}
GRUS = {f"gru {update}": (update, "before") for update in diagrams.UPDATES}
GRUS |= {f"gru {update} after": (update, "after") for update in diagrams.UPDATES}
GRAPHS |= {name: diagrams.gru_graph(*choices) for name, choices in GRUS.items()}
GRAPHS |= {f"simplified {gate}": diagrams.simplified_lstm_graph(gate) for gate in diagrams.USE_GATES}
GRAPHS["neurons"] = diagrams.neurons_graph()
GRAPHS["unfolded"] = diagrams.unfolded_lstm_graph()
CROSSINGS = {
    "notes": {("learned_to_added", "W_u")},
    "peepholes": {("f_to_kept", "p_i")},
    "both": {("learned_to_added", "W_u"), ("f_to_kept", "p_i"), ("p_v", "W_u")},
    "gru keep": {("z_to_kept", "s_prev_to_reset"), ("z_to_rest", "s_prev_to_reset")},
    "gru renew": {("rest_to_kept", "s_prev_to_reset"), ("z_to_learned", "s_prev_to_reset")},
    "gru keep after": {("z_to_kept", "W_ns"), ("z_to_rest", "W_ns")},
    "gru renew after": {("rest_to_kept", "W_ns"), ("z_to_learned", "W_ns")},
    "simplified notes": {("learn_to_remember", "forget_to_use")},
}
"""Diagram -> the arrows that cross, the bridge last."""

DRAWN = {
    **{name: (diagrams.lstm, choices, 4.8) for name, choices in LSTMS.items()},
    **{name: (diagrams.gru, choices, 4.8) for name, choices in GRUS.items()},
    **{f"simplified {gate}": (diagrams.simplified_lstm, (gate,), 3.8) for gate in diagrams.USE_GATES},
    "neurons": (diagrams.neurons, (), 3.2),
    "unfolded": (diagrams.unfolded_lstm, (), 2.8),
}


@pytest.fixture
def drawn(request):
    """Return the figure and the artists of a diagram, as the lessons show it."""
    draw, choices, height = DRAWN[request.param]
    with style():
        fig, ax = plt.subplots(figsize=(7.2, height), layout="constrained")
        yield request.param, fig, draw(ax, *choices)
        plt.close(fig)


everything = pytest.mark.parametrize("drawn", DRAWN, indirect=True)


# --- a diagram is a computation ---------------------------------------------------------------------------


BRACES = str.maketrans("", "", "{}")


def follow(graph, name, numbers):
    """Compute a node of one unit from the arrows that enter it; `numbers` has the ends and the weights."""
    node = graph.nodes[name]
    incoming = [edge for edge in graph.edges.values() if edge.target == name]
    if not incoming:
        return numbers[name]
    values = {edge.name: follow(graph, edge.source, numbers) for edge in incoming}
    if node.label.startswith("$["):
        return np.array([value for _, value in sorted(values.items(), key=lambda item: item[0][0] == "x")])
    named = {edge.name: f"${edge.name.split('/')[-1]}$" for edge in incoming}
    weighted = {edge.name for edge in incoming if edge.label.translate(BRACES) == named[edge.name]}
    terms = [numbers[key] @ v if np.ndim(v) else numbers.get(key, 1.0) * v for key, v in values.items()]
    assert weighted == {key for key in values if key in numbers}
    if node.label == "×":
        assert len(terms) == 2
        return np.prod(terms)
    if node.label == "1−":
        return 1 - sum(terms)
    functions = {"σ": sigmoid, "tanh": np.tanh, "$\\phi$": np.tanh}
    if node.label != "+" and node.label not in functions:
        assert len(terms) == 1
    return functions.get(node.label, np.asarray)(sum(terms))


@pytest.fixture
def numbers():
    rng = np.random.default_rng(7)
    pairs = {key: rng.normal(size=2) for key in ("W_f", "W_i", "W_n", "W_v", "W_z", "W_r")}
    singles = ("LTM_prev", "STM_prev", "s_prev", "x", "W_u", "p_f", "p_i", "p_v")
    singles += ("W_x", "W_s", "W_y", "W_ns", "W_nx", "b_ns")
    return pairs | dict(zip(singles, rng.normal(size=len(singles)), strict=True))


@pytest.mark.parametrize("name", LSTMS)
def test_an_lstm_diagram_computes_the_equations(name, numbers):
    use_gate, peepholes = LSTMS[name]
    n = numbers
    seen = np.array([n["STM_prev"], n["x"]])
    p_f, p_i, p_v = (n[key] * peepholes for key in ("p_f", "p_i", "p_v"))
    f = sigmoid(seen @ n["W_f"] + n["LTM_prev"] * p_f)
    i = sigmoid(seen @ n["W_i"] + n["LTM_prev"] * p_i)
    N = np.tanh(seen @ n["W_n"])
    LTM = n["LTM_prev"] * f + N * i
    V = sigmoid(seen @ n["W_v"] + LTM * p_v)
    U = np.tanh(LTM if use_gate == "standard" else n["LTM_prev"] * f * n["W_u"])
    expected = {"f": f, "i": i, "N": N, "kept": n["LTM_prev"] * f, "learned": N * i, "added": LTM, "LTM": LTM}
    expected |= {"V": V, "U": U, "used": U * V, "STM": U * V, "output": U * V}
    computed = {key: follow(GRAPHS[name], key, numbers) for key in expected}
    assert computed == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", GRUS)
def test_a_gru_diagram_computes_the_equations(name, numbers):
    n, (update, reset) = numbers, GRUS[name]
    seen = np.array([n["s_prev"], n["x"]])
    z, r = sigmoid(seen @ n["W_z"]), sigmoid(seen @ n["W_r"])
    N = np.tanh(np.array([r * n["s_prev"], n["x"]]) @ n["W_n"])
    if reset == "after":
        N = np.tanh(r * (n["s_prev"] * n["W_ns"] + n["b_ns"]) + n["x"] * n["W_nx"])
    keep, renew = (z, 1 - z) if update == "keep" else (1 - z, z)
    s = keep * n["s_prev"] + renew * N
    expected = {"z": z, "r": r, "N": N, "kept": keep * n["s_prev"], "learned": renew * N, "s": s, "output": s}
    computed = {key: follow(GRAPHS[name], key, numbers) for key in expected}
    assert computed == pytest.approx(expected, rel=1e-12)


def test_the_simple_neuron_computes_its_equations(numbers):
    n = numbers
    s = np.tanh(n["x"] * n["W_x"] + n["s_prev"] * n["W_s"])
    named = {f"simple/{key}": value for key, value in numbers.items()}
    computed = [follow(GRAPHS["neurons"], f"simple/{key}", named) for key in ("s", "y")]
    assert computed == pytest.approx([s, s * n["W_y"]], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "parts", "arrows"),
    [
        ("standard", {"σ": 3, "tanh": 2, "×": 3, "+": 1}, 18),
        ("notes", {"σ": 3, "tanh": 2, "×": 3, "+": 1}, 18),
        ("peepholes", {"σ": 3, "tanh": 2, "×": 3, "+": 1}, 21),
        ("gru keep", {"σ": 2, "tanh": 1, "×": 3, "+": 1, "1−": 1}, 18),
        ("gru renew", {"σ": 2, "tanh": 1, "×": 3, "+": 1, "1−": 1}, 18),
        ("gru keep after", {"σ": 2, "tanh": 1, "×": 3, "+": 3, "1−": 1}, 20),
        ("gru renew after", {"σ": 2, "tanh": 1, "×": 3, "+": 3, "1−": 1}, 20),
    ],
)
def test_every_part_and_every_arrow_is_there_once(name, parts, arrows):
    graph = GRAPHS[name]
    assert Counter(node.label for node in graph.nodes.values() if node.kind in ("box", "op")) == Counter(
        parts
    ) + Counter(node.label for node in graph.nodes.values() if node.label.startswith("$["))
    assert len({(edge.source, edge.target) for edge in graph.edges.values()}) == len(graph.edges) == arrows
    labels = Counter(edge.label for edge in graph.edges.values() if edge.label)
    assert max(labels.values()) == 1


def test_the_lstm_neuron_has_three_inputs_and_three_outputs():
    for name in ("standard", "notes", "peepholes", "both", "simplified standard", "simplified notes"):
        edges = GRAPHS[name].edges.values()
        sources, targets = {edge.source for edge in edges}, {edge.target for edge in edges}
        assert sources - targets == {"LTM_prev", "STM_prev", "x"}
        assert {"LTM", "STM", "output"} <= targets
        assert [edge.source for edge in edges if edge.target == "output"] == ["STM"]


@pytest.mark.parametrize(("use_gate", "seen"), [("standard", "LTM"), ("notes", "forget")])
def test_the_simplified_use_gate_sees_what_the_whole_one_sees(use_gate, seen):
    edges = diagrams.simplified_lstm_graph(use_gate).edges.values()
    sources = {gate: {edge.source for edge in edges if edge.target == gate} for gate in ("use", "remember")}
    assert sources == {"use": {"joined", seen}, "remember": {"forget", "learn"}}
    assert {edge.source for edge in edges if edge.target == "forget"} == {"joined", "LTM_prev"}
    assert {edge.source for edge in edges if edge.target == "learn"} == {"joined"}


def test_two_states_go_from_every_step_of_the_unfolded_lstm_to_the_next():
    graph = diagrams.unfolded_lstm_graph(5)
    for t in range(1, 6):
        into = {edge.source for edge in graph.edges.values() if edge.target == f"cell_{t}"}
        out = {edge.target for edge in graph.edges.values() if edge.source == f"cell_{t}"}
        assert into == {f"LTM_{t - 1}", f"STM_{t - 1}", f"x_{t}"}
        assert out == {f"LTM_{t}", f"STM_{t}"}


def test_only_one_arrow_tells_the_use_gates_apart():
    arrows = [{(e.source, e.target) for e in GRAPHS[name].edges.values()} for name in ("standard", "notes")]
    assert arrows[0] - arrows[1] == {("LTM", "U")}
    assert arrows[1] - arrows[0] == {("kept", "U")}
    assert GRAPHS["standard"].nodes == GRAPHS["notes"].nodes


def test_errors_name_what_was_wrong():
    for build in (diagrams.lstm_graph, diagrams.simplified_lstm_graph):
        with pytest.raises(ValueError, match="use_gate is 'other'; expected one of standard, notes"):
            build("other")
    with pytest.raises(ValueError, match="update is 'other'; expected one of keep, renew"):
        diagrams.gru_graph("other")
    with pytest.raises(ValueError, match="reset is 'other'; expected one of before, after"):
        diagrams.gru_graph(reset="other")


# --- pictures ---------------------------------------------------------------------------------------------


def crosses(one, other):
    """Tell whether two polylines cross, by the side on which each end of a piece lies."""

    def side(start, end, point):
        along, to = end - start, point - start
        return np.sign(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])

    a, b, c, d = one[:-1, None], one[1:, None], other[None, :-1], other[None, 1:]
    return bool(np.any((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)))


@pytest.mark.parametrize("name", GRAPHS)
def test_arrows_cross_only_where_a_bridge_passes_over(name):
    graph = GRAPHS[name]
    ways = {key: diagrams.curve(diagrams.route(graph, key), 60) for key in graph.edges}
    found = {pair for pair in combinations(ways, 2) if crosses(ways[pair[0]], ways[pair[1]])}
    assert found == CROSSINGS.get(name, set())
    bridges = {key for key, edge in graph.edges.items() if edge.bridge}
    assert bridges == {over for _, over in found}


@everything
def test_nothing_overlaps(drawn):
    name, fig, artists = drawn
    crossings = {f"arrow {below} touches arrow {bridge}" for below, bridge in CROSSINGS.get(name, ())}
    assert set(conflicts(fig, artists)) == crossings


@everything
def test_colors_are_those_of_the_course_and_gates_are_dashed(drawn):
    name, _, artists = drawn
    for key, edge in GRAPHS[name].edges.items():
        arrow = artists.arrows[key]
        assert to_hex(arrow.get_edgecolor()).upper() == COLORS[edge.symbol]
        assert (arrow.get_linestyle() != "solid") == (edge.symbol in DASHES)
    for key, node in GRAPHS[name].nodes.items():
        if node.kind == "gate" or (node.kind == "frame" and node.symbol != "grey"):
            assert to_hex(artists.nodes[key].get_edgecolor()).upper() == COLORS[node.symbol]
            assert artists.nodes[key].get_linestyle() != "solid"


@pytest.mark.parametrize("name", [*LSTMS, *GRUS])
def test_the_arrows_into_and_out_of_a_mini_net_have_its_color(name):
    graph = GRAPHS[name]
    for edge in graph.edges.values():
        source, target = graph.nodes[edge.source], graph.nodes[edge.target]
        if edge.label and source.label in ("σ", "tanh"):
            assert edge.symbol == source.symbol
        if target.label in ("σ", "tanh") and source.label.startswith("$["):
            assert edge.symbol == target.symbol


@everything
def test_letters_are_dark_enough_to_read(drawn):
    def luminance(color):
        rgb = np.array(to_rgb(color))
        return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (
            0.2126,
            0.7152,
            0.0722,
        )

    for label in drawn[2].weights.values():
        assert 1.05 / (luminance(label.get_color()) + 0.05) > 3.4
    assert 1.05 / (luminance(INK) + 0.05) > 12


@pytest.mark.parametrize("drawn", ["notes"], indirect=True)
def test_a_bridge_interrupts_what_it_crosses(drawn):
    _, fig, artists = drawn
    below, over = artists.arrows["learned_to_added"], artists.arrows["W_u"]
    patches = list(fig.axes[0].patches)
    gap = patches[patches.index(over) - 1]
    assert to_hex(gap.get_edgecolor()) == "#ffffff"
    assert gap.get_linewidth() > 2 * over.get_linewidth()
    assert patches.index(below) < patches.index(gap)


@everything
def test_only_what_is_hollow_has_a_dashed_line(drawn):
    buffer = io.StringIO()
    drawn[1].savefig(buffer, format="svg")
    dashed = re.findall(r'style="(?:fill: (\S+); )?[^"]*stroke-dasharray', buffer.getvalue())
    assert dashed
    assert set(dashed) <= {"none", "#ffffff"}


def test_an_arrow_enters_a_box_straight_from_any_side():
    nodes = [diagrams.Node("a", "state", 0, 0.1, "", "s"), diagrams.Node("b", "gate", 2, 0, "", "use")]
    graph = diagrams.Graph.of(nodes, [diagrams.Edge("ab", "a", "b", "s")])
    np.testing.assert_allclose(diagrams.route(graph, "ab")[[0, -1]], [(0.28, 0.1), (1.38, 0.1)])
