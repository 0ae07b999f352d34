"""Right answers to exercise 4 in other styles: `function__style` must pass as `function` does."""

import numpy as np


def step_back__einsum(dE_ds_t, s_t, s_prev, x_t, W_s):
    slope = 1 - s_t * s_t
    back = np.einsum("bk,bk,jk->bj", dE_ds_t, slope, W_s)
    from_x = np.einsum("bi,bk,bk->ik", x_t, dE_ds_t, slope)
    from_s = np.einsum("bi,bk,bk->ik", s_prev, dE_ds_t, slope)
    return back, from_x, from_s, np.einsum("bk,bk->k", dE_ds_t, slope)


def step_back__outer(a, now, before, inputs, recurrent):
    back, W_x = np.zeros_like(a), np.zeros((inputs.shape[1], a.shape[1]))
    W_s, b_s = np.zeros_like(recurrent), np.zeros(a.shape[1])
    for b in range(len(a)):
        d = a[b] * np.diag(1 - now[b] ** 2).diagonal()
        back[b] = recurrent @ d
        W_x += np.outer(inputs[b], d)
        W_s += np.outer(before[b], d)
        b_s += d
    return back, W_x, W_s, b_s


def step_back__in_place(dE_ds_t, s_t, s_prev, x_t, W_s):
    delta = dE_ds_t.copy()
    delta *= 1 - np.square(s_t)
    ones = np.ones((len(delta), 1))
    shares = np.hstack([x_t, s_prev, ones]).T @ delta
    n_x = x_t.shape[1]
    return [delta @ W_s.T, shares[:n_x], shares[n_x:-1], shares[-1]]


def step_back__float32(*given):
    dE_ds_t, s_t, s_prev, x_t, W_s = (np.asarray(a, np.float32) for a in given)
    delta = dE_ds_t * (1 - s_t**2)
    return delta @ W_s.T, x_t.T @ delta, s_prev.T @ delta, delta.sum(0)


def backward__all_at_once(dE_ds, s, x, W_s):
    delta, row = np.empty_like(dE_ds), 0
    for t in range(len(x))[::-1]:
        delta[t] = (dE_ds[t] + row) * (1 - s[t + 1] ** 2)
        row = delta[t] @ W_s.T
    both = (np.tensordot(feeds, delta, axes=([0, 1], [0, 1])) for feeds in (x, s[:-1]))
    return *both, delta.sum(axis=(0, 1)), row


def backward__recursive(dE_ds, s, x, W_s):
    if not len(x):
        return 0, 0, 0, 0
    if len(dE_ds) == len(x):
        dE_ds = [*dE_ds, np.zeros_like(s[0])]
    row, *last = step_back(dE_ds[-2] + dE_ds[-1], s[-1], s[-2], x[-1], W_s)
    *rest, first = backward__recursive([*dE_ds[:-2], row], s[:-1], x[:-1], W_s)
    sums = [a + b for a, b in zip(last, rest, strict=True)]
    return *sums, first if len(x) > 1 else row


def backward__own_copy(dE_ds, s, x, W_s):
    a = np.concatenate([np.zeros_like(s[:1]), dE_ds])
    total = None
    for t in range(len(x), 0, -1):
        back, *shares = step_back(a[t], s[t], s[t - 1], x[t - 1], W_s)
        a[t - 1] += back
        total = shares if total is None else [old + new for old, new in zip(total, shares, strict=True)]
    return [*total, a[0]]


def numerical_gradient__units(E, w, eps):
    w = np.asarray(w, float)
    units = np.eye(w.size).reshape(w.size, *w.shape)
    return np.reshape([(E(w + eps * unit) - E(w - eps * unit)) / eps / 2 for unit in units], w.shape)


def numerical_gradient__put_back(E, w, eps):
    moved = np.array(w, float)
    flat, slopes = moved.reshape(-1), []
    for i, here in enumerate(flat.tolist()):
        flat[i] = here + eps
        above = E(moved)
        flat[i] = here - eps
        slopes.append((above - E(moved)) / (2 * eps))
        flat[i] = here
    return np.array(slopes).reshape(w.shape)


def numerical_gradient__five_points(E, w, eps):
    w = w.astype(np.float64)
    gradient = np.zeros_like(w)
    for i in np.ndindex(*w.shape):
        step = np.zeros_like(w)
        step[i] = eps
        near, far = E(w + step) - E(w - step), E(w + 2 * step) - E(w - 2 * step)
        gradient[i] = (8 * near - far) / (12 * eps)
    return gradient.tolist()


def truncated__slices(dE_ds, s, x, W_s, h):
    T, sums = len(x), [0, 0, 0]
    for t in range(T):
        first = max(0, t + 1 - h)
        row = dE_ds[t]
        for i in range(t, first - 1, -1):
            row, *shares = step_back(row, s[i + 1], s[i], x[i], W_s)
            sums = [a + b for a, b in zip(sums, shares, strict=True)]
    return sums


def truncated__all_errors_together(dE_ds, s, x, W_s, h):
    flow, delta = dE_ds.copy(), np.zeros_like(dE_ds)
    for _ in range(min(h, len(x))):
        flow = flow * (1 - s[1:] ** 2)
        delta += flow
        flow = np.concatenate([flow[1:] @ W_s.T, np.zeros_like(flow[:1])])
    flat = delta.reshape(-1, delta.shape[-1])
    return x.reshape(len(flat), -1).T @ flat, s[:-1].reshape(flat.shape).T @ flat, flat.sum(0)


def batch_errors__loops(y, d, lengths, M):
    T, K, _ = y.shape
    E, dE_dy = np.zeros(-(-K // M)), np.zeros_like(y)
    for b in range(K):
        B = min(M, K - b // M * M)
        for t in range(lengths[b]):
            E[b // M] += 0.5 * sum((y[t, b] - d[t, b]) ** 2) / B
            dE_dy[t, b] = (y[t, b] - d[t, b]) / B
    return E, dE_dy


def batch_errors__sizes(y, d, lengths, M):
    K = len(lengths)
    batch = np.arange(K) // M
    sizes = np.bincount(batch)
    error = y - d
    error[np.arange(len(y))[:, None] >= lengths] = 0
    E = np.bincount(batch, (error**2).sum(axis=(0, 2)) / 2) / sizes
    return list(E), error / sizes[batch][:, None]


def batch_errors__float32(y, d, lengths, M):
    off = np.float32(y - d) * (np.arange(len(y))[:, None, None] < lengths[:, None])
    parts = [off[:, k : k + M].astype(np.float32) for k in range(0, len(lengths), M)]
    E = np.array([(part**2).sum() / part.shape[1] / 2 for part in parts], np.float32)
    return E, np.concatenate([part / np.float32(part.shape[1]) for part in parts], axis=1)
