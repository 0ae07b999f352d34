"""Texts as outlines: a moving label looks in the browser as matplotlib draws it, formulas included.

Each letter is stored once; a string is a list of letters with their places, already aligned to its anchor.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.font_manager import findfont, get_font
from matplotlib.textpath import TextToPath, text_to_path

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

__all__ = ["Glyphs"]

NORMAL_SPACING = 1.2  # of lines, where matplotlib (3.11 and later) only says "normal"
FONT_SIZE = TextToPath.FONT_SCALE  # the size, in pixels, in which outlines come
KEPT = 2000  # lines of text, for the next frames of live explorers


class Glyphs:
    """The letters and strings used by all texts of an explorer, each kept once.

    Attributes
    ----------
    letters : list of [codes, coordinates]
        Outlines, y upward, in a font of 100 pixels.
    strings : list of dict
        ``letters``: rows (letter, x, y, scale); ``bars``: rectangles (of fractions and roots); ``box``: the
        extent. Pixels relative to the anchor, y downward.
    """

    def __init__(self, pixels_per_point: float) -> None:
        self.letters: list = []
        self.strings: list = []
        self._scale = pixels_per_point
        self._letter_index: dict = {}
        self._string_index: dict = {}
        self._line_of: dict = {}

    def index(self, text: Text) -> int:
        """Return the number of the string that ``text`` shows now, laying it out at first sight."""
        font = text.get_fontproperties()
        key = (text.get_text(), hash(font), text.get_ha(), text.get_va(), text._linespacing)
        if key not in self._string_index:
            self._string_index[key] = len(self.strings)
            self.strings.append(self._layout(text, font))
        return self._string_index[key]

    def _layout(self, text: Text, font: FontProperties) -> dict:
        """Place the lines of ``text`` under each other, as matplotlib does, and shift them to the anchor."""
        lines, widths, baselines = [], [], []
        spacing = NORMAL_SPACING if text._linespacing == "normal" else text._linespacing
        tall, deep = self._line(font)
        y = 0.0
        for i, line in enumerate(text.get_text().split("\n")):
            words, math = text._preprocess_math(line)
            width, height, descent = _measured(words or " ", font, math)
            height, descent = max(height, tall), max(descent, deep)
            rise = height - descent
            y -= rise if i == 0 else max(tall - deep, rise) * spacing
            lines.append((words, math))
            widths.append(width if words else 0.0)
            baselines.append(y)
            y -= descent
        place = _Placement(text, max(widths), bottom=y, last_baseline=baselines[-1])
        string = {"letters": [], "bars": [], "box": place.box(self._scale)}
        for (words, math), width, baseline in zip(lines, widths, baselines, strict=True):
            self._add_line(string, words, math, font, place.start(width), baseline + place.dy)
        return string

    def _line(self, font: FontProperties) -> tuple[float, float]:
        """Return height and descent of an ordinary line, as matplotlib measures them."""
        key = hash(font)
        if key not in self._line_of:
            self._line_of[key] = _measured("lp", font, False)[1:]
        return self._line_of[key]

    def _add_line(
        self, string: dict, words: str, math: bool, font: FontProperties, x: float, y: float
    ) -> None:
        placed, outlines, bars = _outlined(words, font, math)
        size, scale = font.get_size_in_points() / FONT_SIZE, self._scale
        for name, dx, dy, relative in placed:
            letter = self._letter(name, outlines[name])
            row = ((x + dx * size) * scale, -(y + dy * size) * scale, relative * size * scale)
            string["letters"].append([letter, *(round(float(v), 3) for v in row)])
        for corners, _ in bars:
            (left, low), (right, high) = corners[0], corners[2]
            box = (x + left * size, -(y + high * size), (right - left) * size, (high - low) * size)
            string["bars"].append([round(float(v) * scale, 3) for v in box])

    def _letter(self, name: str, outline: tuple) -> int:
        if name not in self._letter_index:
            vertices, codes = outline
            self._letter_index[name] = len(self.letters)
            flat = np.round(np.asarray(vertices, float).ravel(), 2)
            self.letters.append([[int(c) for c in codes], flat.tolist()])
        return self._letter_index[name]


@lru_cache(KEPT)
def _measured(words: str, font: FontProperties, math: bool) -> tuple[float, float, float]:
    """Return width, height and descent of a line, in points."""
    return text_to_path.get_text_width_height_descent(words, font, math)


@lru_cache(KEPT)
def _outlined(words: str, font: FontProperties, math: bool) -> tuple[list, dict, list]:
    """Return the letters of a line with their places, the outlines of the letters, and rectangles."""
    if math:
        placed, outlines, bars = text_to_path.get_glyphs_mathtext(font, words)
    else:
        face = get_font(findfont(font))
        face.set_size(FONT_SIZE, TextToPath.DPI)
        placed, outlines, bars = text_to_path.get_glyphs_with_font(face, words)
    return list(placed), outlines, list(bars)


class _Placement:
    """Where the lines of a text go relative to its anchor, in points, y upward."""

    def __init__(self, text: Text, width: float, bottom: float, last_baseline: float) -> None:
        self.width, self.bottom = width, bottom
        self.lines_at = {"left": 0.0, "center": 0.5, "right": 1.0}[text._get_multialignment()]
        self.dx = -width * {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_ha()]
        self.dy = -{
            "top": 0.0,
            "bottom": bottom,
            "center": bottom / 2,
            "baseline": last_baseline,
            "center_baseline": last_baseline / 2,
        }[text.get_va()]

    def start(self, width: float) -> float:
        return self.dx + (self.width - width) * self.lines_at

    def box(self, scale: float) -> list[float]:
        """Extent (left, top, width, height) in pixels, y downward."""
        return [round(float(v) * scale, 3) for v in (self.dx, -self.dy, self.width, -self.bottom)]
