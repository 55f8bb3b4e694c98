#!/usr/bin/env python3
"""Loads `charlm serve` with many streams at a time, and says how fast they come.

    python3 Benchmarks/serve_load.py CHARLM MODEL [--streams 500] [--seconds 20] [--probes 8] [--threads N]

wrk (Debian's package) reads all streams but a few; these are read here, and the times between their pieces measured. The
server, wrk and this program share the machine. Memory is the server's, at the beginning and after each minute, and at
the end.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import tempfile
import time

TOKENS = re.compile(rb'"tokens":(\d+),"end"')


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


async def probe(port, body, end, gaps, counts):
    """Reads streams until the end, one after the other; notes the time between two pieces, and the tokens."""
    while time.monotonic() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /api/complete HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        last, start, count = None, time.monotonic(), 0
        while time.monotonic() < end and (piece := await reader.read(1 << 16)):
            if not (found := sum(map(int, TOKENS.findall(piece)))):
                continue
            now = time.monotonic()
            if last is not None:
                gaps.append(now - last)
            last, count = now, count + found
        counts.append((count, time.monotonic() - start))
        writer.close()


async def watch(pid, seconds, figures):
    for _ in range(seconds // 60):
        await asyncio.sleep(60)
        figures.append(memory(pid))


async def probes(number, port, body, seconds, pid):
    gaps, counts, figures, end = [], [], [], time.monotonic() + seconds
    await asyncio.gather(watch(pid, seconds, figures),
                         *(probe(port, body, end, gaps, counts) for _ in range(number)))
    return sorted(gaps), counts, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("charlm")
    parser.add_argument("model")
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--probes", type=int, default=8)
    parser.add_argument("--length", type=int, default=2000)
    parser.add_argument("--threads", default="1")
    given = parser.parse_args()
    server = subprocess.Popen(
        [given.charlm, "serve", "--model", given.model, "--port", "0", "--streams", str(given.streams),
         "--threads", given.threads], stderr=subprocess.PIPE, text=True)
    try:
        port = int(server.stderr.readline().split()[2].rstrip("/").rsplit(":", 1)[1])
        body = json.dumps({"seed": "The ", "length": given.length, "stream": True}).encode()
        with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as script:
            script.write('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                         f"wrk.body = [[{body.decode()}]]\n")
        before = memory(server.pid)
        load = subprocess.Popen(
            ["wrk", "-t1", f"-c{given.streams - given.probes}", f"-d{given.seconds + 2}s", "--timeout", "300s",
             "-s", script.name, f"http://127.0.0.1:{port}/api/complete"],
            stdout=subprocess.PIPE, text=True)
        time.sleep(2)
        gaps, counts, figures = asyncio.run(probes(given.probes, port, body, given.seconds, server.pid))
        after = memory(server.pid)
        load.communicate()
        os.unlink(script.name)
        tokens, spent = sum(count for count, _ in counts), sum(time_ for _, time_ in counts)
        quantile = lambda part: 1000 * gaps[min(len(gaps) - 1, int(part * len(gaps)))] if gaps else float("nan")
        print(f"{given.streams} streams: {tokens / spent:.0f} characters a second each, "
              f"{tokens / spent * given.streams:.0f} together; between two pieces: median {quantile(0.5):.0f} ms, "
              f"p99 {quantile(0.99):.0f} ms, most {quantile(1):.0f} ms; memory {before:.0f} -> {after:.0f} MiB")
        if figures:
            print("memory by the minute: " + " ".join(f"{figure:.1f}" for figure in figures) + " MiB")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
