"""The standard LSTM with every σ, tanh, × and +."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "The whole LSTM is made of σ, tanh, × and +"
ALT = (
    "The joined vector of STM_{t-1} and x_t feeds four mini-nets: W_f and σ make f_t, W_i and σ make "
    "i_t, W_n and tanh make N_t, W_v and σ make V_t. LTM_{t-1} times f_t, plus i_t times N_t, is "
    "LTM_t. The tanh of LTM_t is U_t, and U_t times V_t is STM_t, which is also the output. Dashed "
    "frames mark the gates forget, learn, remember and use."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.8), layout="constrained")
    diagrams.lstm(ax, title=TITLE)
    return fig
