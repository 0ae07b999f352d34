"""The tables of the cells with gates, of which each σ, tanh, × and + is a node of its own.

A value is the arrow that carries it, a mini-net the box σ or tanh that makes it: the box ``f`` sends f_t to
the × ``kept``. Arrows are called after their weight (``W_f``, ``p_f``), else after their
ends (``f_to_kept``).
"""

from __future__ import annotations

from rnnlib.diagrams.tables import Edge, Graph, Node

USE_GATES = ("standard", "notes")
"""What the tanh of the use gate sees: the new memory, or what the forget gate kept, times W_u."""

UPDATES = ("keep", "renew")
"""What the GRU's z_t = 1 does with the old memory."""

RESETS = ("before", "after")
"""Where the GRU's r_t acts: on s_{t-1} before the product with W_n, or on its product with W_ns."""

MEMORY = (0.4, 0.4)
OUTPUT = (0.38, 0.22)
MET = r"$[r_t \odot s_{t-1},\ x_t]$"
TOP, MIDDLE, MINI_NETS, JOINED, BOTTOM = 4.0, 3.0, 2.0, 1.0, 0.0
"""Heights: long-term memory, × of the gates, mini-nets, joined vectors, input."""


def lstm_graph(use_gate: str = "standard", peepholes: bool = False) -> Graph:
    """Return an LSTM neuron at one time step.

    Parameters
    ----------
    use_gate : str
        One of `USE_GATES`: U_t = tanh(LTM_t), or U_t = tanh((LTM_{t-1} ⊙ f_t) W_u + b_u).
    peepholes : bool
        Whether f and i see LTM_{t-1}, and V sees LTM_t.

    Raises
    ------
    ValueError
        If the use gate is unknown.
    """
    _check_choice("use_gate", use_gate, USE_GATES)
    edges = [*_lstm_edges(), *(_peepholes() if peepholes else []), *_use_edges(use_gate)]
    return Graph.of([*_gate_frames(), *_ends(TOP, 5.3, 6.4), *_lstm_nodes()], edges)


def simplified_lstm_graph(use_gate: str = "standard") -> Graph:
    """Return an LSTM neuron as four boxes, one a gate; `use_gate` as in `lstm_graph`."""
    _check_choice("use_gate", use_gate, USE_GATES)
    gates = [
        Node("forget", "gate", 0.5, MIDDLE, "forget", "forget"),
        Node("learn", "gate", 2.4, MINI_NETS, "learn", "learn"),
        Node("remember", "gate", 2.4, MIDDLE, "remember", "LTM"),
        Node("use", "gate", 4.3, MINI_NETS, "use", "use"),
    ]
    edges = [
        *_arrivals(),
        _arrow("joined", "forget", "grey", **_upward(0.5)),
        _arrow("joined", "learn", "grey", **_upward(2.4)),
        _arrow("joined", "use", "grey", **_upward(4.3)),
        _arrow("LTM_prev", "forget", "LTM"),
        _arrow("forget", "remember", "LTM"),
        _arrow("learn", "remember", "learn"),
        _arrow("remember", "LTM", "LTM"),
        _arrow("use", "STM", "STM"),
        _arrow("STM", "output", "STM"),
    ]
    if use_gate == "standard":
        edges.append(_arrow("LTM", "use", "LTM"))
    else:
        edges.append(_arrow("forget", "use", "LTM", bend=((0.9, 2.45), (3.2, 2.65)), bridge=True))
    return Graph.of([*_ends(MIDDLE, 4.3, 5.8), _joined("STM", 2.15, 2.35), *gates], edges)


def neurons_graph() -> Graph:
    """Return a simple and an LSTM neuron side by side, each with what comes from and goes to its neighbors.

    Names are ``simple/s``, ``lstm/LTM``: the neuron, and the node as in `lstm_graph`.
    """
    return _named(_simple_neuron(), "simple").joined(_named(_lstm_neuron().moved(right=3.8), "lstm"))


