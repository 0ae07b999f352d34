"""The explorer of lesson 1: what it shows, in every setting, is what was measured."""

import io
from itertools import product

import numpy as np
import pytest
import traitlets
from layout import text_conflicts, texts_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread

from rnnlib import data
from rnnlib.colors import style
from rnnlib.explorers import window_memory
from rnnlib.explorers.base import MAX_TABLE

DELAYS, WINDOWS = range(13), range(1, 13)


@pytest.fixture(scope="module")
def shown():
    return window_memory.explorer()


@pytest.mark.parametrize(("k", "w"), [(0, 1), (3, 6), (6, 6), (12, 12), (12, 1)])
def test_compute_reads_the_stored_table(k, w):
    stored, _ = data.load_results("echo")
    arrays = window_memory.compute(k=k, w=w)
    np.testing.assert_array_equal(arrays["window"], np.median(stored["window_error"][:, :, w - 1], axis=0))
    np.testing.assert_array_equal(arrays["rnn"][1], np.median(stored["rnn_error"], axis=0).astype(float))
    np.testing.assert_array_equal(arrays["rnn"][2], stored["rnn_error"].max(axis=0))
    assert arrays["t"][[0, -1]].tolist() == [21, 60]
    assert {arrays[name].shape for name in ("x", "d", "window_y", "rnn_y")} == {(40,)}
    np.testing.assert_array_equal(arrays["d"][k:], arrays["x"][: 40 - k])


def test_every_setting_stays_within_the_axes():
    for k, w in product(DELAYS, WINDOWS):
        arrays = window_memory.compute(k=k, w=w)
        errors = np.concatenate([arrays["window"], arrays["rnn"].ravel()])
        assert errors.min() > window_memory.LOWEST
        assert errors.max() < window_memory.HIGHEST
        values = np.concatenate([arrays[name] for name in ("x", "d", "window_y", "rnn_y")])
        assert np.abs(values).max() < 1.25


def test_the_widget_over_its_whole_range(shown):
    seen = set()
    for k, w in product(DELAYS, WINDOWS):
        shown.k, shown.w = k, w
        words = shown.words
        assert ("in the window" in words) == (k < w)
        assert ("out of sight" in words) == (k >= w)
        error = float(words.split("Error ")[1].split()[0])
        assert error == pytest.approx(1, abs=0.02) if k >= w else error < 0.01
        seen.add(words)
    assert len(seen) == len(DELAYS) * len(WINDOWS)


def test_words(shown):
    shown.k, shown.w = 6, 4
    assert "sees 4 steps, lags 0 to 3; the echo is 6 steps old: out of sight. Error 1.00" in shown.words
    shown.k, shown.w = 1, 1
    assert shown.words.startswith("The window net sees 1 step, lag 0; the echo is 1 step old: out of sight.")
    shown.k = 0
    assert "the echo is 0 steps old: it is in the window." in shown.words


@pytest.mark.parametrize(
    ("error", "said"), [(1.004, "1.00"), (0.1234, "0.12"), (0.0321, "0.032"), (6e-4, "0.0006")]
)
def test_errors_keep_digits_that_matter(error, said):
    assert window_memory.part(error) == said


def test_refuses_what_is_off_the_grid(shown):
    for name, value in (("k", 14), ("w", 0), ("w", "wide")):
        with pytest.raises(traitlets.TraitError, match=f"{name} got"):
            setattr(shown, name, value)


def test_the_table_is_small_and_the_picture_moves(shown):
    assert len(shown._frames) < MAX_TABLE
    pictures = []
    for k, w in ((0, 12), (12, 1)):
        shown.k, shown.w = k, w
        pictures.append(imread(io.BytesIO(shown.picture())))
    assert np.abs(pictures[0] - pictures[1]).max() > 0.5


def test_no_text_is_cut_off_or_lies_on_another():
    with style():
        fig = Figure(figsize=(9.0, 4.4), dpi=100, layout="constrained")
        FigureCanvasAgg(fig)
        fig.suptitle("A title", x=0.01, ha="left")
        artists = window_memory.draw(fig, window_memory.compute(k=0, w=1))
        fig.canvas.draw()
        fig.set_layout_engine("none")  # as the base class does
        for k, w in product((0, 6, 12), (1, 6, 12)):
            window_memory.move(artists, window_memory.compute(k=k, w=w))
            assert sum(1 for ax in fig.axes for _ in texts_of(ax)) > 25
            assert text_conflicts(fig) == [], (k, w)
