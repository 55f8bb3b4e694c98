#!/usr/bin/env python3
"""The measurement of Snippets/PackedCost.swift in PyTorch: a packed against a uniform batch, per real time step."""
import time
import torch
from torch.nn.utils.rnn import pack_sequence

torch.set_num_threads(1)
width, hidden, batch, longest = 64, 128, 32, 40
lstm = torch.nn.LSTM(width, hidden)
lengths = [longest - i % 20 for i in range(batch)]
real = sum(lengths)
packed = pack_sequence([torch.randn(n, width) for n in lengths], enforce_sorted=False)
uniform = torch.randn(real // batch, batch, width)


def seconds(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


ratios = []
for _ in range(21):
    a = seconds(lambda: lstm(packed)[0].data.sum().backward()) / real
    b = seconds(lambda: lstm(uniform)[0].sum().backward()) / (real // batch * batch)
    ratios.append(a / b)
ratios.sort()
print(f"packed against uniform: {ratios[10]:.2f} ({ratios[3]:.2f} to {ratios[17]:.2f})")
