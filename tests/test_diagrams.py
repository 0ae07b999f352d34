"""Diagrams: the right tables, and pictures in which nothing overlaps."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from layout import conflicts
from matplotlib.colors import to_hex

from rnnlib import diagrams
from rnnlib.colors import COLORS, style
from rnnlib.diagrams import Edge, Graph, Node

STEPS = range(1, 9)


@pytest.fixture
def axes():
    """Axes of the lessons' usual size, in the course's style."""
    with style():
        fig, ax = plt.subplots(figsize=(7.2, 2.6), layout="constrained")
        yield ax
        plt.close(fig)


# --- tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("N", STEPS)
def test_unfolded_has_a_copy_of_each_weight_at_every_step(N):
    graph = diagrams.unfolded_graph(N)
    assert len(graph.nodes) == 3 * N + 1
    assert "s_0" in graph.nodes
    for weight in ("W_x", "W_s", "W_y"):
        assert [e.name for e in graph.edges.values() if e.symbol == weight] == [
            f"{weight}_{t}" for t in range(1, N + 1)
        ]
    assert (graph.edges["W_s_1"].source, graph.edges["W_s_1"].target) == ("s_0", "s_1")


def test_layers_are_stacked_and_each_is_fed_by_the_one_below():
    graph = diagrams.unfolded_graph(2, layers=3)
    assert [graph.nodes[name].x for name in ("x_2", "s(1)_2", "s(3)_2", "y_2")] == [2, 2, 2, 2]
    rows = [graph.nodes[name].y for name in ("x_2", "s(1)_2", "s(2)_2", "s(3)_2", "y_2")]
    np.testing.assert_allclose(np.diff(rows), rows[1])
    assert graph.edges["W_x(2)_1"].source == "s(1)_1"
    assert graph.edges["W_x(2)_1"].target == "s(2)_1"
    assert graph.edges["W_y_2"].source == "s(3)_2"


def test_an_index_of_two_digits_stays_one_index():
    labels = {name: node.label for name, node in diagrams.unfolded_graph(12).nodes.items()}
    assert (labels["x_9"], labels["y_9"], labels["s_0"]) == ("$x_9$", "$y_9$", "$s_0$")
    assert (labels["x_10"], labels["y_11"], labels["s_12"]) == ("$x_{10}$", "$y_{11}$", "$s_{12}$")


@pytest.mark.parametrize(
    ("shape", "inputs", "outputs"),
    [
        ("one-to-one", [1], [5]),
        ("one-to-many", [1], [1, 2, 3, 4, 5]),
        ("many-to-one", [1, 2, 3, 4, 5], [5]),
        ("many-to-many aligned", [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ("many-to-many delayed", [1, 2, 3], [4, 5]),
    ],
)
def test_shapes_say_which_steps_have_an_input_and_an_output(shape, inputs, outputs):
    assert tuple(map(list, diagrams.present_steps(shape, 5))) == (inputs, outputs)
    graph = diagrams.unfolded_graph(5, shape=shape)
    assert [name for name in graph.nodes if name[0] == "x"] == [f"x_{t}" for t in inputs]
    assert [name for name in graph.nodes if name[0] == "y"] == [f"y_{t}" for t in outputs]


@pytest.mark.parametrize("shape", diagrams.SHAPES)
@pytest.mark.parametrize("N", STEPS)
def test_every_shape_has_an_input_and_an_output(shape, N):
    inputs, outputs = diagrams.present_steps(shape, N)
    assert inputs[0] == 1
    assert outputs[-1] == N


def test_errors_name_what_was_wrong():
    with pytest.raises(ValueError, match="N is 0; expected"):
        diagrams.unfolded_graph(0)
    with pytest.raises(ValueError, match="layers is 0; expected"):
        diagrams.unfolded_graph(1, layers=0)
    with pytest.raises(ValueError, match="shape is 'some'; expected one of one-to-one"):
        diagrams.unfolded_graph(1, shape="some")
    with pytest.raises(ValueError, match="w, t, T are 4, 3, 8; expected"):
        diagrams.window_graph(8, 4, 3)


def test_arrows_run_from_rim_to_rim():
    graph = diagrams.unfolded_graph(2)
    sideways, upward = diagrams.route(graph, "W_s_2"), diagrams.route(graph, "W_y_1")
    np.testing.assert_allclose(sideways[[0, -1]], [(1.28, 1), (1.72, 1)])
    np.testing.assert_allclose(upward[[0, -1]], [(1, 1.28), (1, 1.75)])
    np.testing.assert_allclose(diagrams.curve(upward, 3)[1], upward[[0, -1]].mean(axis=0))


def test_without_drops_the_edges_too():
    graph = diagrams.unfolded_graph(2).without("s_0")
    assert "W_s_1" not in graph.edges
    assert "W_s_2" in graph.edges


# --- pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("N", STEPS)
def test_unfolded_has_no_overlap(axes, N):
    assert conflicts(axes.figure, diagrams.unfolded(axes, N)) == []


@pytest.mark.parametrize(("N", "layers"), [(1, 2), (4, 2), (5, 3)])
def test_layers_have_no_overlap(N, layers):
    graph = diagrams.unfolded_graph(N, layers)
    with style():
        fig = plt.figure(figsize=diagrams.size_in_inches(graph))
        assert conflicts(fig, diagrams.draw(fig.add_axes((0, 0, 1, 1)), graph)) == []
        plt.close(fig)


def test_folded_has_no_overlap(axes):
    assert conflicts(axes.figure, diagrams.folded(axes)) == []


@pytest.mark.parametrize("N", range(1, 7))
def test_side_by_side_have_no_overlap_and_one_scale(N):
    with style():
        fig = plt.figure(figsize=(7.2, 3.0))
        both = diagrams.folded_and_unfolded(fig, N)
        assert [conflicts(fig, artists) for artists in both] == [[], []]
        widths = [
            artists.nodes[name].get_window_extent().width
            for artists, name in zip(both, ("s_t", "s_1"), strict=True)
        ]
        assert widths[0] == pytest.approx(widths[1], rel=0.12)
        plt.close(fig)


@pytest.mark.parametrize(("T", "w", "t"), [(8, 3, 6), (8, 1, 1), (8, 8, 8), (8, 3, 3), (8, 2, 8), (5, 3, 4)])
def test_window_net_has_no_overlap(axes, T, w, t):
    assert conflicts(axes.figure, diagrams.window_net(axes, T, w, t)) == []


def test_sequence_shapes_have_no_overlap():
    with style():
        fig = plt.figure(figsize=(7.2, 2.5))
        artists = diagrams.sequence_shapes(fig)
        assert conflicts(fig, artists) == []
        assert {name.split("/")[0] for name in artists.nodes} == set(diagrams.SHAPES)
        plt.close(fig)


def test_timeline_has_no_overlap():
    with style():
        fig, ax = plt.subplots(figsize=(7.2, 4), layout="constrained")
        flags = diagrams.timeline(ax)
        assert list(flags) == [1989, 1990, 1991, 1994, 1997, 2000, 2013, 2014]
        fig.canvas.draw()
        boxes = [text.get_window_extent() for text in ax.texts]
        assert set(flags.values()) < set(ax.texts)
        assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
        stems = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] > 1900]
        points = [ax.transData.transform(np.linspace(*line.get_xydata(), 50)[1:-1]) for line in stems]
        assert len(stems) == len(flags)
        assert not any(box.count_contains(line) for box in boxes for line in points)
        assert all(fig.bbox.count_contains(box.corners()) == 4 for box in boxes)
        plt.close(fig)


@pytest.mark.parametrize("draw", [diagrams.folded, diagrams.unfolded, diagrams.window_net])
def test_the_title_is_seen_even_if_the_axes_fill_the_figure(draw):
    with style():
        fig = plt.figure(figsize=(8.4, 3.4))
        artists = draw(fig.add_axes((0, 0, 1, 1)))
        assert artists.labels["title"].get_text()
        assert conflicts(fig, artists) == []
        plt.close(fig)


def test_the_checker_sees_an_overlap(axes):
    nodes = [Node("a", "state", 0, 0, "a label too long", "s"), Node("b", "box", 0.3, 0, "b", "grey")]
    artists = diagrams.draw(axes, Graph.of(nodes, []))
    assert any("lies on node b" in words for words in conflicts(axes.figure, artists))


@pytest.mark.parametrize("slope", np.linspace(0.1, 0.5, 7))
def test_the_checker_sees_long_arrows_cross_wherever_they_do(axes, slope):
    ends = {"a": (0, 0), "b": (9, 0), "c": (1.3, slope * 3.1), "d": (8.2, -slope * 3.8)}
    nodes = [Node(name, "op", x, y, "", "grey") for name, (x, y) in ends.items()]
    artists = diagrams.draw(axes, Graph.of(nodes, [Edge("ab", "a", "b", "s"), Edge("cd", "c", "d", "s")]))
    assert conflicts(axes.figure, artists) == ["arrow ab touches arrow cd"]


def test_every_kind_of_part_can_be_drawn(axes):
    kinds = ("input", "state", "output", "box", "op")
    nodes = [Node(kind, kind, i, 0, "×" if kind == "op" else "σ", "s") for i, kind in enumerate(kinds)]
    edges = [Edge(f"to_{b}", a, b, "use") for a, b in zip(kinds, kinds[1:], strict=False)]
    assert conflicts(axes.figure, diagrams.draw(axes, Graph.of(nodes, edges))) == []


def test_folded_and_unfolded_share_shapes_and_colors():
    def looks(drawing, t):
        artists = drawing(plt.figure().add_subplot())
        nodes = {name[0]: artists.nodes[name] for name in (f"x_{t}", f"s_{t}", f"y_{t}")}
        arrows = {name[:3]: to_hex(arrow.get_edgecolor()) for name, arrow in artists.arrows.items()}
        return {
            k: (type(p), to_hex(p.get_facecolor()), p.get_extents().width > 0) for k, p in nodes.items()
        }, arrows

    with style():
        assert looks(diagrams.folded, "t") == looks(diagrams.unfolded, 3)
        plt.close("all")


def test_every_copy_of_a_weight_has_its_color_and_its_label(axes):
    artists = diagrams.unfolded(axes, 8)
    for name, arrow in artists.arrows.items():
        symbol = name[:3]
        assert to_hex(arrow.get_edgecolor()).upper() == COLORS[symbol]
        assert artists.weights[name].get_color() == COLORS[symbol]
        assert artists.weights[name].get_text() == f"${symbol}$"


def test_a_gate_arrow_is_dashed(axes):
    graph = Graph.of(
        [Node("a", "box", 0, 0, "σ", "grey"), Node("b", "op", 1, 0, "×", "grey")],
        [Edge("gate", "a", "b", "forget"), Edge("plain", "b", "a", "W_s")],
    )
    artists = diagrams.draw(axes, graph)
    assert artists.arrows["gate"].get_linestyle() != "solid"
    assert artists.arrows["plain"].get_linestyle() == "solid"
