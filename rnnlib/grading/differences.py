"""How two answers differ, in words that say what kind of error it is and never what was expected."""

import numpy as np

from rnnlib.grading.plain import Odd

__all__ = ["described", "equal", "leaves"]

FLOAT32 = 1e-4
"""Tolerance for answers of type float32 or float16, where a task allows them."""


def equal(answer, right, tolerance, single=True):
    """Whether two decoded answers agree: same structure, same shapes, numbers within the tolerance.

    |a − r| ≤ tolerance · max |r|, for every array by itself.
    """
    if isinstance(right, tuple):
        same = isinstance(answer, tuple) and len(answer) == len(right)
        return same and all(equal(a, r, tolerance, single) for a, r in zip(answer, right, strict=True))
    if isinstance(right, dict):
        same = isinstance(answer, dict) and answer.keys() == right.keys()
        return same and all(equal(answer[key], right[key], tolerance, single) for key in right)
    if not isinstance(right, np.ndarray):
        return not isinstance(answer, (np.ndarray, tuple, dict, Odd)) and answer == right
    if not isinstance(answer, np.ndarray) or answer.shape != right.shape:
        return False
    given = _float(answer)
    with np.errstate(invalid="ignore"):  # ∞ may be right, and a mistake may divide by 0
        near = np.abs(given - right) <= allowed(answer, right, tolerance, single)
    return bool(np.all(near | (given == right) | (np.isnan(given) & np.isnan(right))))


def allowed(answer, right, tolerance, single):
    """The largest difference that still counts as equal."""
    if single and answer.dtype.kind == "f" and answer.dtype.itemsize < 8:
        tolerance = max(tolerance, FLOAT32)
    return tolerance * max(np.abs(right[np.isfinite(right)]).max(initial=0), 1e-12)


