"""Weights of PyTorch's nn.RNN, nn.LSTM and nn.GRU as parameters of ours, and back. PyTorch is not needed.

PyTorch has column vectors, keeps what meets the state (`weight_hh`) apart from what meets the input
(`weight_ih`), puts the gates one below the other (LSTM: i, f, N, V; GRU: r, z, N), and adds two biases
where one is enough. Only the GRU needs its second one, in N: there it is b_ns.

    params = from_torch(LSTMParams, *(w.detach().numpy() for w in net.parameters()))      one layer
    weights = to_torch(params)._asdict()            {"weight_ih": ..., "weight_hh": ..., ...}

Equal to PyTorch are `RNN()` with tanh or ReLU, `LSTM()` and `GRU(reset="after")`.
"""

from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.cells.gru import GRUParams
from rnnlib.cells.lstm import LSTMParams
from rnnlib.cells.rnn import RNNParams

__all__ = ["TorchWeights", "from_torch", "to_torch"]

GATES = {RNNParams: "s", LSTMParams: "ifnv", GRUParams: "rzn"}


class TorchWeights(NamedTuple):
    """The weights of one layer, in PyTorch's order; g gates.

    weight_ih : (g n_s, n_x);  weight_hh : (g n_s, n_s);  bias_ih, bias_hh : (g n_s,)
    """

    weight_ih: np.ndarray
    weight_hh: np.ndarray
    bias_ih: np.ndarray
    bias_hh: np.ndarray


def from_torch(kind, weight_ih, weight_hh, bias_ih, bias_hh):
    """Return parameters that compute what PyTorch's layer computes.

    Parameters
    ----------
    kind : RNNParams, LSTMParams or GRUParams
    weight_ih, weight_hh, bias_ih, bias_hh : arrays
        As in `TorchWeights`.

    Returns
    -------
    RNNParams, LSTMParams or GRUParams
    """
    g = len(_gates(kind))
    weight_hh = _check.as_array("weight_hh", weight_hh, "g n_s, n_s", (None, None))
    n_s, dtype = weight_hh.shape[1], weight_hh.dtype
    _check.check_shape("weight_hh", weight_hh.shape, "g n_s, n_s", (g * n_s, n_s))
    weight_ih = _check.as_array("weight_ih", weight_ih, "g n_s, n_x", (g * n_s, None), dtype)
    bias_ih, bias_hh = (
        _check.as_array(name, bias, "g n_s", (g * n_s,), dtype).reshape(g, n_s)
        for name, bias in (("bias_ih", bias_ih), ("bias_hh", bias_hh))
    )
    if kind is RNNParams:
        return RNNParams(weight_ih.T.copy(), weight_hh.T.copy(), bias_ih[0] + bias_hh[0])
    matrices = np.split(np.concatenate([weight_hh.T, weight_ih.T]), g, axis=1)
    named = {f"W_{gate}": W.copy() for gate, W in zip(GATES[kind], matrices, strict=True)}
    biases = bias_ih + bias_hh
    if kind is GRUParams:
        biases[2], named["b_ns"] = bias_ih[2], bias_hh[2].copy()
    return kind(**named, **{f"b_{gate}": b for gate, b in zip(GATES[kind], biases, strict=True)})


def to_torch(params):
    """Return the weights that make PyTorch's layer compute what `params` do; the biases are in `bias_ih`.

    Parameters
    ----------
    params : RNNParams, LSTMParams or GRUParams
        Gradients too: in PyTorch that of `bias_hh` is the same as that of `bias_ih`, but for N of the GRU.

    Returns
    -------
    TorchWeights

    Raises
    ------
    ValueError
        For parameters of which PyTorch has no like: W_u, peepholes, a GRU that resets before the product.
    """
    gates = _gates(type(params))
    bias_ih = np.concatenate([getattr(params, f"b_{gate}") for gate in gates])
    bias_hh = np.zeros_like(bias_ih)
    if isinstance(params, RNNParams):
        return TorchWeights(params.W_x.T.copy(), params.W_s.T.copy(), bias_ih, bias_hh)
    n_s = len(params.b_n)
    if isinstance(params, GRUParams):
        if params.b_ns is None:
            raise ValueError("b_ns is None; expected an array: nn.GRU resets after the product")
        bias_hh[2 * n_s :] = params.b_ns
    for name in ("W_u", "b_u", "p_i", "p_f", "p_v"):
        if getattr(params, name, None) is not None:
            raise ValueError(f"{name} is an array; expected None: nn.LSTM has nothing like it")
    W = np.concatenate([getattr(params, f"W_{gate}") for gate in gates], axis=1)
    return TorchWeights(W[n_s:].T.copy(), W[:n_s].T.copy(), bias_ih, bias_hh)


def _gates(kind):
    if kind not in GATES:
        name = getattr(kind, "__name__", kind)
        raise TypeError(f"the kind of parameters is {name}; expected RNNParams, LSTMParams or GRUParams")
    return GATES[kind]
