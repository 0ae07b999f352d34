"""Fold and unfold: one network drawn compactly or written out in time, with its numbers step by step.

The numbers are those of lesson 2, small whole ones with phi = identity, so that every step can be checked by
hand: s_t = x_t W_x + s_{t-1} W_s and y_t = s_t W_y.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from rnnlib import diagrams
from rnnlib.activations import identity
from rnnlib.cells import RNN, RNNParams
from rnnlib.colors import COLORS, INK
from rnnlib.diagrams.drawing import GAP, LINE_WIDTH, QUIET
from rnnlib.explorers.base import Choice, Explorer, Slider
from rnnlib.explorers.scene import update
from rnnlib.network import Network, NetworkParams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["S_0", "W_S", "W_X", "W_Y", "X", "compute", "draw", "explorer", "move", "words"]

W_X, W_S, W_Y = 3, -1, 2
S_0 = 1
X = (2, 4, 5, 4, 2, 1, 2, 4)
"""The worked example of lesson 2: x_1 is X[0]."""

MOST = len(X)
ROW_HEIGHT = 1.45
FOLDED_AT = 1.0
LIT = 3.0
LIFT = 0.32
"""Height of a product above the row of states."""
ROOM_FOR_EQUATIONS = 3
FILLS = {
    (look, symbol): (*diagrams.tint(symbol, white), 1.0)
    for look, white in (("given", 1.0), ("past", 0.6), ("lit", 0.15), ("future", 1.0))
    for symbol in "xsy"
}
"""(Look, symbol) -> fill of a node."""
PRESETS = {
    "Fold": {"view": "folded"},
    "Unfold": {"view": "unfolded"},
    "One step": {"view": "unfolded", "N": 1, "t": 1},
    "Eight steps": {"view": "unfolded", "N": MOST},
    "Utterance → speaker": {"view": "unfolded", "shape": "many-to-one", "N": 6, "t": 6},
    "English → French": {"view": "unfolded", "shape": "many-to-many delayed", "N": 6, "t": 4},
}


def compute(t: int, view: str, N: int, shape: str) -> dict:
    """Run the network over N steps; inputs that the shape does not have are zero. One-to-one is one step.

    Parameters
    ----------
    t : int
        The cursor; beyond N it waits at N.
    view : {"folded", "unfolded"}
    N : int
        Number of steps, 1 to 8.
    shape : str
        One of `diagrams.SHAPES`.

    Returns
    -------
    dict
        ``t``, ``N``, ``view``; ``x`` (N,), ``s`` (N+1,) and ``y`` (N,); ``inputs`` and ``outputs``: the steps
        that have one.
    """
    N = 1 if shape == "one-to-one" else N
    inputs, outputs = diagrams.present_steps(shape, N)
    x, s, y = _run(N, inputs)
    return {
        "t": min(t, N),
        "N": N,
        "view": view,
        "x": x,
        "s": s,
        "y": y,
        "inputs": inputs,
        "outputs": outputs,
    }


@cache  # the cursor and the view change nothing here
def _run(N: int, inputs: range) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = np.array([X[k - 1] if k in inputs else 0 for k in range(1, N + 1)], dtype=float)
    network = Network((RNN(identity),))
    cell = RNNParams(np.array([[W_X]], float), np.array([[W_S]], float), np.zeros(1))
    params = NetworkParams((cell,), np.array([[W_Y]], float))
    run = network.forward(params, x[:, None, None], (np.array([[S_0]], float),))
    results = x, run.runs[0].s[:, 0, 0], run.y[:, 0, 0]
    for array in results:
        array.flags.writeable = False
    return results


def words(arrays: Mapping, **controls: object) -> str:
    """Say what happens at the cursor, as an equation with numbers."""
    t, N = arrays["t"], arrays["N"]
    factors = _factors(arrays)
    sums = [
        _product(*factors[w], first=i == 0) for i, w in enumerate(w for w in ("W_x", "W_s") if w in factors)
    ]
    text = f"Step {t} of {N}: s_{t} = {' + '.join(sums)} = {_number(arrays['s'][t])}"
    text += "" if "W_x" in factors else " (no input)"
    if "W_y" in factors:
        text += f", y_{t} = {_product(*factors['W_y'])} = {_number(arrays['y'][t - 1])}. "
    else:
        text += ", no output. "
    text += f"Each weight is the same wherever it stands: 3 numbers for N = {N}."
    waits = controls["t"] > N
    return f"{text} (The cursor waits at {'the only' if N == 1 else 'the last'} step.)" if waits else text


def _factors(arrays: Mapping) -> dict[str, tuple[float, int]]:
    """Return value and weight on each arrow into or out of the state at the cursor, if it is there."""
    t, s = arrays["t"], arrays["s"]
    factors = {"W_s": (s[t - 1], W_S)}
    if t in arrays["inputs"]:
        factors["W_x"] = (arrays["x"][t - 1], W_X)
    if t in arrays["outputs"]:
        factors["W_y"] = (s[t], W_Y)
    return factors


def _product(value: float, weight: float, first: bool = True) -> str:
    """Write a product; a negative number stands in parentheses unless it comes first."""
    left, right = _number(value), _number(weight)
    left = left if first or value >= 0 else f"({left})"
    return f"{left}·{right}" if weight >= 0 else f"{left}·({right})"


def _number(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw both diagrams in one place; `move` shows one of them."""
    ax = fig.subplots()
    folded = diagrams.folded_graph().without("note").moved(FOLDED_AT, ROW_HEIGHT)
    graph = diagrams.unfolded_graph(MOST).moved(row_height=ROW_HEIGHT).joined(folded)
    artists = diagrams.draw(ax, graph)._asdict()
    artists["times"] = {t: ax.text(t, -0.55, f"{t}", ha="center", va="center") for t in range(1, MOST + 1)}
    artists["time"] = ax.text(FOLDED_AT, -0.55, "", ha="center", va="center")
    artists["later"] = ax.text(FOLDED_AT + 0.9, ROW_HEIGHT - 0.35, "one step later", color=QUIET, va="center")
    artists["state"] = ax.text(0, 0, "state $s_t$", color=QUIET, ha="center", va="center")
    artists["equations"] = [
        ax.text(4.2, ROW_HEIGHT + y, text, fontsize=13, va="center")
        for y, text in ((0.3, "$s_t = x_t W_x + s_{t-1} W_s$"), (-0.3, "$y_t = s_t W_y$"))
    ]
    for y, text in ((-0.55, "time $t$"), (0, "input $x_t$"), (2 * ROW_HEIGHT, "output $y_t$")):
        ax.text(-0.1, y, text, color=QUIET, ha="center", va="center")
    _write_weights(ax)
    ax.set_ylim(-0.75, 2 * ROW_HEIGHT + 0.8)
    for text in ax.texts:
        text.set_in_layout(False)
    return artists


