"""The library stays small and readable: imports in one direction, short functions, a fast import."""

import ast
import io
import re
import statistics
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rnnlib"
# A module may import those before it, and its own package.
ORDER = [
    *("_check", "_trees", "activations", "weights", "cells", "network", "translation", "losses", "optim"),
    *("training", "saving", "gradients", "bptt", "paths", "symbolic"),
    *("tasks", "data", "experiments", "environment"),
    *("colors", "plots", "diagrams", "explorers", "grading"),
]
CORE = ORDER[: ORDER.index("symbolic") + 1]
LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
HEAVY = ["sympy", "matplotlib", "ipywidgets", "anywidget", "tqdm", "IPython"]
FORBIDDEN = re.compile(
    r"(?<![\w.])/(work|tmp|root|home|opt)/|\bshared/|\bsession \d|\bissue #?\d|pypi\.org|pythonhosted",
    re.IGNORECASE,
)


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def short_name(path):
    return str(path.relative_to(ROOT))


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def rank_of(dotted):
    """Place in ORDER of `rnnlib.cells.rnn` and the like; None for other packages and the package itself."""
    parts = dotted.split(".")
    return ORDER.index(parts[1]) if parts[0] == "rnnlib" and len(parts) > 1 else None


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """Every module of rnnlib that a file imports, inside functions too."""
    found = []
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += import_targets(node, path)
    return [name for name in found if name.split(".")[0] == "rnnlib"]


def import_targets(node, path):
    """The modules that `from a import b` needs: `a.b` where that is a module, else `a`."""
    base = node.module or ""
    if node.level:
        package = module_name(path).split(".") + ["x"] * (path.name == "__init__.py")
        base = ".".join(package[: -node.level] + [base] * bool(base))
    names = [f"{base}.{alias.name}" for alias in node.names]
    return [name if exists(name) else base for name in names]


def exists(dotted):
    path = ROOT.joinpath(*dotted.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def functions(path):
    nodes = ast.walk(parse(path))
    return [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def length(function):
    """Lines of a function without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def lines_of_code(path):
    """Lines that hold more than comments and docstrings."""
    text = path.read_text(encoding="utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str):
            docstrings.update(range(node.lineno, node.end_lineno + 1))
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (*LAYOUT, tokenize.COMMENT):
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - docstrings)


def public_objects(path):
    """(name, node) of the module's public functions, classes and their public methods.

    What the tasks of an exercise are made of is described in the exercise.
    """
    found = []
    if path.parent.name == "grading" and path.name.startswith("ex"):
        return found
    for node in parse(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found.append((node.name, node))
            members = node.body if isinstance(node, ast.ClassDef) else []
            methods = [member for member in members if isinstance(member, ast.FunctionDef)]
            found += [(f"{node.name}.{m.name}", m) for m in methods if not m.name.startswith("_")]
    return found


def project_files():
    """Text files of the project, as git lists them (new ones too, ignored ones not)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):  # a downloaded archive has no git
        kinds = {".py", ".md", ".js", ".css", ".toml", ".txt", ".yml", ".ipynb"}
        skip = {".venv", "build", "dist", ".git"}
        paths = [path for path in ROOT.rglob("*") if path.suffix in kinds]
        return [path for path in paths if not skip & set(path.relative_to(ROOT).parts)]
    paths = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith((".npz", ".png"))]
    return [path for path in paths if path.is_file()]


def run_python(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


every_module = pytest.mark.parametrize("path", modules(), ids=short_name)


@every_module
def test_imports_go_one_way(path):
    own = rank_of(module_name(path))
    if own is None:
        return  # rnnlib itself collects from everywhere
    late = [name for name in imports(path) if rank_of(name) is None or rank_of(name) > own]
    assert not late, f"{short_name(path)} imports {late}; it may import only what comes before it in ORDER"


def test_packages_have_no_circles():
    graph = {module_name(path): set(imports(path)) for path in modules() if path.parent != PACKAGE}
    done = set()
    while graph:
        free = [name for name, needs in graph.items() if not (needs - {name}) & set(graph)]
        assert free, f"these modules import each other: {sorted(graph)}"
        done.update(free)
        graph = {name: needs for name, needs in graph.items() if name not in done}


@every_module
def test_files_and_functions_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    long = {function.name: length(function) for function in functions(path) if length(function) > 30}
    assert not long


@pytest.mark.parametrize("folder", ["tools", "tests", "benchmarks", "figures"])
def test_other_files_are_short_too(folder):
    files = (ROOT / folder).rglob("*.py")
    assert not [short_name(path) for path in files if len(path.read_text("utf-8").splitlines()) > 400]


def test_most_functions_are_very_short():
    assert statistics.median(length(f) for path in modules() for f in functions(path)) <= 10


def test_the_core_with_all_its_cells_is_a_days_reading():
    files = [path for path in modules() if rank_of(module_name(path)) is not None]
    core = [path for path in files if ORDER[rank_of(module_name(path))] in CORE]
    assert 100 < sum(map(lines_of_code, core)) < 2750


@every_module
def test_everything_public_has_a_docstring(path):
    assert ast.get_docstring(parse(path))
    public = public_objects(path)
    # a method that overrides a documented one of the same module says nothing new
    documented = {name.split(".")[1] for name, node in public if "." in name and ast.get_docstring(node)}
    bare = [name for name, node in public if not ast.get_docstring(node)]
    assert not [name for name in bare if name.partition(".")[2] not in documented]


def test_the_readme_and_the_docstring_agree_on_the_reading_order():
    text = ast.get_docstring(parse(PACKAGE / "__init__.py"))
    listed = re.findall(r"^ {4}(\w+) {2,}\S", text, re.MULTILINE)
    assert listed
    assert listed == sorted(listed, key=ORDER.index)


def test_import_brings_in_only_numpy():
    loaded = run_python("import sys, rnnlib; print(*sys.modules)").split()
    assert not set(loaded) & set(HEAVY)
    assert "numpy" in loaded


def test_import_is_fast():
    code = "import time, numpy; t = time.process_time(); import rnnlib; print(time.process_time() - t)"
    seconds = min(float(run_python(code)) for _ in range(5))
    assert seconds < 0.15


def test_nothing_tells_where_it_was_written():
    found = []
    for path in project_files():
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            match = FORBIDDEN.search(line)
            if match and "image/png" not in line:
                found.append(f"{short_name(path)}:{number}: {match[0]}")
    assert not found


# The rules themselves can fail


def test_an_upward_import_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    folder = tmp_path / "rnnlib"
    folder.mkdir()
    for name in ("optim", "training"):
        (folder / f"{name}.py").write_text("")
    bad = folder / "losses.py"
    inside = "def f():\n    from . import training\n"
    bad.write_text(inside + "import rnnlib.tasks\nfrom rnnlib.optim import SGD\n")
    assert set(imports(bad)) == {"rnnlib.training", "rnnlib.optim", "rnnlib.tasks"}
    assert all(rank_of(name) > rank_of("rnnlib.losses") for name in imports(bad))


def test_lines_of_code_leave_docstrings_out(tmp_path):
    path = tmp_path / "some.py"
    function = 'def f():\n    """Three."""\n    return """a\nb"""\n'
    path.write_text('"""One\ntwo."""\n\n# why\nx = 1  # what\n\n\n' + function)
    assert lines_of_code(path) == 4
    assert length(functions(path)[0]) == 3


@pytest.mark.parametrize("text", ["/" + "work/x", "../" + "shared/data", "at " + "pypi.org", "issue " + "2"])
def test_a_telling_word_is_found(text):
    assert FORBIDDEN.search(text)
