"""This is no better than guessing, one in six. The frames without their order say nothing: an average over
time cannot help, and neither can a net that was not trained.
"""

import numpy as np

from rnnlib.tasks import strokes


def look(x, lengths):
    return np.column_stack([x.sum(axis=0) / lengths[:, None], np.ones(len(lengths))])


seen = strokes(np.random.default_rng(3), 2000)
W_y, *_ = np.linalg.lstsq(look(seen.x, lengths_of(seen)), np.eye(6)[seen.d[0]], rcond=None)


def predict(x, lengths):
    return np.argmax(look(x, lengths) @ W_y, axis=1)
