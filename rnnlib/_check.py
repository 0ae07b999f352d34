"""Look at what comes in, once, at the door; name the thing, what it got and what it expected.

The rule for data types, everywhere in rnnlib:

- float32 stays float32; every other real type (integers, booleans, float16 ...) becomes float64.
- A cell runs in the type of its *parameters*: float32 when all of them are float32, else float64; the
  readout in that of the last cell. Inputs, states and gradients that come in are converted to it. So a
  float32 network rounds float64 data once, on entry, and stays fast; a float64 network loses nothing.

Objects, strings and complex numbers are refused, and so are values that are not finite.
"""

import math

import numpy as np

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def as_array(name, value, axes, sizes, dtype=None):
    """Return `value` as a finite float array of the shape asked for; a copy only where it must be.

    Parameters
    ----------
    name : str
        What an error calls it: "W_s".
    value : array_like
    axes : str
        The names of the axes: "n_s, n_s".
    sizes : tuple of int or None
        Their lengths; None leaves one free, but at least 1.
    dtype : float32 or float64, optional
        Convert to this type. Without it float32 stays and all else becomes float64.

    Raises
    ------
    TypeError
        For anything but real numbers.
    ValueError
        For a wrong rank, a wrong or zero length, or a value that is not finite.
    """
    array = as_real(name, value, dtype)
    check_shape(name, array.shape, axes, sizes)
    check_finite(name, array)
    return array


def as_real(name, value, dtype=None):
    """Return `value` as an array of floats of any shape; see the rule above."""
    array = value if type(value) is np.ndarray else _as_ndarray(name, value)
    if array.dtype in FLOATS and (dtype is None or array.dtype == dtype):
        return array
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has type {array.dtype}; expected real numbers")
    if dtype is None:
        dtype = np.float32 if array.dtype == np.float32 else np.float64
    with np.errstate(over="ignore"):  # too large for float32: found by check_finite
        return array.astype(dtype, copy=False)


def as_dtype(dtype):
    """Return the type that parameters are drawn in, float32 or float64."""
    if np.dtype(dtype) not in FLOATS:
        raise TypeError(f"dtype is {np.dtype(dtype)}; expected float32 or float64")
    return np.dtype(dtype)


def as_params(params, kind, axes):
    """Return the named tuple `params` with every array checked, and all of one float type.

    Parameters
    ----------
    params : NamedTuple
    kind : type
        The NamedTuple class it must be.
    axes : tuple of (tuple of str, or None)
        For each field the names of its axes: (("n_x", "n_s"), ("n_s", "n_s"), ("n_s",)). Axes of the
        same name must be equally long; the first array that has one decides. None: the cell does not
        use this field, and it must be None.
    """
    check_kind("params", params, kind)
    arrays, sizes = [], {}
    for name, value, names in zip(kind._fields, params, axes, strict=True):
        if (value is None) != (names is None):
            got, expected = ("None", "an array") if value is None else ("an array", "None")
            raise ValueError(f"{name} is {got}; expected {expected} for this cell")
        arrays.append(None if value is None else _as_param(name, value, names, sizes))
    if len({array.dtype for array in arrays if array is not None}) > 1:
        arrays = [None if array is None else array.astype(np.float64) for array in arrays]
    return kind(*arrays)


def check_kind(name, value, kind):
    """Refuse what is not this named tuple: the parameters or the run of another cell."""
    if not isinstance(value, kind):
        expected = f"{kind.__name__}({', '.join(kind._fields)})"
        raise TypeError(f"{name} is of type {type(value).__name__}; expected {expected}")


def _as_param(name, value, names, sizes):
    array = as_real(name, value)
    if array.shape != tuple(map(sizes.get, names)):  # a new axis, or a wrong shape
        if array.ndim == len(names):
            for axis, length in zip(names, array.shape, strict=True):
                sizes.setdefault(axis, length or None)
        check_shape(name, array.shape, ", ".join(names), tuple(map(sizes.get, names)))
    check_finite(name, array)
    return array


def as_integers(name, value, axes, sizes, low, high, where=True):
    """Return `value` as an integer array with low <= value <= high wherever `where` is true."""
    array = _as_ndarray(name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} has type {array.dtype}; expected integers")
    check_shape(name, array.shape, axes, sizes)
    wrong = where & ((array < low) | (array > high))
    if wrong.any():
        place, found = _first(array, wrong)
        raise ValueError(f"{name}{place} is {found}; expected {low} to {high}")
    return array.astype(np.int64, copy=False)  # a uint8 could not be counted with


def as_mask(mask, T, B):
    """Return a boolean mask of shape (T, B); all true if `mask` is None."""
    if mask is None:
        return np.ones((T, B), bool)
    mask = as_array("mask", mask, "T, B", (T, B))
    wrong = (mask != 0) & (mask != 1)
    if wrong.any():
        place, found = _first(mask, wrong)
        raise ValueError(f"mask{place} is {found}; expected 0 or 1")
    return mask > 0


def check_count(name, value, low=1):
    """Return `value` as an int; refuse what is not a whole number of at least `low`."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < low:
        raise ValueError(f"{name} is {value!r}; expected a whole number >= {low}")
    return int(value)


def check_size(name, value):
    """Return `value` as a float; refuse what is not a finite number of at least 0."""
    if not isinstance(value, (int, float, np.number)) or not 0 <= value < math.inf:
        raise ValueError(f"{name} is {value!r}; expected a finite number >= 0")
    return float(value)


def check_shape(name, shape, axes, sizes):
    """Refuse a shape that does not have the sizes asked for, or has an empty axis."""
    if shape == sizes and 0 not in shape:
        return
    if len(shape) == len(sizes) and 0 not in shape:
        wanted = zip(shape, sizes, strict=True)
        if all(size == expected or expected is None for size, expected in wanted):
            return
    known = any(wanted is not None for wanted in sizes)
    one = "," if len(sizes) == 1 else ""
    values = ", ".join("any" if wanted is None else str(wanted) for wanted in sizes)
    expected = f"({axes}{one})" + (f" = ({values}{one})" if known else "")
    empty = ", nothing empty" if len(shape) == len(sizes) and 0 in shape else ""
    raise ValueError(f"{name} has shape {tuple(shape)}; expected {expected}{empty}")


def check_finite(name, array, error=ValueError, hint=""):
    """Refuse NaN and infinity, and say where the first one is."""
    # The sum of squares is the fastest look at every entry: NaN and infinity cannot cancel in it.
    # It may overflow although all entries are finite; that only costs the longer look.
    if math.isfinite(np.vdot(array, array)):
        return
    wrong = ~np.isfinite(array)
    if wrong.any():
        place, found = _first(array, wrong)
        raise error(f"{name}{place} is {found}; expected finite numbers{hint}")


def _as_ndarray(name, value):
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} is not an array; expected rows of equal length") from error


def _first(array, wrong):
    place = np.unravel_index(np.argmax(wrong), array.shape)
    return (f"[{', '.join(str(i) for i in place)}]" if place else ""), array[place]
