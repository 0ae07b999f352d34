"""Show a matplotlib figure in a notebook as a picture that can also be read aloud; a loss while it falls.

`learned_lags`, `success_rates` and `learning_curves` draw stored results that are too much for a cell of a
lesson.
"""

from __future__ import annotations

import io
import re
import time
import uuid
from typing import TYPE_CHECKING

import numpy as np

from rnnlib.colors import COLORS, INK, style
from rnnlib.experiments import race, workbench
from rnnlib.experiments.lags import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PIXELS_PER_INCH = 100
SHARPNESS = 2  # stored pixels for each pixel on the page: crisp on a high-resolution screen


def show(fig: Figure, alt: str) -> None:
    """Display `fig` as a PNG with the text alternative `alt`.

    The alternative travels with the picture (as image metadata, which nbconvert turns into the
    `alt` attribute, and as the plain-text form of the output, which a terminal or a screen reader gets).
    The bytes are the same in every run, so that a rerun notebook shows no difference.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure shows, in a sentence or two; must not be empty.

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    import matplotlib.pyplot as plt

    _display(fig, alt)
    plt.close(fig)  # else the inline backend shows a pyplot figure a second time


def png(fig: Figure) -> bytes:
    """Return `fig` as PNG bytes, without the volatile software tag."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=PIXELS_PER_INCH * SHARPNESS, metadata={"Software": None})
    return buffer.getvalue()


