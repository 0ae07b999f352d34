"""The matplotlib side of an explorer: a figure of its own, its moving artists, and the frames read from them.

Nothing here touches pyplot or paints while frames are read, so figures of other cells are never disturbed.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text

from rnnlib import plots
from rnnlib.colors import style
from rnnlib.explorers.frames import Column, MarkColumns, Sheet, column, pack
from rnnlib.explorers.glyphs import Glyphs
from rnnlib.explorers.marks import Mark, flatten, marks_of

__all__ = ["Part", "Scene", "update"]

MAX_INCHES = 10
HINT = "Run the cell to drag."
FOOT = 0.16  # inches kept free below the axes, for the hint in the still picture


class Part(NamedTuple):
    """The settings of some of the controls, and what needs those alone.

    axes : positions of the controls among all of them
    artists : the names of the moving artists
    arrays : a list with a dict for each setting; or for all settings a dict of columns (settings, ...)
    words : place of a piece of the sentence -> a list with a string for each setting
    """

    axes: Sequence[int]
    artists: Sequence[str]
    arrays: list | Mapping
    words: Mapping[int, Sequence[str]]


class Scene:
    """A figure painted once and the artists that move in it.

    Parameters
    ----------
    draw : callable
        ``draw(fig, arrays) -> dict of moving artists``.
    move : callable or None
        ``move(artists, arrays)``; None gives every array to the artist of its name.
    arrays : dict
        What to draw first.
    title : str
    figsize : tuple of float
        Inches of 100 pixels.

    Raises
    ------
    ValueError
        If the figure is too large.
    """

    def __init__(
        self, draw: Callable, move: Callable | None, arrays: Mapping, title: str, figsize: tuple[float, float]
    ) -> None:
        if max(figsize) > MAX_INCHES:
            raise ValueError(f"figsize is {figsize}; expected at most {MAX_INCHES} inches each way")
        self._move = move
        with style():
            self.fig = Figure(figsize=figsize, dpi=plots.PIXELS_PER_INCH)
            FigureCanvasAgg(self.fig)
            foot = FOOT / figsize[1]
            self.fig.set_layout_engine("constrained", rect=(0, foot, 1, 1 - foot))
            self.fig.suptitle(title, x=0.01, ha="left", weight="bold")
            self.artists = draw(self.fig, arrays)
            self.move(arrays)
            self._find_layout()
            place = {"x": 0.995, "y": foot / 5, "ha": "right", "fontsize": 8}
            self._hint = self.fig.text(s=HINT, color="#6B6B6B", visible=False, **place)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self.fig.bbox.size
        return round(width), round(height)

    def move(self, arrays: Mapping) -> None:
        """Set the artists to the arrays; numbers only, nothing is painted."""
        if self._move:
            self._move(self.artists, arrays)
            return
        for name, artist in self.artists.items():
            if name not in arrays:
                raise KeyError(f"no array for the artist {name!r}; expected it among {sorted(arrays)}")
            _set(name, artist, arrays[name])

    def _find_layout(self) -> None:
        """Find the places of all axes, once; a text outside the layout is not laid out for it."""
        aside = [text for ax in self.fig.axes for text in ax.texts if not text.get_in_layout()]
        with _hidden(aside):
            self.fig.draw_without_rendering()
        # No engine at all: even one that places nothing makes matplotlib draw every picture twice.
        self.fig.set_layout_engine(None)

    def background(self) -> bytes:
        """Paint everything but the moving artists, as SVG, the same bytes in every run."""
        buffer = io.BytesIO()
        with style(), _hidden([artist for _, artist in flatten(self.artists)]):
            self.fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return buffer.getvalue()

    def picture(self, arrays: Mapping) -> bytes:
        """Paint everything, and the hint that the explorer can be dragged, as PNG."""
        self.move(arrays)
        self._hint.set_visible(True)
        with style():
            data = plots.png(self.fig)
        self._hint.set_visible(False)
        return data

    def pack(self, parts: Iterable[Part], last: bool = False) -> bytes:
        """Read the frames of every part and pack them all for the browser; `last` as in `frames.pack`."""
        glyphs = Glyphs(self.fig.dpi / 72)
        marks = marks_of(self.artists, self.fig, glyphs)
        sheets, columns = [], {}
        for k, part in enumerate(parts):
            own = [(name, mark) for name, mark in marks if name in part.artists]
            read = self._read_frames if isinstance(part.arrays, list) else self._read_columns
            settings, channels = read(own, part.arrays) if own else (len(next(iter(part.words.values()))), [])
            columns |= {id(mark): MarkColumns(mark, k, c) for (_, mark), c in zip(own, channels, strict=True)}
            sheets.append(Sheet(part.axes, settings, part.words))
        return pack(sheets, [columns[id(mark)] for _, mark in marks], glyphs, last)

    def _read_frames(self, marks: list, frames: list[Mapping]) -> tuple[int, list]:
        """Move everything for one frame after the other, and read what belongs here."""
        seen, read, order = {}, [], []
        for arrays in frames:
            key = pickle.dumps(arrays)  # equal arrays give equal frames: moved and read once
            if key not in seen:
                seen[key] = len(read)
                self.move(arrays)
                read.append([mark.read() for _, mark in marks])
                self._rest(marks)
            order.append(seen[key])
        found = []
        for m in range(len(marks)):
            columns = {name: column([frame[m][name] for frame in read]) for name in read[0][m]}
            found.append({name: Column(rows, index[order]) for name, (rows, index) in columns.items()})
        return len(order), found

    def _read_columns(self, marks: list, columns: Mapping) -> tuple[int, list]:
        """Read all frames of a line at once, those of other artists one by one."""
        settings = len(next(iter(columns.values())))
        found = []
        for name, mark in marks:
            if isinstance(mark.artist, Line2D):
                channels = mark.table(*columns[name].swapaxes(0, 1))
            else:
                rows = [self._read_one(name, mark, values) for values in columns[name]]
                channels = {channel: [row[channel] for row in rows] for channel in rows[0]}
            found.append({channel: _column(values, settings) for channel, values in channels.items()})
        return settings, found

    def _read_one(self, name: str, mark: Mark, values: object) -> dict:
        _set(name, self.artists[name], values)
        channels = mark.read()
        self._rest([(name, mark)])
        return channels

    def _rest(self, marks: list) -> None:
        for _, mark in marks:
            if mark.artist.get_visible():  # untouched until the next frame: not read again
                mark.artist.stale = False  # (what is set in hiding is read when it shows)


def _column(values: list | np.ndarray, settings: int) -> Column:
    """One row for all settings, or a row for each."""
    if isinstance(values, np.ndarray) and values.ndim == 1:
        return Column([values], np.zeros(settings, int))
    return column(list(values))


@contextmanager
def _hidden(artists: Sequence[Artist]) -> Iterator[None]:
    """Hide artists for a while."""
    seen = [artist.get_visible() for artist in artists]
    for artist in artists:
        artist.set_visible(False)
    yield
    for artist, visible in zip(artists, seen, strict=True):
        artist.set_visible(visible)


def update(artist: Artist, visible: bool = True, **properties: object) -> None:
    """Set what differs, for use in ``move``: untouched artists are not read again, which saves time."""
    if artist.get_visible() != visible:
        touched = artist.stale
        artist.set_visible(visible)
        artist.stale = touched  # as it was: an artist that comes back unchanged is not read again
    for name, value in properties.items() if visible else ():
        before = getattr(artist, f"get_{name}")()
        array = isinstance(value, np.ndarray)
        if not (np.array_equal(before, value, equal_nan=True) if array else before == value):
            getattr(artist, f"set_{name}")(value)


def _set(name: str, artist: object, array: object) -> None:
    """Give an artist the array of its own name."""
    if isinstance(artist, Line2D):
        artist.set_data(*array) if np.ndim(array) == 2 else artist.set_ydata(array)
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
        raise TypeError(
            f"{name} is a {type(artist).__name__}, which takes no array by name; expected a move function"
        )
