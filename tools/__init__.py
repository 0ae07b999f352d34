"""Scripts around the course: set-up, tests, notebooks, pages. Start with make or `python tools/run.py`."""
