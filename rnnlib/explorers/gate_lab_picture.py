"""The picture of the gate lab: the signal in the diagram at the cursor, and its traces over time.

In the diagram every box, circle and square shows the number that leaves it; the band along an arrow is as
much wider than the arrow as its number is large. The traces are strips in one pair of axes, so that one line
is the cursor of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnnlib import diagrams
from rnnlib.colors import COLORS, INK
from rnnlib.diagrams.drawing import LINE_WIDTH, QUIET
from rnnlib.experiments import gate_lab as lab
from rnnlib.explorers.scene import update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ALT", "STRIPS", "draw", "move"]

ALT = (
    "Left, the diagram of an LSTM neuron: f, i and V are set by hand, every box and circle shows its number "
    "at the chosen step, and the band on each arrow is as wide as its number is large. Right, over all steps "
    "from top to bottom: the input with its bits and its noise, f, i, LTM, V, and STM with the wanted answer."
)


class Strip(NamedTuple):
    """A trace's place: height of its zero, of one unit, and the largest value that is drawn as it is."""

    zero: float
    unit: float
    largest: float


STRIPS = {
    "x": Strip(6.45, 0.42, 1.0),
    "f": Strip(5.05, 0.65, 1.0),
    "i": Strip(4.1, 0.65, 1.0),
    "LTM": Strip(3.05, 0.34, 2.0),
    "V": Strip(1.4, 0.65, 1.0),
    "STM": Strip(0.55, 0.5, 1.0),
}
GATE_COLORS = {"f": COLORS["forget"], "i": COLORS["ignore"], "V": COLORS["use"]}

BOXES = {"f": "hand", "i": "hand", "V": "hand", "N": "tanh", "U": "tanh"}
"""Box of the diagram -> what makes the number."""

HALF_SIZES = {**dict.fromkeys(BOXES, (0.36, 0.27)), "U": (0.36, 0.25), "x": (0.36, 0.22)}
"""Larger than in the diagram, for a number and a name."""

FRAMES = {"forget_gate": (0.5, 0.45), "remember_gate": (2.55, 0.8)}
"""Middle and half width: narrower than in the diagram, for the number between them."""

BANDS = {
    "x_to_joined": "x",
    "W_n": "x",
    "LTM_prev_to_kept": "LTM_prev",
    "f_to_kept": "f",
    "kept_to_added": "kept",
    "i_to_learned": "i",
    "N_to_learned": "N",
    "learned_to_added": "learned",
    "added_to_LTM": "LTM",
    "LTM_to_U": "LTM",
    "U_to_used": "U",
    "V_to_used": "V",
    "used_to_STM": "STM",
    "STM_to_output": "STM",
}
"""Arrow -> the number that it carries."""

WIDEST, LARGEST = 9.0, 1.25
"""Points by which a band is wider than its arrow, and the number from which on it is so."""


def draw(fig: Figure, arrays: Mapping) -> dict:
    """Draw the diagram and the strips; `move` fills in the numbers."""
    left, right = fig.subplots(1, 2, width_ratios=[1.62, 1])
    artists = _draw_diagram(left) | _draw_strips(right)
    for ax in (left, right):
        for text in ax.texts:
            text.set_in_layout(False)
    return artists


def _graph() -> diagrams.Graph:
    graph = diagrams.lstm_graph()
    larger = {name: graph.nodes[name]._replace(half_size=size) for name, size in HALF_SIZES.items()}
    for name, (x, width) in FRAMES.items():
        frame = graph.nodes[name]
        larger[name] = frame._replace(x=x, half_size=(width, frame.half_size[1]))
    return graph._replace(nodes=graph.nodes | larger)


def _draw_diagram(ax: Axes) -> dict:
    graph = _graph()
    drawn = diagrams.draw(ax, graph)
    ax.set(ylim=(-0.5, 5.1), xticks=[], yticks=[])
    numbers = {}
    for name in ("LTM_prev", "STM_prev", "x", "LTM", "STM", *BOXES):
        numbers[name] = drawn.labels[name]
        numbers[name].set_fontsize(8.2 if name in BOXES else 9.5)
    for gate in ("forget", "learn", "remember", "use"):
        drawn.labels[f"{gate}_name"].set_fontsize(9)
    for name in ("W_f", "W_i", "W_v", "STM_prev_to_joined"):  # what the held gates do not look at
        drawn.arrows[name].set_alpha(0.3)
        if name in drawn.weights:
            drawn.weights[name].set_alpha(0.4)
    _name_circles(ax, graph)
    beside = {"fontsize": 9.5, "ha": "center", "va": "center"}
    numbers["kept"] = ax.text(1.35, 4.26, "", **beside)
    numbers["learned"] = ax.text(2.78, 3.49, "", **beside)
    return {
        "numbers": numbers,
        "bands": {name: _band(ax, graph, name) for name in BANDS},
        "step": ax.text(-1.3, 5.0, "", weight="bold", va="top"),
        "score": ax.text(5.5, 0.45, "", ha="center", va="center", fontsize=13, weight="bold"),
        "rival": ax.text(5.5, 0.0, "", ha="center", va="center", color=INK),
    }


