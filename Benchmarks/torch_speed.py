#!/usr/bin/env python3
"""Training, sampling and evaluation speed of PyTorch on charlm's shapes: one JSON object with `charlm bench`'s fields.

    python3 -m venv peer && peer/bin/pip install torch
    Benchmarks/compare "peer/bin/python Benchmarks/torch_speed.py"

Written as one writes PyTorch: nn.Embedding, nn.LSTM (GRU, RNN), nn.Linear, cross entropy, clipping, Adam; sampling one
character at a time; evaluation as one stream in chunks of 256, and as 64 streams of 64 tokens; charlm cuts a text into up
to 32 streams by itself.
"""
import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn

SHAPES = {  # cell, vocabulary, embedding, hidden, layers, streams, length of a chunk
    "lstm-128": (nn.LSTM, 65, 128, 128, 2, 50, 50),
    "lstm-256": (nn.LSTM, 65, 64, 256, 2, 64, 64),
    "lstm-512": (nn.LSTM, 65, 512, 512, 2, 64, 100),
    "lstm-1024": (nn.LSTM, 205, 1024, 1024, 2, 32, 100),
    "lstm1-512": (nn.LSTM, 65, 64, 512, 1, 32, 100),
    "gru-256": (nn.GRU, 65, 256, 256, 2, 64, 64),
    "gru-512": (nn.GRU, 65, 512, 512, 2, 64, 100),
    "rnn-256": (nn.RNN, 65, 256, 256, 2, 64, 64),
    "cjk-512": (nn.LSTM, 4533, 256, 512, 2, 32, 64),
}


class Network(nn.Module):
    def __init__(self, kind, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.rnn = kind(embedding, hidden, layers)
        self.decoder = nn.Linear(hidden, vocabulary)

    def forward(self, tokens, state=None):
        output, state = self.rnn(self.embedding(tokens), state)
        return self.decoder(output), state


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def train(network, vocabulary, batch, length, seconds, bf16):
    """The median time of a step, in seconds."""
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    text = torch.randint(vocabulary, (length + 1, batch))
    state, times, end = None, [], None
    while end is None or time.perf_counter() < end or len(times) < 4:
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            logits, state = network(text[:-1], state)
        loss = nn.functional.cross_entropy(logits.float().flatten(0, 1), text[1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5)
        optimizer.step()
        state = detached(state)
        times.append(time.perf_counter() - start)
        end = end or time.perf_counter() + seconds
    return statistics.median(times[1:])


def rate(seconds, work):
    """How much a second is done by `work`, which says what it did."""
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        count += work()
    return count / (time.perf_counter() - start)


def sampler(network, streams):
    token, state = torch.zeros(1, streams, dtype=torch.long), None

    def step():
        nonlocal token, state
        logits, state = network(token, state)
        token = torch.multinomial(torch.softmax(logits[0], -1), 1).view(1, streams)
        return streams

    return step


def evaluator(network, vocabulary, streams, length):
    text, state = torch.randint(vocabulary, (length + 1, streams)), None

    def chunk():
        nonlocal state
        logits, state = network(text[:-1], state)
        nn.functional.cross_entropy(logits.flatten(0, 1), text[1:].flatten(), reduction="sum").item()
        return streams * length

    return chunk


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=sorted(SHAPES), required=True)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    kind, vocabulary, embedding, hidden, layers, batch, length = SHAPES[options.shape]
    network = Network(kind, vocabulary, embedding, hidden, layers)
    step = train(network, vocabulary, batch, length, options.seconds, options.bf16)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux
    network.eval()
    short = min(options.seconds, 3)
    with torch.no_grad():
        figures = {
            "sample_chars_per_second": rate(short, sampler(network, 1)),
            "sample64_chars_per_second": rate(short, sampler(network, 64)),
            "eval_chars_per_second": rate(short, evaluator(network, vocabulary, 64, 64)),
            "eval_one_stream_chars_per_second": rate(short, evaluator(network, vocabulary, 1, 256)),
        }
    print(json.dumps({
        "peer": f"torch-{torch.__version__}", "shape": options.shape, "threads": options.threads, "bf16": options.bf16,
        "train_chars_per_second": batch * length / step, "step_ms": step * 1e3,
        "peak_rss_mb": peak, **figures,
    }))


main()
