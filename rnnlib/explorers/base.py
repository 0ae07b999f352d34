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

An array goes to the artist of the same name: ``y`` or ``(x, y)`` to a line, offsets ``(n, 2)`` to a
scatter, heights to the bars of ``ax.bar``, cells to an image, a string to a text. Anything else (places of
circles and arrows, opacity, color, visibility) goes through ``move(artists, arrays)``, which calls
matplotlib's own setters and nothing else: never ``draw``, never pyplot, no new artists. An artist that
comes and goes is drawn once and set (in)visible. ``draw`` returns a dict whose values are artists, or lists
or dicts of artists. Lines, patches, FancyArrowPatch, scatter, ``fill_between``, images and texts (formulas
too) can move; a FancyArrowPatch takes its place from ``set_positions``. The figure has a constrained
layout, its title is written by the base, and it is at most 10 inches wide (7.2 fit a JupyterLab cell).
Formulas are what a first display takes longest for: a text that cannot stick out of its axes says
``in_layout=False``, and is laid out once less.

Table first: choose grids so that all settings together fit 500 kB. Only where no table can hold them,
``live=True`` asks the kernel for each new frame, in another thread than the cells: then ``compute``,
``move`` and ``words`` must not touch anything that cells change. What comes step by step, a training, has a
button that asks for one frame after the other (see ``player``).