def _name_circles(ax: Axes, graph: diagrams.Graph) -> None:
    """Write beside a circle what its label said before the number took the place."""
    above, below, right_of = (0, 0.55), (0, -0.57), (0.55, 0)
    places = {"LTM_prev": above, "LTM": above, "STM_prev": below, "STM": below, "x": right_of}
    for name, (right, up) in places.items():
        node = graph.nodes[name]
        ax.text(node.x + right, node.y + up, node.label, ha="center", va="center", color=QUIET)


def _band(ax: Axes, graph: diagrams.Graph, name: str) -> object:
    x, y = diagrams.curve(diagrams.route(graph, name), 13).T
    color = COLORS[graph.edges[name].symbol]
    (band,) = ax.plot(x, y, color=color, alpha=0.4, solid_capstyle="butt", zorder=0.9)
    return band


def _draw_strips(ax: Axes) -> dict:
    ax.set(xlim=(-0.2, 1.06), ylim=(-0.75, 7.45), xticks=[], yticks=[])
    ax.axis("off")
    moments = [ax.axvspan(0, 0, 0.09, facecolor="#E9E9E9", edgecolor="none", zorder=0) for _ in range(3)]
    cursor = ax.axvline(0, ymin=0.09, ymax=0.92, color=INK, linewidth=1.0)
    for name, strip in STRIPS.items():
        _draw_scale(ax, name, strip)
    gates = {
        name: ax.fill_between([0, 1], 0, 0, facecolor=color, alpha=0.45, linewidth=0)
        for name, color in GATE_COLORS.items()
    }
    dots = {"markersize": 3.5, "linewidth": 1.4}
    wanted = {"color": COLORS["y"], "markerfacecolor": "none", "markeredgewidth": 1.6}
    traces = {
        "noise": ax.plot([], [], "o", color=COLORS["x"], markersize=3.5)[0],
        "bits": ax.plot([], [], "s", color=COLORS["x"], markeredgecolor=INK, markersize=6.5)[0],
        "stems": ax.plot([], [], color=COLORS["x"], linewidth=1.2)[0],
        "LTM": ax.plot([], [], "o-", color=COLORS["LTM"], **dots)[0],
        "above": ax.plot([], [], "^", color=COLORS["LTM"], markersize=7)[0],
        "below": ax.plot([], [], "v", color=COLORS["LTM"], markersize=7)[0],
        "silence": ax.plot([], [], color=COLORS["y"], linewidth=9, alpha=0.45, solid_capstyle="butt")[0],
        "STM": ax.plot([], [], "o-", color=COLORS["STM"], **dots)[0],
        "wanted": ax.plot([], [], "D", markersize=9, **wanted)[0],
    }
    rivals = {name: ax.plot([], [], "--", color=INK, linewidth=1.2)[0] for name in STRIPS if name != "x"}
    lines = {"cursor": cursor, "traces": traces, "rivals": rivals}
    return {"moments": moments, "gates": gates} | lines | _captions(ax)


def _draw_scale(ax: Axes, name: str, strip: Strip) -> None:
    """Draw zero and the ends of a strip, with its symbol."""
    symbol = name if len(name) == 1 else rf"\mathrm{{{name}}}"
    signed = name not in GATE_COLORS
    middle = strip.zero + (0 if signed else strip.unit / 2)
    ax.text(-0.1, middle, f"${symbol}_t$", ha="right", va="center")
    for value in (-strip.largest, 0, strip.largest) if signed else (0, strip.largest):
        y = strip.zero + strip.unit * value
        ax.plot([-0.02, 1.02], [y, y], color=COLORS["grey"], linewidth=0.8 if value == 0 else 0.3, zorder=0.5)
        beyond = "" if strip.largest == 1 or value == 0 else "≥ " if value > 0 else "≤ "
        label = beyond + f"{value:g}".replace("-", "−")
        ax.text(-0.035, y, label, ha="right", va="center", fontsize=8, color=QUIET)


def _captions(ax: Axes) -> dict:
    top = {"va": "bottom", "ha": "center", "fontsize": 9}
    return {
        "named": [ax.text(0, 7.0, text, **top) for text in ("bit", "bit", "asked")],
        "time": ax.text(0, -0.3, "", ha="center", va="center", fontsize=9),
        "wish": ax.text(-0.2, -0.7, "", color=COLORS["W_y"], fontsize=9, va="center"),
        "legend": ax.text(1.06, -0.7, "- - trained cell", ha="right", va="center", fontsize=9),
    }


