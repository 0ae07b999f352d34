"""The first value to forecast is known already. What is known at t are the values before index t."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    for now in range(first, len(series) - H + 1):
        past = series[: now + 1]
        model = fit(past)
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[now + 1 :])
    return np.array(rows)
