#!/usr/bin/env python3
"""Samples from a model of charlm in PyTorch, as a whole process: to be timed beside `charlm sample --length 200`.

    time peer/bin/python Benchmarks/torch_sample.py models/MODEL.safetensors 200
"""
import json
import sys

import torch
from safetensors import safe_open
from torch import nn

path, length = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(2)
with safe_open(path, "pt") as file:
    metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
size = json.loads(metadata["model"])
kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[size["cell"]]
embedding = nn.Embedding.from_pretrained(tensors["embedding.weight"])
rnn = kind(size["embedding"], size["hidden"], size["layers"])
rnn.load_state_dict({name[4:]: tensor for name, tensor in tensors.items() if name.startswith("rnn.")})
decoder = nn.Linear(size["hidden"], len(tensors["decoder.bias"]))
decoder.load_state_dict({name[8:]: tensor for name, tensor in tensors.items() if name.startswith("decoder.")})
vocabulary = json.loads(metadata["vocabulary"])

with torch.no_grad():
    token, state, text = torch.zeros(1, 1, dtype=torch.long), None, []
    for _ in range(length):
        output, state = rnn(embedding(token), state)
        token = torch.multinomial(torch.softmax(decoder(output)[0, 0] / 0.8, 0), 1).view(1, 1)
        text.append(str(vocabulary[token.item()]))
print("".join(text))
