"""The memory race: its table against the engine and the lesson's numbers, every control, the real widget."""

import itertools

import numpy as np
import pytest
from explorer_samples import move_over_the_range
from layout import text_conflicts

from rnnlib import LSTM, LSTMParams, LSTMState, data, experiments, gradients, weights
from rnnlib.experiments import memory_race as race
from rnnlib.explorers import memory_race
from rnnlib.explorers.base import MAX_TABLE

START = {"b": 1.0, "gain": 0.5, **memory_race.PLAIN}
ENDS = {name: (grid[0], grid[-1]) for name, grid in race.GRIDS.items()}
LINES = (*race.CURVES, "power", "bias_f", "bias_z")


@pytest.fixture(scope="module")
def explorer():
    return memory_race.explorer()


def drawn(count, gains=race.GRIDS["gain"]):
    """Draw settings from all over the grids."""
    rng = np.random.default_rng(0)
    grids = race.GRIDS | {"gain": gains}
    return [{name: grid[rng.integers(len(grid))] for name, grid in grids.items()} for _ in range(count)]


def is_steady(at):
    """Whether a slightly different input gives the same look: where states are chaotic, rounding decides."""
    x = race.inputs(at["scale"], at["N"], at["seed"])
    for cell, params in race.cells(at["b"], at["gain"], at["seed"]).values():
        one, two = (cell.forward(params, x + shift) for shift in (0, 1e-10))
        if not np.allclose(one.output, two.output, rtol=1e-3, atol=1e-6):
            return False
    return True


# The numbers


@pytest.mark.parametrize(("bias", "left"), [(0, 0.001), (1, 0.04), (5, 0.94)])
def test_the_direct_path_at_rest_is_that_of_the_lesson(bias, left):
    for gain in race.GRIDS["gain"]:
        look = race.look(bias, gain, 0.0, 20, 1)
        f, z = 10 ** look.ten[3:]
        assert f == pytest.approx(left, rel=0.1)
        assert f == z == pytest.approx((1 / (1 + np.exp(-bias))) ** 10)


@pytest.mark.parametrize(("W", "bias", "left"), [
    (1.0, 0, 0.0375), (1.0, 1, 0.615), (1.0, 5, 7.05), (-1.0, 0, 1.9e-6), (-1.0, 1, 0.001), (-1.0, 5, 0.069),
])  # fmt: skip
def test_one_unit_has_the_whole_derivative_of_the_lesson(W, bias, left):
    W_n, none = np.array([[W], [1.0]]), np.zeros((2, 1))
    params = LSTMParams(W_n, none, none, none, *(np.full(1, float(b)) for b in (0, 0, bias, 0)))
    run, cell = LSTM().forward(params, np.zeros((10, 1, 1))), LSTM()
    grads = cell.backward(params, run, dE_dlast=LSTMState(np.ones((1, 1)), np.zeros((1, 1))))
    assert abs(grads.s_0.LTM.item()) == pytest.approx(left, rel=0.04)
    joint = 10 ** race._whole(cell, params, run)[0]
    assert joint == pytest.approx(np.hypot(grads.s_0.LTM.item(), grads.s_0.STM.item()))
    assert race._direct(run.f[:, 0])[0] == pytest.approx(-10 * np.log10(1 + np.exp(-bias)))


def test_a_look_is_what_reach_finds():
    for at in drawn(12):
        look, x = race.look(**at), race.inputs(at["scale"], at["N"], at["seed"])
        enters = np.full((1, 16), 0.25)
        for name, (cell, params) in race.cells(at["b"], at["gain"], at["seed"]).items():
            last, weight = (LSTMState(enters, 0 * enters), "W_f") if name == "LSTM" else (enters, None)
            run = cell.forward(params, x)
            reach = gradients.reach(cell, params, run, last, weight or ("W_s" if name == "RNN" else "W_z"))
            expected = reach.states[race.places(at["N"])]
            np.testing.assert_allclose(getattr(look, name), expected, atol=1e-6, err_msg=f"{name} {at}")
            if name != "RNN":
                factors = (run.f if name == "LSTM" else run.z)[:, 0]
                products = [np.sqrt(np.mean(factors[i:].prod(axis=0) ** 2)) for i in race.places(at["N"])]
                np.testing.assert_allclose(10 ** getattr(look, "fz"[name == "GRU"]), products, rtol=1e-9)


def test_every_recurrent_matrix_has_the_spectral_radius_of_the_gain():
    for cell, params in race.cells(1.0, 1.5, 2).values():
        for name, W in params._asdict().items():
            if name.startswith("W") and name != "W_x" and W is not None:
                assert weights.spectral_radius(W[:16]) == pytest.approx(1.5), (cell, name)


def test_without_recurrent_weights_the_direct_path_is_the_whole():
    for b, scale, N in itertools.product((0.0, 2.5, 5.0), race.GRIDS["scale"], race.GRIDS["N"]):
        look = race.look(b, 0.0, scale, N, 3)
        np.testing.assert_allclose(look.LSTM, look.f, atol=1e-9)
        np.testing.assert_allclose(look.GRU, look.z, atol=1e-9)
        assert np.isneginf(look.RNN[:-1]).all()


