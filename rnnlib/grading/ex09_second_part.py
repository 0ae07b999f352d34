"""The last two tasks of exercise 9: a GRU's weights for PyTorch, the way back through one's own cell."""

import numpy as np

from rnnlib.activations import sigmoid
from rnnlib.cells import GRU, GRUParams, to_torch
from rnnlib.cells.gru import GRURun
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["THE_GRU", "TO_TORCH", "VJP", "draw_weights", "sizes"]

THE_GRU = Section("9", "The GRU: one memory, two gates")
OWN_CELL = Section("9b", "A cell of your own")


def sizes(rng, trial):
    """(B, n_x, n_s): all different, and one sequence in the first trial."""
    n_x, n_s = rng.permutation([2, 3, 4])[:2]
    return (1, n_x, n_s) if trial == 0 else (rng.integers(8, 10), n_x, n_s)


def draw_weights(rng, n_x, n_s):
    """W_z, W_r, W_n, b_z, b_r, b_n of a GRU."""
    weights = {f"W_{gate}": 0.8 * rng.normal(size=(n_s + n_x, n_s)) for gate in "zrn"}
    return {**weights, **{f"b_{gate}": rng.normal(size=n_s) for gate in "zrn"}}


# 4. To PyTorch


def draw_torch(rng, trial):
    _, n_x, n_s = sizes(rng, trial)
    return {**draw_weights(rng, n_x, n_s), "b_ns": rng.normal(size=n_s)}


def for_torch(W_z, W_r, W_n, b_z, b_r, b_n, b_ns):
    return tuple(to_torch(GRUParams(-W_z, W_r, W_n, -b_z, b_r, b_n, b_ns)))


def altered(**changes):
    """`for_torch` after changes of single parameters, by a function of all of them."""

    def variant(*given):
        named = dict(zip(GRUParams._fields, given, strict=True))
        return for_torch(**{name: changes.get(name, dict.get)(named, name) for name in named})

    return variant


def converted(change):
    """`for_torch` with its four arrays changed: change(weight_ih, weight_hh, bias_ih, bias_hh, *given)."""
    return lambda *given: change(*for_torch(*given), *given)


def blocks(order):
    """A function that puts the three blocks of an array into another order."""
    return lambda array: np.concatenate([np.split(array, 3)[k] for k in order])


own_order = blocks((1, 0, 2))


def twice(ih, hh, b_ih, b_hh, *given):
    shared = np.where(np.arange(len(b_ih)) < 2 * hh.shape[1], b_ih, b_hh)
    return ih, hh, b_ih, shared


def one_bias(ih, hh, b_ih, b_hh, *given):
    return ih, hh, b_ih + b_hh, 0 * b_hh


def stacked(ih, hh, *biases_and_given):
    as_ours = (np.concatenate([part.T for part in np.split(weight, 3)]) for weight in (ih, hh))
    return *as_ours, *biases_and_given[:2]


def one_place(answer, arguments):
    """PyTorch adds two biases for r and z: only their sum counts, so all of it is put into bias_ih."""
    n_s = len(arguments["b_n"])
    if not isinstance(answer, (tuple, list)) or len(answer) != 4:
        return answer
    *weights, bias_ih, bias_hh = answer
    if np.shape(bias_ih) != (3 * n_s,) or np.shape(bias_hh) != (3 * n_s,):
        return answer
    gates = np.arange(3 * n_s) < 2 * n_s
    return *weights, bias_ih + np.where(gates, bias_hh, 0), np.where(gates, 0, bias_hh)


