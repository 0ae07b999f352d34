"""The instructor's cycle around nbgrader: bundle, release, collect, autograde, feedback, export, report.

    course        the folders, nbgrader's settings, the records of grading
    bundle        what students get
    collecting    submissions from a folder or the zip of a learning platform
    sandbox       the walls around a submission
    inside        what runs within them
    talking       the conversation with it
    marking       one submission: repaired, run, judged
    converting    nbgrader takes the verdicts over
    grading       all submissions of an exercise, in parallel, resumable
    reporting     CSV and the class report

Marks are decided on this side: a submission's process is handed random inputs and returns plain data.
"""
