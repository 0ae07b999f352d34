"""The progress bar of the experiments: text, so that a stored notebook and a terminal show the same."""

import sys


def bar(name, unit, progress, over=None, total=None):
    """Return a bar that counts `total` units or walks through `over`; hidden without `progress`."""
    from tqdm import tqdm

    return tqdm(over, total=total, disable=not progress, file=sys.stdout, desc=name, unit=unit, ncols=80)
