"""Made-up tasks that ask for memory. Each call draws new sequences.

`every_step` asks for an answer at every step, `last_step` for one at the end, `reber` for the next symbol,
`numbers` for a translation; `clips` shows frames, `gestures` asks for the order of movements.
"""

from rnnlib.tasks.clips import MOVEMENTS, filmed, movements
from rnnlib.tasks.every_step import addition, echo, timing, windows
from rnnlib.tasks.gestures import STROKE_ORDERS, STROKES, strokes
from rnnlib.tasks.last_step import (
    ORDER_SYMBOLS,
    adding,
    latch,
    temporal_order,
    two_sequence,
)
from rnnlib.tasks.numbers import ENGLISH_PIECES, FRENCH_PIECES, english, french, number_pairs, translations
from rnnlib.tasks.reber import REBER_SYMBOLS, embedded_reber, legal_successors

__all__ = [
    "ENGLISH_PIECES",
    "FRENCH_PIECES",
    "MOVEMENTS",
    "ORDER_SYMBOLS",
    "REBER_SYMBOLS",
    "STROKES",
    "STROKE_ORDERS",
    "adding",
    "addition",
    "echo",
    "embedded_reber",
    "english",
    "french",
    "filmed",
    "latch",
    "legal_successors",
    "movements",
    "number_pairs",
    "strokes",
    "temporal_order",
    "timing",
    "translations",
    "two_sequence",
    "windows",
]
