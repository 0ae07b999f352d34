"""The diagrams of the lessons; each returns its artists by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlib.diagrams.drawing import Artists, draw, size_in_inches
from rnnlib.diagrams.gates import (
    gru_graph,
    lstm_graph,
    neurons_graph,
    simplified_lstm_graph,
    unfolded_lstm_graph,
)
from rnnlib.diagrams.networks import SHAPES, folded_graph, unfolded_graph, window_graph
from rnnlib.diagrams.tables import Graph, Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SAME = "One network, drawn twice: the loop is the row of arrows"
EXAMPLES = {
    "one-to-one": (1, "an ordinary\nnet"),
    "one-to-many": (3, "picture\n→ caption"),
    "many-to-one": (3, "utterance\n→ speaker"),
    "many-to-many aligned": (3, "frames\n→ phonemes"),
    "many-to-many delayed": (4, "English\n→ French"),
}
"""Shape -> number of steps in its picture, and a task of that shape."""

PLACE = "An LSTM neuron takes the simple neuron's place: two states on the arrow, not one"
FOUR = "Four gates share the work, and two memories pass through"
PARTS = {
    ("standard", False): "The whole LSTM is made of σ, tanh, × and +",
    ("notes", False): "The notes' use gate sees what was kept, not what was learned",
    ("standard", True): "Peepholes: f and i see the old memory, V sees the new one",
    ("notes", True): "Peepholes and the notes' use gate: V sees the new memory, U does not",
}
"""Use gate, and whether there are peepholes -> title."""

TWO_STATES = "Unfolded: the same box at every step, two states on the arrow"

RESET_WHERE = {
    "before": "A GRU: one memory, two gates",
    "after": "A GRU that resets after the product, as PyTorch does",
}
"""Reset -> title."""


def folded(ax: Axes, title: str = "Folded: the state feeds itself") -> Artists:
    """Draw the compact diagram. Edges: ``W_x``, ``W_s`` (the loop), ``W_y``."""
    return draw(ax, folded_graph(), title)


def unfolded(ax: Axes, N: int = 3, title: str = "Unfolded: the same three weights at every step") -> Artists:
    """Draw the network written out for N time steps, 1 to 8 of them in 7.2 inches."""
    return draw(ax, unfolded_graph(N), title)


def folded_and_unfolded(fig: Figure, N: int = 4, title: str = SAME) -> tuple[Artists, Artists]:
    """Draw both diagrams side by side at the same scale; 7.2 × 3 inches have room for 6 steps."""
    fig.set_layout_engine("constrained")
    graphs = folded_graph(), unfolded_graph(N)
    widths = [size_in_inches(graph)[0] for graph in graphs]
    left, right = fig.subplots(1, 2, width_ratios=widths, gridspec_kw={"wspace": 0.1})
    fig.suptitle(title, x=0.01, ha="left")
    return draw(left, graphs[0], "folded"), draw(right, graphs[1], f"unfolded, $N = {N}$")


def window_net(ax: Axes, T: int = 8, w: int = 3, t: int = 6, title: str | None = None) -> Artists:
    """Draw a net that sees a window of `w` inputs, at step `t` of `T`; see `window_graph`."""
    return draw(ax, window_graph(T, w, t), title or f"A window net sees {w} inputs and nothing older")


def sequence_shapes(fig: Figure) -> Artists:
    """Draw the five sequence shapes side by side; needs about 7.2 × 2.5 inches.

    Names are those of `unfolded_graph` behind the shape: ``"one-to-many/s_2"``.
    """
    ax = fig.add_axes((0.01, 0.02, 0.98, 0.96))
    return draw(ax, _shapes_graph(), "The task decides at which steps there is an input or an output")


def neurons(ax: Axes, title: str = PLACE) -> Artists:
    """Draw a simple neuron beside an LSTM neuron; needs about 7.2 × 3.2 inches. See `neurons_graph`."""
    return draw(ax, neurons_graph(), title)


def simplified_lstm(ax: Axes, use_gate: str = "standard", title: str = FOUR) -> Artists:
    """Draw the four gates as boxes; needs about 7.2 × 3.8 inches. See `simplified_lstm_graph`."""
    return draw(ax, simplified_lstm_graph(use_gate), title)


def lstm(ax: Axes, use_gate: str = "standard", peepholes: bool = False, title: str | None = None) -> Artists:
    """Draw every σ, tanh, × and + of an LSTM; needs about 7.2 × 4.8 inches. See `lstm_graph`."""
    graph = lstm_graph(use_gate, peepholes)
    return draw(ax, graph, title or PARTS[use_gate, peepholes])


def unfolded_lstm(ax: Axes, N: int = 3, title: str = TWO_STATES) -> Artists:
    """Draw N steps of an LSTM layer; needs about 7.2 × 2.8 inches. See `unfolded_lstm_graph`."""
    return draw(ax, unfolded_lstm_graph(N), title)


def gru(ax: Axes, update: str = "keep", reset: str = "before", title: str | None = None) -> Artists:
    """Draw every σ, tanh, ×, + and 1− of a GRU; needs about 7.2 × 4.8 inches. See `gru_graph`."""
    graph = gru_graph(update, reset)
    return draw(ax, graph, title or RESET_WHERE[reset])


def _shapes_graph() -> Graph:
    nodes, edges = [], []
    left = 0.0
    for shape in SHAPES:
        N, example = EXAMPLES[shape]
        graph = unfolded_graph(N, shape=shape).without("s_0")
        for node in graph.nodes.values():
            name = f"{shape}/{node.name}"
            nodes.append(node._replace(name=name, x=node.x - 1 + left, label=f"${node.symbol}$"))
        for edge in graph.edges.values():
            ends = {"source": f"{shape}/{edge.source}", "target": f"{shape}/{edge.target}"}
            edges.append(edge._replace(name=f"{shape}/{edge.name}", label="", **ends))
        middle = left + (N - 1) / 2
        nodes += _captions(shape, example, middle)
        left += N + 0.75
    return Graph.of(nodes, edges)


def _captions(shape: str, example: str, middle: float) -> list[Node]:
    heading = shape.replace("many ", "many\n") if " " in shape else shape
    return [
        Node(f"{shape}/heading", "text", middle, 3.0, heading, "grey", half_size=(0.9, 0.55)),
        Node(f"{shape}/example", "text", middle, -0.85, example, "grey", "faint", (0.9, 0.35)),
    ]
