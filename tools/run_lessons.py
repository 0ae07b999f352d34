"""Execute the lessons in place, from a fresh kernel each, and store tidy outputs.

An error or a timeout in any cell stops everything and the file stays as it was. Cells tagged
`nbval-ignore-output` show timings, so their numbers differ in every run: as long as such a cell's code and
the kind of its outputs are unchanged, the stored outputs stay (`--refresh` takes the new ones). A second run
then changes nothing.
"""

import argparse
import math
import sys
import time

import nbformat
from nbclient import NotebookClient

from tools import checks, tidy

LONGEST = 90  # seconds a lesson may compute


def execute(path, timeout=180):
    """Run one lesson in its own folder: (executed notebook, seconds)."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # a kernel warns about every unencrypted local connection
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = time.perf_counter()
    client.execute(env=checks.one_thread())
    return notebook, time.perf_counter() - started


def keep_unstable(new, stored):
    """Put the stored outputs back into the uncompared cells, where nothing else changed."""
    before = {cell.id: cell for cell in stored.cells}
    for cell in new.cells:
        old = before.get(cell.id)
        uncompared = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if uncompared and old is not None and same_kind(cell, old):
            cell.outputs = old.outputs


def same_kind(cell, old):
    """Same code, and outputs of the same types in the same order."""
    return cell.source == old.source and kinds(cell.outputs) == kinds(old.outputs)


def kinds(outputs):
    return [(output.output_type, sorted(output.get("data", {}))) for output in outputs]


def state_seconds(notebook, seconds):
    """Keep the stated run time unless the measured one is far from it: a busy machine is not news."""
    facts = notebook.metadata.setdefault("rnn_course", {})
    stated = facts.get("run_seconds", 0)
    measured = 10 * math.ceil(seconds / 10)
    if measured > 1.5 * stated or measured < stated / 4:
        facts["run_seconds"] = measured


def run_lesson(path, refresh=False):
    """Execute, tidy and write one lesson; the seconds it took."""
    stored = tidy.tidied(nbformat.read(path, as_version=4))
    notebook, seconds = execute(path)
    state_seconds(notebook, seconds)
    notebook = tidy.tidied(notebook)
    if not refresh:
        keep_unstable(notebook, stored)
    path.write_text(tidy.dumps(notebook), encoding="utf-8", newline="\n")
    return seconds


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="make run-lessons", description=__doc__.splitlines()[0])
    parser.add_argument("--refresh", action="store_true", help="store new outputs of uncompared cells too")
    parser.add_argument("notebooks", nargs="*")
    options = parser.parse_args(arguments)
    slow = []
    for path in tidy.lessons(options.notebooks):
        print(f"{path.name} ...", end=" ", flush=True)
        seconds = run_lesson(path, options.refresh)
        print(f"{seconds:.0f} s")
        slow += [path.name] * (seconds > LONGEST)
    for name in slow:
        print(f"{name} computes longer than the {LONGEST} s a lesson may take.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
