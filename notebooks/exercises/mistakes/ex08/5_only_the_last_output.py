"""Only the last output's own gradient comes in. Every STM_t is an output, with its own share in E."""

import numpy as np


def lstm_back(own, x, LTM, STM, gates, W):
    n_s, T = LTM.shape[2], len(x)
    dE_dW, dE_db = 0, 0
    dLTM, dSTM = np.zeros(LTM[T].shape), own[T - 1]
    for t in range(T, 0, -1):
        whole = memory_back(dLTM, dSTM, LTM[t], gates[t - 1, 3])
        *dz, dLTM = gates_back(whole, dSTM, LTM[t - 1], LTM[t], *gates[t - 1])
        dz = np.hstack(dz)
        dE_dW = dE_dW + np.hstack([STM[t - 1], x[t - 1]]).T @ dz
        dE_db = dE_db + dz.sum(axis=0)
        dSTM = dz @ W[:n_s].T
    return dE_dW, dE_db
