"""Exercise 5, RNN into RNN: list the paths, count them, multiply along one, and then do without a list."""

from math import comb

import numpy as np

from rnnlib.activations import identity
from rnnlib.grading import ex05_nets as nets
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["TASKS"]

PATHS = Section("5", "One net feeds another")
COUNTING = Section("5", "How many paths?")
FORGETTING = Section("5", "What forgetting paths costs")
VECTORS = Section("5", "One vector for each node instead")
PHI = Section("3", "Vectors and numbers")


# 1. List the paths


def seen(answer, arguments):
    """Paths as sorted tuples of names; a path may be given in either direction."""
    if isinstance(answer, (str, dict, np.ndarray)) or not hasattr(answer, "__iter__"):
        return answer
    return tuple(sorted(map(_named, answer), key=repr))


def _named(path):
    path = path.tolist() if isinstance(path, np.ndarray) else path
    for node in path if isinstance(path, (tuple, list)) else (path,):
        if not isinstance(node, (tuple, list)) or len(node) != 2 or node[0] not in (1, 2):
            raise ValueError(f"a path holds {node!r}; expected pairs (layer, t), with layer 1 or 2")
    return tuple(sorted(f"s({layer})_{t}" for layer, t in path))


LIST = Task(
    title="list the paths",
    function="list_paths",
    returns=("the list of paths",),
    draw=nets.draw_list,
    reference=nets.list_paths,
    view=seen,
    mistakes=(
        Mistake(
            "no past above",
            "No path goes through the second layer's own past. From there the first layer can be reached too.",
            nets.only(lambda below, above, i, N: above == 1),
            FORGETTING,
        ),
        Mistake(
            "no past below",
            "Every path climbs in the step in which it enters. It may first go on in the first layer.",
            nets.only(lambda below, above, i, N: below == 1),
        ),
        Mistake(
            "enters once",
            "All paths enter at step 1. The weight is used at every step, and a path may start at each.",
            nets.only(lambda below, above, i, N: i == 1),
        ),
        Mistake(
            "direct",
            "Only the shortest path is there, straight down from the error. The gradient goes back in time too.",
            nets.only(lambda below, above, i, N: i == N),
        ),
        Mistake(
            "both orders",
            "Some paths are listed twice: a path is one pair of steps, whichever of the two you choose first.",
            nets.both_orders,
        ),
        Mistake(
            "climbs before it enters",
            "Some of these begin in the second layer. A path climbs only after the weight has entered.",
            nets.early_climbs,
        ),
        Mistake(
            "late climb",
            "The move up takes a time step here. The second layer reads the first one's state of the same step.",
            nets.late_climbs,
        ),
        Mistake(
            "left early",
            "In the step of the climb the paths are in the second layer only. The climb leads from state to state.",
            lambda N: nets.spans(N, nets.pairs(N), leaves=-1),
        ),
        Mistake(
            "from s_0",
            "Some paths begin in the initial state. It is given, and depends on no weight.",
            lambda N: nets.spans(N, nets.pairs(N, first=0)),
        ),
    ),
    reread=PATHS,
)


# 2. Count them


COUNT = Task(
    title="count the paths",
    function="count_paths",
    returns=("the number of paths",),
    draw=nets.draw_count,
    reference=nets.for_each(nets.to_one),
    tolerance=1e-10,
    mistakes=(
        Mistake(
            "last error",
            "Only the paths to the last error are counted. Each error has paths of its own.",
            lambda steps, L: nets.to_one(steps[-1], L),
        ),
        Mistake(
            "every step",
            "Here every step has an error. Only the steps that are named have one.",
            lambda steps, L: sum(nets.to_one(n, L) for n in range(1, steps[-1] + 1)),
        ),
        Mistake(
            "all as the last",
            "Every error gets as many paths as the last one. An early error has fewer: nothing later leads to it.",
            lambda steps, L: len(steps) * nets.to_one(steps[-1], L),
        ),
        Mistake(
            "states",
            "These are the states on the way to each error. Several paths lead through the same state.",
            nets.for_each(lambda n, L: n * L),
        ),
        Mistake(
            "free choice",
            "Each layer's step is chosen freely here, as if a path could go back in time when it climbs.",
            nets.for_each(lambda n, L: n**L),
        ),
        Mistake(
            "one move too many",
            "One move to the right too many: how many moves lead from step 1 to step n?",
            nets.for_each(lambda n, L: comb(n + L, L)),
        ),
        Mistake(
            "enters once",
            "Only the paths that enter at step 1 are counted. The weight is used at every step.",
            nets.for_each(lambda n, L: comb(n + L - 2, L - 1)),
        ),
        Mistake(
            "one climb a step",
            "Paths with two moves up in the same step are left out. A step passes through all layers.",
            nets.for_each(comb),
        ),
        Mistake(
            "two layers",
            "This is the count for two layers, whatever L is.",
            nets.for_each(lambda n, L: nets.to_one(n, 2)),
        ),
    ),
    reread=COUNTING,
)


