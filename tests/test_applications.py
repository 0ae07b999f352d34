"""The table at the end of lesson 10: what it says of given scores, and that nothing in it is typed."""

import numpy as np
import pytest

from rnnlib.experiments import applications
from rnnlib.experiments._scores import Score

ROWS = (
    Score("speech", "LSTM", "right, of 370", np.array([0.9, 0.94])),
    Score("speech", "guessing", "right, of 370", np.array([0.11]), "baseline"),
    Score("speech", "nearest", "right, of 370", np.array([0.95]), "baseline"),
    Score("speech", "theirs", "right, of 370", np.array([0.993]), "published", "Paper A, table 1"),
    Score("time series", "GRU", "error, lower is better", np.array([20.0, 22.0, 24.0])),
    Score("time series", "persistence", "error, lower is better", np.array([30.44]), "baseline"),
    Score(
        "time series", "theirs", "error, lower is better", np.array([19.0]), "published", "Paper A, table 1"
    ),
)


def test_every_row_is_there_and_says_where_it_comes_from():
    lines = applications.table(ROWS).split("\n")
    assert lines[2] == "| speech | right, of 370 | **LSTM** | **92.0% ± 2.8 (2 nets)** | ours |"
    assert lines[3] == "|  |  | guessing | 11.0% | baseline |"
    assert lines[5] == "|  |  | theirs | 99.3% | published [1] |"
    assert lines[6] == "| time series | error, lower is better | **GRU** | **22.0 ± 2.0 (3 nets)** | ours |"
    assert lines[8].endswith("| published [1] |")
    assert lines[-1] == "1. Paper A, table 1"
    assert {line.count("|") for line in lines[:9]} == {6}


def test_small_errors_keep_their_digits():
    row = Score("language", "GRU", "wrong pieces, lower is better", np.array([0.0015, 0.0025]))
    assert "| **GRU** | **0.002 ± 0.001 (2 nets)** | ours |" in applications.table([row])


def test_without_publications_there_are_no_sources():
    text = applications.table(ROWS[:3])
    assert "Published" not in text
    assert len(text.split("\n")) == 5


def test_verdicts():
    speech, series = applications.verdicts(ROWS)
    assert speech[:2] == ("speech", "right, of 370")
    assert speech[2:5] == pytest.approx((0.92, 0.95, 0.993))
    assert not speech.ahead
    assert series[2:5] == pytest.approx((22, 30.44, 19))
    assert series.ahead
    assert np.isnan(applications.verdicts(ROWS[:3])[0].published)


def test_the_table_is_made_of_the_stored_results():
    rows, text = applications.rows(), applications.table()
    assert len(text.split("Published")[0].strip("*\n ").split("\n")) == len(rows) + 2
    for module in applications.APPLICATIONS:
        for row in module.scores():
            mean = np.mean(row.scores)
            shown = (
                f"{100 * mean:.1f}%" if "lower" not in row.measure else f"{mean:.{1 if mean >= 1 else 3}f}"
            )
            assert any(row.model in line and shown in line for line in text.split("\n"))
            assert row.source in text


def test_every_application_has_three_seeds_and_a_baseline():
    for verdict in applications.verdicts():
        assert np.isfinite([verdict.ours, verdict.baseline]).all()
    assert all(len(row.scores) >= 3 for row in applications.rows() if row.kind == "ours")
