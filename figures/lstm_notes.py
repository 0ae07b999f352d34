"""The LSTM with the notes' use gate."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "The notes' use gate sees what was kept, not what was learned"
ALT = (
    "The joined vector of STM_{t-1} and x_t feeds four mini-nets: W_f and σ make f_t, W_i and σ make "
    "i_t, W_n and tanh make N_t, W_v and σ make V_t. LTM_{t-1} times f_t, plus i_t times N_t, is "
    "LTM_t. The arrow into the tanh of the use gate comes, through W_u, from the × behind the forget "
    "gate and not from LTM_t, which only leaves to the next step. U_t times V_t is STM_t, which is "
    "also the output."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.8), layout="constrained")
    diagrams.lstm(ax, "notes", title=TITLE)
    return fig
