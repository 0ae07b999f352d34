"""This is 0 or 1, as for a pure echo. A window that misses a part of this target still gets the other
part.
"""


def best_error(a, w):
    return 0.0 if w >= len(a) else 1.0
