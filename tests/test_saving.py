"""A network comes back from its file as it was; every other file is refused with a sentence."""

import json
import pickle
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from cases import quick, refuses, same, sizes
from hypothesis import given
from hypothesis import strategies as st
from test_network import networks, random_network

from rnnlib import (
    GRU,
    LSTM,
    RNN,
    Conv,
    EncoderDecoder,
    Feedforward,
    Network,
    Stepwise,
    Streams,
    activations,
    load,
    save,
    saving,
)

STACKS = {
    "rnn": (RNN(activations.relu),),
    "lstm": (LSTM("notes", True, np.float32(2), {"i": 0.5}, activations.identity),),
    "gru": (GRU("renew", "after", {"r": 1.0}),),
    "feedforward": (Feedforward(activations.sigmoid),),
    "conv": (Conv((6, 5, 2), 3, 2, 2, "mean", activations.tanh),),
    "streams": (Streams((Conv((4, 4)), Streams((RNN(), LSTM()), (1, 2), (3, 4))), (16, 3), (4, 7)),),
    "mixed": (Conv((6, 6)), Conv((2, 2, 4), size=2, pool=1), LSTM(), Feedforward(), GRU(), RNN()),
}


TWO = (RNN(), LSTM())


def small(cells=TWO, **choices):
    """A network with parameters in which no number is like another."""
    network, rng = Network(cells, **choices), np.random.default_rng(0)
    n_x = getattr(cells[0], "n_x", 3)
    widths = tuple(getattr(cell, "n_s", 5) for cell in cells)
    return network, network.init(rng, n_x, widths, 2), rng.standard_normal((4, 2, n_x))


@pytest.mark.parametrize("cells", STACKS.values(), ids=STACKS)
@pytest.mark.parametrize("bias_y", [False, True])
def test_round_trip(tmp_path, cells, bias_y):
    network, params, x = small(cells, bias_y=bias_y)
    save(tmp_path / "net.npz", network, params)
    loaded, numbers = load(tmp_path / "net.npz")
    assert loaded == network
    assert [vars(cell) for cell in loaded.cells] == [vars(cell) for cell in network.cells]  # `hold` too
    same(numbers, params, rtol=0, atol=0)
    np.testing.assert_array_equal(loaded.forward(numbers, x).y, network.forward(params, x).y)


@quick
@given(networks(), sizes(T=2, B=2), st.sampled_from([np.float32, np.float64]))
def test_every_stack_that_can_be_drawn_comes_back(tmp_path_factory, network, sizes, dtype):
    params, _, _ = random_network(network, sizes, dtype)
    path = tmp_path_factory.getbasetemp() / "drawn.npz"
    save(path, network, params)
    loaded, numbers = load(path)
    assert repr(loaded) == repr(network)
    same(numbers, params, rtol=0, atol=0)
    assert [p.dtype for p in numbers.cells[0] if hasattr(p, "dtype")] == [
        p.dtype for p in params.cells[0] if hasattr(p, "dtype")
    ]


def test_training_goes_on_from_the_file(tmp_path):
    network, params, x = small()
    save(tmp_path / "net.npz", network, params)
    loaded, numbers = load(tmp_path / "net.npz")
    dE_dy = np.ones((4, 2, 2))
    same(
        loaded.backward(numbers, loaded.forward(numbers, x), dE_dy).params,
        network.backward(params, network.forward(params, x), dE_dy).params,
        rtol=0,
        atol=0,
    )


def test_the_path_is_used_as_it_is_and_its_file_replaced(tmp_path):
    path = tmp_path / "net.of.today"
    for cells in ((GRU(),), (RNN(),)):
        save(str(path), *small(cells)[:2])
    assert load(str(path))[0] == Network((RNN(),))
    assert list(tmp_path.iterdir()) == [path]


