"""Draw docs/explorer.png, the picture in the README: the gradient lab in a browser."""

import sys
import tempfile
from pathlib import Path

from tests.browser.lab import Lab, NotebookPage, browser, settle

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "explorer.png"
CODE = "from rnnlib.explorers import gradient_lab\n\ngradient_lab.explorer()"


def draw(lab, chrome):
    """Run the explorer in an empty notebook and photograph it at twice the size, so that it stays crisp."""
    view = NotebookPage(lab, chrome.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=2))
    view.open(lab.write("picture.ipynb", CODE))
    view.run_all()
    (explorer,) = view.explorers()
    settle(explorer)
    explorer.screenshot(path=PICTURE)
    view.shut_down()


def main():
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as chrome:
        lab = Lab(Path(folder))
        try:
            draw(lab, chrome)
        finally:
            lab.stop()
    print(f"wrote docs/{PICTURE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
