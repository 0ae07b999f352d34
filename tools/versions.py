"""The tests in an environment of their own, with the oldest or the newest versions that the ranges allow.

Outputs are not compared there, only under constraints.txt: versions print numbers and objects differently.
The assertions in the lessons and all other tests count.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tools import checks, run

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ["numpy", "matplotlib", "sympy", "ipywidgets", "anywidget", "jupyterlab", "pytest", "hypothesis"]
REPORT = """
import platform, sys
from importlib.metadata import version
print(platform.python_version(), *(f"{name} {version(name)}" for name in sys.argv[1:]), sep=", ")
"""


def lower_bounds(text):
    """`name>=1.2` anywhere in a requirements file or pyproject.toml -> {name: "1.2"}.

    Examples
    --------
    >>> lower_bounds("numpy>=1.26,<3")
    {'numpy': '1.26'}
    """
    return dict(re.findall(r"([A-Za-z][\w-]*)>=([\d.]+)", text))


def oldest_constraints():
    """The text of a constraints file that holds every range at its lower end."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    test = "\n".join(project["optional-dependencies"]["test"])
    bounds = lower_bounds((ROOT / "requirements.txt").read_text(encoding="utf-8") + test)
    return "".join(f"{name}=={version}\n" for name, version in bounds.items())


def python_for(which):
    """The Python at that end of the range: the oldest here that fits, or the newest that is known to."""
    found = [python for python in run.find_pythons() if python["complete"]]
    fit = [python for python in found if run.OLDEST <= python["version"][:2] <= run.NEWEST]
    if not fit:
        raise SystemExit("No Python from 3.11 to 3.13 found.")
    return (min if which == "oldest" else max)(fit, key=lambda python: python["version"])["path"]


def make(which, folder):
    """Create the environment and install into it; its Python."""
    subprocess.run([python_for(which), "-m", "venv", "--clear", folder], check=True)
    python = run.venv_python(str(folder))
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += run.INSTALL["test"]
    if which == "oldest":
        constraints = folder / "oldest.txt"
        constraints.write_text(oldest_constraints())
        command += ["-c", str(constraints)]
    subprocess.run(command, check=True, cwd=ROOT)
    return python


def versions(python):
    """What is installed there, in one line for the table in CONTRIBUTING.md."""
    command = [python, "-c", REPORT, *SHOWN]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main(arguments):
    which, options = arguments[0], arguments[1:]
    folder = Path(tempfile.gettempdir(), f"rnn-course-{which}")
    print(f"Creating the environment {folder} (a minute or two)", flush=True)
    python = make(which, folder)
    print(versions(python), flush=True)
    command = [python, "-m", "tools.checks", "default", "--lax", *options]
    return subprocess.call(command, cwd=ROOT, env=checks.one_thread())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
