"""Exercise 10: what is fed back. Forecasts several steps ahead, and the symbols of a decoder."""

import numpy as np

from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["FORECAST", "GREEDY"]

SUNSPOTS, LANGUAGE = Section("10", "Sunspots"), Section("10", "Language")

# 3. Walk forward


def draw_forecast(rng, trial):
    """A series with a rhythm, a trend and chance in it; one forecast of one step in the first trial."""
    H = 1 if trial == 0 else int(rng.integers(3, 5))
    first = int(rng.integers(8, 12))
    N = first + H + (0 if trial == 0 else int(rng.integers(4, 7)))
    t = np.arange(N)
    series = (
        rng.uniform(2, 4) * np.sin(rng.uniform(0.5, 1) * t + rng.uniform(0, 6)) + rng.uniform(0.1, 0.3) * t
    )
    return {"series": series + rng.normal(size=N), "fit": fit, "forecast": forecast, "first": first, "H": H}


def fit(past):
    """Mean, and how much of a distance from it is left a step later.

    By correlation. In least squares, data that lie on the forecast change nothing, and no check would see them.
    """
    past = np.asarray(past, float)
    away = past - past.mean()
    return np.array([past.mean(), away[1:] @ away[:-1] / (away @ away)])


def forecast(model, past):
    mean, left = model
    return mean + left * (past[-1] - mean)


def walk_forward(series, fit, forecast, first, H):
    return walked(series, fit, forecast, first, H)


def walked(series, fit, forecast, first, H, shift=0, until=None, step=1):
    """Forecasts of all origins; a mistake starts `shift` later, fits to all before `until`, or leaves some out."""
    rows = []
    for t in range(first, len(series) - H + 1, step):
        known = series[: t + shift]
        rows.append(ahead(known, fit(known if until is None else series[:until]), forecast, H))
    return np.array(rows)


def ahead(known, model, forecast, H):
    """H forecasts, each of which is taken for known by the next."""
    past = known
    for _ in range(H):
        past = np.append(past, forecast(model, past))
    return past[len(known) :]


def actual_values(series, fit, forecast, first, H):
    origins = range(first, len(series) - H + 1)
    return np.array([[forecast(fit(series[:t]), series[: t + h]) for h in range(H)] for t in origins])


def refitted(series, fit, forecast, first, H):
    rows = []
    for t in range(first, len(series) - H + 1):
        past = series[:t]
        for _ in range(H):
            past = np.append(past, forecast(fit(past), past))
        rows.append(past[t:])
    return np.array(rows)


def never_reset(series, fit, forecast, first, H):
    past, rows = series[:first], []
    for _ in range(first, len(series) - H + 1):
        rows.append(ahead(past, fit(past), forecast, H))
        past = np.append(past, rows[-1])
    return np.array(rows)


def window(series, fit, forecast, first, H):
    origins = range(first, len(series) - H + 1)
    return np.array([ahead(series[:t], fit(series[t - first : t]), forecast, H) for t in origins])


FORECAST = Task(
    title="walk forward",
    function="walk_forward",
    returns=("forecasts (N − first − H + 1, H)",),
    draw=draw_forecast,
    reference=walk_forward,
    mistakes=(
        Mistake(
            "fitted to everything",
            "The model is fitted to the whole series, and so to the values that it is to forecast.",
            lambda series, *given: walked(series, *given, until=len(series)),
        ),
        Mistake(
            "fitted once",
            "The model is fitted only once. At a later origin more is known: fit again to all of it.",
            lambda series, fit, forecast, first, H: walked(series, fit, forecast, first, H, until=first),
        ),
        Mistake(
            "actual values",
            "From the second step on the forecast is made from actual values. At the origin they lie in the future: all "
            "that is there in their place is the forecast before.",
            actual_values,
        ),
        Mistake(
            "one value too many",
            "The first value to forecast is known already. What is known at t are the values before index t.",
            lambda *given: walked(*given, shift=1),
        ),
        Mistake(
            "one value too few",
            "The last value that is known at the origin is not used.",
            lambda *given: walked(*given, shift=-1),
        ),
        Mistake(
            "one step repeated",
            "All H forecasts of an origin are the same: the first one. Each must be followed by the next.",
            lambda series, fit, forecast, first, H: np.repeat(
                walk_forward(series, fit, forecast, first, H)[:, :1], H, 1
            ),
        ),
        Mistake(
            "fitted to forecasts",
            "The model is fitted again after each forecast, with the forecast among its data. That is no new "
            "measurement.",
            refitted,
        ),
        Mistake(
            "never reset",
            "After the first origin the past is made of forecasts. At each origin the actual values up to there are "
            "known.",
            never_reset,
        ),
        Mistake(
            "window",
            "Each fit sees a window of `first` values. At later origins more is known.",
            window,
        ),
        Mistake(
            "gaps",
            "Origins are left out: it goes on only where the last forecast ended. Every place from `first` on is an "
            "origin, as long as H values follow.",
            lambda series, fit, forecast, first, H: walked(series, fit, forecast, first, H, step=H),
        ),
    ),
    reread=SUNSPOTS,
)


