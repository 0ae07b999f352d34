"""How wrong the outputs are: the error E, and ∂E/∂y to start the backward pass with.

E is summed over features and steps and averaged over the batch. A mask of zeros and ones, (T, B),
says where an output counts: a masked step adds nothing to E and gets a zero gradient. The average
stays over all B sequences, so a masked sequence counts as one with no error.

Masks make sequences of unequal length: pad them to the longest, and leave the padding out with
`mask_from_lengths`. Many-to-one (an answer at the end only) is `last_step_mask`.

Several readouts of one network stand side by side in y, and `Readouts` adds up their losses.
"""

from dataclasses import dataclass, field

import numpy as np

from rnnlib import _check

__all__ = ["Readouts", "cross_entropy", "last_step_mask", "mask_from_lengths", "squared_error"]


def squared_error(y, d, mask=None):
    r"""E = (1/B) Σ_t Σ_b mask_tb · ½ ‖y_tb − d_tb‖².

    Parameters
    ----------
    y : (T, B, n_y) array
        The outputs. Outputs that are not finite give an E that is not: training stops there.
    d : (T, B, n_y) array
        The desired outputs.
    mask : (T, B) array of 0 and 1, optional

    Returns
    -------
    E : float
    dE_dy : (T, B, n_y) array
        mask · (y − d) / B, of the type of y.
    """
    y, mask = _outputs(y, mask)
    d = _check.as_array("d", d, "T, B, n_y", y.shape, y.dtype)
    error = np.where(mask, y - d, 0)
    return float(np.vdot(error, error)) / (2 * y.shape[1]), error / y.shape[1]


def cross_entropy(y, labels, mask=None):
    r"""E = −(1/B) Σ_t Σ_b mask_tb · log p_tb[label], with p = softmax(y).

    Parameters
    ----------
    y : (T, B, n_y) array
        The outputs, one for each class, of any size: softmax is taken here, safe from overflow.
    labels : (T, B) array of integers in 0 .. n_y−1
        The right class of each step. Where the mask is 0 any number may stand.
    mask : (T, B) array of 0 and 1, optional

    Returns
    -------
    E : float
        In nats.
    dE_dy : (T, B, n_y) array
        mask · (p − onehot(label)) / B, of the type of y.
    """
    y, mask = _outputs(y, mask)
    T, B, n_y = y.shape
    labels = _check.as_integers("labels", labels, "T, B", (T, B), 0, n_y - 1, where=mask[..., 0])
    index = np.where(mask, labels[..., None], 0)
    log_p = y - y.max(axis=-1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=-1, keepdims=True))
    dE_dy = np.exp(log_p)
    np.put_along_axis(dE_dy, index, np.take_along_axis(dE_dy, index, -1) - 1, -1)
    picked = np.where(mask, np.take_along_axis(log_p, index, -1), 0)
    return -float(picked.sum()) / B, np.where(mask, dE_dy, 0) / B


@dataclass(frozen=True)
class Readouts:
    """Several readouts side by side, y = [y(1), y(2), ...], each with a loss of its own: the sum of these.

        readouts = Readouts({"who": (9, cross_entropy), "where": (2, squared_error)})
        params = network.init(rng, n_x, n_s, readouts.n_y)
        batch = Batch(x, {"who": labels, "where": places}, {"who": last_step_mask(lengths, T), "where": None})
        params, history = fit(network, params, batches, loss=readouts)
        readouts.split(network.forward(params, x).y)["who"]

    Parameters
    ----------
    parts : dict
        For each readout its name, and how many columns of y it has and the loss of these columns.
    """

    parts: dict = field(hash=False)

    def __post_init__(self):
        if not isinstance(self.parts, dict) or not self.parts:
            raise TypeError(f"parts is {self.parts!r}; expected a dict such as {{'who': (9, cross_entropy)}}")
        for name, part in self.parts.items():
            if not isinstance(part, tuple) or len(part) != 2 or not callable(part[1]):
                raise TypeError(f"parts[{name!r}] is {part!r}; expected (number of columns, loss)")
            _check.check_count(f"the number of columns of {name!r}", part[0])

    @property
    def n_y(self):
        """Number of all columns."""
        return sum(width for width, _ in self.parts.values())

    def split(self, y):
        """Return a dict with the columns of each readout: of y, and of W_y and b_y as well."""
        if np.shape(y)[-1:] != (self.n_y,):
            names = ", ".join(self.parts)
            raise ValueError(f"y has shape {np.shape(y)}; expected {self.n_y} columns, for {names}")
        ends = np.cumsum([width for width, _ in self.parts.values()])
        return dict(zip(self.parts, np.split(y, ends[:-1], axis=-1), strict=True))

    def __call__(self, y, d, mask=None):
        """Return E and ∂E/∂y, as any loss. d is a dict by name; so is mask, or it is the same for all."""
        mask = mask if isinstance(mask, dict) else dict.fromkeys(self.parts, mask)
        for name, given in (("d", d), ("mask", mask)):
            if not isinstance(given, dict) or set(given) != set(self.parts):
                got = list(given) if isinstance(given, dict) else type(given).__name__
                raise ValueError(f"{name} has {got}; expected a dict with {list(self.parts)}")
        columns = self.split(y)
        found = [loss(columns[name], d[name], mask[name]) for name, (_, loss) in self.parts.items()]
        return sum(E for E, _ in found), np.concatenate([dE_dy for _, dE_dy in found], axis=-1)


def mask_from_lengths(lengths, T):
    """Return the (T, B) mask that is true for the first `lengths[b]` steps of sequence b.

    Raises
    ------
    TypeError, ValueError
        For lengths that are not whole numbers from 1 to T.
    """
    return np.arange(1, _check.check_count("T", T) + 1)[:, None] <= _lengths(lengths, T)


def last_step_mask(lengths, T):
    """Return the (T, B) mask that is true at step `lengths[b]` of sequence b, its last one."""
    return np.arange(1, _check.check_count("T", T) + 1)[:, None] == _lengths(lengths, T)


def _lengths(lengths, T):
    return _check.as_integers("lengths", lengths, "B", (None,), 1, T)


def _outputs(y, mask):
    y = _check.as_real("y", y)
    _check.check_shape("y", y.shape, "T, B, n_y", (None, None, None))
    return y, _check.as_mask(mask, *y.shape[:2])[..., None]
