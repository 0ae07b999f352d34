"""The tables of the networks: folded, unfolded in time, and the window net."""

from __future__ import annotations

from rnnlib.diagrams.tables import LOOP, Edge, Graph, Node, lowered

SHAPES = (
    "one-to-one",
    "one-to-many",
    "many-to-one",
    "many-to-many aligned",
    "many-to-many delayed",
)
"""Which inputs and outputs a task has; see `present_steps`."""

LAYERED_ROW = 1.3
"""Height of a row when weights carry the number of their layer: their labels need more room."""


def present_steps(shape: str, N: int) -> tuple[range, range]:
    """Return the time steps that have an input and those that have an output.

    Parameters
    ----------
    shape : str
        One of `SHAPES`. "delayed" reads the first half, rounded up, and then answers.
    N : int
        Number of time steps.

    Returns
    -------
    inputs, outputs : range
        Steps among 1..N.

    Raises
    ------
    ValueError
        If the shape is unknown.
    """
    every, first, last = range(1, N + 1), range(1, 2), range(N, N + 1)
    half = (N + 1) // 2
    table = dict(
        zip(
            SHAPES,
            (
                (first, last),
                (first, every),
                (every, last),
                (every, every),
                (range(1, half + 1), range(min(half + 1, N), N + 1)),
            ),
            strict=True,
        )
    )
    if shape not in table:
        raise ValueError(f"shape is {shape!r}; expected one of {', '.join(SHAPES)}")
    return table[shape]


def folded_graph() -> Graph:
    """Return the compact diagram: one state that feeds itself at the next step."""
    nodes = [
        Node("x_t", "input", 0, 0, "$x_t$", "x"),
        Node("s_t", "state", 0, 1, "$s_t$", "s"),
        Node("y_t", "output", 0, 2, "$y_t$", "y"),
        Node("note", "text", 1.24, 0.6, "one step\nlater", "grey", "faint", (0.45, 0.2)),
    ]
    loop = tuple((dx, 1 + dy) for dx, dy in LOOP)
    edges = [
        Edge("W_x", "x_t", "s_t", "W_x", "$W_x$"),
        Edge("W_s", "s_t", "s_t", "W_s", "$W_s$", loop),
        Edge("W_y", "s_t", "y_t", "W_y", "$W_y$"),
    ]
    return Graph.of(nodes, edges)


def unfolded_graph(N: int, layers: int = 1, shape: str = "many-to-many aligned") -> Graph:
    """Return the network written out in time, with every copy of the shared weights.

    Nodes are called ``x_t``, ``s_t``, ``y_t`` and edges ``W_x_t``, ``W_s_t``, ``W_y_t`` with the step of the
    state or output that they compute, so ``W_s_1`` runs from ``s_0`` to ``s_1``. With several layers,
    layer l has the states ``s(l)_t`` and the weights ``W_x(l)_t``, ``W_s(l)_t``.

    Parameters
    ----------
    N : int
        Number of time steps, at least 1.
    layers : int
        Number of recurrent layers, each fed by the one below.
    shape : str
        One of `SHAPES`.

    Raises
    ------
    ValueError
        If N or the number of layers is below 1, or the shape is unknown.
    """
    for name, value in (("N", N), ("layers", layers)):
        if value < 1:
            raise ValueError(f"{name} is {value}; expected a whole number of at least 1")
    inputs, outputs = present_steps(shape, N)
    nodes = [Node(f"x_{t}", "input", t, 0, f"$x{lowered(t)}$", "x") for t in inputs]
    edges: list[Edge] = []
    for layer in range(1, layers + 1):
        mark = f"({layer})" if layers > 1 else ""
        nodes += _states(N, layer, mark)
        edges += _recurrent_edges(N, mark)
        below, steps = ("x", inputs) if layer == 1 else (f"s({layer - 1})", range(1, N + 1))
        edges += [_edge("W_x", mark, t, f"{below}_{t}", f"s{mark}_{t}") for t in steps]
    nodes += [Node(f"y_{t}", "output", t, layers + 1, f"$y{lowered(t)}$", "y") for t in outputs]
    edges += [_edge("W_y", "", t, f"s{mark}_{t}", f"y_{t}") for t in outputs]
    return Graph.of(nodes, edges).moved(row_height=1.0 if layers == 1 else LAYERED_ROW)


def _states(N: int, layer: int, mark: str) -> list[Node]:
    raised = f"^{{{mark}}}" if mark else ""
    return [
        Node(f"s{mark}_{t}", "state", t, layer, f"$s{raised}{lowered(t)}$", "s", "solid" if t else "given")
        for t in range(N + 1)
    ]


def _recurrent_edges(N: int, mark: str) -> list[Edge]:
    return [_edge("W_s", mark, t, f"s{mark}_{t - 1}", f"s{mark}_{t}") for t in range(1, N + 1)]


def _edge(weight: str, mark: str, t: int, source: str, target: str) -> Edge:
    raised = f"^{{{mark}}}" if mark else ""
    label = f"${weight[0]}{raised}_{weight[-1]}$"
    return Edge(f"{weight}{mark}_{t}", source, target, weight, label)


def window_graph(T: int = 8, w: int = 3, t: int = 6) -> Graph:
    """Return a net without memory that sees only the last `w` of `T` inputs, at step `t`.

    Raises
    ------
    ValueError
        If the window does not lie inside the sequence.
    """
    if not 1 <= w <= t <= T:
        raise ValueError(f"w, t, T are {w}, {t}, {T}; expected 1 <= w <= t <= T")
    first = t - w + 1
    middle, half = (first + t) / 2, (w - 1) / 2
    nodes = [Node("window", "frame", middle, 0, "", "grey", half_size=(half + 0.41, 0.41))]
    for k in range(1, T + 1):
        look = "solid" if first <= k <= t else "faint"
        nodes.append(Node(f"x_{k}", "input", k, 0, f"$x{lowered(k)}$", "x", look))
    nodes.append(
        Node("hidden", "box", middle, 1.2, "hidden layer", "grey", half_size=(max(half, 0.5) + 0.25, 0.25))
    )
    nodes.append(Node(f"y_{t}", "output", middle, 2.2, f"$y{lowered(t)}$", "y"))
    nodes += _window_notes(T, w, t)
    edges = [Edge(f"in_{k}", f"x_{k}", "hidden", "W_x") for k in range(first, t + 1)]
    edges.append(Edge("out", "hidden", f"y_{t}", "W_y"))
    return Graph.of(nodes, edges)


def _window_notes(T: int, w: int, t: int) -> list[Node]:
    """Say below the inputs what the net does with them; a group of one is too narrow for its note."""
    first = t - w + 1
    groups = (("lost", 1, first - 1, "out of sight"), ("seen", first, t, f"window, $w = {w}$"))
    groups += (("coming", t + 1, T, "still to come"),)
    return [
        Node(name, "text", (start + end) / 2, -0.65, text, "grey", "faint", (0.7, 0.14))
        for name, start, end, text in groups
        if end > start
    ]