TO_TORCH = Task(
    title="to PyTorch",
    function="to_pytorch",
    returns=("weight_ih (3 n_s, n_x)", "weight_hh (3 n_s, n_s)", "bias_ih (3 n_s)", "bias_hh (3 n_s)"),
    draw=draw_torch,
    reference=for_torch,
    mistakes=(
        Mistake(
            "update gate as it was",
            "The update gate is as it was. PyTorch's net keeps the old where yours takes the new.",
            lambda W_z, W_r, W_n, b_z, *given: for_torch(-W_z, W_r, W_n, -b_z, *given),
        ),
        Mistake(
            "only its weights",
            "The weights of the update gate are converted and its bias is not. σ is taken of their sum.",
            altered(b_z=lambda named, name: -named[name]),
        ),
        Mistake(
            "only its bias",
            "The bias of the update gate is converted and its weights are not. σ is taken of their sum.",
            altered(W_z=lambda named, name: -named[name]),
        ),
        Mistake(
            "one minus the weights",
            "1 minus the weights is taken. It is the gate that should be 1 minus the other, and σ comes between.",
            altered(W_z=lambda named, name: named[name] - 1, b_z=lambda named, name: named[name] - 1),
        ),
        Mistake(
            "reset gate changed too",
            "The reset gate is changed as well. What r_t = 1 means is the same in both nets.",
            altered(W_r=lambda named, name: -named[name], b_r=lambda named, name: -named[name]),
        ),
        Mistake(
            "reset gate instead",
            "The reset gate is changed, and the update gate is as it was. In which of the two do the nets differ?",
            lambda W_z, W_r, W_n, b_z, b_r, *given: for_torch(-W_z, -W_r, W_n, -b_z, -b_r, *given),
        ),
        Mistake(
            "N changed too",
            "The new information is changed as well. In both nets it is the same; only its share is taken otherwise.",
            lambda *given: for_torch(*given[:2], -given[2], *given[3:5], -given[5], -given[6]),
        ),
        Mistake(
            "own order",
            "The blocks stand in the order z, r, N, in which your function gets them. PyTorch's order is another.",
            converted(lambda ih, hh, b_ih, b_hh, *given: tuple(map(own_order, (ih, hh, b_ih, b_hh)))),
        ),
        Mistake(
            "biases in own order",
            "The weights stand in PyTorch's order of gates, but the biases do not.",
            converted(lambda ih, hh, b_ih, b_hh, *given: (ih, hh, own_order(b_ih), own_order(b_hh))),
        ),
        Mistake(
            "not transposed",
            "The gates stand side by side, as ours do. PyTorch has column vectors: gates one below the other.",
            converted(lambda ih, hh, *rest: (ih.T, hh.T, *rest[:2])),
        ),
        Mistake(
            "stacked untransposed",
            "The gates stand one below the other, but each of them is as it was: still for rows, not for columns.",
            converted(stacked),
        ),
        Mistake(
            "reshaped",
            "The weights are reshaped. That changes the shape and leaves the numbers in their old order.",
            converted(lambda ih, hh, *rest: (ih.T.reshape(ih.shape), hh.T.reshape(hh.shape), *rest[:2])),
        ),
        Mistake(
            "cut wrongly",
            "The first rows of the weights went to weight_ih. They belong to the state: the joined row begins with it.",
            altered(
                **{
                    W: lambda named, name: np.roll(named[name], len(named["b_n"]), axis=0)
                    for W in ("W_z", "W_r", "W_n")
                }
            ),
        ),
        Mistake(
            "ih and hh exchanged",
            "weight_ih and weight_hh have changed places: i is for the input, h for the state.",
            converted(lambda ih, hh, *rest: (hh, ih, *rest[:2])),
        ),
        Mistake(
            "biases twice",
            "The biases of r and z stand in bias_ih and once more in bias_hh. PyTorch adds the two.",
            converted(twice),
        ),
        Mistake(
            "one bias for N",
            "b_n and b_ns are added up. In N only one of PyTorch's two biases is reset, so they must stay apart.",
            converted(one_bias),
        ),
        Mistake(
            "both biases reset",
            "Both biases of N stand in bias_hh, so both are reset. Only one of them is, in your net.",
            converted(lambda ih, hh, b_ih, b_hh, *given: (ih, hh, 0 * b_ih, b_ih + b_hh)),
        ),
        Mistake(
            "biases of N exchanged",
            "b_n and b_ns have changed places: the one that is reset belongs to the product with the state.",
            lambda *given: for_torch(*given[:-2], given[-1], given[-2]),
        ),
    ),
    reread=THE_GRU,
    view=one_place,
)


# 5. The way back


def draw_vjp(rng, trial):
    B, n_x, n_s = sizes(rng, trial)
    s_prev, x_t = rng.uniform(-1, 1, (B, n_s)), rng.normal(size=(B, n_x))
    seen = np.concatenate([s_prev, x_t], axis=1)
    W_f, W_n = 0.6 * rng.normal(size=(2, n_s + n_x, n_s))
    f_t, N_t = sigmoid(seen @ W_f + rng.normal(size=n_s)), np.tanh(seen @ W_n + rng.normal(size=n_s))
    given = {"s_prev": s_prev, "x_t": x_t, "f_t": f_t, "N_t": N_t, "W_f": W_f, "W_n": W_n}
    return {"a": rng.normal(size=(B, n_s)), **given}


def vjp(a, s_prev, x_t, f_t, N_t, W_f, W_n):
    """Of a GRU without reset: that is the same cell."""
    none, zeros = np.zeros((len(a), 1)), np.zeros(len(W_f[0]))
    seen = np.stack(
        [np.concatenate([s, x_t, none + 1], axis=1) for s in (s_prev, f_t * s_prev + (1 - f_t) * N_t)]
    )
    run = GRURun(seen, np.stack([f_t, np.ones_like(f_t)])[None], N_t[None])
    params = GRUParams(W_f, np.zeros_like(W_f), W_n, zeros, zeros, zeros)
    grads = GRU(hold={"r": 1.0}).backward(params, run, dE_dlast=a)
    return grads.params.W_z, grads.params.W_n, grads.s_0


