"""The instructor's tools, apart from the sandbox: what is repaired, bundled, asked and refused."""

import re
import shutil
import signal
import subprocess
import sys
import zipfile

import cloudpickle
import nbformat
import pytest

from rnnlib import grading
from tests import submissions as made
from tools import exercises
from tools.teaching import __main__ as teaching
from tools.teaching import bundle, marking, sandbox, talking
from tools.teaching.course import Course, Record


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "exercises")


# Repairing


def test_an_honest_notebook_needs_no_repair():
    notebook = made.solved()
    again, flags = marking.repaired(notebook, made.blank())
    assert flags == []
    assert [cell.source for cell in again.cells] == [cell.source for cell in notebook.cells]


def test_what_was_ours_is_restored_and_what_is_theirs_is_kept():
    notebook = made.tests_edited()
    again, flags = marking.repaired(notebook, made.blank())
    assert flags == ["the check ex02-2-check was edited"]
    assert made.checks(again)[1].source == 'grading.check("ex02", 2, unfold)'
    assert "return 0" in "".join(cell.source for cell in again.cells)
    assert made.checks(notebook)[1:] != made.checks(again)[1:], "the submission itself is not changed"


def test_deleted_checks_come_back_and_forged_twins_lose_their_name():
    again, flags = marking.repaired(made.test_deleted(), made.blank())
    assert flags == ["the cell ex02-2-check was deleted"]
    assert marking.checks(again) == {f"ex02-{n}-check": str(n) for n in (1, 2, 3, 4)}
    again, flags = marking.repaired(made.twice_the_same_id(), made.blank())
    assert "two cells are called ex02-2-check" in flags
    names = [marking.role(cell).get("grade_id") for cell in again.cells if marking.role(cell)]
    assert len(names) == len(set(names))


def test_metadata_of_any_shape_is_survived():
    notebook = made.solved()
    notebook.cells[4].metadata["nbgrader"] = ["not", "a", "dictionary"]
    notebook.cells[5].metadata["nbgrader"] = {"grade_id": 7}
    again, flags = marking.repaired(notebook, made.blank())
    assert len(marking.checks(again)) == 4


# What a submission is told


@pytest.mark.parametrize("name", [path.stem for path in exercises.sources()])
def test_no_right_answer_is_handed_in(name):
    tasks = talking._tasks(name, "ada-1")
    packed = talking._packed({"cells": [], "tasks": tasks, "seconds": 1})
    for task in grading.exercise(name).values():
        code = task.reference.__code__.co_code
        assert code in cloudpickle.dumps(task.reference)
        assert code not in packed, f"{name}: {task.function}"


def test_without_a_sandbox_nothing_is_graded(monkeypatch, capsys, course):
    monkeypatch.setattr(sandbox, "_trouble", lambda: "the program bwrap is not installed.")
    assert teaching.main(["--course", str(course.root), "autograde", "ex02"]) == 2
    said = capsys.readouterr().err
    assert "bwrap is not installed" in said
    assert "apt-get install bubblewrap" in said
    assert "--network none" in said
    with pytest.raises(ValueError, match="sandbox is 'walls'; expected one of bubblewrap, none"):
        sandbox.require("walls")


def test_flags_are_jupyterlabs_for_formgrader_alone(course, monkeypatch, capsys):
    started = []
    monkeypatch.setattr(teaching.subprocess, "call", lambda command, **_: started.append(command))
    course.root.mkdir()
    teaching.main(["--course", str(course.root), "formgrader", "--no-browser", "--port=9000"])
    assert started[0][-2:] == ["--no-browser", "--port=9000"]
    with pytest.raises(SystemExit):
        teaching.main(["--course", str(course.root), "report", "ex02", "--no-browser"])
    assert "unrecognized arguments: --no-browser" in capsys.readouterr().err


def test_a_task_that_is_not_there_is_told(course, monkeypatch):
    monkeypatch.setattr(sandbox, "_trouble", lambda: None)
    with pytest.raises(SystemExit, match="ex02 has no task 9, only 1 to 4"):
        teaching.main(["--course", str(course.root), "autograde", "ex02", "--task", "9"])


def test_an_interruption_waits_for_what_is_being_written():
    from tools.teaching import grading as all_of_them

    written, before = [], signal.getsignal(signal.SIGINT)

    def write():
        with all_of_them._uninterrupted():
            signal.raise_signal(signal.SIGINT)
            written.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert written == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is before


