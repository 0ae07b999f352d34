"""A convolutional layer on each frame of a clip, without memory: convolve, phi, pool, flatten.

    a = phi(b_s + Σ_ij x_t[i : i + H', j : j + W'] W_x[i, j])      one map for each kernel: (H', W', kernels)
    s_t = the largest (or the mean) of each pool × pool square of each map, side by side

H' = H − size + 1 and W' = W − size + 1: kernels stay inside the frame. Where `pool` does not divide them, the
rest at the lower and right edge is left out. As everywhere in the field, "convolution" does not turn the
kernel around.

It keeps the protocol of the cells, so it stands in front of any of them, Network((Conv(...), LSTM())), or in
front of another one, whose `frame` is its `out_frame`. The same kernels see every place of every frame.
Source: LeCun et al. (1998), "Gradient-based learning applied to document recognition", section II.
"""

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from rnnlib import _check
from rnnlib.activations import Activation, check_phi, relu
from rnnlib.cells.base import Grads, check_fixed, incoming
from rnnlib.cells.rnn import RNNRun, RNNStates
from rnnlib.weights import glorot

__all__ = ["Conv", "ConvParams", "ConvRun"]


class ConvParams(NamedTuple):
    """W_x : (size, size, channels, kernels),  b_s : (kernels,)."""

    W_x: np.ndarray
    b_s: np.ndarray


class ConvRun(NamedTuple):
    """What `forward` found out, and `backward` needs.

    x : (T, B, n_x)                  the frames; x[t-1] is x_t
    a : (T, B, H', W', kernels)      the maps, before the pooling; a[t-1] belongs to x_t
    s : (T+1, B, n_s)                s[t] is s_t; s[0] is s_0, which nothing looks at
    """

    x: np.ndarray
    a: np.ndarray
    s: np.ndarray

    output, last, states = RNNRun.output, RNNRun.last, RNNRun.states  # of s, as there


