"""The slope of tanh is written with its value, and LTM_t stands where the value belongs. So it can be
negative.
"""


def memory_back(dE_dLTM, dE_dSTM, LTM_t, V_t):
    return dE_dLTM + V_t * (1 - LTM_t * LTM_t) * dE_dSTM
