"""The base of the explorers without a browser: controls, marks, frames, messages, stored outputs."""

import base64
import threading
import zlib

import matplotlib.pyplot as plt
import numpy as np
import pytest
import traitlets
from explorer_samples import (
    compute,
    draw,
    draw_square,
    everything,
    line_explorer,
    live,
    move,
    small,
    unpacked,
    words,
)
from matplotlib.patches import FancyArrowPatch

from rnnlib.explorers import base
from rnnlib.explorers.base import Check, Choice, Explorer, Slider
from rnnlib.explorers.marks import GAP, LIMIT, UNITS


@pytest.fixture(scope="module")
def sample():
    """An explorer with every kind of mark and control."""
    return everything()


# Controls


def test_values_land_on_the_grid(sample):
    for given, found in ((0.1, 0.0), (4.1, 4.0), (np.float32(5.76), 6.0), (6.2, 6.0), (np.int64(3), 3.0)):
        sample.turn = given
        assert sample.turn == found
        assert type(sample.turn) is float
    sample.turn, sample.kind, sample.labels = 1.5, "sine", np.True_
    assert sample.values == {"turn": 1.5, "kind": "sine", "labels": True}


@pytest.mark.parametrize("bad", [7, -1, "x", None, True, float("nan"), float("inf"), [1], 1j])
def test_a_bad_number_is_refused_by_name(sample, bad):
    with pytest.raises(traitlets.TraitError, match="turn got .*; expected a number from 0 to 6"):
        sample.turn = bad


def test_a_bad_choice_or_check_is_refused_by_name(sample):
    with pytest.raises(traitlets.TraitError, match="kind got 'sinus'; expected one of 'sine', 'exp'"):
        sample.kind = "sinus"
    with pytest.raises(traitlets.TraitError, match="labels got 'yes'; expected True or False"):
        sample.labels = "yes"


def test_controls_are_traits_that_can_be_observed_and_linked(sample):
    other, seen = everything(), []
    sample.observe(lambda change: seen.append(change.new), "turn")
    link = traitlets.link((sample, "turn"), (other, "turn"))
    sample.turn = 2.6
    assert (other.turn, seen[-1]) == (2.5, 2.5)
    link.unlink()
    sample.unobserve_all()
    sample.turn = 1.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Slider("g", [1.0], 1), "g has the grid .*; expected at least two increasing numbers"),
        (lambda: Slider("g", [1, 3, 2], 1), "increasing"),
        (lambda: Slider("g", [1, 2], 9), "g got 9; expected a number from 1 to 2"),
        (lambda: Choice("c", ["a"], "b"), "c got 'b'; expected one of 'a'"),
        (lambda: Choice("c", ["a"], "a", style="tabs"), "c has the style 'tabs'; expected 'radio' or"),
        (lambda: Check("k", 2), "k got 2; expected True or False"),
        (lambda: everything(presets={"p": {"tune": 1}}), r"preset 'p' sets \['tune'\]; expected some of"),
        (lambda: everything(presets={"p": {"turn": 99}}), "turn got 99; expected a number"),
        (lambda: Explorer(compute, draw, [], title="", alt=""), "no controls"),
        (lambda: Explorer(compute, draw, [Slider("words", [1, 2], 1)], title="", alt=""), "called 'words'"),
        (lambda: everything(figsize=(11, 3)), r"figsize is \(11, 3\); expected at most 10 inches"),
    ],
)
def test_a_wrong_explorer_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Frames and marks


def test_there_is_one_frame_for_every_setting(sample):
    header, _ = unpacked(sample._frames)
    assert header["sheets"] == [{"axes": [0, 1, 2], "settings": 13 * 2 * 2}]
    assert [m["kind"] for m in header["marks"]].count("text") == 1
    assert {m["kind"] for m in header["marks"]} == {"path", "stamp", "text", "image"}
    assert header["said"]([4 * 4]) == words(compute(2.0), 2.0, "sine", False)