def test_numpy_alone_reads_the_numbers_without_pickle(tmp_path):
    network, params, _ = small()
    save(tmp_path / "net.npz", network, params)
    with np.load(tmp_path / "net.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["params.cells[1].W_f"], params.cells[1].W_f)
        assert json.loads(str(file["description"]))["format"] == saving.FORMAT


class OwnParams(NamedTuple):
    W: np.ndarray


class Own(Stepwise):
    """A leaky sum of the inputs."""

    def init(self, rng, n_x, n_s, dtype=np.float64):
        return OwnParams(np.ones((n_x, n_s)))

    def start(self, params, B):
        return np.zeros((B, params.W.shape[1]))

    def step(self, params, s_prev, x_t):
        return 0.5 * s_prev + x_t @ params.W


@dataclass(frozen=True)
class Louder(RNN):
    """A cell of rnnlib, but for one line that no file holds."""


class TestSaveRefuses:
    @pytest.mark.parametrize("cell", [Own(), Louder()])
    def test_a_cell_of_ones_own(self, tmp_path, cell):
        network, params, _ = small((RNN(), cell))
        expected = f"network.cells[1] is of type {type(cell).__name__}; a file can describe only Network, "
        with refuses(expected, TypeError):
            save(tmp_path / "net.npz", network, params)
        assert not list(tmp_path.iterdir())

    def test_an_activation_of_ones_own(self, tmp_path):
        tanh = activations.tanh
        swish = activations.Activation("swish", tanh.function, tanh.derivative, 1.1)
        with refuses("network.cells[0].phi is Activation(name='swish'", TypeError):
            save(tmp_path / "net.npz", *small((RNN(swish),))[:2])
        fake = activations.Activation("tanh", np.sin, np.cos, 1.0)
        with refuses("network.cells[0].phi is Activation(name='tanh'", TypeError):
            save(tmp_path / "net.npz", *small((RNN(fake),))[:2])

    @pytest.mark.parametrize(
        ("cells", "error", "message"),
        [
            ((RNN(), GRU()), TypeError, "params is of type LSTMParams; expected GRUParams"),
            ((RNN(), LSTM(peepholes=True)), ValueError, "p_i is None; expected an array"),
            ((RNN(),), ValueError, "params.cells has 2 entries; expected a tuple of 1"),
        ],
    )
    def test_parameters_of_another_network(self, tmp_path, cells, error, message):
        _, params, _ = small()
        with refuses(message, error):
            save(tmp_path / "net.npz", Network(cells), params)
        assert not list(tmp_path.iterdir())

    def test_what_is_no_network(self, tmp_path):
        _, params, _ = small()
        with refuses("network is of type RNN; expected Network or EncoderDecoder", TypeError):
            save(tmp_path / "net.npz", RNN(), params.cells[0])
        for network, kind in ((Network(), "NetworkParams"), (EncoderDecoder(), "EncoderDecoderParams")):
            with refuses(f"params is of type RNNParams; expected {kind}", TypeError):
                save(tmp_path / "net.npz", network, params.cells[0])


class TestLoadRefuses:
    @pytest.fixture
    def path(self, tmp_path):
        save(tmp_path / "net.npz", *small()[:2])
        return tmp_path / "net.npz"

    def rewrite(self, path, change):
        """Store what `change` made of the arrays and the description of a file."""
        with np.load(path) as file:
            arrays = dict(file)
        description = json.loads(str(arrays.pop("description")))
        change(description, arrays)
        np.savez(path, description=np.array(json.dumps(description)), **arrays)

    def refused(self, path, message):
        with pytest.raises(ValueError, match=r"net\.npz ") as caught:
            load(path)
        assert message in str(caught.value)

    def test_no_file(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nothing\.npz"):
            load(tmp_path / "nothing.npz")

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x,y\n1,2\n", pickle.dumps({"W": 1})])
    def test_other_files(self, path, content):
        path.write_bytes(content)
        self.refused(path, "cannot be read: it is damaged, or not a file of `save`")

    @pytest.mark.parametrize("cells", [[5, 6], ["a", "b"], [None, None]])
    def test_cells_that_are_none(self, path, cells):
        self.rewrite(path, lambda description, arrays: description["network"].update(cells=cells))
        self.refused(path, "is no network that rnnlib can use: cells has ")

    def test_a_description_without_end_or_of_no_format(self, path):
        self.rewrite(path, lambda description, arrays: description.update(format=0))
        self.refused(path, "has format 0")
        with np.load(path) as file:
            arrays = dict(file)
        np.savez(path, **arrays | {"description": np.array("[" * 100_000)})
        self.refused(path, "is not a file of `save`")

    def test_one_array_and_pickled_objects(self, path):
        with path.open("wb") as file:
            np.save(file, np.ones(3))
        self.refused(path, "cannot be read")
        np.savez(path, description=np.array([{}], dtype=object))
        self.refused(path, "cannot be read")

    @pytest.mark.parametrize("entry", [{}, {"description": np.ones(2)}, {"description": np.array("[1]")}])
    def test_arrays_of_another_origin(self, path, entry):
        np.savez(path, W=np.ones(3), **entry)
        self.refused(path, "is not a file of `save`: it has no description of a network")

    @pytest.mark.parametrize("part", [0.3, 0.9, 0.99])
    def test_a_file_cut_short(self, path, part):
        content = path.read_bytes()
        path.write_bytes(content[: int(part * len(content))])
        self.refused(path, "cannot be read")

    def test_no_flipped_byte_goes_unnoticed_where_it_matters(self, path):
        """Whatever byte is damaged: a sentence, or the same network (some bytes of a zip say nothing)."""
        content, (network, params) = path.read_bytes(), load(path)
        rng, refused = np.random.default_rng(0), 0
        for place in rng.choice(len(content), 300, replace=False):
            path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
            try:
                loaded, numbers = load(path)
            except ValueError as caught:
                sentence = str(caught)
            else:
                sentence = None
                assert loaded == network
                same(numbers, params, rtol=0, atol=0)
            assert sentence is None or sentence.startswith(str(path))
            refused += sentence is not None
        assert refused > 200

    def test_a_newer_file(self, path):
        self.rewrite(path, lambda description, arrays: description.update(format=saving.FORMAT + 1))
        self.refused(path, f"has format {saving.FORMAT + 1}; expected at most {saving.FORMAT}")

    CHANGES = {
        "missing": (lambda d, a: a.pop("params.W_y"), "the array params.W_y is missing"),
        "left over": (lambda d, a: a.update(extra=np.ones(2)), "there is an array extra that its"),
        "shape": (
            lambda d, a: a.update({"params.W_y": np.ones((5, 3))}),
            "params.W_y has shape (5, 3); expected (5, 2)",
        ),
        "not finite": (lambda d, a: a["params.W_y"].fill(np.nan), "W_y[0, 0] is nan; expected finite"),
        "text": (
            lambda d, a: a.update({"params.W_y": np.full((5, 2), "a")}),
            "W_y has type <U1; expected real numbers",
        ),
        "kind": (
            lambda d, a: d["network"]["cells"][0].update(kind="os.system"),
            "it asks for 'os.system'; expected one of Network,",
        ),
        "activation": (
            lambda d, a: d["network"]["cells"][0]["phi"].update(name="swish"),
            "no activation is called 'swish'",
        ),
        "choice": (
            lambda d, a: d["network"]["cells"][1].update(use_gate="none"),
            "use_gate is 'none'; expected 'standard' or 'notes'",
        ),
        "field": (lambda d, a: d["network"]["cells"][1].update(color="red"), "color"),
        "other cell": (
            lambda d, a: d["network"]["cells"][0].update(kind="Feedforward"),
            "params is of type RNNParams; expected FeedforwardParams",
        ),
        "fewer cells": (lambda d, a: d["network"]["cells"].pop(), "expected a tuple of 1, one for each cell"),
        "nothing": (lambda d, a: d.pop("network"), "network is of type NoneType; expected"),
        "no cell": (lambda d, a: d["network"].update(cells=[]), "cells is (); expected a tuple"),
    }

    @pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
    def test_what_does_not_fit(self, path, change, message):
        self.rewrite(path, change)
        self.refused(path, message)
