"""Colors: the course's table, legible, and a style file that gives the same bytes twice."""

import io
import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb

from rnnlib.colors import COLORS, DASHES, INK, STYLE, style, use_style


def luminance(color):
    """Relative luminance as the web's accessibility guidelines define it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_symbol_has_its_color():
    assert COLORS["x"] == "#56B4E9"
    assert COLORS["s"] == COLORS["STM"] == "#E69F00"
    assert COLORS["y"] == "#009E73"
    assert COLORS["LTM"] == "#CC79A7"
    assert (COLORS["W_x"], COLORS["W_s"], COLORS["W_y"]) == ("#0072B2", "#D55E00", "#117733")
    assert set(DASHES) == {"forget", "learn", "ignore", "use"} <= set(COLORS)


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        COLORS["x"] = "#000000"


@pytest.mark.parametrize("symbol", ["x", "s", "y", "LTM"])
def test_dark_text_on_a_node_is_legible(symbol):
    assert contrast(COLORS[symbol], INK) >= 4.5


@pytest.mark.parametrize("symbol", ["W_x", "W_s", "W_y"])
def test_a_weight_is_legible_on_white(symbol):
    assert contrast(COLORS[symbol], "white") >= 3.0


def test_style_is_local_and_use_style_is_not():
    with mpl.rc_context():
        mpl.rcdefaults()
        with style():
            assert mpl.rcParams["svg.hashsalt"] == "rnnlib"
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["svg.hashsalt"] is None
        use_style()
        assert mpl.rcParams["svg.hashsalt"] == "rnnlib"


def test_style_file_is_read_without_a_warning(recwarn):
    with mpl.rc_context():
        mpl.style.use(str(STYLE))
    assert not recwarn.list


def test_svg_bytes_repeat():
    def draw():
        with style():
            fig, ax = plt.subplots()
            ax.plot([0, 1], label="$W_x$")
            ax.legend()
            buffer = io.BytesIO()
            fig.savefig(buffer, format="svg", metadata={"Date": None})
            plt.close(fig)
            return buffer.getvalue()

    assert draw() == draw()


def test_importing_colors_does_not_import_matplotlib():
    code = "import sys, rnnlib.colors; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
