"""Diagrams of recurrent networks, each drawn from one table of nodes and edges.

Read `tables` first (what a diagram is), then `networks` (the tables themselves), `drawing` (how any table
becomes matplotlib artists), and last `pictures`, `history` and `gallery` (the pictures of the lessons).

Time runs from left to right, data from bottom to top; inputs are squares, states circles, outputs squares,
mini-nets boxes, × and + small circles.
"""

from rnnlib.diagrams.drawing import Artists, draw, size_in_inches, tint
from rnnlib.diagrams.gallery import thumbnails
from rnnlib.diagrams.history import timeline
from rnnlib.diagrams.networks import SHAPES, folded_graph, present_steps, unfolded_graph, window_graph
from rnnlib.diagrams.pictures import folded, folded_and_unfolded, sequence_shapes, unfolded, window_net
from rnnlib.diagrams.tables import Edge, Graph, Node, curve, route

__all__ = [
    "SHAPES",
    "Artists",
    "Edge",
    "Graph",
    "Node",
    "curve",
    "draw",
    "folded",
    "folded_and_unfolded",
    "folded_graph",
    "present_steps",
    "route",
    "sequence_shapes",
    "size_in_inches",
    "thumbnails",
    "timeline",
    "tint",
    "unfolded",
    "unfolded_graph",
    "window_graph",
    "window_net",
]
