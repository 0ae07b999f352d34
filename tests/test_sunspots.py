"""Sunspots several years ahead: no forecast sees its future, and the stored result is what the code gives."""

import numpy as np
import pytest

from rnnlib import data
from rnnlib.experiments import run, sunspots

FEW = {"first": 1980, "last": 1990, "refit": 11, "seeds": 2, "steps": 5}


@pytest.fixture(scope="module")
def stored():
    return data.load_results("sunspots")


def test_a_forecast_does_not_see_its_future(monkeypatch):
    seen = []

    def fitted(until):
        seen.append(until)
        return lambda past: np.full(5, past[-1])

    predicted, actual = sunspots.forecasts(fitted, sunspots.SETTINGS | FEW | {"refit": 4})
    assert seen == [1980, 1984, 1988]
    series = data.load_sunspots()
    values = dict(zip(series.times.astype(int), series.values[:, 0], strict=True))
    for row, origin in enumerate(range(1980, 1991)):
        assert (predicted[row] == values[origin - 1]).all()
        assert actual[row].tolist() == [values[origin + h] for h in range(5)]


def test_the_last_years_have_no_later_ones():
    predicted, actual = sunspots.forecasts(lambda until: lambda past: np.zeros(5), sunspots.SETTINGS)
    assert np.isnan(actual[-1, 1:]).all()
    assert np.isfinite(actual[-5]).all()
    assert (np.isnan(predicted) == np.isnan(actual)).all()


def test_training_ends_before_the_year_of_the_forecast(monkeypatch):
    """Other numbers after `until` change nothing."""
    years, values = sunspots._series()
    changed = np.where(years >= 1950, 500.0, values)
    before = sunspots.train(0, progress=False, until=1950, steps=3)[0](values[:200])
    monkeypatch.setattr(sunspots, "_series", lambda: (years, changed))
    assert np.array_equal(sunspots.train(0, progress=False, until=1950, steps=3)[0](values[:200]), before)


def test_batches_ask_for_the_years_that_follow():
    z = np.arange(300, dtype=np.float32)
    x, d, mask = sunspots._batch(np.random.default_rng(0), z, sunspots.SETTINGS | {"noise": 0})
    assert np.array_equal(d, x + np.arange(1, 6))
    assert mask.sum(axis=0).tolist() == [34] * 16
    assert not mask[:10].any()


def test_the_autoregression_finds_a_wave():
    """x_t = 2 cos(ω) x_{t-1} − x_{t-2}: two years are enough, any number of steps ahead."""
    wave = 50 + 40 * np.cos(np.arange(100))
    predicted = sunspots.autoregression(wave[:80], 2, 5)(wave[:80])
    assert np.allclose(predicted, wave[80:85], atol=1e-8)


def test_baselines_by_another_way():
    values = data.load_sunspots().values[:, 0]
    starts = np.arange(221, 309)
    for h in range(5):
        ends = starts[starts + h < 309]
        last = np.sqrt(np.mean((values[ends - 1] - values[ends + h]) ** 2))
        cycle = np.sqrt(np.mean((values[ends + h - 11] - values[ends + h]) ** 2))
        assert np.allclose(sunspots.baselines()[:2, h], [last, cycle])


def test_the_stored_result_is_what_the_code_gives(stored):
    arrays, settings = stored
    assert settings | sunspots.SETTINGS == settings
    again = sunspots.measure(progress=False, **sunspots.SETTINGS | {"seeds": 1})
    assert np.allclose(again["baselines"], arrays["baselines"])
    assert np.allclose(again["error"][0], arrays["error"][0], rtol=0.25)  # training depends on rounding
    assert np.allclose(
        sunspots.errors(arrays["predicted"][0], arrays["actual"]), arrays["error"][0], rtol=1e-4
    )


def test_rows_of_the_table(stored):
    rows = sunspots.scores(stored)
    assert [row.kind for row in rows] == ["ours", "baseline", "baseline", "baseline"] * 2
    assert rows[0].scores.shape == (stored[1]["seeds"],)
    assert rows[4].scores.mean() > rows[0].scores.mean(), "further ahead is harder"


def test_it_runs_by_name(tmp_path):
    arrays, settings = run("sunspots", tmp_path, progress=False, **FEW)
    assert arrays["predicted"].shape == (2, 11, 5)
    assert settings["seeds"] == 2
