"""The controls of an explorer: each is a name, a finite grid of values, and the words that stand for them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
import traitlets

__all__ = ["Check", "Choice", "ControlTrait", "Play", "Slider"]


def _plain(value: object) -> object:
    """Turn a NumPy scalar into the Python number that JSON can carry."""
    return value.item() if isinstance(value, np.generic) else value


@dataclass(frozen=True)
class Slider:
    """A range input over any increasing grid of numbers: linear, logarithmic or a plain list.

    Parameters
    ----------
    name : str
        Argument of ``compute`` and attribute of the explorer.
    grid : iterable of float
        The values, increasing.
    value : float
        Where the slider starts; must lie on the grid.
    label, unit : str
        Shown before and after the number; the label is the name unless given.
    format : str
        Format of the number, as in ``format(1.5, ".2f")``.
    instead : mapping
        Value -> what is shown in place of that number.

    Raises
    ------
    ValueError
        If the grid has fewer than two values, does not increase, or does not hold ``value``.
    """

    name: str
    grid: Iterable[float]
    value: float
    label: str = ""
    unit: str = ""
    format: str = "g"
    instead: Mapping[float, str] = field(default_factory=dict)
    kind = "slider"

    def __post_init__(self) -> None:
        values = tuple(_plain(v) for v in self.grid)
        if len(values) < 2 or any(not a < b for a, b in zip(values, values[1:], strict=False)):
            raise ValueError(f"{self.name} has the grid {values}; expected at least two increasing numbers")
        object.__setattr__(self, "grid", values)
        object.__setattr__(self, "value", self.snap(self.value))

    @property
    def values(self) -> tuple[float, ...]:
        """The grid."""
        return self.grid

    @property
    def texts(self) -> list[str]:
        """Each value as it is shown, with its unit."""
        return [self.instead.get(v, f"{v:{self.format}} {self.unit}".strip()) for v in self.values]

    def snap(self, value: object) -> float:
        """Return the grid value nearest to ``value``; half a step beyond the ends is still accepted."""
        first, last = self.grid[0], self.grid[-1]
        expected = f"expected a number from {first:g} to {last:g}"
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real) or not math.isfinite(value):
            raise ValueError(f"{self.name} got {value!r}; {expected}")
        low, high = first - (self.grid[1] - first) / 2, last + (last - self.grid[-2]) / 2
        if not low <= value <= high:
            raise ValueError(f"{self.name} got {value!r}; {expected}")
        return min(self.grid, key=lambda v: abs(v - value))


@dataclass(frozen=True)
class Play(Slider):
    """A button that walks through the grid, a value further with each frame, until it is pressed again.

    It goes back to the first value when a reader moves another control, and stops at the last one, or where
    the arrays say so: ``{"last": True}``. For a :class:`rnnlib.explorers.player.Player`. Parameters as for
    :class:`Slider`.
    """

    kind = "play"


@dataclass(frozen=True)
class Choice:
    """One of a few named things, as a row of radio buttons or as a list to unfold.

    Parameters
    ----------
    name, label : str
        As for :class:`Slider`.
    options : iterable of str or mapping
        The values, or value -> text shown.
    value : object
        The one that is chosen at the start.
    style : {"radio", "select"}
        Radio buttons show all options at once; use "select" for more than four.
    """

    name: str
    options: Iterable | Mapping
    value: object
    label: str = ""
    style: str = "radio"

    def __post_init__(self) -> None:
        named = self.options if isinstance(self.options, Mapping) else {v: str(v) for v in self.options}
        object.__setattr__(self, "options", {_plain(v): str(text) for v, text in named.items()})
        if self.style not in ("radio", "select"):
            raise ValueError(f"{self.name} has the style {self.style!r}; expected 'radio' or 'select'")
        object.__setattr__(self, "value", self.snap(self.value))

    @property
    def kind(self) -> str:
        """Which input the browser makes."""
        return self.style

    @property
    def values(self) -> tuple:
        """The values of the options."""
        return tuple(self.options)

    @property
    def texts(self) -> list[str]:
        """The options as they are shown."""
        return list(self.options.values())

    def snap(self, value: object) -> object:
        """Return ``value`` if it is one of the options."""
        if _plain(value) not in self.values:
            options = ", ".join(map(repr, self.values))
            raise ValueError(f"{self.name} got {value!r}; expected one of {options}")
        return _plain(value)


@dataclass(frozen=True)
class Check:
    """A check box: False or True."""

    name: str
    value: bool = False
    label: str = ""
    kind = "check"
    values = (False, True)
    texts = ("off", "on")

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.snap(self.value))

    def snap(self, value: object) -> bool:
        """Return ``value`` if it is a truth value."""
        if _plain(value) not in (0, 1):
            raise ValueError(f"{self.name} got {value!r}; expected True or False")
        return bool(value)


class ControlTrait(traitlets.TraitType):
    """A trait that mirrors a control: every value set, from Python or the browser, lands on the grid."""

    def __init__(self, control: Slider | Choice | Check) -> None:
        self.control = control
        super().__init__(default_value=control.value)

    def validate(self, obj: object, value: object) -> object:
        """Return the value on the grid, or raise ``TraitError`` naming the control."""
        try:
            return self.control.snap(value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None


def describe(control: Slider | Choice | Check) -> dict:
    """Return what the browser must know about a control, as plain JSON."""
    return {
        "name": control.name,
        "label": control.label or control.name,
        "kind": control.kind,
        "values": list(control.values),
        "texts": list(control.texts),
        "start": control.values.index(control.value),
    }
