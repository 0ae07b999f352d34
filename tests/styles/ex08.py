"""Right answers to exercise 8 in other styles: `function__style` must pass as `function` does."""

import math

import numpy as np


def kept__product(f, i, start, end):
    return i[start - 1] * np.prod(f[start:end], axis=0)


def kept__backwards(forget, ignore, first, last):
    share = np.ones_like(forget[0])
    while last > first:
        last -= 1
        share *= forget[last]
    return ignore[first - 1] * share


def kept__logarithms(f, i, start, end):
    return np.exp(np.log(i[start - 1]) + np.log(f[start:end]).sum(axis=0))


def bias_for__one_line(left, steps):
    return -np.log(left ** (-1 / steps) - 1)


def bias_for__list(left, steps):
    factors = [share ** (1 / steps) for share in left]
    return [math.log(f) - math.log(1 - f) for f in factors]


def bias_for__bisection(left, steps):
    low, high = np.full(len(left), -50.0), np.full(len(left), 50.0)
    for _ in range(100):
        middle = (low + high) / 2
        less = (1 / (1 + np.exp(-middle))) ** steps < left
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return low


def bias_for__float32(left, steps):
    a = (-np.log(left) / steps).astype(np.float32)
    return -np.log(np.expm1(a))


def memory_back__in_place(from_next, dE_dSTM, LTM_t, V_t):
    whole = from_next.copy()
    whole += dE_dSTM * V_t / np.cosh(LTM_t) ** 2
    return whole


def memory_back__loops(from_next, dE_dSTM, LTM_t, V_t):
    whole = np.zeros(LTM_t.shape)
    for b, j in np.ndindex(*LTM_t.shape):
        slope = 1 - math.tanh(LTM_t[b, j]) ** 2
        whole[b, j] = from_next[b, j] + dE_dSTM[b, j] * V_t[b, j] * slope
    return whole


def gates_back__one_array(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    U_t = np.tanh(LTM_t)
    products = np.stack([i_t, N_t, LTM_prev, U_t, f_t])
    slopes = np.stack([1 - N_t * N_t, i_t - i_t**2, f_t - f_t**2, V_t - V_t**2, np.ones_like(f_t)])
    return list(np.stack([whole, whole, whole, dE_dSTM, whole]) * products * slopes)


def gates_back__float32(dC, dh, c_prev, c, g, i, f, o):
    dC, dh, c_prev, c, g, i, f, o = (np.asarray(a, np.float32) for a in (dC, dh, c_prev, c, g, i, f, o))
    return [(1 - g**2) * i * dC, (1 - i) * i * g * dC, (1 - f) * f * c_prev * dC,
            (1 - o) * o * np.tanh(c) * dh, f * dC]  # fmt: skip


def gates_back__of_the_new_memory(whole, dE_dSTM, LTM_prev, LTM_t, N_t, i_t, f_t, V_t):
    new, kept = N_t * i_t, LTM_t - N_t * i_t
    dz_n = whole * (i_t - new * N_t)
    return (
        dz_n,
        whole * new * (1 - i_t),
        whole * kept * (1 - f_t),
        _of_the_filter(dE_dSTM, LTM_t, V_t),
        f_t * whole,
    )


def _of_the_filter(dE_dSTM, LTM_t, V_t):
    STM_t = V_t * np.tanh(LTM_t)
    return dE_dSTM * STM_t * (1 - V_t)


def lstm_back__all_at_the_end(own, x, LTM, STM, gates, W):
    n_s, rows = LTM.shape[-1], []
    dLTM = dSTM = 0
    for t in reversed(range(len(x))):
        dSTM = dSTM + own[t]
        *dz, dLTM = gates_back(
            memory_back(dLTM, dSTM, LTM[t + 1], gates[t][3]), dSTM, LTM[t], LTM[t + 1], *gates[t]
        )
        rows.insert(0, np.concatenate(dz, axis=-1))
        dSTM = (rows[0] @ W.T)[:, :n_s]
    dz, seen = np.array(rows), np.concatenate([STM[:-1], x], axis=-1)
    return np.einsum("tbi,tbj->ij", seen, dz), np.einsum("tbj->j", dz)


def lstm_back__from_scratch(own, x, LTM, STM, gates, W):
    (T, B, n_s), n_x = own.shape, x.shape[-1]
    dW, db = np.zeros((n_s + n_x, 4, n_s)), np.zeros((4, n_s))
    later_LTM, later_STM = np.zeros((2, B, n_s))
    blocks = W.reshape(n_s + n_x, 4, n_s)
    for t in range(T, 0, -1):
        N, i, f, V = gates[t - 1]
        shown = np.tanh(LTM[t])
        dh = own[t - 1] + later_STM
        dc = later_LTM + dh * V * (1 - shown**2)
        dz = np.stack(
            [
                dc * i * (1 - N**2),
                dc * N * i * (1 - i),
                dc * LTM[t - 1] * f * (1 - f),
                dh * shown * V * (1 - V),
            ]
        )
        dW[:n_s] += np.einsum("bi,gbj->igj", STM[t - 1], dz)
        dW[n_s:] += np.einsum("bi,gbj->igj", x[t - 1], dz)
        db += dz.sum(axis=1)
        later_LTM, later_STM = f * dc, np.einsum("gbj,igj->bi", dz, blocks[:n_s])
    return dW.reshape(W.shape), db.ravel()