@dataclass(frozen=True)
class Conv:
    """A layer of kernels, each of which sees one small square of one frame at a time.

    Parameters
    ----------
    frame : (H, W) or (H, W, channels)
        The shape of a frame, in pixels. The x_t of a sequence is such a frame, flattened.
    kernels : int
        How many maps it makes.
    size : int
        Height and width of a kernel.
    pool : int
        Height and width of the squares that are pooled; 1 for no pooling.
    pooling : "max" or "mean"
        Where several entries of a square are the largest, the gradient goes to the first of them, row by row.
    phi : Activation
    """

    frame: tuple
    kernels: int = 4
    size: int = 3
    pool: int = 2
    pooling: str = "max"
    phi: Activation = relu

    def __post_init__(self):
        if not isinstance(self.frame, tuple) or len(self.frame) not in (2, 3):
            raise TypeError(f"frame is {self.frame!r}; expected (H, W) or (H, W, channels)")
        for i, length in enumerate(self.frame):
            _check.check_count(f"frame[{i}]", length)
        for name in ("kernels", "size", "pool"):
            _check.check_count(name, getattr(self, name))
        if self.pooling not in ("max", "mean"):
            raise ValueError(f"pooling is {self.pooling!r}; expected 'max' or 'mean'")
        if min(self.out_frame) < 1:
            least = self.size + self.pool - 1
            raise ValueError(f"frame is {self.frame}; expected at least {least} pixels a side")
        check_phi(self.phi)

    @property
    def n_x(self):
        """Numbers in a frame, H · W · channels."""
        return int(np.prod(self.frame))

    @property
    def n_s(self):
        """Numbers in what comes out."""
        return int(np.prod(self.out_frame))

    @property
    def out_frame(self):
        """The shape of what comes out, as a frame: (height, width, kernels)."""
        H, W = self._map
        return H // self.pool, W // self.pool, self.kernels

    def init(self, rng, n_x=None, n_s=None, dtype=np.float64):
        """Draw parameters: W_x Glorot normal on the square that a kernel sees, b_s zero. Returns ConvParams.

        The choices fix n_x and n_s; if they are given, they must agree.
        """
        check_fixed(self, n_x, n_s)
        W_x = glorot(rng, self.size**2 * self._channels, self.kernels, dtype)
        return ConvParams(W_x.reshape(self._shape), np.zeros(self.kernels, dtype))

    def step(self, params, s_prev, x_t):
        """One frame of each sequence; s_prev is not used. See the module's docstring."""
        W_x, b_s = params
        (H, W), (height, width, _), pool = self._map, self.out_frame, self.pool
        frames = x_t.reshape(len(x_t), *self.frame[:2], -1)
        places = np.ndindex(self.size, self.size)
        a = self.phi(b_s + sum(frames[:, i : i + H, j : j + W] @ W_x[i, j] for i, j in places))
        squares = a[:, : height * pool, : width * pool].reshape(-1, height, pool, width, pool, self.kernels)
        pooled = squares.max(axis=(2, 4)) if self.pooling == "max" else squares.mean(axis=(2, 4))
        return pooled.reshape(len(x_t), -1)

    def forward(self, params, x, s_0=None):
        """Run over all frames at once. As `RNN.forward`, with ConvParams; returns ConvRun."""
        W_x, b_s = params = self._checked(params)
        x = _check.as_array("x", x, "T, B, n_x", (None, None, self.n_x), b_s.dtype)
        T, B = x.shape[:2]
        s = np.empty((T + 1, B, self.n_s), b_s.dtype)
        s[0] = 0 if s_0 is None else _check.as_array("s_0", s_0, "B, n_s", s[0].shape, b_s.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            a = W_x.reshape(-1, self.kernels).T @ self._squares(x)  # each map in one piece of memory
            a = self.phi(np.add(a, b_s[:, None], out=a), out=a).reshape(-1, T, B, *self._map)
            a = np.moveaxis(a, 0, -1)
            parts = [a[place] for place in self._places()]
            pooled = reduce(np.maximum, parts) if self.pooling == "max" else sum(parts) / len(parts)
        s[1:] = pooled.reshape(T, B, -1)
        _check.check_finite("s", s, FloatingPointError, ": the state overflows")
        return ConvRun(x, a, s)

    def backward(self, params, run, dE_ds=None, dE_dlast=None):
        """Return the gradients. As `RNN.backward`; that of s_0 is zero."""
        W_x, b_s = params = self._checked(params)
        x, a, s = self._checked_run(run)
        (T, B), (H, W) = x.shape[:2], self._map
        flow = incoming(np.empty((T + 1, B, self.n_s), b_s.dtype), "run.s", s, dE_ds, dE_dlast)
        delta = self._unpooled(a, s[1:], flow[1:])
        delta *= self.phi.derivative(a)
        delta = np.moveaxis(delta, -1, 0).reshape(self.kernels, -1)
        dE_dW_x = (self._squares(x) @ delta.T).reshape(W_x.shape)
        dE_dx = np.zeros((self._channels, T * B, *self.frame[:2]), b_s.dtype)
        for i, j in np.ndindex(self.size, self.size):
            dE_dx[:, :, i : i + H, j : j + W] += (W_x[i, j] @ delta).reshape(-1, T * B, H, W)
        dE_dx = np.moveaxis(dE_dx, 0, -1).reshape(x.shape)
        return Grads(ConvParams(dE_dW_x, delta.sum(axis=1)), dE_dx, flow[0], RNNStates(flow))

    def _squares(self, x):
        """Return what a kernel sees, (size² · channels, T · B · H' · W'), a column for each place.

        It takes up to size² times the memory of x, so it is made anew where it is needed, and not kept.
        """
        H, W = self._map
        frames = np.moveaxis(x.reshape(-1, *self.frame[:2], self._channels), -1, 0)
        squares = np.empty((self.size, self.size, *frames.shape[:2], H, W), x.dtype)
        for i, j in np.ndindex(self.size, self.size):
            squares[i, j] = frames[:, :, i : i + H, j : j + W]
        return squares.reshape(self.size**2 * self._channels, -1)

    def _places(self):
        """List where in the maps the first entries of all pooled squares are, where the second ones ..."""
        (height, width, _), pool = self.out_frame, self.pool
        ends = height * pool, width * pool
        return [np.s_[..., i : ends[0] : pool, j : ends[1] : pool, :] for i, j in np.ndindex(pool, pool)]

    def _unpooled(self, a, s, dE_ds):
        """Return ∂E/∂a: all of ∂E/∂s_t at the first largest of each square, or an equal part everywhere."""
        s, dE_ds = (array.reshape(*array.shape[:2], *self.out_frame) for array in (s, dE_ds))
        dE_da, places = np.zeros_like(a, dE_ds.dtype), self._places()
        free = np.ones(s.shape, bool)
        for place in places:
            if self.pooling == "mean":
                dE_da[place] = dE_ds / len(places)
            else:
                first = free & (a[place] == s)
                dE_da[place] = first * dE_ds
                free ^= first
        return dE_da

    def _checked(self, params):
        params = _check.as_params(params, ConvParams, (("size", "size", "channels", "kernels"), ("kernels",)))
        _check.check_shape("W_x", params.W_x.shape, "size, size, channels, kernels", self._shape)
        return params

    def _checked_run(self, run):
        _check.check_kind("run", run, ConvRun)
        _check.check_shape("run.x", run.x.shape, "T, B, n_x", (None, None, self.n_x))
        maps = (*run.x.shape[:2], *self._map, self.kernels)
        _check.check_shape("run.a", run.a.shape, "T, B, H', W', kernels", maps)
        return run

    @property
    def _map(self):
        return self.frame[0] - self.size + 1, self.frame[1] - self.size + 1

    @property
    def _channels(self):
        return (*self.frame, 1)[2]

    @property
    def _shape(self):
        return self.size, self.size, self._channels, self.kernels
