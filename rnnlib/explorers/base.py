"""The base of every explorer: matplotlib paints what stands still, the browser moves the rest.

How to write an explorer
------------------------
One file, three functions and a factory (``first_look.py`` is the smallest example)::

    def compute(gain):                              # pure and seeded: numbers in, arrays out
        return {"norms": ...}

    def draw(fig, arrays):                          # ordinary matplotlib, once
        ax = fig.subplots()
        ax.set(xlabel="steps back", yscale="log", ylim=(1e-6, 1e3))     # limits never change
        line, = ax.plot(lags, arrays["norms"])
        return {"norms": line}                      # only what moves; all else is painted once

    def words(arrays, gain):                        # the numbers of the picture as a sentence
        return f"After 10 steps {arrays['norms'][10]:.1%} of the gradient is left."

    def explorer():
        return Explorer(compute, draw, [Slider("gain", np.linspace(0.5, 1.6, 56), 1.0)],
                        title="One number decides what is left", alt="Gradient norm by lag, log scale.",
                        words=words, presets={"vanishes": {"gain": 0.7}})

An array goes to the artist of the same name: ``y`` or ``(x, y)`` to a line, offsets ``(n, 2)`` to a scatter, heights
to the bars of ``ax.bar``, cells to an image, a string to a text. Anything else (positions of circles and arrows,
opacity, color, visibility) goes through ``move(artists, arrays)``, which calls matplotlib's own setters and nothing
else: never ``draw``, never pyplot, no new artists. An artist that comes and goes is drawn once and set (in)visible.
``draw`` returns a dict whose values are artists, or lists or dicts of artists. Lines, patches, FancyArrowPatch, scatter,
``fill_between``, images and texts (formulas too) can move; a FancyArrowPatch takes its place from ``set_positions``.
The figure has a constrained layout, its title is written by this class, a picture is at most 10 inches wide.

Table first: choose grids so that all settings together fit 500 kB. Only where no table can hold them, ``live=True``
asks the kernel for each new frame, in another thread than the cells: ``compute`` must not touch anything shared.

What a notebook stores
----------------------
A cell that shows an explorer has two outputs: the picture (``image/png`` and ``text/plain``) and the widget view
(``application/vnd.jupyter.widget-view+json`` alone). When a browser has shown the explorer, the picture's output also
gets a ``text/html`` form, whose style hides a widget view that has no kernel behind it after a restart or on reopening.
The rule for tidying a notebook before it is committed: *drop every output whose data has only the widget view; in
an output whose metadata has* ``"rnnlib": "explorer"`` *keep* ``image/png`` *and* ``text/plain`` *and drop* ``text/html``.
What remains is what nbval finds when it runs the cell again, so such a cell needs no tag.
"""

from __future__ import annotations

import base64
import html
import io
import itertools
import threading
import uuid
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text

from rnnlib import plots
from rnnlib.colors import style
from rnnlib.explorers.controls import Check, Choice, ControlTrait, Slider, describe
from rnnlib.explorers.frames import pack
from rnnlib.explorers.glyphs import Glyphs
from rnnlib.explorers.marks import flatten, marks_of

__all__ = ["Check", "Choice", "Explorer", "Slider"]

MAX_TABLE = 500_000  # bytes sent to the browser and stored with a saved widget
MAX_INCHES = 10
HINT = "Run the cell to drag."
FOOT = 0.16  # inches kept free below the axes, for the hint in the still picture


