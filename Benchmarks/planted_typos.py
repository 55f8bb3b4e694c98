#!/usr/bin/env python3
"""How many planted typing errors `charlm score` finds.

    Benchmarks/planted_typos.py MODEL HELD_OUT_TEXT [--charlm .build/release/charlm] [--mix] [--reversed MODEL]
    Benchmarks/planted_typos.py --reverse TEXT > REVERSED_TEXT

In one of 50 words of the text two neighbouring letters are swapped, or one is left out, or replaced by another of the
text's letters, so that no word of the text results. Words are ICU's (PyICU, Debian: python3-icu). Prints the share of
the damaged words that are more surprising than all but 1 % of the others, by several ways to rank words.

With --reversed, a second model, which was trained on the text that --reverse writes, reads the damaged text from its end,
and a letter's bits are the sum of both: what is before and what is after say how surprising it is.
"""

import argparse
import bisect
import json
import os
import random
import subprocess
import sys
import tempfile

import icu

EVERY = 50


def words_of(text):
    """The (start, end) of each piece of text with a letter in it."""
    breaks = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    units = text.encode("utf-16-le")
    # ICU counts UTF-16 units.
    offsets = [0]
    for letter in text:
        offsets.append(offsets[-1] + (2 if ord(letter) > 0xFFFF else 1))
    places = {unit: place for place, unit in enumerate(offsets)}
    breaks.setText(text)
    start, words = 0, []
    for unit in breaks:
        end = places.get(unit)
        if end is None:
            continue
        if any(letter.isalpha() for letter in text[start:end]):
            words.append((start, end))
        start = end
    return words


def damaged(word, letters, chance):
    """The word with an error in it; None where the kind that was drawn is impossible."""
    kind = chance.choice(["swap", "leave out", "replace"])
    place = chance.randrange(len(word))
    if not word[place].isalpha():
        return None
    if kind == "swap":
        if place + 1 == len(word) or word[place] == word[place + 1] or not word[place + 1].isalpha():
            return None
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == "leave out":
        return word[:place] + word[place + 1 :] if len(word) > 2 else None
    other = chance.choice(letters)
    return word[:place] + other + word[place + 1 :] if other != word[place] else None


def plant(text, chance):
    """The text with errors, and the (start, end) of each in it."""
    words = words_of(text)
    known = {text[start:end].lower() for start, end in words}
    letters = [letter for letter in text if letter.islower() or letter.isalpha() and not letter.isupper()]
    result, errors, copied, size = [], [], 0, 0
    due = EVERY // 2
    for number, (start, end) in enumerate(words):
        if number < due or end - start < 2:
            continue
        wrong = damaged(text[start:end], letters, chance)
        if wrong is None or wrong.lower() in known:
            continue
        due = number - number % EVERY + EVERY + chance.randrange(EVERY)
        result += [text[copied:start], wrong]
        size += start - copied
        errors.append((size, size + len(wrong)))
        size += len(wrong)
        copied = end
    return "".join(result) + text[copied:], errors


def scores(charlm, model, text, options):
    """The offset in bytes and the bits of each token."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "text.txt")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        command = [charlm, "score", path, "--model", model, "--jsonl", "-", "--quiet", "--on-unknown", "skip", *options]
        lines = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
    tokens = (json.loads(line) for line in lines)
    return [(token["offset"], token["bits"] or 0.0) for token in tokens]


def from_the_end(tokens, size):
    """Scores of the reversed text by the offsets that its letters have in the text, which has `size` bytes."""
    ends = [offset for offset, _ in tokens[1:]] + [size]
    return {size - end: bits for (_, bits), end in zip(tokens, ends)}


# Of the tokens of a word and the one after it, which shows that the word ended too early.
RANKINGS = {
    "the mean of its bits": lambda bits: sum(bits) / len(bits),
    "the largest of them": max,
    "their power mean of exponent 4, which score ranks by": lambda bits: (sum(b**4 for b in bits) / len(bits)) ** 0.25,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?")
    parser.add_argument("text", nargs="?")
    parser.add_argument("--reverse", metavar="TEXT")
    parser.add_argument("--reversed", metavar="MODEL")
    parser.add_argument("--charlm", default=".build/release/charlm")
    parser.add_argument("--mix", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.reverse:
        with open(given.reverse, encoding="utf-8", newline="") as file:
            sys.stdout.buffer.write(file.read()[::-1].encode())
        return
    if not given.text:
        parser.error("MODEL and HELD_OUT_TEXT are needed")
    with open(given.text, encoding="utf-8", newline="") as file:
        text, errors = plant(file.read(), random.Random(given.seed))
    options = ["--mix"] if given.mix else []
    tokens = scores(given.charlm, given.model, text, options)
    offsets = [offset for offset, _ in tokens]
    backward = None
    if given.reversed:
        backward = from_the_end(scores(given.charlm, given.reversed, text[::-1], options), len(text.encode()))
    bytes_before = [0]
    for letter in text:
        bytes_before.append(bytes_before[-1] + len(letter.encode()))
    words = words_of(text)
    starts = [start for start, _ in words]
    print(f"{len(words)} words, {len(errors)} errors")
    measured = []
    for start, end in words:
        first = bisect.bisect_left(offsets, bytes_before[start])
        last = bisect.bisect_left(offsets, bytes_before[end])
        if backward is None:
            measured.append([bits for _, bits in tokens[first : last + 1]] or [0.0])
            continue
        both = [bits + backward.get(offset, 0.0) for offset, bits in tokens[first:last]]
        # From the end, the letter before the word shows that it began too late; alone, it counts for both directions.
        both += [2 * bits for _, bits in tokens[last : last + 1]]
        both += [2 * backward.get(offset, 0.0) for offset, _ in tokens[max(first - 1, 0) : first]]
        measured.append(both or [0.0])
    for name, ranking in RANKINGS.items():
        ranks = [ranking(entry) for entry in measured]
        wrong = []
        isolated = [True] * len(words)
        for start, end in errors:
            first = max(bisect.bisect_right(starts, start) - 1, 0)
            touched = [number for number in range(first, len(words)) if words[number][0] < end][: end - start + 1]
            touched = [number for number in touched if words[number][1] > start]
            for number in touched:
                isolated[number] = False
            if touched:
                wrong.append(max(ranks[number] for number in touched))
        right = sorted(rank for rank, is_right in zip(ranks, isolated) if is_right)
        least = right[int(len(right) * 0.99)]
        found = sum(rank > least for rank in wrong)
        print(f"{100 * found / len(errors):5.1f} % found at 1 % false alarms (above {least:.1f} bits) by {name}")


if __name__ == "__main__":
    main()
