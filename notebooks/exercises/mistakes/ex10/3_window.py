"""Each fit sees a window of `first` values. At later origins more is known."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    for origin in range(first, len(series) - H + 1):
        past = series[origin - first : origin]
        model = fit(past)
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[first:])
    return np.array(rows)
