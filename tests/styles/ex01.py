"""Right answers to exercise 1 in other styles: `function__style` must pass as `function` does."""

import numpy as np


def echo_targets__loop(x, k):
    d, mask = [0.0] * len(x), [False] * len(x)
    for t in range(k, len(x)):
        d[t], mask[t] = x[t - k], True
    return d, mask


def echo_targets__roll(sequence, delay):
    there = np.arange(len(sequence)) >= delay
    return np.where(there, np.roll(sequence, delay), 0), there


def echo_targets__float32(x, k):
    d = np.append(np.zeros(k, np.float32), x[:-k].astype(np.float32))
    return d, (np.arange(len(x)) >= k).astype(int)


def windows__carried(x, w):
    window, rows = np.zeros((w, x.shape[1])), []
    for x_t in x:
        window = np.append(window[1:], x_t[None], axis=0)
        rows.append(window.ravel())
    return rows


def windows__columns(x, w):
    padded = np.pad(x, ((w - 1, 0), (0, 0)))
    return np.hstack([padded[j : j + len(x)] for j in range(w)])


def windows__view(x, w):
    padded = np.vstack([np.zeros((w - 1, x.shape[1])), x])
    return np.lib.stride_tricks.sliding_window_view(padded, w, axis=0).swapaxes(1, 2).reshape(len(x), -1)


def windows__in_place(x, w):
    T, n_x = x.shape
    rows = np.zeros((T, w, n_x), np.float32)
    for lag in range(min(w, T)):
        rows[lag:, w - 1 - lag] = x[: T - lag]
    return rows.reshape(T, w * n_x)


def best_error__what_is_left(a, w):
    return 1 - np.dot(a[:w], a[:w]) / np.dot(a, a)


def best_error__loop(a, w):
    inside = outside = 0.0
    for k, a_k in enumerate(a):
        if k < w:
            inside += a_k * a_k
        else:
            outside += a_k * a_k
    return outside / (inside + outside)


def best_error__norms(a, w):
    return (np.linalg.norm(a[w:]) / np.linalg.norm(a)) ** 2


def run__factor(x, new, W_x, W_s, W_y):
    s, y = np.zeros(W_s.shape[0]), np.zeros((len(x), W_y.shape[1]))
    for t in range(len(x)):
        s = x[t].dot(W_x) + (1 - new[t]) * s.dot(W_s)
        y[t] = s.dot(W_y)
    return y


def run__einsum(x, new, W_x, W_s, W_y):
    s = np.einsum("ti,ij->tj", x, W_x)
    for t in range(1, len(x)):
        if not new[t]:
            s[t] += np.einsum("i,ij->j", s[t - 1], W_s)
    return s @ W_y


def run__rows(stream, begins, in_weights, weights, out_weights):
    state, answers = None, []
    for row, first in zip(stream[:, None], begins, strict=True):
        state = row @ in_weights if first else row @ in_weights + state @ weights
        answers.append((state @ out_weights)[0].tolist())
    return answers


def memory_weights__lists(a):
    n = len(a)
    W_s = [[1.0 if j == i + 1 else 0.0 for j in range(n)] for i in range(n)]
    return [[1.0] + [0.0] * (n - 1)], W_s, [[a_k] for a_k in a]


def memory_weights__from_right_to_left(a):
    n = len(a)
    return np.eye(1, n, n - 1), np.eye(n, k=-1), a[::-1, None]


def memory_weights__weighted_on_entry(a):
    n = len(a)
    return a[None, ::-1], np.eye(n, k=1), np.eye(n)[:, -1:]


def memory_weights__a_box_to_spare(a):
    n = len(a) + 1
    return np.eye(1, n, dtype=np.float32), np.eye(n, k=1), np.append(a, 0).reshape(-1, 1)