def test_the_whole_range_is_computed_and_packed_small(sample):
    assert len(sample._frames) < 100_000
    for turn in sample.controls["turn"].values:
        for kind in ("sine", "exp"):
            sample.turn, sample.kind = turn, kind
            assert f"Turned by {turn:g}" in sample.words
    sample.turn, sample.kind = 1.5, "sine"


@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_a_line_is_stored_where_matplotlib_puts_it(scale):
    y = np.array([1.0, 3.0, 10.0, 50.0])
    explorer = line_explorer([y, y / 2], yscale=scale, ylim=(0.4, 100))
    _, read = unpacked(explorer._frames)
    line = explorer._scene.artists["line"]
    line.set_ydata(y)
    wanted = line.axes.transData.transform(np.column_stack([np.arange(4), y]))
    assert np.allclose(read(0, "x", 0) / UNITS, wanted[:, 0], atol=0.5 / UNITS)
    assert np.allclose(360 - read(0, "y", 0) / UNITS, wanted[:, 1], atol=0.5 / UNITS)


def test_lines_that_are_not_finite_or_far_outside_have_gaps_and_keep_their_slope():
    y = np.array([0.0, 1.0, np.nan, 1.0, 0.0, 1e30, 0.0, -np.inf])
    explorer = line_explorer([y, np.zeros(8), np.full(8, np.nan)], ylim=(0, 2))
    _, read = unpacked(explorer._frames)
    x, codes = read(0, "x", 0), read(0, "codes", 0)
    assert list(codes[codes > 0]).count(1) >= 2, "the pen is lifted over the gap"
    assert np.abs(read(0, "y", 0)).max() <= LIMIT * UNITS
    up = x[np.flatnonzero(np.abs(read(0, "y", 0)) > 900 * UNITS)]
    fifth = explorer._scene.artists["line"].axes.transData.transform([(4, 0), (6, 0)])[:, 0] * UNITS
    assert set(up) <= {round(v) for v in fifth} | {0}, "a line to 1e30 goes straight up where it starts"
    assert not read(0, "codes", 2)[read(0, "codes", 2) == 2].size, "nothing finite, nothing drawn"


def test_points_that_are_not_finite_are_marked():
    def draw_points(fig, arrays):
        return {"dots": fig.subplots().plot([0, 1, 2], [0, 1, 2], "o")[0]}

    explorer = small(lambda i: {"dots": np.array([1, np.nan, 1e300])}, draw_points, [0, 1])
    _, read = unpacked(explorer._frames)
    assert read(0, "y", 0)[1] == GAP
    assert abs(read(0, "y", 0)[2]) == LIMIT * UNITS


def test_what_does_not_change_is_stored_once(sample):
    header, _ = unpacked(sample._frames)
    still = [c["rows"] == 1 for m in header["marks"] for name, c in m["channels"].items() if name == "x"]
    assert sum(still) > len(still) / 2


def test_an_artist_comes_and_goes(sample):
    header, read = unpacked(sample._frames)
    lengths = {
        len(read(m, "codes", frame))
        for m, mark in enumerate(header["marks"])
        if mark["kind"] == "path" and "lengths_at" in mark["channels"]["codes"]
        for frame in range(header["sheets"][0]["settings"])
    }
    assert 0 in lengths
    assert max(lengths) > 3


def test_names_alone_move_the_common_artists():
    def draw_all(fig, arrays):
        ax = fig.subplots()
        return {
            "line": ax.plot([0, 1], [0, 1])[0],
            "curve": ax.plot([0, 1], [0, 1])[0],
            "bars": ax.bar([0, 1], [1, 1]),
            "dots": ax.scatter([0, 1], [0, 1]),
            "cells": ax.imshow(np.zeros((2, 2))),
            "note": ax.text(0, 0, "a"),
        }

    def numbers(i):
        pair = np.array([i, i + 1.0])
        lines = {"line": pair, "curve": (pair, pair), "bars": pair}
        return lines | {"dots": i * np.eye(2), "cells": np.eye(2), "note": i}

    explorer = small(numbers, draw_all, [1, 2, 3])
    header, _ = unpacked(explorer._frames)
    assert len(header["strings"]) == 3
    artists = explorer._scene.artists
    assert artists["bars"][1].get_height() == 4
    assert artists["note"].get_text() == "3"


