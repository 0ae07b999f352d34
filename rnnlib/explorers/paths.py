"""Paths: every way from a weight to E_N, one at a time, until their sum is the gradient.

One unit in each layer, so that every derivative is a plain number, and tanh. All numbers but the weights, the
inputs and the target come from `rnnlib.paths`; the gradient they must add up to comes from the engine.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgba

from rnnlib import diagrams
from rnnlib.cells import RNN, RNNParams
from rnnlib.colors import COLORS, INK
from rnnlib.diagrams.drawing import LINE_WIDTH, QUIET
from rnnlib.diagrams.tables import lowered
from rnnlib.explorers.base import Choice, Explorer, Slider
from rnnlib.explorers.scene import update
from rnnlib.losses import squared_error
from rnnlib.network import Network, NetworkParams
from rnnlib.paths import Unfolded, contributions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["compute", "draw", "explorer", "move", "network_and_numbers", "words"]

X, S_0, D = (0.4, -0.5, 0.4, 0.4, -0.8), 0.6, -1.0
W_X, W_S, W_Y = (0.5, 1.2), (0.9, -0.8), 1.0
"""Inputs x_1 ... x_5, every initial state, the target of the last step; weights by layer, and the readout."""

MOST = {1: 5, 2: 4}
"""Layers -> the largest N."""

WEIGHTS = {
    1: {"W_x": "W_x", "W_s": "W_s", "W_y": "W_y"},
    2: {"W_x(1)": "W_x, layer 1", "W_s(1)": "W_s, layer 1", "W_s(2)": "W_s, layer 2"},
}
TITLES = {
    1: "Every path is one product; the paths together are the gradient",
    2: "Through layers and through time: only all paths together are the gradient",
}
PRESETS = {
    1: {
        "Latest state": {"N": 3, "weight": "W_s", "path": 1},
        "All three paths": {"N": 3, "weight": "W_s", "path": 3},
        "Through five states": {"N": 5, "weight": "W_s", "path": 5},
        "W_x: one factor differs": {"N": 3, "weight": "W_x", "path": 3},
        "W_y: one path": {"N": 3, "weight": "W_y", "path": 1},
    },
    2: {
        "Down at once": {"N": 3, "weight": "W_s(1)", "path": 2},
        "Through the second's own past": {"N": 3, "weight": "W_s(1)", "path": 3},
        "All ten": {"N": 4, "weight": "W_s(1)", "path": 10},
        "Second layer alone": {"N": 4, "weight": "W_s(2)", "path": 4},
    },
}
ROW_HEIGHT = {1: 1.25, 2: 0.95}
LIT, PALE = 3.2, "#C4C4C4"
LOWEST, HIGHEST = -1.05, 1.6
COLUMNS = 8
"""Room in the row of factors: seven of them at most, and their product."""


def network_and_numbers(N: int, layers: int) -> tuple:
    """Return network, parameters, run over N steps and ∂E_N/∂y: what `paths.contributions` takes."""
    network = Network((RNN(),) * layers)
    cells = [RNNParams(*(np.full((1, 1), w) for w in (W_X[k], W_S[k])), np.zeros(1)) for k in range(layers)]
    params = NetworkParams(tuple(cells), np.full((1, 1), W_Y))
    x = np.array(X[:N])[:, None, None]
    run = network.forward(params, x, (np.full((1, 1), S_0),) * layers)
    last = np.arange(1, N + 1)[:, None] == N
    return network, params, run, squared_error(run.y, np.full_like(run.y, D), last)[1]


def compute(path: int, N: int, weight: str, layers: int = 1) -> dict:
    """Follow one path from the weight to E_N.

    Parameters
    ----------
    path : int
        Its number, from 1; beyond the last it waits at the last.
    N : int
        Number of steps.
    weight : str
        A key of `WEIGHTS[layers]`.
    layers : {1, 2}

    Returns
    -------
    dict
        ``values`` (number of paths,): what each contributes; ``engine``: the gradient by BPTT; ``path``: the
        number of the chosen one, ``names`` and ``factors``: its derivatives, ``nodes``: where it passes;
        ``N``, ``weight``.
    """
    parts, engine = _expansion(N, weight, layers)
    path = min(path, len(parts))
    chosen = parts[path - 1]
    return {
        "N": N,
        "weight": weight,
        "path": path,
        "values": np.array([part.value.item() for part in parts]),
        "engine": engine,
        "names": chosen.path.factors,
        "nodes": chosen.path.nodes,
        "factors": np.array([factor.item() for factor in chosen.factors]),
    }


@cache
def _expansion(N: int, weight: str, layers: int) -> tuple:
    network, params, run, dE_dy = network_and_numbers(N, layers)
    grads = network.backward(params, run, dE_dy)
    engine = Unfolded.of(network, N).array(grads.params, weight).item()
    return contributions(network, params, run, dE_dy, weight), engine


def words(arrays: Mapping, **controls: object) -> str:
    """Say where the path leads, its product, and how much of the gradient is found so far."""
    path, count = arrays["path"], len(arrays["values"])
    through = ", ".join(f"{row}_{t}" for row, t in arrays["nodes"] if row != "y") or f"y_{arrays['N']}"
    numbers = " · ".join(number(f, first=i == 0) for i, f in enumerate(arrays["factors"]))
    so_far, all_of_it = np.cumsum(arrays["values"])[path - 1], arrays["engine"]
    text = (
        f"Path {path} of {count} to {arrays['weight']}, through {through}: "
        f"{numbers} = {number(arrays['values'][path - 1])}. "
        f"So far {number(so_far)} of {number(all_of_it)}."
    )
    waits = f" (There is no path {controls['path']}: the last one is shown.)"
    return text if controls["path"] <= count else text + waits


def number(value: float, first: bool = True) -> str:
    """Write two decimals; a negative number stands in parentheses unless it comes first.

    >>> number(0.456), number(-0.001), number(-0.25, first=False)
    ('0.46', '0.00', '(−0.25)')
    """
    text = f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")
    return text if first or not text.startswith("−") else f"({text})"


def formula(name: str) -> tuple[str, str]:
    r"""Turn the name of a derivative into mathtext: what stands above and below the line.

    Whole fractions would cost seconds: there are many pairs of few symbols, and each string is laid out once.

    >>> formula("∂⁺s(1)_2/∂W_s(1)")
    ('$\\partial^\\plus s^{(1)}_2$', '$\\partial W^{(1)}_s$')
    """
    above, below = name.split("/")
    return _symbol(above), _symbol(below)


def _symbol(part: str) -> str:
    sign, base, kind, layer, t = re.fullmatch(r"(∂⁺?)(\w)(?:_([a-z]))?(\(\d\))?(?:_(\d+))?", part).groups()
    sign = r"\partial^\plus " if sign == "∂⁺" else r"\partial "
    return f"${sign}{base}" + (f"^{{{layer}}}" if layer else "") + f"{lowered(kind or t)}$"


def draw(fig: Figure, arrays: Mapping, layers: int = 1) -> dict:
    """Draw the unfolded graph, the bars of all paths, and room for the factors of one."""
    panels = fig.subplot_mosaic(
        [["graph", "bars"], ["chain", "chain"]], width_ratios=[1.75, 1], height_ratios=[1.7 + 0.6 * layers, 1]
    )
    artists = diagrams.draw(panels["graph"], _graph(layers))._asdict()
    for text in panels["graph"].texts:
        text.set_in_layout(False)
    most = max(len(_expansion(MOST[layers], weight, layers)[0]) for weight in WEIGHTS[layers])
    _write_numbers(panels["chain"], layers)
    return artists | _draw_bars(panels["bars"], most) | _draw_chain(panels["chain"])


def _graph(layers: int) -> diagrams.Graph:
    """Add an error beside every output; one of them is shown."""
    graph = diagrams.unfolded_graph(MOST[layers], layers).moved(row_height=ROW_HEIGHT[layers])
    steps = range(1, MOST[layers] + 1)
    top = graph.nodes["y_1"].y
    errors = [diagrams.Node(f"E_{t}", "box", t + 1, top, f"$E{lowered(t)}$", "grey") for t in steps]
    arrows = [diagrams.Edge(f"E_{t}", f"y_{t}", f"E_{t}", "y") for t in steps]
    return diagrams.Graph.of([*graph.nodes.values(), *errors], [*graph.edges.values(), *arrows])


def _write_numbers(ax: Axes, layers: int) -> None:
    """Say once which numbers everything is computed from."""
    inputs = ", ".join(number(x)[:-1] for x in X[: MOST[layers]])
    weights = [
        rf"$W{mark}_x = {W_X[k]},\ W{mark}_s = {W_S[k]}$"
        for k, mark in enumerate(("^{(1)}", "^{(2)}") if layers == 2 else ("",))
    ]
    text = rf"tanh;  $x_1, x_2, \ldots$ = {inputs};  $s_0 = {S_0}$;  {';  '.join(weights)};  "
    text += rf"$W_y = {W_Y:.0f}$;  $d_N = {D:.0f}$;  shown: two decimals".replace("-", "−")
    ax.text(0, 0, text, color=QUIET, fontsize=9, va="bottom", in_layout=False)


def _draw_bars(ax: Axes, most: int) -> dict:
    ax.set(xlim=(0.3, most * 1.4 + 0.6), ylim=(LOWEST, HIGHEST), xticks=range(1, most + 1))
    ax.set(xlabel="path", ylabel="$\\partial E_N/\\partial W$", yticks=[-1, -0.5, 0, 0.5, 1, 1.5])
    ax.set_title("▮ a path's part   ● sum so far", fontsize=10, pad=6)
    ax.axhline(0, color=INK, linewidth=0.8)
    bars = ax.bar(range(1, most + 1), np.zeros(most), width=0.7, edgecolor=INK, linewidth=0.6)
    (line,) = ax.plot([], [], "o-", color=INK, markersize=5, linewidth=1.2)
    (goal,) = ax.plot([], [], color=COLORS["W_s"], linewidth=1.6, linestyle="--")
    goal_name = ax.text(ax.get_xlim()[1], 0, "", ha="right", va="bottom")
    return {"bars": list(bars), "sum": line, "goal": goal, "goal_name": goal_name}


def _draw_chain(ax: Axes) -> dict:
    ax.set(xlim=(0, COLUMNS), ylim=(0, 3))
    ax.axis("off")
    place, factors = {"ha": "center", "va": "center", "in_layout": False}, range(COLUMNS - 1)
    return {  # what stands above the lines may need more room than the panel has
        "above": [ax.text(k + 0.5, 2.4, "", ha="center", va="bottom", fontsize=12) for k in factors],
        "lines": [ax.plot([k + 0.28, k + 0.72], [2.3, 2.3], linewidth=1.2)[0] for k in factors],
        "below": [ax.text(k + 0.5, 2.22, "", fontsize=12, **place | {"va": "top"}) for k in factors],
        "product": ax.text(0, 2.3, "", fontsize=11, **place),
        "numbers": [ax.text(k + 0.5, 1.1, "", fontsize=11, **place) for k in range(COLUMNS)],
        "signs": [ax.text(k, 1.1, "", fontsize=11, **place) for k in range(1, COLUMNS)],
    }


def move(artists: Mapping, arrays: Mapping) -> None:
    """Light the path, write its factors, and set the bars."""
    _light(artists, arrays)
    _write_factors(artists, arrays)
    _set_bars(artists, arrays)


def _way(arrays: Mapping) -> list[str]:
    """Return the arrows on the path, as the diagram calls them, in the order of the factors."""
    N, nodes = arrays["N"], arrays["nodes"]
    way = [f"E_{N}"]
    for (row, t), (below, _) in pairwise(nodes):
        kind = "W_y" if row == "y" else "W_s" if row == below else "W_x"
        way.append(f"{kind}{row[1:]}_{t}")
    return [*way, f"{arrays['weight']}_{nodes[-1][1]}"]


def _light(artists: Mapping, arrays: Mapping) -> None:
    N, way = arrays["N"], _way(arrays)
    passed = {f"{row}_{t}" for row, t in arrays["nodes"]} | {f"E_{N}"}
    for name, patch in artists["nodes"].items():
        shown, lit = _is_shown(name, N), name in passed
        fill = _tint("grey" if name[0] == "E" else name[0], 0.2 if lit else 1.0)
        edge = _rgba(INK if lit else COLORS["grey"])
        update(patch, shown, facecolor=fill, edgecolor=edge, linewidth=2.2 if lit else 1.0)
        update(artists["labels"][name], shown, color=INK if lit else QUIET)
    for name, arrow in artists["arrows"].items():
        color, width = (_rgba(_color(name)), LIT) if name in way else (_rgba(PALE), LINE_WIDTH)
        update(arrow, _is_shown(name, N), facecolor=color, edgecolor=color, linewidth=width)
    for name, label in artists["weights"].items():
        update(label, _is_shown(name, N), color=_color(name) if name == way[-1] else QUIET)


@cache
def _rgba(color: str) -> tuple[float, ...]:
    return to_rgba(color)


@cache
def _tint(symbol: str, white: float) -> tuple[float, ...]:
    return (*map(float, diagrams.tint(symbol, white)), 1.0)


def _is_shown(name: str, N: int) -> bool:
    """Steps after N are hidden; only E_N is an error."""
    t = int(name.rsplit("_", 1)[1])
    return t == N if name[0] == "E" else t <= N


def _color(arrow: str) -> str:
    return COLORS["y" if arrow[0] == "E" else arrow[:3]]


def _write_factors(artists: Mapping, arrays: Mapping) -> None:
    count, colors = len(arrays["names"]), [_color(arrow) for arrow in _way(arrays)]
    formulas = [*map(formula, arrays["names"])]
    numbers = [*map(number, arrays["factors"]), number(arrays["values"][arrays["path"] - 1])]
    update(artists["product"], text=f"path {arrays['path']}", position=(count + 0.5, 2.3))
    for k, text in enumerate(artists["numbers"]):
        number_k, color = (numbers[k] if k <= count else ""), (colors[k] if k < count else INK)
        update(text, k <= count, text=number_k, color=color)
    for k, line in enumerate(artists["lines"]):
        shown = k < count
        above, below = formulas[k] if shown else ("", "")
        color = colors[k] if shown else INK
        update(line, shown, color=color)
        update(artists["above"][k], shown, text=above, color=color)
        update(artists["below"][k], shown, text=below, color=color)
    for k, sign in enumerate(artists["signs"], start=1):
        update(sign, k <= count, text="·" if k < count else "=")


def _set_bars(artists: Mapping, arrays: Mapping) -> None:
    path, values, engine = arrays["path"], arrays["values"], arrays["engine"]
    for k, bar in enumerate(artists["bars"], start=1):
        shown = k <= len(values)
        fill = _tint(arrays["weight"][:3], 0.0 if k == path else 0.55 if k < path else 0.88)
        height, width = float(values[k - 1]) if shown else 0.0, 1.8 if k == path else 0.6
        update(bar, shown, height=height, facecolor=fill, linewidth=width)
    artists["sum"].set_data(np.arange(1, path + 1), np.cumsum(values)[:path])
    left, right = artists["goal"].axes.get_xlim()
    artists["goal"].set(data=([left, right], [engine, engine]), color=COLORS[arrays["weight"][:3]])
    update(artists["goal_name"], text=f"BPTT {number(engine)}", position=(right, engine + 0.03))


def explorer(layers: int = 1) -> Explorer:
    """Return the explorer of one or of two layers; its controls are ``path``, ``N`` and ``weight``."""
    if layers not in MOST:
        raise ValueError(f"layers is {layers!r}; expected 1 or 2")
    recurrent = "W_s" if layers == 1 else "W_s(1)"
    most = Unfolded(MOST[layers], layers).count(recurrent)
    return Explorer(
        partial(compute, layers=layers),
        partial(draw, layers=layers),
        [
            Slider("path", range(1, most + 1), layers, label="path number"),
            Slider("N", range(1, MOST[layers] + 1), 3, label="number of steps N"),
            Choice("weight", WEIGHTS[layers], recurrent, label="weight"),
        ],
        title=TITLES[layers],
        alt=(
            "Left, the network unfolded in time, with one path from the error back to a copy of the weight "
            "drawn thick. Right, a bar for what each path contributes, and the sum of the bars so far on its "
            "way to a dashed line, the gradient by BPTT. Below, the derivatives along the path, as formulas "
            "and as numbers, and their product."
        ),
        move=move,
        words=words,
        presets=PRESETS[layers],
        figsize=(9.0, 4.4 if layers == 1 else 5.4),
    )
