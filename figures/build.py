"""Draw the figures of the course again: ``python figures/build.py [name ...]``.

Each ``<name>.py`` beside this file says what the figure shows (`TITLE` and `ALT`) and draws it (`figure`).
The same matplotlib gives the same bytes, so a rebuilt figure shows no difference, but for the cliff: in its
wall the last digit of a few points depends on the processor.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType
from xml.sax.saxutils import escape

import matplotlib
import matplotlib.pyplot as plt

from rnnlib.colors import style

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "build")
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def load(name: str) -> ModuleType:
    """Import the script that draws a figure."""
    spec = importlib.util.spec_from_file_location(f"figure_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def svg(name: str) -> str:
    """Draw a figure and return it as SVG text, with its title and its description for screen readers."""
    script = load(name)
    buffer = io.StringIO()
    with style():
        fig = script.figure()
        fig.savefig(buffer, format="svg", metadata=NO_METADATA)
        plt.close(fig)
    return with_description(buffer.getvalue(), script.TITLE, script.ALT)


def with_description(text: str, title: str, description: str) -> str:
    """Put <title> and <desc> first inside the <svg> element and mark it as one image."""
    start = text.index("<svg ")
    end = text.index(">", start)
    words = f"<title>{escape(title)}</title>\n <desc>{escape(description)}</desc>"
    return f'{text[:end]} role="img">\n {words}{text[end + 1 :]}'


def main(names: list[str]) -> int:
    """Write the named figures, or all of them."""
    matplotlib.use("agg")
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        print(f"No such figure: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        path = HERE / f"{name}.svg"
        path.write_text(svg(name), encoding="utf-8", newline="\n")
        print(f"figures/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
