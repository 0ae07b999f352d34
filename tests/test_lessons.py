"""Every lesson has the parts a lesson must have, and nothing in it escapes the comparison of its outputs.

The rules are written down for authors in CONTRIBUTING.md, "Writing a lesson". nbval executes the lessons;
these tests look at the stored files.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from tools import tidy

ROOT = Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "notebooks").glob("[0-9][0-9]*_*.ipynb"))
LESSONS = [path for path in PATHS if not path.name.startswith("00_")]
# In this order in every lesson; the tag is in the cell's metadata.
PARTS = ["prediction", "explorer", "from-scratch", "library", "check-yourself", "exercise", "sources"]
PLACE = re.compile(
    r"\b(p|pp|eq|eqs|equation|equations|fig|figs|figure|table|tables|section|sections|sec|ch|chapter|alg|algorithm"
    r"|proposition|theorem)s?\.?\s*\(?[\dIVX]+|§\s*\d|(first|second|last) (figure|section|table)",
    re.IGNORECASE,
)
IMAGES = ("image/png", "image/svg+xml", "image/jpeg")
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 8
MINUTES_A_QUESTION, MINUTES_AN_EXPLORER = 1, 3


def by_name(path):
    return path.stem


every_notebook = pytest.mark.parametrize("path", PATHS, ids=by_name)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=by_name)


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def part(path, tag):
    """The cells of a lesson with one tag; there is at least one."""
    cells = [cell for cell in read(path).cells if tag in tags(cell)]
    assert cells, f"{path.name} has no cell tagged {tag!r}"
    return cells


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def tree(source):
    """The parsed code of a cell, magics left out."""
    return ast.parse(re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE))


def is_checked(source):
    """Whether running the cell can fail on a wrong result: an assert, or a call such as `assert_allclose`."""
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Assert) or called_name(node).startswith("assert_"):
            return True
    return False


def called_name(node):
    """`f` for a call of `f` or `module.f`, else nothing."""
    function = getattr(node, "func", None)
    return getattr(function, "attr", getattr(function, "id", ""))


def only_defines(source):
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    return all(isinstance(node, kinds) or is_quiet_call(node) for node in tree(source).body)


def is_quiet_call(node):
    """A docstring-like constant, or a setting such as `use_style()`."""
    if not isinstance(node, ast.Expr):
        return False
    return isinstance(node.value, ast.Constant) or called_name(node.value) == "use_style"


def silent_cells(notebook):
    """Code that stores no output and proves nothing: nbval would pass whatever it did."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not cell.outputs]
    return [cell.source for cell in cells if not is_checked(cell.source) and not only_defines(cell.source)]


def pictures(path):
    """(cell, output, type) for every stored picture."""
    return [
        (cell, output, kind)
        for cell in code_cells(path)
        for output in cell.outputs
        for kind in IMAGES
        if kind in output.get("data", {})
    ]


def alt_text(output, kind):
    meta = output.metadata
    return meta.get(kind, {}).get("alt", "") or meta.get("alt", "") if meta else ""


def estimated_minutes(path):
    """Reading, reading code, answering, dragging, waiting."""
    text = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", prose(path))
    lines = sum(len(cell.source.split("\n")) for cell in code_cells(path))
    questions = prose(path).count("<details>")
    explorers = sum("explorer" in tags(cell) for cell in read(path).cells)
    waiting = read(path).metadata["rnn_course"]["run_seconds"] / 60
    reading = len(text.split()) / WORDS_A_MINUTE + lines / LINES_A_MINUTE
    return reading + questions * MINUTES_A_QUESTION + explorers * MINUTES_AN_EXPLORER + waiting


def test_the_start_page_and_the_first_lessons_exist():
    assert {path.name[:2] for path in PATHS} >= {"00", "01", "02"}
    numbers = sorted({int(path.name[:2]) for path in PATHS})  # a lesson may have a second part, 09b
    assert numbers == list(range(len(numbers))), "a lesson is missing in between"


# What every notebook is, the start page included


@every_notebook
def test_is_tidy(path):
    assert tidy.tidy_file(path, check=True), f"{path.name} is not tidy: run make tidy"


@every_notebook
def test_is_valid_and_small(path):
    nbformat.validate(read(path))
    assert path.stat().st_size < 3_000_000


