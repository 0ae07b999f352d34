"""One submission's marks: whole files, odd files, and what is written and printed of them."""

import io
import logging
import shutil
import sys
import threading

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter

from tests import submissions as made
from tools import exercises
from tools.teaching import __main__ as teaching
from tools.teaching import converting, grading, marking, reporting, talking
from tools.teaching.course import Course, Record

RIGHT = {str(number): [True, "", f"✓ {number}", []] for number in (1, 2, 3, 4)}
OWN = (
    made.STEP
    + "from rnnlib import RNN, RNNParams\n    return RNN().step(RNNParams(W_x, W_s, b_s), s_prev, x_t)"
)
EVIL = """<img src=x onerror="alert(1)"><script>alert(2)</script> <svg onload="alert(3)"></svg>
[here](javascript:alert(4)) <a href="Data:text/html,<script>alert(5)</script>">there</a>

<iframe src="https://example.org"></iframe>

<details open ontoggle="alert(6)"><summary>S</summary>hidden</details>
"""
HARMLESS = """## A heading

A *word*, `code`, $a < b$ and a line:<br>

| left | right |
|:-----|------:|
| 1    | 2     |

![a picture](attachment:dot.png)
"""
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """A course with exercise 2 released, to be copied."""
    course = Course(tmp_path_factory.mktemp("origin") / "exercises")
    shutil.copytree(exercises.SOURCE / "ex02", course.root / "source" / "ex02")
    course.release("ex02")
    return course


@pytest.fixture
def course(origin, tmp_path):
    shutil.copytree(origin.root, tmp_path / "exercises")
    return Course(tmp_path / "exercises")


def hand_in(course, student, notebook):
    path = course.submission(student, "ex02")
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def mark(course, student, **how):
    """The record as it is written down."""
    course.write("ex02", marking.mark(course, "ex02", student, "none", **how))
    return course.read("ex02", student)


# One task of a file


def test_one_task_again_keeps_the_other_verdicts_and_their_flags(course):
    hand_in(course, "ada", made.solved(step=OWN))
    whole = mark(course, "ada")
    assert "task 1 calls rnnlib" in whole.flags[0]
    kept = whole._replace(
        tasks={**whole.tasks, "1": [False, "kept", "kept", []], "4": [False, "old", "", []]}
    )
    course.write("ex02", kept)
    again = mark(course, "ada", only=4)
    assert again.tasks == {**whole.tasks, "1": [False, "kept", "kept", []]}
    assert again.flags == whole.flags


def test_of_another_file_no_verdict_is_kept(course):
    hand_in(course, "ada", made.solved())
    mark(course, "ada")
    hand_in(course, "ada", made.solved(step=made.STEP + "return 0 * s_prev"))
    again = mark(course, "ada", only=4)
    assert [found[0] for found in again.tasks.values()] == [False, True, True, True]


def test_one_task_of_what_was_never_graded_grades_all(course):
    hand_in(course, "ada", made.solved())
    record = mark(course, "ada", only=4)
    assert (record.state, record.reason, len(record.tasks)) == ("graded", "", 4)


def test_one_task_again_fills_what_has_no_verdict(course):
    hand_in(course, "ada", made.solved())
    whole = mark(course, "ada")
    found = {"2": whole.tasks["2"]}
    course.write("ex02", whole._replace(state="ungraded", reason="it did not end in time", tasks=found))
    again = mark(course, "ada", only=2)
    assert (again.state, again.tasks) == ("graded", whole.tasks)


# Odd files and words


def test_a_name_of_any_shape_in_the_metadata_is_graded_and_taken_over(course):
    hand_in(course, "dora", made.odd_metadata())
    record = mark(course, "dora")
    assert (record.state, record.flags) == ("graded", [])
    converting.take_over(course, "ex02", record)
    assert course.autograded("dora", "ex02").exists()


def test_half_a_character_in_the_file_is_told(course):
    path = course.submission("emil", "ex02")
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(made.with_cell("x = 'HALF'")).replace("HALF", "\\ud800"))
    record = mark(course, "emil")
    assert (record.state, record.reason) == ("ungraded", "the file is not a notebook (UnicodeEncodeError)")


def test_half_a_character_of_a_function_is_graded(course):
    hand_in(course, "fred", made.with_cell('print("\\ud800")', made.solved(step=made.HALF)))
    record = mark(course, "fred")
    assert [found[0] for found in record.tasks.values()] == [False, True, True, True]
    assert "caf?.txt" in record.tasks["1"][2]


def test_outputs_are_text_alone():
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 10**6}
    page = {"output_type": "display_data", "data": {"text/html": "<script>"}, "metadata": {}}
    plain = {"output_type": "display_data", "data": {"text/plain": "7"}, "metadata": {}}
    found = marking._outputs(
        [stream, page, 7, {}, {"output_type": "stream", "name": "x"}, plain, *[plain] * 30]
    )
    assert found[0]["text"] == "x" * marking.LONGEST
    assert found[1]["data"] == {}
    assert found[2] == plain
    assert len(found) < 20
    assert marking._outputs(7) == []


def test_nobodys_words_stop_the_grading_of_others(course, monkeypatch):
    """Neither on a terminal that knows few characters, nor with a name that the gradebook cannot hold."""
    for name in ("ada", "caf\udce9", "emmy"):
        hand_in(course, name, made.solved())
    record = Record("", "graded", flags=["\ud800 ✓"], tasks=RIGHT)
    monkeypatch.setattr(marking, "mark", lambda course, exercise, name, *_: record._replace(student=name))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # no log can pass the name on
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    grading.autograde(course, "ex02", kind="none", workers=1)
    sys.stdout.flush()
    said = sys.stdout.buffer.getvalue().decode()
    assert " ada: 4 of 4 tasks" in said
    assert " emmy: 4 of 4 tasks" in said
    assert " caf?: NOT GRADED" in said


