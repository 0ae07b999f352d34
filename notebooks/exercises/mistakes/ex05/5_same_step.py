"""For W_s1 this takes the state that the weight makes. It needs the state that it multiplies.

Seen: https://github.com/VikParuchuri/zero_to_gpt/issues/9
"""


def weights_back(dE_ds1, dE_ds2, s1, s2):
    T = len(s1) - 1
    a1, a2 = dE_ds1[1:] * (1 - s1[1:] ** 2), dE_ds2[1:] * (1 - s2[1:] ** 2)
    inputs = s1[1:]
    return sum(inputs[t].T @ a1[t] for t in range(T)), sum(inputs[t].T @ a2[t] for t in range(T))
