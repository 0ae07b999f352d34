"""Frames: the marks of every setting of the controls, packed into one compressed block for the browser.

The block is ``deflate(length of header, header as JSON, arrays)``. A channel that is the same in all frames
is stored once. A live explorer sends the same block with one frame in it: the browser knows one format.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

import numpy as np

from rnnlib.explorers.glyphs import Glyphs
from rnnlib.explorers.marks import Channels, Mark

__all__ = ["pack"]

ALIGNMENT = 8


def pack(
    marks: Sequence[Mark],
    frames: Sequence[Sequence[Channels]],
    order: Sequence[int],
    words: Sequence[str],
    glyphs: Glyphs,
) -> bytes:
    """Pack the frames (a list of channels for each mark) and the words of each setting.

    Parameters
    ----------
    marks : sequence of Mark
    frames : sequence of sequence of dict
        ``frames[f][m]`` is what mark ``m`` read in frame ``f``; no frame twice.
    order : sequence of int
        Which frame each setting shows.
    words : sequence of str
        One sentence a setting.
    glyphs : Glyphs
        The letters and strings the text marks refer to.

    Returns
    -------
    bytes
    """
    blocks = _Blocks()
    described = []
    for m, mark in enumerate(marks):
        rows = [frame[m] for frame in frames]
        channels = {name: blocks.add([row[name] for row in rows], order) for name in rows[0]}
        described.append({"kind": mark.kind, "style": mark.style(), "channels": channels})
    header = {
        "marks": described,
        "frames": len(order),
        "words": list(words),
        "letters": glyphs.letters,
        "strings": glyphs.strings,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % ALIGNMENT)
    return zlib.compress(len(text).to_bytes(4, "little") + text + b"".join(blocks.parts), level=6)


class _Blocks:
    """Arrays laid end to end, each described by type, length a frame, and offset."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, rows: list[np.ndarray], order: Sequence[int]) -> dict:
        """Append one channel; shorter frames are padded, and their lengths kept."""
        distinct = {id(row): row for row in rows}  # a mark nobody touched gives the same array again
        rank = {key: i for i, key in enumerate(distinct)}
        index = np.array([rank[id(row)] for row in rows])[order]
        lengths = np.array([len(row) for row in distinct.values()])
        n = int(lengths.max())
        table = np.zeros((len(distinct), n), rows[0].dtype)
        table[np.arange(n) < lengths[:, None]] = np.concatenate(list(distinct.values()))
        ragged = bool((lengths < n).any())
        still = not ragged and bool((table == table[0]).all())
        entry = {"type": table.dtype.str[-2:], "n": n, "at": self.size, "still": still}
        self._append(table[0] if still else table[index])
        if ragged:
            entry["lengths_at"] = self.size
            self._append(lengths[index].astype("<u2"))
        return entry

    def _append(self, array: np.ndarray) -> None:
        data = array.tobytes()
        data += b"\0" * (-len(data) % ALIGNMENT)
        self.parts.append(data)
        self.size += len(data)
