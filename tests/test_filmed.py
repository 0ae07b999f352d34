"""Clips from tracks: where the blob is, how bright, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import data, tasks


def frames(x, frame=(8, 12), **options):
    """Clips of tracks (T, B) as pictures, (T, B, H, W), without noise unless it is asked for."""
    options = {"noise": 0.0} | options
    clips = tasks.filmed(np.random.default_rng(0), np.asarray(x)[..., None], frame, **options)
    return clips.reshape(*clips.shape[:2], *frame)


def test_corners():
    low, high = frames([[-2.5, 2.5]])[0]
    assert np.unravel_index(low.argmax(), low.shape) == (7, 0)
    assert np.unravel_index(high.argmax(), high.shape) == (0, 11)
    assert low.max() == high.max() == 1


@given(st.floats(-2, 2), st.integers(6, 12), st.integers(6, 14), st.floats(2.5, 4))
def test_each_pixel_by_the_formula(x, H, W, reach):
    picture = frames([[x]], (H, W), reach=reach)[0, 0]
    out = (x + reach) / (2 * reach)
    for i, j in np.ndindex(H, W):
        r2 = (i - (1 - out) * (H - 1)) ** 2 + (j - out * (W - 1)) ** 2
        assert picture[i, j] == pytest.approx(np.exp(-r2 / 2), abs=1e-12)


def test_the_track_can_be_read_off_the_clip():
    """The mean column and row, weighted by brightness, follow x: nothing of the movement is lost."""
    x = data.load_gun_point().train_x[..., 0]
    pictures = frames(x, (17, 25), reach=4)
    weight = pictures.sum(axis=(2, 3))
    column = (pictures.sum(axis=2) * np.arange(25)).sum(axis=-1) / weight
    row = (pictures.sum(axis=3) * np.arange(17)).sum(axis=-1) / weight
    np.testing.assert_allclose(column / 24 * 8 - 4, x, atol=0.02)
    np.testing.assert_allclose((1 - row / 16) * 8 - 4, x, atol=0.02)


def test_noise_lies_over_all_pixels_and_is_new_in_every_frame():
    clean, noisy = (frames(np.zeros((50, 20)), noise=noise) for noise in (0.0, 0.3))
    noise = noisy - clean
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert abs(np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1]) < 0.1
    assert noise.std(axis=(0, 1)).min() > 0.25


def test_a_seed_gives_the_same_clips_in_the_type_asked_for():
    x = np.zeros((3, 2, 1))
    first, again = (tasks.filmed(np.random.default_rng(5), x, dtype=np.float32) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first.dtype == np.float32
    assert first.shape == (3, 2, 96)


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        (np.zeros((3, 2)), {}, "x has shape"),
        (np.zeros((3, 2, 2)), {}, "x has shape"),
        (np.full((3, 2, 1), np.nan), {}, "x"),
        (np.zeros((3, 2, 1)), {"frame": (8,)}, r"frame is \(8,\); expected \(H, W\)"),
        (np.zeros((3, 2, 1)), {"frame": (8, 1)}, r"frame\[1\] is 1; expected a whole number >= 2"),
        (np.zeros((3, 2, 1)), {"noise": -1}, "noise is -1; expected a finite number >= 0"),
        (np.zeros((3, 2, 1)), {"reach": 0}, "reach is 0; expected a number > 0"),
    ],
)
def test_refuses(x, options, message):
    with pytest.raises(ValueError, match=message):
        tasks.filmed(np.random.default_rng(0), x, **options)
