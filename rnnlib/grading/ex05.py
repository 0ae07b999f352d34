"""Exercise 5, RNN into RNN: list the paths, count them, multiply along one. `ex05_back` does without a list."""

from math import comb

import numpy as np

from rnnlib.grading import ex05_nets as nets
from rnnlib.grading.definitions import Mistake, Section, Task
from rnnlib.grading.ex05_back import BACK, FORGETTING, PHI, WEIGHTS

__all__ = ["TASKS"]

PATHS = Section("5", "One net feeds another")
COUNTING = Section("5", "How many paths?")
ENTRY = Section("3", "Immediate and total derivatives")


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
        Mistake(
            "ends early",
            "The last node of each path is missing. Where does your range of steps in the second layer stop?",
            lambda N: [path[:-1] for path in nets.list_paths(N)],
        ),
        Mistake(
            "nothing at N",
            "No path enters or climbs at step N. Where do your loops over the steps stop?",
            lambda N: nets.spans(N, nets.pairs(N - 1)),
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
            "Only the paths that enter at step 1 are counted, or those of one layer fewer: they are as many. The weight is used at every step.",
            nets.for_each(lambda n, L: comb(n + L - 2, L - 1)),
        ),
        Mistake(
            "entry forgotten",
            "Too few of the moves go up. The entry into the first layer is a move up, too.",
            nets.for_each(lambda n, L: comb(n + L - 1, L - 1)),
        ),
        Mistake(
            "steps added",
            "The steps are added first, as if there were one error at their sum. Each error has paths of its own.",
            lambda steps, L: nets.to_one(sum(steps), L),
        ),
        Mistake(
            "wrong direction",
            "The sums run on in time. Does a state lead to errors before it or after it?",
            lambda steps, L: sum(nets.to_one(steps[-1] - n + 1, L) for n in steps),
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
            "climb by W_s",
            "On the move up stands the W_s of the first layer. Which matrix leads from one layer into the other?",
            lambda path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2: np.prod(
                nets.factors(path, dE_ds_N, s1, s2, W_s1, W_s1, W_s2)
            ),
        ),
        Mistake(
            "climb by the upper W_s",
            "On the move up stands the W_s of the second layer, as if the path had been there before.",
            lambda path, dE_ds_N, s1, s2, W_s1, W_x2, W_s2: np.prod(
                nets.factors(path, dE_ds_N, s1, s2, W_s1, W_s2, W_s2)
            ),
        ),
        Mistake(
            "slope of sigma",
            "φ′ is written as s (1 − s). That is the slope of another function; φ is tanh.",
            nets.altered_product(slope=lambda s: s * (1 - s)),
            PHI,
        ),
        Mistake(
            "phi' at the error",
            "There is one φ′ too many, at the end of the path. What is given there is the derivative by the state itself.",
            lambda path, dE_ds_N, s1, s2, *given: (
                nets.path_product(path, dE_ds_N, s1, s2, *given) * nets.tanh_slope(s2[-1])
            ),
            PHI,
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
            ENTRY,
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
            ENTRY,
        ),
        Mistake(
            "initial state",
            "The last factor holds the initial state on every path. Not every path enters at step 1.",
            lambda path, dE_ds_N, s1, *given: (
                nets.path_product(path, dE_ds_N, s1, *given) / s1[path[0][1] - 1] * s1[0]
            ),
            ENTRY,
        ),
        Mistake(
            "to the state before",
            "The path goes on to the state before its first. The question is how the weight acts, not that state.",
            lambda path, dE_ds_N, s1, s2, W_s1, *given: (
                nets.path_product(path, dE_ds_N, s1, s2, W_s1, *given) / s1[path[0][1] - 1] * W_s1
            ),
            ENTRY,
        ),
    ),
    reread=PATHS,
)


TASKS = (LIST, COUNT, PRODUCT, BACK, WEIGHTS)
