"""An explorer with a button that moves one of its controls by itself: Start, Pause, Go on.

For what comes step by step, like a training. ``compute(step, ...)`` stays a pure function of the controls: it
may keep what it has done for an earlier step, and goes on from there. The browser asks for the next frame
when the last one is painted, so each question is a short one, and between two of them the kernel is free.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rnnlib.explorers.base import Explorer
from rnnlib.explorers.controls import Play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Play", "Player"]

FILES = [Path(__file__).with_name(name) for name in ("view.js", "play.js")]


class Player(Explorer):
    """An `Explorer` with a :class:`Play` among its controls, which asks the kernel. Parameters as there.

    The picture that a notebook stores shows the last frame: who has no kernel sees what comes of it.

    Raises
    ------
    ValueError
        Without a Play among the controls.
    """

    _esm = "\n".join(path.read_text(encoding="utf-8") for path in FILES)

    def __init__(self, compute: Callable, draw: Callable, controls: Iterable, **options: object) -> None:
        controls = list(controls)
        if not any(isinstance(control, Play) for control in controls):
            names = ", ".join(control.name for control in controls)
            raise ValueError(f"a Player has the controls {names}; expected a Play among them")
        super().__init__(compute, draw, controls, live=True, **options)

    @property
    def _still_values(self) -> dict:
        played = {name: c.values[-1] for name, c in self.controls.items() if isinstance(c, Play)}
        return self.values | played
