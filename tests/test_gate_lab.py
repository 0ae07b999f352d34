"""The gate lab: its numbers against the cell's own, its score, its trained cells, the picture, the widget."""

import itertools
import json

import numpy as np
import pytest
import traitlets
from cases import refuses
from layout import box, text_conflicts

from rnnlib import LSTM, LSTMParams, data, experiments
from rnnlib.experiments import gate_lab as lab
from rnnlib.explorers import gate_lab, gate_lab_picture

SEQUENCES = range(1, lab.SCORED + 1)
HELD = ({"f": 0.9, "i": 0.35, "V": 0.8}, {"f": 1.0, "i": 1.0, "V": 1.0}, {"f": 0.0, "i": 0.5, "V": 0.05})
MIXED = {"f": 0.95, "i": 0.1, "V": 0.2, "f_bit": 0.3, "i_bit": 0.9, "V_bit": 0.0, "f_ask": 0.5, "V_ask": 1.0}


@pytest.fixture(scope="module")
def explorer():
    return gate_lab.explorer()


@pytest.fixture(scope="module")
def stored():
    return data.load_results("gate_lab")


def by_hand(level, sequence, **gates):
    """The equations of the lesson, one step after the other: LTM, STM."""
    task, x = lab.LEVELS[level], lab.sequences(level)[0][:, sequence - 1]
    LTM, STM = [0.0], [0.0]
    for t in range(1, task.N + 1):
        ending = "_bit" if t in task.bits else "_ask" if t == task.N else ""
        f, i, V = (gates.get(gate + ending, gates[gate]) for gate in "fiV")
        LTM.append(f * LTM[-1] + i * np.tanh(2 * x[t - 1]))
        STM.append(V * np.tanh(LTM[-1]))
    return LTM, STM


# The numbers


@pytest.mark.parametrize("gates", HELD)
@pytest.mark.parametrize("level", lab.LEVELS)
def test_constant_gates_are_a_cell_with_held_gates(level, gates):
    params = LSTMParams(np.array([[0.0], [2.0]]), *np.full((3, 2, 1), 0.7), *np.zeros((4, 1)))
    run = LSTM(hold=gates).forward(params, lab.sequences(level)[0][..., None])
    for sequence in (1, 16):
        arrays = gate_lab.compute(level=level, sequence=sequence, **gates)
        for name in ("LTM", "STM", "f", "i", "V", "N", "kept", "U"):
            expected = getattr(run, name)[:, sequence - 1, 0]
            np.testing.assert_allclose(arrays[name], expected, atol=1e-12, err_msg=name)


@pytest.mark.parametrize(("level", "sequence"), [(1, 2), (2, 5), (3, 1), (3, 11)])
def test_gates_over_time_follow_the_equations(level, sequence):
    arrays = gate_lab.compute(level=level, sequence=sequence, **MIXED)
    LTM, STM = by_hand(level, sequence, **MIXED)
    np.testing.assert_allclose(arrays["LTM"], LTM, atol=1e-12)
    np.testing.assert_allclose(arrays["STM"], STM, atol=1e-12)
    np.testing.assert_allclose(arrays["kept"] + arrays["learned"], LTM[1:], atol=1e-12)
    assert arrays["i"][-1] == MIXED["i"], "what has no value of its own is as else"


def test_the_score_is_what_its_definition_says():
    arrays = gate_lab.compute(level=3, **MIXED)
    answers, talk = [], []
    loud = np.tanh(np.tanh(2))
    for sequence in SEQUENCES:
        STM = np.array(by_hand(3, sequence, **MIXED)[1])
        answers.append(max(0, 1 - abs(STM[-1] / loud - lab.sequences(3)[1][sequence - 1])))
        talk.append(np.abs(STM[1:-1]).mean() / loud)
    assert arrays["answer"] == pytest.approx(100 * np.mean(answers))
    assert arrays["cost"] == pytest.approx(50 * np.mean(talk))
    assert arrays["score"] == pytest.approx(max(0, arrays["answer"] - arrays["cost"]))


