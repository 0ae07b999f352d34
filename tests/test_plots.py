"""plots.show: one picture, its alt text, the same bytes every time. LiveCurve: one picture, replaced.

learned_lags, success_rates, learning_curves: the points of the stored results.
"""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from rnnlib import data, plots


def a_figure():
    fig = Figure(figsize=(3, 2))
    fig.subplots().plot([1, 2, 3])
    return fig


@pytest.fixture
def shown(monkeypatch):
    calls = []
    monkeypatch.setattr("IPython.display.display", lambda data, **kw: calls.append((data, kw)))
    return calls


def test_the_picture_carries_its_alt_text_and_size(shown):
    plots.show(a_figure(), alt="A line rises from 1 to 3.")
    [(data, kw)] = shown
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "A line rises from 1 to 3."
    assert kw["metadata"]["image/png"] == {"alt": "A line rises from 1 to 3.", "width": 300, "height": 200}


def test_the_bytes_are_the_same_in_every_run():
    assert plots.png(a_figure()) == plots.png(a_figure())


def test_an_empty_alt_is_refused(shown):
    with pytest.raises(ValueError, match="alt is empty"):
        plots.show(a_figure(), alt=" ")
    assert not shown


def test_a_pyplot_figure_is_closed_so_that_it_is_not_shown_twice(shown):
    fig, _ = plt.subplots()
    plots.show(fig, alt="An empty figure.")
    assert not plt.fignum_exists(fig.number)


