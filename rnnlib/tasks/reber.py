"""The embedded Reber grammar: strings whose last symbol but one repeats the second.

    B ── T ── (a Reber string) ── T ── E          B ── P ── (a Reber string) ── P ── E

A Reber string follows the arrows of a small graph from B to E; where two arrows leave a node, either is taken
with probability 1/2. The symbol before the last E can be told from the second symbol alone, and everything
between says nothing about it.
"""

import numpy as np

from rnnlib._check import as_array, check_count
from rnnlib.training import Batch

__all__ = ["REBER_SYMBOLS", "embedded_reber", "legal_successors"]

REBER_SYMBOLS = "BTPSXVE"
"""The symbols of `embedded_reber`, in the order of its inputs and outputs."""

REBER = (  # node -> symbols of the arrows that leave it, and the nodes where they arrive
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
)


def _embedded():
    """Return the arrows of the embedded grammar as an array (nodes, symbols) -> node, -1 for no arrow.

    Two copies of the Reber graph, one for each symbol that has to be repeated. Node 0 is start and end.
    """
    copy = len(REBER) + 1
    last = 2 + 2 * copy
    arrows = [{"B": 1}, {"T": 2, "P": 2 + copy}]
    for first, outer in ((2, "T"), (2 + copy, "P")):
        arrows += [{symbol: first + node for symbol, node in leaving.items()} for leaving in REBER]
        arrows.append({outer: last})
    arrows.append({"E": 0})
    return np.array([[leaving.get(symbol, -1) for symbol in REBER_SYMBOLS] for leaving in arrows])


NEXT = _embedded()


def embedded_reber(rng, B, strings=1, dtype=np.float64):
    r"""Predict the next symbol of strings of the embedded Reber grammar.

    x_t is the symbol of step t as a one among zeros, d_t the symbol that follows. Which of two legal symbols
    follows is chance, so no net predicts it: what can be asked for is that it finds the legal ones most
    active, see `legal_successors`.

    Parameters
    ----------
    rng : numpy.random.Generator
    B : int
        Number of sequences.
    strings : int
        Strings in each sequence, one after the other and nothing between; 1 is the paper's task. With more, a
        net has to notice by itself that an E ends what it has to remember.
    dtype : data type of x

    Returns
    -------
    Batch
        x of shape (T, B, 7), zeros after the end; d of shape (T, B), a place in `REBER_SYMBOLS`, -1 where
        nothing follows, for `cross_entropy`; mask of shape (T, B), true where a symbol follows. T is one less
        than the length of the longest sequence: its last symbol is a target only. The shortest strings have 9
        symbols, the average 12.

    Raises
    ------
    ValueError
        For no sequence or no string.

    Source: Hochreiter and Schmidhuber (1997), "Long short-term memory", experiment 1 (section 5.1); the
    grammar after Cleeremans, Servan-Schreiber and McClelland (1989), "Finite state automata and simple
    recurrent networks". There 256 strings are drawn once to train with and 256 to test, and seven sigmoid
    outputs are trained by squared error; here every batch is new, and the loss is cross-entropy. Strings in
    an endless row are the task of Gers, Schmidhuber and Cummins (2000), "Learning to forget".
    """
    left, symbols = np.full(check_count("B", B), check_count("strings", strings)), []
    node = np.zeros(B, int)
    while left.any():
        legal = NEXT[node] >= 0
        drawn = np.argmax(rng.random(legal.shape) * legal, axis=1)
        symbols.append(np.where(left, drawn, -1))
        node = np.where(left, NEXT[node, drawn], 0)
        left -= (left > 0) & (node == 0)
    symbols = np.array(symbols)
    x = symbols[:-1, :, None] == np.arange(len(REBER_SYMBOLS))
    x[symbols[1:] < 0] = False  # the last E is a target only
    return Batch(x.astype(dtype), symbols[1:], symbols[1:] >= 0)


def legal_successors(x):
    """Return which symbols may follow each step of strings of the embedded Reber grammar.

    Parameters
    ----------
    x : (T, B, 7) array
        As `embedded_reber` makes it, for any number of strings.

    Returns
    -------
    (T, B, 7) array of bool
        All false after the end.

    Raises
    ------
    ValueError
        For a string that the grammar does not make.
    """
    x = as_array("x", x, "T, B, n_x", (None, None, len(REBER_SYMBOLS)))
    node, legal = np.zeros(x.shape[1], int), np.zeros(x.shape, bool)
    for t, x_t in enumerate(x):
        shown, symbol = x_t.any(axis=1), x_t.argmax(axis=1)
        reached = NEXT[node, symbol]
        wrong = np.flatnonzero(shown & (reached < 0))
        if len(wrong):
            _refuse(t, wrong[0], symbol[wrong[0]], NEXT[node[wrong[0]]])
        node = np.where(shown, reached, 0)
        legal[t] = (NEXT[node] >= 0) & shown[:, None]
    return legal


def _refuse(t, b, symbol, arrows):
    expected = " or ".join(REBER_SYMBOLS[k] for k in np.flatnonzero(arrows >= 0))
    raise ValueError(f"x[{t}, {b}] is {REBER_SYMBOLS[symbol]}; expected {expected}")