@pytest.mark.parametrize("level", lab.LEVELS)
def test_the_sequences_are_the_tasks(level):
    x, bits = lab.sequences(level)
    task = lab.LEVELS[level]
    rows = [step - 1 for step in task.bits]
    combinations, counts = np.unique(x[rows], axis=1, return_counts=True)
    assert combinations.shape == (len(rows), 2 ** len(rows))
    assert len(set(counts)) == 1
    np.testing.assert_array_equal(bits, x[rows[-1]])
    assert x[rows, 0].tolist() == [-1.0, 1.0][-len(rows) :]
    rest = np.delete(x, rows, axis=0)
    assert (np.abs(rest).max() > 0.9) if task.noise else not rest.any()
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 0


# What the levels teach


@pytest.mark.parametrize("level", lab.LEVELS)
def test_show_me_solves_the_level(level):
    assert gate_lab.compute(level=level, **gate_lab.SHOW_ME[level])["score"] >= 95


@pytest.mark.parametrize(("level", "best"), [(1, 100), (2, 60), (3, 15)])
def test_constant_gates_solve_the_first_level_only(level, best):
    grid = list(itertools.product((0, 0.05, 0.15, 0.5, 0.75, 0.9, 1), repeat=3))
    scores = [gate_lab.compute(level=level, f=f, i=i, V=V)["score"] for f, i, V in grid]
    assert best - 6 < max(scores) <= best + 1e-9


@pytest.mark.parametrize(("level", "change", "most"), [
    (1, {"f": 0.5}, 20), (2, {"i": 0.5}, 70), (2, {"i": 1.0}, 45), (2, {"f": 0.9}, 60), (3, {"f": 0.9}, 40),
    (3, {"f_bit": gate_lab.SAME}, 40), (3, {"i": 0.5}, 70), (3, {"i_bit": 0.0}, 0), (3, {"V": 1.0}, 51),
    (3, {"V_ask": 0.0}, 0),
])  # fmt: skip
def test_no_gate_of_a_solution_is_superfluous(level, change, most):
    assert gate_lab.compute(level=level, **gate_lab.SHOW_ME[level] | change)["score"] <= most


def test_a_leak_is_felt_more_the_longer_the_wait():
    scores = [gate_lab.compute(level=1, f=f, i=1, V=1)["score"] for f in gate_lab.VALUES]
    assert np.all(np.diff(scores) >= 0)
    left = [gate_lab.compute(level=level, f=0.9)["left"] for level in lab.LEVELS]
    np.testing.assert_allclose(left, [0.9**4, 0.9**9, 0.9**12])


def test_noise_that_comes_in_costs_points():
    leaks = [gate_lab.SHOW_ME[2] | {"level": 2, "i": i} for i in (0, 0.1, 0.3, 1)]
    scores = [gate_lab.compute(**gates)["score"] for gates in leaks]
    assert np.all(np.diff(scores) < -5)


def test_what_cannot_be_is_refused():
    with refuses("compute got ['moments']; expected some of ['f', 'i', 'V'"):
        gate_lab.compute(moments=True)
    with refuses("hold['f'] is 1.5; expected a number from 0 to 1"):
        gate_lab.compute(f=1.5)
    with refuses("level got 4; expected one of 1, 2, 3"):
        gate_lab.explorer(level=4)


# The trained cells


def test_what_is_stored(stored):
    arrays, settings = stored
    assert arrays["scores"].shape == (3, settings["seeds"])
    assert settings.items() >= lab.SETTINGS.items()
    assert {"date", "machine", "minutes", "numpy", "python"} <= set(settings)
    assert arrays["scores"].min() > 95
    assert arrays["at_once"].max() < 5, "silence from the start of the training: no cell learns to answer"


@pytest.mark.parametrize("level", lab.LEVELS)
def test_the_stored_weights_give_the_stored_score(level, stored):
    arrays, _ = stored
    score = lab.score(level, lab.run(level, lab.trained(level)).y[..., 0]).total
    assert score == pytest.approx(np.median(arrays["scores"][level - 1]))
    assert gate_lab.compute(level=level, trained=True)["trained"]["score"] == score


def test_training_again_gives_the_same_score(stored):
    scores = stored[0]["scores"][0]
    assert lab.score(1, lab.run(1, lab.train(1, seed=1)).y[..., 0]).total == pytest.approx(scores[1], abs=0.5)


