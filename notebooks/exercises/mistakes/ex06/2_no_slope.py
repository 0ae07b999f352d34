"""The slope of φ is missing. Each step back passes through W_s and through φ.

Seen: https://github.com/SciML/SciMLBook/issues/164
"""

import numpy as np


def reach(dE_ds_N, s, W_s):
    rows = [dE_ds_N]
    for _ in range(len(s) - 1):
        rows.insert(0, rows[0] @ W_s.T)
    return np.linalg.norm(rows, axis=2)