def _simple_neuron() -> Graph:
    nodes = [
        Node("neuron", "frame", 0.85, MIDDLE, "", "grey", half_size=(0.78, 0.45)),
        Node("name", "text", 0.85, 3.62, "simple neuron", "grey", "faint"),
        Node("s_prev", "state", -0.55, MIDDLE, "$s_{t-1}$", "s", "given"),
        Node("x", "input", 0.4, 1.3, "$x_t$", "x"),
        Node("added", "op", 0.4, MIDDLE, "+", "grey"),
        Node("phi", "box", 1.25, MIDDLE, r"$\phi$", "grey"),
        Node("s", "state", 2.15, MIDDLE, "$s_t$", "s"),
        Node("y", "output", 2.15, TOP, "$y_t$", "y"),
    ]
    edges = [
        _weight("W_s", "s_prev", "added", "W_s", at=0.3),
        _weight("W_x", "x", "added", "W_x", at=0.4),
        _arrow("added", "phi", "grey"),
        _arrow("phi", "s", "s"),
        _weight("W_y", "s", "y", "W_y"),
    ]
    return Graph.of(nodes, edges)


def _lstm_neuron() -> Graph:
    """Place the ends of the LSTM around one box, without what is in it."""
    upper, lower = 3.45, 2.55
    nodes = [
        Node("neuron", "gate", 0.7, MIDDLE, "σ  tanh\n×  +", "grey", half_size=(0.65, 0.9)),
        Node("name", "text", 0.7, 4.07, "LSTM neuron", "grey", "faint"),
        _memory("LTM_prev", -0.6, upper, "LTM", "t-1", "given"),
        _memory("STM_prev", -0.6, lower, "STM", "t-1", "given"),
        Node("x", "input", 0.7, 1.3, "$x_t$", "x"),
        _memory("LTM", 2.0, upper, "LTM", "t"),
        _memory("STM", 2.95, lower, "STM", "t"),
        Node("output", "output", 2.95, upper, "output", "y", half_size=OUTPUT),
    ]
    edges = [
        _arrow("LTM_prev", "neuron", "LTM"),
        _arrow("STM_prev", "neuron", "STM"),
        _arrow("x", "neuron", "x"),
        _arrow("neuron", "LTM", "LTM", **_level(1.5, upper)),
        _arrow("neuron", "STM", "STM", **_level(1.5, lower)),
        _arrow("STM", "output", "STM"),
    ]
    return Graph.of(nodes, edges)


def _named(graph: Graph, prefix: str) -> Graph:
    """Put a prefix before every name of a diagram."""
    nodes = [node._replace(name=f"{prefix}/{node.name}") for node in graph.nodes.values()]
    edges = [
        edge._replace(**{key: f"{prefix}/{getattr(edge, key)}" for key in ("name", "source", "target")})
        for edge in graph.edges.values()
    ]
    return Graph.of(nodes, edges)


def unfolded_lstm_graph(N: int = 3) -> Graph:
    """Return N steps of an LSTM layer: the same box at every step, and two states on the way to the next."""
    nodes, edges = [], []
    for t in range(N + 1):
        middle, look = 2.4 * t - 1.2, "solid" if t else "given"
        nodes.append(_memory(f"LTM_{t}", middle, 1.5, "LTM", str(t), look))
        nodes.append(_memory(f"STM_{t}", middle, 0.6, "STM", str(t), look))
    for t in range(1, N + 1):
        x = 2.4 * (t - 1)
        nodes.append(Node(f"x_{t}", "input", x, -0.6, f"$x_{t}$", "x"))
        nodes.append(Node(f"cell_{t}", "box", x, 1.05, "LSTM", "grey", half_size=(0.42, 0.85)))
        edges.append(_arrow(f"x_{t}", f"cell_{t}", "x"))
        for memory, y in (("LTM", 1.5), ("STM", 0.6)):
            edges.append(_arrow(f"{memory}_{t - 1}", f"cell_{t}", memory, **_level(x - 0.6, y)))
            edges.append(_arrow(f"cell_{t}", f"{memory}_{t}", memory, **_level(x + 0.6, y)))
    return Graph.of(nodes, edges)


