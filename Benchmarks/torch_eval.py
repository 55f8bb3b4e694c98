#!/usr/bin/env python3
"""Loads a charlm model into PyTorch and evaluates it on a text: the check that both compute the same.

    pip install torch safetensors regex
    Benchmarks/torch_eval.py models/book.safetensors TEXT     # TEXT: the file's last tenth, or --all of it

Prints nats a token, one stream, state carried: `charlm eval` says the same to four places or more.
"""
import argparse, json
import regex
import torch
import torch.nn as nn
from safetensors import safe_open

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("text")
parser.add_argument("--all", action="store_true", help="the whole file, not its last tenth")
options = parser.parse_args()

with safe_open(options.model, "pt") as file:
    metadata = file.metadata()
    tensors = {name: file.get_tensor(name) for name in file.keys()}
settings, text_settings = json.loads(metadata["model"]), json.loads(metadata["text"])
vocabulary = json.loads(metadata["vocabulary"])


class CharLM(nn.Module):
    def __init__(self):
        super().__init__()
        extra = {"nonlinearity": settings["nonlinearity"]} if settings["cell"] == "rnn" else {}
        self.embedding = nn.Embedding(len(vocabulary), settings["embedding"])
        self.rnn = getattr(nn, settings["cell"].upper())(
            settings["embedding"], settings["hidden"], settings["layers"],
            bidirectional=settings["bidirectional"], **extra)
        width = settings["hidden"] * (2 if settings["bidirectional"] else 1)
        self.decoder = nn.Linear(width, len(vocabulary))

    def forward(self, tokens):
        return self.decoder(self.rnn(self.embedding(tokens))[0])


model = CharLM()
if settings["tied"]:
    tensors["decoder.weight"] = tensors["embedding.weight"]
model.load_state_dict(tensors)
model.eval()

content = open(options.text, "rb").read()
if text_settings["unit"] == "byte":
    index = {bytes.fromhex(t["bytes"]) if isinstance(t, dict) else t.encode(): i for i, t in enumerate(vocabulary)}
    pieces = [bytes([b]) for b in content]
else:
    index = {t: i for i, t in enumerate(vocabulary) if isinstance(t, str)}
    text = content.decode()
    cut = 0 if options.all else int(0.9 * len(text))
    split = (lambda s: regex.findall(r"\X", s)) if text_settings["unit"] == "grapheme" else list
    starts, at = set(), 0
    for piece in split(text):
        starts.add(at)
        at += len(piece)
    while cut not in starts and cut < len(text):
        cut += 1
    pieces = split(text[cut:])
ids = torch.tensor([index[piece] for piece in pieces])
with torch.no_grad():
    loss = nn.functional.cross_entropy(model(ids[:-1].unsqueeze(1)).squeeze(1), ids[1:])
print(json.dumps({"peer": f"torch-{torch.__version__}", "tokens": len(ids) - 1, "nats_per_token": loss.item()}))
