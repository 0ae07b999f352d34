"""Mini-batches: the measurement behind lesson 4's explorer, and the explorer itself."""

import doctest
import io
import json
from itertools import product

import numpy as np
import pytest
import traitlets
from layout import text_conflicts, texts_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imread

from rnnlib import data, experiments, tasks
from rnnlib.colors import style
from rnnlib.experiments import mini_batch as experiment
from rnnlib.explorers import mini_batch
from rnnlib.explorers.base import MAX_TABLE
from rnnlib.losses import squared_error

SIZES, SEEDS = mini_batch.SIZES, range(1, 6)


@pytest.fixture(scope="module")
def shown():
    return mini_batch.explorer()


@pytest.fixture(scope="module")
def stored():
    return data.load_results("mini_batch")


# The experiment


def test_what_is_stored(stored):
    arrays, settings = stored
    assert set(arrays) == {"M", "seconds"}
    assert arrays["M"].tolist() == list(SIZES)
    assert arrays["seconds"].shape == (settings["rounds"], len(SIZES))
    assert settings.items() >= experiment.SETTINGS.items()
    assert {"date", "machine", "numpy", "python"} <= set(settings)


def test_the_times_say_what_the_lesson_says(stored):
    """Sixteen sequences cost hardly more than one; a sample gets cheaper, but never 16 times from 16 on."""
    seconds = stored[0]["seconds"].min(axis=0)
    assert np.all((seconds > 1e-5) & (seconds < 0.1))
    one, sixteen, largest = seconds[[0, 4, 8]]
    assert sixteen < 2 * one
    assert largest > 2 * sixteen
    assert largest / 256 > sixteen / 16 / 16


def test_a_small_run_is_stored(tmp_path):
    arrays, settings = experiments.run("mini_batch", tmp_path, progress=False, rounds=2, doublings=3)
    assert arrays["M"].tolist() == [1, 2, 4, 8]
    assert arrays["seconds"].shape == (2, 4)
    assert np.all(arrays["seconds"] > 0)
    assert json.loads((tmp_path / "mini_batch.json").read_text())["rounds"] == settings["rounds"] == 2
    assert "cores" in settings["machine"]


def test_the_gradients_are_those_of_the_data_one_by_one():
    single = experiment.gradients(set_size=6)
    net, params = experiment.network()
    x, d, mask = tasks.addition(np.random.default_rng(1), 12, 6)
    run = net.forward(params, x)
    grads = net.backward(params, run, squared_error(run.y, d, mask)[1]).params
    (W_x, W_s, b_s), W_y, b_y = grads.cells[0], grads.W_y, grads.b_y
    full = np.concatenate([part.ravel() for part in (W_x, W_s, b_s, W_y, b_y)])
    np.testing.assert_allclose(single.mean(axis=0), full, rtol=1e-9, atol=1e-12)


# The explorer


@pytest.mark.parametrize(("M", "seed"), [(1, 1), (16, 2), (256, 5)])
def test_the_noise_is_the_predicted_one(M, seed):
    arrays = mini_batch.compute(M, seed)
    np.testing.assert_allclose(arrays["noise"], arrays["expected"], rtol=0.1)
    np.testing.assert_allclose(arrays["expected"] * np.sqrt(SIZES), arrays["expected"][0])
    assert arrays["expected"][0] == pytest.approx(1.0, abs=0.05)
    single, full, columns = mini_batch._gradients()
    spread = single[:, columns].std(axis=0) / np.sqrt(M)
    np.testing.assert_allclose(arrays["cloud"].std(axis=0), spread, rtol=0.2)
    np.testing.assert_allclose(
        arrays["cloud"].mean(axis=0), full[columns], atol=4 * spread.max() / np.sqrt(200)
    )


def test_the_cloud_shows_the_entries_its_axes_name():
    net, params = experiment.network()
    x, d, mask = tasks.addition(np.random.default_rng(1), 12, 256)
    run = net.forward(params, x)
    W_s = net.backward(params, run, squared_error(run.y, d, mask)[1]).params.cells[0].W_s
    full = [W_s[unit] for unit in mini_batch.UNITS]
    np.testing.assert_allclose(mini_batch.compute(4, 1)["full"], full, rtol=1e-9)


