"""What the experiments on lags share: training until a net is done, and the start of W_s."""

import time

import numpy as np


class UntilDone:
    """New batches, until a streak of them was answered without a mistake: `fit` takes it, and its loss.

    Parameters
    ----------
    draw : callable
        `draw()` makes a batch.
    loss : callable
        `loss(y, d, mask)`, as `fit` takes it.
    right : callable
        `right(y, batch)`: whether all answers of the batch are right.
    steps : int
        Batches at most.
    streak : int
        Batches in a row.
    seconds : float, optional
        Stop when they are over, after a first batch.
    """

    def __init__(self, draw, loss, right, steps, streak, seconds=None):
        self._draw, self._loss, self._right = draw, loss, right
        self.steps, self.streak, self.seconds = steps, streak, np.inf if seconds is None else seconds
        self.in_a_row, self._batch = 0, None

    def __iter__(self):
        end = time.perf_counter() + self.seconds
        for step in range(self.steps):
            if self.in_a_row == self.streak or (step and time.perf_counter() > end):
                return
            self._batch = self._draw()
            yield self._batch

    def loss(self, y, d, mask):
        """The loss of the last batch, whose answers count for the streak: nothing was learned from it yet."""
        self.in_a_row = self.in_a_row + 1 if self._right(y, self._batch) else 0
        return self._loss(y, d, mask)


def started(rng, orthogonal, start):
    """W_s by the name of its start: "orthogonal", "identity", ±1/√n_s ("small") or ±0.1 ("tiny"), uniform."""
    dtype, reaches = orthogonal.dtype, {"small": 1 / np.sqrt(len(orthogonal)), "tiny": 0.1}
    reach = chosen("start", start, {"identity": None, "orthogonal": None} | reaches)
    if reach is None:
        return orthogonal if start == "orthogonal" else np.eye(len(orthogonal), dtype=dtype)
    return rng.uniform(-reach, reach, orthogonal.shape).astype(dtype)


def chosen(name, value, known):
    """The entry of `known` that `value` names."""
    if value not in known:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(known)}")
    return known[value]
