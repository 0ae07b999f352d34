"""nbgrader takes the verdicts over: into the autograded notebook and the gradebook; all its tools work on."""

import warnings

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as theirs
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy.exc import SAWarning

from tools.teaching import marking

__all__ = ["feedback", "take_over"]

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # three lines a submission

SANITIZE = [
    *(theirs.ClearOutput, theirs.DeduplicateIds, theirs.OverwriteKernelspec, theirs.OverwriteCells),
    theirs.CheckCellMetadata,
]
AUTOGRADE = [
    *(theirs.IgnorePattern, ClearMetadataPreprocessor, theirs.LimitOutput, theirs.SaveAutoGrades),
    *(theirs.AssignLatePenalties, theirs.CheckCellMetadata),
]


def take_over(course, exercise, record):
    """Enter a record into the gradebook; what is not graded is left to be graded by hand, not as 0.

    Points given by hand stay. As long as the student's file is the same, they stay settled, too.
    """
    if record.state == "missing":
        return
    settled = _settled(course, exercise, record)
    if is_readable := marking.readable(course.submission(record.student, exercise)):
        config = course.config()
        config.Autograde.sanitize_preprocessors = [_repair(course, exercise), *SANITIZE]
        config.Autograde.autograde_preprocessors = [_judge(exercise, record), *AUTOGRADE]
        result = course.api(config).autograde(exercise, record.student, force=True)
        if not result["success"]:
            raise RuntimeError(f"nbgrader could not take over {record.student}:\n{result['log'][-2000:]}")
    _leave_open(course, exercise, record, settled, is_readable)


def feedback(course, exercise, student):
    """Write the HTML page of a graded submission."""
    result = course.api().generate_feedback(exercise, student, force=True)
    if not result["success"]:
        raise RuntimeError(f"nbgrader could not write the feedback of {student}:\n{result['log'][-2000:]}")


def _repair(course, exercise):
    """A preprocessor that repairs a notebook as it was repaired before it ran."""
    released = course.released(exercise)

    class Repair(NbGraderPreprocessor):
        def preprocess(self, notebook, resources):
            return marking.repaired(notebook, released)[0], resources

    return Repair


def _judge(exercise, record):
    """A preprocessor in the place of running the notebook: its outputs, and verdicts at the checks."""

    class Judge(NbGraderPreprocessor):
        def preprocess(self, notebook, resources):
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type == "code":
                    found = marking.is_check(cell)
                    outputs = _verdict(record, found[2]) if found else record.outputs.get(str(index), [])
                    cell.outputs = [nbformat.from_dict(output) for output in outputs]
            return notebook, resources

    return Judge


def _verdict(record, number):
    """The output of a check: a line, or an error, which nbgrader counts as no points."""
    if number not in record.tasks:
        text = f"Not graded: {record.reason or 'nothing was returned'}. Your instructor will look at it."
    else:
        passed, _, text, _ = record.tasks[number]
        if passed:
            return [{"output_type": "stream", "name": "stdout", "text": f"{text}\n"}]
    return [{"output_type": "error", "ename": "Wrong", "evalue": text, "traceback": text.splitlines()}]


def _settled(course, exercise, record):
    """Names of the cells whose points were given by hand, for this very file."""
    before = course.read(exercise, record.student)
    if not before or before.handed_in != record.handed_in:
        return set()
    with Gradebook(course.database) as gradebook:
        try:
            grades = _grades(gradebook.find_submission(exercise, record.student))
        except MissingEntry:
            return set()
        by_hand = [grade for grade in grades if grade.manual_score is not None]
        return {grade.cell.name for grade in by_hand if not grade.needs_manual_grade}


def _grades(submission):
    return [grade for notebook in submission.notebooks for grade in notebook.grades]


def _leave_open(course, exercise, record, settled, is_readable):
    """Mark for grading by hand what has no verdict, and nothing that has been graded by hand."""
    numbers = marking.checks(course.released(exercise))
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student(record.student)
        submission = gradebook.update_or_create_submission(exercise, record.student)
        for grade in _grades(submission):
            is_silent = grade.cell.name in numbers and numbers[grade.cell.name] not in record.tasks
            if is_silent or not is_readable:
                grade.auto_score, grade.needs_manual_grade = None, True
            if grade.cell.name in settled:
                grade.needs_manual_grade = False
        gradebook.db.commit()
