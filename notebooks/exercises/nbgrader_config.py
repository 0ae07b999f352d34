"""The settings of nbgrader for this course; nbgrader reads this file when it is started in this folder."""

from pathlib import Path

from nbgrader.preprocessors import NbGraderPreprocessor

c = get_config()


class InTheSandboxOnly(NbGraderPreprocessor):
    """Keeps nbgrader's own button from running submissions outside of the sandbox."""

    def preprocess(self, notebook, resources):
        raise RuntimeError("Submissions are graded in a sandbox: make autograde, see docs/teaching.md.")


c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.root = str(Path.cwd())
c.Exchange.root = str(Path.cwd() / "exchange")  # not used: students hand in as you like
c.Autograde.autograde_preprocessors = [InTheSandboxOnly]
c.ClearSolutions.code_stub = {"python": "# Your code here\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"
