"""Write docs/api.md: every public name of rnnlib with its signature and docstring, in reading order.

The source files are read, not imported: the page is the same whatever is installed.
"""

import argparse
import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "api.md"
GROUPS = {
    "Equations and engine": "activations weights cells network translation losses optim training saving "
    "gradients bptt paths symbolic",
    "What the networks are trained on": "tasks data experiments",
    "What you see": "colors plots diagrams explorers environment grading",
}
HEAD = """# rnnlib: the whole interface

Written from the docstrings by `make api`; change them there. Modules stand in reading order: each uses only
those before it. The symbols are explained in the [table of notation](../rnnlib/README.md).
"""


def files_of(module):
    """The source files of `rnnlib.<module>`, its package's own docstring first."""
    folder, file = ROOT / "rnnlib" / module, ROOT / "rnnlib" / f"{module}.py"
    if file.exists():
        return [file]
    inside = sorted(folder.glob("*.py")) if folder.is_dir() else []
    first = [path for path in inside if path.name == "__init__.py"]
    return first + [path for path in inside if not path.name.startswith("_")]


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def public(body):
    """Functions and classes of a module, or methods of a class: those in `__all__`, or without a `_`."""
    nodes = [node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    listed = exported(body)
    if listed is not None:
        return [node for node in nodes if node.name in listed]
    return [node for node in nodes if not node.name.startswith("_") or node.name == "__call__"]


def exported(body):
    """The names in `__all__`, or None without one."""
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return ast.literal_eval(node.value)
    return None


def constants(body):
    """(name, value as written, docstring beneath it) of the public values of a module."""
    listed = exported(body) or []
    for node, below in zip(body, [*body[1:], None], strict=True):
        name = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
        if name in listed:
            text = getattr(getattr(below, "value", None), "value", "")
            yield name, ast.unparse(node.value), text if isinstance(text, str) else ""


def signature(node, owner=""):
    """`f(x, y=1)` as written, without annotations; `name` alone for a property."""
    if any(getattr(mark, "id", "") in ("property", "cached_property") for mark in node.decorator_list):
        return owner + node.name
    arguments = ast.parse(ast.unparse(node.args).join(["def f(", "): 0"])).body[0].args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        argument.annotation = None
    for rest in filter(None, (arguments.vararg, arguments.kwarg)):
        rest.annotation = None
    text = ast.unparse(arguments)
    is_method = owner and not any(getattr(mark, "id", "") == "staticmethod" for mark in node.decorator_list)
    if is_method:
        text = text.partition(",")[2].strip()
    return f"{owner}{node.name}({text})"


def fields(node):
    """`name = default` for the choices of a dataclass or the entries of a NamedTuple."""
    named = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    defaults = ["" if item.value is None else f"={ast.unparse(item.value)}" for item in named]
    defaults = ["" if text.startswith("=field(") else text for text in defaults]
    shown = [item.target.id + text for item, text in zip(named, defaults, strict=True)]
    return [text for text in shown if not text.startswith("_")]


def block(node):
    """The docstring, kept as it is written: its columns are shapes and formulas."""
    text = ast.get_docstring(node)
    return ["", "```text", text, "```"] if text else []


def describe_class(node):
    bases = [ast.unparse(base) for base in node.bases]
    kind = "named tuple" if "NamedTuple" in bases else "class"
    lines = ["", f"### {kind} `{node.name}({', '.join(fields(node))})`", *block(node)]
    for method in public(node.body):
        if ast.get_docstring(method):
            lines += ["", f"#### `{signature(method, node.name + '.')}`", *block(method)]
    return lines


def describe_file(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = ["", f"## `{dotted(path)}`", *block(tree)]
    for name, value, text in constants(tree.body):
        shown = f" = {value}" if len(value) < 60 else ""
        lines += ["", f"### value `{name}{shown}`"] + ["", text] * bool(text)
    for node in public(tree.body):
        if isinstance(node, ast.ClassDef):
            lines += describe_class(node)
        else:
            lines += ["", f"### `{signature(node)}`", *block(node)]
    return lines


def render():
    """The page's text."""
    lines = [HEAD.rstrip()]
    for title, modules in GROUPS.items():
        lines += ["", f"# {title}"]
        for module in modules.split():
            for path in files_of(module):
                lines += describe_file(path)
    return "\n".join(lines) + "\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make api", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; fail if it is out of date")
    options = parser.parse_args(arguments)
    text = render()
    if options.check:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.relative_to(ROOT)}, {text.count(chr(10) + '###')} entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
