#!/usr/bin/env python3
"""What a sample is drawn with: how temperature, min-p and other filters change what models write.

    Benchmarks/sample_quality.py --text tales.txt small.safetensors medium.safetensors …
    Benchmarks/sample_quality.py --text tales.txt --filters medium.safetensors …

For each model and setting, 16 samples of 1,000 tokens are drawn, and the table has
- words: the share of their words that exist in the text, training and validation part;
- copied: the share of their windows of 20 characters that stand in the training part;
- repeated: the share of these windows that stood in the same sample before;
- different: how many of 100 words of a sample in a row are different, on average.
Lower temperatures make more words exist, and fewer of them different. A filter helps where it makes more words exist than
a temperature does that leaves as many different; --filters takes these, and prints by how much, between the temperatures.
The last line has the same for the text's own validation part, whose words are looked up in the training part alone: what
a good sample resembles.
"""

import argparse
import json
import subprocess
import unicodedata

WINDOW = 20
TEMPERATURES = ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0", "1.1"]
FILTERS = [
    "--temperature 1 --min-p 0.05", "--temperature 1 --min-p 0.1", "--temperature 1 --min-p 0.2",
    "--temperature 1 --top-p 0.9", "--temperature 1 --top-p 0.8", "--temperature 1 --top-k 10", "--temperature 1 --top-k 4",
    "--temperature 1 --typical-p 0.9", "--temperature 1 --typical-p 0.6", "--temperature 1 --top-n-sigma 1",
    "--temperature 1 --top-n-sigma 0.7", "--temperature 1 --mirostat 1.5", "--temperature 1 --mirostat 1",
    "--temperature 1 --word-temperature 0.6", "--temperature 1 --word-temperature 0.4",
    "--temperature 0.6 --dynamic-temperature 0.4", "--temperature 0.8 --dynamic-temperature 0.6",
    "--temperature 0.4 --dry 0.8", "--temperature 0.6 --dry 0.8", "--temperature 0.6 --repeat-penalty 1.1",
    "--temperature 0.6 --repeat-penalty 1.3",
]


def words(text):
    """Letters and marks that stand together, in lower case."""
    return "".join(
        c.lower() if unicodedata.category(c)[0] in "LM" or c in "\u200c\u200d" else " " for c in text
    ).split()


def windows(text):
    return [text[i : i + WINDOW] for i in range(len(text) - WINDOW + 1)]


def quality(texts, known_words, training_windows):
    found = counted = copied = repeated = window_count = 0
    different = []
    for text in texts:
        inner = words(text)[1:-1]  # the first and the last may be cut
        different += [len(set(inner[i : i + 100])) for i in range(0, len(inner) - 99, 100)]
        counted += len(inner)
        found += sum(word in known_words for word in inner)
        seen = set()
        for window in windows(text):
            window_count += 1
            copied += window in training_windows
            repeated += window in seen
            seen.add(window)
    shares = [100 * count / max(total, 1) for count, total in
              [(found, counted), (copied, window_count), (repeated, window_count)]]
    return shares + [sum(different) / max(len(different), 1)]


def sample(arguments, model, settings):
    command = [arguments.charlm, "sample", "--model", model, "--json", "--quiet", "--count", "16"]
    command += ["--length", "1000", "--random-seed", str(arguments.random_seed), *settings.split()]
    result = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [sample["text"] for sample in result["samples"]]


def gain(row, curve):
    """How many more words exist than at the temperature that leaves as many different; between two by a straight line."""
    curve = sorted((different, exist) for exist, _, _, different in curve)
    for (d0, w0), (d1, w1) in zip(curve, curve[1:]):
        if d0 <= row[3] <= d1 and d1 > d0:
            return f"{row[0] - (w0 + (w1 - w0) * (row[3] - d0) / (d1 - d0)):+.1f}"
    return "–"


def table_of_filters(arguments, known_words, training_windows):
    print("| model | settings | words | copied | repeated | different | words beside a temperature |\n|---|---|---|---|---|---|---|")
    for model in arguments.models:
        name = model.split("/")[-1].removesuffix(".safetensors")
        measure = lambda settings: quality(sample(arguments, model, settings), known_words, training_windows)
        curve = []
        for settings in [f"--temperature {t}" for t in TEMPERATURES] + FILTERS:
            row = measure(settings)
            is_temperature = settings.count("--") == 1
            if is_temperature:
                curve.append(row)
            last = "" if is_temperature else gain(row, curve)
            print(f"| {name} | {settings} | " + " | ".join(f"{x:.1f}" for x in row) + f" | {last} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--text", required=True, help="what the models were trained on, with the last tenth kept")
    parser.add_argument("--charlm", default="charlm")
    parser.add_argument("--temperatures", default="0.4,0.5,0.6,0.7,0.8,0.9,1.0")
    parser.add_argument("--min-p", default="0,0.05,0.1")
    parser.add_argument("--filters", action="store_true", help="the table of filters instead")
    parser.add_argument("--random-seed", type=int, default=1)
    arguments = parser.parse_args()
    with open(arguments.text, encoding="utf-8", newline="") as file:
        text = file.read()
    training = text[: len(text) * 9 // 10]
    known_words, training_windows = set(words(text)), set(windows(training))
    if arguments.filters:
        return table_of_filters(arguments, known_words, training_windows)
    print("| model | temperature | min-p | words | copied | repeated | different |\n|---|---|---|---|---|---|---|")
    for model in arguments.models:
        for temperature in arguments.temperatures.split(","):
            for min_p in arguments.min_p.split(","):
                texts = sample(arguments, model, f"--temperature {temperature} --min-p {min_p}")
                row = quality(texts, known_words, training_windows)
                name = model.split("/")[-1].removesuffix(".safetensors")
                print(f"| {name} | {temperature} | {min_p} | " + " | ".join(f"{x:.1f}" for x in row) + " |", flush=True)
    row = quality([text[len(training) :]], set(words(training)), training_windows)
    print("| the validation part | | | " + " | ".join(f"{x:.1f}" for x in row) + " |")


if __name__ == "__main__":
    main()
