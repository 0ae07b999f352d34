"""SymPy writes every formula of backpropagation through time.

Read `notation` (how a formula is shown), `equations` (what is computed from what), `unrolled` (both proofs),
then `any_length` (any N: the formula with Σ, the induction, and what goes wrong with total derivatives).

    net = symbolic.RNN(N=3)                       numbers as states, phi any function
    net.equations, net.error, net.substituted     the equations; all of them put into E_3
    net.proof_by_substitution("W_s")              put all in, differentiate, simplify
    net.proof_by_paths("W_s")                     walk every state that W_s feeds, chain rule, add up
    net.difference("W_s")                         of the two gradients: 0
"""

from rnnlib.symbolic.any_length import DoubleCounting, Induction, double_counting, general, induction
from rnnlib.symbolic.notation import Formula, Lines, Partial
from rnnlib.symbolic.unrolled import RNN, Contribution, Proof

__all__ = [
    "RNN",
    "Contribution",
    "DoubleCounting",
    "Formula",
    "Induction",
    "Lines",
    "Partial",
    "Proof",
    "double_counting",
    "general",
    "induction",
]
