"""After the first origin the past is made of forecasts. At each origin the actual values up to there are
known.
"""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    past, rows = series[:first], []
    for _ in range(len(series) - H + 1 - first):
        model = fit(past)
        for _ in range(H):
            past = np.append(past, forecast(model, past))
        rows.append(past[-H:])
    return np.array(rows)
