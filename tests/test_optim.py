"""The optimizers against hand-computed steps, and clipping as properties."""

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnnlib.optim import SGD, Adam, Momentum, clip_by_norm, clip_by_value, global_norm

OPTIMIZERS = [SGD(lr=0.1), Momentum(lr=0.1, beta=0.5), Adam(lr=0.1)]


class Cell(NamedTuple):
    W: np.ndarray
    b: np.ndarray | None


class Net(NamedTuple):
    cells: tuple
    W_y: np.ndarray


def make(shape_of=np.ones, dtype=np.float64):
    first = Cell(shape_of((2, 3), dtype=dtype), None)
    second = Cell(shape_of((3, 3), dtype=dtype), shape_of(3, dtype=dtype))
    return Net((first, second), shape_of((3, 1), dtype=dtype))


def leaves(tree):
    return [tree.cells[0].W, tree.cells[1].W, tree.cells[1].b, tree.W_y]


numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
arrays = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=3), elements=numbers)
trees = st.recursive(arrays | st.none(), lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple))


def test_sgd_by_hand():
    params, _ = SGD(lr=0.5).update((np.array([1.0, 2.0]),), (np.array([4.0, -2.0]),), ())
    np.testing.assert_array_equal(params[0], [-1.0, 3.0])


def test_momentum_by_hand():
    optimizer, W = Momentum(lr=0.1, beta=0.5), (np.array([0.0]),)
    state, seen = optimizer.init(W), []
    for _ in range(3):
        W, state = optimizer.update(W, (np.array([1.0]),), state)
        seen.append(W[0][0])
    # Velocities 1, 1.5, 1.75.
    np.testing.assert_allclose(seen, [-0.1, -0.25, -0.425], rtol=1e-15)


def test_momentum_without_memory_is_sgd():
    params, grads = make(), make(np.ones)
    plain, _ = SGD(0.3).update(params, grads, ())
    heavy, _ = Momentum(0.3, beta=0).update(params, grads, Momentum(0.3, beta=0).init(params))
    for a, b in zip(leaves(plain), leaves(heavy), strict=True):
        np.testing.assert_array_equal(a, b)


def test_adam_by_hand():
    """Gradients 1 then 3, lr 0.1, beta 0.9 and 0.99, worked out with paper and a pocket calculator.

    Step 1: m = 0.1, v = 0.01, corrected 1 and 1, so W = −0.1.
    Step 2: m = 0.09 + 0.3 = 0.39, v = 0.0099 + 0.09 = 0.0999; corrected 0.39 / 0.19 = 2.0526316 and
    0.0999 / 0.0199 = 5.0201005, whose root is 2.2405581; W = −0.1 − 0.1 · 0.9161251 = −0.1916125.
    """
    optimizer, W = Adam(lr=0.1, beta_1=0.9, beta_2=0.99, eps=1e-12), (np.array([0.0]),)
    state = optimizer.init(W)
    W, state = optimizer.update(W, (np.array([1.0]),), state)
    assert W[0][0] == pytest.approx(-0.1, abs=1e-9)
    W, state = optimizer.update(W, (np.array([3.0]),), state)
    assert W[0][0] == pytest.approx(-0.1916125, abs=1e-7)
    assert state.t == 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_update_keeps_types_and_mutates_nothing(optimizer, dtype):
    params, grads = make(dtype=dtype), make(np.ones, dtype=dtype)
    state = optimizer.init(params)
    first, state_1 = optimizer.update(params, grads, state)
    again, _ = optimizer.update(params, grads, state)
    assert type(first) is Net
    assert type(first.cells[1]) is Cell
    assert first.cells[0].b is None
    for old, new, same in zip(leaves(params), leaves(first), leaves(again), strict=True):
        assert new.dtype == dtype
        np.testing.assert_array_equal(old, 1)
        assert np.all(new < old)
        np.testing.assert_array_equal(new, same)
    second, _ = optimizer.update(first, grads, state_1)
    assert np.all(second.W_y < first.W_y)