def gru_graph(update: str = "keep", reset: str = "before") -> Graph:
    """Return a GRU at one time step: one memory s.

    Parameters
    ----------
    update : str
        One of `UPDATES`: z_t = 1 keeps the old memory, or renews it. The other one meets 1 − z_t.
    reset : str
        One of `RESETS`: N_t = tanh([r_t ⊙ s_{t-1}, x_t] W_n + b_n), or
        tanh(r_t ⊙ (s_{t-1} W_ns + b_ns) + x_t W_nx + b_n). Of the biases only b_ns is drawn: a mini-net has
        its own, b_ns is outside of any and inside the reset.

    Raises
    ------
    ValueError
        If the update or the reset is unknown.
    """
    _check_choice("update", update, UPDATES)
    _check_choice("reset", reset, RESETS)
    edges = [*_update_edges(update), *_gru_edges(), *_reset_edges(reset)]
    return Graph.of(_gru_nodes(update, reset), edges)


def _gru_nodes(update: str, reset: str) -> list[Node]:
    rest = (2.4, 3.65) if update == "keep" else (0.5, 2.7)
    met = {
        "before": [Node("met", "box", 4.5, JOINED, MET, "grey", half_size=(0.85, 0.2))],
        "after": [
            Node("met", "op", 4.5, JOINED, "+", "learn"),
            Node("b_ns", "text", 1.8, 2.2, "$b_{ns}$", "learn", half_size=(0.17, 0.17)),
            Node("shifted", "op", 1.8, MIDDLE, "+", "learn"),
        ],
    }
    return [
        Node("s_prev", "state", -0.9, TOP, "$s_{t-1}$", "s", "given"),
        Node("x", "input", 2.3, BOTTOM, "$x_t$", "x"),
        Node("joined", "box", 1.4, JOINED, "$[s_{t-1},\\ x_t]$", "grey", half_size=(1.45, 0.2)),
        *met[reset],
        Node("z", "box", 0.5, MINI_NETS, "σ", "forget"),
        Node("r", "box", 2.4, MINI_NETS, "σ", "use"),
        Node("update_name", "text", -0.13, MINI_NETS, "update", "grey", "faint"),
        Node("reset_name", "text", 2.97, MINI_NETS, "reset", "grey", "faint"),
        Node("N", "box", 4.5, MINI_NETS, "tanh", "learn"),
        Node("rest", "op", *rest, "1−", "forget", half_size=(0.19, 0.19)),
        Node("reset", "op", 2.4, MIDDLE, "×", "use"),
        Node("kept", "op", 0.5, TOP, "×", "forget"),
        Node("learned", "op", 4.5, MIDDLE, "×", "learn"),
        Node("added", "op", 4.5, TOP, "+", "s"),
        Node("s", "state", 5.6, TOP, "$s_t$", "s"),
        Node("output", "output", 5.6, TOP + 0.9, "output", "y", half_size=OUTPUT),
    ]


def _update_edges(update: str) -> list[Edge]:
    """Return how z_t and 1 − z_t reach the two × whose products are added."""
    if update == "keep":
        return [
            _arrow("z", "kept", "forget", "$z_t$", at=0.3),
            _arrow("z", "rest", "forget", bend=((1.4, 2.0), (0.6, 3.65))),
            _arrow("rest", "learned", "forget", "$1-z_t$", bend=((3.4, 3.65), (4.1, 3.45)), at=0.35),
        ]
    return [
        _arrow("z", "rest", "forget"),
        _arrow("rest", "kept", "forget", "$1-z_t$", at=0.75),
        _arrow("z", "learned", "forget", "$z_t$", bend=((1.6, 2.0), (0.4, 4.9)), at=0.6),
    ]


