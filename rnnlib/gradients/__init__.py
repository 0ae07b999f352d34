"""Look at gradients: are they right, and how far back do they reach?

`check` compares the engine with differences of E alone. `by_lag` measures what is left of a gradient at
every step on its way back, `reach` the same beyond all numbers; `jacobians` and `singular_values` show the
factors of which it is made, `bound` what they can do at most.
"""

from rnnlib.gradients.checking import Check, CheckRow, check
from rnnlib.gradients.reaching import RANGE, Reach, bound, by_lag, jacobians, reach, singular_values

__all__ = [
    "RANGE",
    "Check",
    "CheckRow",
    "Reach",
    "bound",
    "by_lag",
    "check",
    "jacobians",
    "reach",
    "singular_values",
]
