"""SymPy writes every formula of backpropagation through time.

Read `notation` (how a formula is shown), `equations` (what is computed from what), `unrolled` (both proofs),
then `any_length` (any N: the formula with Σ, the induction, and what goes wrong with total derivatives), and
`lstm` (what an LSTM's memory hands back, part by part).

    net = symbolic.RNN(N=3)                       numbers as states, phi any function
    net.equations, net.error, net.substituted     the equations; all of them put into E_3
    net.proof_by_substitution("W_s")              put all in, differentiate, simplify
    net.proof_by_paths("W_s")                     walk every state that W_s feeds, chain rule, add up
    net.difference("W_s")                         of the two gradients: 0

    cell = symbolic.LSTM()                        one unit, either use gate, with or without peepholes
    cell.equations, cell.jacobian                 step t; how (LTM_t, STM_t) depends on the step before
    cell.split("LTM", "LTM", lag=2)               ∂LTM_t/∂LTM_{t-2}: f_t f_{t-1}, and the ways around
"""

from rnnlib.symbolic.any_length import DoubleCounting, Induction, double_counting, general, induction
from rnnlib.symbolic.lstm import LSTM, Split
from rnnlib.symbolic.notation import Formula, Lines, Partial
from rnnlib.symbolic.unrolled import RNN, Contribution, Proof

__all__ = [
    "LSTM",
    "RNN",
    "Contribution",
    "DoubleCounting",
    "Formula",
    "Induction",
    "Lines",
    "Partial",
    "Proof",
    "Split",
    "double_counting",
    "general",
    "induction",
]
