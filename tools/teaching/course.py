"""Where things are: the folders of a course, nbgrader's settings for it, and the records of grading."""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat

__all__ = ["FOLDER", "Course", "Record"]

FOLDER = Path(__file__).resolve().parent.parent.parent / "notebooks" / "exercises"


class Record(NamedTuple):
    """What grading found out about one submission; kept as JSON.

    student : str
    state : str        "graded", "ungraded" or "missing"
    reason : str       why not "graded"
    flags : list       what is suspicious, in words
    tasks : dict       number -> [passed, key, text, used] as in `rnnlib.grading.Verdict`
    outputs : dict     index of a cell -> outputs
    seed : str
    handed_in : str    digest of the file: points given by hand belong to it
    fingerprint : str  of the submission and the exercise: the same need not be graded again
    seconds : float
    """

    student: str
    state: str
    reason: str = ""
    flags: list = []
    tasks: dict = {}
    outputs: dict = {}
    seed: str = ""
    handed_in: str = ""
    fingerprint: str = ""
    seconds: float = 0.0


class Course(NamedTuple):
    """A course's folder: source/, release/, submitted/, autograded/, feedback/, grading/, gradebook.db."""

    root: Path = FOLDER

    def notebook(self, kind, exercise):
        """The path of a source or release notebook."""
        return self.root / kind / exercise / f"{exercise}.ipynb"

    def submission(self, student, exercise):
        return self.root / "submitted" / student / exercise / f"{exercise}.ipynb"

    def autograded(self, student, exercise):
        """The submission with its verdicts, as nbgrader took it over."""
        return self.root / "autograded" / student / exercise / f"{exercise}.ipynb"

    def released(self, exercise):
        """The release notebook as it was handed out."""
        path = self.notebook("release", exercise)
        if not path.exists():
            raise SystemExit(f"There is no {path}. Run `make release EX={exercise}` first.")
        return nbformat.read(path, as_version=4)

    def students(self, exercise):
        """Everybody of whom there is a folder."""
        folders = (self.root / "submitted").glob(f"*/{exercise}")
        return sorted(path.parent.name for path in folders if path.is_dir())

    def protect(self):
        """Sources, gradebook and records are for their owner alone."""
        for name in ("source", "mistakes", "submitted", "grading", "autograded", "feedback", "gradebook.db"):
            if (self.root / name).exists():
                (self.root / name).chmod(0o600 if name.endswith(".db") else 0o700)

    def seed(self, exercise, student):
        """The seed of a student's inputs: the same at every grading, and not to be guessed."""
        digest = hashlib.sha256(f"{self._secret()} {exercise} {student}".encode("utf-8", "replace"))
        return f"{student}-{digest.hexdigest()[:8]}"

    def _secret(self):
        """Made once. It appears under its name with its text in it, and never replaces one that is there."""
        path = self.root / "grading" / "secret"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_name(f"secret.{secrets.token_hex(8)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(8))
            with contextlib.suppress(FileExistsError):  # somebody else was faster
                os.link(fresh, path)
            fresh.unlink()
        return path.read_text()

    # Records

    def read(self, exercise, student):
        """The record of a submission; None if it was never graded."""
        path = self._record(exercise, student)
        return Record(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def write(self, exercise, record):
        path = self._record(exercise, record.student)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(record._asdict()), encoding="utf-8")
        os.replace(fresh, path)  # an interruption leaves the old record or the new one

    def _record(self, exercise, student):
        return self.root / "grading" / exercise / f"{student}.json"

    # nbgrader

    def config(self):
        """nbgrader's settings for this folder."""
        from traitlets.config import PyFileConfigLoader

        config = PyFileConfigLoader("nbgrader_config.py", str(FOLDER)).load_config()
        config.CourseDirectory.root = str(self.root)
        config.CourseDirectory.db_url = self.database
        config.NbGrader.log_level = logging.ERROR
        return config

    @property
    def database(self):
        return f"sqlite:///{self.root}/gradebook.db"

    def api(self, config=None):
        """nbgrader's API. It calls alembic, which is installed beside this Python."""
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory

        os.environ.update(self.environment())
        config = config or self.config()
        return NbGraderAPI(CourseDirectory(config=config), config=config)

    def environment(self):
        """With the programs that are installed beside this Python."""
        here = str(Path(sys.executable).parent)
        paths = os.environ["PATH"].split(os.pathsep)
        return {**os.environ, "PATH": os.pathsep.join([here, *(path for path in paths if path != here)])}

    def release(self, exercise):
        """Make the release version and enter the exercise into the gradebook."""
        result = self.api().generate_assignment(exercise, force=True)
        if not result["success"]:
            raise SystemExit(f"nbgrader could not make {exercise}:\n{result['log']}")
        self.protect()
        print(f"{self.notebook('release', exercise)}\nIn the gradebook: {exercise}")
