"""What students get: the course in one zip file, without solutions and known mistakes."""

import re
import zipfile
from pathlib import Path

__all__ = ["bundle", "contents", "readme"]

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ["README.md", "LICENSE", "LICENSE-CONTENT", "CHANGELOG.md", "Makefile", "requirements.txt"]
KEPT += ["constraints.txt", "pyproject.toml", "docs", "figures", "notebooks", "rnnlib"]
KEPT += ["tools/__init__.py", "tools/run.py", "tools/lab.py"]
LEFT_OUT = ["notebooks/exercises/", "docs/teaching.md", "docs/formgrader.png"]
BUT = "notebooks/exercises/release/"
SECTIONS = ("How it is checked", "Teaching with it", "Contributing")
"""Of the README, what is not for students."""
COMMANDS = ("help", "lab", "setup", "clean")
"""Of the Makefile, what works without tests and tools."""
NOISE = {"__pycache__", ".ipynb_checkpoints", ".jupyter", "rnnlib.egg-info"}


def contents():
    """Paths, relative to the project, of all that goes into the bundle."""
    paths = [path for name in KEPT for path in sorted([ROOT / name, *(ROOT / name).rglob("*")])]
    files = [path for path in paths if path.is_file() and not NOISE & set(path.parts)]
    names = [path.relative_to(ROOT).as_posix() for path in files]
    return [name for name in names if name.startswith(BUT) or not name.startswith(tuple(LEFT_OUT))]


def readme():
    """The README without the parts on tests, teaching and contributing, which are not in the bundle."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    kept = "".join(part for part in parts if not part.startswith(tuple(f"## {name}" for name in SECTIONS)))
    lines = [line for line in kept.splitlines() if not re.match(r"(make|py tools/run\.py) test\b", line)]
    return "\n".join(lines).replace("the same two commands are", "the same command is") + "\n"


def makefile():
    """The Makefile with the commands of `COMMANDS` alone; the first part has the variables."""
    first, *parts = (ROOT / "Makefile").read_text(encoding="utf-8").split("\n\n")
    kept = [part.rstrip("\n") for part in parts if part.startswith(tuple(f"{name}:" for name in COMMANDS))]
    return "\n\n".join([first, f".PHONY: {' '.join(COMMANDS)}", *kept]) + "\n"


def bundle(target):
    """Write the zip file; the number of its files."""
    names, written = contents(), {"README.md": readme(), "Makefile": makefile()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            if name in written:
                archive.writestr(f"rnn-course/{name}", written[name])
            else:
                archive.write(ROOT / name, f"rnn-course/{name}")
    print(f"{target}: {len(names)} files, {Path(target).stat().st_size / 1e6:.1f} MB")
    return len(names)
