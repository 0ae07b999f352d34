"""The start page's explorer: its numbers, its words, its whole range."""

import doctest

import numpy as np
import pytest

from rnnlib.cells import RNN, RNNParams
from rnnlib.explorers import first_look
from rnnlib.explorers.first_look import AFTER, N, compute, share, words


@pytest.fixture(scope="module")
def explorer():
    return first_look.explorer()


def test_what_is_left_is_what_differences_of_the_error_say():
    """Move s_0 of the same net a little, along and against a random direction."""
    rng = np.random.default_rng(first_look.SEED)
    orthogonal, _ = np.linalg.qr(rng.standard_normal((first_look.UNITS, first_look.UNITS)))
    W_x = rng.standard_normal((1, first_look.UNITS))
    params = RNNParams(W_x, 0.95 * orthogonal, np.zeros(first_look.UNITS))
    x = first_look.INPUT_SCALE * rng.standard_normal((N, 1, 1))
    seed = np.full(first_look.UNITS, 1 / np.sqrt(first_look.UNITS))  # ∂E_N/∂s_N, of norm 1
    h, gradient = 1e-4, np.empty(first_look.UNITS)
    for j in range(first_look.UNITS):
        s_0 = np.zeros((1, first_look.UNITS))
        s_0[0, j] = h
        up, down = (RNN().forward(params, x, sign * s_0).last[0] @ seed for sign in (1, -1))
        gradient[j] = (up - down) / (2 * h)
    assert np.linalg.norm(gradient) == pytest.approx(compute(0.95)["left"][-1], rel=1e-4)


@pytest.mark.parametrize("gain", [0.5, 0.7, 0.9, 0.99, 1.0])
def test_below_one_it_falls_by_the_gain_at_every_step(gain):
    left = compute(gain)["left"]
    assert left[0] == 1
    assert left == pytest.approx(gain ** np.arange(N + 1), rel=1e-3)


def test_above_one_it_grows_until_the_units_saturate():
    left = compute(1.2)["left"]
    assert 0.5 * 1.2**AFTER < left[AFTER] <= 1.2**AFTER
    assert 100 < left[N] < 1.2**N
    assert compute(1.25)["left"][N] > 1000


def test_the_words_carry_the_computed_numbers(explorer):
    for gain, wanted in ((0.5, "0.098%"), (0.9, "35%"), (1.0, "100%")):
        assert f"{AFTER} steps back {wanted} of the gradient is left" in words(compute(gain), gain)
    left = compute(1.2)["left"]
    assert f"is {share(left[AFTER])} as strong, {N} steps back {share(left[N])}." in words(compute(1.2), 1.2)


def test_every_gain_has_a_frame_and_a_sentence(explorer):
    assert len(explorer._frames) < 50_000
    for gain in explorer.controls["gain"].values:
        explorer.gain = gain
        assert np.isfinite(explorer.arrays["left"]).all()
        assert explorer.words.startswith(f"Gain {gain:.2f}: ")
    explorer.gain = 0.9


def test_presets_do_what_they_are_called(explorer):
    grid = explorer.controls["gain"].values
    gains = {preset["label"]: grid[preset["positions"]["gain"]] for preset in explorer._spec["presets"]}
    left = {label: compute(gain)["left"][N] for label, gain in gains.items()}
    assert left["vanishes"] < 1e-6
    assert 0.9 < left["just keeps"] < 1.1
    assert left["explodes"] > 100


def test_the_picture_speaks(explorer):
    data, metadata = explorer._still(explorer.values)
    assert "35%" in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_examples_in_the_docstrings():
    assert doctest.testmod(first_look).failed == 0