def test_the_stored_table_is_what_the_engine_measures():
    settings = [at for at in drawn(60, race.GRIDS["gain"][:7]) if is_steady(at)]
    assert len(settings) > 30
    found = race.stored(**{name: [at[name] for at in settings] for name in race.GRIDS})
    for k, at in enumerate(settings):
        look = race.look(**at)
        for name in race.CURVES:
            curve = np.maximum(getattr(look, name), race.NOTHING * race.SETTINGS["step"])
            np.testing.assert_allclose(found[name][k], curve, atol=0.02, err_msg=f"{name} {at}")
        for name in race.NUMBERS:
            np.testing.assert_allclose(found[name][k], getattr(look, name), atol=0.02)


def test_the_settings_of_the_table_are_recorded():
    arrays, settings = data.load_results("memory_race")
    assert len(arrays["RNN"]) == np.prod([len(grid) for grid in race.GRIDS.values()])
    assert {"minutes", "date", "numpy"} <= set(settings)
    assert {name: settings[name] for name in race.SETTINGS} == race.SETTINGS


def test_measuring_again_gives_the_table(tmp_path, monkeypatch):
    few = {"b": (0.0, 5.0), "gain": (0.5,), "scale": (0.3,), "N": (20, 100), "seed": (1, 2)}
    settings = np.array(list(itertools.product(*few.values()))).T
    expected = race.stored(**dict(zip(few, settings, strict=True)))
    monkeypatch.setattr(race, "GRIDS", few)
    arrays, _ = experiments.run("memory_race", tmp_path, progress=False)
    for name in race.NUMBERS:
        np.testing.assert_allclose(arrays[name], expected[name], atol=1e-3)


# The explorer


def test_table_and_single_setting_give_the_same_arrays():
    for at in [START, *memory_race.PRESETS.values()]:
        one = memory_race.compute(**at)
        many = memory_race.compute_table(list(one), **{name: np.array([value]) for name, value in at.items()})
        assert set(many) == set(one)
        for name, value in one.items():
            if "tick" in name:
                assert many[name][0] == value
            else:
                np.testing.assert_allclose(many[name][0], value, atol=0.02, err_msg=f"{name} {at}")


def test_references_are_powers_of_one_number():
    arrays = memory_race.compute(b=2.0, gain=0.5, scale=0.3, N=40, seed=1)
    for name, factor in (("power", 0.5), ("bias_f", 1 / (1 + np.exp(-2))), ("bias_z", 1 / (1 + np.exp(-2)))):
        x, y = arrays[name]
        np.testing.assert_allclose(x, 1 - race.places(40) / 40)
        np.testing.assert_allclose(y, 40 * x * np.log10(factor), err_msg=name)
    assert [arrays[f"LSTM_tick_{k}"] for k in range(5)] == ["0", "10", "20", "30", "40"]
    assert arrays["GRU_mark"][0].tolist() == [0.25, 0.25]


def test_presets_show_what_their_names_say():
    looks = {label: race.look(**at) for label, at in memory_race.PRESETS.items()}
    ten, end = ({label: 10 ** getattr(look, part) for label, look in looks.items()} for part in race.NUMBERS)
    LSTM_is, GRU_is, f_is = 1, 2, 3
    assert ten["bias 0 forgets"][f_is] < 0.0011
    assert ten["bias 0 forgets"][LSTM_is] < 0.1 * ten["bias 1 is slower"][LSTM_is] < 0.01
    assert ten["bias 5 keeps"][f_is] > 0.9
    assert min(end["bias 5 keeps"][[LSTM_is, GRU_is]]) > 0.8
    assert end["direct path alone"][LSTM_is] == pytest.approx(end["direct path alone"][f_is])
    assert end["indirect paths add"][LSTM_is] > 100 * end["indirect paths add"][f_is]
    assert end["LSTM explodes"][LSTM_is] > 1e6 > 1 > end["LSTM explodes"][f_is]


def test_the_real_widget_over_its_range(explorer):
    assert len(explorer._frames) <= MAX_TABLE
    move_over_the_range(explorer)
    assert explorer.words == (
        "Left of the gradient after 10 steps: RNN 0.029%, LSTM 8.1% (direct path 3.9%), GRU 7.9% (direct "
        "path 5%). After 20 steps: RNN 1 × 10⁻⁷, LSTM 1.6% (direct path 0.16%), GRU 0.56% (direct path "
        "0.18%). σ(1) = 0.731 is kept a step at rest."
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("at", [dict(zip(ENDS, at, strict=True)) for at in itertools.product(*ENDS.values())])
def test_the_extremes_have_words_and_finite_lines(at):
    arrays = memory_race.compute(**at)
    text = "".join(piece(arrays, **at) for piece in memory_race.WORDS)
    assert "nan" not in text
    assert "inf" not in text
    assert all(np.isfinite(arrays[name]).all() for name in LINES)
    if at["gain"] == 0:
        assert "RNN nothing" in text


def test_no_label_lies_on_another(explorer):
    for at in memory_race.PRESETS.values():
        explorer._scene.move(memory_race.compute(**at))
        assert not text_conflicts(explorer._scene.fig)