def test_training_learns_gates_and_leaves_the_rest_as_by_hand():
    before, after = (lab.train(2, steps=steps) for steps in (1, 20))
    for params in (before, after):
        np.testing.assert_array_equal(params.cells[0].W_n, [[0], [2], [0], [0]])
        assert params.W_y.item() == 1 / lab.LOUD
        assert not params.cells[0].b_n.any()
    for name in ("W_f", "W_i", "W_v", "b_f", "b_i", "b_v"):
        assert not np.array_equal(getattr(before.cells[0], name), getattr(after.cells[0], name))


def test_the_trained_gates_do_what_a_reader_does_by_hand():
    moments = lab.LEVELS[3].moments
    for sequence in (1, 8):
        cell = gate_lab.compute(level=3, trained=True, sequence=sequence)["trained"]
        for gate, wanted in (("f", (1, 0, 1)), ("i", (0, 1, 0)), ("V", (0, 0, 1))):
            np.testing.assert_allclose(cell[gate], np.array(wanted)[moments], atol=0.06, err_msg=gate)


def test_a_small_run_is_stored(tmp_path):
    arrays, settings = experiments.run("gate_lab", tmp_path, progress=False, seeds=1, steps=2)
    assert arrays["scores"].shape == (3, 1)
    assert arrays["W_i"].shape == (3, 4, 1)
    assert json.loads((tmp_path / "gate_lab.json").read_text())["steps"] == settings["steps"] == 2


# The picture and the widget


def shown(explorer, **controls):
    """Put the explorer at a setting; return its artists."""
    for name, value in (gate_lab.START | controls).items():
        setattr(explorer, name, value)
    explorer._scene.move(explorer.arrays)
    return explorer._scene.artists


def test_the_diagram_shows_the_numbers_of_the_cursor(explorer):
    artists = shown(explorer, level=3, t=9, **MIXED)
    arrays = explorer.arrays
    text = {name: artist.get_text().replace("−", "-") for name, artist in artists["numbers"].items()}
    for name in ("x", "kept", "learned"):
        assert float(text[name]) == pytest.approx(arrays[name][8], abs=0.006)
    for name, source in gate_lab_picture.BOXES.items():
        assert text[name].split("\n")[0] == source
        assert float(text[name].split("\n")[1]) == pytest.approx(arrays[name][8], abs=0.006)
    for name in ("LTM", "STM"):
        assert float(text[f"{name}_prev"]) == pytest.approx(arrays[name][8], abs=0.006)
        assert float(text[name]) == pytest.approx(arrays[name][9], abs=0.006)
    assert artists["step"].get_text() == "Step 9 of 20: noise"
    assert artists["score"].get_text() == f"score {arrays['score']:.0f} of 100"


def test_a_band_is_as_wide_as_its_number(explorer):
    bands = shown(explorer, level=1, t=1, f=0.0, i=0.5, V=0.25)["bands"]
    arrow = 1.6
    width = {name: band.get_linewidth() - arrow for name, band in bands.items() if band.get_visible()}
    assert not {"f_to_kept", "LTM_prev_to_kept", "kept_to_added"} & set(width)
    assert width["i_to_learned"] == pytest.approx(2 * width["V_to_used"])
    assert width["W_n"] == width["x_to_joined"] > width["N_to_learned"] > width["learned_to_added"] > 0


def test_the_strips_show_the_traces(explorer):
    artists = shown(explorer, level=3, sequence=4, trained=True, **MIXED)
    arrays, traces, strips = explorer.arrays, artists["traces"], gate_lab_picture.STRIPS
    assert len(traces["bits"].get_xdata()) == 2
    assert len(traces["noise"].get_xdata()) == 18
    STM = (traces["STM"].get_ydata() - strips["STM"].zero) / strips["STM"].unit
    np.testing.assert_allclose(STM, arrays["STM"][1:], atol=1e-9)
    wanted = (traces["wanted"].get_ydata() - strips["STM"].zero) / strips["STM"].unit
    assert wanted == pytest.approx(arrays["bit"] * lab.LOUD)
    (area,) = artists["gates"]["f"].get_paths()
    assert area.vertices[:, 1].max() == pytest.approx(strips["f"].zero + 0.95 * strips["f"].unit)
    rival = (artists["rivals"]["LTM"].get_ydata() - strips["LTM"].zero) / strips["LTM"].unit
    np.testing.assert_allclose(rival, arrays["trained"]["LTM"][1:], atol=1e-9)
    assert not shown(explorer)["rivals"]["LTM"].get_visible()


