"""Every exercise: its solution gets all marks, the release none, and every known mistake loses its task.

The rules are written down for authors in CONTRIBUTING.md, "Writing an exercise".
"""

import ast
import contextlib
import doctest
import importlib
import inspect
import re
import types
from functools import lru_cache

import nbformat
import numpy as np
import pytest

from rnnlib import grading
from rnnlib.grading import calling, definitions
from tools import exercises, tidy

SEEDS = ("ada-1", "emmy-2", "alan-3")
NAMES = [path.stem for path in exercises.sources()]
TASKS = [(name, number) for name in NAMES for number in grading.exercise(name)]
MISTAKES = sorted(exercises.MISTAKES.glob("ex*/*.py"))
every_exercise = pytest.mark.parametrize("name", NAMES)
every_task = pytest.mark.parametrize(("name", "number"), TASKS)


def read(name, kind=exercises.SOURCE):
    return nbformat.read(kind / name / f"{name}.ipynb", as_version=4)


def role(cell):
    return cell.metadata["nbgrader"]


def code(name, kind=exercises.SOURCE):
    """What a learner's notebook defines: everything but the checks."""
    cells = [cell for cell in read(name, kind).cells if cell.cell_type == "code"]
    return [cell.source for cell in cells if not role(cell)["grade"]]


@lru_cache
def scope(name, kind=exercises.SOURCE):
    namespace = {}
    for source in code(name, kind):
        with contextlib.suppress(NotImplementedError):  # what a release asks for outside of functions
            exec(compile(source, name, "exec"), namespace)  # our own notebook
    return namespace


def judged(name, number, function, seed):
    return grading.verdict(name, number, function, seed)


def task_of(path):
    """(exercise, number) of a file `mistakes/ex02/1_transposed.py`."""
    return path.parent.name, int(path.name.partition("_")[0])


