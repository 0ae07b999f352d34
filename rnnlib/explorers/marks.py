"""Marks: what the browser can move, read from ordinary matplotlib artists in pixels of the picture.

Matplotlib's own transforms turn data into pixels, so every scale it knows (log and symlog too) works and the
browser needs to know nothing of axes. A mark is read once a frame into *channels*, small integer arrays:

- ``path``: vertices ``x``, ``y`` with matplotlib's path ``codes`` (lines, patches, arrows, filled areas);
- ``stamp``: a small outline repeated at points (markers, scatter);
- ``text``: a string at a place; ``image``: a color-mapped array between two corners.

Visibility and opacity are part of the colors: a hidden artist has no codes, points or string to paint.
"""

from __future__ import annotations

import functools
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, PathCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.text import Annotation, Text

from rnnlib.explorers.glyphs import Glyphs

__all__ = ["Mark", "marks_of"]

UNITS = 16  # a pixel is stored as 16 steps of an integer
_CAPS = {"projecting": "square"}  # matplotlib's name of a line's end -> the canvas'
COARSE = 8  # of these steps, where thousands of lines are stored
LIMIT = 2000  # pixels: beyond this nothing is on the picture, and 16 bits would overflow
GAP = -(2**15)  # the place of a point that is not finite
Channels = dict[str, np.ndarray]


def marks_of(artists: Mapping, fig: Figure, glyphs: Glyphs) -> list[tuple[str, Mark]]:
    """Return (name, mark) of all moving artists, in the order in which matplotlib would paint them.

    The name is the key in ``artists``: all marks of a list of artists have the same.

    Raises
    ------
    TypeError
        If an artist is of a kind that cannot be moved; the message names it.
    """
    found = [
        (key, mark)
        for key in artists
        for name, artist in flatten({key: artists[key]})
        for mark in _marks(name, artist, fig, glyphs)
    ]
    return sorted(found, key=lambda entry: entry[1].artist.get_zorder())


def flatten(artists: Mapping) -> Iterator[tuple[str, Artist]]:
    """Yield (name, artist), containers and lists unpacked as ``name[0]``, ``name[1]``, …"""
    for name, entry in artists.items():
        if isinstance(entry, Artist):
            yield name, entry
        else:
            for i, artist in enumerate(entry.values() if isinstance(entry, Mapping) else entry):
                yield f"{name}[{i}]", artist


def _marks(name: str, artist: Artist, fig: Figure, glyphs: Glyphs) -> list[Mark]:
    if isinstance(artist, Line2D):
        parts = [Line(artist, fig)] if artist.get_linestyle() not in ("None", "", " ") else []
        return parts + ([Markers(artist, fig)] if artist.get_marker() not in ("None", "", " ", None) else [])
    if isinstance(artist, Annotation) and artist.arrow_patch is not None:
        raise TypeError(f"{name} is an annotation with an arrow; expected a text and a FancyArrowPatch")
    if isinstance(artist, Text):
        return [Label(artist, fig, glyphs)]
    if isinstance(artist, FancyArrowPatch):
        shaft = Shape(artist, fig, closed=False)
        return [shaft, Shape(artist, fig, closed=True, shaft=shaft)]
    for kind, mark in ((Patch, Shape), (AxesImage, Image), (PathCollection, Scatter), (Collection, Area)):
        if isinstance(artist, kind):
            return [mark(artist, fig)]
    raise TypeError(
        f"{name} is a {type(artist).__name__}; "
        "expected a line, patch, arrow, scatter, filled area, text or image"
    )


