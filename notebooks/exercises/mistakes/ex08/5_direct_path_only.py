"""Only the direct path is walked. What the gates send back to STM_{t-1} is lost."""

import numpy as np


def lstm_back(own, x, LTM, STM, gates, W):
    dE_dW, dE_db = np.zeros(W.shape), np.zeros(W.shape[1])
    dLTM = np.zeros(LTM[0].shape)
    for t in range(len(x), 0, -1):
        dSTM = own[t - 1]
        whole = memory_back(dLTM, dSTM, LTM[t], gates[t - 1, 3])
        *dz, dLTM = gates_back(whole, dSTM, LTM[t - 1], LTM[t], *gates[t - 1])
        dz = np.hstack(dz)
        seen = np.hstack([STM[t - 1], x[t - 1]])
        dE_dW += seen.T @ dz
        dE_db += dz.sum(axis=0)
    return dE_dW, dE_db
