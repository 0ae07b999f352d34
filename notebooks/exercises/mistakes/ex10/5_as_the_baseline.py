"""No better than the baseline. Does yours look at fixed places as well? Then each weight belongs to a
place, and in another gesture a stroke stands elsewhere. If it is a recurrent net: is it trained long
enough, on new gestures at every step, with enough units, and read at the end of each gesture?
"""

import numpy as np

from rnnlib.tasks import strokes


def look(x, lengths):
    places = np.linspace(0, lengths - 1, 10).round().astype(int)
    rows = [x[place, np.arange(len(lengths))] for place in places]
    return np.column_stack([*rows, np.ones(len(lengths))])


seen = strokes(np.random.default_rng(3), 2000)
W_y, *_ = np.linalg.lstsq(look(seen.x, lengths_of(seen)), np.eye(6)[seen.d[0]], rcond=None)


def predict(x, lengths):
    return np.argmax(look(x, lengths) @ W_y, axis=1)
