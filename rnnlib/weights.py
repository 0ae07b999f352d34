"""Random matrices for the start, and W_s made to measure: its spectral radius, its norm, its kind.

The *spectral radius* is the largest |eigenvalue|, the *spectral norm* the largest singular value. The radius
is never above the norm; for orthogonal and for symmetric matrices they are the same.
"""

import math

import numpy as np

from rnnlib import _check

__all__ = ["KINDS", "glorot", "orthogonal", "recurrent", "spectral_norm", "spectral_radius"]

KINDS = ("random", "orthogonal", "symmetric")


def glorot(rng, n_in, n_out, dtype=np.float64):
    """Draw an (n_in, n_out) matrix from N(0, 2 / (n_in + n_out)).

    Source: Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward
    neural networks", equation 12 (there a uniform distribution of the same variance).
    """
    return (rng.standard_normal((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))).astype(_check.as_dtype(dtype))


def orthogonal(rng, n, dtype=np.float64):
    """Draw a random orthogonal (n, n) matrix: it turns a state and keeps its length.

    Source: Saxe, McClelland and Ganguli (2014), "Exact solutions to the nonlinear dynamics of
    learning in deep linear neural networks"; signs after Mezzadri (2007), so that all are equally likely.
    """
    Q, R = np.linalg.qr(rng.standard_normal((n, n)))
    return (Q * np.sign(np.diag(R))).astype(_check.as_dtype(dtype))


def recurrent(rng, n_s, kind="random", radius=None, norm=None, dtype=np.float64):
    """Draw a W_s of one kind, with the spectral radius or the spectral norm that is asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_s : int
    kind : {"random", "orthogonal", "symmetric"}
        Independent normal entries of variance 1/n_s; a rotation (all |eigenvalues| equal); (A + Aᵀ)/√2 of a
        random A (all eigenvalues real).
    radius, norm : float, optional
        The largest |eigenvalue|, or the largest singular value; at most one of them. 0 gives zeros.
    dtype : float32 or float64

    Returns
    -------
    (n_s, n_s) array

    Raises
    ------
    ValueError
        For an unknown kind, a negative or infinite size, or both sizes at once.
    """
    n_s = _check.check_count("n_s", n_s)
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
    if radius is not None and norm is not None:
        raise ValueError(f"radius is {radius} and norm is {norm}; expected one of them")
    W = orthogonal(rng, n_s) if kind == "orthogonal" else rng.standard_normal((n_s, n_s)) / math.sqrt(n_s)
    W = (W + W.T) / math.sqrt(2) if kind == "symmetric" else W
    for name, wanted, measure in (("radius", radius, spectral_radius), ("norm", norm, spectral_norm)):
        if wanted is not None:
            W = W * (_check.check_size(name, wanted) / measure(W))
    return W.astype(_check.as_dtype(dtype))


def spectral_radius(W):
    """Return the largest |eigenvalue| of a square matrix."""
    return float(np.abs(np.linalg.eigvals(_square(W))).max())


def spectral_norm(W):
    """Return the largest singular value of a square matrix: by how much it can lengthen a vector."""
    return float(np.linalg.norm(_square(W), 2))


def _square(W):
    W = np.asarray(W)
    return _check.as_array("W", W, "n, n", (len(W), len(W)) if W.ndim else (None, None), np.float64)
