"""Normal form of the stored notebooks: two executions of the same lesson give the same file.

Outputs, cell ids and execution counts stay, because nbval compares them. What differs from run to run goes:
execution timings, the interpreter's version, widget state. Of an explorer only the static picture stays,
published before its live view: a page without a kernel shows a figure and never a broken widget.
"""

import argparse
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
}
KEEP_NOTEBOOK = ["kernelspec", "language_info", "rnn_course"]
KEEP_CELL = ["tags", "jupyter", "raises-exception", "nbgrader", "deletable", "editable"]


def lessons(paths=()):
    """The notebooks named, or all lessons in order."""
    found = [Path(path).resolve() for path in paths] or sorted(NOTEBOOKS.glob("[0-9][0-9]*_*.ipynb"))
    if not found:
        raise SystemExit(f"No lessons in {NOTEBOOKS}; expected files such as 01_why_memory.ipynb.")
    return found


def tidied(notebook):
    """A copy of `notebook` in normal form."""
    notebook = nbformat.from_dict(notebook)
    kept = {key: notebook.metadata[key] for key in KEEP_NOTEBOOK if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict({**kept, "kernelspec": KERNEL, "language_info": LANGUAGE})
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: cell.metadata[k] for k in KEEP_CELL if k in cell.metadata})
        if cell.cell_type == "code":
            executed = cell.source.strip() and cell.execution_count is not None
            count += bool(executed)
            cell.execution_count = count if executed else None
            cell.outputs = tidied_outputs(pictures_only(cell.outputs), cell.execution_count)
    return notebook


def pictures_only(outputs):
    """Drop the live view of an explorer, and the page's form of its picture, which only a browser makes.

    A widget without a picture stays: the tests complain about it.
    """
    explorers = [output for output in outputs if output.get("metadata", {}).get("rnnlib") == "explorer"]
    for output in explorers:
        for kind in (WIDGET, "text/html"):
            output.data.pop(kind, None)
    return [output for output in outputs if not (explorers and set(output.get("data", {})) == {WIDGET})]


def tidied_outputs(outputs, count):
    """Outputs of one cell: counts as the cell's, streams joined, progress bars in their last state."""
    result = []
    for output in outputs:
        if output.output_type == "execute_result":
            output.execution_count = count
        if is_continued(result, output):
            result[-1].text += output.text
        else:
            result.append(output)
    for output in result:
        if output.output_type == "stream":
            output.text = last_state(output.text)
    return [output for output in result if output.output_type != "stream" or output.text]


def is_continued(result, output):
    """Whether `output` goes on with the stream that the output before it began."""
    same = result and output.output_type == result[-1].output_type == "stream"
    return bool(same) and output.name == result[-1].name


def last_state(text):
    """What a terminal shows in the end: each line after its last carriage return.

    Examples
    --------
    >>> last_state("10%\\r50%\\r100%\\ndone\\n")
    '100%\\ndone\\n'
    """
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def dumps(notebook):
    """The file's text: stable key order, one final newline."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def tidy_file(path, check=False):
    """Tidy one notebook; True if it was tidy already. With `check` the file is left alone."""
    before = path.read_text(encoding="utf-8")
    after = dumps(tidied(nbformat.reads(before, as_version=4)))
    if before != after and not check:
        path.write_text(after, encoding="utf-8", newline="\n")
    return before == after


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make tidy", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a notebook is not tidy")
    parser.add_argument("notebooks", nargs="*")
    options = parser.parse_args(arguments)
    changed = [path.name for path in lessons(options.notebooks) if not tidy_file(path, options.check)]
    for name in changed:
        print(f"not tidy: {name} (run make tidy)" if options.check else f"tidied {name}")
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
