#!/usr/bin/env python3
"""How often charlm, chardet and charset-normalizer find the encoding of a text.

    pip install chardet charset-normalizer
    python Benchmarks/encodings.py FOLDER [CHARLM]

FOLDER has a folder for each encoding, named by it (perhaps with a language after it: `windows-1251-russian`), with texts in
it: chardet's own `tests`, for example. Markup is taken out first, for charlm reads plain text. An answer is right where the
text is the same by it as by the encoding that the folder names, whatever both are called. charlm refuses to guess where it
is not sure and then names what it might be: such a refusal is no answer, and is counted apart where its first guess is right.
"""
import codecs
import collections
import os
import re
import subprocess
import sys

import chardet
import charset_normalizer

folder = sys.argv[1]
charlm = sys.argv[2] if len(sys.argv) > 2 else ".build/release/charlm"
languages = ("bulgarian croatian czech hungarian polish romanian slovak slovene russian turkish hebrew arabic "
             "greek").split()
names = {"windows-874": "cp874", "windows-949": "cp949", "maccyrillic": "mac_cyrillic", "x-mac-cyrillic": "mac_cyrillic",
         "macroman": "mac_roman", "macintosh": "mac_roman", "windows-31j": "cp932", "ks_c_5601-1987": "cp949",
         "iso-8859-8-i": "iso-8859-8", "windows-874-2000": "cp874", "tis-620": "cp874",
         # What everyone calls Shift_JIS has the signs of NEC and IBM.
         "shift_jis": "cp932"}


def decoded(data, name):
    """The text by an encoding; None where it is no text by it, or where Python does not know it."""
    name = name and name.lower()
    try:
        return data.decode(codecs.lookup(names.get(name, name)).name).lstrip("\ufeff") if name else None
    except (LookupError, UnicodeError):
        return None


def by_charlm(data):
    """The encoding that charlm takes, and the first that it would have guessed where it refuses."""
    done = subprocess.run([charlm, "vocab", "-", "--limit", "1"], input=data, capture_output=True)
    said = done.stderr.decode(errors="replace")
    if found := re.search(r"^encoding: .*?: (\S+), ", said, re.MULTILINE):
        return found[1], None
    if found := re.search(r"encoding is uncertain: perhaps (\S+)", said):
        return None, found[1]
    return ("utf-8" if done.returncode == 0 else None), None


def cases():
    for encoding in sorted(os.listdir(folder)):
        base = os.path.join(folder, encoding)
        if not os.path.isdir(base):
            continue
        name = encoding
        for language in languages:
            name = name.removesuffix("-" + language)
        for file in sorted(os.listdir(base)):
            with open(os.path.join(base, file), "rb") as stream:
                data = stream.read()
            if not name.lower().startswith("utf-16") and not name.lower().startswith("utf-32"):
                data = re.sub(rb"<script.*?</script>|<style.*?</style>|<[^>]*>", b" ", data, flags=re.S | re.I).strip()
            expected = decoded(data, name)
            # Texts that Python cannot read by their own encoding, or of ASCII alone once the markup is out, say nothing.
            if expected is not None and (not expected.isascii() or name == "ascii"):
                yield encoding, data, expected


def main():
    counts = collections.defaultdict(collections.Counter)
    for encoding, data, expected in cases():
        row = counts[encoding]
        row["texts"] += 1
        taken, guess = by_charlm(data)
        if taken:
            row["charlm" if decoded(data, taken) == expected else "wrong"] += 1
        else:
            row["refused"] += 1
            row["guess"] += decoded(data, guess) == expected
        row["chardet"] += decoded(data, chardet.detect(data)["encoding"]) == expected
        best = charset_normalizer.from_bytes(data).best()
        row["charset-normalizer"] += decoded(data, best.encoding if best else None) == expected
    total = collections.Counter()
    print("| encoding | texts | charlm | refused (first guess right) | wrong | chardet | charset-normalizer |")
    print("|---|---|---|---|---|---|---|")
    for encoding, row in [*counts.items(), ("all", total)]:
        print(f"| {encoding} | {row['texts']} | {row['charlm']} | {row['refused']} ({row['guess']}) | {row['wrong']} | "
              f"{row['chardet']} | {row['charset-normalizer']} |")
        if row is not total:
            total.update(row)
    print(f"chardet {chardet.__version__}, charset-normalizer {charset_normalizer.__version__}")


if __name__ == "__main__":
    main()