def _write_weights(ax: Axes) -> None:
    """Say once what the three weights are; this never moves."""
    top = 2 * ROW_HEIGHT + 0.6
    shown = (("W_x", W_X), ("W_s", W_S), ("W_y", W_Y))
    for i, (symbol, value) in enumerate(shown):
        ax.text(1.2 * i - 0.28, top, f"${symbol} = {value}$", color=COLORS[symbol], va="center")
    ax.text(1.2 * len(shown) - 0.28, top, "wherever they stand,   $s_0 = 1$", color=INK, va="center")


def move(artists: Mapping, arrays: Mapping) -> None:
    """Show the diagram of the chosen view, with numbers up to the cursor and the step at the cursor lit."""
    folded = arrays["view"] == "folded"
    _light_nodes(artists, arrays)
    _light_arrows(artists, arrays)
    for k, text in artists["times"].items():
        weight = "bold" if k == arrays["t"] else "normal"
        update(text, visible=not folded and k <= arrays["N"], fontweight=weight)
    update(artists["time"], text=f"{arrays['t']}" if folded else "")
    update(artists["state"], position=(-0.1, ROW_HEIGHT if folded else ROW_HEIGHT - 0.48))
    update(artists["later"], visible=folded)
    for text in artists["equations"]:
        update(text, visible=folded or arrays["N"] <= ROOM_FOR_EQUATIONS)


