import numpy as np
import pytest
from cases import quick, refuses
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import weights

seeds, units = st.integers(0, 2**32 - 1), st.integers(1, 12)
kinds, wanted = st.sampled_from(weights.KINDS), st.floats(0.01, 10)


def drawn(seed, n_s, kind, **sizes):
    return weights.recurrent(np.random.default_rng(seed), n_s, kind, **sizes)


@quick
@given(seeds, units, kinds, wanted)
def test_the_radius_is_the_wanted_one(seed, n_s, kind, radius):
    W = drawn(seed, n_s, kind, radius=radius)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, rel=1e-9)
    assert weights.spectral_radius(W) == pytest.approx(radius, rel=1e-9)


@quick
@given(seeds, units, kinds, wanted)
def test_the_norm_is_the_wanted_one(seed, n_s, kind, norm):
    W = drawn(seed, n_s, kind, norm=norm)
    assert np.linalg.svd(W, compute_uv=False)[0] == pytest.approx(norm, rel=1e-9)
    assert weights.spectral_norm(W) == pytest.approx(norm, rel=1e-9)
    assert weights.spectral_radius(W) <= norm * (1 + 1e-9)


@quick
@given(seeds, units, wanted)
def test_kinds_are_what_they_say(seed, n_s, radius):
    W = drawn(seed, n_s, "orthogonal", radius=radius)
    np.testing.assert_allclose(W @ W.T, radius**2 * np.eye(n_s), atol=1e-9 * radius**2)
    W = drawn(seed, n_s, "symmetric", radius=radius)
    np.testing.assert_allclose(W, W.T, rtol=1e-12)
    assert weights.spectral_norm(W) == pytest.approx(weights.spectral_radius(W), rel=1e-9)


def test_random_entries_have_variance_one_over_n():
    W = drawn(0, 200, "random")
    assert W.var() == pytest.approx(1 / 200, rel=0.05)
    assert weights.spectral_radius(W) == pytest.approx(1, abs=0.1)
    W = drawn(0, 200, "symmetric")
    assert W.var() == pytest.approx(1 / 200, rel=0.05)


def test_size_zero_gives_zeros():
    assert not drawn(0, 4, "random", radius=0).any()


def test_the_seed_decides():
    np.testing.assert_array_equal(drawn(3, 5, "random", norm=2), drawn(3, 5, "random", norm=2))
    assert drawn(3, 5, "random", dtype=np.float32).dtype == np.float32


def test_bad_input_is_named():
    rng = np.random.default_rng(0)
    with refuses("kind is 'round'; expected one of random, orthogonal, symmetric"):
        weights.recurrent(rng, 3, "round")
    with refuses("radius is 1 and norm is 2; expected one of them"):
        weights.recurrent(rng, 3, radius=1, norm=2)
    for size in (-1, np.inf, np.nan, "1"):
        with refuses(f"norm is {size!r}; expected a finite number >= 0"):
            weights.recurrent(rng, 3, norm=size)
    with refuses("W has shape (2, 3); expected (n, n) = (2, 2)"):
        weights.spectral_radius(np.ones((2, 3)))
    with refuses("n_s is 0; expected a whole number >= 1"):
        weights.recurrent(rng, 0)
