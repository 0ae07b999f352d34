"""Right answers to exercise 7 in other styles: `function__style` must pass as `function` does."""

import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def gates__slices(STM_prev, x_t, W, b):
    n = STM_prev.shape[-1]
    z = STM_prev @ W[:n]
    z += x_t @ W[n:]
    z += b
    return np.tanh(z[:, :n]), squash(z[:, n : 2 * n]), squash(z[:, 2 * n : 3 * n]), squash(z[:, 3 * n :])


def gates__one_by_one(short, event, weights, biases):
    seen, made = np.hstack((short, event)), []
    for W, b in zip(np.hsplit(weights, 4), np.split(biases, 4), strict=True):
        made.append(np.einsum("bi,ij->bj", seen, W) + b)
    return [np.tanh(made[0]), *(0.5 * (1 + np.tanh(z / 2)) for z in made[1:])]


def gates__reshape(STM_prev, x_t, W, b):
    B, n_s = STM_prev.shape
    z = (np.c_[STM_prev, x_t] @ W + b).reshape(B, 4, n_s).transpose(1, 0, 2).copy()
    np.tanh(z[0], out=z[0])
    z[1:] = squash(z[1:])
    return tuple(z)


def gates__float32(STM_prev, x_t, W, b):
    return gates__slices(*(np.asarray(a, np.float32) for a in (STM_prev, x_t, W, b)))


def step__in_place(LTM_prev, STM_prev, x_t, W, b):
    N, i, f, V = gates(STM_prev, x_t, W, b)
    memory = LTM_prev.copy()
    memory *= f
    memory += i * N
    V *= np.tanh(memory)
    return memory, V


def step__loops(LTM_prev, STM_prev, x_t, W, b):
    LTM, STM = [], []
    for old, *parts in zip(LTM_prev, *gates(STM_prev, x_t, W, b), strict=True):
        LTM.append([m * f + n * i for m, n, i, f, _ in zip(old, *parts, strict=True)])
        STM.append([v * np.tanh(m) for m, v in zip(LTM[-1], parts[-1], strict=True)])
    return LTM, STM


def run__in_place(x, lengths, LTM_0, STM_0, W, b):
    LTM, STM = (np.repeat(first[None], len(x) + 1, axis=0) for first in (LTM_0, STM_0))
    for t in range(1, len(LTM)):
        LTM[t], STM[t] = LTM[t - 1], STM[t - 1]
        on = np.flatnonzero(lengths >= t)
        LTM[t, on], STM[t, on] = step(LTM[t - 1, on], STM[t - 1, on], x[t - 1, on], W, b)
    return LTM, STM


def run__each_alone(x, lengths, LTM_0, STM_0, W, b):
    both = np.empty((2, len(x) + 1, *LTM_0.shape))
    for k, length in enumerate(lengths):
        now = LTM_0[[k]], STM_0[[k]]
        for t in range(len(x) + 1):
            if 0 < t <= length:
                now = step(*now, x[t - 1, [k]], W, b)
            both[:, t, k] = np.concatenate(now)
    return tuple(both)


def run__mask(x, lengths, LTM_0, STM_0, W, b):
    states = [(LTM_0, STM_0)]
    for t, x_t in enumerate(x):
        m = 1.0 * (t < np.array(lengths))[:, np.newaxis]
        states.append([m * new + (1 - m) * old for new, old in zip(step(*states[-1], x_t, W, b), states[-1],
                                                                   strict=True)])  # fmt: skip
    return [LTM for LTM, _ in states], [STM for _, STM in states]


def notes_step__through_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    kept = LTM_prev * gates(STM_prev, x_t, W, b)[2]
    return step(LTM_prev, STM_prev, x_t, W, b)[0], gates(STM_prev, x_t, W, b)[3] * np.tanh(kept @ W_u + b_u)


def notes_step__einsum(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    new, let_in, keep, show = gates__slices(STM_prev, x_t, W, b)
    z = np.einsum("bi,bi,ij->bj", LTM_prev, keep, W_u) + b_u
    return let_in * new + keep * LTM_prev, show * np.tanh(z)


def set_by_hand__lists(T):
    return [[0, 0, 0, 0], [1, 0, 0, 0], [0, 16, -18, 0], [0, 0, 0, 10]], [0, -8.5, 8.5, -5]


def set_by_hand__of_T(T):
    z = np.log(T) + 4
    W = np.zeros((4, 4))
    W[1, 0], W[2, 1], W[2, 2], W[3, 3] = 5, 2 * z, -2 * z, z
    return W, np.array([0, -z, z, -z / 2])


def set_by_hand__float32(T):
    W, b = np.zeros((4, 4), np.float32), np.array([0, -1000, 1000, -1000], np.float32)
    W[[1, 2, 2, 3], [0, 1, 2, 3]] = 2, 2000, -2000, 2000
    return W, b