def test_nobodys_record_stops_the_table_and_the_page(course, tmp_path):
    for name in ("ada", "caf\udce9", "emmy"):
        hand_in(course, name, made.solved())
        course.write("ex02", Record(name, "graded", flags=["\ud800"], tasks=RIGHT))
    rows = reporting.export(course, "ex02", tmp_path / "marks.csv")
    assert [row["state"] for row in rows] == ["graded", "ungraded", "graded"]
    reporting.report(course, "ex02", tmp_path / "class.html")
    assert "cannot be read (UnicodeEncodeError)" in (tmp_path / "class.html").read_text()


def test_who_asked_for_answers_stands_first():
    asked = Record("zoe", "graded", flags=[f"{talking.AHEAD} 1 before answering it"])
    page = reporting._attention([Record("ada", "ungraded", "it ended its process"), asked], ["emmy"])
    assert page.index("zoe") < page.index("ada") < page.index("emmy")


# What is shown in a browser


@pytest.fixture(scope="module")
def shown(origin, tmp_path_factory):
    """(the page of feedback, formgrader's page) of a submission with good and evil Markdown."""
    course = Course(tmp_path_factory.mktemp("shown") / "exercises")
    shutil.copytree(origin.root, course.root)
    notebook = made.solved()
    harmless = nbformat.v4.new_markdown_cell(HARMLESS, attachments={"dot.png": {"image/png": DOT}})
    notebook.cells[1:1] = [nbformat.v4.new_markdown_cell(EVIL), nbformat.v4.new_raw_cell(EVIL), harmless]
    hand_in(course, "mallory", notebook)
    wrong = {**RIGHT, "2": [False, "x", "✗ Task 2: a < b & so on", []]}
    outputs = [{"output_type": "stream", "name": "stdout", "text": "<script>alert(7)</script>"}]
    record = Record("mallory", "graded", tasks=wrong, outputs={str(n): outputs for n in range(30)})
    converting.take_over(course, "ex02", record)
    course.write("ex02", record)
    teaching.main(["--course", str(course.root), "feedback", "ex02"])
    page = course.root / "feedback" / "mallory" / "ex02" / "ex02.html"
    return page.read_text(encoding="utf-8"), formgraders(course)


def formgraders(course):
    """The page as formgrader makes it: with the settings of the course's folder and its own template."""
    from nbgrader.server_extensions.formgrader import handlers

    config = course.config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = str(course.autograded("mallory", "ex02"))
    return HTMLExporter(config=config).from_filename(path, {"index": 0, "total": 1})[0]


@pytest.mark.parametrize("page", [0, 1], ids=["feedback", "formgrader"])
def test_a_students_script_is_shown_and_not_run(shown, page):
    for running in (
        "<script>alert",
        "<img onerror",
        "<svg onload",
        "<iframe",
        'href="javascript:',
        'href="data:',
    ):
        assert running not in shown[page].replace("Data:", "data:"), running
    for harmed in ("onerror=", "ontoggle="):
        assert all("&lt;" in before[-60:] for before in shown[page].split(harmed)[:-1])
    assert "&lt;script&gt;alert(2)" in shown[page]


@pytest.mark.parametrize("page", [0, 1], ids=["feedback", "formgrader"])
def test_all_the_rest_is_shown_as_before(shown, page):
    assert '<h2 id="A-heading">A heading' in shown[page]
    assert f'src="data:image/png;base64,{DOT}"' in shown[page]
    assert "text-align: right" in shown[page].replace("text-align:right", "text-align: right")
    for kept in ("$a &lt; b$", "<em>word</em>", "<code>code</code>", "<br", "<summary>S</summary>"):
        assert kept in shown[page], kept
    assert "✓ 1" in shown[page]
    assert "✗ Task 2: a &lt; b &amp; so on" in shown[page]
    assert "&lt;h" not in shown[page]
    assert "&lt;p&gt;" not in shown[page]


def test_nobodys_page_stops_the_pages_of_others(course, monkeypatch, capsys):
    def feedback(course, exercise, student):
        if student == "ada":
            raise RuntimeError("nbgrader could not")

    for name in ("ada", "emmy"):
        hand_in(course, name, made.solved())
        course.write("ex02", Record(name, "graded", tasks=RIGHT))
        course.autograded(name, "ex02").parent.mkdir(parents=True)
        course.autograded(name, "ex02").touch()
    monkeypatch.setattr(converting, "feedback", feedback)
    assert teaching.main(["--course", str(course.root), "feedback", "ex02"]) == 1
    said = capsys.readouterr().out
    assert "ada: NO FEEDBACK, RuntimeError: nbgrader could not" in said
    assert "feedback/emmy/ex02/ex02.html" in said


# Seeds


def test_all_who_ask_at_once_get_the_seed_that_stays(tmp_path):
    for trial in range(60):
        course, seeds, start = Course(tmp_path / str(trial)), [], threading.Barrier(4)

        def ask(course=course, seeds=seeds, start=start):
            start.wait()
            seeds.append(course.seed("ex02", "ada"))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(seeds) == {course.seed("ex02", "ada")}
        assert [path.name for path in (course.root / "grading").iterdir()] == ["secret"]
        assert (course.root / "grading" / "secret").stat().st_mode & 0o777 == 0o600
