"""Better than the baseline, and not yet enough. Is everything trained, the recurrent weights too; long
enough; and on new gestures at every step, so that none is learned by heart?
"""

import numpy as np

from rnnlib.tasks import strokes

rng = np.random.default_rng(0)
W_x, W_s = 0.5 * rng.normal(size=(2, 40)), rng.normal(size=(40, 40))
W_s *= 0.95 / np.abs(np.linalg.eigvals(W_s)).max()


def look(x, lengths):
    s, states = np.zeros((len(lengths), 40)), []
    for x_t in x:
        s = 0.7 * s + 0.3 * np.tanh(x_t @ W_x + s @ W_s)
        states.append(s)
    ends = np.array(states)[lengths - 1, np.arange(len(lengths))]
    return np.column_stack([ends, np.ones(len(lengths))])


seen = strokes(np.random.default_rng(3), 2000)
W_y, *_ = np.linalg.lstsq(look(seen.x, lengths_of(seen)), np.eye(6)[seen.d[0]], rcond=None)


def predict(x, lengths):
    return np.argmax(look(x, lengths) @ W_y, axis=1)
