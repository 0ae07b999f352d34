"""Nested tuples of arrays, such as `RNNParams` inside `NetworkParams`: do something at every place."""

import numpy as np

__all__ = ["mapped"]


def mapped(f, first, *others, name="grads"):
    """Apply `f` to the arrays at the same place of equally nested tuples."""
    if first is None and all(other is None for other in others):
        return None
    if isinstance(first, tuple):
        return _map_tuple(f, first, *others, name=name)
    for other in others:
        if np.shape(other) != np.shape(first) or other is None:
            got = "None" if other is None else np.shape(other)
            raise ValueError(f"{name} has shape {got}; expected {np.shape(first)} like the parameter")
    return f(first, *others)


def _map_tuple(f, first, *others, name):
    for other in others:
        if not isinstance(other, tuple) or len(other) != len(first):
            raise TypeError(f"{name} is a {_kind(other)}; expected a {_kind(first)} like the parameters")
    fields = getattr(first, "_fields", None)
    labels = [f".{field}" for field in fields] if fields else [f"[{i}]" for i in range(len(first))]
    parts = zip(labels, first, *others, strict=True)
    children = [mapped(f, *trees, name=name + label) for label, *trees in parts]
    return type(first)(*children) if fields else tuple(children)


def _kind(tree):
    return f"{type(tree).__name__} of {len(tree)}" if isinstance(tree, tuple) else type(tree).__name__
