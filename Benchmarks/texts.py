#!/usr/bin/env python3
"""How well texts of many kinds are predicted, beside PPMd, xz and n-grams: texts that no setting was chosen on.

    Benchmarks/texts.py gather FOLDER
    Benchmarks/texts.py plan FOLDER [--budget 2m]
    Benchmarks/texts.py measure FOLDER [--budget 2m] [--seed 1] [--only NAME,…]
    Benchmarks/texts.py table FOLDER [--budget 2m]

gather downloads Debian packages (apt-get download) and writes their texts into FOLDER, at most 6 MB each, in UTF-8.

plan divides each text in 90 / 5 / 5 at ends of lines and asks charlm what network it would train for how many steps in
this time. The machine should be idle for this minute or two; afterwards it may be busy, since measure trains by the plan.

measure trains on the first part, and validates on the second; every figure is of the third: bits a byte of the model
alone, with --dynamic, with --mix and with both; of an 8-gram counted on the first part; of PPMd (7-zip's variant H, by
the package pyppmd) of orders 6 and 8 and of the best order up to 32; of xz. The others have read the first part, too:
their figure is by how much the third part makes it longer. Results go into FOLDER/results.jsonl one by one; what is there
is not measured again, and models that are there (in FOLDER/parts) are not trained again.

table prints the results in Markdown, the mean where there are several seeds.
"""
import argparse
import collections
import glob
import gzip
import json
import lzma
import os
import statistics
import subprocess
import sys
import tempfile

from compression import PPMD_ORDERS, ppmd_size

CHARLM = os.environ.get("CHARLM", ".build/release/charlm")
LIMIT = 6_000_000
PLANS = "plans.json"

# name: Debian package, the files in it, their encoding
TEXTS = {
    "scripture": ("bible-kjv", None, "utf-8"),
    "jokes": ("fortunes", "usr/share/games/fortunes/*", "utf-8"),
    "german": ("fortunes-de", "usr/share/games/fortunes/de/*", "utf-8"),
    "italian": ("fortunes-it", "usr/share/games/fortunes/it/*", "utf-8"),
    "russian": ("fortunes-ru", "usr/share/games/fortunes/ru/*", "utf-8"),
    "polish": ("fortunes-pl", "usr/share/games/fortunes/pl/*", "utf-8"),
    "chinese": ("fortunes-zh", "usr/share/games/fortunes/chinese", "utf-8"),
    "essays": ("anarchism", "usr/share/doc/anarchism/markdown/*.md*", "utf-8"),
    "manual": ("perl-doc", "usr/share/perl/*/pod/perl[a-z]*.pod", "utf-8"),
    "manual-ja": ("manpages-ja", "usr/share/man/ja/man*/*.gz", "utf-8"),
    "manual-ru": ("manpages-ru", "usr/share/man/ru/man*/*.gz", "utf-8"),
    "handbook-ja": ("debian-reference-ja", "usr/share/debian-reference/debian-reference.ja.txt.gz", "utf-8"),
    "lisp": ("emacs-el", "usr/share/emacs/*/lisp/*.el*", "utf-8"),
    "jargon": ("dict-jargon", "usr/share/dictd/jargon.dict.dz", "utf-8"),
    "dictionary": ("edict", "usr/share/edict/edict", "euc-jp"),
    "words": ("wbulgarian", "usr/share/dict/bulgarian", "utf-8"),
    "characters": ("unicode-data", "usr/share/unicode/NamesList.txt*", "utf-8"),
    "countries": ("iso-codes", "usr/share/iso-codes/json/iso_3166-2.json", "utf-8"),
}


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def unpack(package, folder):
    subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, capture_output=True)
    root = os.path.join(folder, package)
    subprocess.run(["dpkg-deb", "-x", glob.glob(os.path.join(folder, package + "_*.deb"))[0], root], check=True)
    return root


