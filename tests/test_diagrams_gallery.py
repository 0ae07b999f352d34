"""The thumbnails of the real data: four panels, each with something to see."""

from matplotlib.figure import Figure

from rnnlib import diagrams


def test_the_thumbnails_show_each_data_set_once():
    fig = Figure(figsize=(8.4, 4.6), layout="constrained")
    diagrams.thumbnails(fig)
    fig.draw_without_rendering()
    titles = [ax.get_title() for ax in fig.axes]
    assert [title.split(":")[0] for title in titles] == ["Speech", "Gesture", "Sun", "Market"]
    speech, gesture, sun, share = fig.axes
    assert speech.images[0].get_array().shape == (12, 20)
    assert [len(line.get_xdata()) for line in gesture.lines] == [150, 150]
    assert len(sun.lines[0].get_xdata()) == 309
    assert len(share.lines[0].get_xdata()) == 123
    assert all(ax.get_xlabel() and ax.get_ylabel() for ax in fig.axes)
