"""The conversation with a submission: who may ask what and when, and what is made of odd words.

Without walls here, to be quick: what the trusted side makes of the words is the same.
"""

import json
import sys

import nbformat
import numpy as np
import pytest

from rnnlib import grading
from rnnlib.grading import plain
from rnnlib.grading.judging import judge
from tests import submissions as made
from tools import exercises
from tools.teaching import marking, talking

RECORD = {"error": "x"}
ASK = {"ask": "step", "task": 2, "arguments": []}


def heard_of(name, last_cell):
    """What the exercise's solution says, with one more cell at its end."""
    notebook = nbformat.read(exercises.SOURCE / name / f"{name}.ipynb", as_version=4)
    cells = [*marking._cells(notebook), (len(notebook.cells), last_cell)]
    return talking.converse(name, cells, "ada-1", "none")


def passed(name, heard):
    return {number: judge(name, number, "ada-1", found).passed for number, found in heard.records.items()}


@pytest.fixture
def says(monkeypatch, tmp_path):
    """A conversation about exercise 2 with somebody who says these lines; also what was answered."""
    words_file = tmp_path / "words"
    script = f"print(open({str(words_file)!r}).read(), flush=True)"

    def says(*words, raw=""):
        answered = []
        lines = [json.dumps(said) for said in words] + [raw] * bool(raw) + ['{"done": true}']
        words_file.write_text("\n".join(lines))
        monkeypatch.setattr(talking.sandbox, "command", lambda kind: [sys.executable, "-c", script])
        monkeypatch.setattr(talking, "_packed", lambda request: b"")
        monkeypatch.setattr(
            talking._Conversation, "_write", lambda _, content: answered.extend(content.splitlines())
        )
        heard = talking.converse("ex02", [], "ada-1")
        return heard, [json.loads(line) for line in answered]

    return says


# Turns


@pytest.mark.parametrize("name", grading.EXERCISES)
def test_only_functions_of_earlier_tasks_are_told(name):
    tasks = grading.exercise(name)
    numbers = {task.function: number for number, task in tasks.items()}
    assert len(numbers) == len(tasks)
    assert all(numbers[used] < number for number, task in tasks.items() for used in task.uses)


def test_an_honest_solution_is_told_all_it_needs():
    heard = heard_of("ex07", "pass")
    assert (heard.trouble, heard.flags) == ("", [])
    assert passed("ex07", heard) == dict.fromkeys(range(1, 6), True)


def test_an_answer_that_was_told_is_no_answer():
    gates = "def gates(*given): return asked('gates', 2, *given)\n"
    heard = heard_of("ex07", f"{made.ASKS}{gates}def step(*given): return asked('step', 3, *given)")
    assert passed("ex07", heard) == {3: True, 4: True, 5: True}
    assert heard.flags == [f"asked for the right version of task {n} before answering it" for n in (1, 2)]


def test_a_later_function_tells_nothing_of_an_earlier_one_in_time():
    """The gates can be worked out from steps."""
    heard = heard_of("ex07", made.ASKS + "def gates(*given): return asked('step', 3, *given)")
    assert 1 not in heard.records
    assert heard.flags


@pytest.mark.parametrize("end", ["raise NotImplementedError", "import os; os._exit(0)", "return 0"])
def test_after_an_open_task_the_later_ones_are_told_its_right_version(end):
    heard = heard_of("ex07", f"def gates(*given):\n    {end}")
    assert heard.flags == []
    found = passed("ex07", heard)
    assert not found.pop(1, False)
    assert found == {2: True, 3: True, 4: True, 5: True}


