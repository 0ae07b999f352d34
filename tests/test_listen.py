"""Listen to the state, and where did it look: arrays, words, the table against the kernel, every control."""

import numpy as np
import pytest
from explorer_samples import move_over_the_range, unpacked
from layout import box, text_conflicts
from matplotlib.colors import to_rgba

from rnnlib.experiments import listening
from rnnlib.explorers import listen, where_it_looked
from rnnlib.explorers.base import MAX_TABLE
from rnnlib.explorers.glyphs import Glyphs
from rnnlib.explorers.marks import marks_of

MODULES = {"listen": listen, "looked": where_it_looked}
BOTH = pytest.mark.parametrize("task", list(listening.TASKS))
CASES = [(name, task) for name in MODULES for task in listening.TASKS]
ALL = pytest.mark.parametrize(("name", "task"), CASES)


@pytest.fixture(scope="module")
def explorers():
    return {(name, task): MODULES[name].explorer(task) for name, task in CASES}


def place(task, why):
    return next(piece for piece, reason in listening.pieces(task).items() if reason == why)


def drawn(explorer, count):
    """Draw settings from all over the controls."""
    rng = np.random.default_rng(0)
    controls = explorer.controls.items()
    return [{k: c.values[rng.integers(len(c.values))] for k, c in controls} for _ in range(count)]


def said(explorer, at):
    for name, value in at.items():
        setattr(explorer, name, value)
    return explorer.words


# Both explorers


@ALL
def test_the_real_widget_over_its_range(explorers, name, task):
    explorer = explorers[name, task]
    assert len(explorer._frames) <= MAX_TABLE / 5
    start = explorer.words
    move_over_the_range(explorer)
    assert explorer.words == start
    assert explorer.picture().startswith(b"\x89PNG")


@ALL
def test_the_table_shows_what_the_kernel_would(explorers, name, task):
    """Every artist and every word has all the controls that it needs."""
    explorer = explorers[name, task]
    header, read = unpacked(explorer._frames)
    scene = explorer._scene
    for at in drawn(explorer, 60):
        positions = {k: explorer.controls[k].values.index(value) for k, value in at.items()}
        frames = [setting(sheet["axes"], explorer, positions) for sheet in header["sheets"]]
        arrays = explorer._arrays(at)
        assert header["said"](frames) == explorer._words(arrays, at)
        scene.move(arrays)
        glyphs = Glyphs(scene.fig.dpi / 72)
        for m, (artist, mark) in enumerate(marks_of(scene.artists, scene.fig, glyphs)):
            for channel, value in mark.read().items():
                stored = read(m, channel, frames[header["marks"][m]["sheet"]])
                if channel == "string":
                    stored = written(header["letters"], header["strings"], *stored)
                    value = written(glyphs.letters, glyphs.strings, *value)
                np.testing.assert_equal(stored, value, err_msg=f"{artist} {channel} {at}")


def written(letters, strings, k):
    """Return the outlines of a string and their places."""
    return [(letters[letter], place) for letter, *place in strings[k]["letters"]]


def setting(axes, explorer, positions):
    """Return the place of a setting in a sheet of some controls."""
    names = [list(explorer.controls)[axis] for axis in axes]
    sizes = [len(explorer.controls[name].values) for name in names]
    return int(np.ravel_multi_index([positions[name] for name in names], sizes)) if names else 0


@ALL
def test_presets_are_questions_and_show_other_pictures(explorers, name, task):
    explorer = explorers[name, task]
    questions = explorer._spec["presets"]
    assert len(questions) >= 4
    seen = set()
    for question in questions:
        assert question["label"].endswith("?")
        assert set(question["positions"]) == set(explorer.controls)
        seen.add(tuple(question["positions"].values()))
    assert len(seen) == len(questions)


@ALL
def test_no_label_lies_on_another(explorers, name, task):
    explorer = explorers[name, task]
    ends = [{k: c.values[end] for k, c in explorer.controls.items()} for end in (0, -1)]
    for at in [*ends, *drawn(explorer, 6), explorer.values]:
        explorer._scene.move(explorer._arrays(at))
        assert not text_conflicts(explorer._scene.fig), at


@ALL
@pytest.mark.filterwarnings("error")
def test_the_extremes_have_words_and_numbers(explorers, name, task):
    explorer = explorers[name, task]
    for piece in explorer.controls["piece"].values:
        for t in (1, explorer.controls["t"].values[-1]):
            for at in drawn(explorer, 6):
                at |= {"piece": piece, "t": t}
                arrays = explorer._arrays(at)
                n = len(listening.hear(task, piece).x)
                assert arrays["t"] == min(t, n)
                assert np.isfinite(arrays["x"][:, :n]).all()
                assert np.isnan(arrays["x"][:, n:]).all()
                text = explorer._words(arrays, at)
                assert not {"nan", "inf", "None"} & set(text.replace(",", " ").split())


@pytest.mark.parametrize("module", MODULES.values())
def test_another_task_is_refused(module):
    with pytest.raises(ValueError, match="song"):
        module.explorer("song")


# Listen to the state


