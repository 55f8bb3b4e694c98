#!/usr/bin/env python3
"""How fast other toolkits turn text into tokens on one core, in MB/s of UTF-8, beside Snippets/TextSpeed.swift.

    text_peers.py FILE [MEGABYTES]

Each decodes the text, builds its vocabulary and encodes: Python's own characters, as char-rnn and nanoGPT do; the
graphemes of the `regex` module; and a character-level model of Hugging Face's tokenizers. The file is repeated to the
given size (8 MB). What is not installed is left out.
"""

import os
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"  # one core, as the others
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def python_scalars(data):
    text = data.decode("utf-8")
    stoi = {c: i for i, c in enumerate(sorted(set(text)))}
    return len([stoi[c] for c in text])


def regex_graphemes(data):
    import regex

    graphemes = regex.findall(r"\X", data.decode("utf-8"))
    stoi = {c: i for i, c in enumerate(sorted(set(graphemes)))}
    return len([stoi[c] for c in graphemes])


def huggingface_characters(data):
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    text = data.decode("utf-8")
    vocabulary = {c: i for i, c in enumerate(sorted(set(text)))}
    vocabulary["<unknown>"] = len(vocabulary)
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unknown>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    # Line by line: its time grows faster than the text's length.
    return sum(len(e.ids) for e in tokenizer.encode_batch(text.splitlines(keepends=True)))


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    megabytes = float(sys.argv[2]) if len(sys.argv) > 2 else 8
    data *= max(1, round(megabytes * 1e6 / len(data)))
    for name, encode in [
        ("[stoi[c] for c in s]", python_scalars),
        (r"regex \X", regex_graphemes),
        ("Hugging Face, characters", huggingface_characters),
    ]:
        try:
            encode(data[:0] or b"a\n")
        except ImportError as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            count = encode(data)
            best = min(best, time.perf_counter() - start)
        print(f"{name}: {len(data) / best / 1e6:.1f} MB/s, {count} tokens", flush=True)


if __name__ == "__main__":
    main()