def test_the_first_answer_counts_and_comes_before_the_question(says):
    first, second = [RECORD], [{"value": "told"}]
    heard, answered = says({"task": 1, "records": first}, ASK, {"task": 1, "records": second})
    assert heard.records[1][0]["error"] == "x"
    assert heard.flags == ["answered task 1 twice"]
    assert "cannot take these arguments" in answered[0]["error"]
    heard, _ = says(ASK, {"task": 1, "records": first}, {"task": 2, "records": first})
    assert list(heard.records) == [2]
    assert heard.flags == ["asked for the right version of task 1 before answering it"]
    heard, _ = says({"task": 3, "records": first}, {"task": 1, "records": first})
    assert (list(heard.records), heard.flags) == ([3], ["answered task 1 out of turn"])


def test_a_task_that_is_over_asks_nothing(says):
    _, answered = says({"task": 2, "records": [RECORD]}, ASK, {**ASK, "task": 4}, {**ASK, "ask": "unfold"})
    assert answered[0] == {"error": "task 2 is over"}
    assert [answer["error"] for answer in answered[1:]] == ["there is no such function", "task 2 is over"]


# What is asked


def asked(says, *shapes):
    arguments = [plain.encode(np.ones(shape)) for shape in shapes]
    for argument, shape in zip(arguments, shapes, strict=True):
        argument["shape"] = list(shape)
    return says({**ASK, "arguments": arguments})[1][0]


def test_a_question_of_the_usual_size_is_answered(says):
    assert "value" in asked(says, (3, 4), (3, 5), (4, 5), (5, 5), (5,))


@pytest.mark.parametrize(
    "shapes",
    [
        [(6000, 1), (6000, 1), (1, 6000), (1, 6000), (6000,)],
        [(500, 1), (500, 1), (1, 500), (1, 500), (500,)],
        [(9000, 0), (9000, 0), (0, 9000), (0, 9000), (9000,)],
        [(2000,), (2000,), (1, 1), (1, 1), (1,)],
        [(30, 1, 1), (1, 30, 1), (1, 1, 30), (1,), (1,)],
    ],
)
def test_a_question_much_larger_than_the_task_is_refused(says, shapes):
    expected = {"error": "the arguments of step are much larger than those of this task"}
    assert asked(says, *shapes) == expected


# Odd words


def test_half_a_character_is_no_text(says):
    record = {"error": "caf\udce9.txt", "used": ["\ud800"]}
    heard, _ = says({"cell": 0, "outputs": ["\ud800"]}, {"task": 1, "records": [record]})
    assert heard.outputs == {0: ["?"]}
    assert heard.records == {1: [{"error": "caf?.txt", "used": []}]}


def test_whole_characters_stay(says):
    heard, _ = says({"task": 1, "records": [{"error": "∂ and 🙂"}]})
    assert heard.records[1][0]["error"] == "∂ and 🙂"


def test_only_names_of_the_library_were_used(says):
    names = ["rnnlib.cells.rnn.RNN.step", "rnnlib.bptt.f.<locals>.<lambda>", "=cmd|' /C calc'!A0", 7, ["x"]]
    heard, _ = says({"task": 1, "records": [{"used": names, "error": 10**5 * "x"}]})
    assert heard.records[1][0]["used"] == names[:2]
    assert len(heard.records[1][0]["error"]) == 1000


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("[" * 100_000, "RecursionError"),
        ("[]", "TypeError"),
        ("{}", "KeyError"),
        ("7", "TypeError"),
        ('{"task": 9, "records": []}', "KeyError"),
        ('{"task": [], "records": []}', "TypeError"),
        ('{"task": 2, "records": [1]}', "TypeError"),
        ('{"task": 2, "records": [{"used": 1}]}', "TypeError"),
        ('{"task": 2, "records": [{"value": {"array": "", "shape": [10000000000, 0]}}]}', "OverflowError"),
        ("{", "JSONDecodeError"),
    ],
)
def test_what_cannot_be_read_ends_the_conversation(says, raw, kind):
    heard, _ = says({"task": 1, "records": [RECORD]}, raw=raw)
    assert heard.trouble == f"it said what could not be read ({kind})"
    assert list(heard.records) == [1]