def _gru_edges() -> list[Edge]:
    """Return what both resets share."""
    return [
        _arrow("s_prev", "joined", "s", bend=((-0.9, 1.6), (-0.8, JOINED))),
        _arrow("x", "joined", "x"),
        _weight("W_z", "joined", "z", "forget", **_upward(0.5)),
        _weight("W_r", "joined", "r", "use", **_upward(2.4)),
        _arrow("s_prev", "kept", "s"),
        _arrow("r", "reset", "use", "$r_t$"),
        _arrow("N", "learned", "learn", "$N_t$"),
        _arrow("kept", "added", "s"),
        _arrow("learned", "added", "learn"),
        _arrow("added", "s", "s"),
        _arrow("s", "output", "s"),
    ]


def _reset_edges(reset: str) -> list[Edge]:
    """Return the way of s_{t-1} and x_t to N: by the × of the reset, then W_n, or by their weights first."""
    from_s, to_met = ((0.1, 3.4), (0.9, MIDDLE)), ((3.7, MIDDLE), (3.0, JOINED))
    from_x = ((3.8, BOTTOM), (4.5, 0.3))
    if reset == "before":
        return [
            _arrow("x", "met", "x", bend=from_x),
            _weight("W_n", "met", "N", "learn"),
            _arrow("reset", "met", "s", bend=to_met),
            _arrow("s_prev", "reset", "s", bend=from_s, bridge=True),
        ]
    return [
        _weight("W_nx", "x", "met", "learn", bend=from_x, at=0.6),
        _arrow("met", "N", "learn"),
        _arrow("reset", "met", "learn", bend=to_met),
        _arrow("b_ns", "shifted", "learn"),
        _arrow("shifted", "reset", "learn"),
        _weight("W_ns", "s_prev", "shifted", "learn", bend=from_s, at=0.22, bridge=True),
    ]


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(choices)}")


def _memory(name: str, x: float, y: float, symbol: str, step: str, look: str = "solid") -> Node:
    return Node(name, "state", x, y, rf"$\mathrm{{{symbol}}}_{{{step}}}$", symbol, look, MEMORY)


def _joined(state: str, x: float, half_width: float) -> Node:
    """Return the wide box in which a state and the input become one vector."""
    label = rf"$[\mathrm{{{state}}}_{{t-1}},\ x_t]$"
    return Node("joined", "box", x, JOINED, label, "grey", half_size=(half_width, 0.2))


def _ends(LTM_y: float, LTM_x: float, STM_x: float) -> list[Node]:
    """Return the three inputs and the three outputs of a neuron with two memories."""
    return [
        _memory("LTM_prev", -0.9, LTM_y, "LTM", "t-1", "given"),
        _memory("STM_prev", -0.9, JOINED, "STM", "t-1", "given"),
        Node("x", "input", 2.15, BOTTOM, "$x_t$", "x"),
        _memory("LTM", LTM_x, LTM_y, "LTM", "t"),
        _memory("STM", STM_x, MINI_NETS, "STM", "t"),
        Node("output", "output", STM_x, MIDDLE, "output", "y", half_size=OUTPUT),
    ]


def _lstm_nodes() -> list[Node]:
    return [
        _joined("STM", 2.15, 2.35),
        Node("f", "box", 0.5, MINI_NETS, "σ", "forget"),
        Node("i", "box", 1.9, MINI_NETS, "σ", "ignore"),
        Node("N", "box", 2.9, MINI_NETS, "tanh", "learn"),
        Node("V", "box", 4.1, MINI_NETS, "σ", "use"),
        Node("U", "box", 5.3, 2.95, "tanh", "use"),
        Node("kept", "op", 0.5, TOP, "×", "forget"),
        Node("learned", "op", 2.4, MIDDLE, "×", "learn"),
        Node("added", "op", 2.4, TOP, "+", "LTM"),
        Node("used", "op", 5.3, MINI_NETS, "×", "use"),
    ]


