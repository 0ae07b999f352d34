"""The last stroke is right and those before it are guessed: the answer depends on the last frames alone.
What the net saw earlier must be in its state.
"""

import numpy as np

from rnnlib.tasks import strokes


def look(x, lengths):
    each = np.arange(len(lengths))
    last = [x[lengths - 1 - k, each] for k in range(3)]
    return np.column_stack([*last, np.ones(len(lengths))])


seen = strokes(np.random.default_rng(3), 2000)
W_y, *_ = np.linalg.lstsq(look(seen.x, lengths_of(seen)), np.eye(6)[seen.d[0]], rcond=None)


def predict(x, lengths):
    return np.argmax(look(x, lengths) @ W_y, axis=1)
