#!/usr/bin/env python3
"""What a sample is drawn with: how temperature and min-p change what models write.

    Benchmarks/sample_quality.py --text tales.txt small.safetensors medium.safetensors …

For each model and setting, 16 samples of 1,000 tokens are drawn, and the table has
- words: the share of their words that exist in the text, training and validation part;
- copied: the share of their windows of 20 characters that stand in the training part;
- repeated: the share of these windows that stood in the same sample before.
The last line has the same for the text's own validation part, whose words are looked up in the training part alone: what
a good sample resembles.
"""

import argparse
import json
import subprocess
import unicodedata

WINDOW = 20


def words(text):
    """Letters and marks that stand together, in lower case."""
    return "".join(
        c.lower() if unicodedata.category(c)[0] in "LM" or c in "\u200c\u200d" else " " for c in text
    ).split()


def windows(text):
    return [text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1)]


def quality(texts, known_words, training_windows):
    found = counted = copied = repeated = window_count = 0
    for text in texts:
        inner = words(text)[1:-1]  # the first and the last may be cut
        counted += len(inner)
        found += sum(word in known_words for word in inner)
        seen = set()
        for window in windows(text):
            window_count += 1
            copied += window in training_windows
            repeated += window in seen
            seen.add(window)
    return [100 * found / max(counted, 1), 100 * copied / max(window_count, 1), 100 * repeated / max(window_count, 1)]


def sample(arguments, model, temperature, min_p):
    command = [arguments.charlm, "sample", "--model", model, "--json", "--quiet", "--count", "16"]
    command += ["--length", "1000", "--random-seed", "1", "--temperature", str(temperature), "--min-p", str(min_p)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [sample["text"] for sample in result["samples"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--text", required=True, help="what the models were trained on, with the last tenth kept")
    parser.add_argument("--charlm", default="charlm")
    parser.add_argument("--temperatures", default="0.4,0.5,0.6,0.7,0.8,0.9,1.0")
    parser.add_argument("--min-p", default="0,0.05,0.1")
    arguments = parser.parse_args()
    with open(arguments.text, encoding="utf-8", newline="") as file:
        text = file.read()
    training = text[: len(text) * 9 // 10]
    known_words, training_windows = set(words(text)), set(windows(training))
    print("| model | temperature | min-p | words | copied | repeated |\n|---|---|---|---|---|---|")
    for model in arguments.models:
        for temperature in arguments.temperatures.split(","):
            for min_p in arguments.min_p.split(","):
                texts = sample(arguments, model, temperature, min_p)
                row = quality(texts, known_words, training_windows)
                name = model.split("/")[-1].removesuffix(".safetensors")
                print(f"| {name} | {temperature} | {min_p} | " + " | ".join(f"{x:.1f}" for x in row) + " |", flush=True)
    row = quality([text[len(training) :]], set(words(training)), training_windows)
    print("| the validation part | | | " + " | ".join(f"{x:.1f}" for x in row) + " |")


if __name__ == "__main__":
    main()