def test_float32_stays_whatever_a_number_comes_from():
    """A rate out of np.logspace is a float64 of NumPy's, which would widen what it multiplies."""
    rate, params = np.logspace(-2, -1, 2)[0], make(dtype=np.float32)
    for optimizer in (SGD(rate), Momentum(rate, np.float64(0.5)), Adam(rate, np.float64(0.5))):
        for clip in (clip_by_norm, clip_by_value):
            grads = clip(make(np.ones, dtype=np.float32), np.float64(1e-3))
            found, _ = optimizer.update(params, grads, optimizer.init(params))
            assert {leaf.dtype for leaf in leaves(found)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("optimizer", [SGD(lr=0.05), Momentum(lr=0.02), Adam(lr=0.1)])
def test_finds_the_bottom_of_a_bowl(optimizer):
    W = (np.array([3.0, -2.0]),)
    state = optimizer.init(W)
    for _ in range(400):
        W, state = optimizer.update(W, (2 * W[0] * np.array([1.0, 4.0]),), state)
    np.testing.assert_allclose(W[0], 0, atol=1e-3)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_names_the_gradient_that_does_not_fit(optimizer):
    params = make()
    state = optimizer.init(params)
    wrong = params._replace(cells=(params.cells[0], params.cells[1]._replace(W=np.ones((2, 3)))))
    with pytest.raises(ValueError, match=r"grads.cells\[1\].W has shape \(2, 3\); expected \(3, 3\)"):
        optimizer.update(params, wrong, state)
    with pytest.raises(ValueError, match="grads.W_y has shape None"):
        optimizer.update(params, params._replace(W_y=None), state)
    with pytest.raises(TypeError, match="grads is a ndarray; expected a Net of 2"):
        optimizer.update(params, np.ones(3), state)
    with pytest.raises(TypeError, match="grads.cells is a tuple of 1; expected a tuple of 2"):
        optimizer.update(params, params._replace(cells=params.cells[:1]), state)


@pytest.mark.parametrize("lr", [0, -1, math.nan, math.inf, "fast", None])
def test_refuses_a_bad_learning_rate(lr):
    for kind in (SGD, Momentum, Adam):
        with pytest.raises(ValueError, match="lr is .*expected a finite number > 0"):
            kind(lr=lr)


def test_refuses_a_bad_memory():
    with pytest.raises(ValueError, match="beta is 1; expected a number with 0 <= beta < 1"):
        Momentum(beta=1)
    with pytest.raises(ValueError, match="beta_1 is -0.1"):
        Adam(beta_1=-0.1)
    with pytest.raises(ValueError, match="beta_2 is 1.5"):
        Adam(beta_2=1.5)
    with pytest.raises(ValueError, match="eps is 0"):
        Adam(eps=0)


def test_global_norm_by_hand():
    assert global_norm((np.array([3.0]), (None, np.array([[0.0, 4.0]])))) == 5.0
    assert global_norm((None, ())) == 0.0
    assert global_norm((np.zeros(3),)) == 0.0


@pytest.mark.parametrize("size", [1e-200, 1e-30, 1e30, 1e200])
def test_global_norm_neither_overflows_nor_vanishes(size):
    assert global_norm((np.array([3.0, 4.0]) * size,)) == pytest.approx(5 * size, rel=1e-12)


def test_global_norm_of_float32_is_taken_in_float64():
    assert global_norm((np.full(4, 1e30, np.float32),)) == pytest.approx(2e30, rel=1e-6)


@pytest.mark.parametrize(("bad", "seen"), [(math.nan, "nan"), (math.inf, "inf")])
def test_not_finite_gradient(bad, seen):
    grads = (np.array([1.0, bad]), np.array([2.0]))
    assert not math.isfinite(global_norm(grads))
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError, match=f"the norm of grads is {seen}"):
            clip(grads, 1.0)


def flat(tree):
    if isinstance(tree, tuple):
        return np.concatenate([np.zeros(0), *[flat(child) for child in tree]])
    return np.zeros(0) if tree is None else tree.ravel()


@given(trees.map(lambda tree: (tree,)), st.floats(1e-3, 1e3))
def test_clipping_keeps_the_direction_and_bounds_the_norm(grads, threshold):
    before = flat(grads).copy()
    clipped = flat(clip_by_norm(grads, threshold))
    norm = np.linalg.norm(before)
    assert np.linalg.norm(clipped) <= threshold * (1 + 1e-12)
    np.testing.assert_array_equal(flat(grads), before)
    scale = 1.0 if norm <= threshold else threshold / norm
    np.testing.assert_allclose(clipped, before * scale, rtol=1e-12, atol=1e-300)


@given(trees.map(lambda tree: (tree,)))
def test_global_norm_is_the_length_of_one_long_vector(grads):
    assert global_norm(grads) == pytest.approx(np.linalg.norm(flat(grads)), rel=1e-12)


def test_clipping_below_the_threshold_returns_the_gradient_itself():
    grads = make()
    assert clip_by_norm(grads, 100) is grads
    assert clip_by_norm((np.zeros(2),), 1e-9)[0].tolist() == [0, 0]


def test_clipping_negative_gradients():
    """The comparison is with the norm: a rule that compared the gradient itself would miss these."""
    clipped = clip_by_norm((np.array([-30.0, -40.0]),), 5)
    np.testing.assert_allclose(clipped[0], [-3, -4])


@given(trees.map(lambda tree: (tree,)), st.floats(1e-3, 1e3))
def test_clipping_by_value_bounds_every_entry_and_nothing_else(grads, threshold):
    before = flat(grads).copy()
    clipped = flat(clip_by_value(grads, threshold))
    np.testing.assert_array_equal(clipped, np.clip(before, -threshold, threshold))
    np.testing.assert_array_equal(flat(grads), before)
    assert np.all(clipped * before >= 0)


def test_clipping_by_value_turns_the_gradient():
    grads = (np.array([30.0, 3.0]),)
    by_norm, by_value = clip_by_norm(grads, 5)[0], clip_by_value(grads, 5)[0]
    np.testing.assert_allclose(by_norm[0] / by_norm[1], 10)
    np.testing.assert_allclose(by_value, [5, 3])


@given(st.integers(1, 6), st.integers(0, 1000), st.floats(1e-2, 10))
def test_clip_after_averaging_keeps_the_direction_of_the_mean(M, seed, threshold):
    rng = np.random.default_rng(seed)
    single = [(rng.standard_normal(4) * 10.0 ** rng.uniform(-2, 2),) for _ in range(M)]
    mean = np.mean([grads[0] for grads in single], axis=0)
    after = clip_by_norm((mean,), threshold)[0]
    np.testing.assert_allclose(after / np.linalg.norm(after), mean / np.linalg.norm(mean), rtol=1e-9)


def test_clip_before_averaging_turns_it():
    """One large sequence and one small one: clipped first, they count the same."""
    large, small = np.array([100.0, 0.0]), np.array([0.0, 1.0])
    before = (clip_by_norm((large,), 1)[0] + clip_by_norm((small,), 1)[0]) / 2
    after = clip_by_norm(((large + small) / 2,), 1)[0]
    np.testing.assert_allclose(before, [0.5, 0.5])
    np.testing.assert_allclose(after, [0.99995, 0.0099995], rtol=1e-6)


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("threshold", [0, -1, math.nan, math.inf, None])
def test_refuses_a_bad_threshold(clip, threshold):
    with pytest.raises(ValueError, match="threshold is"):
        clip((np.ones(2),), threshold)