def _light_nodes(artists: Mapping, arrays: Mapping) -> None:
    t, nodes = arrays["t"], _nodes(arrays)
    for name, patch in artists["nodes"].items():
        step, value = nodes.get(name, (0, 0.0))
        lit, shown = step == t, name in nodes
        look = "given" if step == 0 else "lit" if lit else "past" if step < t else "future"
        update(patch, shown, facecolor=FILLS[look, name[0]], linewidth=2.0 if lit else 1.0)
        text = _number(value) if step <= t else f"${name}$"
        update(artists["labels"][name], shown, text=text)


def _light_arrows(artists: Mapping, arrays: Mapping) -> None:
    t, arrows, factors = arrays["t"], _arrows(arrays), _factors(arrays)
    for name, arrow in artists["arrows"].items():
        label, weight = artists["weights"][name], name[:3]
        lit, shown = arrows.get(name) == t, name in arrows
        update(arrow, shown, linewidth=LIT if lit else LINE_WIDTH)
        text = _product(*factors[weight]) if lit else f"${weight}$"
        update(label, shown, text=text, fontweight="bold" if lit else "normal")
        if weight == "W_s" and name != "W_s":  # a product is wider than the gap between two circles
            x, _ = label.get_position()
            update(label, shown, position=(x, ROW_HEIGHT + (LIFT if lit else GAP)))


def _nodes(arrays: Mapping) -> dict[str, tuple[int, float]]:
    """Return the nodes of the chosen view: name -> step and value."""
    rows = {"x": (arrays["inputs"], arrays["x"]), "y": (arrays["outputs"], arrays["y"])}
    nodes = {f"{row}_{k}": (k, values[k - 1]) for row, (steps, values) in rows.items() for k in steps}
    nodes |= {f"s_{k}": (k, value) for k, value in enumerate(arrays["s"])}
    return _only_cursor(nodes, arrays["t"]) if arrays["view"] == "folded" else nodes


def _arrows(arrays: Mapping) -> dict[str, int]:
    """Return the arrows of the chosen view: name -> step."""
    rows = {"W_x": arrays["inputs"], "W_s": range(1, arrays["N"] + 1), "W_y": arrays["outputs"]}
    arrows = {f"{weight}_{k}": k for weight, steps in rows.items() for k in steps}
    return _only_cursor(arrows, arrays["t"], "") if arrays["view"] == "folded" else arrows


def _only_cursor(parts: Mapping, t: int, ending: str = "_t") -> dict:
    """Fold: keep the parts of step t, under the names of the folded diagram."""
    return {
        name.removesuffix(f"_{t}") + ending: part for name, part in parts.items() if name.endswith(f"_{t}")
    }


def explorer() -> Explorer:
    """Return the explorer; its controls are ``t``, ``view``, ``N`` and ``shape``."""
    steps = range(1, MOST + 1)
    return Explorer(
        compute,
        draw,
        [
            Slider("t", steps, 3, label="time step t"),
            Choice("view", ("folded", "unfolded"), "unfolded", label="drawn"),
            Slider("N", steps, MOST, label="number of steps N"),
            Choice(
                "shape", diagrams.SHAPES, "many-to-many aligned", label="inputs and outputs", style="select"
            ),
        ],
        title="However many steps are unfolded, the same three weights do the work",
        alt=(
            "A network drawn in columns, one a time step: an input square, a state circle, an output square. "
            "Arrows carry the weights W_x upward into the state, W_s from state to state, W_y to the output. "
            "Nodes up to the time cursor show their numbers; at the cursor each arrow shows its product."
        ),
        move=move,
        words=words,
        presets=PRESETS,
    )