What a notebook stores
----------------------
A cell that shows an explorer has two outputs: the picture (``image/png`` and ``text/plain``) and the widget
view (``application/vnd.jupyter.widget-view+json`` alone). The picture is white at first and painted when the
view is on its way, so that no reader waits for it. When a browser has shown the explorer, the
picture's output also gets a ``text/html`` form, whose style hides a widget view that has no kernel behind
it, after a restart or on reopening. The rule for tidying a notebook before it is committed: *drop every
output whose data holds only the widget view; in an output whose metadata has* ``"rnnlib": "explorer"`` *keep*
``image/png`` *and* ``text/plain`` *and drop* ``text/html``. What remains is what nbval finds when it runs the
cell again (it compares neither pictures nor widget views), so such a cell needs no tag.
"""

from __future__ import annotations

import base64
import html
import itertools
import math
import threading
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from rnnlib.explorers.controls import Check, Choice, ControlTrait, Slider, describe
from rnnlib.explorers.scene import Part, Scene

__all__ = ["Check", "Choice", "Explorer", "Slider"]

MAX_TABLE = 500_000  # bytes sent to the browser, and stored with a saved widget
VIEW = "application/vnd.jupyter.widget-view+json"
# A PNG of one pixel, where the picture is going to be.
WHITE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="


class Explorer(anywidget.AnyWidget):
    """An interactive figure with one attribute for each control.

    ``explorer.gain = 1.2`` moves the browser's slider, ``explorer.observe(f, "gain")`` and ``traitlets.link``
    work. A value lands on the nearest point of the grid; one that is out of range raises ``TraitError``.

    Parameters
    ----------
    compute : callable
        ``compute(**controls) -> dict of arrays``; pure.
    draw : callable
        ``draw(fig, arrays) -> dict of moving artists``.
    controls : iterable of Slider, Choice or Check
        The first is the main one; the others fold away under "more" (open at first if there is only one).
    front : int
        How many of the controls stay in sight, the main one included.
    title : str
        A sentence: the message of the figure.
    alt : str
        What the picture shows, for a reader who does not see it; the words of the moment are added.
    move : callable, optional
        ``move(artists, arrays)``: sets what changes, where names alone do not say it.
    words : callable or sequence of callables, optional
        ``words(arrays, **controls) -> str``: the numbers of the moment, in a sentence, or its pieces.
    presets : mapping, optional
        Label -> values of some or all controls.
    needs : mapping, optional
        Name of an artist, or a callable of ``words`` -> the controls that it needs; all, where not named.
        What needs few controls has few frames: this makes room for tables of many controls.
    compute_table : callable, optional
        ``compute_table(names, **columns) -> dict of columns`` for many settings at once: what ``compute``
        gives for each name, first axis the setting; for a line (settings, 2, points), the same number of
        points in all. With it there is no ``move``, and ``words`` gets the names that belong to its controls.
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
        words: Callable | Sequence[Callable] | None = None,
        presets: Mapping[str, Mapping] | None = None,
        needs: Mapping | None = None,
        compute_table: Callable | None = None,
        live: bool = False,
        front: int = 1,
        figsize: tuple[float, float] = (7.2, 3.6),
    ) -> None:
        self._add_controls(controls)
        self.title, self.alt, self._needs = title, alt, needs or {}
        self._compute, self._compute_table, self._words_of = compute, compute_table, _pieces(words)
        self._lock = threading.RLock()  # live answers come from another thread than cells
        self._stills: dict[str, tuple] = {}  # pictures on the page that still lack their text/html form
        start = {name: control.value for name, control in self.controls.items()}
        self._scene = Scene(draw, move, self._arrays(start), title, figsize)
        background = zlib.compress(self._scene.background(), level=6)
        frames = self._one(start) if live else self._table(start)
        spec = self._describe(presets or {}) | {"live": live, "front": front}
        super().__init__(_spec=spec, _frames=frames, _background=background)
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
        return self._picture(self.arrays)

    def _picture(self, arrays: Mapping) -> bytes:
        with self._lock:
            return self._scene.picture(arrays)

    @property
    def _still_values(self) -> dict:
        """The controls of the picture that a notebook stores."""
        return self.values

    # Construction.

    def _add_controls(self, controls: Iterable) -> None:
        self.controls = {control.name: control for control in controls}
        if not self.controls:
            raise ValueError("an explorer got no controls; expected at least one")
        for name in self.controls:
            if not name.isidentifier() or hasattr(type(self), name):
                raise ValueError(f"a control is called {name!r}; expected a name that is free in Explorer")
        # Without echoes: one of an earlier value would undo what the reader has moved since.
        tag = {"sync": True, "echo_update": False}
        self.add_traits(**{name: ControlTrait(c).tag(**tag) for name, c in self.controls.items()})

    def _describe(self, presets: Mapping) -> dict:
        """Return what the browser must know besides the frames, as plain JSON."""
        width, height = self._scene.size
        controls = [describe(control) for control in self.controls.values()]
        buttons = [{"label": label, "positions": self._positions(label, at)} for label, at in presets.items()]
        page = {"width": width, "height": height, "title": self.title, "alt": self.alt}
        return page | {"controls": controls, "presets": buttons}

    def _positions(self, label: str, values: Mapping) -> dict:
        """Turn a preset's values into positions on the grids."""
        unknown = sorted(set(values) - set(self.controls))
        if unknown:
            raise ValueError(f"preset {label!r} sets {unknown}; expected some of {list(self.controls)}")
        grids = {name: self.controls[name] for name in values}
        return {name: grid.values.index(grid.snap(values[name])) for name, grid in grids.items()}

    # Frames.

    def _arrays(self, values: Mapping) -> dict:
        try:
            return self._compute(**values)
        except Exception as error:
            error.add_note(f"compute was called with {values}")
            raise

    def _words(self, arrays: Mapping, values: Mapping) -> str:
        return "".join(piece(arrays, **values) for piece in self._words_of)

    def _settings(self, controls: Sequence[str], start: Mapping) -> list[dict]:
        """All settings of some controls, the last of them running fastest; the others stand at the start."""
        grids = [self.controls[name].values for name in controls]
        return [{**start, **dict(zip(controls, at, strict=True))} for at in itertools.product(*grids)]

    def _sheets(self) -> dict[tuple, tuple[list, list]]:
        """Which artists and which pieces of the words need which controls."""
        unknown = [name for names in self._needs.values() for name in names if name not in self.controls]
        if unknown:
            raise ValueError(f"needs names {unknown}; expected some of {list(self.controls)}")
        sheets: dict[tuple, tuple[list, list]] = {}
        for kind, things in enumerate((self._scene.artists, self._words_of)):
            for thing in things:
                wanted = self._needs.get(thing, self.controls)
                key = tuple(name for name in self.controls if name in wanted)
                sheets.setdefault(key, ([], []))[kind].append(thing)
        return sheets

    def _parts(self, start: Mapping) -> Iterator[Part]:
        for controls, (artists, pieces) in self._sheets().items():
            settings = self._settings(controls, start)
            if self._compute_table is None:
                arrays = rows = [self._arrays(values) for values in settings]
            else:
                arrays = self._compute_table(artists, **_columns(settings))
                rows = [dict(zip(arrays, row, strict=True)) for row in zip(*arrays.values(), strict=True)]
            words = {self._words_of.index(piece): _said(piece, rows, settings) for piece in pieces}
            axes = [list(self.controls).index(name) for name in controls]
            yield Part(axes, artists, arrays, words)

    def _table(self, start: Mapping) -> bytes:
        """Pack every frame; the browser never needs the kernel again."""
        packed = self._scene.pack(self._parts(start))
        if len(packed) > MAX_TABLE:
            count = math.prod(len(control.values) for control in self.controls.values())
            raise ValueError(
                f"the table of {count} frames has {len(packed)} bytes; "
                f"expected at most {MAX_TABLE}: use coarser grids, or live=True"
            )
        return packed

    def _one(self, values: Mapping) -> bytes:
        with self._lock:
            arrays = self._arrays(values)
            words = {0: [self._words(arrays, values)]}
            part = Part((), list(self._scene.artists), [arrays], words)
            return self._scene.pack([part], last=bool(arrays.get("last")))

    # Talking with the browser and the notebook.

    def _answer(self, _: object, message: dict, buffers: list) -> None:
        """Answer a request from the browser; an error is an answer too."""
        if message.get("kind") == "shown":
            self._add_html()
            return
        reply = {"id": message["id"], "key": message["key"]}
        try:
            values = {name: control.snap(message["values"][name]) for name, control in self.controls.items()}
            self.send(reply, [self._one(values)])
        except Exception as error:  # whatever goes wrong is shown in the figure's place
            self.send(reply | {"error": f"{type(error).__name__}: {error}"})

    def _still(self, values: Mapping, picture: str | None = None) -> tuple[dict, dict]:
        """Return the picture of a setting, unless another one is given, and its text, with their metadata."""
        arrays = self._arrays(values)
        title = self.title if self.title.endswith("?") else self.title + "."
        text = " ".join(part for part in (title, self.alt, self._words(arrays, values)) if part)
        width, height = self._scene.size
        picture = picture or base64.b64encode(self._picture(arrays)).decode()
        data = {"image/png": picture, "text/plain": text}
        return data, {"image/png": {"alt": text, "width": width, "height": height}, "rnnlib": "explorer"}

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """Return view and picture in one bundle, for front ends that ask for one."""
        self._send_first()
        data, metadata = self._still(self._still_values)
        return data | {VIEW: self._view()}, metadata

    def _send_first(self) -> None:
        """Give a live view the frame of the controls as they stand: it need not ask for the first one."""
        if self._spec["live"]:
            first = self._positions("first", self.values)
            self._frames, self._spec = self._one(self.values), self._spec | {"first": list(first.values())}

    def _view(self) -> dict:
        return {"version_major": 2, "version_minor": 0, "model_id": self.model_id}

    def _ipython_display_(self) -> None:
        """Publish a place for the picture, then the view, which hides it while it lives, then the picture.

        So the browser shows the explorer while the kernel still paints what the notebook will store.
        """
        from IPython.display import display, update_display

        self._send_first()
        key = uuid.uuid4().hex
        blank, metadata = self._still(self.values, WHITE)
        with self._lock:  # the view may be seen, and ask for the text/html form, before there is a picture
            display(blank, raw=True, metadata=metadata, display_id=key)
            display({VIEW: self._view()}, raw=True)
            data, metadata = self._still(self._still_values)
            self._stills[key] = data, metadata
            update_display(data, raw=True, metadata=metadata, display_id=key)

    def _add_html(self) -> None:
        """Give the pictures on the page the style that hides a dead view, after a restart or on reopening."""
        from IPython.display import update_display

        with self._lock:
            while self._stills:
                key, (data, metadata) = self._stills.popitem()
                update_display(
                    data | {"text/html": _html(data, metadata)}, raw=True, metadata=metadata, display_id=key
                )


def _pieces(words: Callable | Sequence[Callable] | None) -> list[Callable]:
    return [words] if callable(words) else list(words or ())


def _columns(settings: list[dict]) -> dict[str, np.ndarray]:
    return {name: np.array([values[name] for values in settings]) for name in settings[0]}


def _said(piece: Callable, rows: list[dict], settings: list[dict]) -> list[str]:
    return [piece(arrays, **values) for arrays, values in zip(rows, settings, strict=True)]


def _html(data: Mapping, metadata: Mapping) -> str:
    """Return the picture as HTML; the widget view after it stays hidden unless it is alive."""
    image = metadata["image/png"]
    return (
        "<style>.jp-OutputArea-child:has(.rnnlib-still) + .jp-OutputArea-child"
        ":has(> .lm-Panel.jp-OutputArea-output):not(:has(.rnnlib-explorer)){display:none}</style>"
        f'<img class="rnnlib-still" alt="{html.escape(image["alt"])}" width="{image["width"]}" '
        f'src="data:image/png;base64,{data["image/png"]}">'
    )
