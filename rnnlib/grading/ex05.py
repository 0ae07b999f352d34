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
    entries = path if isinstance(path, (tuple, list)) else (path,)
    return tuple(sorted(f"s({e[0]})_{e[1]}" if _is_pair(e) else str(e) for e in entries))


def _is_pair(entry):
    return isinstance(entry, (tuple, list)) and len(entry) == 2


def only(keep):
    """The paths of which `keep(states in layer 1, states in layer 2, step of entry, N)` is true."""

    def variant(N):
        counted = [(path, sum(layer == 1 for layer, _ in path)) for path in nets.list_paths(N)]
        return [path for path, n in counted if keep(n, len(path) - n, path[0][1], N)]

    return variant


def both_orders(N):
    return nets.list_paths(N) + only(lambda below, *_: below > 1)(N)


def late_climbs(N):
    return nets.spans(N, [(i, j) for i in range(1, N) for j in range(i, N)], delay=1)


def early_climbs(N):
    return nets.spans(N, [(i, j) for i in range(1, N + 1) for j in range(1, N + 1)])


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
            only(lambda below, above, i, N: above == 1),
            FORGETTING,
        ),
        Mistake(
            "no past below",
            "Every path climbs in the step in which it enters. It may first go on in the first layer.",
            only(lambda below, above, i, N: below == 1),
        ),
        Mistake(
            "enters once",
            "All paths enter at step 1. The weight is used at every step, and a path may start at each.",
            only(lambda below, above, i, N: i == 1),
        ),
        Mistake(
            "direct",
            "Only the shortest path is there, straight down from the error. The gradient goes back in time too.",
            only(lambda below, above, i, N: i == N),
        ),
        Mistake(
            "both orders",
            "Some paths are listed twice: a path is one pair of steps, whichever of the two you choose first.",
            both_orders,
        ),
        Mistake(
            "climbs before it enters",
            "Some of these begin in the second layer. A path climbs only after the weight has entered.",
            early_climbs,
        ),
        Mistake(
            "late climb",
            "The move up takes a time step here. The second layer reads the first one's state of the same step.",
            late_climbs,
        ),
        Mistake(
            "from s_0",
            "Some paths begin in the initial state. It is given, and depends on no weight.",
            lambda N: nets.spans(N, [(i, j) for i in range(N + 1) for j in range(i, N + 1)]),
        ),
    ),
    reread=PATHS,
)


# 2. Count them


def for_each(count):
    """Add up `count(n, L)` over the steps n that have an error."""
    return lambda steps, L: sum(count(n, L) for n in steps)


COUNT = Task(
    title="count the paths",
    function="count_paths",
    returns=("the number of paths",),
    draw=nets.draw_count,
    reference=for_each(nets.to_one),
    tolerance=1e-10,
    mistakes=(
        Mistake(
            "last error",
            "Only the paths to the last error are counted. Each error has paths of its own.",
            lambda steps, L: nets.to_one(steps[-1], L),
        ),
        Mistake(
            "all as the last",
            "Every error gets as many paths as the last one. An early error has fewer: nothing later leads to it.",
            lambda steps, L: len(steps) * nets.to_one(steps[-1], L),
        ),
        Mistake(
            "states",
            "These are the states on the way to each error. Several paths lead through the same state.",
            for_each(lambda n, L: n * L),
        ),
        Mistake(
            "free choice",
            "Each layer's step is chosen freely here, as if a path could go back in time when it climbs.",
            for_each(lambda n, L: n**L),
        ),
        Mistake(
            "one move too many",
            "One move to the right too many: how many moves lead from step 1 to step n?",
            for_each(lambda n, L: comb(n + L, L)),
        ),
        Mistake(
            "enters once",
            "Only the paths that enter at step 1 are counted. The weight is used at every step.",
            for_each(lambda n, L: comb(n + L - 2, L - 1)),
        ),
        Mistake(
            "one climb a step",
            "Paths with two moves up in the same step are left out. A step passes through all layers.",
            for_each(comb),
        ),
        Mistake(
            "two layers",
            "This is the count for two layers, whatever L is.",
            for_each(lambda n, L: nets.to_one(n, 2)),
        ),
    ),
    reread=COUNTING,
)


# 3. Along one path


