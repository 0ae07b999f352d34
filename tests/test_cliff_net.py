"""The net whose error has a wall: E and its true gradient, by four witnesses, and what a step does there."""

import doctest
import math

import numpy as np
import pytest

from rnnlib.activations import sigmoid
from rnnlib.cells import RNN, RNNParams
from rnnlib.experiments import cliff as net
from rnnlib.optim import SGD, clip_by_norm

POINTS = [(4.5, -2.303), (5.0, -2.6124), (4.5, -1.9), (3.5, -2.5), (6.0, -3.2), (7.0, -1.0), (3.0, -4.0)]
POINTS += [(5.0, net.wall(5.0)), (45.0, 64.0)]


def by_hand(w, b):
    """The net in the notation of its source: x_t, no arrays, no library."""
    x = 0.5
    for _ in range(50):
        x = w / (1 + math.exp(-x)) + b
    return (1 / (1 + math.exp(-x)) - 0.7) ** 2


def engine(w, b):
    """The net as an RNN of one unit: E, its parameters, and their gradients by the engine."""
    cell, params = RNN(sigmoid), RNNParams(np.zeros((1, 1)), np.array([[w]]), np.array([b]))
    run = cell.forward(params, np.zeros((50, 1, 1)), sigmoid(np.array([[0.5]])))
    error = run.last - 0.7
    return error.item() ** 2, params, cell.backward(params, run, dE_dlast=2 * error).params


@pytest.mark.parametrize(("w", "b"), POINTS)
def test_the_error_is_that_of_the_loop(w, b):
    assert net.error(w, b) == pytest.approx(by_hand(w, b), rel=1e-9, abs=1e-15)
    assert net.error_and_gradient(w, b)[0] == net.error(w, b)


@pytest.mark.parametrize(("w", "b"), POINTS)
def test_the_gradient_is_that_of_the_engine(w, b):
    E, dE_dw, dE_db = net.error_and_gradient(w, b)
    engine_E, _, grads = engine(w, b)
    np.testing.assert_allclose(E, engine_E, rtol=1e-11)
    np.testing.assert_allclose([dE_dw, dE_db], [grads.W_s.item(), grads.b_s.item()], rtol=1e-11)


@pytest.mark.parametrize(("w", "b"), POINTS[:-2])
def test_the_gradient_is_that_of_differences(w, b):
    h = 1e-6  # the wall is only some 0.001 thick at w = 4.5
    _, dE_dw, dE_db = net.error_and_gradient(w, b)
    by_w = (by_hand(w + h, b) - by_hand(w - h, b)) / (2 * h)
    by_b = (by_hand(w, b + h) - by_hand(w, b - h)) / (2 * h)
    np.testing.assert_allclose([dE_dw, dE_db], [by_w, by_b], rtol=2e-3, atol=1e-9)


def test_many_points_at_once_are_the_points_one_by_one():
    w, b = np.array(POINTS).T
    together = np.array(net.error_and_gradient(w, b))
    np.testing.assert_array_equal(together, np.transpose([net.error_and_gradient(*p) for p in POINTS]))


@pytest.mark.parametrize(("w", "near"), [(4, -2.0), (5, -2.6), (6, -3.25)])
def test_the_walls_stand_where_the_paper_has_them(w, near):
    b = np.linspace(-4, -1, 30_001)
    E = net.error(np.full(len(b), float(w)), b)
    steepest = b[np.argmax(np.abs(np.diff(E)))]
    assert steepest == pytest.approx(near, abs=0.03)
    assert steepest == pytest.approx(net.wall(w), abs=0.03)
    before, behind = net.error(w, steepest - 0.1), net.error(w, steepest + 0.1)
    assert before > 4 * behind


def test_on_the_wall_the_state_stands_still_and_a_change_is_multiplied():
    """∂s_50/∂s_0 = (w σ'(x_0))^50 there: below w = 4.26 it vanishes, above it explodes."""
    slope = float(sigmoid.derivative(sigmoid(0.5)))
    assert 1 / slope == pytest.approx(4.255, abs=0.001)
    for w, size in ((4.0, 0.0452), (4.5, 16.4), (5.0, 3170), (6.0, 2.89e7)):
        cell = RNN(sigmoid)
        params = RNNParams(np.zeros((1, 1)), np.array([[w]]), np.array([net.wall(w)]))
        run = cell.forward(params, np.zeros((50, 1, 1)), sigmoid(np.array([[0.5]])))
        np.testing.assert_allclose(run.s, sigmoid(0.5), rtol=1e-7)
        change = cell.backward(params, run, dE_dlast=np.ones((1, 1))).s_0.item()
        assert change == pytest.approx((w * slope) ** 50, rel=1e-5)
        assert change == pytest.approx(size, rel=0.01)


def test_the_surface_holds_the_error_of_every_cell():
    E = net.surface()
    assert E is net.surface()
    assert E.shape == (200, 200)
    for i, j in ((0, 0), (199, 0), (70, 130), (199, 199)):
        assert E[i, j] == pytest.approx(by_hand(3 + 4 * (i + 0.5) / 200, -4 + 3 * (j + 0.5) / 200))


@pytest.mark.parametrize(("lr", "w", "b", "threshold"), [(0.5, 4.5, -2.303, 0.5), (0.2, 3.5, -2.5, 0.1)])
@pytest.mark.parametrize("clips", [True, False])
def test_every_step_is_that_of_the_library(lr, w, b, threshold, clips):
    """From each point that was reached: the engine's gradient, `clip_by_norm` and `SGD`."""
    path = net.descend(np.array([w]), np.array([b]), lr, *([threshold] if clips else []))
    assert (path.w[0, 0], path.b[0, 0]) == (w, b)
    for i in range(net.STEPS):
        E, params, grads = engine(path.w[i, 0], path.b[i, 0])
        after, _ = SGD(lr).update(params, clip_by_norm(grads, threshold if clips else 1e9), ())
        moved = [path.w[i + 1, 0] - path.w[i, 0], path.b[i + 1, 0] - path.b[i, 0]]
        expected = [after.W_s.item() - path.w[i, 0], after.b_s.item() - path.b[i, 0]]
        np.testing.assert_allclose(moved, expected, rtol=1e-6, atol=1e-13)
        assert path.E[i, 0] == pytest.approx(E, rel=1e-9)
    assert path.norm[0, 0] > threshold


def test_examples_in_the_docstrings():
    assert doctest.testmod(net).failed == 0
