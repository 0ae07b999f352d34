"""Right answers to exercise 3 in other styles: `function__style` must pass as `function` does."""

import numpy as np
import sympy as sp


def jacobian__broadcast(s_t, W_s):
    return (W_s * (s_t * (1 - s_t))).T


def jacobian__loops(state, weights):
    n = len(state)
    return [[state[q] * (1 - state[q]) * weights[p][q] for p in range(n)] for q in range(n)]


def jacobian__float32(s_t, W_s):
    s_t, W_s = s_t.astype(np.float32), W_s.astype(np.float32)
    return np.einsum("q,pq->qp", s_t - s_t**2, W_s)


def dE_ds__recursive(i, s, W_s, W_y, dE_dy):
    if i == len(s) - 1:
        return W_y @ dE_dy
    later = dE_ds__recursive(i + 1, s, W_s, W_y, dE_dy)
    return later @ jacobian(s[i + 1], W_s)


def dE_ds__columns(i, s, W_s, W_y, dE_dy):
    column = W_y @ dE_dy.reshape(-1, 1)
    for s_k in reversed(s[i + 1 :]):
        column = W_s @ (column * (s_k * (1 - s_k))[:, None])
    return column[:, 0]


def dE_ds__one_product(i, s, W_s, W_y, dE_dy):
    way = np.eye(len(W_s))
    for k in range(i + 1, len(s)):
        way = jacobian(s[k], W_s) @ way
    return dE_dy @ (W_y.T @ way)


def contribution__matrix_of_the_last_factor(i, s, W_s, W_y, dE_dy):
    n = len(W_s)
    last = np.zeros((n, n * n))  # a column for each entry of W_s, as in the lesson
    for p in range(n):
        for q in range(n):
            last[q, p * n + q] = s[i - 1, p] * s[i, q] * (1 - s[i, q])
    return (dE_ds(i, s, W_s, W_y, dE_dy) @ last).reshape(n, n)


def contribution__in_place(i, s, W_s, W_y, dE_dy):
    slope = s[i].copy()
    slope *= 1 - s[i]
    slope *= dE_ds(i, s, W_s, W_y, dE_dy)
    return s[i - 1][:, None] * slope


def contribution__own_way_back(i, s, W_s, W_y, dE_dy):
    row = dE_dy @ W_y.T
    for k in range(len(s) - 1, i, -1):
        row = (row * s[k] * (1 - s[k])) @ W_s.T
    return np.multiply.outer(s[i - 1], row * s[i] * (1 - s[i])).tolist()


def gradient_W_x__one_pass(x, d_N, s, W_s, W_y):
    row = W_y @ (s[-1] @ W_y - d_N)
    gradient = np.zeros((x.shape[1], s.shape[1]))
    for x_t, s_t in zip(x[::-1], s[:0:-1], strict=True):
        gradient += x_t[:, None] @ (row * s_t * (1 - s_t))[None]
        row = row @ jacobian(s_t, W_s)
    return gradient


def gradient_W_x__one_matrix_product(x, d_N, s, W_s, W_y):
    dE_dy = s[-1] @ W_y - d_N
    rows = np.stack([dE_ds(i, s, W_s, W_y, dE_dy) for i in range(1, len(s))])
    return np.einsum("tp,tq->pq", x, rows * s[1:] * (1 - s[1:]))


def gradient_W_x__forward(x, d_N, s, W_s, W_y):
    """The total derivative of s_t carried along forward, and the error at the end."""
    total = np.zeros((len(W_s), x.shape[1], len(W_s)))
    for t in range(1, len(s)):
        own = np.einsum("p,aq->apq", x[t - 1], np.diag(s[t] * (1 - s[t])))
        total = own + np.tensordot(jacobian(s[t], W_s), total, axes=1)
    return np.tensordot((s[-1] @ W_y - d_N) @ W_y.T, total, axes=1)


def gradient_W_x__float32(x, d_N, s, W_s, W_y):
    x, d_N, s, W_s, W_y = (a.astype(np.float32) for a in (x, d_N, s, W_s, W_y))
    return gradient_W_x__one_matrix_product(x, d_N, s, W_s, W_y)


def contributions__by_chain(phi, w, s_0, x):
    z, s, slopes = sp.Symbol("z"), [s_0], []
    for x_t in x:
        slopes.append(phi(z).diff(z).subs(z, w * s[-1] + x_t))
        s.append(phi(w * s[-1] + x_t))
    return [s[i] * slopes[i] * sp.prod([w * slope for slope in slopes[i + 1 :]]) for i in range(len(x))]


def contributions__one_place_at_a_time(phi, w, s_0, x):
    here, found = sp.Dummy(), []
    for place in range(len(x)):
        s = s_0
        for t, x_t in enumerate(x):
            s = phi((here if t == place else w) * s + x_t)
        found.append(sp.diff(s, here).subs(here, w))
    return tuple(found)


def contributions__own_symbol(phi, w, s_0, x):
    w = sp.Symbol("w", real=True)
    shift = [sp.Symbol(f"epsilon{t}") for t in range(len(x))]
    s = s_0
    for e, x_t in zip(shift, x, strict=True):
        s = phi((w + e) * s + x_t)
    return sp.Matrix([s]).jacobian(shift).subs(dict.fromkeys(shift, 0)).tolist()[0]
