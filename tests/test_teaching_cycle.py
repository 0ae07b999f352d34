"""The whole cycle with generated submissions, in the sandbox: collected, graded, fed back, exported."""

import contextlib
import csv
import io
import shutil
import socket
import zipfile

import nbformat
import pytest
from nbgrader.api import Gradebook

from rnnlib.grading.judging import judge
from tests import submissions as made
from tools import exercises
from tools.teaching import __main__ as teaching
from tools.teaching import grading, marking, reporting, talking
from tools.teaching.course import Course

pytestmark = pytest.mark.sandbox

MIXED = {f"mixed_{seed}": made.mistaken(seed) for seed in range(6)}
HONEST = {
    "right": made.solved(),
    "einsum": made.solved(step=made.styled("step", "einsum"), unfold=made.styled("unfold", "in_place")),
    "loops": made.solved(step=made.styled("step", "loops"), last_outputs=made.styled("last_outputs", "loop")),
    "float32": made.solved(step=made.styled("step", "float32"), unfold=made.styled("unfold", "list")),
    "blank": made.blank(),
}


@pytest.fixture(scope="module")
def server():
    """Somebody who listens, on this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()


@pytest.fixture(scope="module")
def cycle(tmp_path_factory, server):
    """All of it once: (course, what was printed, the exported rows, the page)."""
    root = tmp_path_factory.mktemp("course")
    course = Course(root / "exercises")
    shutil.copytree(exercises.SOURCE / "ex02", course.root / "source" / "ex02")
    every = {**HONEST, **{name: notebook for name, (notebook, _) in MIXED.items()}}
    run(course, "release", "ex02")
    every |= made.hostile(course, server)
    archive = root / "from_the_platform.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for number, (name, notebook) in enumerate(every.items()):
            file = f"{name}_{1000 + number}_assignsubmission_file_/"
            if notebook is None:
                zipped.writestr(file + "ex02.pdf", b"%PDF")
            else:
                content = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook)
                zipped.writestr(file + "ex02.ipynb", content)
    seconds = dict(talking.SECONDS)
    talking.SECONDS.update(cell=5, whole=40)
    said = run(course, "collect", "ex02", archive) + run(course, "autograde", "ex02")
    talking.SECONDS.update(seconds)
    said += run(course, "feedback", "ex02")
    run(course, "export", "ex02", root / "marks.csv")
    run(course, "report", "ex02", root / "class.html")
    with open(root / "marks.csv", encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return course, said, rows, (root / "class.html").read_text(encoding="utf-8")


def run(course, *arguments):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        teaching.main(["--course", str(course.root), *map(str, arguments)])
    return said.getvalue()


def feedback(course, student):
    return (course.root / "feedback" / student / "ex02" / "ex02.html").read_text(encoding="utf-8")


def tasks(row):
    return [row[f"task {number}"] for number in (1, 2, 3, 4)]


def test_everybody_has_a_row_and_a_line(cycle):
    _, said, rows, _ = cycle
    assert len(rows) == len(HONEST) + len(MIXED) + 22
    assert all(f" {name}: " in said for name in rows)


@pytest.mark.parametrize("name", ["right", "einsum", "loops", "float32"])
def test_right_answers_get_all_marks(cycle, name):
    assert tasks(cycle[2][name]) == ["2"] * 4
    assert (cycle[2][name]["state"], cycle[2][name]["by hand"]) == ("graded", "to grade")


def test_a_blank_submission_is_graded_and_gets_nothing(cycle):
    row = cycle[2]["blank"]
    assert (row["state"], row["points"], tasks(row)) == ("graded", "0", ["0"] * 4)


@pytest.mark.parametrize("name", MIXED)
def test_planted_mistakes_lose_their_tasks_and_are_named(cycle, name):
    course, _, rows, _ = cycle
    keys = MIXED[name][1]
    assert tasks(rows[name]) == ["0" if number in keys else "2" for number in (1, 2, 3, 4)]
    assert rows[name]["misconceptions"] == "; ".join(f"{number}: {key}" for number, key in keys.items())
    page = feedback(course, name)
    for number, key in keys.items():
        (says,) = [m.says for m in made.grading.exercise("ex02")[number].mistakes if m.key == key]
        assert says.split("’")[0][:40] in page


# Hostile and broken ones. Solutions are right unless the attack replaces them.


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("loop_cell", ["2", "2", "2", "2"]),
        ("loop_function", ["0", "2", "2", "2"]),
        ("memory", ["0", "2", "2", "2"]),
        ("deleted", ["2", "0", "2", "2"]),
        ("edited", ["2", "0", "2", "2"]),
        ("twice", ["2", "0", "2", "2"]),
        ("reads", ["2", "2", "2", "2"]),
        ("background", ["2", "2", "2", "2"]),
        ("socket", ["2", "2", "2", "2"]),
        ("disk", ["2", "2", "2", "2"]),
        ("output", ["2", "2", "2", "2"]),
        ("half_characters", ["0", "2", "2", "2"]),
        ("odd_metadata", ["2", "2", "2", "2"]),
    ],
)
def test_what_can_be_graded_is_graded(cycle, name, expected):
    assert cycle[2][name]["state"] == "graded", cycle[2][name]
    assert tasks(cycle[2][name]) == expected


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("loop_for_ever", "ungraded", "did not end in time"),
        ("exit_cell", "ungraded", "ended its process"),
        ("asks", "ungraded", "asked for the right version of task 1 before answering it"),
        ("exit_function", "ungraded", "the function of task 2 ended its process"),
        ("missing", "missing", "no file"),
        ("no_notebook", "ungraded", "not a notebook"),
        ("half_a_notebook", "ungraded", "not a notebook"),
    ],
)
def test_what_cannot_be_graded_is_reported_and_no_zero(cycle, name, state, reason):
    _, said, rows, page = cycle
    row = rows[name]
    assert row["state"] == state
    assert reason in row["reason"]
    assert row["points"] == ""
    assert f" {name}: {state.upper()}, " in said
    assert f"<td>{name}</td><td>{state}" in page


def test_who_asked_for_an_answer_stands_first_and_gets_no_point_for_it(cycle):
    course, _, rows, page = cycle
    assert tasks(rows["asks"]) == ["to grade", "2", "2", "2"]
    assert "asked for the right version of task 1" in rows["asks"]["flags"]
    assert page.index("<td>") == page.index("<td>asks</td>")
    assert "Not graded: asked for the right version" in feedback(course, "asks")


def test_patching_the_checks_is_no_way_to_points(cycle):
    assert "2" not in tasks(cycle[2]["patches"])


def test_forged_words_are_not_believed(cycle):
    """The functions are right; a submission that also says nonsense loses by it or not, and gains nothing."""
    row = cycle[2]["forges"]
    assert row["state"] == "ungraded" or tasks(row) == ["2"] * 4


@pytest.mark.parametrize(
    ("name", "flag"),
    [("deleted", "was deleted"), ("edited", "was edited"), ("twice", "two cells are called")],
)
def test_tampering_is_flagged(cycle, name, flag):
    _, said, rows, page = cycle
    assert flag in rows[name]["flags"]
    assert f"<td>{name}</td>" in page
    assert "✓ all is well" not in feedback(cycle[0], name).split("Task 2")[-1]


def test_nothing_was_seen_opened_or_filled(cycle):
    course = cycle[0]
    for name, said in [("reads", "nothing to see 0"), ("socket", "no network 0"), ("disk", "bounded")]:
        assert f"{said}\n" in printed(course, name)
    assert (course.root / "gradebook.db").read_bytes().startswith(b"SQLite format 3")


def printed(course, name):
    outputs = course.read("ex02", name).outputs.values()
    return [output["text"] for found in outputs for output in found if output["output_type"] == "stream"]


def test_output_is_shortened(cycle):
    assert "more characters" in "".join(printed(cycle[0], "output"))
    assert len(feedback(cycle[0], "output")) < 1_000_000


def test_no_solution_leaks_into_feedback(cycle):
    course = cycle[0]
    for name in ("blank", "reads", "patches"):
        page = feedback(course, name)
        assert "BEGIN SOLUTION" not in page
    assert "n_x * n_s + n_s * n_s" not in feedback(course, "blank")


def test_files_are_for_their_owner_alone(cycle):
    course = cycle[0]
    for name in ("source", "submitted", "grading", "autograded", "feedback"):
        assert (course.root / name).stat().st_mode & 0o077 == 0
    assert (course.root / "gradebook.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [path.stem for path in exercises.sources()])
def test_every_exercises_solution_is_right_in_the_sandbox(name):
    """Views and earlier functions work there too, without the modules that know the answers."""
    notebook = nbformat.read(exercises.SOURCE / name / f"{name}.ipynb", as_version=4)
    heard = talking.converse(name, marking._cells(notebook), "ada-1")
    assert heard.trouble == ""
    for number in made.grading.exercise(name):
        verdict = judge(name, number, "ada-1", heard.records[number], "refuse")
        assert verdict.passed, verdict.text


# Going on


def test_a_second_run_has_nothing_to_do(cycle):
    said = run(cycle[0], "autograde", "ex02")
    assert f"{len(cycle[2])} graded already, 0 to grade" in said


def test_one_student_and_one_task_can_be_graded_again(cycle):
    course = cycle[0]
    name = next(name for name, (_, keys) in MIXED.items() if 1 in keys)
    before = course.read("ex02", name)
    (after,) = grading.autograde(course, "ex02", [name], task=1)
    assert after.tasks == before.tasks
    nbformat.write(made.solved(), course.submission(name, "ex02"))
    (after,) = grading.autograde(course, "ex02", [name], task=1)
    assert all(after.tasks[number][0] for number in "1234"), "of another file, no verdict is kept"


def test_an_interruption_loses_nothing(cycle, monkeypatch):
    course = cycle[0]
    real, count = grading._finish, []

    def interrupted(*given):
        real(*given)
        count.append(given[2])
        if len(count) == 2:
            raise KeyboardInterrupt

    names = ["right", "einsum", "no_notebook", "blank"]
    for name in names:
        record = course.read("ex02", name)
        course.write("ex02", record._replace(fingerprint="old"))
    monkeypatch.setattr(grading, "_finish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grading.autograde(course, "ex02")
    monkeypatch.setattr(grading, "_finish", real)
    said = run(course, "autograde", "ex02")
    assert "2 to grade" in said
    assert all(course.read("ex02", name).fingerprint != "old" for name in names)


# Points given by hand


def by_hand(course, student, points, names=None):
    """What formgrader does when somebody types points."""
    with Gradebook(course.database) as gradebook:
        for grade in gradebook.find_submission("ex02", student).notebooks[0].grades:
            if not names or grade.cell.name in names:
                grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def row(course, student):
    return reporting._row(course, "ex02", student)


def question(course):
    """The name of the cell with the answer in words."""
    released = course.released("ex02")
    graded = {marking.role(cell)["grade_id"] for cell in released.cells if marking.role(cell).get("grade")}
    (name,) = graded - set(marking.checks(released))
    return name


def test_points_given_by_hand_survive_another_grading(cycle):
    course = cycle[0]
    by_hand(course, "float32", 1.5, [question(course)])
    expected = row(course, "float32")
    assert (expected["by hand"], expected["points"]) == ("1.5", "9.5")
    for how in ([], ["--task", "2"]):
        run(course, "autograde", "ex02", "--student", "float32", *how)
        assert row(course, "float32") == expected
    run(course, "release", "ex02")
    run(course, "autograde", "ex02", "--student", "float32")
    assert row(course, "float32") == expected


def test_points_given_by_hand_are_to_be_looked_at_again_for_another_file(cycle):
    course = cycle[0]
    by_hand(course, "loops", 1, [question(course)])
    nbformat.write(made.solved(step=made.styled("step", "einsum")), course.submission("loops", "ex02"))
    run(course, "autograde", "ex02")
    assert row(course, "loops")["by hand"] == "1, look again"
    assert row(course, "loops")["points"] == "9"


def test_an_ungraded_submission_can_be_graded_by_hand_altogether(cycle):
    """Even one that ended its process in its first cell is there to be read, and gets its feedback."""
    course = cycle[0]
    notebook = made.solved()
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import os\nos._exit(0)"))
    nbformat.write(notebook, course.submission("exit_cell", "ex02"))
    run(course, "autograde", "ex02")
    assert course.read("ex02", "exit_cell").outputs == {}
    by_hand(course, "exit_cell", 1)
    run(course, "autograde", "ex02", "--student", "exit_cell")
    assert (row(course, "exit_cell")["state"], row(course, "exit_cell")["points"]) == ("graded by hand", "5")
    run(course, "report", "ex02", course.root / "page.html")
    assert "<td>exit_cell</td>" not in (course.root / "page.html").read_text(encoding="utf-8")
    run(course, "feedback", "ex02", "--student", "exit_cell")
    assert "Not graded: it ended its process" in feedback(course, "exit_cell")


def test_what_nbgraders_button_removed_comes_back(cycle):
    course = cycle[0]
    shutil.rmtree(course.autograded("right", "ex02").parent)
    assert "1 to grade" in run(course, "autograde", "ex02")
    assert course.autograded("right", "ex02").exists()
