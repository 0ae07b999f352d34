"""From sequence to sequence: one stack of cells reads the source, another one writes what it means.

    s_t = encoder(x_t, s_{t-1}),    t = 1 ... N         reads; its answers are not asked for
    z_0 = s_N                                           all that the writer knows of the source
    z_t = decoder(d_{t-1}, z_{t-1}),  y_t = z_t W_y     writes; d_0 = 0

In training the decoder is shown d_{t-1}, the symbol that should stand before y_t: *teacher forcing*. Later
there is no teacher, and it is shown the symbol that it has just written itself: *greedy decoding* takes the
largest y_t each time, until an end sign. So d ends with that sign, and the loss leaves out what follows it.

The error enters at every y_t, and ∂E/∂z_0 is what enters the encoder, at its last state.

Sources of unequal length are padded at the *start*, so that all end at the same step and the last state is
everybody's own. The padding is not read: each source begins at its own first step, from a state of zero.
What comes out for a source does not depend on what it shares a batch with.

Symbols are ones among zeros (`one_hot`). Such a row times W_x is a row of W_x, so W_x is an embedding; one of
n numbers, for a first cell with gates, is `Feedforward(identity)` of n units in front of it.

Sources: Sutskever, Vinyals and Le (2014), "Sequence to sequence learning with neural networks"; Cho et al.
(2014), "Learning phrase representations using RNN encoder–decoder", where the decoder sees s_N at every step.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib._trees import mapped
from rnnlib.cells.base import Cell, check_cells, check_entries
from rnnlib.cells.rnn import RNN
from rnnlib.network import Network, NetworkParams, NetworkRun, backward_stack, forward_stack, init_stack

__all__ = [
    "EncoderDecoder",
    "EncoderDecoderGrads",
    "EncoderDecoderParams",
    "EncoderDecoderRun",
    "Pair",
    "Stretch",
    "one_hot",
    "taught",
]


class Pair(NamedTuple):
    """What `forward` reads, in the place of x.

    source : (T_x, B, n_x)      padded at the start: the last step is the last one of every source
    previous : (T_y, B, n_y)    what the decoder is shown at each step, see `taught`
    lengths : (B,) or None      how many steps of each source are real; None: all
    """

    source: np.ndarray
    previous: np.ndarray
    lengths: np.ndarray | None = None


class EncoderDecoderParams(NamedTuple):
    """encoder : tuple, one entry for each cell;  decoder : NetworkParams."""

    encoder: tuple
    decoder: NetworkParams


class Stretch(NamedTuple):
    """Steps of the encoder at which no source begins but at the first.

    start, end : int       the steps start+1 ... end of the padded source
    begun : (B,)           which sources are being read
    runs : tuple           the run of each cell
    """

    start: int
    end: int
    begun: np.ndarray
    runs: tuple


class EncoderDecoderRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    y : (T_y, B, n_y)       the outputs; y[t-1] is y_t
    encoder : tuple         of `Stretch`; a single one where all sources are equally long
    decoder : NetworkRun
    """

    y: np.ndarray
    encoder: tuple
    decoder: NetworkRun

    @property
    def output(self):
        """The outputs y, by the name that the runs of cells use."""
        return self.y


class EncoderDecoderGrads(NamedTuple):
    """The gradient of E with respect to all that went into `forward`.

    params : EncoderDecoderParams
    x : Pair                of `source` and `previous`; 0 where the source is padding
    s_0 : tuple             for each cell, of the state between encoder and decoder
    """

    params: EncoderDecoderParams
    x: Pair
    s_0: tuple


