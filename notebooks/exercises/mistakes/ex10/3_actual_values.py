"""From the second step on the forecast is made from actual values. At the origin they lie in the future:
all that is there in their place is the forecast before.
"""

import numpy as np


def walk_forward(series, fit, forecast, first, H):
    result = np.zeros((len(series) - first - H + 1, H))
    for i in range(len(result)):
        model = fit(series[: first + i])
        for h in range(H):
            result[i, h] = forecast(model, series[: first + i + h])
    return result
