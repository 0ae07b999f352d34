"""Command line: python -m rnnlib.experiments echo [--folder FOLDER]"""

import argparse
from pathlib import Path

from rnnlib import data
from rnnlib.experiments import NAMES, run


def main(arguments=None):
    """Run the experiments named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m rnnlib.experiments", description=main.__doc__)
    parser.add_argument("names", nargs="+", choices=NAMES, metavar="name", help=", ".join(NAMES))
    parser.add_argument("--folder", type=Path, default=data.FOLDER / "results", help="where to store")
    options = parser.parse_args(arguments)
    for name in options.names:
        _, settings = run(name, options.folder)
        print(f"{name}: {settings['minutes']} minutes, stored in {options.folder}")


if __name__ == "__main__":
    main()
