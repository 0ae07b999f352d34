"""One color per symbol, everywhere, and the style file that goes with them.

The hues are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which color-blind readers can tell
apart. Shape, dash or label always says the same as the color. Matplotlib is imported only when it is used.
"""

from contextlib import AbstractContextManager
from pathlib import Path
from types import MappingProxyType

__all__ = ["COLORS", "DASHES", "INK", "STYLE", "style", "use_style"]

COLORS = MappingProxyType(
    {
        "x": "#56B4E9",
        "s": "#E69F00",
        "STM": "#E69F00",
        "y": "#009E73",
        "LTM": "#CC79A7",
        "W_x": "#0072B2",
        "W_s": "#D55E00",
        "W_y": "#117733",
        "forget": "#D55E00",
        "learn": "#0072B2",
        "ignore": "#0072B2",
        "use": "#009E73",
        "grey": "#8C8C8C",
    }
)
"""Symbol of the course -> color, as a hexadecimal string."""

DASHES = MappingProxyType(dict.fromkeys(("forget", "learn", "ignore", "use"), (4, 2)))
"""Gate -> dash pattern in points: a gate shares its hue with a weight, so it is always dashed."""

INK = "#222222"
"""Color of text, outlines and axes."""

STYLE = Path(__file__).with_name("course.mplstyle")
"""The matplotlib style file of the course."""


def style() -> AbstractContextManager:
    """Draw one figure in the course's style: ``with style(): ...``."""
    import matplotlib.style

    return matplotlib.style.context(["default", str(STYLE)])


def use_style() -> None:
    """Switch the whole session to the course's style; the first cell of a lesson calls it."""
    import matplotlib.style

    matplotlib.style.use(str(STYLE))