def leaves(value):
    """The parts of an answer: itself, or the entries of a tuple or dict."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else [value]


def described(answer, right, names, task):
    """Sentences about the first thing that is wrong with an answer; `names` are those of its parts."""
    parts, wanted = leaves(answer), leaves(right)
    if isinstance(answer, Odd):
        return f"it returned {answer.kind}; expected {_kind(right, names)}."
    if len(names) == 1:  # one thing, which may itself be a list
        return _part(names[0], answer, right, task)
    if len(parts) != len(wanted) or type(answer) is not type(right):
        return f"it returned {_count(answer)}; expected {len(names)}: {', '.join(names)}."
    if _permuted(parts, wanted, task):
        return f"these are the right parts in another order; expected {', '.join(names)}."
    same = [equal(a, r, task.tolerance, task.single) for a, r in zip(parts, wanted, strict=True)]
    good = [name.split(" (")[0] for name, ok in zip(names, same, strict=True) if ok]
    first = same.index(False)
    text = _part(names[first], parts[first], wanted[first], task)
    return text + (f" Right already: {', '.join(good)}." if good else "")


def _permuted(parts, wanted, task):
    """Whether every right part is there, at another place."""
    return all(any(equal(a, r, task.tolerance, task.single) for a in parts) for r in wanted)


def _part(name, answer, right, task):
    short = name.split(" (")[0]
    if isinstance(answer, Odd):
        return f"{short} is {answer.kind}; expected {_kind(right, [name])}."
    if isinstance(right, np.ndarray):
        return _numbers(short, name, answer, right, task)
    if isinstance(right, tuple):
        return _list(short, answer, right)
    return f"{short} is not what was asked for."


def _kind(right, names):
    return "numbers in NumPy arrays" if isinstance(right, np.ndarray) else f"a list: {', '.join(names)}"


def _count(answer):
    if isinstance(answer, dict):
        return f"a dictionary of {len(answer)}"
    return f"{len(answer)} things" if isinstance(answer, tuple) else "one thing"


def _numbers(short, name, answer, right, task):
    if answer is None:
        return f"{short} is None: is it returned?"
    if isinstance(answer, tuple) and not right.ndim:
        return f"{short} came as {len(answer)} things; expected one number."
    if not isinstance(answer, np.ndarray):
        return f"{short} is not a number or an array of numbers."
    if answer.shape != right.shape:
        hint = " Is it transposed?" if answer.shape == right.shape[::-1] else ""
        axes = f" = ({name.partition(' (')[2]}" if " (" in name else ""
        return f"{short} has shape {answer.shape}; expected {right.shape}{axes}.{hint}"
    if not np.isfinite(_float(answer)).all():
        return f"{short} holds values that are not finite."
    axes = name.partition(" (")[2].rstrip(")").split(", ")
    axes = axes if len(axes) == right.ndim else [""] * right.ndim
    limit = allowed(answer, right, task.tolerance, task.single)
    return f"{short} {_pattern(_float(answer), right, limit, axes)}"


def _pattern(answer, right, limit, axes):
    """The kind of difference between two arrays of one shape."""
    wrong = np.abs(answer - right) > limit
    everywhere = " everywhere" * bool(right.ndim)
    if np.all(np.abs(answer + right) <= limit):
        return f"has the wrong sign{everywhere}."
    if not answer.any():
        return f"is zero{everywhere}; it should not be."
    if answer.ndim == 2 and answer.shape == answer.T.shape and np.all(np.abs(answer.T - right) <= limit):
        return "is transposed."
    if np.abs(answer - right).max() <= 1000 * limit:
        return "is nearly right, to three or four digits. Is something rounded or float32 on the way?"
    factor = _factor(answer, right, limit)
    if factor is not None:
        direction = "right direction" if factor > 0 else "wrong sign"
        return f"has the {direction} and the wrong size: {factor:.4g} times what it should be."
    return "differs" + _where(wrong, axes)


def _factor(answer, right, limit):
    """The one number by which `answer` differs from `right`, if there is one."""
    norm = np.vdot(right, right)
    factor = np.vdot(right, answer) / norm if norm and right.size > 1 else 0
    return factor if factor and np.all(np.abs(answer - factor * right) <= limit * abs(factor)) else None


def _where(wrong, axes):
    """Along which axis only a part is wrong."""
    if wrong.all() or not wrong.ndim:
        return "."
    for axis, length in enumerate(wrong.shape):
        hit = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if length > 1 and not hit.all():
            found = list(map(str, np.flatnonzero(hit)))
            places = ", ".join(found[:6]) + (", …" if len(found) > 6 else "")
            name = f" ({axes[axis]})" if axes[axis] else ""
            return f" at index {places} of axis {axis}{name}, which has {length}; the rest is right."
    return f" in {wrong.sum()} of {wrong.size} entries; the rest is right."


def _list(short, answer, right):
    """Where order does not matter, lists have been sorted before: count what is missing or too much."""
    if not isinstance(answer, tuple):
        return f"{short} is not a list."
    given, wanted = list(map(_frozen, answer)), list(map(_frozen, right))
    twice, missing = len(given) - len(set(given)), len(set(wanted) - set(given))
    extra = [entry for entry in dict.fromkeys(given) if entry not in set(wanted)]
    facts = [f"missing: {missing}"] * bool(missing)
    facts += [f"too much: {len(extra)}{_such_as(entry)}" for entry in sorted(extra, key=_length)[:1]]
    facts += [f"there more than once: {twice}"] * bool(twice)
    found = "; ".join(facts) or "the right entries in another order"
    return f"{short}, of which you have {len(given)}: {found}."


def _length(entry):
    return len(str(entry))


def _such_as(entry):
    """An entry in words, if it is made of words."""
    words = (entry,) if isinstance(entry, str) else entry
    named = isinstance(words, tuple) and all(isinstance(word, str) for word in words)
    return f" (such as {' '.join(words)})" if named and words else ""


def _frozen(entry):
    """An entry that can be put into a set."""
    if isinstance(entry, np.ndarray):
        return (entry.shape, tuple(entry.ravel().tolist()))
    return tuple(map(_frozen, entry)) if isinstance(entry, tuple) else entry


def _float(array):
    return np.asarray(array, dtype=np.float64)
