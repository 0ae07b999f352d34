"""Make the release versions of the exercises: nbgrader takes the solutions out of the source versions.

The sources are executed first and stored with their outputs, as the lessons are. A second run changes
nothing.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

from tools import run_lessons, tidy

EXERCISES = tidy.NOTEBOOKS / "exercises"
SOURCE, RELEASE, MISTAKES = EXERCISES / "source", EXERCISES / "release", EXERCISES / "mistakes"


def sources(names=()):
    """The source notebooks of the exercises named, or of all."""
    found = sorted(SOURCE.glob("ex*/ex*.ipynb"))
    unknown = sorted(set(names) - {path.stem for path in found})
    if unknown:
        known = ", ".join(path.stem for path in found)
        raise SystemExit(f"No exercise {', '.join(unknown)}; there are {known}.")
    return [path for path in found if not names or path.stem in names]


def released(names=()):
    """Name -> text of the release notebook, as nbgrader makes it from the source."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["PATH"] = programs  # nbgrader calls alembic, which is installed beside this Python
    with tempfile.TemporaryDirectory() as root:
        config = _config(Path(root))
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        texts = {}
        for path in sources(names):
            shutil.copytree(path.parent, Path(root, "source", path.stem))
            result = api.generate_assignment(path.stem, force=True)
            if not result["success"]:
                raise SystemExit(f"nbgrader could not make {path.stem}:\n{result['log']}")
            made = nbformat.read(Path(root, "release", path.stem, path.name), as_version=4)
            texts[path.stem] = tidy.dumps(tidy.tidied(made))
        return texts


def _config(root):
    """The course's own settings, for a folder that is thrown away."""
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(EXERCISES)).load_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    config.NbGrader.log_level = logging.ERROR
    return config


def write(names=()):
    """Write the release versions; the paths that changed."""
    changed = []
    for name, text in released(names).items():
        path = RELEASE / name / f"{name}.ipynb"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make exercises", description=__doc__.splitlines()[0])
    parser.add_argument("--as-stored", action="store_true", help="do not execute the sources before")
    parser.add_argument("names", nargs="*", help="ex01 and so on; all, if none is named")
    options = parser.parse_args(arguments)
    for path in () if options.as_stored else sources(options.names):
        print(f"{path.name} ...", end=" ", flush=True)
        print(f"{run_lessons.run_lesson(path):.0f} s")
    for path in write(options.names):
        print(f"wrote {path.relative_to(tidy.ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
