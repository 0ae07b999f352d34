"""The gradient lab: the stored table against the engine, the extremes of every control, the real widget."""

import itertools

import numpy as np
import pytest
from cases import refuses
from explorer_samples import move_over_the_range
from layout import box

from rnnlib import RNN, RNNParams, activations, data, gradients, weights
from rnnlib.experiments import gradient_lab as lab
from rnnlib.explorers import gradient_lab
from rnnlib.explorers.base import MAX_TABLE

START = {**gradient_lab.PLAIN, "rho": 0.9}
ENDS = {name: (grid[0], grid[-1]) for name, grid in lab.GRIDS.items()} | {"kind": weights.KINDS, "phi": (
    "tanh", "sigmoid", "relu", "identity",
)}  # fmt: skip


@pytest.fixture(scope="module")
def explorer():
    return gradient_lab.explorer()


def settings(count, seed=0):
    """Draw settings from all over the grids."""
    rng = np.random.default_rng(seed)
    return [{name: grid[rng.integers(len(grid))] for name, grid in lab.GRIDS.items()} for _ in range(count)]


def is_steady(at):
    """Whether a slightly different start gives the same look: where states are chaotic, rounding decides."""
    W_s, W_x, s_0, x = lab.entries(at["seed"], at["kind"])
    cell, params = RNN(activations.by_name(at["phi"])), RNNParams(W_x, at["rho"] * W_s, np.zeros(16))
    scaled = at["scale"] * x[-at["N"] :]
    one, two = (cell.forward(params, scaled, s_0 * lab.SETTINGS["s_0_scale"] + shift) for shift in (0, 1e-10))
    return np.allclose(one.s, two.s, rtol=1e-3, atol=1e-6)


def test_a_look_is_what_the_definitions_say():
    at = {"rho": 1.3, "phi": "tanh", "scale": 0.2, "N": 12, "kind": "random", "seed": 2}
    look = lab.look(**at)
    W_s, W_x, s_0, x = lab.entries(2, "random")
    assert weights.spectral_radius(W_s) == pytest.approx(1)
    s, flow = [0.1 * s_0], np.full((1, 16), 0.25)
    for x_t in 0.2 * x[-12:]:
        s.append(np.tanh(x_t @ W_x + s[-1] @ (1.3 * W_s)))
    norms, added, total, product = [1.0], [], 0, np.eye(16)
    for before, after in zip(s[-2::-1], s[:0:-1], strict=True):
        delta = flow * (1 - after**2)
        added.append(np.linalg.norm(before.T @ delta))
        total = total + before.T @ delta
        product = product @ (np.diag(1 - after[0] ** 2) @ (1.3 * W_s).T)
        flow = delta @ (1.3 * W_s).T
        norms.append(np.linalg.norm(flow))
    np.testing.assert_allclose(10**look.states, norms[::-1], rtol=1e-9)
    np.testing.assert_allclose(10**look.weights[1:], added[::-1], rtol=1e-9)
    assert 10**look.total == pytest.approx(np.linalg.norm(total))
    assert 10**look.ten == pytest.approx(norms[10])
    assert 10**look.largest[0] == pytest.approx(np.linalg.norm(product, 2))
    assert 10**look.bound == pytest.approx(np.linalg.norm(1.3 * W_s, 2))


def test_the_stored_table_is_what_the_engine_measures():
    drawn = [at for at in settings(60) if is_steady(at)]
    assert len(drawn) > 30
    found = lab.stored(**{name: [at[name] for at in drawn] for name in lab.GRIDS})
    for k, at in enumerate(drawn):
        look = lab.look(**at)
        for name in lab.CURVES[:3]:
            curve = lab.filled(getattr(look, name))
            np.testing.assert_allclose(found[name][k], curve, atol=lab.SETTINGS["step"], err_msg=f"{at}")
        for name in lab.NUMBERS:
            assert found[name][k] == pytest.approx(getattr(look, name), abs=0.02)


def test_the_settings_of_the_table_are_recorded():
    arrays, settings = data.load_results("gradient_lab")
    assert len(arrays["states"]) == np.prod([len(grid) for grid in lab.GRIDS.values()])
    assert {"minutes", "date", "numpy", "step"} <= set(settings)
    assert {name: settings[name] for name in lab.SETTINGS} == lab.SETTINGS


def test_table_and_single_setting_give_the_same_arrays():
    for at in [START, *gradient_lab.PRESETS.values()]:
        one = gradient_lab.compute(**at)
        names = [name for name in one if name not in gradient_lab.WORDS]
        many = gradient_lab.compute_table(names, **{name: np.array([value]) for name, value in at.items()})
        assert set(many) == set(one)
        for name, value in one.items():
            if name.startswith("tick"):
                assert many[name][0] == value
            else:
                np.testing.assert_allclose(many[name][0], value, atol=0.05, err_msg=name)


