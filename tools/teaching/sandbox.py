"""The sandbox around a submission: bubblewrap, with limits. No network, no files but a Python and rnnlib.

Of rnnlib the modules with the right answers are covered. Without bubblewrap nothing is graded, unless
somebody says so by name: reasonable in a container or a virtual machine of its own, not on a desk.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["KINDS", "LIMITS", "Missing", "command", "environment", "require"]

ROOT = Path(__file__).resolve().parent.parent.parent
KINDS = ("bubblewrap", "none")
LIMITS = {"as": 4_000_000_000, "cpu": 120, "nproc": 256, "fsize": 20_000_000, "core": 0}
"""Bytes of memory, seconds of one process, processes, bytes of a file."""
HOME = "/space"
SPACE = 50_000_000
"""Bytes that all files of a submission may take together; they live in memory."""

HELP = """Submissions are graded in a sandbox, and here is none: {reason}
  Debian, Ubuntu   sudo apt-get install bubblewrap
  Fedora           sudo dnf install bubblewrap
macOS and Windows have no bubblewrap. Grade in a Linux container that has no network and only this folder:
  docker run --rm --network none -v "$PWD":/course -w /course --memory 6g --pids-limit 512 IMAGE \\
      .venv/bin/python -m tools.teaching autograde ex01 --sandbox none
(`--sandbox none` runs submissions with limits, but able to read and write what you can.)"""


class Missing(RuntimeError):
    """There is no sandbox on this machine."""


def require(kind):
    """Refuse to go on where `kind` does not work."""
    if kind not in KINDS:
        raise ValueError(f"sandbox is {kind!r}; expected one of {', '.join(KINDS)}")
    reason = _trouble() if kind == "bubblewrap" else None
    if reason:
        raise Missing(HELP.format(reason=reason))


@functools.cache
def _trouble():
    """Why bubblewrap does not work here; None if it does."""
    for program in ("bwrap", "prlimit"):
        if not shutil.which(program):
            return f"the program {program} is not installed."
    try:
        command = _wrapped(["-c", "import numpy"])
        tried = subprocess.run(command, env=environment(), capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "bubblewrap does not answer."
    return tried.stderr.decode(errors="replace")[-500:] or "it stopped." if tried.returncode else None


def command(kind):
    """The command that runs `inside.py`."""
    inside = Path(__file__).with_name("inside.py")
    if kind == "none":
        return [*_limits(), sys.executable, str(inside)]
    return _wrapped(["/course/inside.py"], "--ro-bind", str(inside), "/course/inside.py")


def environment(home=None):
    """Nothing of the instructor's environment."""
    home = home or tempfile.gettempdir()
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    fixed = {"PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg", "PATH": "/usr/bin:/bin"}
    return {**fixed, **threads, "HOME": home, "TMPDIR": home, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def _limits():
    return ["prlimit", *(f"--{name}={value}" for name, value in LIMITS.items())]


def _wrapped(arguments, *binds):
    wrap = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in {**environment(HOME), "PYTHONPATH": "/course"}.items():
        wrap += ["--setenv", name, value]
    for path in _readable():
        wrap += ["--ro-bind", path, path]
    wrap += ["--ro-bind", str(ROOT / "rnnlib"), "/course/rnnlib"]
    for path in sorted((ROOT / "rnnlib" / "grading").glob("ex[0-9]*.py")):
        wrap += ["--ro-bind", "/dev/null", f"/course/rnnlib/grading/{path.name}"]
    in_memory = ["/dev", "/"]  # bubblewrap makes them so, without a bound
    if (ROOT / "rnnlib" / "grading" / "__pycache__").exists():
        in_memory.append("/course/rnnlib/grading/__pycache__")
        wrap += ["--tmpfs", in_memory[-1]]
    wrap += ["--proc", "/proc", "--dev", "/dev", "--size", str(SPACE), "--tmpfs", HOME, "--chdir", HOME]
    wrap += binds
    for path in in_memory:
        wrap += ["--remount-ro", path]
    return [*_limits(), *wrap, sys.executable, *arguments]


def _readable():
    """Folders with programs and libraries, and Python with what is installed beside it."""
    system = [path for path in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache") if os.path.exists(path)]
    python = [sys.prefix, sys.base_prefix]
    return system + [path for path in dict.fromkeys(python) if not path.startswith("/usr/")]
