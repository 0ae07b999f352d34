"""Long lags: the races and their summaries."""

import json

import numpy as np
import pytest

from rnnlib import experiments
from rnnlib.experiments import __main__, lags, long_lags, race, summaries

TINY = {
    "seeds": 2,
    "cells": {"one": {}, "other": {"cell": "RNN", "lr": 0.001}, "third": {"cell": "GRU"}},
    "problems": [{"task": "latch", "length": 2, "steps": 4}, {"task": "latch", "length": 3, "steps": 9}],
    "guess_n_s": [1],
    "guess_trials": 3,
    "points": 5,
    "test_B": 50,
}


# The code


def test_a_small_run_is_stored_and_repeats_itself(tmp_path):
    first, settings = experiments.run("long_lags latch", tmp_path, progress=False, **TINY)
    again = long_lags.measure(progress=False, **TINY)
    with np.load(tmp_path / "long_lags_latch.npz", allow_pickle=False) as file:
        assert set(file.files) == set(first)
        for name, array in first.items():
            np.testing.assert_array_equal(array, file[name])
            if name != "cpu_seconds":
                np.testing.assert_array_equal(array, again[name])
    assert first["right"].shape == first["steps"].shape == (3, 2, 2)
    assert first["curve"].shape == (3, 2, 2, len(first["edges"]) - 1)
    assert first["guess_right"].shape == first["guess_trials"].shape == (1, 2, 2)
    assert json.loads((tmp_path / "long_lags_latch.json").read_text())["cells"] == settings["cells"]


def test_every_entry_is_the_run_that_it_stands_for():
    arrays = long_lags.measure(progress=False, **TINY)
    changes = {"cell": "RNN", "lr": 0.001, "steps": 9, "test_B": 50}
    outcome, loss = race.run_of("latch", 3, 1, **changes)
    for field in ("right", "error", "steps"):
        assert arrays[field][1, 1, 1] == np.float32(getattr(outcome, field))
    curve = race.thinned(loss, arrays["edges"])
    np.testing.assert_array_equal(arrays["curve"][1, 1, 1], curve.astype(np.float16))
    guessed = lags.guess(3, 1, n_s=1, guess_trials=3)
    assert (arrays["guess_right"][0, 1, 1], arrays["guess_trials"][0, 1, 1]) == guessed


def test_the_points_of_a_curve_are_close_at_first_and_end_with_the_last_step():
    edges = long_lags.measure(progress=False, **TINY)["edges"]
    assert edges.tolist() == [0, 1, 3, 5, 9]
    curve = long_lags.measure(progress=False, **TINY)["curve"]
    assert np.all(np.isfinite(curve[:, 1]))
    assert np.isnan(curve[:, 0, :, 3]).all()  # 4 steps end before the edge at 5


def test_a_loss_too_large_for_a_stored_curve_is_the_largest_number(monkeypatch):
    lost = race.Outcome(0.5, 1.0, 2, 0.0), np.array([1e6, 1.0])
    monkeypatch.setattr(race, "run_of", lambda **settings: lost)
    curve = long_lags.measure(progress=False, **TINY | {"guess_n_s": []})["curve"]
    assert np.all(curve[..., 0] == 65504)
    assert np.all(curve[..., 1] == 1)


def test_without_guesses_there_are_none():
    arrays = long_lags.measure(progress=False, **TINY | {"guess_n_s": []})
    assert "guess_right" not in arrays


def test_the_bar_counts_every_net(capsys):
    long_lags.measure(**TINY)
    assert "16/16" in capsys.readouterr().out  # 3·2·2 + 1·2·2


@pytest.mark.parametrize("part", long_lags.PARTS)
def test_every_experiment_has_a_live_version(part, capsys):
    seen, cells = [], long_lags.PARTS[part]["cells"]
    live = long_lags.live(part, list(cells)[-1], seconds=0.05, watch=seen.append, test_B=20)
    assert len(seen) == live.outcome.steps >= 1
    assert live.outcome.cpu_seconds < 1.5
    assert 0 <= live.outcome.right <= 1
    assert "step" in capsys.readouterr().out


def test_a_live_net_is_that_of_the_stored_run():
    live = long_lags.live("latch", "LSTM, b_f = 5", seed=1, progress=False, steps=6)
    loss = race.run_of("latch", 30, 1, choices={"forget_bias": 5.0}, steps=6)[1]
    np.testing.assert_array_equal(live.trained.history.loss, loss)


