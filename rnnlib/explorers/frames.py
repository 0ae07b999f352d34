"""Frames: the channels of every mark at every setting, packed into one block of bytes for the browser.

The block is ``deflate(length of header, header as JSON, arrays)``. The settings are divided into *sheets*:
what needs only some of the controls has a sheet with the settings of those alone. A channel keeps every
distinct row once, and for each setting of its sheet which row it shows; places are stored as steps from
point to point. A live explorer sends the same block with one setting in it: the browser knows one format.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rnnlib.explorers.glyphs import Glyphs
from rnnlib.explorers.marks import Mark

__all__ = ["Column", "MarkColumns", "Sheet", "column", "pack"]

ALIGNMENT = 8


class Sheet(NamedTuple):
    """Part of a table: the positions of its controls among all, the number of its settings, its words.

    `words` is place of a piece of the sentence -> a string for each setting.
    """

    axes: Sequence[int]
    settings: int
    words: Mapping[int, Sequence[str]]


class Column(NamedTuple):
    """One channel over the settings of a sheet: distinct rows, and which of them each setting shows."""

    rows: Sequence[np.ndarray]
    index: np.ndarray


class MarkColumns(NamedTuple):
    """A mark, the number of its sheet, and its channels."""

    mark: Mark
    sheet: int
    channels: Mapping[str, Column]


def column(rows: Sequence[np.ndarray]) -> Column:
    """Keep each of several equal rows once."""
    known: dict = {}  # a row that is the same object is found without a look at its bytes
    seen: dict = {}
    for row in rows:
        if id(row) not in known:
            known[id(row)] = seen.setdefault(row.tobytes(), (len(seen), row))[0]
    return Column([row for _, row in seen.values()], np.array([known[id(row)] for row in rows]))


def pack(sheets: Sequence[Sheet], marks: Sequence[MarkColumns], glyphs: Glyphs, last: bool = False) -> bytes:
    """Pack the frames and the words of every setting.

    Parameters
    ----------
    sheets : sequence of Sheet
    marks : sequence of MarkColumns
        In the order in which they are painted.
    glyphs : Glyphs
        The letters and strings the text marks refer to.
    last : bool
        Whether nothing comes after these frames: a button that asks for one after the other stops.

    Returns
    -------
    bytes
    """
    blocks = _Blocks()
    described = []
    for mark, sheet, channels in marks:
        packed = {name: blocks.add(values) for name, values in channels.items()}
        described.append({"kind": mark.kind, "sheet": sheet, "style": mark.style(), "channels": packed})
    pieces = sorted((place, k) for k, sheet in enumerate(sheets) for place in sheet.words)
    words = [{"sheet": k, **blocks.add_words(sheets[k].words[place])} for place, k in pieces]
    header = {
        "marks": described,
        "sheets": [{"axes": list(sheet.axes), "settings": sheet.settings} for sheet in sheets],
        "words": words,
        "letters": glyphs.letters,
        "strings": glyphs.strings,
        "last": last,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % ALIGNMENT)
    return zlib.compress(len(text).to_bytes(4, "little") + text + b"".join(blocks.parts), level=6)


class _Blocks:
    """Arrays laid end to end, each described by type, length of a row, number of rows, and offset."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, values: Column) -> dict:
        """Append one channel; shorter rows are padded, and their lengths kept."""
        rows, index = values
        lengths = np.array([len(row) for row in rows])
        n = int(lengths.max())
        table = np.zeros((len(rows), n), rows[0].dtype)
        table[np.arange(n) < lengths[:, None]] = np.concatenate(rows)
        kind = table.dtype.str[-2:]
        if kind == "i2":  # places pack smaller as steps from point to point, low bytes before high bytes
            steps = np.diff(table, axis=1, prepend=np.int16(0))
            table = steps.reshape(-1, 1).view("u1").T.copy()
        entry = {"type": kind, "n": n, "rows": len(rows), "at": self._append(table)}
        if (lengths < n).any():
            entry["lengths_at"] = self._append(lengths.astype("<u2"))
        return entry | self._index(index)

    def add_words(self, sentences: Sequence[str]) -> dict:
        """Append which of the distinct sentences each setting shows."""
        rank = {sentence: k for k, sentence in enumerate(dict.fromkeys(sentences))}
        return {"strings": list(rank)} | self._index(np.array([rank[sentence] for sentence in sentences]))

    def _index(self, index: np.ndarray) -> dict:
        return {"index_at": self._append(index.astype("<u2"))} if index.any() else {}

    def _append(self, array: np.ndarray) -> int:
        data, at = array.tobytes(), self.size
        data += b"\0" * (-len(data) % ALIGNMENT)
        self.parts.append(data)
        self.size += len(data)
        return at