@every_notebook
def test_was_executed_once_from_top_to_bottom(path):
    counts = [cell.execution_count for cell in code_cells(path) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_stores_no_error_and_no_warning(path):
    outputs = [(cell, output) for cell in code_cells(path) for output in cell.outputs]
    assert not [cell.source for cell, output in outputs if output.output_type == "error"]
    assert not [output.text for cell, output in outputs if output.get("name") == "stderr"]


@every_notebook
def test_stores_no_widget_without_a_picture(path):
    kinds = [set(output.get("data", {})) for cell in code_cells(path) for output in cell.outputs]
    assert not any(tidy.WIDGET in kind for kind in kinds)


@every_notebook
def test_no_cell_escapes_the_comparison(path):
    assert silent_cells(read(path)) == []


@every_notebook
def test_uncompared_cells_assert_a_tolerance(path):
    cells = [cell for cell in code_cells(path) if "nbval-ignore-output" in tags(cell)]
    assert not [cell.source for cell in cells if not is_checked(cell.source)]
    forbidden = {"nbval-skip", "nbval-raises-exception", "raises-exception"}
    assert not [cell.source for cell in code_cells(path) if forbidden & set(tags(cell))]
    assert "NBVAL_" not in "".join(cell.source for cell in code_cells(path))


@every_notebook
def test_code_cells_are_short(path):
    assert not [cell.source for cell in code_cells(path) if len(cell.source.split("\n")) > 20]


@every_notebook
def test_every_picture_says_what_it_shows(path):
    alts = [alt_text(output, kind) for cell, output, kind in pictures(path)]
    assert all(len(alt) >= 20 for alt in alts), alts
    in_text = re.findall(r"!\[([^\]]*)\]\(", prose(path))
    in_html = [re.search(r'alt="([^"]*)"', tag) for tag in re.findall(r"<img[^>]*>", prose(path))]
    assert all(len(alt) >= 10 for alt in in_text)
    assert all(match and len(match[1]) >= 10 for match in in_html)


@every_notebook
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(path)) + re.findall(r'(?:href|src)="([^"]+)"', prose(path))
    inside = [target for target in targets if not re.match(r"https?:|mailto:", target)]
    anchors = heading_anchors(prose(path))
    for target in inside:
        file, _, anchor = target.partition("#")
        assert not file or (path.parent / file).exists(), f"{path.name} links to {target}"
        assert file or anchor in anchors, f"{path.name} links to {target}; it has {sorted(anchors)}"


def heading_anchors(text):
    """Anchors as JupyterLab makes them: the heading with hyphens for blanks."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {heading.strip().replace(" ", "-") for heading in headings}


@every_notebook
def test_measured_facts_are_stored(path):
    facts = read(path).metadata["rnn_course"]
    assert set(facts) == {"minutes", "run_seconds"}
    assert 0 < facts["run_seconds"] <= 90
    longest = 5 if path.name.startswith("00_") else 45
    assert (2 if longest == 5 else 25) <= facts["minutes"] <= longest


# The parts of a lesson


@every_lesson
def test_opens_with_do_learn_need_and_minutes(path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    number = path.name.partition("_")[0].lstrip("0") or "0"
    assert first.source.startswith(f"# {number}. "), first.source[:40]
    bold = " ".join(re.findall(r"\*\*(.+?)\*\*", first.source)).lower()
    assert all(word in bold for word in ("do", "learn", "need")), bold
    assert f"{read(path).metadata['rnn_course']['minutes']} minutes" in first.source


@every_lesson
def test_the_minutes_are_plausible(path):
    stated, estimated = read(path).metadata["rnn_course"]["minutes"], estimated_minutes(path)
    assert 0.6 * estimated <= stated <= 1.6 * estimated, f"states {stated}, estimate {estimated:.0f}"


@every_lesson
def test_has_its_parts_in_order(path):
    cells = read(path).cells
    first = [next((i for i, cell in enumerate(cells) if name in tags(cell)), None) for name in PARTS]
    assert None not in first, dict(zip(PARTS, first, strict=True))
    assert first == sorted(first), dict(zip(PARTS, first, strict=True))
    assert first[-1] == len(cells) - 1, "the sources are the last cell"


@every_lesson
def test_asks_before_it_shows(path):
    for cell in part(path, "prediction"):
        assert "?" in cell.source
        assert "<details>" in cell.source
        assert "<summary>" in cell.source


@every_lesson
def test_explorer_leaves_a_picture(path):
    for cell in part(path, "explorer"):
        assert any("image/png" in output.get("data", {}) for output in cell.outputs), cell.source


@every_lesson
def test_from_scratch_means_without_the_library(path):
    for cell in part(path, "from-scratch"):
        assert 5 <= len(cell.source.split("\n")) <= 20
        assert "rnnlib" not in cell.source


@every_lesson
def test_the_library_is_shown_equal(path):
    assert any(is_checked(cell.source) for cell in part(path, "library"))


@every_lesson
def test_has_a_measurement(path):
    assert any(cell.cell_type == "code" and cell.outputs for cell in part(path, "measurement"))


@every_lesson
def test_questions_have_folded_answers(path):
    text = "\n".join(cell.source for cell in part(path, "check-yourself"))
    assert text.count("<details>") == text.count("</details>") >= 3
    assert text.count("<summary>") == text.count("<details>")


@every_lesson
def test_sources_name_the_place(path):
    entries = re.findall(r"^\s*[-*] (.+)$", part(path, "sources")[0].source, re.MULTILINE)
    assert entries
    assert not [entry for entry in entries if not PLACE.search(entry)], "no page, equation, figure or section"


# The tests themselves can fail


def notebook_of(source, outputs=(), tag=None):
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": [tag] if tag else []})
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize("source", ["train(network)", "x.sort()", "for i in x:\n    f(i)", "use(); f(x)"])
def test_a_silent_cell_is_found(source):
    assert silent_cells(notebook_of(source)) == [source]


@pytest.mark.parametrize(
    "source",
    ["import numpy as np", "x = 1", "def f():\n    pass", "f()\nassert x", "testing.assert_allclose(x, y)"],
)
def test_a_cell_that_proves_or_defines_may_be_silent(source):
    assert silent_cells(notebook_of(source)) == []


@pytest.mark.parametrize(
    ("entry", "found"),
    [("Elman 1990, p. 182", True), ("Pascanu 2013, eq. (5)", True), ("Waibel 1989, table III", True),
     ("Hochreiter 1991", False)],
)  # fmt: skip
def test_a_source_without_a_place_is_found(entry, found):
    assert bool(PLACE.search(entry)) == found