def scripture(folder):
    """The King James Bible, printed by the program that comes with it."""
    root, text = unpack("bible-kjv", folder), unpack("bible-kjv-text", folder)
    data = glob.glob(os.path.join(text, "**", "bible.data"), recursive=True)[0]
    command = [os.path.join(root, "usr/bin/bible"), "-p", os.path.dirname(data), "gen1:1-rev22:21"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def gather(folder):
    os.makedirs(folder, exist_ok=True)
    for name, (package, pattern, encoding) in TEXTS.items():
        path = os.path.join(folder, name + ".txt")
        if os.path.exists(path):
            continue
        with tempfile.TemporaryDirectory() as temporary:
            if pattern is None:
                data = scripture(temporary)
            else:
                root = unpack(package, temporary)
                files = sorted(file for file in glob.glob(os.path.join(root, pattern))
                               if os.path.isfile(file) and not os.path.islink(file) and not file.endswith(".dat"))
                data = b"".join(map(read, files))
        text = data.decode(encoding, errors="ignore").replace("\0", "")
        with open(path, "wb") as file:
            file.write(text.encode()[:LIMIT].rpartition(b"\n")[0] + b"\n")
        print(f"{name}: {os.path.getsize(path):,} bytes")


def divide(data):
    cuts = [data.index(b"\n", len(data) * share // 100) + 1 for share in (90, 95)]
    return data[:cuts[0]], data[cuts[0]:cuts[1]], data[cuts[1]:]


def xz(data):
    return len(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def others(first, third):
    """Bits a byte of the third part for those that have read the first."""
    def rate(size):
        return 8 * (size(first + third) - size(first)) / len(third)
    orders = {order: rate(lambda data: ppmd_size(data, order, 512 << 20)) for order in PPMD_ORDERS}
    return {"xz": rate(xz), "ppmd6": orders[6], "ppmd8": orders[8], "ppmd": min(orders.values()),
            "ppmd_order": min(orders, key=orders.get)}


def parts(folder, name):
    return [os.path.join(folder, "parts", f"{name}.{part}") for part in ("first", "second", "third")]


def names(folder):
    return sorted(os.path.basename(path).removesuffix(".txt") for path in glob.glob(os.path.join(folder, "*.txt")))


def plans(folder, file=PLANS):
    path = os.path.join(folder, file)
    return json.load(open(path)) if os.path.exists(path) else {}


def write_parts(folder, name):
    os.makedirs(os.path.join(folder, "parts"), exist_ok=True)
    for path, data in zip(parts(folder, name), divide(read(os.path.join(folder, name + ".txt")))):
        with open(path, "wb") as file:
            file.write(data)


def plan(folder, budget, file=PLANS):
    """What charlm would train in this time: the settings of its dry run, and the steps that fit."""
    known = plans(folder, file)
    for name in names(folder):
        write_parts(folder, name)
        # Once, a plan was a list of words.
        if isinstance(known.get(budget, {}).get(name), dict):
            continue
        dry = report(*train_command(folder, name), "--budget", budget, "--dry-run",
                     "--model", os.path.join(folder, "none.safetensors"))
        known.setdefault(budget, {})[name] = {**dry["settings"], "steps": dry["expected_steps"]}
        with open(os.path.join(folder, file), "w") as opened:
            json.dump(known, opened, indent=1)
        print(name, *options(known[budget][name]), flush=True)


def report(*words):
    """What a command prints as JSON."""
    return json.loads(subprocess.run([*map(str, words), "--json", "--quiet"], check=True, capture_output=True).stdout)


def train_command(folder, name):
    first, second, _ = parts(folder, name)
    return [CHARLM, "train", first, "--validation-file", second, "--fallback", "byte"]


def options(settings):
    """Settings as words of a command line."""
    return [word for name, value in settings.items() if value is not False
            for word in ([f"--{name}"] if value is True else [f"--{name}", str(value)])]


def measure(folder, budget, seed, only):
    done = {(record["text"], record["budget"], record["seed"]) for record in records(folder)}
    planned = plans(folder)[budget]
    for name in sorted(planned, key=lambda name: os.path.getsize(os.path.join(folder, name + ".txt"))):
        if (name, budget, seed) in done or only and name not in only:
            continue
        first, second, third = files = parts(folder, name)
        model = os.path.join(folder, "parts", f"{name}-{budget}-{seed}.safetensors")
        if not os.path.exists(model):
            subprocess.run([*train_command(folder, name), *options(planned[name]), "--random-seed", str(seed),
                            "--model", model, "--quiet"], check=True)
        figures = report(CHARLM, "eval", third, "--model", model, "--dynamic", "--mix")
        figures["eight_gram"] = report(CHARLM, "compare", model, "8-gram", third)["second_bits_per_byte"]
        record = {"text": name, "budget": budget, "seed": seed, "bytes": sum(map(os.path.getsize, files)),
                  "plan": planned[name]}
        record.update({label: figures[field] for label, field in FIELDS.items()})
        record.update(others(read(first), read(third)))
        with open(os.path.join(folder, "results.jsonl"), "a") as file:
            file.write(json.dumps(record) + "\n")
        print(json.dumps(record), flush=True)


FIELDS = {"static": "bits_per_byte", "dynamic": "dynamic_bits_per_byte", "mix": "mix_bits_per_byte",
          "dynamic+mix": "dynamic_mix_bits_per_byte", "8-gram": "eight_gram"}


def records(folder, file="results.jsonl"):
    path = os.path.join(folder, file)
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


def table(folder, budget):
    of = collections.defaultdict(list)
    for record in records(folder):
        if record["budget"] == budget:
            of[record["text"]].append(record)
    columns = ("static", "dynamic", "mix", "dynamic+mix", "8-gram", "ppmd6", "ppmd8", "ppmd", "xz")
    print("| text | MB | " + " | ".join(columns) + " | than PPMd |\n|---|" + "---:|" * (len(columns) + 2))
    gains = []
    for name, runs in sorted(of.items()):
        mean = {column: statistics.mean(run[column] for run in runs) for column in columns if column in runs[0]}
        gains.append(100 * (mean["dynamic+mix"] / mean["ppmd"] - 1))
        cells = [f"{mean[column]:.3f}" if column in mean else "–" for column in columns]
        print(f"| {name} | {runs[0]['bytes'] / 1e6:.2f} | " + " | ".join(cells) + f" | {gains[-1]:+.1f} % |")
    if gains:
        print(f"\nMedian: {statistics.median(gains):+.1f} %.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("gather", "plan", "measure", "table"))
    parser.add_argument("folder")
    parser.add_argument("--budget", default="2m")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda names: names.split(","))
    given = parser.parse_args()
    if given.command == "gather":
        gather(given.folder)
    elif given.command == "plan":
        plan(given.folder, given.budget)
    elif given.command == "measure":
        measure(given.folder, given.budget, given.seed, given.only)
    else:
        table(given.folder, given.budget)


if __name__ == "__main__":
    sys.exit(main())