def _gate_frames() -> list[Node]:
    """Return a dashed frame around the parts of each gate, and its name."""
    frames = (
        ("forget", 0.5, 3.15, 0.58, 1.5, (0.5, 4.45)),
        ("learn", 2.4, 2.47, 0.95, 0.82, (1.75, 3.1)),
        ("remember", 2.4, 4.17, 0.95, 0.48, (2.4, 4.45)),
        ("use", 4.69, 2.47, 1.06, 0.82, (3.9, 3.1)),
    )
    nodes = []
    for name, x, y, width, height, caption in frames:
        symbol = "LTM" if name == "remember" else name
        nodes.append(Node(f"{name}_gate", "frame", x, y, "", symbol, half_size=(width, height)))
        nodes.append(Node(f"{name}_name", "text", *caption, name, "grey", "faint"))
    return nodes


def _arrow(source: str, target: str, symbol: str, label: str = "", **way) -> Edge:
    return Edge(f"{source}_to_{target}", source, target, symbol, label, **way)


def _weight(name: str, source: str, target: str, symbol: str, **way) -> Edge:
    letter, index = name.split("_")
    label = f"${name}$" if len(index) == 1 else f"${letter}_{{{index}}}$"
    return Edge(name, source, target, symbol, label, **way)


def _upward(x: float) -> dict:
    """Let an arrow leave the wide box of joined vectors right below its target."""
    return _level(x, JOINED + 0.5)


def _level(x: float, y: float) -> dict:
    """Let an arrow leave a wide box straight, by way of a point between it and the target."""
    return {"bend": ((x, y), (x, y))}


def _arrivals() -> list[Edge]:
    return [_arrow("STM_prev", "joined", "STM"), _arrow("x", "joined", "x")]


def _lstm_edges() -> list[Edge]:
    """Return what all variants share: everything but the arrow into U and the peepholes."""
    return [
        *_arrivals(),
        _weight("W_f", "joined", "f", "forget", **_upward(0.5)),
        _weight("W_i", "joined", "i", "ignore", **_upward(1.9)),
        _weight("W_n", "joined", "N", "learn", **_upward(2.9)),
        _weight("W_v", "joined", "V", "use", **_upward(4.1)),
        _arrow("LTM_prev", "kept", "LTM"),
        _arrow("f", "kept", "forget", "$f_t$", at=0.35),
        _arrow("i", "learned", "ignore", "$i_t$"),
        _arrow("N", "learned", "learn", "$N_t$"),
        _arrow("kept", "added", "LTM"),
        _arrow("learned", "added", "learn"),
        _arrow("added", "LTM", "LTM"),
        _arrow("U", "used", "use", "$U_t$"),
        _arrow("V", "used", "use", "$V_t$"),
        _arrow("used", "STM", "STM"),
        _arrow("STM", "output", "STM"),
    ]


def _use_edges(use_gate: str) -> list[Edge]:
    if use_gate == "standard":
        return [_arrow("LTM", "U", "LTM")]
    return [_weight("W_u", "kept", "U", "LTM", bend=((1.4, 2.9), (5.2, 4.0)), at=0.62, bridge=True)]


def _peepholes() -> list[Edge]:
    return [
        _weight("p_f", "LTM_prev", "f", "LTM", bend=((-0.9, 2.6), (-0.4, 2.0))),
        _weight("p_i", "LTM_prev", "i", "LTM", bend=((0.5, 3.45), (1.1, 2.9)), at=0.72, bridge=True),
        _weight("p_v", "LTM", "V", "LTM", bend=((4.7, 3.2), (4.25, 2.7)), at=0.6),
    ]
