"""An explorer with a button that moves one of its controls by itself: Start, Pause, Go on.

For what comes step by step, like a training. ``compute(step, ...)`` stays a pure function of the controls: it
may keep what it has done for an earlier step, and goes on from there. Since the browser asks for the next frame
only when the last one is painted, each question is a short one; between two of them the kernel is free.
"""

from __future__ import annotations

from pathlib import Path

from rnnlib.explorers.base import Explorer
from rnnlib.explorers.controls import Play

__all__ = ["Play", "Player"]

FILES = [Path(__file__).with_name(name) for name in ("view.js", "play.js")]


class Player(Explorer):
    """An `Explorer` that may have a :class:`Play` among its controls. Parameters as there."""

    _esm = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
