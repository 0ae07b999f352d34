"""The set-up: which Python is taken, what is said when something is missing, and what is installed."""

import ast
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request

import pytest

from tools import checks, lab, run, versions


def python(version, path="/usr/bin/python3", complete=True):
    return {"command": "python3", "version": version, "path": path, "complete": complete}


def names(requirements):
    return {line.strip() for line in requirements if re.match(r"[a-z]", line)}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# Which Python


def test_the_first_python_that_is_new_enough_is_taken():
    found = [python((3, 9, 1)), python((3, 12, 4), "/a"), python((3, 11, 0), "/b")]
    assert run.choose_python(found)["path"] == "/a"


def test_an_untested_python_is_taken_only_if_there_is_no_other():
    newer, tested = python((3, 99, 0), "/new"), python((3, 11, 0), "/tested")
    assert run.choose_python([newer, tested])["path"] == "/tested"
    assert run.choose_python([newer])["path"] == "/new"


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 8, 10), (3, 10, 13)])
def test_an_old_python_is_named_with_the_way_to_a_newer_one(version):
    with pytest.raises(run.SetupError) as error:
        run.choose_python([python(version)])
    text = str(error.value)
    assert "needs Python 3.11 or newer" in text
    assert f"Python {'.'.join(map(str, version))}  /usr/bin/python3" in text
    assert "https://www.python.org/downloads/" in text


def test_no_python_at_all_is_said():
    with pytest.raises(run.SetupError, match="no Python at all"):
        run.choose_python([])


def test_debian_without_venv_is_told_what_to_install():
    with pytest.raises(run.SetupError, match="sudo apt install python3-venv"):
        run.choose_python([python((3, 12, 3), complete=False)])


def test_a_complete_python_is_preferred():
    half, whole = python((3, 12, 3), "/half", complete=False), python((3, 11, 2), "/whole")
    assert run.choose_python([half, whole])["path"] == "/whole"


def test_the_running_python_is_recognized():
    assert run.probe([sys.executable])["version"] == sys.version_info[:3]
    assert run.probe(["no-such-python-anywhere"]) is None
    assert run.probe([sys.executable, "-c", "print('noise')"]) is None


def test_the_entry_script_still_speaks_to_old_pythons(root):
    """Python 2.7 must get as far as the message: no f-strings, no annotations, no walrus."""
    tree = ast.parse((root / "tools" / "run.py").read_text(encoding="utf-8"))
    modern = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal, ast.Match)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, modern)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [f.name for f in functions if f.args.kwonlyargs or f.args.posonlyargs or f.returns]


# The environment


def test_windows_has_its_own_place_for_the_interpreter(monkeypatch):
    monkeypatch.setattr(run.os, "name", "nt")
    assert run.venv_python("env").endswith("python.exe")
    assert "Scripts" in run.venv_python("env")


def test_set_up_again_when_requirements_change(tmp_path, monkeypatch):
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(run, "ROOT", str(tmp_path))
    monkeypatch.setattr(run, "VENV", str(tmp_path))
    monkeypatch.setattr(run, "venv_python", lambda: sys.executable)
    assert not run.is_ready("lab")
    (tmp_path / "course-test.txt").write_text(run.fingerprint("test"))
    assert run.is_ready("test")
    assert run.is_ready("lab"), "an environment for tests is enough for the lab"
    assert not run.is_ready("full")
    (tmp_path / "requirements.txt").write_text("other")
    assert not run.is_ready("test")


def test_a_failed_installation_shows_its_last_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "VENV", str(tmp_path))
    monkeypatch.setattr(run, "venv_python", lambda: sys.executable)
    monkeypatch.setitem(run.INSTALL, "lab", ["./no-such-package"])
    with pytest.raises(run.SetupError, match="(?s)no-such-package.*The installation failed"):
        run.install("lab")


def test_an_unknown_task_lists_the_tasks(capsys):
    assert run.main(["labb"]) == 2
    assert "open the course in JupyterLab" in capsys.readouterr().out


# JupyterLab


def test_a_taken_port_is_named_and_the_next_one_used(capsys):
    assert lab.choose_port(8888, free=lambda port: port > 8889) == 8890
    assert "Port 8888 is taken" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="8888 to 8907 are all taken"):
        lab.choose_port(8888, free=lambda port: False)


def test_a_listening_server_takes_its_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not lab.is_free(server.getsockname()[1])


@pytest.mark.parametrize("flag", ["--port=9123", "--ServerApp.port=9123"])
def test_a_port_can_be_named(flag):
    assert lab.split_port([flag, "--no-browser"]) == (9123, ["--no-browser"])


def test_only_root_is_let_in_as_root(monkeypatch):
    monkeypatch.setattr(lab, "is_free", lambda port: True)
    assert "--allow-root" in lab.arguments([], as_root=True)
    assert "--allow-root" not in lab.arguments([], as_root=False)
    assert lab.arguments(["--no-browser"], as_root=False)[-1] == "--no-browser"