def _display(fig: Figure, alt: str, **where: object) -> None:
    from IPython.display import display

    if not alt.strip():
        raise ValueError("alt is empty; expected a sentence that says what the figure shows")
    width, height = (round(PIXELS_PER_INCH * inches) for inches in fig.get_size_inches())
    display(
        {"image/png": png(fig), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
        **where,
    )


class LiveCurve:
    """The loss of a training, drawn while it runs::

        with LiveCurve("Binary addition is learned") as curve:
            params, history = fit(..., watch=curve)

    One picture, replaced a few times a second; the last one stays and shows all steps. It is a picture and
    no widget, so a reopened notebook still has it.

    Parameters
    ----------
    title : str
        A sentence: the message of the figure.
    every : float
        Seconds between two pictures, at least. Drawing never takes more than a third of the time.
    """

    def __init__(self, title: str, every: float = 0.25) -> None:
        self.title, self.every, self.losses = title, every, []
        self._key, self._drawn, self._due = uuid.uuid4().hex, None, 0.0

    def __enter__(self) -> LiveCurve:
        self._draw()  # at once: the picture stands above a progress bar, not between its parts
        return self

    def __call__(self, E: float) -> None:
        """Take the loss of the next step."""
        self.losses.append(E)
        if time.perf_counter() >= self._due:
            self._draw()

    def __exit__(self, *error: object) -> None:
        if len(self.losses) != self._drawn:
            self._draw()

    def _draw(self) -> None:
        started = time.perf_counter()
        _display(self.figure(), self.alt, display_id=self._key, update=self._drawn is not None)
        self._drawn, now = len(self.losses), time.perf_counter()
        self._due = now + max(self.every, 2 * (now - started))

    @property
    def alt(self) -> str:
        """What the curve shows, in words."""
        steps = len(self.losses)
        if not steps:
            return f"{self.title}: loss by training step, no step yet."
        last = np.mean(self.losses[-max(steps // 20, 1) :])  # single batches scatter too much
        text = f"loss by training step on a log scale, {steps} steps, from {self.losses[0]:.2g} to {last:.2g}"
        return f"{self.title}: {text} (mean of the last steps)."

    def figure(self) -> Figure:
        """Draw the losses so far."""
        from matplotlib.figure import Figure

        with style():
            fig = Figure(figsize=(7.2, 2.8), layout="constrained")
            ax = fig.subplots()
            ax.semilogy(np.arange(1, len(self.losses) + 1), self.losses, color=INK, linewidth=0.8)
            ax.set(title=self.title, xlabel="training step", ylabel="loss $E$", xlim=(0, None))
            ax.minorticks_off()  # on a log scale they cost more than all the rest
            _name_ticks(ax)
        return fig


def _name_ticks(ax: Axes) -> None:
    """Put plain numbers at 1, 2 and 5 times the powers of ten, where a log axis spans under two decades."""
    from matplotlib.ticker import LogLocator

    low, high = ax.get_ylim()
    if high < 100 * low:
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))  # if hardly one is inside, it takes others
        ax.yaxis.set_major_formatter("{x:.10g}")


def learned_lags(arrays: dict, settings: dict, variants: list | None = None) -> Figure:
    """Draw the success rate by lag, and below it what is left of the gradient at that lag before training.

    A point is filled where at least half of the seeds learned the lag.

    Parameters
    ----------
    arrays, settings : dict
        As `data.load_results("lags")` gives them.
    variants : list of str, optional
        Names in `settings["variants"]`; the five starts if not given.
    """
    from matplotlib.figure import Figure

    with style():
        fig = Figure(figsize=(7.2, 5.2), layout="constrained")
        above, below = fig.subplots(2, sharex=True)
        for name, marker in zip(variants or settings["two_sequence"], "osD^vPX*", strict=False):
            _draw_variant(above, below, name, marker, *_latch(arrays, settings, name))
        lags = settings["lags"] + settings["far_lags"]
        above.set(title="What a net learns to hold is a matter of its start ...", ylabel="success rate")
        below.set(title="... and of the gradient that is left at the lag (open: fewer than half learned it)")
        below.set(ylabel="part of the gradient", yscale="log", ylim=(1e-12, 3))
        below.set(xlabel="lag in steps", xscale="log")
        below.set_xticks(lags, lags)
        below.minorticks_off()
        above.legend(loc="center right", bbox_to_anchor=(1, 0.45))
    return fig


def _latch(arrays: dict, settings: dict, name: str) -> tuple:
    """Lags of a variant, with the longer ones where they were tried; success rate; median gradient before."""
    parts = [("latch", settings["lags"], list(settings["variants"]))]
    parts += [("far", settings["far_lags"], settings["far"])] if name in settings["far"] else []
    lags, rate, left = [], [], []
    for part, some, names in parts:
        row = [arrays[f"{part}_{field}"][names.index(name)] for field in Outcome._fields]
        lags += some
        rate += list(Outcome(*row).solved.mean(axis=1))
        left += list(np.median(Outcome(*row).before, axis=1))
    return np.array(lags), np.array(rate), np.array(left)


def _draw_variant(above: Axes, below: Axes, name: str, marker: str, *found: np.ndarray) -> None:
    lags, rate, left = found
    (line,) = above.plot(lags, rate, marker=marker, label=name, clip_on=False)
    below.plot(lags, left, color=line.get_color())
    for learned, face in ((rate >= 0.5, line.get_color()), (rate < 0.5, "white")):
        look = {"color": line.get_color(), "markerfacecolor": face, "markersize": 6}
        below.plot(lags[learned], left[learned], marker, **look)


def success_rates(arrays: dict, settings: dict, title: str, cells: list | None = None) -> Figure:
    """Draw how many of the seeds solved each problem, a row for each cell; the darker, the more.

    Below the count stands the median number of training sequences of those that did.

    Parameters
    ----------
    arrays, settings : dict
        As `data.load_results("long_lags_latch")` gives them.
    title : str
        A sentence: the message of the figure.
    cells : list of str, optional
        Names in `settings["cells"]`; all if not given.
    """
    from matplotlib.figure import Figure

    problems, cells = settings["problems"], cells or list(settings["cells"])
    rows = [list(settings["cells"]).index(name) for name in cells]
    solved = arrays["right"][rows] >= race.SOLVED
    with style():
        fig = Figure(figsize=(7.2, 0.9 + 0.42 * len(cells)), layout="constrained")
        ax = fig.subplots()
        ax.imshow(solved.mean(axis=2), cmap="Greys", vmin=0, vmax=2.2, aspect="auto")
        for i, j in np.ndindex(solved.shape[:2]):
            well, steps = solved[i, j], arrays["steps"][rows[i], j]
            below = f"{np.median(steps[well]) * settings['B']:,.0f}" if well.any() else "–"
            ax.text(j, i, f"{well.sum()} of {len(well)}\n{below}", ha="center", va="center", fontsize="small")
        ax.set_yticks(range(len(cells)), [_typeset(name) for name in cells])
        labels, axis = _labels(problems)
        ax.set_xticks(range(len(problems)), labels)
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
        ax.set(title=title, xlabel=axis)
    return fig


AXES = {"latch": "lag in steps", "two_sequence": "lag in steps", "embedded_reber": "strings in a sequence"}
LABELS = {
    "latch": "latch,\nlag",
    "two_sequence": "2-sequence,\nlag",
    "embedded_reber": "embedded Reber,\nstrings:",
}


def _labels(problems: list) -> tuple[list, str]:
    """What tells the problems apart: the length and its axis, or the task as well, and no axis."""
    names, lengths = zip(*((problem["task"], problem["length"]) for problem in problems), strict=True)
    if len(set(names)) == 1:
        return [str(length) for length in lengths], AXES.get(names[0], "steps $T$")
    known = (LABELS.get(name, f"{name.replace('_', ' ')},\n$T$ =") for name in names)
    return [f"{name} {length}" for name, length in zip(known, lengths, strict=True)], ""


def _typeset(name: str) -> str:
    """b_f as a formula."""
    return re.sub(r"b_\w", r"$\g<0>$", name)


def learning_curves(
    arrays: dict, settings: dict, title: str, problem: int = 0, cells: list | None = None
) -> Figure:
    """Draw the loss of every seed while it learned, one panel for each cell.

    A thin line is a seed. It ends at the error of the test: in a dot where the problem was solved, in a cross
    where it was not. The thick line is the median; a seed that ended counts with the error of its test. The
    dotted line is the loss of the best answer that does not look at the input.

    Parameters
    ----------
    arrays, settings : dict
        As `data.load_results("long_lags_adding")` gives them.
    title : str
        A sentence: the message of the figure.
    problem : int
        Which of `settings["problems"]`.
    cells : list of str, optional
        Names in `settings["cells"]`; all if not given.
    """
    from matplotlib.figure import Figure

    names = list(settings["cells"])
    cells, chance = cells or names, race.TASKS[settings["problems"][problem]["task"]].chance
    columns = min(len(cells), 3)
    rows = -(-len(cells) // columns)
    with style():
        fig = Figure(figsize=(7.2, 0.7 + 1.7 * rows), layout="constrained")
        panels = list(fig.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        falls_far = np.nanmin(arrays["curve"][:, problem]) < 1
        panels[0].set(xscale="log", yscale="log" if falls_far else "linear")  # the axes are shared
        for ax, name in zip(panels, cells, strict=False):
            _draw_seeds(ax, workbench.races(arrays, settings, names.index(name), problem))
            ax.set_title(_typeset(name))
            if chance is not None:
                ax.axhline(chance, color=INK, linewidth=0.8, linestyle=":")
        for ax in panels[len(cells) :]:
            ax.remove()
        for ax in panels[len(cells) - columns : len(cells)]:  # the last of every column
            ax.tick_params(labelbottom=True)
        fig.suptitle(title)
        fig.supxlabel("training sequences", fontsize="medium")
        fig.supylabel("loss $E$", fontsize="medium")
    return fig


def _draw_seeds(ax: Axes, races: workbench.Races) -> None:
    for seed, well in enumerate(races.solved):
        look = {"marker": "o" if well else "x", "mec": COLORS["y" if well else "W_s"]}
        look |= {"mfc": COLORS["y"], "markersize": 4, "markevery": [-1]}
        ax.plot(*races.curve(seed), color=COLORS["grey"], linewidth=0.7, **look)
    ax.plot(races.sequences, np.median(races.loss, axis=0), color=INK, linewidth=1.6)
    ax.text(0.04, 0.06, f"{races.solved.sum()} of {len(races.solved)}", transform=ax.transAxes)
    ax.minorticks_off()
