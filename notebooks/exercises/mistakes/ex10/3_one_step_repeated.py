"""All H forecasts of an origin are the same: the first one. Each must be followed by the next."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    for origin in range(first, len(series) - H + 1):
        past = series[:origin]
        model = fit(past)
        rows.append([forecast(model, past) for _ in range(H)])
    return np.array(rows)
