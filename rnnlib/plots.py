"""Show a matplotlib figure in a notebook as a picture that can also be read aloud."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PIXELS_PER_INCH = 100
SHARPNESS = 2  # stored pixels for each pixel on the page: crisp on a high-resolution screen


def show(fig: Figure, alt: str) -> None:
    """Display `fig` as a PNG with the text alternative `alt`.

    The alternative travels with the picture (as image metadata, which nbconvert turns into the
    `alt` attribute, and as the plain-text form of the output, which a terminal or a screen reader gets).
    The bytes are the same in every run, so that a rerun notebook shows no difference.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure shows, in a sentence or two; must not be empty.

    Raises
    ------
    ValueError
        If `alt` is empty.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    if not alt.strip():
        raise ValueError("alt is empty; expected a sentence that says what the figure shows")
    width, height = (round(PIXELS_PER_INCH * inches) for inches in fig.get_size_inches())
    display(
        {"image/png": png(fig), "text/plain": alt},
        raw=True,
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
    )
    plt.close(fig)  # else the inline backend shows a pyplot figure a second time


def png(fig: Figure) -> bytes:
    """Return `fig` as PNG bytes, without the volatile software tag."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=PIXELS_PER_INCH * SHARPNESS, metadata={"Software": None})
    return buffer.getvalue()