# 3. Along one path


PRODUCT = Task(
    title="along one path",
    function="path_product",
    returns=("the product",),
    draw=nets.draw_product,
    reference=nets.path_product,
    mistakes=(
        Mistake(
            "added",
            "The factors along the path are added. Along a path they are multiplied; paths are added.",
            lambda *given: sum(nets.factors(*given)),
        ),
        Mistake(
            "no climb",
            "The move from the first layer into the second has no factor. It is an arrow like the others.",
            nets.altered_product(up=False),
        ),
        Mistake(
            "one W_s",
            "W_s of the first layer is used in both layers. Each layer has weights of its own.",
            lambda path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2: np.prod(
                nets.factors(path, dE_ds_N, s1, s2, W_s1, W_x2, W_s1)
            ),
        ),
        Mistake(
            "phi' at the start",
            "φ′ is taken at the state where an arrow starts. It belongs to the state that φ makes.",
            nets.altered_product(at=lambda a, b: a),
            PHI,
        ),
        Mistake(
            "phi' of the lower state",
            "In the climb stands φ′ of the lower state. Which φ made the state above?",
            nets.altered_product(at=lambda a, b: b if a[0] == b[0] else a),
            PHI,
        ),
        Mistake("no phi'", "The weights are there, but no φ′.", nets.altered_product(slope=lambda s: 1), PHI),
        Mistake(
            "tanh twice",
            "For φ′ tanh is applied to the states again. A state is the tanh already.",
            nets.altered_product(slope=lambda s: nets.tanh_slope(np.tanh(s))),
            PHI,
        ),
        Mistake(
            "no last factor",
            "The product ends at the path's first state. The step from this state to the weight is missing.",
            lambda *given: np.prod(nets.factors(*given)[:-1]),
            Section("3", "Immediate and total derivatives"),
        ),
        Mistake(
            "no phi' at the weight",
            "In the last factor φ′ is missing. Between the weight and the state it helps to make stands φ.",
            lambda path, dE_ds_N, s1, *given: (
                nets.path_product(path, dE_ds_N, s1, *given) / nets.tanh_slope(s1[path[0][1]])
            ),
            PHI,
        ),
        Mistake(
            "same step",
            "The last factor holds the state that the weight makes. It holds the state that the weight multiplies.",
            nets.altered_product(entry=0),
            Section("3", "Immediate and total derivatives"),
        ),
    ),
    reread=PATHS,
)


# 4. Without a list


