"""The slope of tanh is written with its value, and LTM_t stands where the value belongs. So it can be
negative.
"""


def memory_back(from_next, dE_dSTM, LTM_t, V_t):
    return from_next + V_t * (1 - LTM_t * LTM_t) * dE_dSTM
