"""Set up the course's environment and run one of its tasks: `python tools/run.py lab`.

The only script that starts outside the environment: standard library alone, and old enough in its syntax
to tell a Python 2.7 that it is too old. `make` calls it; on Windows call it yourself (`py tools/run.py lab`).
"""

from __future__ import print_function

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 13)
NAMES = ["python3", "python3.13", "python3.12", "python3.11", "python3.14", "python", "py -3"]
INSTALL = {
    "lab": ["-r", "requirements.txt"],
    "test": ["-r", "requirements.txt", "-e", ".[test]"],
    "full": ["-r", "requirements.txt", "-e", ".[full]"],
}
LEVELS = ["lab", "test", "full"]
TASKS = {
    "setup": ("lab", None, "only create the environment"),
    "lab": ("lab", ["-m", "tools.lab"], "open the course in JupyterLab"),
    "test": ("test", ["-m", "tools.checks", "default"], "run every test except those of test-all"),
    "test-all": ("full", ["-m", "tools.checks", "extra"], "the tests with a browser, PyTorch and a clock"),
    "test-oldest": ("test", ["-m", "tools.versions", "oldest"], "the tests with the oldest versions allowed"),
    "test-newest": ("test", ["-m", "tools.versions", "newest"], "the tests with the newest versions"),
    "run-lessons": ("test", ["-m", "tools.run_lessons"], "execute the notebooks and store their outputs"),
    "tidy": ("test", ["-m", "tools.tidy"], "bring the stored notebooks into their normal form"),
    "exercises": ("test", ["-m", "tools.exercises"], "execute the exercises, make their release versions"),
    "teach": ("test", ["-m", "tools.teaching"], "the instructor's cycle, see docs/teaching.md"),
    "figures": ("test", ["figures/build.py"], "draw figures/*.svg again"),
    "picture": ("full", ["-m", "tools.readme_picture"], "draw the README's picture again"),
    "api": ("test", ["-m", "tools.api_page"], "write docs/api.md from the docstrings"),
    "bench": ("full", ["-m", "tools.checks", "bench"], "measure the speed, print the tables"),
    "lint": ("test", ["-m", "ruff", "check", "."], "check the style of the code"),
}
PROBE = """
import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps([list(sys.version_info[:3]), sys.executable, complete]))
"""
TOO_OLD = """
This course needs Python 3.11 or newer. Found here:
{found}
Get a newer one, then run the same command again:
  Windows, macOS   https://www.python.org/downloads/
  macOS, Homebrew  brew install python@3.13
  Debian, Ubuntu   sudo apt install python3 python3-venv   (Debian 12, Ubuntu 24.04 or newer)
  Fedora           sudo dnf install python3.13
  anywhere         uv python install 3.13
Is it installed in an unusual place? Name it: make lab PYTHON=/path/to/python3.13"""
NO_VENV = """
{path} is Python {version}, but its parts for creating environments are missing.
On Debian and Ubuntu they come with: sudo apt install python3-venv
Then run the same command again."""


class SetupError(Exception):
    """Something the reader has to put right; its text says what."""


