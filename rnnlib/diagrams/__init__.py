"""Diagrams of recurrent networks, each drawn from one table of nodes and edges.

Read `tables` first (what a diagram is), then `networks` and `gates` (the tables themselves), `drawing` (how
any table becomes matplotlib artists), and last `pictures`, `history` and `gallery` (the pictures of the
lessons).

Time runs from left to right, data from bottom to top; inputs are squares, states circles, outputs squares,
mini-nets boxes, × and + small circles.
"""

from rnnlib.diagrams.drawing import Artists, draw, size_in_inches, tint
from rnnlib.diagrams.gallery import thumbnails
from rnnlib.diagrams.gates import (
    RESETS,
    UPDATES,
    USE_GATES,
    gru_graph,
    lstm_graph,
    neurons_graph,
    simplified_lstm_graph,
    unfolded_lstm_graph,
)
from rnnlib.diagrams.history import timeline
from rnnlib.diagrams.networks import SHAPES, folded_graph, present_steps, unfolded_graph, window_graph
from rnnlib.diagrams.pictures import (
    folded,
    folded_and_unfolded,
    gru,
    lstm,
    neurons,
    sequence_shapes,
    simplified_lstm,
    unfolded,
    unfolded_lstm,
    window_net,
)
from rnnlib.diagrams.tables import Edge, Graph, Node, curve, route

__all__ = [
    "RESETS",
    "SHAPES",
    "UPDATES",
    "USE_GATES",
    "Artists",
    "Edge",
    "Graph",
    "Node",
    "curve",
    "draw",
    "folded",
    "folded_and_unfolded",
    "folded_graph",
    "gru",
    "gru_graph",
    "lstm",
    "lstm_graph",
    "neurons",
    "neurons_graph",
    "present_steps",
    "route",
    "sequence_shapes",
    "simplified_lstm",
    "simplified_lstm_graph",
    "size_in_inches",
    "thumbnails",
    "timeline",
    "tint",
    "unfolded",
    "unfolded_graph",
    "unfolded_lstm",
    "unfolded_lstm_graph",
    "window_graph",
    "window_net",
]
