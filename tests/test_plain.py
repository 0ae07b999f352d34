"""Answers as plain data, and how two of them differ, in words."""

import json

import numpy as np
import pytest

from rnnlib import grading
from rnnlib.grading import calling, definitions, plain
from rnnlib.grading.differences import described, equal

SEED = "ada-1"


# Plain data


@pytest.mark.parametrize("value", [
    None, "text", 3, -0.5, True, np.arange(6).reshape(2, 3), np.float32([[1.5]]), np.array(2.0),
    (), [1, (2, "a")], {"a": np.ones(2), "b": None}, {3, 1, 2},
])  # fmt: skip
def test_plain_data_comes_back(value):
    once = plain.decode(json.loads(json.dumps(plain.encode(value))))
    again = plain.decode(plain.encode(once))
    assert equal(again, once, 0)
    assert not isinstance(once, plain.Odd)


def test_single_numbers_are_no_arrays_for_a_function():
    value = plain.natural(plain.decode(plain.encode((2, 0.5, [np.ones(2), True]))))
    assert [type(entry) for entry in value[:2]] == [int, float]
    assert value[2][1] is True
    assert value[2][0].shape == (2,)


def test_a_list_of_arrays_stands_for_an_array():
    whole = np.arange(24.0).reshape(2, 3, 4)
    listed = plain.decode(plain.encode([list(part) for part in whole]))
    assert equal(plain.fitted(listed, whole), whole, 0)
    ragged = plain.decode(plain.encode([np.ones(2), np.ones(3)]))
    assert not equal(plain.fitted(ragged, whole), whole, 0)


# Differences of lists


def test_lists_are_told_by_what_is_missing_and_too_much():
    task = definitions.task("ex02", 1)
    given = plain.decode(plain.encode([("a", "b"), ("a", "b"), ("x",)]))
    wanted = plain.decode(plain.encode([("a", "b"), ("c",)]))
    told = described(given, wanted, ("paths",), task)
    assert told == "paths, of which you have 3: missing: 1; too much: 1 (such as x); there more than once: 1."


def test_of_several_results_the_first_wrong_one_is_told():
    task = definitions.task("ex02", 1)
    wanted = (np.ones(2), np.ones(3))
    assert "Right already: dW." in described((np.ones(2), np.zeros(3)), wanted, ("dW (n,)", "db (m,)"), task)
    assert "it returned one thing; expected 2: dW, db." in described(np.ones(2), wanted, ("dW", "db"), task)
    named = described({"dW": np.ones(2), "db": np.ones(3)}, wanted, ("dW", "db"), task)
    assert named == "it returned a dictionary of 2; expected 2: dW, db."
    swapped = described((np.ones(3), np.ones(2)), wanted, ("dW (n,)", "db (m,)"), task)
    assert swapped == "these are the right parts in another order; expected dW (n,), db (m,)."


def test_an_array_of_parts_stands_for_the_parts():
    wanted = (np.ones(2), np.zeros(2))
    assert equal(plain.fitted(np.array(wanted), wanted), wanted, 0)
    numbers = (np.array(0.5), np.array(2))
    assert equal(plain.fitted(np.array([0.5, 2]), numbers), numbers, 0)


def test_one_array_in_place_of_two_is_not_told_by_its_length():
    records = calling.answers("ex01", 1, lambda x, k: np.roll(x, k), SEED)
    told = grading.judging.judge("ex01", 1, SEED, records).text
    assert "it returned one thing; expected 2: d (T), mask (T)." in told


def test_an_answer_in_an_odd_form_is_not_called_a_failure_of_the_function():
    def view(value, given):
        raise ValueError("a path is a tuple of names")

    asking = calling.questions("ex02", 1, SEED)._replace(view=view)
    records = calling.asked(asking, lambda x_t, s_prev, W_x, W_s, b_s: x_t @ W_x)
    found = grading.judging.judge("ex02", 1, SEED, records)
    assert "cannot be read as s_t (B, n_s): ValueError: a path is a tuple of names" in found.text