def test_the_news_prompt_is_off(tmp_path):
    assert '"fetchNews": "false"' in lab.write_settings(tmp_path).read_text()


def test_the_page_that_opens_exists(root):
    assert (root / lab.START).exists()


def open_patiently(address):
    """JupyterLab names its address a moment before it listens there."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=30)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def test_jupyterlab_serves_the_start_page(root):
    """What `make lab` starts, without a browser: it names an address, and there the page is."""
    command = [sys.executable, "-m", "tools.lab", "--no-browser", "--port=9350"]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        found = (re.search(r"http://127\S+", line) for line in server.stdout)
        address = next(match[0] for match in found if match)
        with open_patiently(address) as answer:
            assert answer.status == 200
            assert "/lab/tree/notebooks/00_start_here.ipynb" in answer.url
    finally:
        server.terminate()
        server.wait(30)


# What is installed


def test_the_learners_set_holds_what_rnnlib_needs(root, project):
    learner = names((root / "requirements.txt").read_text(encoding="utf-8").splitlines())
    assert set(project["dependencies"]) == {name for name in learner if not name.startswith("jupyterlab")}


def test_everything_required_is_pinned_within_its_range(root, project):
    from packaging.requirements import Requirement

    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)
    required = {*names((root / "requirements.txt").read_text(encoding="utf-8").splitlines())}
    for extra in project["optional-dependencies"].values():
        required |= set(extra) - {"rnnlib[test]"}
    for requirement in map(Requirement, required):
        assert requirement.specifier.contains(pins[requirement.name]), requirement


def test_everything_in_the_package_is_installed_with_it(root):
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = [*settings["package-data"]["*"], "*.py", "*.pyc"]
    files = [path for path in (root / "rnnlib").rglob("*") if path.is_file()]
    assert not [path.name for path in files if not any(path.match(pattern) for pattern in patterns)]


def test_the_oldest_set_is_the_lower_end_of_every_range():
    oldest = versions.oldest_constraints()
    assert "numpy==1.26\n" in oldest
    assert "pytest==8\n" in oldest
    assert "torch" not in oldest


# The tests of the course


def test_both_halves_of_the_tests_make_a_whole(monkeypatch):
    commands = []
    monkeypatch.setattr(checks, "run", lambda _, command, *rest, **options: commands.append(command) or True)
    monkeypatch.setattr(checks, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(checks, "install_packages", lambda name: False)
    checks.default([])
    checks.extra([])
    first, *clocks, second = commands
    assert first[:4] == ["-m", "pytest", "-m", f"not ({checks.SLOW})"]
    assert second[:4] == ["-m", "pytest", "-m", checks.SLOW]
    assert "--nbval" in first
    assert "--nbval" not in second
    assert len(clocks) == 3


def test_a_slow_machine_gets_more_time_but_not_any(monkeypatch):
    for loop, expected in ((0.01, 1), (2 * checks.LOOP, 2), (60, 3)):
        monkeypatch.setattr(checks.timeit, "repeat", lambda *_, took=loop, **options: [took, 99])
        assert checks.slowness() == expected


def test_nothing_falls_between_the_two_halves(root):
    """`default` leaves the folder out, `extra` takes what is marked: so everything in it is marked."""
    files = sorted((root / "tests" / "browser").glob("test_*.py"))
    assert files
    assert not [path for path in files if "pytestmark = pytest.mark.browser" not in path.read_text("utf-8")]


def test_one_thread_and_no_foreign_backend(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "svg")
    environment = checks.one_thread()
    assert environment["OPENBLAS_NUM_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert "MPLBACKEND" not in environment


def test_a_missing_browser_fails_and_says_how_to_get_one(monkeypatch, capsys):
    monkeypatch.setattr(checks, "find_browser", lambda: None)
    monkeypatch.setattr(checks, "install_browser", lambda: None)
    assert checks.extra([]) == [False]
    assert "apt-get install chromium" in capsys.readouterr().err


def test_a_missing_sandbox_is_installed(monkeypatch):
    installed = []
    monkeypatch.setattr(checks, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(checks, "run", lambda *rest, **options: True)
    monkeypatch.setattr(checks.shutil, "which", lambda name: None)
    monkeypatch.setattr(checks, "install_packages", installed.append)
    assert checks.main(["extra"]) == 0
    assert installed == ["bubblewrap"]


def test_a_failed_part_fails_the_whole(monkeypatch):
    monkeypatch.setattr(checks, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(checks, "install_packages", lambda name: False)
    monkeypatch.setattr(checks, "run", lambda title, *rest, **options: "latency" not in title)
    assert checks.main(["extra"]) == 1


def test_a_part_that_hangs_is_stopped_and_fails(capfd):
    assert not checks.run("sleep", ["-c", "import time; time.sleep(60)"], minutes=0.01)
    assert "still running after 0.01 minutes" in capfd.readouterr().out


def test_a_browser_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("COURSE_BROWSER", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="/nowhere/chromium"):
        checks.find_browser()