def probe(command):
    """Ask one Python what it is: {command, version, path, complete}, or None if there is no such Python."""
    try:
        process = subprocess.Popen(command + ["-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        version, path, complete = json.loads(process.communicate()[0].decode())
    except (OSError, ValueError):
        return None
    return {"command": " ".join(command), "version": tuple(version), "path": path, "complete": complete}


def find_pythons(names=NAMES):
    """Every Python found: the running one first, then `names` as found on the PATH."""
    found = [probe([sys.executable])] + [probe(name.split()) for name in names]
    return [python for python in found if python]


def choose_python(found):
    """The first that is new enough and complete; a version not yet tested only if there is no other."""
    fit = [python for python in found if python["version"][:2] >= OLDEST]
    if not fit:
        lines = ["  Python {}  {}".format(dotted(python), python["path"]) for python in found]
        raise SetupError(TOO_OLD.format(found="\n".join(unique(lines)) or "  no Python at all"))
    complete = [python for python in fit if python["complete"]]
    if not complete:
        raise SetupError(NO_VENV.format(path=fit[0]["path"], version=dotted(fit[0])))
    return ([python for python in complete if python["version"][:2] <= NEWEST] or complete)[0]


def dotted(python):
    return ".".join(str(part) for part in python["version"])


def unique(items):
    return sorted(set(items), key=items.index)


def venv_python(venv=VENV):
    """Where the environment's own Python is, on this system."""
    return os.path.join(venv, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))


def fingerprint(level):
    """Changes whenever the set-up has to be done again: other requirements, another place, another level."""
    digest = hashlib.sha256(ROOT.encode("utf-8"))
    for part in INSTALL[level]:
        digest.update(part.encode("utf-8"))
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def is_ready(level):
    """True when the environment holds `level`, or more."""
    for candidate in LEVELS[LEVELS.index(level):]:
        try:
            with open(os.path.join(VENV, "course-{}.txt".format(candidate))) as file:
                if file.read() == fingerprint(candidate) and os.path.exists(venv_python()):
                    return True
        except (IOError, OSError):
            continue
    return False


def make_environment(level):
    """Create .venv if needed and install what `level` needs; at once when that was done before."""
    if is_ready(level):
        return
    if not environment_works():
        python = choose_python(find_pythons())
        print("Creating the environment .venv with Python {} ({})".format(dotted(python), python["path"]))
        if python["version"][:2] > NEWEST:
            print("The course was not yet tested with this version, only with 3.11 to 3.13.")
        if subprocess.call([python["path"], "-m", "venv", "--clear", VENV]):
            raise SetupError(NO_VENV.format(path=python["path"], version=dotted(python)))
    install(level)
    with open(os.path.join(VENV, "course-{}.txt".format(level)), "w") as file:
        file.write(fingerprint(level))


def environment_works():
    """An environment made by an old Python, or left behind by a moved or broken one, is made anew."""
    python = probe([venv_python()])
    return bool(python) and python["version"][:2] >= OLDEST and python["complete"]


def install(level):
    """Run pip quietly; one line shows how far it is, .venv/install.log has everything it said."""
    command = [venv_python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += INSTALL[level] + ["-c", "constraints.txt"]
    log_path = os.path.join(VENV, "install.log")
    print("Installing what the course needs (once; a minute or two)")
    with open(log_path, "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        progress = Progress()
        for line in iter(process.stdout.readline, b""):
            log.write(line)
            progress.read(line.decode("utf-8", "replace"))
        progress.stop()
    if process.wait():
        with open(log_path, "rb") as log:
            tail = log.read().decode("utf-8", "replace").splitlines()[-15:]
        raise SetupError("\n".join(tail + [
            "", "The installation failed; the lines above say why, all of them are in " + log_path,
            "Often it is the network: check the connection (or the proxy) and run the same command again."]))


class Progress:
    """One line that tells what pip is doing: rewritten in a terminal, every 15 seconds elsewhere."""

    def __init__(self):
        self.started, self.packages, self.doing = time.time(), 0, "starting"
        self.period = 1 if sys.stdout.isatty() else 15
        self.finished = threading.Event()
        self.thread = threading.Thread(target=self.tick)
        self.thread.start()

    def read(self, line):
        words = line.split()
        if words[:1] == ["Collecting"]:
            self.packages += 1
            self.doing = "{} packages, now {}".format(self.packages, words[1])
        elif words[:2] == ["Installing", "collected"]:
            self.doing = "unpacking {} packages".format(line.count(",") + 1)

    def tick(self):
        while not self.finished.wait(self.period):
            self.show(end="" if self.period == 1 else "\n")

    def show(self, end):
        text = "  {:3.0f} s  {}".format(time.time() - self.started, self.doing)
        print("\r" + text[:78].ljust(78) if self.period == 1 else text, end=end)
        sys.stdout.flush()

    def stop(self):
        self.finished.set()
        self.thread.join()
        self.doing = "done"
        self.show(end="\n")


def is_here(task):
    """Whether the files of a task are here: the zip file for students has neither tests nor all the tools."""
    command = TASKS[task][1] or [""]
    place = os.path.join(ROOT, command[1].replace(".", os.sep) if command[0] == "-m" else command[0])
    return command[1:2] == ["ruff"] or any(os.path.exists(path) for path in (place, place + ".py"))


def usage():
    lines = ["Usage: python tools/run.py TASK [options], or make TASK", ""]
    return "\n".join(lines + ["  {:12} {}".format(name, TASKS[name][2]) for name in TASKS if is_here(name)])


def main(arguments):
    if not arguments or arguments[0] not in TASKS or not is_here(arguments[0]):
        print(usage())
        return 0 if arguments in ([], ["help"]) else 2
    level, command, _ = TASKS[arguments[0]]
    try:
        make_environment(level)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    if command is None:
        print("Ready: " + VENV)
        return 0
    return hand_over([venv_python()] + command + arguments[1:])


def hand_over(command):
    """Become `command`, so that Ctrl-C reaches it alone (JupyterLab asks before it stops)."""
    sys.stdout.flush()
    os.chdir(ROOT)
    if os.name != "nt":
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
