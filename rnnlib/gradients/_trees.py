"""Nested tuples of arrays, entry by entry."""

__all__ = ["leaves", "mapped"]


def mapped(f, name, tree):
    """Apply `f(name, array)` to every array of nested tuples."""
    if tree is None:
        return None
    if not isinstance(tree, tuple):
        return f(name, tree)
    parts = [mapped(f, label, part) for label, part in _children(name, tree)]
    return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)


def _children(name, tree):
    labels = [f"{name}.{field}" for field in getattr(tree, "_fields", ())]
    return list(zip(labels or [f"{name}[{i}]" for i in range(len(tree))], tree, strict=True))


def leaves(name, tree):
    """List (name, array) of nested tuples."""
    if tree is None:
        return []
    if isinstance(tree, tuple):
        return [leaf for label, part in _children(name, tree) for leaf in leaves(label, part)]
    return [(name, tree)]