def sentence(path):
    """The first paragraph of a mistake's docstring: what its learner reads."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return " ".join(text.partition("\n\n")[0].split())


def mistaken(path):
    """The solution's namespace with the mistake put in its task's place; what was trained there stays."""
    solution = scope(task_of(path)[0])
    namespace = dict(solution)
    for key, value in solution.items():  # functions find each other in the namespace that they belong to
        if isinstance(value, types.FunctionType) and value.__globals__ is solution:
            namespace[key] = types.FunctionType(value.__code__, namespace, key, value.__defaults__)
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), namespace)
    return namespace


# Marks


@every_task
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_gets_full_marks(name, number, seed):
    found = judged(name, number, scope(name)[definitions.task(name, number).function], seed)
    assert found.passed, found.text
    assert not found.used, "the solution is to be written without rnnlib's own"


@every_task
def test_the_untouched_release_gets_nothing(name, number):
    function = scope(name, exercises.RELEASE)[definitions.task(name, number).function]
    assert judged(name, number, function, SEEDS[0]).key == "blank"


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_mistake_loses_exactly_its_task_and_is_named(path):
    name, number = task_of(path)
    namespace = mistaken(path)
    tasks = grading.exercise(name)
    for seed in SEEDS:
        found = judged(name, number, namespace[tasks[number].function], seed)
        assert not found.passed
        assert sentence(path) in " ".join(found.text.split())
        assert found.key in [mistake.key for mistake in tasks[number].mistakes]
    for other in tasks.keys() - {number}:
        found = judged(name, other, namespace[tasks[other].function], SEEDS[0])
        assert found.passed, found.text


def test_there_are_enough_mistakes():
    assert len(MISTAKES) >= min(80, 9 * len(NAMES))


@every_task
def test_every_known_mistake_has_its_file_and_its_own_sentence(name, number):
    known = [mistake.says for mistake in definitions.task(name, number).mistakes]
    shown = [sentence(path) for path in MISTAKES if task_of(path) == (name, number)]
    assert len(known) == len(set(known)) >= 4
    assert sorted(known) == sorted(shown)


def styles():
    for name in NAMES:
        module = importlib.import_module(f"tests.styles.{name}")
        for style, function in vars(module).items():
            if "__" in style.strip("_"):
                yield pytest.param(name, function, id=f"{name}-{style}")


@pytest.mark.parametrize(("name", "function"), list(styles()))
def test_other_right_answers_pass(name, function):
    wanted = function.__name__.partition("__")[0]
    (number,) = [n for n, task in grading.exercise(name).items() if task.function == wanted]
    for seed in SEEDS:
        found = judged(name, number, function, seed)
        assert found.passed, found.text


@every_exercise
def test_there_are_right_answers_in_other_styles(name):
    found = [parameter for parameter in styles() if parameter.values[0] == name]
    assert len(found) >= 2 * len(grading.exercise(name))


# Messages


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_message_never_tells_the_answer(path):
    name, number = task_of(path)
    task = definitions.task(name, number)
    found = judged(name, number, mistaken(path)[task.function], SEEDS[0])
    told = {float(text) for text in re.findall(r"-?\d+\.\d{3,}", found.text)}
    for given in definitions.inputs(name, number, SEEDS[0]):
        value = task.reference(*given.values())
        value = task.view(value, given) if task.view else value
        right = {round(float(entry), 3) for entry in numbers(value)}
        assert not {round(entry, 3) for entry in told} & right


def numbers(value):
    if isinstance(value, (tuple, list)):
        return [entry for part in value for entry in numbers(part)]
    return [] if isinstance(value, str) or value is None else np.ravel(np.asarray(value, float)).tolist()


@every_task
def test_the_place_to_reread_exists(name, number):
    task = definitions.task(name, number)
    for place in {task.reread, *(mistake.reread or task.reread for mistake in task.mistakes)}:
        digits = "".join(filter(str.isdigit, place.lesson))
        (path,) = tidy.NOTEBOOKS.glob(f"{digits:0>2}{place.lesson.removeprefix(digits)}_*")
        assert place.heading in headings(nbformat.read(path, as_version=4)), place


@every_task
def test_inputs_hide_no_mistake_and_can_be_repeated(name, number):
    one, again, other = (definitions.inputs(name, number, seed) for seed in (SEEDS[0], SEEDS[0], SEEDS[1]))
    assert len(one) == definitions.task(name, number).trials >= 3
    assert all(calling._same(a, b) for first, second in zip(one, again, strict=True) for a, b in
               zip(first.values(), second.values(), strict=True))  # fmt: skip
    assert not all(calling._same(a, b) for first, second in zip(one, other, strict=True) for a, b in
                   zip(first.values(), second.values(), strict=True))  # fmt: skip


@every_task
def test_known_mistakes_can_take_inputs(name, number):
    """One that always raises would agree with every error."""
    task = definitions.task(name, number)
    for mistake in (mistake for mistake in task.mistakes if mistake.answer):
        returned = 0
        for given in definitions.inputs(name, number, SEEDS[0]):
            with contextlib.suppress(Exception), np.errstate(all="ignore"):
                mistake.answer(*given.values())
                returned += 1
        assert returned, mistake.key


# The notebooks


def text(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def headings(notebook):
    return re.findall(r"^#+ (.+)$", text(notebook), re.MULTILINE)


@pytest.fixture(scope="session")
def released():
    return exercises.released()


@every_exercise
def test_the_release_is_what_nbgrader_makes_of_the_source(name, released):
    stored = (exercises.RELEASE / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert stored == released[name], "run make exercises"


@every_exercise
def test_the_release_holds_no_solution(name):
    released = (exercises.RELEASE / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in released
    assert "HIDDEN" not in released
    assert '"output_type"' not in released
    for cell in read(name).cells:
        for part in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL):
            lines = [line.strip() for line in part.splitlines() if len(line.strip()) > 12]
            assert lines
            assert not [line for line in lines if line in released]


@every_exercise
def test_the_source_is_tidy_and_executed(name):
    path = exercises.SOURCE / name / f"{name}.ipynb"
    assert tidy.tidy_file(path, check=True), "run make exercises"
    checks = [cell for cell in read(name).cells if cell.cell_type == "code" and role(cell)["grade"]]
    assert all(cell.outputs and cell.outputs[0].text.startswith("✓") for cell in checks)


@every_exercise
def test_every_task_has_its_parts(name):
    cells = read(name).cells
    assert cells[0].source.startswith(f"# Exercise {int(name[2:])}. ")
    solutions = [i for i, cell in enumerate(cells) if cell.cell_type == "code" and role(cell)["solution"]]
    tasks = grading.exercise(name)
    assert 3 <= len(tasks) == len(solutions) <= 5
    for (number, task), i in zip(tasks.items(), solutions, strict=True):
        told, written, check = cells[i - 1 : i + 2]
        assert told.source.startswith(f"## Task {number}. ")
        assert ">>>" in told.source
        assert "Where the idea is: lesson" in told.source
        assert "<details><summary>Hint" in told.source
        assert list(inspect.signature(scope(name)[task.function]).parameters) == list(
            definitions.inputs(name, number, "")[0]
        )
        assert f"def {task.function}(" in written.source
        assert check.source == f'grading.check("{name}", {number}, {task.function})'
        assert role(check)["points"] >= 1
        assert role(check)["locked"]


@every_exercise
def test_at_most_one_question_is_graded_by_hand(name):
    by_hand = [cell for cell in read(name).cells if role(cell)["grade"] and role(cell)["solution"]]
    assert len(by_hand) <= 1


@every_exercise
def test_the_examples_are_true(name):
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    failed = []
    for block in re.findall(r"```python\n(.*?)```", text(read(name)), re.DOTALL):
        runner.run(parser.get_doctest(block, dict(scope(name)), name, None, 0), out=failed.append)
    assert runner.tries, "no examples"
    assert not failed, "".join(failed)


def test_the_first_exercise_shows_what_a_check_says():
    newest_first = mistaken(exercises.MISTAKES / "ex01/2_newest_first.py")["windows"]

    def windows(x, w):
        return scope("ex01")["windows"](x, w) * (np.arange(len(x)) >= w - 1)[:, None]

    shown = re.findall(r"```text\n(.*?)\n```", text(read("ex01")), re.DOTALL)
    for sample, answer in zip(shown, (newest_first, windows), strict=True):
        with pytest.raises(grading.Wrong) as caught:
            grading.check("ex01", 2, answer, seed="ada-271828")
        assert sample in str(caught.value)


@every_exercise
def test_links_lead_somewhere(name):
    where = exercises.RELEASE / name
    for target in re.findall(r"\]\(((?:[^()\s]|\([^()]*\))+)\)", text(read(name))):
        file, _, anchor = target.partition("#")
        if target.startswith("http"):
            continue
        assert (where / file).exists(), target
        anchors = [
            heading.replace(" ", "-") for heading in headings(nbformat.read(where / file, as_version=4))
        ]
        assert not anchor or anchor in anchors, target


@every_exercise
def test_minutes_are_stated(name):
    notebook = read(name)
    minutes = notebook.metadata["rnn_course"]["minutes"]
    assert 20 <= minutes <= 60
    assert f"{minutes} minutes" in notebook.cells[0].source


@every_exercise
def test_the_lesson_links_its_exercise(name):
    (lesson,) = tidy.NOTEBOOKS.glob(f"{name[2:]}_*.ipynb")
    cells = nbformat.read(lesson, as_version=4).cells
    (cell,) = [cell for cell in cells if "exercise" in cell.metadata.get("tags", [])]
    assert f"exercises/release/{name}/{name}.ipynb" in cell.source
