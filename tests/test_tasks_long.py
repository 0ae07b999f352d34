"""The tasks of Hochreiter and Schmidhuber (1997): the grammar, the adding problem, temporal order."""

import re
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import cross_entropy, squared_error, tasks

# The grammar once more, as a regular expression: after node 4 and after node 3 of its graph, then all of it.
FROM_4 = "(?:XT*VP)*(?:S|XT*VV)"
FROM_3 = f"T*V(?:V|P{FROM_4})"
INNER = f"B(?:TS*X{FROM_4}|P{FROM_3})E"
STRING = f"B(?:T{INNER}T|P{INNER}P)E"


def strings_of(batch):
    """The sequences in letters, the last target included."""
    lengths = batch.mask.sum(axis=0)
    rows = [[*x[:n].argmax(axis=1), d[n - 1]] for x, d, n in zip(*batch_first(batch), lengths, strict=True)]
    return ["".join(tasks.REBER_SYMBOLS[k] for k in row) for row in rows]


def batch_first(batch):
    return batch.x.swapaxes(0, 1), batch.d.T


def draw(name, rng, T, B, **options):
    """Any of the three; the grammar has no T."""
    return (
        tasks.embedded_reber(rng, B, **options)
        if name == "embedded_reber"
        else getattr(tasks, name)(rng, T, B, **options)
    )


ALL = pytest.mark.parametrize("name", ["adding", "temporal_order", "embedded_reber"])


# Embedded Reber grammar


@given(st.integers(1, 20), st.integers(1, 4), st.integers(0, 1000))
def test_strings_belong_to_the_grammar(B, strings, seed):
    batch = tasks.embedded_reber(np.random.default_rng(seed), B, strings)
    T = len(batch.x)
    assert (batch.x.shape, batch.d.shape, batch.mask.shape) == ((T, B, 7), (T, B), (T, B))
    for text in strings_of(batch):
        assert re.fullmatch(f"(?:{STRING}){{{strings}}}", text), text
    np.testing.assert_array_equal(batch.x.sum(axis=2), batch.mask)
    np.testing.assert_array_equal(batch.d >= 0, batch.mask)
    assert np.all(batch.mask[:-1] >= batch.mask[1:])


def test_the_target_is_the_next_input():
    batch = tasks.embedded_reber(np.random.default_rng(0), 50)
    following = batch.mask[1:]
    np.testing.assert_array_equal(batch.x[1:].argmax(axis=2)[following], batch.d[:-1][following])


def test_the_lengths_are_those_of_the_docstring_and_branches_are_taken_by_half():
    texts = strings_of(tasks.embedded_reber(np.random.default_rng(0), 20_000))
    lengths = [len(text) for text in texts]
    assert min(lengths) == 9
    assert np.mean(lengths) == pytest.approx(12, abs=0.15)
    assert np.mean([text[1] == "T" for text in texts]) == pytest.approx(0.5, abs=0.02)
    assert np.mean([text[4] == "S" for text in texts if text[2:4] == "BT"]) == pytest.approx(0.5, abs=0.02)


def test_the_second_symbol_is_repeated_and_what_lies_between_says_nothing_of_it():
    texts = strings_of(tasks.embedded_reber(np.random.default_rng(0), 20_000))
    assert all(text[1] == text[-2] for text in texts)
    inner = defaultdict(list)
    for text in texts:
        inner[text[2:-2]].append(text[1] == "T")
    common = [np.mean(first) for first in inner.values() if len(first) > 500]
    assert len(common) > 5
    np.testing.assert_allclose(common, 0.5, atol=0.07)


def test_legal_are_the_symbols_that_follow_in_some_string():
    """For every beginning of up to six symbols: what followed it in one of 20,000 strings, and no more."""
    batch = tasks.embedded_reber(np.random.default_rng(0), 20_000)
    seen = defaultdict(set)
    texts = strings_of(batch)
    for text in texts:
        for n in range(1, 7):
            seen[text[:n]].add(text[n])
    legal = tasks.legal_successors(batch.x[:6])
    for b in range(500):
        for n in range(1, 7):
            found = {tasks.REBER_SYMBOLS[k] for k in np.flatnonzero(legal[n - 1, b])}
            assert found == seen[texts[b][:n]]


def test_one_or_two_symbols_are_legal_and_only_the_outer_one_is_before_the_end():
    batch = tasks.embedded_reber(np.random.default_rng(1), 300)
    legal = tasks.legal_successors(batch.x)
    np.testing.assert_array_equal(np.unique(legal.sum(axis=2)[batch.mask]), [1, 2])
    assert not legal[~batch.mask].any()
    for b, text in enumerate(strings_of(batch)):
        wanted = [letter == text[1] for letter in tasks.REBER_SYMBOLS]
        assert legal[len(text) - 3, b].tolist() == wanted


def test_after_the_last_symbol_of_a_string_the_next_one_begins():
    batch = tasks.embedded_reber(np.random.default_rng(1), 50, strings=3)
    legal, texts = tasks.legal_successors(batch.x), strings_of(batch)
    ends = [(m.end() - 1, b) for b, text in enumerate(texts) for m in re.finditer(STRING, text)]
    inside = [end for end in ends if end[0] < len(texts[end[1]]) - 1]
    assert len(inside) == 100
    assert all(legal[end].tolist() == [True] + [False] * 6 for end in inside)


