"""The stored results: complete, in keeping with what the lessons say, and still what the code gives."""

import json
import subprocess
import sys

import numpy as np
import pytest

from rnnlib import Feedforward, Network, data, experiments, tasks
from rnnlib.experiments import __main__, echo
from rnnlib.optim import Adam
from rnnlib.training import fit

TINY = {"delays": 2, "windows": 2, "window_seeds": 1, "rnn_seeds": 1, "steps": 3, "long_steps": 4}


@pytest.fixture(scope="module")
def stored():
    return data.load_results("echo")


def test_stored_shapes(stored):
    arrays, settings = stored
    shapes = {
        "k": (13,),
        "w": (12,),
        "window_error": (3, 13, 12),
        "rnn_error": (5, 13),
        "rnn_long_error": (5, 13),
        "rnn_orthogonal_error": (5, 13),
        "x": (40,),
        "d": (13, 40),
        "window_y": (13, 12, 40),
        "rnn_y": (13, 40),
    }
    assert {name: array.shape for name, array in arrays.items()} == shapes
    assert all(np.all(np.isfinite(array)) for array in arrays.values())
    files = [data.FOLDER / "results" / f"echo.{kind}" for kind in ("npz", "json")]
    assert sum(file.stat().st_size for file in files) < 150_000
    assert settings.items() >= echo.SETTINGS.items()
    assert settings["minutes"] < 10
    assert {"date", "numpy", "python"} <= set(settings)


def test_the_window_net_falls_off_a_cliff_at_k_equals_w(stored):
    arrays, _ = stored
    inside = arrays["k"][:, None] < arrays["w"]
    assert arrays["window_error"][:, inside].max() < 0.01
    np.testing.assert_allclose(arrays["window_error"][:, ~inside], 1, atol=0.02)


def test_the_rnn_declines_without_a_cliff(stored):
    """Each row of the middle run is worse than the one two delays before it; longer training mends it."""
    arrays, _ = stored
    middle = np.median(arrays["rnn_error"], axis=0)
    assert middle[0] < 0.002
    assert np.all(middle[2:] > middle[:-2])
    assert 0.3 < middle[12] < 0.9
    assert np.median(arrays["rnn_long_error"], axis=0)[12] < 0.1 * middle[12]
    assert np.median(arrays["rnn_orthogonal_error"], axis=0)[12] < 0.1 * middle[12]


def test_the_stored_piece_is_an_echo_and_its_outputs_fit_it(stored):
    arrays, _ = stored
    for k in arrays["k"]:
        np.testing.assert_array_equal(arrays["d"][k, k:], arrays["x"][: 40 - k])
    inside = arrays["k"][:, None] < arrays["w"]
    miss = np.abs(arrays["window_y"] - arrays["d"][:, None])
    assert miss[inside].max() < 0.2
    assert np.abs(arrays["rnn_y"] - arrays["d"])[:5].max() < 0.2


def error_now(train, k, **options):
    settings = echo.SETTINGS
    rng = np.random.default_rng(settings["test_seed"])
    batch = tasks.echo(rng, settings["test_T"], settings["test_B"], k)
    return echo.relative_error(echo.outputs(train(k, **options), batch.x), batch)


@pytest.mark.parametrize(("k", "w"), [(3, 4), (4, 4)])
def test_a_window_cell_of_the_table_is_what_the_code_gives(stored, k, w):
    now = error_now(echo.window_net, k, w=w, seed=0)
    assert now == pytest.approx(float(stored[0]["window_error"][0, k, w - 1]), rel=0.02)


def test_a_row_of_the_rnn_is_what_the_code_gives(stored):
    assert error_now(echo.rnn, 4, seed=1) == pytest.approx(float(stored[0]["rnn_error"][1, 4]), rel=0.02)
    now = error_now(echo.rnn, 4, seed=1, start="orthogonal")
    assert now == pytest.approx(float(stored[0]["rnn_orthogonal_error"][1, 4]), rel=0.02)


def test_guessing_zero_is_one():
    batch = tasks.echo(np.random.default_rng(0), 20, 5, 3)
    assert echo.relative_error(np.zeros_like(batch.d), batch) == 1
    assert echo.relative_error(batch.d, batch) == 0


def test_a_small_run_is_stored_and_repeats_itself(tmp_path):
    first, settings = experiments.run("echo", tmp_path, progress=False, **TINY)
    again, _ = experiments.run("echo", tmp_path, progress=False, **TINY)
    with np.load(tmp_path / "echo.npz", allow_pickle=False) as file:
        assert set(file.files) == set(first)
        for name, array in first.items():
            np.testing.assert_array_equal(array, again[name])
            np.testing.assert_array_equal(array, file[name])
    assert first["window_error"].shape == (1, 2, 2)
    assert json.loads((tmp_path / "echo.json").read_text())["steps"] == settings["steps"] == 3


def test_the_middle_run_is_the_one_shown(monkeypatch):
    monkeypatch.setattr(echo, "relative_error", lambda y, batch: float(y[-1, 0, 0]))
    arrays = echo.measure(progress=False, **TINY | {"rnn_seeds": 3})
    np.testing.assert_array_equal(np.median(arrays["rnn_error"], axis=0), arrays["rnn_y"][:, -1])


def test_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(echo, "SETTINGS", echo.SETTINGS | TINY)
    __main__.main(["echo", "--folder", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "10/10" in shown
    assert f"stored in {tmp_path}" in shown
    assert (tmp_path / "echo.npz").is_file()


def test_command_line_names_the_experiments():
    command = [sys.executable, "-m", "rnnlib.experiments", "nothing"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "echo" in result.stderr


def test_refuses():
    with pytest.raises(ValueError, match="name is 'nothing'; expected one of echo"):
        experiments.run("nothing")
    with pytest.raises(ValueError, match=r"no setting \['speed'\]; expected some of delays"):
        experiments.run("echo", speed=3)
    with pytest.raises(ValueError, match="start is 'large'"):
        echo.rnn(1, start="large")


def test_a_lesson_can_repeat_a_cell_of_the_table_with_the_library_alone(stored):
    """The lines of lesson 1: nothing of this package, and the stored number to the last digits."""
    k, w = 6, 7
    rng, network = np.random.default_rng(0), Network((Feedforward(),))
    params = network.init(rng, w, 16, 1)

    def batch(step):
        x, d, mask = tasks.echo(rng, 40, 32, k)
        return tasks.windows(x, w), d, mask

    params, _ = fit(network, params, batch, optimizer=Adam(0.002), clip=1.0, steps=250, progress=False)
    x, d, mask = tasks.echo(np.random.default_rng(1000), 60, 200, k)
    y = network.forward(params, tasks.windows(x, w)).y
    error = np.sum((y - d)[mask] ** 2) / np.sum(d[mask] ** 2)
    assert error == pytest.approx(float(stored[0]["window_error"][0, k, w - 1]), rel=0.02)
