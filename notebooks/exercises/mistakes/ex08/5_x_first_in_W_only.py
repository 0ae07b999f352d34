"""Where dE_dW is made, x_t stands in front. The rows of W have the other order, and no error tells you."""

import numpy as np


def lstm_back(own, x, LTM, STM, gates, W):
    n_s = LTM.shape[2]
    dE_dW, dE_db = np.zeros(W.shape), np.zeros(W.shape[1])
    dLTM, dSTM = np.zeros(LTM[0].shape), np.zeros(STM[0].shape)
    for t in range(len(x), 0, -1):
        dSTM = dSTM + own[t - 1]
        whole = memory_back(dLTM, dSTM, LTM[t], gates[t - 1, 3])
        *dz, dLTM = gates_back(whole, dSTM, LTM[t - 1], LTM[t], *gates[t - 1])
        dz = np.hstack(dz)
        seen = np.hstack([x[t - 1], STM[t - 1]])
        dE_dW += seen.T @ dz
        dE_db += dz.sum(axis=0)
        dSTM = dz @ W[:n_s].T
    return dE_dW, dE_db
