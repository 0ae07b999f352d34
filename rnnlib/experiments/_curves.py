"""Stored curves of the labs: powers of ten on the way back from N to 0, small when packed.

A table has one entry for each setting, in the order of `itertools.product` over the grids. `lowest` is a
power of ten below all others, which stands for an exact zero.
"""

from functools import cache

import numpy as np

from rnnlib import data

POINTS = 21


def places(N):
    """Return the steps i at which the curves are stored: all of them, or 21 from 0 to N."""
    return np.unique(np.linspace(0, N, min(N + 1, POINTS)).round().astype(int))


def filled(curve, lowest):
    """Return a curve with `POINTS` entries: the first, where the way back ends, stands for those missing."""
    return np.maximum(np.r_[np.full(POINTS - len(curve), curve[0]), curve], lowest)


def packed(curve, step, lowest):
    """Write a curve from N back to 0, as the differences of whole multiples of `step`."""
    return np.diff((filled(curve, lowest)[::-1] / step).round(), prepend=0).astype(np.int16)


def table(looks, names, step, lowest):
    """Return, for each name, the packed curves of that name in all looks, (settings, POINTS)."""
    return {name: np.array([packed(getattr(look, name), step, lowest) for look in looks]) for name in names}


def unpacked(rows, step):
    """Return curves from 0 to N, one a row, as they were before they were packed."""
    return np.cumsum(rows, axis=1, dtype=int)[:, ::-1] * step


@cache
def stored(lab, curves, numbers):
    """Return the stored table of a lab, name -> one row for each setting; curves are unpacked."""
    arrays, settings = data.load_results(lab)
    whole = {name: unpacked(arrays[name], settings["step"]) for name in curves}
    return whole | {name: arrays[name] for name in numbers}


def entries(grids, columns):
    """Return the entries of a table that belong to settings, (settings,), given a column for each grid."""
    ranks = {name: {value: rank for rank, value in enumerate(grid)} for name, grid in grids.items()}
    found = [[ranks[name][value] for value in np.asarray(columns[name]).tolist()] for name in grids]
    return np.ravel_multi_index(found, [len(grid) for grid in grids.values()])
