"""Baselines without a net: the class of the most similar example, by Euclid or by dynamic time warping."""

import numpy as np

__all__ = ["nearest", "squared", "warped"]


def nearest(distances, labels):
    """Return for each row of distances the label of the column where it is smallest, the first of equals."""
    return labels[distances.argmin(axis=1)]


def squared(a, b):
    """Return the squared Euclidean distances of all rows of a from all rows of b, (A, B)."""
    a, b = (np.asarray(rows, np.float64) for rows in (a, b))
    return np.maximum((a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T, 0)


def warped(a, a_lengths, b, b_lengths):
    r"""Return the dynamic time warping distances of all sequences a from all sequences b, (A, B).

    Two sequences are walked together, each one step forward or waiting, from the first frames of both to the
    last ones, on the path where the sum of the squared distances of their frames is smallest:

        D_ij = ‖a_i − b_j‖² + min(D_{i−1,j−1}, D_{i−1,j}, D_{i,j−1})

    The result is D at the two last frames. There is no limit on how long one of them waits.

    Parameters
    ----------
    a : (T, A, n) array,  a_lengths : (A,)
    b : (T', B, n) array,  b_lengths : (B,)

    Source: Sakoe and Chiba (1978), "Dynamic programming algorithm optimization for spoken word recognition";
    here without slope weights, as in the UCR archive (Dau et al. 2019).
    """
    found = np.empty((a.shape[1], b.shape[1]))
    never = np.full(found.shape, np.inf)
    above = [np.zeros(found.shape)] + [never] * len(b)
    for i, frames in enumerate(a, start=1):
        row = [never]
        for j, others in enumerate(b, start=1):
            best = np.minimum(np.minimum(above[j - 1], above[j]), row[-1])
            row.append(best + squared(frames, others))
        above, done = row, a_lengths == i
        ends = np.array([D[done] for D in row])  # (T' + 1, sequences that end here, B)
        found[done] = ends[b_lengths, :, np.arange(len(b_lengths))].T
    return found
