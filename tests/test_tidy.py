"""Tidy notebooks: what varies is gone, what is compared stays, and doing it twice changes nothing."""

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import v4

from tools import run_lessons, tidy

PNG = {"image/png": "aGVsbG8=", "text/plain": "A curve that falls."}


def stream(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def cell(source="1 + 1", outputs=(), count=7, **metadata):
    return v4.new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def notebook(*cells, **metadata):
    return v4.new_notebook(cells=list(cells), metadata=metadata)


def outputs_after(*outputs):
    return tidy.tidied(notebook(cell(outputs=outputs))).cells[0].outputs


def test_volatile_metadata_goes_and_lesson_metadata_stays():
    dirty = notebook(
        cell(execution={"iopub.status.busy": "2026"}, tags=["explorer"]),
        widgets={"state": {}},
        language_info={"name": "python", "version": "3.11.7"},
        rnn_course={"minutes": 30, "run_seconds": 10},
    )
    clean = tidy.tidied(dirty)
    assert set(clean.metadata) == {"kernelspec", "language_info", "rnn_course"}
    assert "version" not in clean.metadata.language_info
    assert clean.metadata.kernelspec.name == "python3"
    assert clean.cells[0].metadata == {"tags": ["explorer"]}


def test_counts_become_sequential_and_results_agree_with_them():
    result = v4.new_output("execute_result", data={"text/plain": "2"}, execution_count=9)
    clean = tidy.tidied(notebook(cell(count=4), cell("", count=5), cell(outputs=[result], count=9)))
    assert [c.execution_count for c in clean.cells] == [1, None, 2]
    assert clean.cells[2].outputs[0].execution_count == 2


def test_a_cell_that_was_not_executed_stays_recognizable():
    assert tidy.tidied(notebook(cell(count=None))).cells[0].execution_count is None


def test_of_an_explorer_only_the_picture_stays():
    known = {"rnnlib": "explorer", "image/png": {"alt": "A curve"}}
    picture = v4.new_output("display_data", data={**PNG, "text/html": "<style>"}, metadata=known)
    view = v4.new_output("display_data", data={tidy.WIDGET: {"model_id": "abc"}})
    (kept,) = outputs_after(picture, view)
    assert dict(kept.data) == PNG
    assert kept.metadata == known


def test_other_html_stays():
    table = v4.new_output("display_data", data={"text/html": "<table>", "text/plain": "1 2"})
    assert "text/html" in outputs_after(table)[0].data


def test_a_widget_without_a_picture_stays_to_be_found():
    view = v4.new_output("display_data", data={tidy.WIDGET: {"model_id": "abc"}})
    assert tidy.WIDGET in outputs_after(view)[0].data


def test_streams_are_joined_and_progress_bars_end():
    first, second = outputs_after(stream("10%\r"), stream("100%\ndone\n"), stream("warning\n", "stderr"))
    assert (first.text, second.text) == ("100%\ndone\n", "warning\n")


def test_ids_and_ordinary_outputs_stay():
    before = notebook(cell(outputs=[stream("2\n")]))
    after = tidy.tidied(before)
    assert after.cells[0].id == before.cells[0].id
    assert after.cells[0].outputs == before.cells[0].outputs


def test_tidying_twice_changes_nothing(tmp_path):
    path = tmp_path / "01_test.ipynb"
    path.write_text(nbformat.writes(notebook(cell(outputs=[stream("1\r2\n")], execution={"a": "b"}))))
    assert not tidy.tidy_file(path, check=True)
    assert not tidy.tidy_file(path)
    assert tidy.tidy_file(path)
    assert tidy.tidy_file(path, check=True)


def test_check_reports_and_changes_nothing(tmp_path, capsys):
    path = tmp_path / "01_test.ipynb"
    path.write_text(text := nbformat.writes(notebook(cell(execution={"a": "b"}))))
    assert tidy.main(["--check", str(path)]) == 1
    assert "not tidy: 01_test.ipynb" in capsys.readouterr().out
    assert path.read_text() == text


def test_uncompared_outputs_stay_while_their_kind_does():
    def timed(text, source="time()", **data):
        output = v4.new_output("display_data", data=data) if data else stream(text)
        made = cell(source, [output], tags=["nbval-ignore-output"])
        return notebook(v4.new_code_cell(**{**made, "id": "one"}))

    def kept(new):
        run_lessons.keep_unstable(new, timed("12 s"))
        return new.cells[0].outputs[0].get("text")

    assert kept(timed("13 s")) == "12 s"
    assert kept(timed("13 s", source="other()")) == "13 s"
    assert kept(timed("", **{"text/plain": "13"})) is None


def test_compared_outputs_are_always_new():
    old, new = notebook(cell(outputs=[stream("1")])), notebook(cell(outputs=[stream("2")]))
    new.cells[0].id = old.cells[0].id
    run_lessons.keep_unstable(new, old)
    assert new.cells[0].outputs[0].text == "2"


def test_executing_twice_gives_the_same_file(tmp_path):
    path = tmp_path / "01_test.ipynb"
    code = cell("import time\nprint(time.perf_counter())\nassert True", tags=["nbval-ignore-output"])
    nbformat.write(notebook(cell("print(6 * 7)"), code), path)
    run_lessons.run_lesson(path)
    first = path.read_text()
    run_lessons.run_lesson(path)
    assert path.read_text() == first
    assert "42" in first
    assert '"run_seconds": 10' in first


def test_an_error_leaves_the_file_alone(tmp_path):
    path = tmp_path / "01_test.ipynb"
    nbformat.write(notebook(cell("1 / 0")), path)
    text = path.read_text()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run_lessons.run_lesson(path)
    assert path.read_text() == text
