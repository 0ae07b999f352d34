"""Both diagrams of one network side by side, at the same scale."""

import matplotlib.pyplot as plt

from rnnlib import diagrams
from rnnlib.diagrams import folded_graph, size_in_inches, unfolded_graph

TITLE = "One network, drawn twice: the loop is the row of arrows"
ALT = (
    "Left, folded: x_t, s_t and y_t with a loop W_s at the state. Right, unfolded for four steps: four "
    "columns of x, s and y, the states joined by arrows from s_0 to s_4. W_x, W_s and W_y have the same "
    "colors in both."
)
STEPS = 4


def figure():
    widths = [size_in_inches(graph)[0] for graph in (folded_graph(), unfolded_graph(STEPS))]
    fig, (left, right) = plt.subplots(
        1, 2, figsize=(7.2, 3.0), width_ratios=widths, layout="constrained", gridspec_kw={"wspace": 0.1}
    )
    diagrams.folded(left, "folded")
    diagrams.unfolded(right, STEPS, f"unfolded, $N = {STEPS}$")
    fig.suptitle(TITLE, x=0.01, ha="left")
    return fig