def altered_product(**options):
    return lambda *given: np.prod(nets.factors(*given, **options))


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
            altered_product(up=False),
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
            altered_product(at=0),
            PHI,
        ),
        Mistake("no phi'", "The weights are there, but no φ′.", altered_product(slope=lambda s: 1), PHI),
        Mistake(
            "tanh twice",
            "For φ′ tanh is applied to the states again. A state is the tanh already.",
            altered_product(slope=lambda s: 1 - np.tanh(s) ** 2),
            PHI,
        ),
        Mistake(
            "no last factor",
            "The product ends at the path's first state. The step from this state to the weight is missing.",
            lambda *given: np.prod(nets.factors(*given)[:-1]),
            Section("3", "Immediate and total derivatives"),
        ),
        Mistake(
            "same step",
            "The last factor holds the state that the weight makes. It holds the state that the weight multiplies.",
            altered_product(entry=0),
            Section("3", "Immediate and total derivatives"),
        ),
    ),
    reread=PATHS,
)


# 4. Without a list


def altered_back(**changes):
    """`back` with some of its arguments changed by functions."""
    names = ("own1", "own2", "s1", "s2", "W_s1", "W_x2", "W_s2")

    def variant(*given):
        given = dict(zip(names, given, strict=True))
        return nets.back(**given | {name: change(given[name]) for name, change in changes.items()})

    return variant


def optional(**options):
    return lambda *given: nets.back(*given, **options)


def last_only(flow):
    return np.concatenate([np.zeros_like(flow[:-1]), flow[-1:]])


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
            altered_back(W_s2=np.zeros_like),
            FORGETTING,
        ),
        Mistake(
            "no past below",
            "Nothing goes back in time in the first layer. Its state also feeds its own next state.",
            altered_back(W_s1=np.zeros_like),
        ),
        Mistake(
            "not connected",
            "Nothing comes down from the second layer, as if it did not read the first.",
            altered_back(W_x2=np.zeros_like),
        ),
        Mistake(
            "overwritten",
            "In the first layer what comes from the step after replaces what is there. All of it is added.",
            optional(joined=lambda own, flow: last_only(own + flow)),
        ),
        Mistake(
            "last error",
            "Only the errors of the last step enter. Every step has its own, and it joins on the way back.",
            altered_back(own1=last_only, own2=last_only),
            Section("4", "An error at every step"),
        ),
        Mistake(
            "one step late",
            "What comes down to the first layer is from the step after. The move up takes no time, nor does this.",
            optional(above=lambda flow, *_: np.concatenate([flow[1:], np.zeros_like(flow[:1])])),
        ),
        Mistake(
            "phi' of the lower state",
            "On the way down into the first layer stands φ′ of the wrong layer: which φ made the upper state?",
            optional(above=lambda flow, g2, s1, W_x2: (g2 * (1 - s1**2))[1:] @ W_x2.T),
            PHI,
        ),
        Mistake("no phi'", "There is no φ′ on the way back.", optional(phi=identity), PHI),
        Mistake(
            "not transposed",
            "The weights are used as on the way forward. A row goes back through the transpose.",
            altered_back(W_s1=np.transpose, W_x2=np.transpose, W_s2=np.transpose),
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


def other_W_x2(source, by="second"):
    """W_x2 from `source(s1, s2)`, by the error at the second layer's states or at the first's."""

    def variant(dE_ds1, dE_ds2, s1, s2):
        flow, s = (dE_ds2, s2) if by == "second" else (dE_ds1, s1)
        a = (flow * (1 - s**2))[1:]
        return nets.weights_back(dE_ds1, dE_ds2, s1, s2)[0], np.einsum("tbi,tbj->ij", source(s1, s2), a)

    return variant


def same_step(dE_ds1, dE_ds2, s1, s2):
    W_s1 = np.einsum("tbi,tbj->ij", s1[1:], (dE_ds1 * (1 - s1**2))[1:])
    return W_s1, nets.weights_back(dE_ds1, dE_ds2, s1, s2)[1]


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
            other_W_x2(lambda s1, s2: s1[:-1]),
        ),
        Mistake(
            "own state",
            "For W_x2 this takes the second layer's own last state: that would be the gradient of W_s2.",
            other_W_x2(lambda s1, s2: s2[:-1]),
        ),
        Mistake(
            "first layer's error",
            "For W_x2 this takes the error at the first layer's states. What does the weight make?",
            other_W_x2(lambda s1, s2: s1[1:], by="first"),
        ),
        Mistake(
            "same step",
            "For W_s1 this takes the state that the weight makes. It needs the state that it multiplies.",
            same_step,
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