def test_the_grammar_refuses():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="B is 0; expected a whole number >= 1"):
        tasks.embedded_reber(rng, 0)
    with pytest.raises(ValueError, match="strings is 0; expected a whole number >= 1"):
        tasks.embedded_reber(rng, 1, strings=0)
    x = np.eye(7)[["BTPSXVE".index(letter) for letter in "BTBX"]][:, None]
    with pytest.raises(ValueError, match=r"x\[3, 0\] is X; expected T or P"):
        tasks.legal_successors(x)
    with pytest.raises(ValueError, match=r"x has shape \(4, 7\); expected \(T, B, n_x\)"):
        tasks.legal_successors(x[:, 0])


# Adding


@given(st.integers(10, 60), st.integers(1, 30), st.integers(0, 1000))
def test_the_sum_is_that_of_the_two_marked_numbers(T, B, seed):
    x, d, mask = tasks.adding(np.random.default_rng(seed), T, B)
    assert (x.shape, d.shape, mask.shape) == ((T, B, 2), (T, B, 1), (T, B))
    assert np.all((x[..., 0] >= 0) & (x[..., 0] < 1))
    assert set(np.unique(x[..., 1])) == {0.0, 1.0}
    np.testing.assert_array_equal(x[..., 1].sum(axis=0), 2)
    assert np.all(x[: T // 10, :, 1].sum(axis=0) >= 1)
    assert not x[T // 2 - 1 :, :, 1].any()
    np.testing.assert_allclose(d[-1, :, 0], np.sum(x[..., 0] * x[..., 1], axis=0), rtol=1e-12)
    assert not d[:-1].any()
    assert mask[-1].all()
    assert not mask[:-1].any()


def test_every_step_that_may_be_marked_is_marked():
    x = tasks.adding(np.random.default_rng(0), 40, 20_000).x
    often = x[..., 1].mean(axis=1)
    np.testing.assert_allclose(often[4:19], 1 / 18, atol=0.008)
    np.testing.assert_allclose(often[:4], 1 / 4 + 3 / 4 / 18, atol=0.015)
    assert not often[19:].any()


def test_the_best_constant_answer_is_one_and_costs_what_the_docstring_says():
    _, d, mask = tasks.adding(np.random.default_rng(0), 20, 50_000)
    costs = [np.mean((d[-1] - answer) ** 2) for answer in (0.9, 1.0, 1.1)]
    assert costs[1] == pytest.approx(1 / 6, rel=0.02)
    assert min(costs) == costs[1]
    assert squared_error(np.ones_like(d), d, mask)[0] == pytest.approx(1 / 12, rel=0.02)


# Temporal order


@given(st.integers(20, 70), st.integers(1, 30), st.integers(0, 1000))
def test_the_class_is_the_order_of_the_two_symbols(T, B, seed):
    x, d, mask = tasks.temporal_order(np.random.default_rng(seed), T, B)
    assert (x.shape, d.shape, mask.shape) == ((T, B, 8), (T, B), (T, B))
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    classes = {"XX": 0, "XY": 1, "YX": 2, "YY": 3}
    for b, column in enumerate(x.argmax(axis=2).T):
        text = "".join(tasks.ORDER_SYMBOLS[k] for k in column)
        assert re.fullmatch("E[abcd]*[XY][abcd]*[XY][abcd]*B", text)
        assert d[-1, b] == classes["".join(re.findall("[XY]", text))]
    assert not d[:-1].any()
    assert mask[-1].all()
    assert not mask[:-1].any()


def test_the_two_steps_are_those_of_the_paper_and_everything_is_as_likely():
    x, d, _ = tasks.temporal_order(np.random.default_rng(0), 100, 4000)
    steps = np.flatnonzero(x[..., 2:4].any(axis=(1, 2))) + 1
    assert steps.tolist() == [*range(10, 21), *range(50, 61)]
    np.testing.assert_allclose(np.bincount(d[-1]) / 4000, 1 / 4, atol=0.03)
    np.testing.assert_allclose(x[30, :, 4:].mean(axis=0), 1 / 4, atol=0.03)


def test_a_guess_of_the_order_costs_log_4():
    _, d, mask = tasks.temporal_order(np.random.default_rng(0), 20, 100)
    assert cross_entropy(np.zeros((20, 100, 4)), d, mask)[0] == pytest.approx(np.log(4))


# All


@ALL
def test_the_seed_decides_and_the_type_is_the_one_asked_for(name):
    first, second, other = (
        draw(name, np.random.default_rng(seed), 30, 4, dtype=np.float32) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.d, second.d)
    assert first.x.dtype == np.float32
    assert first.d.dtype == (np.float32 if name == "adding" else int)
    assert not np.array_equal(first.x, other.x)


@pytest.mark.parametrize(
    ("name", "T", "B", "message"),
    [
        ("adding", 9, 1, "T is 9; expected a whole number >= 10"),
        ("adding", 12.0, 1, "T is 12.0"),
        ("adding", 10, 0, "B is 0; expected a whole number >= 1"),
        ("temporal_order", 19, 1, "T is 19; expected a whole number >= 20"),
        ("temporal_order", 20, 0, "B is 0"),
    ],
)
def test_adding_and_order_refuse(name, T, B, message):
    with pytest.raises(ValueError, match=message):
        draw(name, np.random.default_rng(0), T, B)