def test_no_curve_is_above_the_bound_in_the_whole_table():
    every = {name: np.array(column) for name, column in zip(
        lab.GRIDS, zip(*itertools.product(*lab.GRIDS.values()), strict=True), strict=True
    )}  # fmt: skip
    every["clip"] = np.ones(len(every["N"]))
    table = gradient_lab.compute_table(["states", "bound", "largest", "smallest"], **every)
    assert all(np.isfinite(column).all() for column in table.values())
    above = table["states"][:, 1] - table["bound"][:, 1]
    assert above.max() < 2 * lab.SETTINGS["step"]
    assert (table["states"][:, 1] - table["largest"][:, 1]).max() < 2 * lab.SETTINGS["step"]
    assert (table["smallest"][:, 1] - table["states"][:, 1]).max() < 2 * lab.SETTINGS["step"]
    np.testing.assert_allclose(table["states"][:, 1, -1], 0, atol=1e-9)


@pytest.mark.parametrize(("label", "low", "high"), [
    ("vanishes", -9, -5), ("explodes", 2, 4), ("orthogonal keeps", -1e-9, 1e-9),
    ("but tanh loses", -8, -4), ("σ dies fast", -30, -20), ("ρ = 1.5 vanishes", -5, -1),
])  # fmt: skip
def test_presets_show_what_their_names_say(label, low, high):
    arrays = gradient_lab.compute(**gradient_lab.PRESETS[label])
    assert low <= arrays["end"] <= high


def test_sigmoid_cannot_explode_below_four():
    for kind, scale, seed in itertools.product(weights.KINDS, lab.GRIDS["scale"], lab.GRIDS["seed"]):
        W_s = lab.entries(seed, kind)[0]
        rho = 3.99 / weights.spectral_norm(W_s)
        look = lab.look(rho, "sigmoid", scale, 40, kind, seed)
        assert look.bound < 0
        assert np.all(np.diff(look.states) >= 0)


def test_the_real_widget_over_its_range(explorer):
    assert len(explorer._frames) <= MAX_TABLE
    move_over_the_range(explorer)
    left = "Left of the gradient: 10 steps back 16%, 40 steps back 0.25%. γ λ₁ = 1.84"
    assert explorer.words.startswith(left)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("at", [dict(zip(ENDS, at, strict=True)) for at in itertools.product(*ENDS.values())])
def test_the_extremes_have_words(at):
    arrays = gradient_lab.compute(**at, clip=0.01)
    pieces = (gradient_lab.say_early, gradient_lab.say_late, gradient_lab.say_bound, gradient_lab.say_length)
    text = "".join(piece(arrays, **at) for piece in pieces)
    assert "nan" not in text
    assert "inf" not in text
    assert all(np.isfinite(value).all() for name, value in arrays.items() if not name.startswith("tick"))


def test_the_clip_shortens_to_the_threshold():
    arrays = gradient_lab.compute(**gradient_lab.PRESETS["explodes"])
    assert arrays["before"][0, 1] == pytest.approx(arrays["total"])
    assert arrays["after"][0, 1] == pytest.approx(arrays["total"])
    assert arrays["cover"][0, 0] == arrays["threshold"][0, 0] == 0, "the cover hides what the clip cuts off"


def test_ones_own_weights_ask_the_kernel():
    rng = np.random.default_rng(0)
    W_s = weights.recurrent(rng, 8, norm=0.5)
    own = gradient_lab.explorer(W_s)
    assert "kind" not in own.controls
    assert own._spec["live"]
    assert own.rho == 1.0, "at first the weights are one's own, not a part of them"
    _, W_x, s_0, x = lab.entries(1, "random", 8)
    params = RNNParams(W_x, W_s, np.zeros(8))
    run = RNN().forward(params, 0.05 * x[-40:], 0.1 * s_0)
    expected = gradients.reach(RNN(), params, run).states[0]
    assert own.arrays["end"] == pytest.approx(expected)
    assert "it must vanish" in own.words
    with refuses("W_s has shape (2, 3); expected (n_s, n_s) = (2, 2)"):
        gradient_lab.explorer(np.ones((2, 3)))
    with refuses("W_s[0, 0] is nan"):
        gradient_lab.explorer(np.full((2, 2), np.nan))


def test_no_label_lies_on_another(explorer):
    fig = explorer._scene.fig
    fig.canvas.draw()
    texts = [text for ax in fig.axes for text in ax.texts + [ax.title, ax._left_title] if text.get_text()]
    for one, other in itertools.combinations(texts, 2):
        assert not box(one).overlaps(box(other)), f"{one.get_text()} on {other.get_text()}"
    for text in texts:
        assert fig.bbox.padded(1).fully_contains(*box(text).min)
        assert fig.bbox.padded(1).fully_contains(*box(text).max)