@BOTH
def test_listen_shows_what_was_heard(task):
    for piece in listening.pieces(task):
        heard = listening.hear(task, piece)
        for t in (1, len(heard.x) // 2, len(heard.x)):
            arrays = listen.compute(t=t, piece=piece, task=task)
            np.testing.assert_array_equal(arrays["now"], heard.p[t - 1])
            np.testing.assert_array_equal(arrays["state"][:, : len(heard.x)], heard.STM.T)
        other = listen.compute(t=1, piece=piece, memory="LTM", task=task)
        np.testing.assert_allclose(4 * other["state"][:, : len(heard.x)], heard.LTM.T)
        assert arrays["rival"] != arrays["right"] == heard.label
        assert heard.p[:, arrays["rival"]].max() == np.delete(heard.p, heard.label, axis=1).max()


def test_listen_says_the_moment_and_the_end(explorers):
    explorer = explorers["listen", "speech"]
    piece = place("speech", "surest of the wrong")
    p, label = listening.hear("speech", piece).p, listening.hear("speech", piece).label
    n = len(p)
    text = said(explorer, {"t": n, "piece": piece})
    assert text.startswith(f"After all {n} frames: speaker {p[-1].argmax() + 1}, ")
    assert f"; right is speaker {label + 1}. " in text
    assert f"at frame {listening.settled(p)}, and stays there." in text
    text = said(explorer, {"t": 2, "ahead": False})
    assert text.endswith(". What will it say at the end, and from when on?")
    assert f"After 2 of {n} frames: speaker {p[1].argmax() + 1}, {listen.chance(p[1].max())}" in text
    text = said(explorer, {"piece": place("speech", "earliest to decide"), "t": 3, "ahead": True})
    assert ", which is right. It names speaker" in text
    assert text.endswith("from the first frame on.")


def test_what_is_to_come_is_pale_or_hidden():
    piece = place("speech", "latest to decide")
    artists = (explorer := listen.explorer())._scene.artists
    starts = {"x": 5.5, "state": 5.5, "p": 5}  # a curve ends at the cursor, a column is a whole frame
    for ahead, alpha in ((True, 0.8), (False, 1.0)):
        explorer._scene.move(listen.compute(t=5, piece=piece, ahead=ahead))
        alphas = [artists[f"cover_{name}"].get_facecolor()[3] for name in listen.PANELS]
        assert alphas == [0.8, alpha, alpha]
        assert {name: artists[f"cover_{name}"].get_x() for name in listen.PANELS} == starts
        assert {name: artists[f"edge_{name}"].get_xdata()[0] for name in listen.PANELS} == starts
    assert artists["mark"].get_position()[0] == listening.hear("speech", piece).label
    heights = [bar.get_height() for bar in artists["bars"]]
    np.testing.assert_allclose(heights, listening.hear("speech", piece).p[4])
    for dot, k in (("here", "right"), ("there", "rival")):
        arrays = listen.compute(t=5, piece=piece, ahead=False)
        assert (*artists[dot].get_xdata(), *artists[dot].get_ydata()) == (5, arrays["now"][arrays[k]])


def test_the_cursor_cuts_every_curve_at_the_frame(explorers):
    explorer = explorers["listen", "gesture"]
    explorer._scene.move(listen.compute(t=7, piece=place("gesture", "latest to decide"), task="gesture"))
    artists = explorer._scene.artists
    assert [artists[f"cover_{name}"].get_x() for name in listen.PANELS] == [7, 7.5, 7]


@BOTH
def test_the_rival_does_not_tell_what_is_hidden(task):
    for piece in listening.pieces(task):
        heard = listening.hear(task, piece)
        for t in range(1, len(heard.x) + 1):
            rival = listen.compute(t=t, piece=piece, ahead=False, task=task)["rival"]
            wrong = np.delete(heard.p[:t], heard.label, axis=1)
            assert heard.p[:t, rival].max() == wrong.max()
        assert rival == listen.compute(t=1, piece=piece, task=task)["rival"]


def test_the_question_does_not_name_its_answer(explorers):
    explorer = explorers["listen", "speech"]
    why, at = listen.QUESTIONS["Sure and wrong: since when?"]
    piece = place("speech", why)
    name = listen.named("speech", answer := int(listening.hear("speech", piece).p[-1].argmax()))
    artists = explorer._scene.artists
    for ahead in (False, True):
        explorer._scene.move(listen.compute(**{**at, "piece": piece, "ahead": ahead}))
        colored = artists["bars"][answer].get_facecolor() != to_rgba(listen.OTHER)
        assert (name in artists["rival_name"].get_text()) is colored is ahead


@BOTH
def test_the_number_over_a_bar_stays_within_its_panel(explorers, task):
    explorer = explorers["listen", task]
    top = explorer._scene.artists["top"]
    texts = set()
    for piece in listening.pieces(task):
        for t in range(1, len(listening.hear(task, piece).x) + 1):
            explorer._scene.move(listen.compute(t=t, piece=piece, task=task))
            assert top.axes.bbox.x0 + 1 < box(top).x0 < box(top).x1 < top.axes.bbox.x1
            texts.add(top.get_text())
    assert "over 99.99%" in texts


def test_other_odds_have_other_words():
    odds = 2.0 ** np.arange(-14, 15)
    words = [listen.chance(p) for p in odds / (1 + odds)]
    assert (words[0], words[-1]) == ("under 0.01%", "over 99.99%")
    assert len(set(words)) == len(odds)


# Where did it look


@BOTH
def test_the_gradient_and_the_removals_are_those_of_the_experiment(task):
    rng = np.random.default_rng(1)
    for piece in listening.pieces(task):
        p, label = listening.hear(task, piece).p[-1], listening.hear(task, piece).label
        order = np.argsort(p)
        for of, c in (("named", order[-1]), ("next", order[-2]), ("right", label)):
            width, way = rng.choice(where_it_looked.WIDTHS), str(rng.choice(listening.WAYS))
            arrays = where_it_looked.compute(3, piece, of, int(width), way, task)
            assert (arrays["c"], arrays["p"]) == (c, p[c])
            norms = np.sqrt((listening.gradient(task, piece, c) ** 2).sum(axis=1))
            np.testing.assert_allclose(arrays["gradient"], norms)
            assert arrays["steepest"] == norms.argmax() + 1
            expected = listening.without(task, piece, int(width), way)[:, c]
            np.testing.assert_array_equal(arrays["without"], expected)
            effect = np.abs(np.log(expected / (1 - expected)) - np.log(p[c] / (1 - p[c])))
            assert effect[arrays["gravest"] - 1] == pytest.approx(effect.max())


def test_what_is_removed_ends_with_the_sequence():
    piece = place("speech", "latest to decide")
    n = len(listening.hear("speech", piece).x)
    for t, width, expected in ((1, 5, (1, 3)), (4, 3, (3, 5)), (n, 5, (n - 2, n)), (n + 3, 1, (n, n))):
        arrays = where_it_looked.compute(t, piece, width=width)
        assert (arrays["first"], arrays["last"]) == expected


def test_agreement_is_that_of_the_ranks():
    rng = np.random.default_rng(0)
    for n in (7, 30):
        a, b = rng.standard_normal((2, n))
        ranks = [np.array([np.sum(row < value) for value in row]) for row in (a, b)]
        expected = 1 - 6 * np.sum((ranks[0] - ranks[1]) ** 2) / (n * (n**2 - 1))
        assert where_it_looked.agreement(a, b) == pytest.approx(expected)


def test_the_title_is_true():
    """A frame with less than half of the largest gradient matters most: in each task, for some sequence."""
    for task in listening.TASKS:
        found = [where_it_looked.compute(1, piece, task=task) for piece in listening.pieces(task)]
        weak = [a for a in found if a["gradient"][a["gravest"] - 1] < 0.5 * a["gradient"].max()]
        assert weak, task
        assert min(a["agreement"] for a in found) < 0.5
    flips = [a for a in found if a["p"] > 0.99 and a["without"].min() < 0.01]
    assert any(a["gradient"].max() < 0.001 for a in flips), "hardly any gradient, and one frame decides"


def test_where_it_looked_says_the_numbers(explorers):
    explorer = explorers["looked", "speech"]
    piece = place("speech", "surest of the wrong")
    text = said(explorer, {"t": 4, "piece": piece, "of": "named", "width": 1, "way": "cut"})
    a = explorer.arrays
    name = f"speaker {a['c'] + 1}"
    assert text.startswith(f"The answer gives {name} {listen.chance(a['p'])}. Without frame 4 it would be ")
    where = "there too" if a["steepest"] == a["gravest"] else f"at frame {a['gravest']}"
    assert f"largest at frame {a['steepest']}; removal changes most {where}. " in text
    scale = "(1: the same, −1: opposite)"
    assert text.endswith(f"agree by {a['agreement']:.2f} {scale}.".replace("-", "−"))
    explorer.width = 3
    assert "Without frames 3 to 5 it would be " in explorer.words
    explorer.of = "right"
    assert f"The answer gives speaker {listening.hear('speech', piece).label + 1} " in explorer.words


def test_what_lies_beyond_the_axis_is_drawn_at_its_ends(explorers):
    """The labels of the ends say so, and the ring there is not cut."""
    explorer = explorers["looked", "gesture"]
    artists = explorer._scene.artists
    at = {"t": 1, "piece": 0, "width": 5, "way": "zero", "task": "gesture"}
    arrays = where_it_looked.compute(**at)
    assert arrays["without"].max() > 1 - where_it_looked.NEAR
    explorer._scene.move(arrays)
    ends = np.array([where_it_looked.NEAR, 1 - where_it_looked.NEAR])
    assert artists["without"].get_ydata().max() == ends[1]
    ax = artists["without"].axes
    labels = dict(zip(ax.get_yticks(), (label.get_text() for label in ax.get_yticklabels()), strict=True))
    assert [labels[end] for end in ends] == ["≤ 0.01%", "≥ 99.99%"]
    assert not any(mark in labels[0.5] + labels[0.999] for mark in "≤≥")
    assert not artists["gravest"].get_clip_on()
