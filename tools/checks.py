"""The course's tests: `default` is what `make test` runs, `extra` what `make test-all` adds to it.

Both stop at nothing and skip nothing: what a check needs is installed first, or a sentence says
what is missing.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import timeit
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLOW = "browser or torch or sandbox"
LESSONS = [
    "--nbval-current-env",
    "--nbval-cell-timeout=180",
    "--nbval-sanitize-with=tests/nbval_sanitize.cfg",
    "--ignore-glob=*/exercises/release/*",  # what a learner has still to write
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
WATCHED = ["first look", "paths, two", "gradient lab", "memory race", "workbench"]
WATCHED += ["own weights", "gate lab", "training race", "live"]
"""What `test-all` clocks: the largest tables, and all that ask the kernel. `make bench` clocks everything."""
LOOP = 0.035
"""Seconds for a million additions, where the explorers' limits hold."""

NO_BROWSER = """
The browser tests need Chromium, and it is not here. Install it, then run the same command again:
  Debian            sudo apt-get install chromium
  anything else     {python} -m playwright install chromium
or name the one you have: COURSE_BROWSER=/path/to/chromium make test-all"""


def one_thread():
    """The environment for tests: on a busy machine two BLAS threads make small products several times slower.

    A matplotlib backend set in the reader's shell would reach the notebooks and hide their figures.
    """
    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {**kept, **dict.fromkeys(names, "1")}


def run(title, command, environment=None, minutes=10):
    """Run one command from the project's folder; True if it succeeded in time.

    One that hangs is interrupted as if by Ctrl-C, so that it can end its servers and browsers.
    """
    print(f"\n== {title}", flush=True)
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment or one_thread())
    try:
        return process.wait(minutes * 60) == 0
    except subprocess.TimeoutExpired:
        print(f"{title}: still running after {minutes} minutes; stopped.", flush=True)
        interrupt(process)
        return False


def interrupt(process):
    """End a process: politely, then not."""
    process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def default(options):
    """Unit tests, properties, structure, and every lesson executed with its stored outputs compared.

    With `--lax` the lessons are executed and their assertions count, but outputs are not compared: for
    versions other than those in constraints.txt.
    """
    compare = "--nbval-lax" if "--lax" in options else "--nbval"
    parallel = ["-n", "2", "--dist", "loadfile"]
    rest = [option for option in options if option != "--lax"]
    without = ["-m", f"not ({SLOW})", "--ignore=tests/browser"]  # its conftest imports playwright
    command = ["-m", "pytest", *without, *parallel, compare, *LESSONS, *rest]
    return [run("tests and lessons", command, minutes=15)]


def extra(options):
    """Only what `default` leaves out: the clocks, while it is quiet, then PyTorch, browser and sandbox."""
    browser = find_browser() or install_browser()
    if not browser:
        print(NO_BROWSER.format(python=sys.executable), file=sys.stderr)
        return [False]
    if not shutil.which("bwrap"):
        install_packages("bubblewrap")  # without it the tests that need it fail and say what to install
    environment = {**one_thread(), "COURSE_BROWSER": browser}
    parallel = ["-n", "2", "--dist", "loadgroup"]
    command = ["-m", "pytest", "-m", SLOW, *parallel, "tests", *options]
    return [*clocks(environment), run("PyTorch, browser, sandbox", command, environment, minutes=15)]


def clocks(environment):
    """Regression checks on speed, each with a bound of its own that leaves room for a busy machine."""
    speed = ["benchmarks/training_speed.py", "--check", "--budget", "1"]
    latency = ["benchmarks/explorer_latency.py", "--check", *WATCHED]
    latency += ["--rounds", "1", "--again", "2", "--slack", f"{1.6 * slowness():.2f}"]
    throughput = ["benchmarks/grading_throughput.py", "--check", "--count", "20"]
    return [
        run("training speed against PyTorch", speed, environment),
        run("explorer latency in a browser", latency, environment),
        run("grading throughput", throughput, environment),
    ]


def slowness():
    """How many times as long a plain loop takes here as where the limits were set; from 1 to 3."""
    loop = min(timeit.repeat("for i in range(10**6): x += i", "x = 0", repeat=5, number=1))
    return min(max(loop / LOOP, 1), 3)


def bench(options):
    """The same measurements, with their whole tables and without bounds."""
    environment = {**one_thread(), "COURSE_BROWSER": find_browser() or ""}
    scripts = ["benchmarks/training_speed.py", "benchmarks/explorer_latency.py"]
    scripts += [] if options else ["benchmarks/grading_throughput.py"]
    return [run(script, [script, *options], environment, minutes=60) for script in scripts]


def find_browser():
    """A Chromium of this machine, or the one that playwright has downloaded; None if there is neither."""
    named = os.environ.get("COURSE_BROWSER")
    if named and not Path(named).exists():
        raise SystemExit(f"COURSE_BROWSER is {named}; expected the path of a Chromium.")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None) or playwright_browser()


def playwright_browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_browser():
    """Debian's package when we may install it, else playwright's own download; None if neither worked."""
    if not install_packages("chromium"):
        print("Installing Chromium (playwright)", flush=True)
        quiet_call([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
    return find_browser()


def install_packages(name):
    """Install a package of Debian; False on other systems."""
    if not shutil.which("apt-get") or "debian" not in platform.freedesktop_os_release().get("ID", ""):
        return False
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    print(f"Installing {name} (apt-get)", flush=True)
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", name]):
        quiet_call([*become_root, "apt-get", *command])
    return True


def quiet_call(command):
    """Run a command whose failure is noticed by what is missing afterwards."""
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)


def main(arguments):
    task = {"default": default, "extra": extra, "bench": bench}[arguments[0]]
    results = task(arguments[1:])
    if len(results) > 1 and not all(results):
        print(f"\nOnly {sum(results)} of {len(results)} parts passed; each began with a line '== …'.")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