def followed(
    into_f=lambda a, s, f, N: a * (s - N) * f * (1 - f),
    into_N=lambda a, s, f, N: a * (1 - f) * (1 - N**2),
    straight=lambda a, f: a * f,
    to_s=lambda d, W: d @ W.T,
    paths=(1, 1),
):
    """`vjp` with other derivatives into z_f and z_n, another straight path, or paths through f and N left out."""

    def variant(a, s_prev, x_t, f_t, N_t, W_f, W_n):
        n_s, seen = len(a[0]), np.concatenate([s_prev, x_t], axis=1)
        d_f, d_n = (into(a, s_prev, f_t, N_t) for into in (into_f, into_N))
        through = paths[0] * to_s(d_f, W_f[:n_s]), paths[1] * to_s(d_n, W_n[:n_s])
        return seen.T @ d_f, seen.T @ d_n, straight(a, f_t) + sum(through)

    return variant


def x_rows_first(a, s_prev, x_t, *given):
    *of_weights, a_prev = vjp(a, s_prev, x_t, *given)
    return *(np.roll(dW, x_t.shape[1], axis=0) for dW in of_weights), a_prev


def averaged(a, *given):
    *of_weights, a_prev = vjp(a, *given)
    return *(dW / len(a) for dW in of_weights), a_prev


VJP = Task(
    title="the way back through a cell of your own",
    function="vjp",
    returns=("dE_dW_f (n_s + n_x, n_s)", "dE_dW_n (n_s + n_x, n_s)", "dE_ds_prev (B, n_s)"),
    draw=draw_vjp,
    reference=vjp,
    mistakes=(
        Mistake(
            "straight path only",
            "Only the straight path to s_{t−1} is there. The gate and the new information look at s_{t−1} too.",
            followed(paths=(0, 0)),
        ),
        Mistake(
            "path through f missing",
            "The path to s_{t−1} through the gate is missing: f_t sees s_{t−1} too.",
            followed(paths=(0, 1)),
        ),
        Mistake(
            "path through N missing",
            "The path to s_{t−1} through N_t is missing. In this cell, unlike in the lesson's, N_t sees s_{t−1} too.",
            followed(paths=(1, 0)),
        ),
        Mistake(
            "straight path missing",
            "The straight path to s_{t−1} is missing: s_t keeps a part of it, with no weights between.",
            followed(straight=lambda a, f: 0 * a),
        ),
        Mistake(
            "wrong share straight",
            "The straight path has the share of what is let in. Which part of s_{t−1} was kept?",
            followed(straight=lambda a, f: a * (1 - f)),
        ),
        Mistake(
            "gate for its slope",
            "Into z_f the value of the gate is used where the slope of σ belongs.",
            followed(lambda a, s, f, N: a * (s - N) * f),
        ),
        Mistake(
            "no slope of sigma",
            "Into z_f the slope of σ is missing.",
            followed(lambda a, s, f, N: a * (s - N)),
        ),
        Mistake(
            "f only once",
            "f_t works in one place only here. It stands in s_t twice: more of the old is also less of the new.",
            followed(lambda a, s, f, N: a * s * f * (1 - f)),
        ),
        Mistake(
            "difference reversed",
            "Old and new have changed places in the derivative by f_t. A larger f_t takes more of the old.",
            followed(lambda a, s, f, N: a * (N - s) * f * (1 - f)),
        ),
        Mistake(
            "N let in whole",
            "Into z_n the share with which N_t is let in is missing.",
            followed(into_N=lambda a, s, f, N: a * (1 - N**2)),
        ),
        Mistake(
            "wrong share into N",
            "Into z_n it goes with the share of the old state. With which share was N_t let in?",
            followed(into_N=lambda a, s, f, N: a * f * (1 - N**2)),
        ),
        Mistake(
            "no slope of tanh",
            "Into z_n the slope of tanh is missing.",
            followed(into_N=lambda a, s, f, N: a * (1 - f)),
        ),
        Mistake(
            "slope of sigma for N",
            "Into z_n there is the slope of σ. N_t was made by tanh, which has another slope.",
            followed(into_N=lambda a, s, f, N: a * (1 - f) * N * (1 - N)),
        ),
        Mistake(
            "slope of tanh for f",
            "Into z_f there is the slope of tanh. f_t was made by σ, which has another slope.",
            followed(lambda a, s, f, N: a * (s - N) * (1 - f**2)),
        ),
        Mistake(
            "squashed again",
            "Into z_n the slope is that of tanh at N_t. But N_t is what came out of tanh, not what went into it.",
            followed(into_N=lambda a, s, f, N: a * (1 - f) * (1 - np.tanh(N) ** 2)),
        ),
        Mistake(
            "not transposed",
            "Back to s_{t−1} the weights are used as on the way forward. On the way back they are transposed.",
            followed(to_s=lambda d, W: d @ W),
        ),
        Mistake(
            "own unit only",
            "A unit gets a gradient only through its weight to itself. It feeds the gates of all: add up over them.",
            followed(to_s=lambda d, W: d * np.diag(W)),
        ),
        Mistake(
            "mean",
            "The gradients of the weights are means over the batch. E is a sum over its sequences.",
            averaged,
        ),
        Mistake(
            "x first",
            "The gradients of the weights have the rows of x_t in front. The joined row begins with the state.",
            x_rows_first,
        ),
    ),
    reread=OWN_CELL,
)
