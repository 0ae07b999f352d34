"""What the applications on real data have in common: a row of the table at the end of lesson 10."""

from typing import NamedTuple

import numpy as np

__all__ = ["Score"]


class Score(NamedTuple):
    """How well a model did on data that it did not see.

    application : str      "speech"
    model : str            "LSTM, 32 units"
    measure : str          what the numbers are: "right, of 370", "error, lower is better"
    scores : (seeds,)      one for each seed; a baseline that does not depend on one has a single entry
    kind : str             "ours", "baseline" or "published" (quoted, with its source)
    source : str           of a published number: paper and table or page
    """

    application: str
    model: str
    measure: str
    scores: np.ndarray
    kind: str = "ours"
    source: str = ""