class Explorer(anywidget.AnyWidget):
    """An interactive figure with one attribute a control.

    Parameters
    ----------
    compute : callable
        ``compute(**controls) -> dict of arrays``; pure.
    draw : callable
        ``draw(fig, arrays) -> dict of moving artists``.
    controls : iterable of Slider, Choice or Check
        The first is the main one; the others fold away under "more".
    title : str
        A sentence: the message of the figure.
    alt : str
        What the picture shows, for a reader who does not see it; the words of the moment are added.
    move : callable, optional
        ``move(artists, arrays)``: sets what changes, where names alone do not say it.
    words : callable, optional
        ``words(arrays, **controls) -> str``: the numbers of the moment, in a sentence.
    presets : mapping, optional
        Label -> values of some or all controls.
    compute_table : callable, optional
        ``compute_table(**columns) -> dict of arrays`` for all frames at once (first axis: frame).
    live : bool
        Ask the kernel for every frame instead of sending a table.
    figsize : tuple of float
        Width and height in inches of 100 pixels.

    Raises
    ------
    ValueError
        If names clash, a preset is off the grid, the table is too large, or the picture is too wide.
    """

    _esm = Path(__file__).with_name("view.js")
    _css = Path(__file__).with_name("view.css")
    _spec = traitlets.Dict().tag(sync=True)
    _frames = traitlets.Bytes().tag(sync=True)
    _background = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        compute: Callable,
        draw: Callable,
        controls: Iterable[Slider | Choice | Check],
        *,
        title: str,
        alt: str,
        move: Callable | None = None,
        words: Callable | None = None,
        presets: Mapping[str, Mapping] | None = None,
        compute_table: Callable | None = None,
        live: bool = False,
        figsize: tuple[float, float] = (7.2, 3.6),
    ) -> None:
        self.controls = {control.name: control for control in controls}
        self._check_names()
        self.add_traits(**{name: ControlTrait(c).tag(sync=True) for name, c in self.controls.items()})
        self.title, self.alt, self.live = title, alt, live
        self._compute, self._compute_table, self._move_with, self._words_of = compute, compute_table, move, words
        self._lock = threading.RLock()  # live replies come from another thread than cells
        self._shown: list[str] = []  # display ids of pictures that still lack their text/html form
        start = {name: control.value for name, control in self.controls.items()}
        with style():
            self._draw(draw, self._arrays(start), figsize)
            background = self._paint_background()
        frames = self._pack_one(start) if live else self._pack_table()
        super().__init__(
            _spec=self._describe(self._check_presets(presets or {})),
            _frames=frames,
            _background=zlib.compress(background, level=6),
        )
        self.on_msg(self._answer)

    # What a notebook cell can ask.

    @property
    def values(self) -> dict:
        """The controls as they stand now: name -> value."""
        return {name: getattr(self, name) for name in self.controls}

    @property
    def arrays(self) -> dict:
        """What ``compute`` returns for the controls as they stand now."""
        return self._arrays(self.values)

    @property
    def words(self) -> str:
        """The sentence beside the picture."""
        return self._words(self.arrays, self.values)

    def picture(self) -> bytes:
        """Return the figure as it stands now, as PNG bytes."""
        with self._lock, style():
            self._move(self.arrays)
            self._hint.set_visible(True)
            data = plots.png(self._fig)
            self._hint.set_visible(False)
        return data

    # Construction.

    def _check_names(self) -> None:
        if not self.controls:
            raise ValueError("an explorer got no controls; expected at least one")
        for name in self.controls:
            if not name.isidentifier() or hasattr(type(self), name):
                raise ValueError(f"a control is called {name!r}; expected a name that is free in Explorer")

    def _check_presets(self, presets: Mapping[str, Mapping]) -> dict:
        """Turn every preset's values into positions on the grids."""
        positions = {}
        for label, values in presets.items():
            unknown = set(values) - set(self.controls)
            if unknown:
                raise ValueError(f"preset {label!r} sets {sorted(unknown)}; expected some of {list(self.controls)}")
            grids = {name: self.controls[name] for name in values}
            positions[label] = {n: c.values.index(c.snap(values[n])) for n, c in grids.items()}
        return positions

    def _draw(self, draw: Callable, arrays: Mapping, figsize: tuple[float, float]) -> None:
        if max(figsize) > MAX_INCHES:
            raise ValueError(f"figsize is {figsize}; expected at most {MAX_INCHES} inches each way")
        self._fig = Figure(figsize=figsize, dpi=plots.PIXELS_PER_INCH)
        FigureCanvasAgg(self._fig)
        foot = FOOT / figsize[1]
        self._fig.set_layout_engine("constrained", rect=(0, foot, 1, 1 - foot))
        self._fig.suptitle(self.title, x=0.01, ha="left", weight="bold")
        self._artists = draw(self._fig, arrays)
        self._move(arrays)
        self._fig.canvas.draw()
        self._fig.set_layout_engine("none")  # the layout is found; nothing shifts from here on
        place = {"x": 0.995, "y": foot / 5, "ha": "right"}
        self._hint = self._fig.text(s=HINT, color="#6B6B6B", fontsize=8, visible=False, **place)

    def _paint_background(self) -> bytes:
        """Paint everything but the moving artists, as SVG, the same bytes in every run."""
        moving = [artist for _, artist in flatten(self._artists)]
        seen = [artist.get_visible() for artist in moving]
        for artist in moving:
            artist.set_visible(False)
        buffer = io.BytesIO()
        self._fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        for artist, visible in zip(moving, seen, strict=True):
            artist.set_visible(visible)
        return buffer.getvalue()

    def _describe(self, presets: dict) -> dict:
        width, height = (float(v) for v in self._fig.bbox.size)
        return {
            "width": width, "height": height, "title": self.title, "alt": self.alt, "live": self.live,
            "controls": [describe(control) for control in self.controls.values()],
            "presets": [{"label": label, "positions": at} for label, at in presets.items()],
        }  # fmt: skip

    # Frames.

    def _arrays(self, values: Mapping) -> dict:
        try:
            return self._compute(**values)
        except Exception as error:
            error.add_note(f"compute was called with {values}")
            raise

    def _words(self, arrays: Mapping, values: Mapping) -> str:
        return self._words_of(arrays, **values) if self._words_of else ""

    def _move(self, arrays: Mapping) -> None:
        """Set the artists to the arrays; numbers only, nothing is painted."""
        if self._move_with:
            self._move_with(self._artists, arrays)
            return
        for name, artist in self._artists.items():
            if name not in arrays:
                raise KeyError(f"draw returned the artist {name!r}, compute only {list(arrays)}; expected the same names")
            _set(artist, arrays[name])

    def _settings(self) -> list[dict]:
        """All settings of the controls, the last control running fastest."""
        grids = [control.values for control in self.controls.values()]
        return [dict(zip(self.controls, at, strict=True)) for at in itertools.product(*grids)]

    def _all_arrays(self, settings: list[dict]) -> Iterable[dict]:
        if self._compute_table is None:
            return (self._arrays(values) for values in settings)
        table = self._compute_table(**{name: np.array([s[name] for s in settings]) for name in self.controls})
        return ({name: column[f] for name, column in table.items()} for f in range(len(settings)))

    def _pack_table(self) -> bytes:
        """Pack every frame; the browser never needs the kernel again."""
        glyphs, frames, words = Glyphs(self._fig.dpi / 72), [], []
        marks, settings = marks_of(self._artists, self._fig, glyphs), self._settings()
        for values, arrays in zip(settings, self._all_arrays(settings), strict=True):
            self._move(arrays)
            frames.append([mark.read() for mark in marks])
            words.append(self._words(arrays, values))
            for mark in marks:
                mark.artist.stale = False  # untouched until the next frame: not read again
        packed = pack(marks, frames, words, glyphs)
        if len(packed) > MAX_TABLE:
            raise ValueError(
                f"the table of {len(settings)} frames has {len(packed)} bytes; "
                f"expected at most {MAX_TABLE}: use coarser grids, or live=True"
            )
        return packed

    def _pack_one(self, values: Mapping) -> bytes:
        with self._lock:
            arrays = self._arrays(values)
            self._move(arrays)
            glyphs = Glyphs(self._fig.dpi / 72)
            marks = marks_of(self._artists, self._fig, glyphs)
            return pack(marks, [[mark.read() for mark in marks]], [self._words(arrays, values)], glyphs)

    # Talking with the browser and the notebook.

    def _answer(self, _: object, message: dict, buffers: list) -> None:
        """Answer a request from the browser; an error is an answer too."""
        if message.get("kind") == "shown":
            self._add_html()
            return
        reply = {"id": message["id"], "key": message["key"]}
        try:
            values = {name: control.snap(message["values"][name]) for name, control in self.controls.items()}
            self.send(reply, [self._pack_one(values)])
        except Exception as error:  # whatever goes wrong is shown in the figure's place
            self.send(reply | {"error": f"{type(error).__name__}: {error}"})

    def _still(self) -> tuple[dict, dict]:
        """The picture and its text, with their metadata."""
        text = f"{self.title}. {self.alt} {self.words}".replace("?.", "?").strip()
        width, height = self._fig.bbox.size
        data = {"image/png": base64.b64encode(self.picture()).decode(), "text/plain": text}
        return data, {"image/png": {"alt": text, "width": int(width), "height": int(height)}, "rnnlib": "explorer"}

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """View and picture in one bundle, for front ends that ask for one."""
        bundle = super()._repr_mimebundle_(**kwargs)
        view = bundle[0] if isinstance(bundle, tuple) else bundle
        data, metadata = self._still()
        return {**view, **data}, metadata

    def _ipython_display_(self) -> None:
        """Publish the picture, then the view, which hides the picture while it lives."""
        from IPython.display import display

        data, metadata = self._still()
        view = "application/vnd.jupyter.widget-view+json"
        self._shown.append(uuid.uuid4().hex)
        self._stills = getattr(self, "_stills", {}) | {self._shown[-1]: (data, metadata)}
        display(data, raw=True, metadata=metadata, display_id=self._shown[-1])
        display({view: {"version_major": 2, "version_minor": 0, "model_id": self.model_id}}, raw=True)

    def _add_html(self) -> None:
        """Give the pictures on the page the style that hides a dead view after a restart or on reopening."""
        from IPython.display import update_display

        while self._shown:
            key = self._shown.pop()
            data, metadata = self._stills.pop(key)
            update_display(data | {"text/html": _html(data, metadata)}, raw=True, metadata=metadata, display_id=key)