# 4. Greedy decoding


def draw_greedy(rng, trial):
    """A random decoder whose sentence ends, or is cut short where `trial` is even; drawn until it says something."""
    while True:
        n, n_s = int(rng.integers(6, 9)), int(rng.integers(4, 6))
        start, end = (int(k) for k in rng.choice(n, 2, replace=False))
        state, step = rng.normal(size=n_s), decoder(rng, n, n_s)
        said, *others = (tuple(way(step, state, start, end, 12)) for way in WAYS)
        if 4 <= len(said) <= 8 and len(set(said)) >= 3 and len({said, *others}) == len(WAYS):
            most = 1 if trial == 0 else len(said) - 2 if trial % 2 == 0 else len(said) + 3
            return {"step": step, "state": state, "start": start, "end": end, "most": most}


def decoder(rng, n, n_s):
    """A step of a random recurrent net: (symbol, state) -> (scores, state)."""
    W_x, W_s, W_y = (
        2 * rng.normal(size=(n, n_s)),
        1.5 * rng.normal(size=(n_s, n_s)),
        rng.normal(size=(n_s, n)),
    )

    def step(symbol, state):
        state = np.tanh(W_x[symbol] + state @ W_s)
        return state @ W_y, state

    return step


def greedy(step, state, start, end, most):
    said, symbol = [], start
    while len(said) < most:
        scores, state = step(symbol, state)
        symbol = int(np.argmax(scores))
        if symbol == end:
            break
        said.append(symbol)
    return said


def smallest(step, *given):
    def reversed_step(symbol, state):
        scores, state = step(symbol, state)
        return -scores, state

    return greedy(reversed_step, *given)


def not_carried(step, state, *given):
    return greedy(lambda symbol, _: step(symbol, state), state, *given)


def start_every_time(step, state, start, *given):
    return greedy(lambda _, state: step(start, state), state, start, *given)


def one_step(step, state, start, *given):
    return greedy(lambda *_: step(start, state), state, start, *given)


WAYS = (greedy, smallest, not_carried, start_every_time, one_step)


def with_end(step, state, start, end, most):
    said = greedy(step, state, start, end, most)
    return said + [end] * (len(said) < most)


def never_ending(step, state, start, end, most):
    return greedy(step, state, start, None, most)


GREEDY = Task(
    title="greedy decoding",
    function="greedy",
    returns=("symbols (number said,)",),
    draw=draw_greedy,
    reference=greedy,
    view=lambda answer, arguments: np.array([int(symbol) for symbol in answer]),
    mistakes=(
        Mistake(
            "not carried",
            "Every step starts from the state that the encoder left. It must start from the one that the step before "
            "returned.",
            not_carried,
        ),
        Mistake(
            "start every time",
            "Every step is fed the start sign. After the first it is fed its own last answer.",
            start_every_time,
        ),
        Mistake(
            "one step",
            "All symbols come from the scores of the first step. Each needs a step of its own.",
            one_step,
        ),
        Mistake(
            "end included",
            "The end sign is among the symbols. It says that the sentence is over, and is not part of it.",
            with_end,
        ),
        Mistake(
            "start included",
            "The start sign is among the symbols. It was given, not said.",
            lambda step, state, start, *given: [start, *greedy(step, state, start, *given)],
        ),
        Mistake(
            "start counted",
            "The start sign is among the symbols, and `most` counts it. It was given, not said.",
            lambda step, state, start, end, most: [start, *greedy(step, state, start, end, most - 1)],
        ),
        Mistake(
            "end left out",
            "It goes on after the end sign, and only the sign itself is left out. Whatever comes after it was not said.",
            lambda *given: [symbol for symbol in never_ending(*given) if symbol != given[3]],
        ),
        Mistake(
            "never ends",
            "It goes on after the end sign.",
            never_ending,
        ),
        Mistake(
            "no limit",
            "It goes on until the end sign comes, however long that takes. A decoder may never say it: `most` is there "
            "for that.",
            lambda step, state, start, end, most: greedy(step, state, start, end, 20),
        ),
        Mistake(
            "one too few",
            "One symbol is missing where no end sign came. Does `most` count a sign, or is the last symbol cut off as if "
            "it were the end sign?",
            lambda step, state, start, end, most: greedy(step, state, start, end, most - 1),
        ),
        Mistake(
            "one too many",
            "It goes one symbol too far where there is no end sign. `most` counts symbols that are returned.",
            lambda step, state, start, end, most: greedy(step, state, start, end, most + 1),
        ),
        Mistake(
            "smallest",
            "It says the symbol with the smallest score. The best one has the largest.",
            smallest,
        ),
    ),
    reread=LANGUAGE,
)
