"""Draw docs/explorer.png, the picture in the README: the start page's explorer, as it looks before it is moved."""

import sys
from pathlib import Path

from rnnlib.explorers import first_look

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "explorer.png"


def draw():
    """The picture's bytes."""
    return first_look.explorer().picture()


def main():
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(draw())
    print(f"wrote docs/{PICTURE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
