"""Generated submissions of exercise 2: right in several styles, mistaken in known ways, and hostile."""

import copy
import inspect
import json
import random

import nbformat

from rnnlib import grading
from tests.styles import ex02 as styles
from tools import exercises

SOURCE = exercises.SOURCE / "ex02" / "ex02.ipynb"
FUNCTIONS = {number: task.function for number, task in grading.exercise("ex02").items()}


def solved(**functions):
    """The notebook of a student who wrote these functions, and the solutions for the others."""
    notebook = nbformat.read(SOURCE, as_version=4)
    for cell in notebook.cells:
        lines = [line for line in cell.source.splitlines() if "SOLUTION" not in line]
        cell.source = "\n".join(lines)
        if cell.cell_type == "code":
            cell.outputs = []
        for name, source in functions.items():
            if cell.cell_type == "code" and f"def {name}(" in cell.source:
                cell.source = source
    return notebook


def with_cell(source, notebook=None):
    """A notebook with one more cell, before the first task."""
    notebook = notebook or solved()
    notebook.cells.insert(2, nbformat.v4.new_code_cell(source))
    return notebook


def styled(name, style):
    """A function of `tests/styles` under the name that the exercise asks for."""
    source = inspect.getsource(getattr(styles, f"{name}__{style}"))
    return f"import numpy as np\n{source.replace(f'{name}__{style}', name)}"


def blank():
    return nbformat.read(exercises.RELEASE / "ex02" / "ex02.ipynb", as_version=4)


def mistaken(seed):
    """(notebook, number -> key of the mistake in it): some tasks right, some with a known mistake."""
    rng, functions, keys = random.Random(seed), {}, {}
    for number, task in grading.exercise("ex02").items():
        if rng.random() < 0.6:
            mistake = rng.choice(task.mistakes)
            path = exercises.MISTAKES / "ex02" / f"{number}_{mistake.key.replace(' ', '_')}.py"
            functions[task.function] = path.read_text(encoding="utf-8")
            keys[number] = mistake.key
    return solved(**functions), keys


STEP = "def step(x_t, s_prev, W_x, W_s, b_s):\n    "
RIGHT = "return np.tanh(x_t @ W_x + s_prev @ W_s + b_s)"


def checks(notebook):
    return [cell for cell in notebook.cells if cell.source.startswith("grading.check")]


def test_deleted():
    notebook = solved(unfold="def unfold(*given):\n    return 0")
    notebook.cells.remove(checks(notebook)[1])
    return notebook


def tests_edited():
    notebook = solved(unfold="def unfold(*given):\n    return 0")
    checks(notebook)[1].source = "print('✓ all is well')"
    return notebook


def twice_the_same_id():
    notebook = solved(unfold="def unfold(*given):\n    return 0")
    forged = copy.deepcopy(checks(notebook)[1])
    forged.source = "print('✓ all is well')"
    notebook.cells.insert(1, forged)
    return notebook


def reading(paths):
    """Look for what must not be seen; what was found is printed and returned as an answer."""
    return with_cell(f"""
import os, glob
found = []
for path in {[str(path) for path in paths]!r}:
    for place in glob.glob(path + "/**", recursive=True) if os.path.isdir(path) else [path]:
        try:
            found.append(open(place).read())
        except OSError:
            pass
try:
    from rnnlib.grading import ex02
    found += [name for name in vars(ex02) if name in ("step", "TASKS")]
except ImportError:
    pass
print("FOUND" if found else "nothing to see", len(found))
""")


PATCHES = """
import numpy, sys, json
import rnnlib.grading, rnnlib.grading.calling, rnnlib.grading.plain
numpy.allclose = numpy.array_equal = lambda *a, **k: True
numpy.random.default_rng = lambda *a: None
rnnlib.grading.check = rnnlib.grading.verdict = lambda *a, **k: print("✓")
rnnlib.grading.calling.asked = lambda *a, **k: [{"value": {"array": "", "type": "<f8", "shape": [0]}}] * 6
"""

FORGES = """
import os, json
lines = "".join(json.dumps({"task": n, "records": [], "passed": True}) + "\\n" for n in (1, 2, 3, 4))
for descriptor in range(3, 64):
    try:
        os.write(descriptor, lines.encode())
    except OSError:
        pass
"""

BACKGROUND = """
import os, time
if os.fork() == 0:
    for _ in range(100):
        for path in {paths!r}:
            try:
                open(path, "r+b").write(b"0" * 1000)
            except OSError:
                pass
        time.sleep(0.1)
    os._exit(0)
"""

FOR_EVER = """
import time
while True:
    try:
        time.sleep(9)
    except BaseException:
        pass
"""

SOCKET = """
import socket
opened = 0
for address in [("127.0.0.1", 22), ("8.8.8.8", 53), {server!r}]:
    try:
        socket.create_connection(tuple(address), timeout=1)
        opened += 1
    except OSError:
        pass
print("OPENED" if opened else "no network", opened)
"""

DISK = """
written = 0
for folder in (".", "/", "/tmp", "/dev", "/dev/shm", "/course", "/course/rnnlib/grading/__pycache__"):
    try:
        for part in range(10):
            with open(f"{folder}/{part}", "wb") as file:
                for _ in range(10):
                    written += file.write(b"x" * 1_000_000)
    except OSError:
        pass
print("FILLED" if written > 50_000_000 else "bounded")
"""

ASKS = """
import sys
from rnnlib.grading import plain

def asked(name, task, *arguments):
    frame = sys._getframe()
    while "channel" not in frame.f_locals:
        frame = frame.f_back
    channel = frame.f_locals["channel"]
    channel.say(ask=name, task=task, arguments=[plain.encode(argument) for argument in arguments])
    return plain.natural(plain.decode(channel.answer()["value"]))

"""
"""Finds the way out of the sandbox, and has itself told what a later task would be told."""

HALF = 'def step(*given):\n    raise ValueError("caf\\udce9.txt")'


def odd_metadata():
    notebook = solved()
    notebook.cells[0].metadata["nbgrader"] = {"grade_id": ["x"]}
    return notebook


def hostile(course, server):
    """Name -> notebook, or the bytes of a file that is none; None for no file."""
    secrets = [course.root, course.root / "gradebook.db", exercises.EXERCISES, exercises.SOURCE]
    return {
        "loop_cell": with_cell("while True:\n    pass"),
        "loop_function": solved(step=STEP + "while True: pass"),
        "loop_for_ever": with_cell(FOR_EVER),
        "exit_cell": with_cell("import os\nos._exit(0)"),
        "exit_function": solved(unfold="def unfold(*given):\n    import os\n    os._exit(0)"),
        "memory": solved(step=STEP + f"a = np.ones(5 * 10**9)\n    {RIGHT}"),
        "deleted": test_deleted(),
        "edited": tests_edited(),
        "twice": twice_the_same_id(),
        "missing": None,
        "no_notebook": b"%PDF-1.4 this is not a notebook",
        "half_a_notebook": json.dumps(solved())[:2000].encode(),
        "reads": reading(secrets),
        "background": with_cell(BACKGROUND.format(paths=[str(path) for path in secrets])),
        "patches": with_cell(PATCHES),
        "forges": with_cell(FORGES),
        "socket": with_cell(SOCKET.format(server=list(server))),
        "disk": with_cell(DISK),
        "asks": solved(step=ASKS + "def step(*given):\n    return asked('step', 2, *given)"),
        "half_characters": with_cell('print("\\ud800")', solved(step=HALF)),
        "odd_metadata": odd_metadata(),
        "output": with_cell("for _ in range(1000):\n    print('x' * 100_000)"),
    }  # fmt: skip