@dataclass(frozen=True)
class EncoderDecoder:
    """Two stacks of cells; the last state of each cell of the first starts one of the second.

        network = EncoderDecoder((GRU(),), Network((GRU(),), bias_y=True))
        params = network.init(rng, n_x, n_s, n_y)
        batch = Batch(Pair(source, taught(d, n_y), lengths), d, mask)
        params, history = fit(network, params, [batch], loss=cross_entropy)
        network.greedy(params, source, lengths, steps=20)

    Parameters
    ----------
    encoder : tuple of cells
        First the one that sees x.
    decoder : Network
        As many cells, with states like theirs.
    """

    encoder: tuple[Cell, ...] = (RNN(),)
    decoder: Network = Network()

    def __post_init__(self):
        check_cells(self.encoder)
        if not isinstance(self.decoder, Network):
            raise TypeError(f"decoder is {self.decoder!r}; expected a Network")
        check_entries("encoder", self.encoder, self.decoder.cells)

    def init(self, rng, n_x, n_s, n_y, dtype=np.float64):
        """Draw parameters, as `Network.init`; both stacks get the same n_s, the decoder n_y inputs.

        Returns EncoderDecoderParams.
        """
        encoder, _ = init_stack(self.encoder, rng, n_x, n_s, dtype)
        return EncoderDecoderParams(encoder, self.decoder.init(rng, n_y, n_s, n_y, dtype))

    def forward(self, params, x):
        """Read the sources, then run the decoder on what it is shown.

        Parameters
        ----------
        params : EncoderDecoderParams
        x : Pair

        Returns
        -------
        EncoderDecoderRun

        Raises
        ------
        TypeError, ValueError
            For arrays of a wrong kind or shape, or with values that are not finite.
        FloatingPointError
            When a state overflows.
        """
        _check.check_kind("x", x, Pair)
        stretches, state = self._read(params, x.source, x.lengths)
        run = self.decoder.forward(params.decoder, x.previous, state)
        return EncoderDecoderRun(run.y, stretches, run)

    def backward(self, params, run, dE_dy=None):
        """Send ∂E/∂y back through the decoder, and what arrives at its start through the encoder.

        Parameters
        ----------
        params : EncoderDecoderParams
            Those of the forward pass.
        run : EncoderDecoderRun
        dE_dy : (T_y, B, n_y) array, optional
            Zero if not given.

        Returns
        -------
        EncoderDecoderGrads
        """
        late = self.decoder.backward(params.decoder, run.decoder, dE_dy)
        flow, total, steps = late.s_0, None, []
        for stretch in reversed(run.encoder):
            flow = _only(stretch.begun, flow)
            grads = backward_stack(self.encoder, params.encoder, stretch.runs, None, flow)
            total = grads.params if total is None else mapped(np.add, total, grads.params)
            flow = grads.s_0
            steps.append(grads.x)
        unread = np.zeros((run.encoder[0].start, *steps[0].shape[1:]), steps[0].dtype)
        x = Pair(np.concatenate([unread, *reversed(steps)]), late.x)
        return EncoderDecoderGrads(EncoderDecoderParams(total, late.params), x, late.s_0)

    def greedy(self, params, source, lengths=None, steps=100, end=0):
        """Let the decoder write: each time the symbol of the largest y_t, which it is shown next.

        Parameters
        ----------
        params : EncoderDecoderParams
        source : (T_x, B, n_x) array
        lengths : (B,) array, optional
            As in a `Pair`.
        steps : int
            Symbols at most, with the end sign.
        end : int
            The symbol that says: this was all.

        Returns
        -------
        (T_y, B) array of int
            The symbols; `end` from the end on. T_y is as many as the longest answer needs.
        """
        _, state = self._read(params, source, lengths)
        n_y = np.shape(params.decoder.W_y)[-1]
        if not 0 <= _check.check_count("end", end, 0) < n_y:
            raise ValueError(f"end is {end}; expected a symbol, 0 to {n_y - 1}")
        said, written = np.full(np.shape(source)[1], -1), []
        for _ in range(_check.check_count("steps", steps)):
            run = self.decoder.forward(params.decoder, one_hot(said[None], n_y), state)
            said, state = np.where(said == end, end, run.y[0].argmax(axis=-1)), run.last
            written.append(said)
            if np.all(said == end):
                break
        return np.array(written)

    def _read(self, params, source, lengths):
        """Run the encoder; return the stretches and the last state.

        The cells know nothing of padding. So the source is cut where one of its sequences begins, and
        the states of those that have not begun are put back to zero.
        """
        _check.check_kind("params", params, EncoderDecoderParams)
        source = _check.as_real("source", source)
        _check.check_shape("source", source.shape, "T_x, B, n_x", (None, None, None))
        T, B = source.shape[:2]
        lengths = np.full(B, T) if lengths is None else lengths
        first = T - _check.as_integers("lengths", lengths, "B", (B,), 1, T)
        stretches, state = [], None
        for start, end in pairwise([*np.unique(first), T]):
            begun = first <= start
            runs = forward_stack(self.encoder, params.encoder, source[start:end], state)
            stretches.append(Stretch(int(start), int(end), begun, runs))
            state = _only(begun, tuple(run.last for run in runs))
        return tuple(stretches), state


def one_hot(symbols, n, dtype=np.float64):
    """Return ones among zeros, (..., n): the one at the place that the symbol names; none for −1."""
    symbols = np.asarray(symbols)
    if symbols.dtype.kind not in "iu" or np.any((symbols < -1) | (symbols >= n)):
        raise ValueError(f"symbols are {symbols.tolist()}; expected whole numbers from -1 to {n - 1}")
    return (symbols[..., None] == np.arange(n)).astype(dtype)


def taught(d, n, dtype=np.float64):
    """Return what a teacher shows the decoder, (T_y, B, n): before each symbol of d the one before it.

    d : (T_y, B) array of int, −1 where nothing has to be written. Nothing is shown at the first step.
    """
    d = np.asarray(d)
    return one_hot(np.concatenate([np.full(d[:1].shape, -1), d[:-1]]), n, dtype)


def _only(rows, state):
    """Return a state that is zero but in these rows of the batch."""
    return state if rows.all() else mapped(lambda part: part * rows[:, None], state)