def test_other_seeds_draw_otherwise_and_the_same_seed_again():
    clouds = [mini_batch.compute(8, seed)["cloud"] for seed in (1, 2)]
    assert not np.array_equal(*clouds)
    mini_batch._drawn.cache_clear()
    np.testing.assert_array_equal(mini_batch.compute(8, 1)["cloud"], clouds[0])


def test_everything_stays_within_the_axes():
    for M, seed in product(SIZES, SEEDS):
        arrays = mini_batch.compute(M, seed)
        assert np.abs(arrays["cloud"] - arrays["full"]).max() < mini_batch.REACH
        assert 0.045 < arrays["noise"].min() < arrays["noise"].max() < 1.8


def test_the_words_carry_the_numbers(shown, stored):
    seconds = stored[0]["seconds"].min(axis=0)
    seen = set()
    for M, seed in product(SIZES, SEEDS):
        shown.M, shown.seed = M, seed
        at, words = SIZES.index(M), shown.words
        assert words.startswith(f"M = {M}: the estimate is off by ")
        measured, predicted = (float(part.split("%")[0].split()[-1]) for part in words.split("(", 1))
        assert measured / 100 == pytest.approx(shown.arrays["noise"][at], rel=0.05)
        assert predicted / 100 == pytest.approx(shown.arrays["expected"][at], rel=0.05)
        assert f"costs {1e3 * seconds[at]:.2g} ms, {1e3 * seconds[at] / M:.2g} ms a sample" in words
        rate = float(words.split(": ")[-1].split()[0].replace(",", ""))
        assert rate == pytest.approx(1 / seconds[at], rel=0.06)
        seen.add(words)
    assert len(seen) > 2 * len(SIZES)  # another draw, another noise


def test_presets_do_what_they_are_called(shown):
    sizes = [SIZES[preset["positions"]["M"]] for preset in shown._spec["presets"]]
    noisy, free, slow = (mini_batch.compute(M, 1) for M in sizes)
    assert noisy["noise"][noisy["at"]] > 0.9
    assert free["seconds"][free["at"]] < 2 * noisy["seconds"][noisy["at"]]
    assert free["noise"][free["at"]] < 0.3
    assert slow["noise"][slow["at"]] < 0.08
    assert slow["seconds"][slow["at"]] > 2 * free["seconds"][free["at"]]


def test_refuses_what_is_off_the_grid(shown):
    for name, value in (("M", 512), ("M", 0), ("seed", 7), ("M", "many")):
        with pytest.raises(traitlets.TraitError, match=f"{name} got"):
            setattr(shown, name, value)


def test_the_table_is_small_and_the_picture_moves(shown):
    assert len(shown._frames) < MAX_TABLE / 5
    pictures = []
    for M in (1, 256):
        shown.M = M
        pictures.append(imread(io.BytesIO(shown.picture())))
    assert np.abs(pictures[0] - pictures[1]).max() > 0.5


def test_move_sets_every_mark_to_the_numbers(stored):
    seconds = stored[0]["seconds"].min(axis=0)
    artists = mini_batch.draw(Figure(figsize=(9.0, 4.2)), mini_batch.compute(1, 1))
    arrays = mini_batch.compute(64, 3)
    mini_batch.move(artists, arrays)
    np.testing.assert_array_equal(artists["cloud"].get_offsets(), arrays["cloud"])
    np.testing.assert_array_equal(artists["noise"]["dots"].get_ydata(), arrays["noise"])
    marks = {"noise": arrays["noise"][6], "sample": 1e3 * seconds[6] / 64, "updates": 1 / seconds[6]}
    for name, value in marks.items():
        assert artists[name]["chosen"].get_xydata().tolist() == [[64, pytest.approx(value)]]
    assert artists["full"].get_zorder() > artists["cloud"].get_zorder()  # the cloud must not hide it


def test_no_text_is_cut_off_or_lies_on_another(shown):
    with style():
        fig = Figure(figsize=(9.0, 4.2), dpi=100, layout="constrained")
        FigureCanvasAgg(fig)
        fig.suptitle("A title", x=0.01, ha="left")
        mini_batch.draw(fig, mini_batch.compute(1, 1))
        assert sum(1 for ax in fig.axes for _ in texts_of(ax)) > 30
        assert text_conflicts(fig) == []


def test_examples_in_the_docstrings():
    assert doctest.testmod(mini_batch).failed == 0
