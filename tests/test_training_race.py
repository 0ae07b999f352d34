"""The training race: its trainings against `fit`, in whatever order one asks; the button, the widget."""

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorer_samples import counting, unpacked
from layout import text_conflicts

from rnnlib import LSTM, RNN, Adam, Network, fit, tasks
from rnnlib.experiments import training_race as lab
from rnnlib.explorers import training_race
from rnnlib.explorers.base import Slider
from rnnlib.explorers.player import Player

START = {**training_race.PLAIN, "lag": 5}


@pytest.fixture
def explorer():
    return training_race.explorer()


def at(step, **changes):
    return training_race.compute(**START | {"step": step} | changes)


def same(one, other):
    assert set(one) == set(other)
    for name, value in one.items():
        np.testing.assert_array_equal(other[name], value, err_msg=name)


# The trainings


@pytest.mark.parametrize(("name", "cell", "n_s"), [("RNN", RNN(), 32), ("LSTM", LSTM(forget_bias=3.0), 16)])
def test_a_training_is_that_of_fit(name, cell, n_s):
    network, sequences = Network((cell,), bias_y=True), np.random.default_rng((2, 1))
    params = network.init(np.random.default_rng(2), 1, n_s, 1, np.float32)
    rights = []

    def batch(step):
        return tasks.latch(sequences, 10, 32, dtype=np.float32)

    def loss(y, d, mask):
        rights.append(np.mean(np.sign(y[-1]) == d[-1]))
        return 0.5 * np.mean((y[-1] - d[-1]) ** 2), np.where(mask[..., None], y - d, 0) / y.shape[1]

    options = {"optimizer": Adam(0.01), "clip": 1.0, "progress": False}
    progress = lab.Race(10, 3.0, 0.01, 2, "orthogonal").at(500)[name]
    _, history = fit(network, params, batch, loss, steps=len(progress.loss), **options)
    np.testing.assert_allclose(progress.loss, history.loss, rtol=1e-4)
    np.testing.assert_array_equal(progress.right, rights)
    assert progress.end == "done"
    streaks = [k for k in range(16, len(rights) + 1) if min(rights[k - 16 : k]) == 1]
    assert streaks == [len(rights)], "it ends after the first 16 batches in a row without a mistake"


def test_about_as_many_weights():
    counts = {}
    for name, (cell, n_s) in lab.CELLS.items():
        params = Network((cell(),), bias_y=True).init(np.random.default_rng(0), 1, n_s, 1)
        counts[name] = sum(W.size for W in (*params.cells[0], params.W_y, params.b_y) if W is not None)
    assert counts == {"RNN": 1121, "LSTM": 1169, "GRU": 1099}
    text = Path(lab.__file__).read_text(encoding="utf-8")
    assert all(f"{count:,}" in text for count in counts.values())


def test_a_small_start_is_inside_its_bounds_and_leaves_the_inputs_alone():
    network = Network((LSTM(),))
    params = network.init(np.random.default_rng(0), 1, 16, 1)
    (cell,), (before,) = lab._started(np.random.default_rng(1), params, 5.0, "small").cells, params.cells
    for name in ("W_n", "W_i", "W_f", "W_v"):
        new, old = getattr(cell, name), getattr(before, name)
        assert 0.2 < np.abs(new[:16]).max() <= 0.25
        assert np.abs(new[:16] - old[:16]).max() > 0.1
        np.testing.assert_array_equal(new[16:], old[16:])
    assert set(cell.b_f) == {5.0}


def test_asking_in_any_order_gives_the_same():
    whole = lab.Race(10, 1.0, 0.01, 3, "small")
    pieces = lab.Race(10, 1.0, 0.01, 3, "small")
    asked = {step: pieces.at(step) for step in (0, 5, 20, 60, 500, 65, 61, 10)}
    for step, progress in asked.items():
        for name, (loss, right, end) in whole.at(step).items():
            np.testing.assert_array_equal(progress[name].loss, loss)
            np.testing.assert_array_equal(progress[name].right, right)
            assert progress[name].end == end, (step, name)


