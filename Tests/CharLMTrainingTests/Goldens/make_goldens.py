"""Writes the goldens beside this script: small language models of PyTorch, with what they compute.

Needs torch alone (made with 2.15); run it as `python make_goldens.py`. Parameters, states and inputs are drawn in
float32 and computed with in float64, so that the goldens are exact to half a unit of float32; the tolerances of the
test are then those of the engine alone.

Each file holds, N being the rows of all time steps (step by step, and within a step sequence by sequence):
  embedding.weight, rnn.*, decoder.weight, decoder.bias       the parameters
  tokens, targets (N), lengths (B)                            the batch; a target of -1 is ignored
  initial_hidden (L * D, B, H), initial_cell                  the states before
  logits (N, V), loss, final_hidden, final_cell               what comes out
  gradient/NAME                                               of every parameter and of the initial states
"""

import json
import pathlib
import struct

import torch
from torch import nn

VOCABULARY, EMBEDDING, HIDDEN = 11, 6, 9
CELLS = {
    "lstm": lambda **options: nn.LSTM(EMBEDDING, HIDDEN, **options),
    "gru": lambda **options: nn.GRU(EMBEDDING, HIDDEN, **options),
    "rnn-tanh": lambda **options: nn.RNN(EMBEDDING, HIDDEN, nonlinearity="tanh", **options),
    "rnn-relu": lambda **options: nn.RNN(EMBEDDING, HIDDEN, nonlinearity="relu", **options),
}
VARIANTS = {
    "1-layer": dict(num_layers=1),
    "3-layers": dict(num_layers=3),
    "2-layers-bidirectional-packed": dict(num_layers=2, bidirectional=True),
}


class Network(nn.Module):
    def __init__(self, cell, options):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        self.rnn = CELLS[cell](**options)
        self.decoder = nn.Linear(HIDDEN * (1 + self.rnn.bidirectional), VOCABULARY)

    def forward(self, tokens, lengths, state):
        """Padded tokens (T, B) to the logits (N, V) of the real rows, and the final state."""
        if len(set(lengths)) == 1:
            output, state = self.rnn(self.embedding(tokens), state)
            return self.decoder(output).reshape(-1, VOCABULARY), state
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens), torch.tensor(lengths))
        output, state = self.rnn(packed, state)
        return self.decoder(output.data), state


def rows(padded, lengths):
    """The real rows (N) of a padded matrix (T, B), in the order of a packed sequence."""
    return torch.cat([padded[time, : sum(length > time for length in lengths)] for time in range(max(lengths))])


def golden(cell, variant):
    network = Network(cell, VARIANTS[variant]).double()
    lengths = [6, 4, 4, 1] if "packed" in variant else [5, 5, 5]
    for parameter in network.parameters():  # biases too; rounded to float32
        drawn = torch.empty(parameter.shape).uniform_(-0.5, 0.5)
        parameter.data = drawn.double()
    tokens = torch.randint(0, VOCABULARY, (max(lengths), len(lengths)))
    targets = torch.randint(-1, VOCABULARY, (max(lengths), len(lengths)))
    directions = network.rnn.num_layers * (1 + network.rnn.bidirectional)
    shape = (directions, len(lengths), HIDDEN)
    initial = [torch.empty(shape).uniform_(-1, 1).double().requires_grad_() for _ in range(2 if cell == "lstm" else 1)]
    logits, final = network(tokens, lengths, tuple(initial) if cell == "lstm" else initial[0])
    final = list(final) if cell == "lstm" else [final]
    loss = nn.functional.cross_entropy(logits, rows(targets, lengths), ignore_index=-1)
    loss.backward()

    tensors = {name: parameter for name, parameter in network.named_parameters()}
    tensors |= {"gradient/" + name: parameter.grad for name, parameter in network.named_parameters()}
    tensors |= {"tokens": rows(tokens, lengths), "targets": rows(targets, lengths), "lengths": torch.tensor(lengths)}
    tensors |= {"logits": logits, "loss": loss}
    for name, before, after in zip(["hidden", "cell"], initial, final):
        tensors |= {f"initial_{name}": before, f"gradient/initial_{name}": before.grad, f"final_{name}": after}
    return tensors


def write(path, tensors, metadata):
    """A safetensors file: F32 for what is real, I32 for what is whole."""
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        tensor = tensor.detach()
        kind, dtype = ("F32", torch.float32) if tensor.is_floating_point() else ("I32", torch.int32)
        values = tensor.to(dtype).contiguous().numpy().tobytes()
        header[name] = {
            "dtype": kind,
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    folder = pathlib.Path(__file__).parent
    for number, (cell, variant) in enumerate((c, v) for c in CELLS for v in VARIANTS):
        torch.manual_seed(number)
        kind, _, nonlinearity = cell.partition("-")
        metadata = {
            "cell": kind,
            "nonlinearity": nonlinearity or "tanh",
            "layers": str(VARIANTS[variant]["num_layers"]),
            "bidirectional": str(VARIANTS[variant].get("bidirectional", False)).lower(),
            "torch": torch.__version__,
        }
        write(folder / f"{cell}-{variant}.safetensors", golden(cell, variant), metadata)


if __name__ == "__main__":
    main()