def test_what_leaves_its_strip_is_drawn_at_its_edge(explorer):
    artists = shown(explorer, level=3, f=1.0, i=1.0, V=1.0)
    strip = gate_lab_picture.STRIPS["LTM"]
    assert np.abs(explorer.arrays["LTM"]).max() > 2
    heights = artists["traces"]["LTM"].get_ydata()
    assert strip.zero - 2 * strip.unit <= heights.min() < heights.max() <= strip.zero + 2 * strip.unit


EXTREMES = [
    {"level": level, "f": f, "i": 1.0, "V": 1.0, "t": t, "sequence": sequence, "trained": sequence > 1}
    for level, f, t, sequence in itertools.product(lab.LEVELS, (0.0, 1.0), (1, 4, 20), (1, 16))
]


@pytest.mark.parametrize("at", EXTREMES)
def test_no_text_lies_on_another_or_is_cut_off(explorer, at):
    artists = shown(explorer, **at)
    assert text_conflicts(explorer._scene.fig) == []
    for name in ("LTM_prev", "STM_prev", "LTM", "STM"):
        number = box(artists["numbers"][name])
        assert number.width < 1.02 * 2 * 0.36 * explorer._scene.fig.axes[0].transData.get_matrix()[0, 0]


def test_the_real_widget_over_its_range(explorer):
    for level in lab.LEVELS:
        shown(explorer, level=level)
        for name, control in explorer.controls.items():
            start = getattr(explorer, name)
            for value in control.values:
                setattr(explorer, name, value)
                assert getattr(explorer, name) == value
                assert "nan" not in explorer.words
            setattr(explorer, name, start)
    with pytest.raises(traitlets.TraitError, match="f got"):
        explorer.f = 1.2


def test_every_control_changes_the_picture_or_the_words(explorer):
    """From the start, as a reader finds it."""
    for name, control in explorer.controls.items():
        seen = set()
        for value in (control.values[0], control.values[-1]):
            shown(explorer, **{name: value})
            seen.add((explorer.picture(), explorer.words))
        assert len(seen) == 2, name


def test_the_kernel_answers_every_setting(explorer, monkeypatch):
    replies = []
    monkeypatch.setattr(explorer, "send", lambda reply, buffers=(): replies.append((reply, buffers)))
    for k, at in enumerate([*EXTREMES, *({"level": n} | gates for n, gates in gate_lab.SHOW_ME.items())]):
        explorer._answer(None, {"id": k, "key": "", "values": gate_lab.START | at}, [])
    assert not any("error" in reply for reply, _ in replies)
    assert max(len(buffers[0]) for _, buffers in replies) < 15_000


def test_the_words(explorer):
    shown(explorer, level=3, trained=True, t=9, **gate_lab.SHOW_ME[3])
    assert explorer.words == (
        "Answer at step 20 with the newest bit, in silence before; all else is noise. Score 100 of 100: "
        "answers 100, talking too early costs 0 (the trained cell 96). f leaves 100% of the bit until then. "
        "Step 9, noise: LTM = 1·0.96 + 0·(−0.86) = 0.96, STM = 0·tanh(0.96) = 0.00."
    )
    for level, task in lab.LEVELS.items():
        assert f"step {task.N} " in gate_lab.TASKS[level]


def test_the_controls_in_front(explorer):
    spec = explorer._spec
    assert spec["live"]
    in_front = [control["name"] for control in spec["controls"]][: spec["front"]]
    assert in_front == ["f", "i", "V", "t", "level", "trained"]
    assert spec["controls"][6]["texts"][:2] == ["as f", "0.00"]
    assert gate_lab.explorer(level=2).level == 2