def _html(data: Mapping, metadata: Mapping) -> str:
    """The picture as HTML, with the rule that the widget view after it stays hidden unless it is alive."""
    image = metadata["image/png"]
    return (
        "<style>.jp-OutputArea-child:has(.rnnlib-still) + .jp-OutputArea-child"
        ":has(> .lm-Panel.jp-OutputArea-output):not(:has(.rnnlib-explorer)){display:none}</style>"
        f'<img class="rnnlib-still" alt="{html.escape(image["alt"], quote=True)}" width="{image["width"]}" '
        f'src="data:image/png;base64,{data["image/png"]}">'
    )


def _set(artist: object, array: object) -> None:
    """Give an artist the array of its own name."""
    if isinstance(artist, Line2D):
        artist.set_data(*array) if isinstance(array, tuple) else artist.set_ydata(array)
    elif isinstance(artist, AxesImage):
        artist.set_data(array)
    elif isinstance(artist, Text):
        artist.set_text(str(array))
    elif isinstance(artist, BarContainer):
        for bar, height in zip(artist, array, strict=True):
            bar.set_height(height)
    elif hasattr(artist, "set_offsets"):
        artist.set_offsets(array)
    else:
        raise TypeError(f"{type(artist).__name__} does not take an array by name; expected a move function for it")