class Mark(ABC):
    """One thing the browser paints; ``read`` returns its channels as the artist stands now."""

    kind = "path"

    def __init__(self, artist: Artist, fig: Figure) -> None:
        self.artist = artist
        self.fig = weakref.proxy(fig)
        self.height = fig.bbox.height
        self.per_point = fig.dpi / 72
        self._seen: Channels | None = None
        self._nothing: Channels | None = None

    def read(self) -> Channels:
        """Return the channels; an artist nobody touched since it was last seen is not read again."""
        if not self.artist.get_visible():
            self._nothing = self._nothing or self.hidden()
            return self._nothing
        if self._seen is None or self.artist.stale:
            self._seen = self.channels()
        return self._seen

    @abstractmethod
    def channels(self) -> Channels:
        """Return what the visible artist looks like now."""

    def table(self, x: np.ndarray, y: np.ndarray) -> Channels:
        """Return the channels of a Line2D with x and y of many frames, (frames, points)."""
        points = np.stack(np.broadcast_arrays(x, y), axis=-1)
        if not np.isfinite(points).all():
            raise ValueError("a line of a whole table got values that are not finite; expected numbers")
        places = self._place(self.artist.get_transform().transform(points.reshape(-1, 2)))
        coarse = (np.rint(place / COARSE).astype("<i2") * np.int16(COARSE) for place in places)  # packs small
        return self.channels() | {n: p.reshape(points.shape[:2]) for n, p in zip("xy", coarse, strict=True)}

    @abstractmethod
    def hidden(self) -> Channels:
        """Return channels of the same names that paint nothing."""

    def style(self) -> dict:
        """Return what never changes: the clip rectangle (left, top, width, height)."""
        return {"clip": self._clip()}

    def _clip(self) -> list[float] | None:
        box = self.artist.get_clip_box() if self.artist.get_clip_on() else None
        if box is None:
            return None
        return [round(float(v), 2) for v in (box.x0, self.height - box.y1, box.width, box.height)]

    def _place(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Turn display pixels (y upward) into stored coordinates (y downward); non-finite ones become GAP."""
        points = np.asarray(points, float).reshape(-1, 2)
        bad = ~np.isfinite(points).all(axis=1)
        css = np.where(bad[:, None], 0, points) * [1, -1] + [0, self.height]
        stored = np.rint(np.clip(css, -LIMIT, LIMIT) * UNITS).astype("<i2")
        stored[bad] = GAP
        return stored[:, 0], stored[:, 1]


def _bytes(colors: object, alpha: float | None = None) -> np.ndarray:
    """Colors as rows of four bytes, flat."""
    return np.rint(to_rgba_array(colors, alpha) * 255).astype("u1").ravel()


@functools.lru_cache(maxsize=1024)
def _color(color: str | tuple, alpha: float | None = None) -> np.ndarray:
    """One color as four bytes."""
    return _bytes(to_rgba(color, alpha))


def _number(value: float) -> np.ndarray:
    return np.atleast_1d(np.asarray(value, "<f4"))


class _PathMark(Mark):
    """A mark painted as one path."""

    def hidden(self) -> Channels:
        nothing, clear = np.zeros(0, "<i2"), np.zeros(4, "u1")
        return {
            "x": nothing, "y": nothing, "codes": np.zeros(0, "u1"),
            "stroke": clear, "fill": clear, "width": _number(0),
        }  # fmt: skip

    def _path(self, path: Path, stroke: object, fill: object, width: float) -> Channels:
        x, y = self._place(path.vertices)
        codes = path.codes if path.codes is not None else [Path.MOVETO] + [Path.LINETO] * (len(x) - 1)
        return {
            "x": x, "y": y, "codes": np.asarray(codes, "u1"),
            "stroke": stroke, "fill": fill, "width": _number(width * self.per_point),
        }  # fmt: skip

    def style(self) -> dict:
        # The dash pattern scaled by the line width has no public getter.
        offset, dashes = getattr(self.artist, "_dash_pattern", (0, None))
        scaled = [round(float(d) * self.per_point, 2) for d in dashes or ()]
        return super().style() | {"dash": scaled, "dash_offset": float(offset or 0) * self.per_point}


class Line(_PathMark):
    """The stroke of a Line2D, cut where it is not finite or leaves the neighborhood of the picture."""

    def channels(self) -> Channels:
        line = self.artist
        points = line.get_transform().transform(line.get_xydata())
        path = Path(points)
        if len(points) and not (np.abs(points) < LIMIT / 2).all():  # NaN compares false too
            path = path.cleaned(remove_nans=True, clip=(-LIMIT / 2, -LIMIT / 2, LIMIT / 2, LIMIT / 2))
        stroke = _bytes(line.get_color(), line.get_alpha())
        return self._path(path, stroke, np.zeros(4, "u1"), line.get_linewidth())

    def table(self, x: np.ndarray, y: np.ndarray) -> Channels:
        codes = [Path.MOVETO] + [Path.LINETO] * (y.shape[1] - 1)
        return super().table(x, y) | {"codes": np.array(codes, "u1")}

    def style(self) -> dict:
        cap = self.artist.get_dash_capstyle() if self.artist.is_dashed() else self.artist.get_solid_capstyle()
        return super().style() | {"cap": _CAPS.get(str(cap), str(cap)), "join": "round"}


class Shape(_PathMark):
    """A patch. The open shaft and the closed head of an arrow are two marks: only the head is filled."""

    def __init__(
        self, artist: Patch, fig: Figure, closed: bool | None = None, shaft: Shape | None = None
    ) -> None:
        super().__init__(artist, fig)
        self.closed, self.shaft = closed, shaft
        self.whole: Path | None = None

    def channels(self) -> Channels:
        patch = self.artist
        # Matplotlib works out an arrow's path anew each time; the head takes the one its shaft has just read.
        path = self.shaft.whole if self.shaft else patch.get_transform().transform_path(patch.get_path())
        self.whole = path
        if not np.isfinite(path.vertices).all():
            return self.hidden()
        fill = _color(patch.get_facecolor())
        if self.closed is not None:
            path = _subpaths(path, self.closed)
            fill = fill if self.closed else np.zeros(4, "u1")
        return self._path(path, _color(patch.get_edgecolor()), fill, patch.get_linewidth())

    def style(self) -> dict:
        cap = _CAPS.get(str(self.artist.get_capstyle()), str(self.artist.get_capstyle()))
        return super().style() | {"cap": cap, "join": str(self.artist.get_joinstyle())}


def _subpaths(path: Path, closed: bool) -> Path:
    """Keep only the closed, or only the open, parts of a path."""
    codes = path.codes
    starts = [*np.flatnonzero(codes == Path.MOVETO), len(codes)]
    keep = np.zeros(len(codes), bool)
    for start, end in zip(starts, starts[1:], strict=False):
        keep[start:end] = (Path.CLOSEPOLY in codes[start:end]) == closed
    return Path(path.vertices[keep], codes[keep])


class Area(_PathMark):
    """A collection of one color: ``fill_between``, ``hlines``, ``vlines``, a LineCollection."""

    def channels(self) -> Channels:
        area = self.artist
        path = area.get_transform().transform_path(Path.make_compound_path(*area.get_paths()))
        if not np.isfinite(path.vertices).all():
            return self.hidden()
        stroke, fill = _bytes(area.get_edgecolor()), _bytes(area.get_facecolor())
        clear = np.zeros(4, "u1")
        width = np.max(area.get_linewidth(), initial=0.0)
        return self._path(path, stroke[:4] if stroke.size else clear, fill[:4] if fill.size else clear, width)

    def style(self) -> dict:
        return Mark.style(self) | {"cap": "butt", "join": "round", "dash": [], "dash_offset": 0.0}


class _StampMark(Mark):
    """The same outline at many points; size in pixels, one for all or one for each."""

    kind = "stamp"

    def hidden(self) -> Channels:
        nothing, clear, nil = np.zeros(0, "<i2"), np.zeros(4, "u1"), _number(0)
        return {"x": nothing, "y": nothing, "size": nil, "stroke": clear, "fill": clear, "width": nil}

    def _stamps(
        self, points: np.ndarray, size: object, stroke: np.ndarray, fill: np.ndarray, width: float
    ) -> Channels:
        x, y = self._place(points)
        size, width = _number(size), _number(width * self.per_point)
        return {"x": x, "y": y, "size": size, "stroke": stroke, "fill": fill, "width": width}

    @abstractmethod
    def outline(self) -> Path:
        """Return the outline of one point, of size 1, y upward."""

    def style(self) -> dict:
        path = self.outline()
        vertices = np.round(path.vertices * [1, -1], 4).ravel().tolist()
        codes = path.codes if path.codes is not None else [1] + [2] * (len(path.vertices) - 1)
        return super().style() | {"outline": [[int(c) for c in codes], vertices]}


class Markers(_StampMark):
    """The markers of a Line2D."""

    def outline(self) -> Path:
        """Return the marker."""
        marker = MarkerStyle(self.artist.get_marker(), self.artist.get_fillstyle())
        return marker.get_path().transformed(marker.get_transform())

    def channels(self) -> Channels:
        line, alpha = self.artist, self.artist.get_alpha()
        points = line.get_transform().transform(line.get_xydata())
        stroke, fill = _bytes(line.get_markeredgecolor(), alpha), _bytes(line.get_markerfacecolor(), alpha)
        if line.get_fillstyle() == "none" or fill.size == 0:
            fill = np.zeros(4, "u1")
        size = line.get_markersize() * self.per_point
        return self._stamps(points, size, stroke, fill, line.get_markeredgewidth())


class Scatter(_StampMark):
    """The points of ``ax.scatter``: places, sizes and colors may change."""

    def outline(self) -> Path:
        """Return the marker of all points."""
        return self.artist.get_paths()[0]

    def channels(self) -> Channels:
        dots = self.artist
        dots.update_scalarmappable()
        points = dots.get_offset_transform().transform(np.ma.filled(dots.get_offsets(), np.nan))
        fill, stroke = _bytes(dots.get_facecolor()), _bytes(dots.get_edgecolor())
        clear = np.zeros(4, "u1")
        size = np.sqrt(dots.get_sizes()) * self.per_point
        width = np.max(dots.get_linewidth(), initial=0.0)
        stroke, fill = (color if color.size else clear for color in (stroke, fill))
        return self._stamps(points, size, stroke, fill, width)


class Label(Mark):
    """A text or an annotation without an arrow; string, place, rotation and color may change."""

    kind = "text"

    def __init__(self, artist: Text, fig: Figure, glyphs: Glyphs) -> None:
        super().__init__(artist, fig)
        self.glyphs = glyphs

    def hidden(self) -> Channels:
        return self._label(np.full((1, 2), np.nan), 0, np.zeros(4, "u1"))

    def channels(self) -> Channels:
        text = self.artist
        if isinstance(text, Annotation):
            text.update_positions(self.fig.canvas.get_renderer())
        place = text.get_transform().transform([text.get_unitless_position()])
        return self._label(place, self.glyphs.index(text), _color(text.get_color(), text.get_alpha()))

    def _label(self, place: np.ndarray, string: int, color: np.ndarray) -> Channels:
        x, y = self._place(place)
        patch = self.artist.get_bbox_patch()
        clear = np.zeros(4, "u1")
        return {
            "x": x, "y": y, "string": np.array([string], "<u2"), "turn": _number(self.artist.get_rotation()),
            "color": color,
            "fill": clear if patch is None else _color(patch.get_facecolor()),
            "stroke": clear if patch is None else _color(patch.get_edgecolor()),
        }  # fmt: skip

    def style(self) -> dict:
        patch = self.artist.get_bbox_patch()
        if patch is None:
            return super().style() | {"pad": 0, "width": 0}
        pad = patch.get_boxstyle().pad * patch.get_mutation_scale()
        return super().style() | {"pad": float(pad), "width": float(patch.get_linewidth() * self.per_point)}


class Image(Mark):
    """An image whose numbers go through a color map; masked and non-finite cells stay clear."""

    kind = "image"
    CLEAR = 255

    def hidden(self) -> Channels:
        return {
            "x": np.full(2, GAP, "<i2"), "y": np.full(2, GAP, "<i2"), "cells": np.zeros(0, "u1"),
            "alpha": _number(0),
        }  # fmt: skip

    def channels(self) -> Channels:
        image = self.artist
        cells = np.ma.masked_invalid(image.get_array())
        if cells.ndim != 2:
            raise TypeError(f"an image has the shape {cells.shape}; expected rows and columns of numbers")
        level = np.ma.filled(np.ma.clip(image.norm(cells), 0, 1) * (self.CLEAR - 1), self.CLEAR)
        left, right, bottom, top = image.get_extent()
        first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
        x, y = self._place(image.axes.transData.transform([(left, first), (right, last)]))
        alpha = _number(1 if image.get_alpha() is None else image.get_alpha())
        return {"x": x, "y": y, "cells": np.rint(level).astype("u1").ravel(), "alpha": alpha}

    def style(self) -> dict:
        colors = self.artist.cmap(np.linspace(0, 1, self.CLEAR))
        smooth = self.artist.get_interpolation() not in ("nearest", "none", "antialiased", "auto")
        shape = {"rows": self.artist.get_array().shape[0], "columns": self.artist.get_array().shape[1]}
        return super().style() | shape | {"colors": _bytes(colors).tolist() + [0] * 4, "smooth": smooth}
