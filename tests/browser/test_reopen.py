"""What stays of an explorer when its kernel is gone: a readable picture, never a broken widget."""

import pytest

pytestmark = pytest.mark.browser

SOURCE = "from rnnlib.explorers import first_look\nfirst_look.explorer()"
BROKEN = ("Error displaying widget", "Loading widget", "Traceback", "Javascript Error")


@pytest.fixture
def saved(lab, open_page):
    """A notebook that ran in a browser and was saved there, with all it holds."""
    page = open_page()
    page.open(lab.write("reopen.ipynb", SOURCE))
    page.run_all()
    assert len(page.explorers()) == 1
    page.page.wait_for_selector(".rnnlib-still", state="attached")
    assert not page.page.is_visible(".rnnlib-still"), "picture and explorer are both on the page"
    page.save()
    return page


def assert_picture_only(page, name):
    """The picture is there, with a text alternative; nothing of the widget is."""
    image = page.page.wait_for_selector(".jp-OutputArea-output img", state="visible")
    page.page.wait_for_timeout(4000)  # JupyterLab looks for a lost widget for two seconds
    assert "One number decides" in image.get_attribute("alt")
    assert image.evaluate("node => node.naturalWidth") == 1440
    text = page.page.inner_text(".jp-Notebook")
    assert not [word for word in BROKEN if word in text], text
    page.screenshot(name)


def test_after_a_restart_the_explorer_still_moves(saved):
    saved.restart_kernel()
    saved.page.wait_for_timeout(1500)
    (explorer,) = saved.explorers()
    explorer.query_selector("button").click()
    saved.page.wait_for_timeout(400)
    assert "Gain 0.70" in explorer.inner_text()
    assert not saved.unexpected_errors()
    saved.screenshot("after_restart")


def test_reopened_without_a_kernel_it_is_a_picture(saved, open_page):
    saved.shut_down()
    again = open_page()
    again.open("reopen.ipynb")
    assert_picture_only(again, "reopened")


def test_reopened_after_a_restart_it_is_a_picture(saved, open_page):
    saved.restart_kernel()
    saved.save()
    again = open_page()
    again.open("reopen.ipynb")
    assert_picture_only(again, "reopened_after_restart")


def test_reopened_with_the_kernel_alive_it_moves(saved, open_page):
    again = open_page()
    again.open("reopen.ipynb")
    again.page.wait_for_selector(".rnnlib-explorer")
    assert len(again.explorers()) == 1
    assert not again.page.is_visible(".rnnlib-still")
    assert not again.unexpected_errors()


def test_the_reopened_picture_becomes_an_explorer_again(saved, open_page):
    saved.shut_down()
    again = open_page()
    again.open("reopen.ipynb")
    again.run_all()
    again.page.wait_for_selector(".rnnlib-explorer")
    assert len(again.explorers()) == 1
