"""A trained network in one file: `save` and `load`.

The file is an `.npz` of NumPy, arrays by name, such as "params.cells[0].W_x". One more array is a text, in
JSON: which cells the network has, what each of them chose, and where in the parameters each array belongs.
Nothing in the file is run: `load` knows the kinds listed in `KINDS` and no others. Python's pickle would run
whatever the file asks for, so it is not used.
"""

import io
import json
import os
from pathlib import Path

import numpy as np

from rnnlib import cells
from rnnlib.activations import by_name, identity, relu, sigmoid, tanh
from rnnlib.network import Network, NetworkParams
from rnnlib.translation import EncoderDecoder, EncoderDecoderParams, Pair

__all__ = ["FORMAT", "KINDS", "load", "save"]

FORMAT = 1
"""Rises when files are written that an older rnnlib cannot read."""

KINDS = {
    kind.__name__: kind
    for kind in (
        *(Network, NetworkParams, EncoderDecoder, EncoderDecoderParams, cells.Streams),
        *(cells.RNN, cells.RNNParams, cells.LSTM, cells.LSTMParams, cells.GRU, cells.GRUParams),
        *(cells.Feedforward, cells.FeedforwardParams, cells.Conv, cells.ConvParams),
    )
}
"""Name -> what a file can hold, beside arrays, activations, numbers, texts, and tuples and dicts of them."""

MARK, ENTRY = "rnnlib network", "description"


def save(path, network, params):
    """Write a network and its parameters to one file, `.npz`.

    Parameters
    ----------
    path : path
        Used as it is, and replaced if it is there: only after the new file is complete.
    network : Network or EncoderDecoder
        Of the cells of rnnlib.
    params : its parameters

    Raises
    ------
    TypeError
        For a cell of your own (`Stepwise`) or an activation of your own: a file of arrays holds no code.
    TypeError, ValueError
        For parameters that are not those of the network.
    """
    arrays, path = {}, Path(path)
    made = {"network": _described("network", network, arrays), "params": _described("params", params, arrays)}
    _try(network, params)
    text = json.dumps({"file": MARK, "format": FORMAT} | made)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, **{ENTRY: np.array(text)}, **arrays)
    os.replace(unfinished, path)


def load(path):
    """Read what `save` has written.

    Parameters
    ----------
    path : path

    Returns
    -------
    network : Network or EncoderDecoder
    params : its parameters
        The same numbers in the same types.

    Raises
    ------
    FileNotFoundError
    ValueError
        For a file that is damaged, that is not one of `save`, that a newer rnnlib wrote, or in which an array
        is missing, left over or of a wrong shape. The message says which, and begins with the path.
    """
    arrays = _read(path)
    description = _description(path, arrays)
    try:
        network, params = (_restored(description.get(part), arrays) for part in ("network", "params"))
        if arrays:
            raise ValueError(f"there is an array {min(arrays)} that its description does not name")
        _try(network, params)
    except (TypeError, ValueError, AttributeError, ArithmeticError, MemoryError, RecursionError) as error:
        raise ValueError(f"{path} is no network that rnnlib can use: {error}") from error
    return network, params


def _described(name, value, arrays):
    """Return `value` as what JSON can hold; put its arrays into `arrays`, by their names."""
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {"array": name, "shape": list(value.shape)}
    if value in (tanh, sigmoid, relu, identity):
        return {"kind": "Activation", "name": value.name}
    if KINDS.get(type(value).__name__) is type(value):
        fields = value._asdict() if isinstance(value, tuple) else vars(value)
        parts = {key: _described(f"{name}.{key}", part, arrays) for key, part in fields.items()}
        return {"kind": type(value).__name__} | parts
    if isinstance(value, dict):
        return {key: _described(f"{name}[{key!r}]", part, arrays) for key, part in value.items()}
    if type(value) in (tuple, list):
        return [_described(f"{name}[{i}]", part, arrays) for i, part in enumerate(value)]
    return _plain(name, value)


def _plain(name, value):
    value = value.item() if isinstance(value, np.generic) else value
    if value is not None and not isinstance(value, (str, bool, int, float)):
        what = value if callable(value) else f"of type {type(value).__name__}"
        known = ", ".join(kind for kind in KINDS if not kind.endswith("Params"))
        advice = "Store the parameters with np.savez and keep the code that makes the rest"
        raise TypeError(f"{name} is {what}; a file can describe only {known} of rnnlib. {advice}")
    return value


def _read(path):
    content = io.BytesIO(Path(path).read_bytes())
    try:
        with np.load(content, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception as error:  # a damaged file raises one of ten kinds, from as many places
        raise ValueError(f"{path} cannot be read: it is damaged, or not a file of `save`") from error


def _description(path, arrays):
    """Take the description out of the arrays; refuse what is of another origin or of another time."""
    foreign = f"{path} is not a file of `save`: it has no description of a network"
    try:
        description = json.loads(str(arrays.pop(ENTRY)))
    except (KeyError, ValueError, RecursionError) as error:
        raise ValueError(foreign) from error
    if not isinstance(description, dict) or description.get("file") != MARK:
        raise ValueError(foreign)
    version = description.get("format")
    if not isinstance(version, int) or not 1 <= version <= FORMAT:
        raise ValueError(f"{path} has format {version}; expected at most {FORMAT}. Install a newer rnnlib")
    return description


def _restored(node, arrays):
    """Return what `_described` was given; take its arrays out of `arrays`."""
    if isinstance(node, list):
        return tuple(_restored(part, arrays) for part in node)
    if not isinstance(node, dict):
        return node
    if "array" in node:
        return _taken(node["array"], node.get("shape"), arrays)
    parts = {key: _restored(part, arrays) for key, part in node.items() if key != "kind"}
    if "kind" not in node:
        return parts
    kinds = KINDS | {"Activation": by_name}
    if node["kind"] not in kinds:
        raise ValueError(f"it asks for {node['kind']!r}; expected one of {', '.join(kinds)}")
    return kinds[node["kind"]](**parts)


def _taken(name, shape, arrays):
    if name not in arrays:
        raise ValueError(f"the array {name} is missing")
    array = arrays.pop(name)
    if list(array.shape) != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {tuple(shape or ())}")
    return array


def _try(network, params):
    """Take one step with inputs of zero: the cells look at their parameters, and refuse wrong ones."""
    if isinstance(network, EncoderDecoder):
        writer = _one_step(network.decoder.cells, getattr(params, "decoder", None))
        network.forward(params, Pair(_one_step(network.encoder, params), writer))
    elif isinstance(network, Network):
        network.forward(params, _one_step(network.cells, params))
    else:
        raise TypeError(f"network is of type {type(network).__name__}; expected Network or EncoderDecoder")


def _one_step(stack, params):
    """Inputs of one step, zero: as many as the first cell has by its choices, or else by its first matrix.

    That is (n_x, n_s), or with gates (n_s + n_x, n_s). What is of another form is refused where it is used.
    """
    if hasattr(stack[0], "n_x"):
        return np.zeros((1, 1, stack[0].n_x))
    while isinstance(params, tuple) and params:  # the first array: params.cells[0].W_x, or the like
        params = params[0]
    rows, n_s = (*np.shape(params), 1, 1)[:2]
    return np.zeros((1, 1, max(1, rows - n_s * isinstance(stack[0], (cells.LSTM, cells.GRU)))))
