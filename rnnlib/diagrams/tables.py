"""What a diagram is: a table of nodes and a table of edges, with positions but without a picture.

One unit is the distance between two time steps. Nothing here needs matplotlib, so explorers and path
counting use the same tables as the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

HALF_SIZES = {
    "input": (0.25, 0.25),
    "state": (0.28, 0.28),
    "output": (0.25, 0.25),
    "box": (0.28, 0.22),
    "gate": (0.62, 0.28),
    "op": (0.14, 0.14),
    "frame": (0.4, 0.4),
    "text": (0.0, 0.0),
}
"""Kind of node -> half its width and half its height; a node may have a size of its own."""

ROUND = ("state", "op")
BOXES = ("box", "gate")
LABEL_ROOM = 0.45
"""Width of a label beside an arrow."""

LOOP = ((0.95, 0.8), (0.95, -0.8))
"""Control points of the folded state's loop, seen from the state."""


class Node(NamedTuple):
    """One shape with its label: `kind` a key of `HALF_SIZES`, `symbol` a key of `COLORS`, `label` mathtext.

    `look` is "solid", "given" (not computed by the network: pale, dashed) or "faint" (not the point).
    """

    name: str
    kind: str
    x: float
    y: float
    label: str
    symbol: str
    look: str = "solid"
    half_size: tuple[float, float] | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """Half the width and half the height."""
        return self.half_size or HALF_SIZES[self.kind]


class Edge(NamedTuple):
    """One arrow from node `source` to node `target`; `bend` holds two control points of a curved one.

    The label stands at the share `at` of the way. A `bridge` passes over arrows of earlier rows and
    interrupts them.
    """

    name: str
    source: str
    target: str
    symbol: str
    label: str = ""
    bend: tuple[tuple[float, float], tuple[float, float]] | None = None
    at: float = 0.5
    bridge: bool = False


class Graph(NamedTuple):
    """A diagram: nodes and edges by name, in drawing order."""

    nodes: dict[str, Node]
    edges: dict[str, Edge]

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
        """Build the tables from rows."""
        return cls({node.name: node for node in nodes}, {edge.name: edge for edge in edges})

    def without(self, *names: str) -> Graph:
        """Leave out some nodes and every edge that touches one of them."""
        kept = [node for node in self.nodes.values() if node.name not in names]
        edges = [edge for edge in self.edges.values() if not {edge.source, edge.target} & set(names)]
        return Graph.of(kept, edges)

    def joined(self, other: Graph) -> Graph:
        """Put two diagrams into one table; the names must differ."""
        return Graph(self.nodes | other.nodes, self.edges | other.edges)

    def moved(self, right: float = 0.0, row_height: float = 1.0) -> Graph:
        """Shift a diagram to the right, and set its rows further apart."""

        def place(x: float, y: float) -> tuple[float, float]:
            return x + right, y * row_height

        nodes = [n._replace(x=n.x + right, y=n.y * row_height) for n in self.nodes.values()]
        edges = [e._replace(bend=e.bend and tuple(place(*p) for p in e.bend)) for e in self.edges.values()]
        return Graph.of(nodes, edges)

    def extent(self) -> tuple[float, float, float, float]:
        """Return left, right, bottom and top of all nodes and arrows, with room for the arrows' labels."""
        corners = [np.empty((0, 2))]
        for node in self.nodes.values():
            center, reach = np.array((node.x, node.y)), np.array(node.reach)
            corners.append(np.stack((center - reach, center + reach)))
        ways = {name: curve(route(self, name)) for name in self.edges}
        corners += ways.values()
        corners += [way + (LABEL_ROOM, 0) for name, way in ways.items() if self.edges[name].label]
        points = np.concatenate(corners)
        (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
        return float(left), float(right), float(bottom), float(top)


def lowered(index: object) -> str:
    """Write an index as mathtext: ``_3``, ``_{12}``. A pair of braces doubles the time of a small formula."""
    return f"_{index}" if len(str(index)) == 1 else f"_{{{index}}}"


def route(graph: Graph, name: str) -> np.ndarray:
    """Return the way of an arrow, from rim to rim, as the control points of a cubic Bézier curve.

    Parameters
    ----------
    graph : Graph
    name : str
        Name of the edge.

    Returns
    -------
    ndarray, shape (4, 2)
    """
    edge = graph.edges[name]
    source, target = graph.nodes[edge.source], graph.nodes[edge.target]
    if edge.bend:
        first, last = edge.bend
        return np.array([_rim(source, first), first, last, _rim(target, last)])
    end = _rim(target, (source.x, source.y))
    start = _rim(source, end)
    return np.array([start, (2 * start + end) / 3, (start + 2 * end) / 3, end])


def curve(controls: np.ndarray, samples: int = 25) -> np.ndarray:
    """Return points along a cubic Bézier curve, shape (samples, 2)."""
    t = np.linspace(0, 1, samples)[:, None]
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return sum(weight * point for weight, point in zip(weights, controls, strict=True))


def _rim(node: Node, toward: tuple[float, float]) -> np.ndarray:
    """Return the point where an arrow that comes from `toward` meets the node."""
    center, reach = np.array((node.x, node.y)), np.array(node.reach)
    ray = np.array(toward, dtype=float) - center
    if node.kind in BOXES and np.any(
        beside := np.abs(ray) < reach
    ):  # a box is wide: arrows enter it straight
        return center + np.where(beside, ray, np.copysign(reach, ray))
    ray /= np.hypot(*ray)
    if node.kind in ROUND:
        return center + reach[0] * ray
    with np.errstate(divide="ignore"):
        return center + ray * np.min(reach / np.abs(ray))