def test_nbgraders_own_button_runs_nothing(course):
    """Graded through nbgrader itself, a submission would run outside of the sandbox."""
    from traitlets.config import PyFileConfigLoader

    shutil.copytree(exercises.SOURCE / "ex02", course.root / "source" / "ex02")
    course.release("ex02")
    path = course.submission("ada", "ex02")
    path.parent.mkdir(parents=True)
    mark = course.root / "it_ran"
    nbformat.write(made.with_cell(f"open({str(mark)!r}, 'w').close()"), path)
    config = PyFileConfigLoader("nbgrader_config.py", str(exercises.EXERCISES)).load_config()
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.db_url = course.database
    result = course.api(config).autograde("ex02", "ada", force=True)
    assert not result["success"]
    assert "graded in a sandbox" in result["log"]
    assert not mark.exists()


def test_the_rule_on_own_code_is_the_instructors(course, monkeypatch):
    """Without walls here, to be quick: the words of an honest submission."""
    body = "from rnnlib import RNN, RNNParams\n    return RNN().step(RNNParams(W_x, W_s, b_s), s_prev, x_t)"
    path = course.submission("ada", "ex02")
    path.parent.mkdir(parents=True)
    nbformat.write(made.solved(step=made.STEP + body), path)
    shutil.copytree(exercises.RELEASE / "ex02", course.root / "release" / "ex02")
    reported = marking.mark(course, "ex02", "ada", "none")
    assert reported.tasks["1"][0]
    assert "task 1 calls rnnlib.cells.rnn.RNN" in reported.flags[0]
    monkeypatch.setenv("RNN_COURSE_OWN_CODE", "refuse")
    refused = marking.mark(course, "ex02", "ada", "none")
    assert refused.tasks["1"][:2] == [False, "own code"]
    assert refused.tasks["2"][0]
    assert refused.fingerprint != reported.fingerprint


# Records and seeds


def test_a_students_seed_stays_and_is_nobody_elses(course):
    seeds = {course.seed(exercise, student) for exercise in ("ex01", "ex02") for student in ("ada", "emmy")}
    assert len(seeds) == 4
    assert course.seed("ex02", "ada") in seeds
    assert Course(course.root.parent / "other").seed("ex02", "ada") not in seeds


def test_a_record_comes_back(course):
    record = Record("ada", "graded", tasks={"1": [True, "", "✓", []]}, outputs={"3": []}, seconds=1.5)
    course.write("ex02", record)
    assert course.read("ex02", "ada") == record
    assert course.read("ex02", "emmy") is None


# The bundle


def test_the_bundle_holds_the_course_and_no_solutions(tmp_path):
    count = bundle.bundle(tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names if name.endswith((".ipynb", ".py")))
    assert len(names) == count
    for wanted in (
        "README.md",
        "Makefile",
        "requirements.txt",
        "notebooks/00_start_here.ipynb",
        "rnnlib/__init__.py",
    ):
        assert f"rnn-course/{wanted}" in names
    assert "rnn-course/notebooks/exercises/release/ex02/ex02.ipynb" in names
    assert not [name for name in names if "/source/" in name or "/mistakes/" in name or "gradebook" in name]
    assert b"BEGIN SOLUTION" not in text.replace(b'r"### BEGIN SOLUTION', b"")


def test_the_bundles_readme_promises_only_what_is_there():
    text, there = bundle.readme(), bundle.contents()
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert "rnnlib/README.md" in links
    for link in links:
        assert [name for name in there if name == link or name.startswith(f"{link}/")], link
    assert "make lab" in text
    assert "make test" not in text
    assert "two commands" not in text
    assert "docs/teaching.md" not in there


def test_the_bundles_commands_are_those_that_work_there(tmp_path):
    bundle.bundle(tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        archive.extractall(tmp_path)
    makefile = (tmp_path / "rnn-course/Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^([a-z-]+):", makefile, re.MULTILINE) == list(bundle.COMMANDS)
    command = [sys.executable, str(tmp_path / "rnn-course/tools/run.py")]
    told = subprocess.run([*command, "help"], capture_output=True, text=True, check=True).stdout
    assert "  lab " in told
    assert not [task for task in ("teach", "test", "tidy", "exercises", "bench") if f"  {task} " in told]
    assert subprocess.run([*command, "teach"], capture_output=True, text=True).returncode == 2


def test_unknown_students_are_told(course):
    from tools.teaching import grading as all_of_them

    course.submission("ada", "ex02").parent.mkdir(parents=True)
    with pytest.raises(SystemExit, match="No submission of ex02 by emmy"):
        all_of_them._chosen(course, "ex02", ["emmy"])


def test_the_release_notebook_is_named_if_it_is_not_there(course):
    with pytest.raises(SystemExit, match="Run `make release EX=ex02` first"):
        course.released("ex02")


def test_generated_submissions_are_notebooks(tmp_path):
    for name, notebook in made.hostile(Course(tmp_path), ("127.0.0.1", 1)).items():
        if isinstance(notebook, nbformat.NotebookNode):
            nbformat.validate(notebook)
        else:
            assert name in ("missing", "no_notebook", "half_a_notebook")
