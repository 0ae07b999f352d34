"""Right answers to exercise 9 in other styles: `function__style` must pass as `function` does."""

import numpy as np


def squash(z):
    return 1 / (1 + np.exp(-z))


def gru_step__split(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    n = s_prev.shape[-1]
    z, r = (squash(s_prev @ W[:n] + x_t @ W[n:] + b) for W, b in ((W_z, b_z), (W_r, b_r)))
    new = np.tanh((s_prev * r) @ W_n[:n] + x_t @ W_n[n:] + b_n)
    return s_prev + z * (new - s_prev)


def gru_step__both_gates_at_once(old, event, W_z, W_r, W_n, b_z, b_r, b_n):
    z, r = np.split(squash(np.c_[old, event] @ np.c_[W_z, W_r] + np.r_[b_z, b_r]), 2, axis=1)
    state = z * np.tanh(np.c_[old * r, event] @ W_n + b_n)
    state += old
    state -= z * old
    return state


def gru_step__one_sequence_after_the_other(s_prev, x_t, W_z, W_r, W_n, b_z, b_r, b_n):
    states = []
    for s, x in zip(s_prev, x_t, strict=True):
        z, r = squash(np.r_[s, x] @ W_z + b_z), squash(np.r_[s, x] @ W_r + b_r)
        states.append(z * np.tanh(np.r_[r * s, x] @ W_n + b_n) + (1 - z) * s)
    return states


def gru_step__float32(*given):
    return gru_step__split(*(np.asarray(a, np.float32) for a in given))


def new_after__einsum(r, s, x, W, b, b_s):
    z = np.einsum("bi,ij->bj", s, W[: s.shape[1]])
    z += b_s
    z *= r
    z += np.einsum("bi,ij->bj", x, W[-x.shape[1] :]) + b
    return np.tanh(z, out=z)


def new_after__loops(r_t, s_prev, x_t, W_n, b_n, b_ns):
    N_t = np.zeros(r_t.shape)
    for b, j in np.ndindex(*N_t.shape):
        past, event = W_n[: len(b_n), j], W_n[len(b_n) :, j]
        N_t[b, j] = r_t[b, j] * (sum(s_prev[b] * past) + b_ns[j]) + sum(x_t[b] * event) + b_n[j]
        N_t[b, j] = np.tanh(N_t[b, j])
    return N_t.tolist()


def peephole_step__in_place(LTM_prev, z_n, z_i, z_f, z_v, p_i, p_f, p_v):
    LTM = LTM_prev * squash(LTM_prev * p_f + z_f)
    LTM += np.tanh(z_n) * squash(LTM_prev * p_i + z_i)
    STM = squash(LTM * p_v + z_v)
    STM *= np.tanh(LTM)
    return [LTM, STM]


def peephole_step__diagonal(old, new, let_in, keep, use, *peepholes):
    ignore, forget, show = map(np.diag, peepholes)
    LTM = old * squash(keep + old @ forget) + np.tanh(new) * squash(let_in + old @ ignore)
    return LTM, np.tanh(LTM) * squash(use + LTM @ show)


def to_pytorch__gate_by_gate(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_z)
    gates = W_r.T, -W_z.T, W_n.T
    weight_ih = np.vstack([W[:, n_s:] for W in gates])
    weight_hh = np.vstack([W[:, :n_s] for W in gates])
    return weight_ih, weight_hh, np.r_[b_r, -b_z, b_n], np.r_[0 * b_r, 0 * b_z, b_ns]


def to_pytorch__biases_with_the_state(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    n_s = len(b_z)
    weight_ih, weight_hh = np.empty((3 * n_s, len(W_z) - n_s)), np.empty((3 * n_s, n_s))
    for k, W in enumerate((W_r, -1 * W_z, W_n)):
        rows = slice(k * n_s, (k + 1) * n_s)
        weight_hh[rows], weight_ih[rows] = W[:n_s].T, W[n_s:].T
    return [weight_ih, weight_hh, [0.0] * (2 * n_s) + list(b_n), [*b_r, *-b_z, *b_ns]]


def to_pytorch__half_a_bias_each(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    weight_ih, weight_hh, *_ = to_pytorch__gate_by_gate(W_z, W_r, W_n, b_z, b_r, b_n, b_ns)
    half = np.concatenate([b_r, -b_z]) / 2
    return weight_ih, weight_hh, np.append(half, b_n), np.append(half, b_ns)


def vjp__outer_products(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    n_s, dW_f, dW_n, a_prev = W_f.shape[1], np.zeros(W_f.shape), np.zeros(W_n.shape), np.zeros(a.shape)
    for b in range(len(a)):
        seen = np.append(s_prev[b], x_t[b])
        d_n = a[b] * (1 - f_t[b]) * (1 - N_t[b]) * (1 + N_t[b])
        d_f = a[b] * f_t[b] * (1 - f_t[b]) * (s_prev[b] - N_t[b])
        dW_f += np.outer(seen, d_f)
        dW_n += np.outer(seen, d_n)
        a_prev[b] = a[b] * f_t[b] + W_f[:n_s] @ d_f + W_n[:n_s] @ d_n
    return dW_f, dW_n, a_prev


def vjp__jacobians(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    W_sf, W_sn = W_f[: len(W_f[0])], W_n[: len(W_n[0])]
    by_f, by_n = (s_prev - N_t) * (f_t - f_t**2), (1 - f_t) * (1 - N_t * N_t)
    J = np.eye(len(W_f[0])) * f_t[:, None] + W_sf * by_f[:, None] + W_sn * by_n[:, None]
    seen = np.c_[s_prev, x_t]
    along = "bi,bj,bj->ij"
    return np.einsum(along, seen, a, by_f), np.einsum(along, seen, a, by_n), np.einsum("bj,bij->bi", a, J)