def test_live_refuses():
    with pytest.raises(
        ValueError, match="part is 'echo'; expected one of latch, two_sequence, embedded_reber"
    ):
        long_lags.live("echo", "RNN")
    with pytest.raises(ValueError, match="cell is 'CNN'; expected one of RNN, RNN, small start, "):
        long_lags.live("latch", "CNN")


def test_every_part_changes_settings_that_exist():
    assert tuple(long_lags.PARTS) == experiments.LONG_LAGS
    assert set(long_lags.LIVE) == set(long_lags.PARTS)
    for part in long_lags.PARTS.values():
        assert set(part) <= set(long_lags.SETTINGS)
        for changes in [*part["cells"].values(), *part["problems"]]:
            assert set(changes) - {"task", "length"} <= set(race.SETTINGS)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["echo"], ["echo"]),
        (["long_lags", "adding"], ["long_lags adding"]),
        (
            ["lags", "long_lags", "adding", "latch", "echo"],
            ["lags", "long_lags adding", "long_lags latch", "echo"],
        ),
        (["long_lags", "echo"], [f"long_lags {part}" for part in experiments.LONG_LAGS] + ["echo"]),
    ],
)
def test_the_command_line_names_one_experiment_or_all_of_a_module(words, names, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(__main__, "run", lambda name, folder: (ran.append(name), {"minutes": 1}))
    __main__.main(words)
    assert ran == names
    assert capsys.readouterr().out.count("stored in") == len(names)


@pytest.mark.parametrize(
    "words", [["adding"], ["long_lags", "nothing"], ["echo", "adding"], ["long_lags adding"]]
)
def test_the_command_line_refuses(words, capsys):
    with pytest.raises(SystemExit):
        __main__.main(words)
    assert f"name is {words[-1]!r}; expected one of echo" in capsys.readouterr().err


# The summaries


def results(right, steps, error=0.5):
    """Results of one cell on one problem, a number for each seed."""
    shape = (1, 1, len(right))
    arrays = {"right": right, "steps": steps, "error": np.full(shape, error), "cpu_seconds": steps}
    settings = {"cells": {"one": {}}, "problems": [{"task": "latch", "length": 9}], "B": 10}
    return {name: np.reshape(array, shape) for name, array in arrays.items()}, settings


def test_a_summary_counts_the_solved_and_takes_the_median_of_their_sequences_alone():
    (row,) = summaries.summary("latch", results([1.0, 0.995, 0.98, 0.99], [50, 70, 1, 60]))
    assert row == summaries.Summary("one", "latch", 9, 3, 4, 600, 0.5)


def test_where_nothing_is_solved_there_is_no_median():
    (row,) = summaries.summary("latch", results([0.5, np.nan], [50, 20]))
    assert (row.solved, row.sequences) == (0, None)


def test_guesses_are_counted_by_size_and_averaged_over_those_that_succeeded():
    arrays, settings = results([1.0], [5])
    arrays |= {"guess_right": np.array([[[1.0, 0.5, 1.0]], [[0.5] * 3]])}
    arrays |= {"guess_trials": np.array([[[10, 999, 20]], [[999] * 3]])}
    rows = summaries.guessed("latch", (arrays, settings | {"guess_n_s": [1, 16]}))
    assert rows == [
        summaries.Guessed(1, "latch", 9, 2, 3, 15),
        summaries.Guessed(16, "latch", 9, 0, 3, None),
    ]
    with pytest.raises(ValueError, match="part is 'latch'; expected one in which nets were guessed"):
        summaries.guessed("latch", results([1.0], [5]))


def test_rows_become_a_table():
    rows = summaries.summary("latch", results([1.0], [1234])) + summaries.summary(
        "latch", results([0.5], [9])
    )
    assert summaries.as_markdown(rows).splitlines() == [
        "| cell | task | length | solved | seeds | sequences | error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| one | latch | 9 | 1 | 1 | 12,340 | 0.5 |",
        "| one | latch | 9 | 0 | 1 | – | 0.5 |",
    ]


def test_summary_refuses():
    with pytest.raises(ValueError, match="part is 'echo'; expected one of latch"):
        summaries.summary("echo")