def test_two_threads_may_ask_at_once():
    race, alone, found = lab.Race(20, 1.0, 0.01, 1, "small"), lab.Race(20, 1.0, 0.01, 1, "small"), []
    threads = [threading.Thread(target=lambda: found.append(race.at(30))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = alone.at(30)
    assert len(found) == 4
    for progress in found:
        for name in lab.CELLS:
            np.testing.assert_array_equal(progress[name].loss, expected[name].loss)


def test_what_overflows_stops_and_the_others_go_on(monkeypatch):
    race = lab.Race(5, 1.0, 1e38, 1, "small")
    seen = [race.at(step) for step in range(4)] + [race.at(500)]
    assert {end for *_, end in seen[-1].values()} <= {"overflowed", "gave up"}
    loss, _, end = seen[-1]["RNN"]
    assert end == "overflowed"
    assert np.isnan(loss[-1])
    for step, progress in enumerate(seen[:-1]):
        assert progress["RNN"].end == ("overflowed" if step >= len(loss) else "")


# The explorer


def test_points_are_means_of_five_steps_and_the_last_of_what_is_left():
    arrays = at(500)
    for name, (loss, right, end) in lab.race(5, 1.0, 0.01, START["seed"], "small").at(500).items():
        x, y = arrays[f"loss_{name}"]
        assert x[-1] == arrays[f"at_{name}"] == len(loss)
        assert x[:3].tolist() == [5, 10, 15]
        assert y[1] == pytest.approx(loss[5:10].mean())
        assert y[-1] == pytest.approx(loss[int(x[-2]) :].mean())
        assert arrays[f"right_{name}"] == right[-5:].mean() == 1
        assert arrays[f"end_{name}"] == end == "done"
    assert arrays["last"]
    assert not at(20)["last"]


def test_going_back_shows_what_was():
    before = at(20)
    at(500)
    same(at(20), before)


def outcome(**changes):
    """Train to the end; return who is done after how many steps, and the arrays."""
    arrays = training_race.compute(**training_race.PLAIN | changes | {"step": 500})
    return {name: arrays[f"at_{name}"] for name in lab.CELLS if arrays[f"end_{name}"] == "done"}, arrays


@pytest.mark.parametrize("label", training_race.PRESETS)
def test_presets_show_what_their_names_say(label):
    done, arrays = outcome(**training_race.PRESETS[label])
    if label == "lag 10":
        assert max(done.values()) < 100
        assert len(done) == 3
    elif label == "b = 0":
        assert set(done) == {"RNN"}
        assert arrays["loss_LSTM"][1].min() > 0.4
    elif label == "b = 3, lag 60":
        assert set(done) == {"LSTM", "GRU"}
    else:
        assert done["RNN"] < 50 < min(done["LSTM"], done["GRU"])


@pytest.mark.parametrize(
    ("seed", "learned"), [(4, {"RNN", "LSTM", "GRU"}), (2, {"RNN"}), (3, {"LSTM", "GRU"})]
)
def test_who_learns_depends_on_the_seed_as_lesson_8_says(seed, learned):
    done, _ = outcome(seed=seed)
    assert set(done) == learned


def test_the_real_widget_over_its_range(explorer):
    for name, control in explorer.controls.items():
        for value in control.values:
            if name == "step" and value > 10:
                continue
            setattr(explorer, name, value)
            assert getattr(explorer, name) == value
            assert "nan" not in explorer.words
            explorer._one(explorer.values)
        setattr(explorer, name, control.value)
    task = "Hold one bit for 30 steps; b = 1, learning rate 0.01, small start, seed 4. "
    assert explorer.words.startswith(task + "RNN: not trained yet; LSTM: not trained yet")


def test_the_extremes_end_and_have_words(explorer):
    grids = training_race.GRIDS
    ends = itertools.product((grids["lag"][0],), *((grids[n][0], grids[n][-1]) for n in ("b", "lr")))
    for lag, b, lr in ends:
        values = START | {"lag": lag, "b": b, "lr": lr, "step": grids["step"][-1], "start": "orthogonal"}
        arrays = training_race.compute(**values)
        assert arrays["last"]
        assert training_race.words(arrays, **values).endswith("Nothing is left to train.")
        assert unpacked(explorer._one(values))[0]["last"] is True


def test_the_stored_picture_shows_the_end_and_the_view_the_start(explorer):
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"].count(": done at step ") == 3
    assert explorer.step == 0
    assert unpacked(bytes(explorer._frames))[0]["last"] is False


def test_no_label_lies_on_another(explorer):
    for step in (0, 40, 500):
        explorer._scene.move(explorer._arrays(explorer.values | {"step": step}))
        assert not text_conflicts(explorer._scene.fig)


# The button


def test_only_a_player_has_the_code_of_the_button():
    player = counting()
    assert "CONTROL.play" in player._esm
    assert player._spec["controls"][0]["kind"] == "play"
    assert player._spec["controls"][0]["texts"][3] == "3 of 30"
    with pytest.raises(traitlets.TraitError, match="step got 31; expected a number from 0 to 30"):
        player.step = 31


def test_a_frame_says_whether_it_is_the_last():
    player = counting()
    lasts = [unpacked(player._one({"step": step, "high": False}))[0]["last"] for step in (0, 11, 12, 30)]
    assert lasts == [False, False, True, True]


def test_an_explorer_without_the_button_is_refused():
    line = {"line": np.zeros(50)}
    with pytest.raises(ValueError, match="a Player has the controls side; expected a Play among them"):
        Player(lambda side: line, lambda fig, a: {}, [Slider("side", [1, 2], 1)], title="T", alt="A.")
