"""Take submissions from a folder, or from the zip file that a learning platform gives, into submitted/."""

import datetime
import json
import re
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

__all__ = ["PATTERNS", "Person", "collect"]

PATTERNS = {
    "Moodle": [
        r"(?P<student>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:[^/]*/(?:.*/)?|[a-z]+_)(?P<file>[^/]+)"
    ],
    "Canvas": [r"(?P<student>[^/_]+)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)"],
    "a folder or a file a student": [
        r"(?i:ex\d\d/)?(?P<student>(?!(?i:ex)\d\d/)[^/]+?)(?i:[-_ ]ex\d\d)?/(?:.*/)?(?P<file>[^/]+)",
        r"(?i:ex\d\d/)?(?P<student>[^/]+?)[-_ ](?P<file>(?i:ex)\d\d[^/]*)",
    ],
}
"""Where the student's name is in a path: in its first folder, as what is further inside is named by students.

The first of these that fits half of the files is used for all of them. Another one: `--pattern`.
`number` tells two people of the same name apart."""
PLATFORMS = ("Moodle", "Canvas")
RUBBISH = re.compile(r"(?:.*/)?(?:\.ipynb_checkpoints/|__MACOSX/|\._)", re.DOTALL)
EXERCISE = re.compile(r"(?<![^\W_])ex\d\d(?!\d)", re.IGNORECASE)
LARGEST = 50_000_000
WHOSE = "whose.json"
"""The file beside a submission that says to whom it belongs. Without it, to whoever has the folder's name."""


class Person(NamedTuple):
    """Who handed in, as the platform says it; names can be alike and numbers missing."""

    name: str
    number: str = ""

    @property
    def folder(self):
        """The name as a folder's and a student's: letters, digits and ``_.@+-``, nothing odd at its ends.

        A table would take a name that begins with + or @ for a formula.
        """
        kept = [c if c in "_.@+-" or unicodedata.category(c)[0] in "LNM" else " " for c in self.name]
        return "-".join("".join(kept).split()).lstrip("-.+@").rstrip("-.")

    def __str__(self):
        return f'"{_shown(self.name)}"' + f" ({self.number})" * bool(self.number)


class Found(NamedTuple):
    path: str
    when: datetime.datetime
    read: object
    exercises: frozenset = frozenset()

    @property
    def is_notebook(self):
        return self.path.lower().endswith(".ipynb")

    @property
    def age(self):
        """Grows with what is newer; Canvas counts what was handed in again: ex02-1.ipynb."""
        again = re.search(r"-(\d{1,3})\.\w+$", self.path)
        return self.when, int(again[1]) if again else 0


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
    dict of student -> path inside of `source`, or None where there was no notebook that could be read
    """
    files = [found for found in _files(Path(source)) if not RUBBISH.match(found.path)]
    people, unknown = _people(course, files, pattern)
    names = _named(course, exercise, people)
    taken = {}
    for person, name in sorted(names.items(), key=lambda pair: pair[1]):
        best = _best(exercise, name, people[person])
        taken[name] = best.path if _take(course, exercise, person, name, best) else None
    print(f"{exercise}: {sum(map(bool, taken.values()))} notebooks collected")
    for path in unknown:
        print(f"  not taken, whose is it? {_shown(path)}")
    return taken


def _shown(text):
    """Without what a terminal could not print, or would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _listed(files):
    """Paths with their times; of many the first."""
    texts = [f"{_shown(found.path)} ({found.when:%Y-%m-%d %H:%M})" for found in files[:5]]
    return ", ".join(texts) + f" and {len(files) - 5} more" * (len(files) > 5)


# Whose files


def _people(course, files, pattern):
    """(person -> their files, paths of files that are nobody's)."""
    root, patterns = ("", [pattern]) if pattern else _layout(course, files)
    people, unknown = {}, []
    for found in files:
        path = found.path.removeprefix(root)
        match = _match(path, patterns)
        if not match:
            unknown.append(found.path)
            continue
        rest = PurePosixPath(root + path[: match.start("student")] + path[match.end("student") :])
        named = EXERCISE.findall(rest.name) or EXERCISE.findall(str(rest))
        found = found._replace(exercises=frozenset(map(str.lower, named)))
        people.setdefault(_person(match), []).append(found)
    return people, unknown


def _match(path, patterns):
    return next((hit for one in patterns if (hit := re.fullmatch(one, path, re.DOTALL))), None)


def _person(match):
    name = unicodedata.normalize("NFC", match["student"])  # macOS writes é as e and an accent
    return Person(name, match.groupdict().get("number") or "")


def _layout(course, files):
    """(folder around all students or "", the patterns that the whole source follows)."""
    notebooks = [found for found in files if found.is_notebook] or files
    root = _root(course, [found.path for found in notebooks])
    if root:
        print(f"  {_shown(root)} was taken for the folder around all students, not for a student")
    inside = [found.path.removeprefix(root) for found in files]
    hits = {name: sum(bool(_match(path, PATTERNS[name])) for path in inside) for name in PATTERNS}
    chosen = next((name for name, count in hits.items() if 2 * count >= len(files)), max(hits, key=hits.get))
    return root, PATTERNS[chosen]


