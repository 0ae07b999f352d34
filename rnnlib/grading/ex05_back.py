"""Exercise 5, without a list: the gradient back through two layers, and the gradients of two weights."""

import numpy as np

from rnnlib.activations import identity
from rnnlib.grading import ex05_nets as nets
from rnnlib.grading.definitions import Mistake, Section, Task

__all__ = ["BACK", "FORGETTING", "PHI", "WEIGHTS"]

FORGETTING = Section("5", "What forgetting paths costs")
VECTORS = Section("5", "One vector for each node instead")
PHI = Section("3", "Vectors and numbers")
EVERY_STEP = Section("4", "An error at every step")


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
            "down without the past",
            "The second layer's rows are right. What comes down from them is the error of the same step only.",
            nets.same_step_down,
            FORGETTING,
        ),
        Mistake(
            "first layer first",
            "In each step the first layer goes on back in time before it has got what comes down from the second.",
            nets.first_layer_first,
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
            "overwritten everywhere",
            "In both layers what comes back replaces what is there. All of it is added.",
            lambda own1, own2, *given: nets.from_above_only(own1, nets.last_only(own2), *given),
        ),
        Mistake(
            "top read only",
            "What the first layer's own outputs contribute is missing: in this net they are read too.",
            nets.altered_back(own1=np.zeros_like),
            EVERY_STEP,
        ),
        Mistake(
            "last error",
            "Only the errors of the last step are left. Those of the others never join, or are overwritten.",
            nets.altered_back(own1=nets.last_only, own2=nets.last_only),
            EVERY_STEP,
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
        Mistake(
            "no phi' down",
            "On the way down into the first layer φ′ is missing. Which φ made the upper state?",
            nets.optional(above=lambda flow, g2, s1, W_x2: g2[1:] @ W_x2.T),
            PHI,
        ),
        Mistake("no phi'", "There is no φ′ on the way back.", nets.optional(phi=identity), PHI),
        Mistake(
            "phi' one step early",
            "φ′ is taken at the state of the step before. It belongs to the state that φ makes.",
            nets.early_slopes,
            PHI,
        ),
        Mistake(
            "before phi",
            "The rows are multiplied by φ′ already. That is the derivative before φ is applied; asked for is the state's.",
            nets.times_slope,
        ),
        Mistake(
            "no row 0",
            "Rows 0 are still zero. E depends on the initial states, too.",
            lambda *given: tuple(nets.with_row_0(rows, np.zeros_like(rows[0])) for rows in nets.back(*given)),
        ),
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
    title="the gradients of two weights",
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
            "last step left out",
            "The last step contributes nothing. Where does your loop over the steps stop?",
            nets.without_last_step,
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
