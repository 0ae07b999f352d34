"""Take submissions from a folder, or from the zip file that a learning platform gives, into submitted/."""

import datetime
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

__all__ = ["PATTERNS", "collect"]

PATTERNS = {
    "Moodle": r"(?:.*/)?(?P<student>[^/]+?)_(?P<number>\d+)_assignsubmission_"
    r"(?:[^/]*/(?:.*/)?|[a-z]+_)(?P<file>[^/]+)",
    "Canvas": r"(?:.*/)?(?P<student>[^/_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)",
    "one folder a student": r"(?:.*/)?(?P<student>(?!ex\d\d/)[^/]+)/(?:ex\d\d/)?(?P<file>[^/]+)",
    "one file a student": r"(?P<student>[^/]+?)[-_ ](?P<file>ex\d\d[^/]*)",
}
"""Where the student's name is in a path, tried in this order. Another one: `--pattern`.

`number` tells two people of the same name apart."""
LARGEST = 50_000_000


class Found(NamedTuple):
    path: str
    when: datetime.datetime
    read: object


def collect(course, exercise, source, pattern=None):
    """Copy the newest notebook of every student; print what was taken and what was not.

    Parameters
    ----------
    course : Course
    exercise : str
    source : path of a folder or a zip file
    pattern : str, optional
        A regular expression with the groups `student` and `file`, for the whole path inside of `source`;
        a group `number` may tell people of the same name apart.

    Returns
    -------
    dict of student -> path inside of `source`, or None where there was no notebook
    """
    patterns = [pattern] if pattern else PATTERNS.values()
    newest, unknown = {}, []
    for found in _files(Path(source)):
        match = next((hit for one in patterns if (hit := re.fullmatch(one, found.path))), None)
        if not match:
            unknown.append(found.path)
            continue
        student = re.sub(r"[^\w.@+-]+", "-", match["student"]).strip("-.")
        who = student, match.groupdict().get("number")
        before = newest.setdefault(who, None)
        if match["file"].endswith(".ipynb") and (before is None or found.when > before.when):
            newest[who] = found
    newest = _told_apart(newest)
    for student, found in sorted(newest.items()):
        _take(course, exercise, student, found)
    _tell(exercise, newest, unknown)
    return {student: found and found.path for student, found in newest.items()}


def _told_apart(newest):
    """Student -> file. People of the same name get their platform's number after it."""
    people = Counter(student for student, _ in newest)
    for student in sorted(student for student, count in people.items() if count > 1):
        print(f"  {student}: {people[student]} people of this name, told apart by the platform's numbers")
    return {(f"{who[0]}-{who[1]}" if people[who[0]] > 1 else who[0]): found for who, found in newest.items()}


def _files(source):
    """Every file in a folder or zip file, whose paths are only read and never written to."""
    if source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            when = datetime.datetime.fromtimestamp(path.stat().st_mtime)
            yield Found(path.relative_to(source).as_posix(), when, path.read_bytes)
        return
    if not zipfile.is_zipfile(source):
        raise SystemExit(f"{source} is neither a folder nor a zip file.")
    archive = zipfile.ZipFile(source)
    for entry in archive.infolist():
        if not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
            large = entry.file_size > LARGEST
            read = (lambda: b"too large") if large else (lambda entry=entry: archive.read(entry))
            yield Found(entry.filename, datetime.datetime(*entry.date_time), read)


def _take(course, exercise, student, found):
    path = course.submission(student, exercise)
    path.parent.mkdir(parents=True, exist_ok=True)
    if found:
        path.write_bytes(found.read())
        (path.parent / "timestamp.txt").write_text(f"{found.when:%Y-%m-%d %H:%M:%S}")


def _tell(exercise, newest, unknown):
    none = [student for student, found in newest.items() if not found]
    print(f"{exercise}: {len(newest) - len(none)} notebooks collected")
    for student in sorted(none):
        print(f"  {student}: NO NOTEBOOK among the files submitted")
    for path in unknown:
        print(f"  not taken, whose is it? {path}")
