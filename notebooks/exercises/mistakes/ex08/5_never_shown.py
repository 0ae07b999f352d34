"""The way from STM_t to LTM_t is missing: from the outputs nothing reaches the memory."""

import numpy as np


def lstm_back(own, x, LTM, STM, gates, W):
    n_s = LTM.shape[2]
    dE_dW, dE_db = np.zeros(W.shape), np.zeros(W.shape[1])
    dLTM, dSTM = np.zeros(LTM[0].shape), np.zeros(STM[0].shape)
    for t in range(len(x), 0, -1):
        dSTM = dSTM + own[t - 1]
        *dz, dLTM = gates_back(dLTM, dSTM, LTM[t - 1], LTM[t], *gates[t - 1])
        dz = np.hstack(dz)
        seen = np.hstack([STM[t - 1], x[t - 1]])
        dE_dW += seen.T @ dz
        dE_db += dz.sum(axis=0)
        dSTM = dz @ W[:n_s].T
    return dE_dW, dE_db