class Clock:
    """Time that passes only when told; each picture takes `drawing` seconds, and is only its numbers."""

    def __init__(self, monkeypatch, drawing=0.0):
        self.now, self.drawing = 100.0, drawing
        monkeypatch.setattr(plots.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(plots, "png", self.png)

    def png(self, fig):
        self.pass_by(self.drawing)
        return np.array(fig.axes[0].lines[0].get_ydata()).tobytes()

    def pass_by(self, seconds):
        self.now += seconds


def run(clock, losses, seconds):
    with plots.LiveCurve("It is learned") as curve:
        for E in losses:
            curve(E)
            clock.pass_by(seconds)
    return curve


def test_a_live_curve_is_one_output_that_is_replaced(shown, monkeypatch):
    run(Clock(monkeypatch), np.geomspace(2, 0.02, 40), seconds=0.1)
    where = [(kw["display_id"], kw["update"]) for _, kw in shown]
    assert len({key for key, _ in where}) == 1
    assert [update for _, update in where] == [False] + [True] * (len(shown) - 1)
    lengths = [len(data["image/png"]) for data, _ in shown]
    assert lengths == sorted(set(lengths))


def test_at_most_four_pictures_a_second_and_a_last_one(shown, monkeypatch):
    """40 steps of 0.0625 s are 2.5 s: an empty picture, one each at 0.25 ... 2.25 s, and the last."""
    run(Clock(monkeypatch), np.ones(40), seconds=0.0625)
    assert len(shown) == 10 + 1


def test_slow_drawing_takes_a_third_of_the_time_at_most(shown, monkeypatch):
    clock = Clock(monkeypatch, drawing=1.0)
    run(clock, np.ones(120), seconds=0.125)  # 15 s of training
    assert len(shown) == 8 + 1
    assert clock.now == 100 + 15 + 9


def test_the_last_picture_holds_every_step_and_says_so(shown):
    losses = np.geomspace(2, 0.02, 50)
    with plots.LiveCurve("It is learned", every=60) as curve:
        list(map(curve, losses))
    data, kw = shown[-1]
    assert data["image/png"].startswith(b"\x89PNG")
    wanted = f"50 steps, from 2 to {losses[-2:].mean():.2g} (mean of the last steps)"
    assert data["text/plain"].startswith("It is learned: loss by training step")
    assert wanted in data["text/plain"]
    assert kw["metadata"]["image/png"] == {"alt": data["text/plain"], "width": 720, "height": 280}
    (line,) = curve.figure().axes[0].lines
    assert line.get_xdata().tolist() == list(range(1, 51))
    np.testing.assert_array_equal(line.get_ydata(), losses)


@pytest.mark.parametrize(("first", "last"), [(55, 2.6), (0.9, 0.5), (2.2, 1.2), (90, 1.1), (2, 0.001)])
def test_the_axis_of_a_live_curve_has_more_than_one_number(first, last):
    curve = plots.LiveCurve("It is learned")
    curve.losses = np.geomspace(first, last, 50).tolist()
    fig = curve.figure()
    fig.canvas.draw()
    (low, high), axis = fig.axes[0].get_ylim(), fig.axes[0].yaxis
    pairs = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
    inside = {tick: label.get_text() for tick, label in pairs if low <= tick <= high}
    assert 2 <= len(inside) <= 9
    if high < 100 * low:
        assert all(float(text) == pytest.approx(tick) for tick, text in inside.items())
    if (first, last) == (55, 2.6):
        assert list(inside.values()) == ["5", "10", "20", "50"]


def test_a_training_that_fails_keeps_its_curve(shown):
    def losses():
        yield from (1.0, 3.0, 9.0)
        raise FloatingPointError

    with pytest.raises(FloatingPointError), plots.LiveCurve("It is not learned", every=60) as curve:
        list(map(curve, losses()))
    assert "3 steps, from 1 to 9" in shown[-1][0]["text/plain"]


def test_the_picture_stands_above_what_the_training_prints(shown):
    with plots.LiveCurve("Nothing happened"):
        assert shown[0][0]["text/plain"] == "Nothing happened: loss by training step, no step yet."
    assert len(shown) == 1


def test_a_live_curve_leaves_pyplot_and_the_style_alone(shown, monkeypatch):
    before = dict(plt.rcParams)
    run(Clock(monkeypatch), [2.0, 1.0], seconds=1)
    assert plt.get_fignums() == []
    assert dict(plt.rcParams) == before


@pytest.fixture(scope="module")
def lags():
    return data.load_results("lags")


def test_learned_lags_shows_the_stored_numbers(lags):
    arrays, settings = lags
    above, below = plots.learned_lags(arrays, settings).axes
    names = [text.get_text() for text in above.get_legend().get_texts()]
    assert names == settings["two_sequence"]
    for name, line in zip(names, above.lines, strict=True):
        solved = arrays["latch_right"][list(settings["variants"]).index(name)] >= 0.99
        if name in settings["far"]:
            further = arrays["far_right"][settings["far"].index(name)] >= 0.99
            solved = np.concatenate([solved, further])
        np.testing.assert_array_equal(line.get_ydata(), solved.mean(axis=1))
        assert len(line.get_xdata()) == len(solved)
    curves = [line for line in below.lines if line.get_marker() in ("None", None)]
    middle = np.median(arrays["latch_before"][3], axis=1)
    np.testing.assert_array_equal(curves[3].get_ydata(), middle)


def test_learned_lags_fills_the_points_that_half_of_the_nets_learned(lags):
    arrays, settings = lags
    above, below = plots.learned_lags(arrays, settings, ["tanh, tiny"]).axes
    rates = dict(zip(*above.lines[0].get_data(), strict=True))
    points = [line for line in below.lines if line.get_marker() not in ("None", None)]
    assert sorted(lag for line in points for lag in line.get_xdata()) == settings["lags"]
    for line in points:
        filled = line.get_markerfacecolor() != "white"
        assert all((rates[lag] >= 0.5) == filled for lag in line.get_xdata())


def races():
    """Results of two cells on two problems, three seeds and four points of a curve."""
    curve = np.full((2, 2, 3, 4), np.nan)
    curve[0, 0] = [[0.5, 0.4, 0.3, 0.2], [0.5, 0.1, np.nan, np.nan], [0.5, 0.3, 0.2, np.nan]]
    curve[0, 1] = curve[1, 0] = curve[1, 1] = 0.5
    right = np.full((2, 2, 3), 0.5)
    right[0, 0] = [0.98, 0.99, 1.0]
    steps = np.full((2, 2, 3), 8.0)
    steps[0, 0, 1:] = 2, 3
    arrays = {"curve": curve, "edges": np.array([0, 1, 2, 4, 8]), "error": np.full((2, 2, 3), 0.05)}
    problems = [{"task": "latch", "length": 5}, {"task": "latch", "length": 9, "test_length": 90}]
    settings = {"cells": {"RNN, small": {}, "LSTM, b_f = 1": {}}, "problems": problems}
    settings |= {"B": 10, "steps": 8, "test_length": None}
    return arrays | {"right": right, "steps": steps}, settings


def test_success_rates_counts_the_solved_and_gives_their_median():
    (ax,) = plots.success_rates(*races(), "Some learn it").axes
    assert [text.get_text() for text in ax.texts] == ["2 of 3\n25", "0 of 3\n–", "0 of 3\n–", "0 of 3\n–"]
    np.testing.assert_allclose(ax.images[0].get_array(), [[2 / 3, 0], [0, 0]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["5", "9"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["RNN, small", "LSTM, $b_f$ = 1"]
    assert (ax.get_title("left"), ax.get_xlabel()) == ("Some learn it", "lag in steps")


def test_success_rates_of_several_tasks_names_them():
    arrays, settings = races()
    problems = [{"task": "latch", "length": 5}, {"task": "temporal_order", "length": 50}]
    (ax,) = plots.success_rates(arrays, settings | {"problems": problems}, "x", ["LSTM, b_f = 1"]).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "latch,\nlag 5",
        "temporal order,\n$T$ = 50",
    ]
    assert len(ax.texts) == 2
    assert ax.get_xlabel() == ""


def test_learning_curves_end_where_the_training_ended():
    fig = plots.learning_curves(*races(), "Some learn it")
    first, second = fig.axes
    assert fig.get_suptitle() == "Some learn it"
    seeds, middle, chance = first.lines[:3], first.lines[3], first.lines[4]
    ends = [(line.get_xdata()[-1], line.get_ydata()[-1], line.get_marker()) for line in seeds]
    assert ends == [(80, 0.05, "x"), (20, 0.05, "o"), (30, 0.05, "o")]
    np.testing.assert_array_equal(seeds[1].get_xdata(), [10, 20, 20])
    np.testing.assert_array_equal(middle.get_xdata(), [10, 20, 40, 80, 80])
    np.testing.assert_allclose(middle.get_ydata(), [0.5, 0.3, 0.2, 0.05, 0.05])
    np.testing.assert_array_equal(chance.get_ydata(), 0.5)
    assert [ax.texts[0].get_text() for ax in (first, second)] == ["2 of 3", "0 of 3"]
    assert [ax.get_title("left") for ax in (first, second)] == ["RNN, small", "LSTM, $b_f$ = 1"]
    assert {ax.get_yscale() for ax in fig.axes} == {"log"}


@pytest.mark.parametrize("problem", [0, 1])
def test_the_thick_line_ends_at_the_median_of_the_ends(problem):
    for ax in plots.learning_curves(*data.load_results("long_lags_temporal_order"), "x", problem).axes:
        *seeds, middle, _ = ax.lines
        ends = [line.get_ydata()[-1] for line in seeds]
        assert len(ends) == 5
        assert middle.get_ydata()[-1] == np.median(ends)
        assert middle.get_xdata()[-1] == max(line.get_xdata()[-1] for line in seeds)


def test_learning_curves_of_one_cell_on_another_problem():
    arrays, settings = races()
    (ax,) = plots.learning_curves(arrays, settings, "x", problem=1, cells=["RNN, small"]).axes
    assert ax.lines[0].get_ydata()[-1] == 0.5  # tested with another length: no error to compare with
    settings = settings | {"problems": [{"task": "embedded_reber", "length": 1}]}
    (ax,) = plots.learning_curves(
        arrays | {"curve": arrays["curve"] + 5}, settings, "x", cells=["RNN, small"]
    ).axes
    assert (ax.get_yscale(), len(ax.lines)) == ("linear", 4)  # far from zero; no line for chance


def test_the_last_panel_of_every_column_has_its_numbers():
    arrays, settings = races()
    arrays = {name: array if name == "edges" else array[[0, 1, 0, 1]] for name, array in arrays.items()}
    fig = plots.learning_curves(arrays, settings | {"cells": dict.fromkeys("abcd", {})}, "x")
    first_ticks = [ax.xaxis.get_major_ticks()[0] for ax in fig.axes]
    assert [tick.label1.get_visible() for tick in first_ticks] == [False, True, True, True]
