"""Twenty-five years of networks that remember, on a line that is true to scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rnnlib.colors import COLORS, INK
from rnnlib.diagrams.drawing import write_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

SPAN = (1988.0, 2015.5)


class Event(NamedTuple):
    """One publication: `level` is the height of its flag, `theme` one of `THEMES`."""

    year: int
    who: str
    what: str
    theme: str
    level: float


THEMES = {
    "window": ("s", COLORS["x"]),
    "state": ("o", COLORS["s"]),
    "analysis": ("D", "white"),
    "gates": ("p", COLORS["LTM"]),
}
"""Theme -> marker and color, which say the same."""

EVENTS = (
    Event(1989, "Waibel et al.", "time-delay net: sees a window", "window", 3),
    Event(1990, "Elman", "simple RNN: keeps a state", "state", -3),
    Event(1991, "Hochreiter", "why gradients vanish", "analysis", 2),
    Event(1994, "Bengio et al.", "long lags are hard to learn", "analysis", -2),
    Event(1997, "Hochreiter, Schmidhuber", "LSTM: a memory with gates", "gates", 1),
    Event(2000, "Gers et al.", "forget gate", "gates", -1),
    Event(2013, "Pascanu et al.", "clipping by norm", "analysis", 2),
    Event(2014, "Cho et al.", "GRU: fewer gates", "gates", -2),
)


def timeline(ax: Axes, title: str = "The window became a state, and the state got gates") -> dict[int, Text]:
    """Draw the timeline of lesson 1; needs about 7.2 × 4 inches.

    Sources: Waibel et al. 1989; Elman 1990; Hochreiter 1991; Bengio, Simard and Frasconi 1994; Hochreiter and
    Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000; Pascanu, Mikolov and Bengio 2013; Cho et al. 2014.

    Returns
    -------
    dict
        Year -> the text of its flag.
    """
    ax.set(xlim=SPAN, ylim=(-4.1, 5.2))
    ax.axis("off")
    write_title(ax, title)
    ax.axhline(0, color=COLORS["grey"], linewidth=1.6, zorder=1)
    return {event.year: _flag(ax, event) for event in EVENTS}


def _flag(ax: Axes, event: Event) -> Text:
    """Draw a marker, a stem and the text that starts (late: ends) at the stem."""
    marker, color = THEMES[event.theme]
    late = event.year > 2005
    ax.plot([event.year, event.year], [0, event.level], color=COLORS["grey"], linewidth=1.0, zorder=1)
    ax.plot(event.year, 0, marker=marker, color=color, markeredgecolor=INK, markersize=9, zorder=2)
    return ax.annotate(
        f"$\\mathbf{{{event.year}}}$  {event.who}\n{event.what}",
        (event.year, event.level),
        xytext=(-4 if late else 4, 0),
        textcoords="offset points",
        ha="right" if late else "left",
        va="bottom" if event.level > 0 else "top",
    )
