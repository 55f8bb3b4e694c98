#!/usr/bin/env python3
"""Sizes of texts under charlm and other compressors, as a Markdown table.

    Benchmarks/compression.py FILE… [--bytes N] [--model M [--mix] [--dynamic]]
    Benchmarks/compression.py PART --after TEXT [--model M [--mix] [--dynamic]]
    Benchmarks/compression.py --round-trip FILE… [--bytes N] [--model M [--mix] [--dynamic]]

gzip, xz and zstd are the programs; PPMd is 7-zip's variant H by the package pyppmd (pip install pyppmd), with the best
order of 4 to 32. charlm is .build/release/charlm, or $CHARLM. With --after a text is read first: it is charlm's dictionary
where there are counts, and another column says how many bytes more PPMd needs for both together than for it alone. With
--round-trip each file is compressed, decompressed and compared, and only the sizes of charlm are printed.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

CHARLM = os.environ.get("CHARLM", ".build/release/charlm")


def piped(command, data):
    try:
        return len(subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    except (OSError, subprocess.CalledProcessError):
        return None


PPMD_ORDERS = (4, 5, 6, 8, 12, 16, 24, 32)


def ppmd_size(data, order, memory=256 << 20):
    import pyppmd
    encoder = pyppmd.Ppmd7Encoder(order, memory)
    return len(encoder.encode(data)) + len(encoder.flush())


def ppmd(data, before=b""):
    """The size under the best order; of what follows a text, how much it adds. None without pyppmd."""
    try:
        return min(ppmd_size(before + data, order) - (ppmd_size(before, order) if before else 0) for order in PPMD_ORDERS)
    except ImportError:
        return None


def charlm(data, options, checks):
    """The size, and bytes per second each way."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "text")
        with open(path, "wb") as file:
            file.write(data)
        start = time.monotonic()
        subprocess.run([CHARLM, "compress", path, "--quiet"] + options, check=True)
        middle = time.monotonic()
        size = os.path.getsize(path + ".charlm")
        if not checks:
            return size, len(data) / (middle - start), None
        needed = [word for name in ("--model", "--dictionary") if name in options
                  for word in (name, options[options.index(name) + 1])]
        back = os.path.join(folder, "back")
        subprocess.run([CHARLM, "decompress", path + ".charlm", "-o", back, "--quiet"] + needed, check=True)
        end = time.monotonic()
        with open(back, "rb") as file:
            if file.read() != data:
                sys.exit(f"{path}: came back changed")
        return size, len(data) / (middle - start), len(data) / (end - middle)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--bytes", type=int, help="only the first so many bytes of each file")
    parser.add_argument("--model")
    parser.add_argument("--mix", action="store_true")
    parser.add_argument("--dynamic", action="store_true")
    parser.add_argument("--precision")
    parser.add_argument("--after", metavar="TRAINING_TEXT")
    parser.add_argument("--round-trip", action="store_true")
    given = parser.parse_args()
    options = ["--model", given.model] if given.model else []
    options += [f"--{name}" for name in ("mix", "dynamic") if getattr(given, name)]
    options += ["--precision", given.precision] if given.precision else []
    paths = [os.path.join(folder, name) for path in given.files
             for folder, _, names in (os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [], [os.path.basename(path)])])
             for name in sorted(names)]
    before = b""
    if given.after:
        if not given.model or given.mix:
            options += ["--dictionary", given.after]
        with open(given.after, "rb") as file:
            before = file.read()
    columns = ["gzip -9", "xz -9e", "zstd -22", "PPMd"] + (["PPMd after it"] if before else [])
    if not given.round_trip:
        columns = ["text", "bytes"] + columns + ["charlm", f"than {columns[-1]}", "KB/s"]
        print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for path in paths:
        with open(path, "rb") as file:
            data = file.read(given.bytes or -1)
        size, there, back = charlm(data, options, given.round_trip)
        if given.round_trip:
            print(f"{path}: {len(data)} bytes, {size} compressed, {there / 1024:.0f} and {back / 1024:.0f} KB/s, the same", flush=True)
            continue
        others = [piped(["gzip", "-9"], data), piped(["xz", "-9e"], data),
                  piped(["zstd", "--ultra", "-22", "--long=27", "-q"], data), ppmd(data)]
        if before:
            others.append(ppmd(data, before))
        gain = f"{100 * (size / others[-1] - 1):+.1f} %" if others[-1] else ""
        cells = [os.path.basename(path), f"{len(data):,}"] + [f"{other:,}" if other else "-" for other in others]
        print("| " + " | ".join(cells + [f"**{size:,}**", gain, f"{there / 1024:.0f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