@pytest.mark.parametrize(
    ("artist", "message"),
    [
        (lambda ax: ax.quiver([0], [0], [1], [1]).axes, "moving is a Axes; expected a line"),
        (lambda ax: ax.annotate("a", (0, 0), (1, 1), arrowprops={}), "an arrow; expected a text"),
        (lambda ax: ax.add_patch(FancyArrowPatch((0, 0), (1, 1))), "by name; expected a move function"),
    ],
)
def test_an_artist_that_cannot_move_is_named(artist, message):
    with pytest.raises(TypeError, match=message):
        small(
            lambda i: {"moving": ""},
            lambda fig, arrays: {"moving": artist(fig.subplots())},
            [1, 2],
            move=(lambda artists, arrays: None) if "move function" not in message else None,
        )


def test_an_artist_without_an_array_is_named():
    with pytest.raises(KeyError, match="no array for the artist 'line'"):
        small(lambda i: {}, lambda fig, arrays: {"line": fig.subplots().plot([1])[0]}, [1, 2])


def test_a_table_that_is_too_large_says_so(monkeypatch):
    monkeypatch.setattr(base, "MAX_TABLE", 1000)
    with pytest.raises(ValueError, match="table of 52 frames has .* bytes; expected at most 1000"):
        everything()


def test_an_error_in_compute_says_with_what_it_was_called():
    def fail(i):
        raise ZeroDivisionError("no")

    with pytest.raises(ZeroDivisionError) as caught:
        small(fail, draw_square, [1, 2])
    assert "compute was called with {'i': 1}" in caught.value.__notes__


# Messages


@pytest.fixture
def answers(monkeypatch):
    """A live explorer and what it sends."""
    sent = []
    explorer = live()
    monkeypatch.setattr(explorer, "send", lambda content, buffers=None: sent.append((content, buffers)))
    return explorer, sent


def test_the_view_gets_the_frame_of_what_was_set_before_it_was_shown():
    explorer = live()
    explorer.side = 70
    explorer._repr_mimebundle_()
    assert explorer._spec["first"] == [70]
    header, _ = unpacked(explorer._frames)
    assert header["said"]([0]) == "Slope 70."
    assert "first" not in everything()._spec


def test_a_request_is_answered_with_a_frame(answers):
    explorer, sent = answers
    explorer._answer(None, {"kind": "frame", "id": 4, "key": "90", "values": {"side": 90}}, [])
    content, (block,) = sent[0]
    assert content == {"id": 4, "key": "90"}
    header, read = unpacked(block)
    assert header["said"]([0]) == "Slope 90."
    assert len(block) < 3000
    assert read(0, "y", 0)[-1] < read(0, "y", 0)[0]


def test_an_error_is_answered_too(answers):
    explorer, sent = answers
    explorer._answer(None, {"kind": "frame", "id": 1, "key": "13", "values": {"side": 13}}, [])
    explorer._answer(None, {"kind": "frame", "id": 2, "key": "x", "values": {"side": 1000}}, [])
    explorer._answer(None, {"kind": "frame", "id": 3, "key": "14", "values": {"side": 14}}, [])
    assert sent[0][0]["error"] == "ValueError: thirteen is refused"
    assert "side got 1000; expected a number from 0 to 100" in sent[1][0]["error"]
    assert "error" not in sent[2][0]


