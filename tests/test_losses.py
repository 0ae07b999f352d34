import numpy as np
import pytest
from cases import quick, refuses, sizes
from hypothesis import given

from rnnlib import Readouts, cross_entropy, last_step_mask, mask_from_lengths, squared_error


def drawn_loss(sizes):
    rng = sizes.rng
    y = rng.standard_normal((sizes.T, sizes.B, sizes.n_y))
    labels = rng.integers(0, sizes.n_y, y.shape[:2])
    return y, rng.standard_normal(y.shape), labels, rng.random(y.shape[:2]) < 0.6


def differences(loss, y, h=1e-5):
    numeric = np.empty_like(y)
    for i in np.ndindex(y.shape):
        step = np.zeros_like(y)
        step[i] = h
        numeric[i] = (loss(y + step) - loss(y - step)) / (2 * h)
    return numeric


class TestSquaredError:
    @quick
    @given(sizes(T=4, B=3, n=3))
    def test_is_its_formula(self, sizes):
        y, d, _, mask = drawn_loss(sizes)
        E = sum(
            0.5 * np.sum((y[t, b] - d[t, b]) ** 2) / sizes.B
            for t in range(sizes.T) for b in range(sizes.B) if mask[t, b]
        )
        assert squared_error(y, d, mask)[0] == pytest.approx(E, abs=1e-14)

    @quick
    @given(sizes(T=3, B=3, n=3))
    def test_gradient_is_the_difference_quotient(self, sizes):
        y, d, _, mask = drawn_loss(sizes)
        _, dE_dy = squared_error(y, d, mask)
        np.testing.assert_allclose(dE_dy, differences(lambda y: squared_error(y, d, mask)[0], y), atol=1e-8)

    def test_by_hand(self):
        E, dE_dy = squared_error([[[3, 1]], [[2, 2]]], [[[1, 1]], [[2, 5]]])
        assert E == 0.5 * (4 + 9)
        np.testing.assert_array_equal(dE_dy, [[[2, 0]], [[0, -3]]])

    def test_batch_average_stays_over_all_sequences(self):
        y, d = np.ones((1, 4, 1)), np.zeros((1, 4, 1))
        assert squared_error(y, d)[0] == 0.5
        assert squared_error(y, d, [[1, 0, 0, 0]])[0] == 0.125

    def test_masked_infinities_add_nothing(self):
        y = np.array([[[1.0]], [[np.inf]]])
        E, dE_dy = squared_error(y, np.zeros_like(y), [[1], [0]])
        assert E == 0.5
        np.testing.assert_array_equal(dE_dy, [[[1]], [[0]]])

    def test_outputs_that_overflow_make_an_error_that_is_not_finite(self):
        assert squared_error(np.full((1, 1, 1), np.inf), np.zeros((1, 1, 1)))[0] == np.inf

    def test_float32_stays(self):
        E, dE_dy = squared_error(np.ones((2, 1, 1), np.float32), np.zeros((2, 1, 1)))
        assert isinstance(E, float)
        assert dE_dy.dtype == np.float32


class TestCrossEntropy:
    @quick
    @given(sizes(T=4, B=3, n=4))
    def test_is_its_formula(self, sizes):
        y, _, labels, mask = drawn_loss(sizes)
        p = np.exp(y) / np.exp(y).sum(-1, keepdims=True)
        E = -sum(
            np.log(p[t, b, labels[t, b]]) / sizes.B
            for t in range(sizes.T) for b in range(sizes.B) if mask[t, b]
        )
        assert cross_entropy(y, labels, mask)[0] == pytest.approx(E, abs=1e-13)

    @quick
    @given(sizes(T=3, B=3, n=4))
    def test_gradient_is_the_difference_quotient(self, sizes):
        y, _, labels, mask = drawn_loss(sizes)
        _, dE_dy = cross_entropy(y, labels, mask)
        np.testing.assert_allclose(
            dE_dy, differences(lambda y: cross_entropy(y, labels, mask)[0], y), atol=1e-8
        )

    def test_guessing_costs_log_n(self):
        assert cross_entropy(np.zeros((1, 2, 5)), [[0, 4]])[0] == pytest.approx(np.log(5))

    @pytest.mark.filterwarnings("error")
    def test_huge_outputs(self):
        E, dE_dy = cross_entropy(np.array([[[1e5, -1e5, 0]]], np.float32), [[1]])
        assert E == 2e5
        np.testing.assert_array_equal(dE_dy, np.array([[[1, -1, 0]]]))

    def test_padding_may_hold_any_label(self):
        y = np.zeros((2, 1, 3))
        assert cross_entropy(y, [[2], [-1]], [[1], [0]])[0] == pytest.approx(np.log(3))
        with refuses("labels[1, 0] is -1; expected 0 to 2"):
            cross_entropy(y, [[2], [-1]])


class TestMasks:
    def test_from_lengths(self):
        mask = mask_from_lengths([3, 1, 2], 3)
        np.testing.assert_array_equal(mask, [[1, 1, 1], [1, 0, 1], [1, 0, 0]])
        np.testing.assert_array_equal(last_step_mask([3, 1, 2], 3), [[0, 1, 0], [0, 0, 1], [1, 0, 0]])

    @pytest.mark.parametrize("function", [mask_from_lengths, last_step_mask])
    def test_lengths_out_of_range(self, function):
        for bad in (0, 4, -1):
            with refuses(f"lengths[1] is {bad}; expected 1 to 3"):
                function([3, bad], 3)

    @pytest.mark.parametrize("function", [mask_from_lengths, last_step_mask])
    def test_other_faults(self, function):
        with pytest.raises(TypeError, match="lengths has type float64; expected integers"):
            function([1.0, 2.0], 3)
        with refuses("lengths has shape (1, 2); expected (B,)"):
            function([[1, 2]], 3)
        with pytest.raises(ValueError, match="T is 0; expected a whole number >= 1"):
            function([1], 0)


