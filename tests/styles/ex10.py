"""Right answers to exercise 10 in other styles: `function__style` must pass as `function` does."""

import functools

import numpy as np

from rnnlib import LSTM, Adam, Network, cross_entropy, fit
from rnnlib.tasks import STROKE_ORDERS, strokes


def standardize__masks(train, test, train_lengths, test_lengths):
    train_mask = np.arange(len(train))[:, None] < train_lengths
    test_mask = np.arange(len(test))[:, None] < test_lengths
    z_train, z_test = np.zeros_like(train), np.zeros_like(test)
    z_train[train_mask] = (train[train_mask] - train[train_mask].mean(0)) / train[train_mask].std(0)
    z_test[test_mask] = (test[test_mask] - train[train_mask].mean(0)) / train[train_mask].std(0)
    return z_train, z_test


def standardize__sums(train, test, train_lengths, test_lengths):
    """Padding is 0, so it adds nothing to a sum."""
    number = sum(train_lengths)
    mean = train.sum(axis=(0, 1)) / number
    std = np.sqrt((train**2).sum(axis=(0, 1)) / number - mean**2)
    parts = []
    for x, lengths in [(train, train_lengths), (test, test_lengths)]:
        z = (x - mean) / std
        for b in range(x.shape[1]):
            z[lengths[b] :, b] = 0.0
        parts.append(z)
    return parts


def standardize__float32(train, test, train_lengths, test_lengths):
    return tuple(
        part.astype(np.float32) for part in standardize__masks(train, test, train_lengths, test_lengths)
    )


def loss_and_share__loops(y, labels, lengths):
    E, right = 0.0, 0
    for b, (label, n) in enumerate(zip(labels, lengths, strict=True)):
        row = y[n - 1][b]
        E += row.max() - row[label] + np.log(sum(np.exp(value - row.max()) for value in row))
        right += row.argmax() == label
    return [E / len(labels), right / len(labels)]


def loss_and_share__logaddexp(y, labels, lengths):
    picked = np.take_along_axis(y, (np.asarray(lengths) - 1)[None, :, None], axis=0)[0]
    E = np.logaddexp.reduce(picked, axis=1) - picked[range(len(labels)), labels]
    return np.array([E.mean(), np.equal(picked.argmax(-1), labels).mean()])


def walk_forward__list(series, fit, forecast, first, H):
    series, rows = list(series), []
    while first + len(rows) <= len(series) - H:
        known = series[: first + len(rows)]
        model, row = fit(known), []
        while len(row) < H:
            row.append(forecast(model, known + row))
        rows.append(row)
    return rows


def walk_forward__in_place(series, fit, forecast, first, H):
    result = np.empty((len(series) - first - H + 1, H))
    for i in range(len(result)):
        copy = series.copy()
        model = fit(copy[: first + i])
        for t in range(first + i, first + i + H):
            copy[t] = forecast(model, copy[:t])
        result[i] = copy[first + i : first + i + H]
    return result


def greedy__recursive(step, state, start, end, most):
    if most == 0:
        return []
    scores, state = step(start, state)
    best = np.argmax(scores)
    return [] if best == end else [best, *greedy__recursive(step, state, best, end, most - 1)]


def greedy__array(step, state, start, end, most):
    said = [start]
    while len(said) <= most:
        scores, state = step(said[-1], state)
        said.append(max(range(len(scores)), key=scores.__getitem__))
    said = np.array(said[1:])
    return said[: np.flatnonzero(said == end)[0]] if end in said else said


@functools.cache
def trained():
    rng, network = np.random.default_rng(0), Network((LSTM(),), bias_y=True)
    params, _ = fit(
        network,
        network.init(rng, 2, 16, len(STROKE_ORDERS), np.float32),
        lambda step: strokes(rng, 32, dtype=np.float32),
        loss=cross_entropy,
        optimizer=Adam(0.02),
        clip=1.0,
        steps=150,
        progress=False,
    )
    return network, params


def predict__lstm(x, lengths):
    """Trained when it is first asked."""
    network, params = trained()
    y = network.forward(params, x.astype(np.float32)).y
    return [float(np.argmax(y[n - 1, b])) for b, n in enumerate(lengths)]


def predict__by_hand(x, lengths):
    """Not learned: the order in which four strokes fit best."""
    found = []
    for b, n in enumerate(lengths):
        sums = np.cumsum(np.vstack([np.zeros(2), x[:n, b]]), axis=0)
        found.append(max(range(len(STROKE_ORDERS)), key=lambda k: _fit(sums, STROKE_ORDERS[k])))
    return np.array(found)


def _fit(sums, order):
    """The most that four pieces add up to, each along its stroke; `sums` are those of the velocities."""
    along = {"right": sums[:, 0], "up": sums[:, 1], "left": -sums[:, 0], "down": -sums[:, 1]}
    best = along[order[0]]
    for stroke in order[1:]:
        best = along[stroke] + np.maximum.accumulate(best - along[stroke])
    return best[-1]
