"""The way to PyTorch's weights and back; test_torch.py shows that they mean the same."""

import numpy as np
import pytest
from cases import drawn, drawn_params, quick, refuses, same, sizes
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import GRU, LSTM, RNN, GRUParams, LSTMParams, RNNParams
from rnnlib.cells.feedforward import FeedforwardParams
from rnnlib.cells.torch_weights import TorchWeights, from_torch, to_torch

KINDS = {RNN(): RNNParams, LSTM(): LSTMParams, GRU(reset="after"): GRUParams}


@quick
@given(st.sampled_from(list(KINDS)), sizes(), st.sampled_from([np.float32, np.float64]))
def test_there_and_back(cell, sizes, dtype):
    params = drawn_params(sizes.rng, cell, sizes.n_x, sizes.n_s, dtype)
    weights = to_torch(params)
    gates = {RNNParams: 1, LSTMParams: 4, GRUParams: 3}[KINDS[cell]]
    assert weights.weight_ih.shape == (gates * sizes.n_s, sizes.n_x)
    assert weights.weight_hh.shape == (gates * sizes.n_s, sizes.n_s)
    again = from_torch(KINDS[cell], *weights)
    same(again, params)
    assert {W.dtype for W in (*weights, *again) if W is not None} == {np.dtype(dtype)}


def test_the_order_of_the_gates():
    numbers = np.arange(1.0, 5).reshape(4, 1)
    found = from_torch(LSTMParams, 10 * numbers, numbers, 0.1 * numbers[:, 0], 0.01 * numbers[:, 0])
    for gate, k in (("i", 1), ("f", 2), ("n", 3), ("v", 4)):
        assert getattr(found, f"W_{gate}").ravel().tolist() == [k, 10 * k]
        assert getattr(found, f"b_{gate}") == pytest.approx([0.11 * k])
    found = from_torch(GRUParams, 10 * numbers[:3], numbers[:3], 0.1 * numbers[:3, 0], 0.01 * numbers[:3, 0])
    for gate, k in (("r", 1), ("z", 2), ("n", 3)):
        assert getattr(found, f"W_{gate}").ravel().tolist() == [k, 10 * k]
    assert (found.b_r, found.b_z) == (pytest.approx(0.11), pytest.approx(0.22))
    assert (found.b_n, found.b_ns) == (pytest.approx(0.3), pytest.approx(0.03))


def test_they_are_copies():
    params = LSTM().init(np.random.default_rng(0), 2, 3)
    weights = to_torch(params)
    before = weights.weight_ih.copy()
    params.W_i[...] = 0
    np.testing.assert_array_equal(weights.weight_ih, before)
    again = from_torch(LSTMParams, *weights)
    weights.weight_hh[...] = 0
    assert again.W_i[:3].any()


class TestBadInput:
    weights = TorchWeights(*(drawn(np.random.default_rng(0), size) for size in ((12, 2), (12, 3), 12, 12)))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"weight_hh": np.zeros((9, 3))}, "weight_hh has shape (9, 3); expected (g n_s, n_s) = (12, 3)"),
            ({"weight_ih": np.zeros((9, 2))}, "weight_ih has shape (9, 2); expected (g n_s, n_x) = (12,"),
            ({"bias_hh": np.zeros(9)}, "bias_hh has shape (9,); expected (g n_s,) = (12,)"),
        ],
    )
    def test_shapes(self, change, message):
        with refuses(message):
            from_torch(LSTMParams, *self.weights._replace(**change))

    def test_what_pytorch_does_not_have(self):
        rng = np.random.default_rng(0)
        for cell, name in ((LSTM("notes"), "W_u"), (LSTM(peepholes=True), "p_i")):
            with refuses(f"{name} is an array; expected None: nn.LSTM has nothing like it"):
                to_torch(cell.init(rng, 2, 3))
        with refuses("b_ns is None; expected an array: nn.GRU resets after the product"):
            to_torch(GRU().init(rng, 2, 3))
        message = "the kind of parameters is FeedforwardParams; expected RNNParams, LSTMParams or GRUParams"
        with refuses(message, TypeError):
            to_torch(FeedforwardParams(np.ones((2, 3)), np.ones(3)))
        with refuses(message, TypeError):
            from_torch(FeedforwardParams, *self.weights)
