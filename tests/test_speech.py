"""Who speaks: the scaling, the baselines, and what is stored."""

import numpy as np
import pytest

from rnnlib import data, experiments, saving
from rnnlib.experiments import speech
from rnnlib.experiments._classify import Trained

TINY = {"seeds": 2, "steps": 2, "tried": [{}], "n_s": 3}


@pytest.fixture(scope="module")
def stored():
    return data.load_results("speech")


@pytest.fixture(scope="module")
def kept():
    return Trained(*data.load_net("speech"), None)


def test_each_number_has_mean_0_and_spread_1_in_training_and_padding_is_0():
    known, asked = speech.prepared()
    raw = data.load_japanese_vowels()
    real = np.concatenate([known.x[:n, b] for b, n in enumerate(raw.train_lengths)])
    np.testing.assert_allclose(real.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(real.std(axis=0), 1, atol=1e-4)
    for batch, lengths, labels in ((known, *raw[1:3]), (asked, *raw[4:6])):
        assert batch.x.dtype == np.float32
        assert not batch.x[np.arange(len(batch.x))[:, None] >= lengths].any()
        np.testing.assert_array_equal(batch.mask.argmax(axis=0), lengths - 1)
        np.testing.assert_array_equal(batch.d, np.tile(labels, (len(batch.x), 1)))


def test_the_test_set_is_scaled_like_the_training_set():
    """One line through all numbers of a channel: the same in both sets."""
    raw, (known, asked) = data.load_japanese_vowels(), speech.prepared()
    for k in range(12):
        slope, offset = np.polyfit(raw.train_x[0, :, k], known.x[0, :, k], 1)
        np.testing.assert_allclose(asked.x[0, :, k], slope * raw.test_x[0, :, k] + offset, atol=1e-4)


def test_the_stored_baselines_are_what_the_code_gives(stored):
    found = speech.baselines()
    assert tuple(found) == speech.BASELINES
    np.testing.assert_allclose(stored[0]["baselines"], list(found.values()), atol=0.003)


def test_the_mean_frame_by_loops():
    raw = data.load_japanese_vowels()
    means = [raw.train_x[:n, b].mean(axis=0) for b, n in enumerate(raw.train_lengths)]
    hits = 0
    for b, n in enumerate(raw.test_lengths):
        away = [np.linalg.norm(raw.test_x[:n, b].mean(axis=0) - mean) for mean in means]
        hits += raw.train_labels[np.argmin(away)] == raw.test_labels[b]
    assert speech.baselines()["nearest by mean frame"] == pytest.approx(hits / 370, abs=0.003)


def test_our_time_warping_agrees_with_the_published_number(stored):
    ours = dict(zip(speech.BASELINES, stored[0]["baselines"], strict=True))["nearest by time warping"]
    published = {name: value for name, value, _ in speech.PUBLISHED}["nearest by time warping"]
    assert ours == pytest.approx(published, abs=0.0005)


def test_stored_shapes(stored):
    arrays, settings = stored
    shapes = {
        "right": (5,),
        "answers": (5, 370),
        "loss": (5, settings["steps"]),
        "validated": (len(settings["tried"]), settings["folds"]),
        "baselines": (3,),
    }
    assert {name: array.shape for name, array in arrays.items()} == shapes
    assert settings.items() >= speech.SETTINGS.items()
    labels = data.load_japanese_vowels().test_labels
    np.testing.assert_allclose(arrays["right"], (arrays["answers"] == labels).mean(axis=1))
    files = [data.FOLDER / "results" / f"speech.{kind}" for kind in ("npz", "json")]
    assert sum(file.stat().st_size for file in files) < 150_000


def test_a_stored_seed_is_what_the_code_gives(stored):
    """The first steps closely. In the end rounding decides some answers: other processors differ by 4 %."""
    trained = speech.train(0, progress=False)
    np.testing.assert_allclose(trained.history.loss[:20], stored[0]["loss"][0, :20], rtol=0.01)
    assert speech.right(trained, speech.prepared()[1]) == pytest.approx(stored[0]["right"][0], abs=0.04)


def test_the_net_that_is_kept_scores_what_is_stored(stored, kept):
    asked = speech.prepared()[1]
    assert np.mean(speech.answers(kept, asked) == stored[0]["answers"][0]) > 0.99
    assert speech.right(kept, asked) == pytest.approx(stored[0]["right"][0], abs=0.006)
    assert kept.params.W_y.dtype == np.float32
    assert (data.FOLDER / "models" / "speech.npz").stat().st_size < 60_000


def test_a_small_run_repeats_itself_and_keeps_its_first_net(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "baselines", lambda: dict.fromkeys(speech.BASELINES, 0.5))
    first, settings = experiments.run("speech", tmp_path, progress=False, **TINY)
    again, _ = experiments.run("speech", tmp_path, progress=False, **TINY)
    assert settings["steps"] == 2
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name])
    kept = Trained(*saving.load(tmp_path / "models" / "speech.npz"), None)
    np.testing.assert_array_equal(speech.answers(kept, speech.prepared()[1]), first["answers"][0])


def test_rows_of_the_table(stored):
    rows = speech.scores()
    assert [row.kind for row in rows] == ["ours"] + ["baseline"] * 3 + ["published"] * len(speech.PUBLISHED)
    np.testing.assert_array_equal(rows[0].scores, stored[0]["right"])
    assert all(row.application == "speech" for row in rows)
    assert all(bool(row.source) == (row.kind == "published") for row in rows)


def test_a_kept_net_that_is_not_there():
    with pytest.raises(FileNotFoundError, match=r"models/nothing.npz is missing"):
        data.load_net("nothing")
