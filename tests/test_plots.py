"""plots.show: one picture, its alt text, the same bytes every time."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from rnnlib import plots


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
