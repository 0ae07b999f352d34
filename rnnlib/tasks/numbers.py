"""Numbers in words, English to French: a small language that has rules, exceptions and every length.

    97            ninety-seven                      quatre-vingt-dix-sept
    80            eighty                            quatre-vingts
    280           two hundred eighty                deux cent quatre-vingts
    80,200        eighty thousand two hundred       quatre-vingt mille deux cents

No French word stands for "seventy" or "ninety" alone, and what "hundred" is depends on what stands around it.
So no dictionary translates them word by word, while a few lines of rules do it without a mistake: there is a
right answer to every number, and as many numbers as one likes.

A text is cut into *pieces* at its spaces and before its hyphens: "quatre -vingt -dix -sept". So a net that
writes pieces has to get the hyphens right, and the s of "cents".

The spelling is American ("one hundred one", without "and") and that of French before the reform of 1990:
hyphens only within what is below 100, and not beside "et". Since then "vingt-et-un" is right as well.
"""

import numpy as np

from rnnlib import _check
from rnnlib.training import Batch
from rnnlib.translation import Pair, one_hot, taught

__all__ = [
    "ENGLISH_PIECES",
    "FRENCH_PIECES",
    "LAST",
    "english",
    "french",
    "joined",
    "number_pairs",
    "pieces",
    "translations",
]

LAST = 999_999
"""The largest number that is spelled out."""

ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

UNS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
VINGTS = ("vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt")


def english(n):
    """Spell out a number from 0 to 999,999 in American English: 121 is "one hundred twenty-one".

    Raises ValueError for anything else.
    """
    thousands, rest = divmod(_counted(n), 1000)
    if not thousands:
        return _english_below_1000(rest)
    return f"{_english_below_1000(thousands)} thousand" + (f" {_english_below_1000(rest)}" if rest else "")


def _english_below_1000(n):
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _english_below_100(rest)
    return f"{ONES[hundreds]} hundred" + (f" {_english_below_100(rest)}" if rest else "")


def _english_below_100(n):
    if n < 20:
        return ONES[n]
    tens, ones = divmod(n, 10)
    return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")


def french(n):
    """Spell out a number from 0 to 999,999 in French, as it was written before 1990.

    - "et" before un and onze from 21 to 71; not in 81 and 91.
    - quatre-vingts and deux cents have an s where nothing follows, not even mille.
    - mille never has one; neither cent nor mille is counted when it is one.

    Raises ValueError for anything but 0 ... 999,999.
    """
    thousands, rest = divmod(_counted(n), 1000)
    if not thousands:
        return _french_below_1000(rest, alone=True)
    mille = "mille" if thousands == 1 else f"{_french_below_1000(thousands, alone=False)} mille"
    return mille + (f" {_french_below_1000(rest, alone=True)}" if rest else "")


def _french_below_1000(n, alone):
    """alone: whether nothing follows, so that vingt and cent take an s."""
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _french_below_100(rest, alone)
    cent = "cent" if hundreds == 1 else f"{UNS[hundreds]} cent"
    if not rest:
        return cent + ("s" if alone and hundreds > 1 else "")
    return f"{cent} {_french_below_100(rest, alone)}"


def _french_below_100(n, alone):
    if n < 20:
        return UNS[n]
    tens, ones = divmod(n, 10)
    ones += 10 * (tens in (7, 9))  # 70 is 60 + 10, 90 is 80 + 10
    if not ones:
        return VINGTS[tens - 2] + ("s" if alone and tens == 8 else "")
    if ones in (1, 11) and tens < 8:
        return f"{VINGTS[tens - 2]} et {UNS[ones]}"
    return f"{VINGTS[tens - 2]}-{UNS[ones]}"


def _counted(n):
    if _check.check_count("n", n, 0) > LAST:
        raise ValueError(f"n is {n}; expected at most {LAST}")
    return int(n)


def pieces(text):
    """Cut a text at its spaces and before its hyphens: "vingt-deux mille" is vingt, -deux, mille."""
    return text.replace("-", " -").split()


def joined(cut):
    """Put pieces together again."""
    return " ".join(cut).replace(" -", "-")


def _all_pieces(spell):
    """Every piece of a language, in the order in which counting brings them up."""
    counted = (*range(100), 100, 200, 1000)
    return tuple(dict.fromkeys(piece for n in counted for piece in pieces(spell(n))))


ENGLISH_PIECES = _all_pieces(english)
"""The pieces of the English numbers, in the order of the inputs."""

FRENCH_PIECES = ("END", *_all_pieces(french))
"""The end sign and the pieces of the French numbers, in the order of the outputs."""


def number_pairs(numbers, dtype=np.float64):
    """Return numbers as pairs to learn from, English to French, for an `EncoderDecoder`.

    Parameters
    ----------
    numbers : sequence of int
    dtype : data type of what is read

    Returns
    -------
    Batch
        x, a Pair: source (T_x, B, 39), padded at the start; previous (T_y, B, 45); lengths (B,). d (T_y, B):
        places in `FRENCH_PIECES`, with the end sign, 0, at the end and after it; mask (T_y, B), true up to
        the first end sign. T_x and T_y fit the longest of these numbers.

    Raises
    ------
    ValueError
        For no number, or one outside 0 ... 999,999.
    """
    sources = [list(map(ENGLISH_PIECES.index, pieces(english(n)))) for n in numbers]
    targets = [list(map(FRENCH_PIECES.index, pieces(french(n)))) for n in numbers]
    if not sources:
        raise ValueError("there are no numbers; expected at least one")
    lengths, steps = np.array([len(s) for s in sources]), np.array([len(t) + 1 for t in targets])
    T_x, T_y = lengths.max(), steps.max()
    source = np.array([[-1] * (T_x - len(s)) + s for s in sources]).T
    d = np.array([t + [0] * (T_y - len(t)) for t in targets]).T
    mask = np.arange(T_y)[:, None] < steps
    shown = taught(np.where(mask, d, -1), len(FRENCH_PIECES), dtype)
    return Batch(Pair(one_hot(source, len(ENGLISH_PIECES), dtype), shown, lengths), d, mask)


def translations(written):
    """Return the French texts of symbols (T_y, B), each up to its first end sign."""
    texts = []
    for symbols in np.asarray(written).T.tolist():
        stop = symbols.index(0) if 0 in symbols else len(symbols)
        texts.append(joined(FRENCH_PIECES[symbol] for symbol in symbols[:stop]))
    return texts