def move(artists: Mapping, arrays: Mapping) -> None:
    """Write the numbers at the cursor into the diagram, and the traces into the strips."""
    now = _at_cursor(arrays)
    for name, text in artists["numbers"].items():
        value = f"{now[name]:.2f}".replace("-", "−")
        update(text, text=f"{BOXES[name]}\n{value}" if name in BOXES else value)
    for name, band in artists["bands"].items():
        beyond = WIDEST * min(abs(now[BANDS[name]]) / LARGEST, 1)
        update(band, beyond > 0, linewidth=round(LINE_WIDTH + beyond, 2))
    t, task = arrays["t"], lab.LEVELS[arrays["level"]]
    update(artists["step"], text=f"Step {t} of {task.N}: {comes(task, t)}")
    update(artists["score"], text=f"score {arrays['score']:.0f} of 100")
    rival = arrays["trained"]
    update(artists["rival"], rival is not None, text=f"trained cell {rival['score']:.0f}" if rival else "")
    update(artists["legend"], rival is not None)
    update(artists["wish"], text="◇ wanted" + ("   ▬ silence wanted" if task.silent else ""))
    _move_moments(artists, task, t)
    _move_traces(artists, arrays, task)


def comes(task: lab.Level, t: int) -> str:
    """Say what comes at a step."""
    return ("noise" if task.noise else "nothing comes", "a bit comes", "the question")[task.moments[t - 1]]


def _at_cursor(arrays: Mapping) -> dict:
    """Return every number of the diagram at the cursor, −0.00 made 0.00."""
    t = arrays["t"]
    now = {name: arrays[name][t - 1] for name in ("x", "f", "i", "V", "N", "kept", "learned", "U")}
    for name in ("LTM", "STM"):
        now |= {f"{name}_prev": arrays[name][t - 1], name: arrays[name][t]}
    return {name: round(float(value), 2) + 0.0 for name, value in now.items()}


def _place(steps: object, N: int) -> np.ndarray:
    """Place the middle of steps 1 ... N, each 1/N wide, between 0 and 1."""
    return (np.asarray(steps) - 0.5) / N


def _move_moments(artists: Mapping, task: lab.Level, t: int) -> None:
    steps = [task.bits[0], task.bits[-1], task.N]
    first_seen = [True, len(task.bits) > 1, True]
    for step, seen, band, name in zip(steps, first_seen, artists["moments"], artists["named"], strict=True):
        x, width = float(_place(step, task.N)), 1 / task.N
        update(band, seen, x=x - width / 2, width=width)
        update(name, seen, position=(x, 7.0))
    x = float(_place(t, task.N))
    artists["cursor"].set_xdata([x, x])
    update(artists["time"], position=(x, -0.3), text=f"t = {t}")


def _height(name: str, values: np.ndarray) -> np.ndarray:
    """Place values in their strip; what leaves it is drawn at its edge."""
    strip = STRIPS[name]
    return strip.zero + strip.unit * np.clip(values, -strip.largest, strip.largest)


def _move_traces(artists: Mapping, arrays: Mapping, task: lab.Level) -> None:
    traces, steps = artists["traces"], _place(np.arange(1, task.N + 1), task.N)
    _move_input(traces, steps, _height("x", arrays["x"]), task.moments == 1)
    for name in ("LTM", "STM"):
        traces[name].set_data(steps, _height(name, arrays[name][1:]))
    memory, largest = arrays["LTM"][1:], STRIPS["LTM"].largest
    for name, beyond in (("above", memory > largest), ("below", memory < -largest)):
        traces[name].set_data(steps[beyond], _height("LTM", memory[beyond]))
    traces["wanted"].set_data(steps[-1:], _height("STM", lab.LOUD * arrays["bit"])[None])
    update(traces["silence"], task.silent)
    traces["silence"].set_data(steps[[0, -2]], [STRIPS["STM"].zero] * 2)
    for name, area in artists["gates"].items():
        area.set_verts([_steps(name, arrays[name])])
    rival = arrays["trained"]
    for name, line in artists["rivals"].items():
        update(line, rival is not None)
        if rival and name in GATE_COLORS:
            line.set_data(*_steps(name, rival[name])[1:-1].T)
        elif rival:
            line.set_data(steps, _height(name, rival[name][1:]))


def _move_input(traces: Mapping, steps: np.ndarray, x: np.ndarray, is_bit: np.ndarray) -> None:
    traces["noise"].set_data(steps[~is_bit], x[~is_bit])
    traces["bits"].set_data(steps[is_bit], x[is_bit])
    zero, gap = np.full(len(x), STRIPS["x"].zero), np.full(len(x), np.nan)
    traces["stems"].set_data(np.repeat(steps, 3), np.stack([zero, x, gap], axis=1).ravel())


def _steps(name: str, values: np.ndarray) -> np.ndarray:
    """Return the outline of a gate's area, one step wide at each step."""
    N = len(values)
    edges = np.repeat(_place(np.arange(0.5, N + 1), N), 2)
    heights = np.concatenate([[0], np.repeat(values, 2), [0]])
    return np.stack([edges, _height(name, heights)], axis=1)