def _root(course, paths):
    """The one folder in which everything is, if it holds students and is none itself; else ""."""
    first = {path.partition("/")[0] for path in paths}
    if len(first) != 1 or "/" not in paths[0] or _match(paths[0], PATTERNS["Moodle"]):
        return ""
    root = first.pop()
    student = Person(root).folder
    if student and (course.root / "submitted" / student).is_dir():
        return ""
    for name, patterns in PATTERNS.items():
        hits = [match for path in paths if (match := _match(path.removeprefix(root + "/"), patterns))]
        people = {_person(match) for match in hits}
        if name in PLATFORMS and 2 * len(hits) >= len(paths):
            return root + "/"
        if len(hits) == len(paths) and len(people) > 1:  # a student alone may have a folder in a folder
            return root + "/"
    if not EXERCISE.fullmatch(root) and any(path.count("/") > 1 for path in paths):
        print(f"  {_shown(root)}/ was taken for a student; if students are in it, collect from inside of it")
    return ""


def _named(course, exercise, people):
    """Person -> student, for those who can be told from everybody else, now and in what was collected before.

    People of one name get the platform's number after it. Who has no number is refused, with both names.
    """
    before, elsewhere, names = _before(course, exercise), _before(course, "*"), {}
    for person in sorted(people):
        alike = {one for one in (*people, *before) if one.folder.casefold() == person.folder.casefold()}
        name = before.get(person) or elsewhere.get(person) or _told_apart(person, alike)
        held = {student.casefold(): one for one, student in (*before.items(), *names.items())}
        holder = held.get(name.casefold(), person)
        if name and holder == person:
            names[person] = name
            continue
        who = ", ".join(map(str, sorted((alike | {holder}) - {person})))
        why = f"it would be {name or person.folder} as well as {who}; rename one"
        if not person.folder:
            why = "nothing is left of this name; expected letters or digits"
        print(f"  {person}: NOT TAKEN, {why}: {_listed(people[person])}")
    return names


def _before(course, exercise):
    """Person -> student, of what was collected before of this exercise; of all of them for "*"."""
    known = {}
    for path in sorted((course.root / "submitted").glob(f"*/{exercise}/{WHOSE}")):
        try:
            known[Person(**json.loads(path.read_text(encoding="utf-8")))] = path.parent.parent.name
        except (OSError, ValueError, TypeError):  # then the folder is of whoever has its name
            continue
    return known


def _told_apart(person, alike):
    """The name of a student's folder; "" if nothing tells this person from the others."""
    if len(alike) == 1 or not person.folder:
        return person.folder
    name = person.number and f"{person.folder}-{person.number}"
    if name:
        print(f"  {person.folder}: {len(alike)} people of this name; {person} is {name}")
    return name


# Which file, and what of it can be read


def _best(exercise, student, files):
    """The newest notebook that names the exercise, or else that names none; None without any."""
    notebooks = [found for found in files if found.is_notebook]
    fitting = [found for found in notebooks if exercise in found.exercises or not found.exercises]
    if not fitting:
        print(f"  {student}: NO NOTEBOOK of {exercise} among the files submitted: {_listed(files)}")
        return None
    best = max(fitting, key=lambda found: (exercise in found.exercises, found.age))
    others = [found for found in fitting if found is not best]
    if others:
        print(f"  {student}: {len(fitting)} notebooks, taken {_listed([best])}, not {_listed(others)}")
    return best


def _files(source):
    """Every file in a folder or zip file, whose paths are only read and never written to."""
    if source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            when = datetime.datetime.fromtimestamp(path.stat().st_mtime)
            yield Found(path.relative_to(source).as_posix(), when, path.read_bytes)
        return
    if not zipfile.is_zipfile(source):
        raise SystemExit(f"{source} is neither a folder nor a zip file.")
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise SystemExit(f"{source} is a damaged zip file ({error}). Download it again.") from None
    for entry in archive.infolist():
        if not entry.is_dir():
            large = entry.file_size > LARGEST
            read = (lambda: b"too large") if large else (lambda entry=entry: archive.read(entry))
            yield Found(entry.filename, _date(entry), read)


def _date(entry):
    try:
        return datetime.datetime(*entry.date_time)
    except ValueError:  # some programs write zeros
        return datetime.datetime(1980, 1, 1)


def _take(course, exercise, person, student, found):
    """Make the student's folder and copy the notebook; return whether there is one."""
    path = course.submission(student, exercise)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / WHOSE).write_text(json.dumps(person._asdict()), encoding="utf-8")
        if found:
            path.write_bytes(found.read())
            (path.parent / "timestamp.txt").write_text(f"{found.when:%Y-%m-%d %H:%M:%S}")
    except Exception as error:  # a zip file can be broken in many ways; the others still have to be collected
        where = _shown(found.path) if found else path
        print(f"  {student}: NOT TAKEN, {where} cannot be copied ({_shown(str(error))}); ask for it again")
        return False
    return bool(found)
