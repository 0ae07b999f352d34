"""The settings of nbgrader for this course; nbgrader reads this file when it is started in this folder."""

c = get_config()

c.CourseDirectory.course_id = "rnn"
c.ClearSolutions.code_stub = {"python": "# Your code here\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"