def test_frames_in_another_thread_leave_pyplot_alone(answers):
    explorer, sent = answers
    figure, ax = plt.subplots()
    requests = [{"kind": "frame", "id": i, "key": str(i), "values": {"side": i}} for i in range(20, 60)]
    thread = threading.Thread(target=lambda: [explorer._answer(None, r, []) for r in requests])
    thread.start()
    for i in range(20):
        ax.plot([0, i])
        figure.canvas.draw()
    explorer.picture()
    thread.join()
    assert len(ax.lines) == 20
    assert plt.gcf() is figure
    assert not any("error" in content for content, _ in sent)
    plt.close(figure)


# What a notebook stores


def test_one_bundle_has_view_picture_and_text(sample):
    data, metadata = sample._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", base.VIEW}
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == "One of everything moves. Six small panels. " + sample.words
    picture = metadata["image/png"]
    assert (picture["alt"], picture["width"], picture["height"]) == (data["text/plain"], 900, 500)


def test_a_cell_gets_the_picture_and_then_the_view(monkeypatch):
    import IPython.display

    shown = []
    for name in ("display", "update_display"):
        monkeypatch.setattr(IPython.display, name, lambda data, **kwargs: shown.append((data, kwargs)))
    explorer = live()
    explorer._ipython_display_()
    (blank, first), (view, _), (picture, second) = shown
    assert set(blank) == set(picture) == {"image/png", "text/plain"}
    assert blank["text/plain"] == picture["text/plain"], "nbval compares the first"
    assert base64.b64decode(picture["image/png"]) == explorer.picture()
    assert first["metadata"]["rnnlib"] == "explorer"
    assert second == first
    assert set(view) == {base.VIEW}
    for _ in range(2):  # a second view of it changes nothing any more
        explorer._answer(None, {"kind": "shown"}, [])
    (data, update) = shown[3]
    assert len(shown) == 4
    assert update["display_id"] == first["display_id"]
    assert "rnnlib-still" in data["text/html"]
    assert 'alt="A line is steeper. A line. Slope 20."' in data["text/html"]


def test_a_view_that_is_seen_before_the_picture_is_painted_waits_for_it(monkeypatch):
    import IPython.display

    explorer, shown = live(), []
    seen = threading.Thread(target=explorer._answer, args=(None, {"kind": "shown"}, []))

    def publish(data, **kwargs):
        shown.append(set(data))
        if base.VIEW in data:
            seen.start()

    for name in ("display", "update_display"):
        monkeypatch.setattr(IPython.display, name, publish)
    explorer._ipython_display_()
    seen.join()
    picture = {"image/png", "text/plain"}
    assert shown == [picture, {base.VIEW}, picture, picture | {"text/html"}]


def test_picture_and_background_have_the_same_bytes_in_every_run():
    one, two = everything(), everything()
    assert one.picture() == two.picture()
    assert one._background == two._background
    assert one._frames == two._frames
    assert zlib.decompress(one._background) == one._scene.background()
    assert one.picture() == two.picture(), "painting the background changed the picture"


def test_the_picture_follows_the_controls():
    explorer = live()
    before = explorer.picture()
    explorer.side = 90
    assert explorer.picture() != before
    assert "Slope 90." in explorer._still(explorer.values)[0]["text/plain"]


def test_no_figure_is_left_in_pyplot():
    before = plt.get_fignums()
    everything().picture()
    assert plt.get_fignums() == before


def test_move_sets_artists_only(sample):
    move(sample._scene.artists, sample.arrays)
    assert sample._scene.fig.stale


@pytest.mark.parametrize("spacing", [None, 1.5])
def test_the_lines_of_a_text_stand_below_one_another(spacing):
    def draw_lines(fig, arrays):
        return {"said": fig.subplots().text(0.5, 0.5, "", linespacing=spacing)}

    explorer = small(lambda i: {"said": "up\ndown" if i else "up"}, draw_lines, [0, 1])
    one, two = (string for string in unpacked(explorer._frames)[0]["strings"] if string["letters"])
    heights = [row[2] for row in two["letters"]]
    assert len({round(y, 1) for y in heights}) == 2
    assert heights[0] < heights[-1]
    assert two["box"][3] > 1.5 * one["box"][3]
