"""The real data: shapes, padding, provenance, and clear errors for damaged files."""

import subprocess
import sys

import numpy as np
import pytest

from rnnlib import data


@pytest.mark.parametrize(
    ("load", "train", "test", "n_classes", "lengths"),
    [
        (data.load_japanese_vowels, (26, 270, 12), (29, 370, 12), 9, (7, 29)),
        (data.load_gun_point, (150, 50, 1), (150, 150, 1), 2, (150, 150)),
    ],
)
def test_sequences(load, train, test, n_classes, lengths):
    s = load()
    assert s.train_x.shape == train
    assert s.test_x.shape == test
    assert len(s.classes) == n_classes
    every = np.concatenate([s.train_lengths, s.test_lengths])
    assert (every.min(), every.max()) == lengths
    for x, length, label in [s[:3], s[3:6]]:
        assert x.dtype == np.float32
        assert np.all(np.isfinite(x))
        assert length.shape == label.shape == x.shape[1:2]
        assert set(label) == set(range(n_classes))
        padding = np.arange(len(x))[:, None] >= length
        assert not x[padding].any()
        assert np.all(x[length - 1, np.arange(len(length))].any(axis=1))
    assert s.source
    assert s.license


def test_frames_are_in_their_order():
    """The first and the last sequence, cut from the stored frames by hand."""
    s = data.load_japanese_vowels()
    frames = np.load(data.FOLDER / "japanese_vowels.npz")["test_values"]
    first, last = s.test_lengths[0], s.test_lengths[-1]
    np.testing.assert_array_equal(s.test_x[:first, 0], frames[:first])
    np.testing.assert_array_equal(s.test_x[:last, -1], frames[-last:])


def test_speakers_have_thirty_training_utterances_each():
    assert np.bincount(data.load_japanese_vowels().train_labels).tolist() == [30] * 9


def test_sunspots():
    s = data.load_sunspots()
    assert s.values.shape == (309, 1)
    assert s.times[[0, -1]].tolist() == [1700, 2008]
    assert s.values[0, 0] == 5
    assert s.values.min() >= 0
    assert s.license == "public domain"


def test_stocks():
    s = data.load_stocks()
    assert s.names == ("MSFT", "AMZN", "IBM", "GOOG", "AAPL")
    assert s.values.shape == (123, 5)
    assert s.values[0, 0] == 39.81
    np.testing.assert_allclose(s.times[[0, 12, -1]], [2000, 2001, 2010 + 2 / 12])
    assert np.isnan(s.values).sum(axis=0).tolist() == [0, 0, 0, 55, 0]
    assert np.nanmin(s.values) > 0


def test_importing_reads_nothing():
    code = "import sys, rnnlib.data; print('matplotlib' in sys.modules, 'sympy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    return tmp_path


def arrays(**changes):
    split = {"values": np.ones((5, 1)), "lengths": np.array([2, 3]), "labels": np.array([0, 1])}
    made = {f"{name}_{key}": value for name in ("train", "test") for key, value in split.items()}
    return {key: value for key, value in (made | changes).items() if value is not None}


def test_missing_file(folder):
    with pytest.raises(FileNotFoundError, match="gun_point.npz is missing"):
        data.load_gun_point()


def test_a_file_that_is_no_archive(folder):
    (folder / "gun_point.npz").write_bytes(b"not numbers")
    with pytest.raises(ValueError, match="gun_point.npz cannot be read"):
        data.load_gun_point()


def test_an_archive_without_labels(folder):
    np.savez(folder / "gun_point.npz", **arrays(train_labels=None))
    with pytest.raises(ValueError, match="gun_point.npz has no train_labels; expected"):
        data.load_gun_point()


def test_lengths_that_do_not_add_up(folder):
    np.savez(folder / "gun_point.npz", **arrays(test_lengths=np.array([2, 2])))
    with pytest.raises(ValueError, match="test_lengths adds up to 4; expected 5 frames"):
        data.load_gun_point()


def test_a_table_with_other_columns(folder):
    (folder / "sunspots.csv").write_text("year,number\n1700,5\n")
    with pytest.raises(ValueError, match=r"sunspots.csv starts with \['year', 'number'\]; expected"):
        data.load_sunspots()
