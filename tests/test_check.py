"""What the door lets in, and what it says to the rest. The cells' own tests show it in use."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from cases import refuses

from rnnlib import _check


class Pair(NamedTuple):
    W: np.ndarray
    b: np.ndarray


def pair(params):
    return _check.as_params(params, Pair, (("n_s", "n_s"), ("n_s",)))


def matrix(value, sizes=(None, 3), dtype=None):
    return _check.as_array("W", value, "n_x, n_s", sizes, dtype)


class TestTypes:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_floats_stay_as_they_are(self, dtype):
        array = np.ones((2, 3), dtype)
        assert matrix(array) is array

    @pytest.mark.parametrize("dtype", [int, np.uint8, bool, np.float16, np.longdouble, ">f8"])
    def test_other_real_numbers_become_float64(self, dtype):
        array = matrix(np.ones((2, 3), dtype))
        assert array.dtype == np.float64
        assert array.dtype.isnative

    def test_lists_are_fine(self):
        np.testing.assert_array_equal(matrix([[1, 2, 3]]), [[1.0, 2.0, 3.0]])

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_a_wanted_type_is_made(self, dtype):
        assert matrix(np.ones((2, 3), np.float32), dtype=np.dtype(dtype)).dtype == dtype
        assert matrix(np.ones((2, 3), np.float64), dtype=np.dtype(dtype)).dtype == dtype

    @pytest.mark.parametrize(
        ("value", "kind"),
        [
            ([[1j, 2, 3]], "complex128"),
            (np.ones((2, 3), object), "object"),
            ([["a", "b", "c"]], "<U1"),
            (np.zeros((1, 3), "datetime64[s]"), "datetime64[s]"),
            (None, "object"),
        ],
    )
    def test_the_rest_is_refused(self, value, kind):
        with refuses(f"W has type {kind}; expected real numbers", TypeError):
            matrix(value)

    def test_ragged_rows_are_refused(self):
        with pytest.raises(ValueError, match="W is not an array; expected rows of equal length"):
            matrix([[1, 2, 3], [4, 5]])


class TestShapes:
    @pytest.mark.parametrize(
        ("shape", "message"),
        [
            ((2, 4), "W has shape (2, 4); expected (n_x, n_s) = (any, 3)"),
            ((3,), "W has shape (3,); expected (n_x, n_s) = (any, 3)"),
            ((2, 3, 1), "W has shape (2, 3, 1); expected (n_x, n_s) = (any, 3)"),
            ((0, 3), "W has shape (0, 3); expected (n_x, n_s) = (any, 3), nothing empty"),
        ],
    )
    def test_wrong_ones_are_named(self, shape, message):
        with refuses(message):
            matrix(np.zeros(shape))

    def test_one_axis_looks_like_a_tuple(self):
        with refuses("b has shape (2,); expected (n_s,) = (3,)"):
            _check.as_array("b", [1, 2], "n_s", (3,))

    def test_free_sizes_are_not_listed(self):
        with pytest.raises(ValueError, match=re.escape("x has shape (); expected (T, B, n_x)") + "$"):
            _check.as_array("x", 1.0, "T, B, n_x", (None, None, None))


class TestFinite:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_place_is_named(self, bad, dtype):
        array = np.ones((2, 3), dtype)
        array[1, 2] = bad
        with refuses(f"W[1, 2] is {bad}; expected finite numbers"):
            matrix(array)

    def test_opposite_infinities_do_not_cancel(self):
        with refuses("W[0, 0] is inf"):
            matrix([[np.inf, -np.inf, 0]])

    @pytest.mark.filterwarnings("error")
    def test_a_sum_that_overflows_is_no_fault(self):
        matrix(np.full((2, 3), np.finfo(np.float32).max, np.float32))

    @pytest.mark.filterwarnings("error")
    def test_too_large_for_the_wanted_type(self):
        with refuses("W[0, 1] is inf"):
            matrix([[1, 1e300, 1]], dtype=np.dtype(np.float32))


class TestParams:
    def test_one_type_for_all(self):
        assert {a.dtype.name for a in pair(Pair(np.eye(2, dtype=np.float32), np.ones(2)))} == {"float64"}
        assert {a.dtype.name for a in pair(Pair(np.eye(2, dtype=int), np.ones(2, np.float32)))} == {"float64"}
        single = Pair(np.eye(2, dtype=np.float32), np.ones(2, np.float32))
        assert {a.dtype.name for a in pair(single)} == {"float32"}

    @pytest.mark.parametrize("wrong", [(np.eye(2), np.ones(2)), None, {"W": np.eye(2)}])
    def test_wrong_kind(self, wrong):
        message = f"params is of type {type(wrong).__name__}; expected Pair(W, b)"
        with refuses(message, TypeError):
            pair(wrong)

    @pytest.mark.parametrize(
        ("params", "message"),
        [
            (Pair(np.zeros((4, 5)), np.zeros(4)), "W has shape (4, 5); expected (n_s, n_s) = (4, 4)"),
            (Pair(np.zeros((4, 4)), np.zeros(5)), "b has shape (5,); expected (n_s,) = (4,)"),
            (Pair(np.zeros(4), np.zeros(4)), "W has shape (4,); expected (n_s, n_s)"),
            (Pair(np.zeros((4, 4)), 0.0), "b has shape (); expected (n_s,) = (4,)"),
            (Pair(np.zeros((0, 0)), np.zeros(0)), "W has shape (0, 0); expected (n_s, n_s), nothing empty"),
            (Pair(np.full((2, 2), np.nan), np.zeros(2)), "W[0, 0] is nan"),
        ],
    )
    def test_wrong_arrays(self, params, message):
        with refuses(message):
            pair(params)


class TestCounts:
    @pytest.mark.parametrize("value", [0, -1, 1.0, True, "3", None])
    def test_refused(self, value):
        with refuses(f"n_s is {value!r}; expected a whole number >= 1"):
            _check.check_count("n_s", value)

    def test_accepted(self):
        assert _check.check_count("n_s", np.int64(3)) == 3
        assert _check.check_count("k", 0, 0) == 0
