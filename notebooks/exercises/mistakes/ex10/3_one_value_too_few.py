"""The last value that is known at the origin is not used."""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    rows = []
    for now in range(first, len(series) - H + 1):
        past = series[: now - 1]
        model = fit(past)
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[-H:])
    return np.array(rows)
