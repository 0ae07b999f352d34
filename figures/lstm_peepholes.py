"""The LSTM with peepholes."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "Peepholes: f and i see the old memory, V sees the new one"
ALT = (
    "The standard LSTM with three more arrows: p_f and p_i lead from LTM_{t-1} to the σ of the forget "
    "gate and to that of the learn gate, p_v leads from LTM_t to the σ of the use gate. The rest is "
    "unchanged: LTM_t is LTM_{t-1} times f_t plus i_t times N_t, and STM_t is tanh(LTM_t) times V_t."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.8), layout="constrained")
    diagrams.lstm(ax, peepholes=True, title=TITLE)
    return fig