class TestBadInput:
    y = np.zeros((3, 2, 4))
    labels = np.zeros((3, 2), int)

    @pytest.mark.parametrize(
        ("mask", "message"),
        [
            (np.ones((2, 3)), "mask has shape (2, 3); expected (T, B) = (3, 2)"),
            (np.full((3, 2), 0.5), "mask[0, 0] is 0.5; expected 0 or 1"),
            (np.full((3, 2), np.nan), "mask[0, 0] is nan; expected finite numbers"),
        ],
    )
    def test_mask(self, mask, message):
        for loss, target in ((squared_error, self.y), (cross_entropy, self.labels)):
            with refuses(message):
                loss(self.y, target, mask)

    def test_targets(self):
        with refuses("d has shape (3, 2); expected (T, B, n_y) = (3, 2, 4)"):
            squared_error(self.y, self.labels)
        with refuses("d[0, 0, 0] is nan; expected finite numbers"):
            squared_error(self.y, self.y * np.nan)

    def test_outputs(self):
        with refuses("y has shape (3, 2); expected (T, B, n_y)"):
            squared_error(self.y[..., 0], self.y)
        with pytest.raises(TypeError, match="y has type complex128; expected real numbers"):
            cross_entropy(self.y + 0j, self.labels)

    @pytest.mark.parametrize(
        ("labels", "error", "message"),
        [
            (np.zeros((3, 2)), TypeError, "labels has type float64; expected integers"),
            (np.zeros((3, 2, 1), int), ValueError, "labels has shape (3, 2, 1); expected (T, B) = (3, 2)"),
            (np.full((3, 2), 4), ValueError, "labels[0, 0] is 4; expected 0 to 3"),
        ],
    )
    def test_labels(self, labels, error, message):
        with refuses(message, error):
            cross_entropy(self.y, labels)


class TestReadouts:
    readouts = Readouts({"who": (3, cross_entropy), "where": (2, squared_error)})

    def drawn(self, T=4, B=3):
        rng = np.random.default_rng(0)
        d = {"where": rng.standard_normal((T, B, 2)), "who": rng.integers(0, 3, (T, B))}
        masks = {"who": last_step_mask([2, 4, 1], T), "where": rng.random((T, B)) < 0.6}
        return rng.standard_normal((T, B, 5)), d, masks

    def test_is_the_sum_of_its_losses_each_on_its_columns(self):
        y, d, masks = self.drawn()
        E, dE_dy = self.readouts(y, d, masks)
        who, dE_dwho = cross_entropy(y[..., :3], d["who"], masks["who"])
        where, dE_dwhere = squared_error(y[..., 3:], d["where"], masks["where"])
        assert pytest.approx(who + where, rel=1e-14) == E
        np.testing.assert_array_equal(dE_dy, np.concatenate([dE_dwho, dE_dwhere], axis=-1))

    def test_gradient_is_the_difference_quotient(self):
        y, d, masks = self.drawn()
        numeric = differences(lambda y: self.readouts(y, d, masks)[0], y)
        np.testing.assert_allclose(self.readouts(y, d, masks)[1], numeric, atol=1e-8)

    def test_one_mask_for_all_or_none(self):
        y, d, masks = self.drawn()
        one = masks["where"]
        assert self.readouts(y, d, one)[0] == self.readouts(y, d, {"who": one, "where": one})[0]
        assert self.readouts(y, d)[0] == self.readouts(y, d, {"who": None, "where": np.ones_like(one)})[0]

    def test_the_columns_by_name(self):
        assert self.readouts.n_y == 5
        parts = self.readouts.split(np.arange(5))
        assert {name: part.tolist() for name, part in parts.items()} == {"who": [0, 1, 2], "where": [3, 4]}
        assert self.readouts.split(np.ones((6, 5)))["where"].shape == (6, 2)

    def test_one_readout_is_its_loss(self):
        y, d, _ = self.drawn()
        only = Readouts({"who": (5, cross_entropy)})
        assert only(y, {"who": d["who"]})[0] == cross_entropy(y, d["who"])[0]

    @pytest.mark.parametrize(
        ("parts", "message"),
        [
            ({}, "parts is {}; expected a dict such as {'who': (9, cross_entropy)}"),
            ([(3, cross_entropy)], "expected a dict such as {'who': (9, cross_entropy)}"),
            ({"who": 3}, "parts['who'] is 3; expected (number of columns, loss)"),
            ({"who": (3, "squared")}, "parts['who'] is (3, 'squared'); expected (number of columns, loss)"),
        ],
    )
    def test_bad_parts(self, parts, message):
        with refuses(message, TypeError):
            Readouts(parts)

    def test_bad_width(self):
        with refuses("the number of columns of 'who' is 0; expected a whole number >= 1"):
            Readouts({"who": (0, cross_entropy)})

    def test_bad_arrays(self):
        y, d, masks = self.drawn()
        with refuses("y has shape (4, 3, 4); expected 5 columns, for who, where"):
            self.readouts(y[..., :4], d)
        with refuses("d has ndarray; expected a dict with ['who', 'where']"):
            self.readouts(y, y)
        with refuses("d has ['who']; expected a dict with ['who', 'where']"):
            self.readouts(y, {"who": d["who"]})
        with refuses("mask has ['who', 'were']; expected a dict with ['who', 'where']"):
            self.readouts(y, d, {"who": None, "were": None})
        with refuses("labels has shape (3, 3); expected (T, B) = (4, 3)"):
            self.readouts(y, {**d, "who": d["who"][1:]})
