"""How a table of nodes and edges becomes matplotlib artists, found again by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnlib.colors import COLORS, DASHES, INK
from rnnlib.diagrams.tables import ROUND, Edge, Graph, Node, curve, route

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import FancyArrowPatch, Patch, PathPatch
    from matplotlib.patheffects import AbstractPathEffect
    from matplotlib.text import Text

PADDING = 0.12
LINE_WIDTH = 1.6
TITLE_ROOM = 0.45
"""Height kept free for a title, in units of the diagram."""

GAP = 0.09
"""Distance between an arrow and its label."""

PALE = 0.4
"""Share of white in a node's fill, so that its label stays legible in grey."""

LIGHT = ("x", "s", "STM", "LTM")
"""Symbols whose color is too light for letters on white."""

QUIET = "#6B6B6B"
"""Grey that is still legible as text on white."""


class Artists(NamedTuple):
    """What `draw` put on the axes, by the name of the node or edge."""

    nodes: dict[str, Patch]
    labels: dict[str, Text]
    arrows: dict[str, FancyArrowPatch]
    weights: dict[str, Text]


def size_in_inches(graph: Graph, unit: float = 0.8) -> tuple[float, float]:
    """Return width and height of a diagram drawn with `unit` inches from one time step to the next."""
    left, right, bottom, top = graph.extent()
    return unit * (right - left + 2 * PADDING), unit * (top - bottom + 2 * PADDING)


def draw(ax: Axes, graph: Graph, title: str = "") -> Artists:
    """Draw a diagram so that it fills the axes at equal scales.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Loses its ticks and spines.
    graph : Graph
    title : str
        What the diagram says, as a sentence.

    Returns
    -------
    Artists
        Every patch, label and arrow by name, to be moved or lit; the title is the label "title".
    """
    left, right, bottom, top = graph.extent()
    top += TITLE_ROOM if title else 0.0
    ax.set(xlim=(left - PADDING, right + PADDING), ylim=(bottom - PADDING, top + PADDING), aspect="equal")
    ax.axis("off")
    artists = Artists({}, {"title": write_title(ax, title)} if title else {}, {}, {})
    for node in graph.nodes.values():
        if node.kind != "text":
            artists.nodes[node.name] = ax.add_patch(_patch(node))
        if node.label:
            artists.labels[node.name] = _node_label(ax, node)
    for edge in graph.edges.values():
        controls = route(graph, edge.name)
        if edge.bridge:
            ax.add_patch(_gap_below(controls))
        artists.arrows[edge.name] = ax.add_patch(_arrow(edge, controls))
        if edge.label:
            artists.weights[edge.name] = _edge_label(ax, edge, controls)
    return artists


def write_title(ax: Axes, title: str) -> Text:
    """Write a title inside the axes, so that it is seen even when the axes fill the figure."""
    from matplotlib import rcParams

    inside = {"xytext": (4, -4), "textcoords": "offset points", "va": "top"}
    return ax.annotate(title, (0, 1), xycoords="axes fraction", fontsize=rcParams["axes.titlesize"], **inside)


def tint(symbol: str, white: float = PALE) -> tuple[float, float, float]:
    """Return a symbol's color mixed with a share of white: 1 is white, 0 the full color."""
    from matplotlib.colors import to_rgb

    return tuple(white + (1 - white) * np.array(to_rgb(COLORS[symbol])))


def _patch(node: Node) -> Patch:
    from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

    color = COLORS[node.symbol]
    fill = tint(node.symbol)
    center, (width, height) = np.array((node.x, node.y)), np.array(node.reach)
    corner = center - (width, height)
    looks = {
        "solid": {"facecolor": fill, "edgecolor": INK, "linewidth": 1.0},
        "given": {"facecolor": "white", "edgecolor": color, "linewidth": 1.6, "linestyle": (0, (3, 1.5))},
        "faint": {"facecolor": "white", "edgecolor": COLORS["grey"], "linewidth": 1.0},
    }
    if node.kind == "frame":
        rounded = "round,pad=0,rounding_size=0.12"
        line = {"edgecolor": QUIET if node.symbol == "grey" else color, "linewidth": 1.4, "zorder": 0.5}
        line["linestyle"] = (0, (4, 2))
        return FancyBboxPatch(corner, 2 * width, 2 * height, boxstyle=rounded, facecolor="none", **line)
    if node.kind == "box":
        return Rectangle(corner, 2 * width, 2 * height, **looks["solid"] | {"facecolor": "#E8E8E8"})
    if node.kind == "gate":
        return Rectangle(corner, 2 * width, 2 * height, **looks["given"])
    if node.kind in ROUND:
        return Circle(center, width, **looks[node.look])
    return Rectangle(corner, 2 * width, 2 * height, **looks[node.look])


def _node_label(ax: Axes, node: Node) -> Text:
    color = QUIET if node.look == "faint" else INK
    return ax.text(node.x, node.y, node.label, ha="center", va="center", color=color)


def _arrow(edge: Edge, controls: np.ndarray) -> FancyArrowPatch:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    path = Path(controls, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    look = {"arrowstyle": "-|>", "mutation_scale": 10, "linewidth": LINE_WIDTH, "joinstyle": "miter"}
    if edge.symbol in DASHES:
        look |= {"linestyle": (0, DASHES[edge.symbol]), "path_effects": [_solid_head()]}
    return FancyArrowPatch(path=path, color=COLORS[edge.symbol], capstyle="butt", **look)


def _solid_head() -> AbstractPathEffect:
    """Return what keeps the filled part of a dashed arrow, its head, from getting a dashed rim."""
    from matplotlib.patheffects import AbstractPathEffect

    class SolidHead(AbstractPathEffect):
        def draw_path(self, renderer, gc, path, transform, fill=None):
            pen = renderer.new_gc()
            pen.copy_properties(gc)
            if fill is not None:
                pen.set_dashes(0, None)
            renderer.draw_path(pen, path, transform, fill)
            pen.restore()

    return SolidHead()


def _gap_below(controls: np.ndarray) -> PathPatch:
    """Return the white line that interrupts whatever a bridge crosses, its own two ends left out."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    way = Path(curve(controls)[3:-4])
    return PathPatch(way, facecolor="none", edgecolor="white", linewidth=4 * LINE_WIDTH, capstyle="butt")


def _edge_label(ax: Axes, edge: Edge, controls: np.ndarray) -> Text:
    """Write the weight above an arrow that runs sideways, to the right of an upright one, else beside it."""
    way = curve(controls, 101)
    here = round(100 * edge.at)
    x, y = way[here]
    right, up = way[here + 1] - way[here - 1]
    if 0.5 < abs(right / up if up else np.inf) < 2:
        falling = right * up < 0
        place = {"x": x + (GAP if falling else -GAP) / 2, "ha": "left" if falling else "right"}
        place |= {"y": y, "va": "bottom"}
    elif abs(right) > abs(up):
        place = {"x": x, "y": y + GAP, "ha": "center", "va": "bottom"}
    else:
        place = {"x": x + GAP, "y": y, "ha": "left", "va": "center"}
    color = INK if edge.symbol in LIGHT else COLORS[edge.symbol]
    return ax.text(s=edge.label, color=color, **place)
