"""Command line: python -m rnnlib.experiments echo [--folder FOLDER]"""

import argparse
from pathlib import Path

from rnnlib import data
from rnnlib.experiments import NAMES, run


def main(arguments=None):
    """Run the experiments named on the command line; all of a module where only the module is named."""
    parser = argparse.ArgumentParser(prog="python -m rnnlib.experiments", description=main.__doc__)
    parser.add_argument("names", nargs="+", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--folder", type=Path, help="where to store; rnnlib/data if not given")
    options = parser.parse_args(arguments)
    for name in _chosen(options.names, parser):
        _, settings = run(name, options.folder)
        print(f"{name}: {settings['minutes']} minutes, stored in {options.folder or data.FOLDER / 'results'}")


def _chosen(words, parser):
    """Names of experiments: long_lags latch adding is two of them, long_lags alone all that it has."""
    chosen, module, parts = [], None, {}
    for name in NAMES:
        first, _, part = name.partition(" ")
        parts.setdefault(first, []).append(part)
    for k, word in enumerate(words):
        if word in parts.get(module, ()):
            chosen.append(f"{module} {word}")
        elif word in parts:
            module = word
            alone = k + 1 == len(words) or words[k + 1] not in parts[word]
            chosen += [f"{word} {part}".strip() for part in parts[word]] if alone else []
        else:
            parser.error(f"name is {word!r}; expected one of {', '.join(NAMES)}")
    return chosen


if __name__ == "__main__":
    main()