BACK = Task(
    title="two layers back",
    function="two_layers_back",
    returns=("dE_ds1 (T+1, B, n_1)", "dE_ds2 (T+1, B, n_2)"),
    draw=nets.draw_back,
    reference=nets.back,
    mistakes=(
        Mistake(
            "no past above",
            "Nothing goes back in time in the second layer: the paths through its own past are forgotten.",
            nets.altered_back(W_s2=np.zeros_like),
            FORGETTING,
        ),
        Mistake(
            "no past below",
            "Nothing goes back in time in the first layer. Its state also feeds its own next state.",
            nets.altered_back(W_s1=np.zeros_like),
        ),
        Mistake(
            "not connected",
            "Nothing comes down from the second layer, as if it did not read the first.",
            nets.altered_back(W_x2=np.zeros_like),
        ),
        Mistake(
            "overwritten",
            "In the first layer what comes from the step after replaces what is there. All of it is added.",
            nets.optional(joined=lambda own, flow: nets.last_only(own + flow)),
        ),
        Mistake(
            "overwritten from above",
            "In the first layer what comes down replaces what is there. All of it is added.",
            nets.from_above_only,
        ),
        Mistake(
            "top read only",
            "What the first layer's own outputs contribute is missing: in this net they are read too.",
            nets.altered_back(own1=np.zeros_like),
            Section("4", "An error at every step"),
        ),
        Mistake(
            "last error",
            "Only the errors of the last step are left. Those of the others never join, or are overwritten.",
            nets.altered_back(own1=nets.last_only, own2=nets.last_only),
            Section("4", "An error at every step"),
        ),
        Mistake(
            "one step late",
            "What comes down to the first layer is from the step after. The move up takes no time, nor does this.",
            nets.optional(above=lambda flow, *_: np.concatenate([flow[1:], np.zeros_like(flow[:1])])),
        ),
        Mistake(
            "phi' of the lower state",
            "On the way down into the first layer stands φ′ of the wrong layer: which φ made the upper state?",
            nets.optional(above=lambda flow, g2, s1, W_x2: (g2 * nets.tanh_slope(s1))[1:] @ W_x2.T),
            PHI,
        ),
        Mistake("no phi'", "There is no φ′ on the way back.", nets.optional(phi=identity), PHI),
        Mistake(
            "not transposed",
            "The weights are used as on the way forward. A row goes back through the transpose.",
            nets.altered_back(W_s1=np.transpose, W_x2=np.transpose, W_s2=np.transpose),
            PHI,
        ),
        Mistake(
            "W_s not transposed",
            "Between the layers a row goes back rightly. From step to step W_s is used as on the way forward.",
            nets.altered_back(W_s1=np.transpose, W_s2=np.transpose),
            PHI,
        ),
        Mistake(
            "in place",
            "The numbers are right, but own1 is changed on the way: add up in an array of your own.",
            changes=("own1",),
        ),
    ),
    reread=VECTORS,
)


# 5. The weights


WEIGHTS = Task(
    title="the gradient of the weights",
    function="weights_back",
    returns=("dE_dW_s1 (n_1, n_1)", "dE_dW_x2 (n_1, n_2)"),
    draw=nets.draw_weights,
    reference=nets.weights_back,
    mistakes=(
        Mistake(
            "one step early",
            "For W_x2 the states of the first layer are one step early: in which step are they read?",
            nets.other_W_x2(lambda s1, s2: s1[:-1]),
        ),
        Mistake(
            "own state",
            "For W_x2 this takes the second layer's own last state: that would be the gradient of W_s2.",
            nets.other_W_x2(lambda s1, s2: s2[:-1]),
        ),
        Mistake(
            "row 0 too",
            "For W_x2 row 0 is added in. Initial states are given: no weight makes them.",
            nets.other_W_x2(lambda s1, s2: s1),
        ),
        Mistake(
            "first layer's error",
            "For W_x2 this takes the error at the first layer's states. What does the weight make?",
            nets.other_W_x2(lambda s1, s2: s1[1:], by="first"),
        ),
        Mistake(
            "same step",
            "For W_s1 this takes the state that the weight makes. It needs the state that it multiplies.",
            nets.same_step,
        ),
        Mistake(
            "last step",
            "Only the last step contributes. The weights are used at every step.",
            lambda *given: nets.weights_back(*(part[-2:] for part in given)),
        ),
        Mistake(
            "no phi'",
            "φ′ is missing between the state and the weight.",
            lambda *given: nets.weights_back(*given, phi=identity),
            PHI,
        ),
        Mistake(
            "mean",
            "This is the mean over the batch. E is that mean already, so here the sequences are added up.",
            lambda *given: tuple(W / given[0].shape[1] for W in nets.weights_back(*given)),
        ),
        Mistake(
            "transposed",
            "Both gradients are transposed. An entry stands where its weight stands.",
            lambda *given: tuple(W.T for W in nets.weights_back(*given)),
        ),
    ),
    reread=VECTORS,
)

TASKS = (LIST, COUNT, PRODUCT, BACK, WEIGHTS)
