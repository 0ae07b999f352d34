"""Origins are left out: it goes on only where the last forecast ended. Every place from `first` on is an
origin, as long as H values follow.
"""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    origin = first
    while origin <= len(series) - H:
        past = series[:origin]
        model = fit(past)
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[origin:])
        origin += H
    return np.array(rows)
