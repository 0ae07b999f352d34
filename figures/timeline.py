"""Networks that remember, 1989 to 2014."""

import matplotlib.pyplot as plt

from rnnlib import diagrams

TITLE = "The window became a state, and the state got gates"
ALT = (
    "A timeline. 1989 Waibel et al.: the time-delay net sees a window. 1990 Elman: the simple RNN keeps "
    "a state. 1991 Hochreiter: why gradients vanish. 1994 Bengio et al.: long lags are hard to learn. "
    "1997 Hochreiter and Schmidhuber: the LSTM, a memory with gates. 2000 Gers et al.: the forget gate. "
    "2013 Pascanu et al.: explosion, and clipping. 2014 Cho et al.: the GRU, with fewer gates."
)


def figure():
    fig, ax = plt.subplots(figsize=(7.2, 4.0), layout="constrained")
    diagrams.timeline(ax, TITLE)
    return fig
