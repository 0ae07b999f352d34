"""Right answers to exercise 6 in other styles: `function__style` must pass as `function` does."""

import math

import numpy as np


def with_radius__polynomial(W, rho):
    return W / np.abs(np.roots(np.poly(W))).max() * rho


def with_radius__loop(W, rho):
    radius = 0.0
    for eigenvalue in np.linalg.eig(W)[0]:
        radius = max(radius, math.hypot(eigenvalue.real, eigenvalue.imag))
    return [[float(w) * rho / radius for w in row] for row in W]


def with_radius__own_copy(W, rho):
    W_s = W.copy()
    W_s *= rho / max(abs(np.linalg.eigvals(W_s)))
    return W_s


def reach__jacobians(dE_ds_N, s, W_s):
    norms = np.empty(s.shape[:2])
    for b, row in enumerate(dE_ds_N):
        for t in range(len(s) - 1, 0, -1):
            norms[t, b] = math.sqrt(row @ row)
            row = row @ np.diag(s[t, b] * (1 - s[t, b])) @ W_s.T
        norms[0, b] = math.sqrt(row @ row)
    return norms


def reach__einsum(upstream, states, weights):
    delta, norms = upstream, [np.sqrt(np.einsum("bi,bi->b", upstream, upstream))]
    for slope in (states - states**2)[:0:-1]:
        delta = np.einsum("bi,bi,ji->bj", delta, slope, weights)
        norms.insert(0, np.sqrt(np.einsum("bi,bi->b", delta, delta)))
    return norms


def reach__columns_float32(dE_ds_N, s, W_s):
    s, W_s = s.astype(np.float32), W_s.astype(np.float32)
    column = dE_ds_N.astype(np.float32).T
    norms = [np.linalg.norm(column, axis=0)]
    for s_t in s[:0:-1]:
        column = W_s @ (s_t.T * (1 - s_t.T) * column)
        norms.append(np.linalg.norm(column, axis=0))
    return np.stack(norms)[::-1]


def surely_gone__logarithm(W_s, gamma, part):
    factor = gamma * np.linalg.svd(W_s, compute_uv=False).max()
    return math.inf if factor >= 1 else math.ceil(math.log(part) / math.log(factor))


def surely_gone__eigenvalues_of_the_square(W_s, gamma, part):
    factor = gamma * np.sqrt(np.linalg.eigvalsh(W_s @ W_s.T)[-1])
    return np.ceil(np.log(part) / np.log(factor)) if factor < 1 else np.inf


def surely_gone__all_powers(W_s, gamma, part):
    factor = gamma * np.linalg.norm(W_s, 2)
    if not factor < 1:
        return float("inf")
    return np.argmax(factor ** np.arange(1000) <= part)


def clip_by_norm__one_row(gradients, threshold):
    norm = np.linalg.norm(np.concatenate([grad.ravel() for grad in gradients]))
    return [grad * min(1, threshold / norm) for grad in gradients]


def clip_by_norm__norm_of_norms(gradients, threshold):
    dE_dW_x, dE_dW_s, dE_db_s = gradients
    norm = math.hypot(*(np.linalg.norm(grad) for grad in gradients))
    if norm > threshold:
        scale = threshold / norm
        return dE_dW_x * scale, dE_dW_s * scale, dE_db_s * scale
    return gradients


def clip_by_norm__own_copies(gradients, threshold):
    clipped = tuple(grad.astype(np.float32) for grad in gradients)
    norm = sum(float((grad * grad).sum()) for grad in clipped) ** 0.5
    for grad in clipped:
        grad /= max(1, norm / threshold)
    return clipped


def accumulate__average(parts, sizes, threshold):
    mean = [np.average(arrays, axis=0, weights=sizes) for arrays in zip(*parts, strict=True)]
    return clip_by_norm(mean, threshold)


def accumulate__running_mean(parts, sizes, threshold):
    mean, seen = [grad.copy() for grad in parts[0]], sizes[0]
    for part, size in zip(parts[1:], sizes[1:], strict=True):
        seen += size
        for own, grad in zip(mean, part, strict=True):
            own += (grad - own) * (size / seen)
    return clip_by_norm__one_row(mean, threshold)


def accumulate__weights_first(parts, sizes, threshold):
    share = np.array(sizes) / np.sum(sizes)
    mean = tuple(sum(share[k] * part[j] for k, part in enumerate(parts)) for j in range(3))
    return clip_by_norm__norm_of_norms(mean, threshold)
