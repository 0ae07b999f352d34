"""The model is fitted again after each forecast, with the forecast among its data. That is no new
measurement.
"""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    for origin in range(first, len(series) - H + 1):
        past = list(series[:origin])
        for _ in range(H):
            past.append(forecast(fit(np.array(past)), np.array(past)))
        rows.append(past[origin:])
    return np.array(rows)
