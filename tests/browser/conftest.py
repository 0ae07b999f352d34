"""Fixtures of the browser tests: one JupyterLab and one browser for all, a fresh page for each test."""

import pytest
from lab import Lab, NotebookPage, browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab of our own, ended with the tests."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chrome():
    """A headless browser."""
    with browser() as instance:
        yield instance


@pytest.fixture
def open_page(lab, chrome):
    """Return a function that opens an empty notebook page; all pages and kernels end with the test."""
    opened = []

    def new(**options):
        context = chrome.new_context(**{"viewport": {"width": 1280, "height": 1000}} | options)
        opened.append(NotebookPage(lab, context.new_page()))
        return opened[-1]

    yield new
    for page in opened:
        page.shut_down()
        page.page.context.close()
