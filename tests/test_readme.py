"""What the README promises: its commands exist, its example prints what it says, its table is the course."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

import rnnlib
from rnnlib import grading
from tools import api_page, run

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), ROOT / "docs" / "api.md", *(ROOT / "rnnlib").rglob("*.md")]


def blocks(language, text=README):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(language):
    lines = "".join(blocks(language)).splitlines()
    return [re.split(r"\s+#", line)[0].strip() for line in lines]


def targets():
    """Target -> its recipe, from the Makefile."""
    rules = re.findall(r"^([a-z][a-z -]*):(?!=)[^\n]*\n((?:\t.*\n?)+)", MAKEFILE, re.MULTILINE)
    return {name: recipe for names, recipe in rules for name in names.split()}


def table():
    return re.findall(r"^\| (\d+b?) \| (.+?) \| .+? \| (\w+) \|$", README, re.MULTILINE)


def test_the_two_commands_and_their_plain_form():
    assert commands("sh") == ["make lab", "make test"]
    assert commands("bat") == ["py tools/run.py lab", "py tools/run.py test"]
    assert "$(RUN) lab $(LAB_FLAGS)" in targets()["lab"]
    assert "$(RUN) test $(TESTS)" in targets()["test"]
    assert re.search(r"^RUN = \$\(PYTHON\) tools/run.py$", MAKEFILE, re.MULTILINE)


def test_the_automatic_run_takes_the_readmes_command_first():
    lines = [line.split(" <")[0] for line in (ROOT / ".ci" / "run").read_text().splitlines()]
    assert [line for line in lines if line.startswith("make")] == [commands("sh")[1], "make test-all"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z]+(?:-[a-z]+)*)", text, re.MULTILINE))
    assert named <= set(targets()), named - set(targets())
    called = set(re.findall(r"tools/run\.py ([a-z-]+)", text))
    assert called <= set(run.TASKS), called - set(run.TASKS)


def test_every_target_has_its_task():
    for name, recipe in targets().items():
        for task in re.findall(r"\$\(RUN\) ([a-z-]+)", recipe):
            assert task in run.TASKS or task == "help", name
    assert set(run.TASKS) <= set(targets())


def test_the_example_prints_what_the_readme_says():
    (example,), expected = blocks("python"), blocks("text")[-1]
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, encoding="utf-8")
    assert done.stderr == ""
    assert done.stdout == expected


def test_the_check_says_what_the_readme_says():
    shown = blocks("text")[0]
    (seed,) = re.findall(r"seed='(.*)'", shown)
    mistake = ROOT / "notebooks" / "exercises" / "mistakes" / "ex02" / "1_transposed.py"
    scope = runpy.run_path(str(mistake))
    assert grading.verdict("ex02", 1, scope["step"], seed).text == shown.strip()


def test_the_librarys_examples_train():
    example, translation = blocks("python", (ROOT / "rnnlib" / "README.md").read_text(encoding="utf-8"))
    rng, T, B = np.random.default_rng(0), 6, 2
    data = {"x": rng.random((T, B, 67)), "labels": np.ones((T, B), int), "places": rng.random((T, B, 2))}
    names = {**vars(rnnlib), **data, "rng": rng, "T": T, "lengths": [4, 6]}
    exec(example, names)
    assert names["history"].loss.shape == (1,)
    assert names["readouts"].split(names["params"].W_y)["where"].shape == (16, 2)
    data = {"source": rng.random((T, B, 3)), "d": np.ones((4, B), int), "mask": np.ones((4, B))}
    names |= data | {"n_x": 3, "n_s": 5, "n_y": 4}
    exec(translation.replace("network.greedy", "written = network.greedy"), names)
    assert names["history"].loss.shape == (1,)
    assert names["written"].shape[1] == B


def test_the_table_is_the_course():
    rows = table()
    assert [number for number, _, _ in rows] == [*map(str, range(10)), "9b", "10"]
    notebooks = (ROOT / "notebooks").glob("[0-9][0-9]*_*.ipynb")
    files = {path.name.partition("_")[0].lstrip("0") or "0": path for path in notebooks}
    for number, title, minutes in rows:
        path = files.get(number)
        if path is None:
            assert minutes == "coming", f"lesson {number} has no notebook"
            continue
        facts = nbformat.read(path, as_version=4)
        name, target = re.fullmatch(r"\[(.+)\]\((.+)\)", title).groups()
        assert (ROOT / target) == path
        assert name in facts.cells[0].source.split("\n")[0]
        assert int(minutes) == facts.metadata["rnn_course"]["minutes"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    inside = [link.partition("#")[0] for link in links if not re.match(r"https?:|#|…", link)]
    assert not [link for link in inside if not (document.parent / link).exists()]


def test_the_picture_has_an_alternative_in_words():
    (alt, target), *_ = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert len(alt) > 40
    assert (ROOT / target).read_bytes().startswith(b"\x89PNG")


def test_the_notation_covers_the_parameters():
    text = (ROOT / "rnnlib" / "README.md").read_text(encoding="utf-8")
    for symbol in ("W_x", "W_s", "W_y", "b_s", "s_0", "E_N", "phi", "STM_t"):
        assert symbol in text


def test_the_api_page_is_up_to_date():
    assert api_page.PAGE.read_text(encoding="utf-8") == api_page.render(), "run make api"


def test_the_api_page_shows_signatures_and_docstrings():
    page = api_page.render()
    assert "### named tuple `RNNParams(W_x, W_s, b_s)`" in page
    assert "#### `RNN.step(params, s_prev, x_t)`" in page
    assert page.count("```") % 2 == 0
