"""The settings of nbgrader for this course; nbgrader reads this file when it is started in this folder."""

from pathlib import Path

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import NbGraderPreprocessor

c = get_config()


class InTheSandboxOnly(NbGraderPreprocessor):
    """Keeps nbgrader's own button from running submissions outside of the sandbox."""

    def preprocess(self, notebook, resources):
        raise RuntimeError("Submissions are graded in a sandbox: make autograde, see docs/teaching.md.")


def without_scripts():
    """A filter from Markdown to HTML that shows a student's script as text, and does not run it.

    nbgrader's templates do not heed nbconvert's `sanitize_html`, whose list knows no picture and no heading.
    """
    exporter, headings = HTMLExporter(), ["h1", "h2", "h3", "h4", "h5", "h6"]
    tags = {*bleach.ALLOWED_TAGS, *headings, "p", "br", "hr", "div", "span", "pre", "img", "details"}
    tags |= {"summary", "table", "thead", "tbody", "tr", "th", "td", "del", "sub", "sup", "dl", "dt", "dd"}

    def of_link(tag, name, value):
        return name in ("class", "title") or (name == "href" and "data:" not in value.lower())

    attributes = {
        **dict.fromkeys(headings, ["id"]),
        **dict.fromkeys(["th", "td"], ["style", "colspan", "rowspan"]),
        **dict.fromkeys(["div", "span", "pre", "code"], ["class"]),
        "a": of_link,
        "img": ["src", "alt", "title", "width", "height"],
    }
    protocols, styles = {*bleach.ALLOWED_PROTOCOLS, "data"}, CSSSanitizer(["text-align"])

    @pass_context
    def markdown2html(context, source):
        html = exporter.markdown2html(context, source)
        return bleach.clean(html, tags, attributes, protocols, css_sanitizer=styles)

    return markdown2html


c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.root = str(Path.cwd())
c.Exchange.root = str(Path.cwd() / "exchange")  # not used: students hand in as you like
c.Autograde.autograde_preprocessors = [InTheSandboxOnly]
c.HTMLExporter.filters = {"markdown2html": without_scripts()}
c.HTMLExporter.sanitize_html = True  # outputs
c.ClearSolutions.code_stub = {"python": "# Your code here\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"
