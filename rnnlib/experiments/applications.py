"""The applications on real data side by side: the table at the end of lesson 10, from the stored results.

`rows` collects what `scores` of each application returns; nothing is typed here. `table` writes it as
Markdown: for ours the mean over the seeds, ± the standard deviation of single nets (n − 1 below);
for a baseline its number; for a published one the number and where it was found.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np

from rnnlib.experiments import gesture, language, speech, sunspots

__all__ = ["APPLICATIONS", "Verdict", "rows", "table", "verdicts"]

APPLICATIONS = (speech, gesture, sunspots, language)
"""Modules with a function `scores`, in the order of the lesson."""

KINDS = ("ours", "baseline", "published")
HEADER = "| what | measured | model | score | |\n|---|---|---|---|---|"
SOURCES = "**Published** by others, on the same test data but with their own training:"


class Verdict(NamedTuple):
    """Who is best at one measurement.

    application, measure : str
    ours : float              mean over the seeds, of our best model
    baseline : float          the best one
    published : float         the best one; not a number if there is none
    ahead : bool              ours is better than the best baseline
    """

    application: str
    measure: str
    ours: float
    baseline: float
    published: float
    ahead: bool


def rows():
    """Return the scores of all applications, a tuple of Score."""
    return tuple(row for module in APPLICATIONS for row in module.scores())


def table(scores=None):
    """Return the scores as a Markdown table, and under it the sources of the published ones.

    Parameters
    ----------
    scores : sequence of Score, optional
        `rows()` if not given.

    Returns
    -------
    str
    """
    lines, sources = [HEADER], []
    for (application, measure), group in _groups(rows() if scores is None else scores):
        for i, row in enumerate(group):
            if row.source and row.source not in sources:
                sources.append(row.source)
            what = (application, measure) if i == 0 else ("", "")
            note = f" [{sources.index(row.source) + 1}]" if row.source else ""
            lines.append(f"| {' | '.join((*what, *_told(row)))} | {row.kind}{note} |")
    notes = [f"{n}. {source}" for n, source in enumerate(sources, start=1)]
    return "\n".join([*lines, "", SOURCES, "", *notes] if notes else lines)


def verdicts(scores=None):
    """Return for each measurement how our best model stands beside the best baseline and publication.

    Parameters
    ----------
    scores : sequence of Score, optional
        `rows()` if not given.

    Returns
    -------
    tuple of Verdict
    """
    found = []
    for (application, measure), group in _groups(rows() if scores is None else scores):
        group, best = list(group), min if _is_error(measure) else max
        means = {kind: [np.mean(row.scores) for row in group if row.kind == kind] for kind in KINDS}
        ours, baseline, published = (float(best(means[kind], default=np.nan)) for kind in KINDS)
        ahead = ours < baseline if _is_error(measure) else ours > baseline
        found.append(Verdict(application, measure, ours, baseline, published, ahead))
    return tuple(found)


def _groups(scores):
    return groupby(scores, key=lambda row: (row.application, row.measure))


def _is_error(measure):
    return "lower is better" in measure


def _told(row):
    """The model and the score of one row, ours in bold."""
    factor, unit = (1, "") if _is_error(row.measure) else (100, "%")
    scores = factor * np.asarray(row.scores, float)
    digits = 1 if scores.mean() >= 1 or unit else 3
    score = f"{scores.mean():.{digits}f}{unit}"
    if len(scores) > 1:
        score += f" ± {scores.std(ddof=1):.{digits}f} ({len(scores)} nets)"
    return (f"**{row.model}**", f"**{score}**") if row.kind == "ours" else (row.model, score)
