"""The model is fitted only once. At a later origin more is known: fit again to all of it."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    model = fit(series[:first])
    rows = []
    for origin in range(first, len(series) - H + 1):
        past = series[:origin]
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[-H:])
    return np.stack(rows)
