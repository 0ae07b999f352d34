"""Shared by all tests: one BLAS thread, figures without a screen, and how long each lesson computed."""

import json
import os
from collections import defaultdict
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import matplotlib  # noqa: E402  (NumPy reads the number of threads when it is imported)
import pytest  # noqa: E402

matplotlib.use("agg")  # here and not in os.environ: the kernels of the lessons would inherit that

ROOT = Path(__file__).resolve().parent.parent
SLACK = 3  # the tests of a busy machine may take this many times what a lesson states
_seconds = defaultdict(float)


def pytest_collection_modifyitems(items):
    """For `--dist loadgroup`: a file stays together, for its fixtures, but lessons in a browser do not."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        shared = file.endswith("test_lessons_in_browser.py")
        item.add_marker(pytest.mark.xdist_group(item.nodeid if shared else file))


@pytest.fixture(scope="session")
def root():
    """The project's folder."""
    return ROOT


def pytest_runtest_logreport(report):
    """Add up what nbval's cells take; the plugin reports each cell as a test."""
    file = report.nodeid.partition("::")[0]
    if report.when == "call" and file.endswith(".ipynb"):
        _seconds[file] += report.duration


def _stated(file):
    notebook = json.loads((ROOT / file).read_text(encoding="utf-8"))
    return notebook["metadata"].get("rnn_course", {}).get("run_seconds", 0)


def pytest_terminal_summary(terminalreporter):
    """Show measured beside stated seconds."""
    for file, seconds in sorted(_seconds.items()):
        terminalreporter.write_line(f"{file} computed for {seconds:.0f} s (states {_stated(file)} s)")


def pytest_sessionfinish(session):
    """A lesson that computes far longer than it states fails the run."""
    if hasattr(session.config, "workerinput"):
        return
    late = [file for file, seconds in _seconds.items() if seconds > SLACK * max(_stated(file), 10)]
    if late and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\nFAILED: these lessons compute more than {SLACK} times as long as they state: {late}")
