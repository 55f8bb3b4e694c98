"""Writes regularized-*.safetensors beside this script: a training step of PyTorch with everything that regularizes.

Needs torch alone (made with 2.15); run it as `python make_regularization_goldens.py`. Precision and contents are those of
make_goldens.py, with these differences: the masks of a step are made here from their definition, and the gradients
are those of the loss with its two penalties, while `loss` is the cross entropy alone.

  output of each layer     dropped with DROPOUT; one mask a sequence where it is locked, else one a sequence and time
  embedding.weight         rows dropped with EMBEDDING_DROPOUT
  weight_hh                elements dropped with WEIGHT_DROP
  penalties                ACTIVATION * mean(dropped output ** 2) + TEMPORAL * mean((h[t] - h[t + 1]) ** 2)
"""

import pathlib

import torch
from make_goldens import EMBEDDING, HIDDEN, VOCABULARY, rows, write
from torch import nn
from torch.func import functional_call

SEED, STEP = 9, 12
DROPOUT, EMBEDDING_DROPOUT, WEIGHT_DROP, ACTIVATION, TEMPORAL = 0.3, 0.25, 0.4, 2.0, 1.0
LAYERS = 2
CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}
GOLDEN_GAMMA, ALL_64, ALL_32 = 0x9E3779B97F4A7C15, 2**64 - 1, 2**32 - 1


# The masks: functions of seed, step and place alone.


def mix64(z):
    """SplitMix64's finalizer."""
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & ALL_64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & ALL_64
    return z ^ (z >> 31)


def mix32(x):
    """The finalizer lowbias32."""
    x = (x ^ (x >> 16)) * 0x7FEB352D & ALL_32
    x = (x ^ (x >> 15)) * 0x846CA68B & ALL_32
    return x ^ (x >> 16)


def key(layer, row, time=-1):
    """Of a row's mask. Outputs have layers from 0; the embedding is layer -1, and the weight_hh follow below. Time is -1
    for what holds for the whole step."""
    stem = mix64(mix64(mix64(SEED + GOLDEN_GAMMA & ALL_64) ^ STEP) ^ (layer * GOLDEN_GAMMA & ALL_64))
    return mix64(stem ^ ((time << 32 | row) & ALL_64) * GOLDEN_GAMMA & ALL_64)


def mask(key, count, probability):
    """Zeros, and 1 / (1 - p) for what is kept, of `count` features."""
    words = mix64(key)
    kept = [
        (mix32(mix32(feature + words & ALL_32) ^ words >> 32) >> 8) >= round(probability * 2**24)
        for feature in range(count)
    ]
    return torch.tensor(kept, dtype=torch.float64) / (1 - probability)


def weight_mask(layer, is_reverse, shape):
    return torch.stack([mask(key(-2 - 2 * layer - is_reverse, row), shape[1], WEIGHT_DROP) for row in range(shape[0])])


def output_masks(layer, lengths, width, is_locked):
    """(N, width), in the order of a packed sequence."""
    return torch.stack(
        [
            mask(key(layer, row, -1 if is_locked else time), width, DROPOUT)
            for time in range(max(lengths))
            for row in range(len(lengths))
            if lengths[row] > time
        ]
    )


# The network.


class Network(nn.Module):
    def __init__(self, cell, bidirectional):
        super().__init__()
        width = HIDDEN * (1 + bidirectional)
        self.embedding = nn.Embedding(VOCABULARY, EMBEDDING)
        sizes = [EMBEDDING] + [width] * (LAYERS - 1)
        self.layers = nn.ModuleList(CELLS[cell](size, HIDDEN, bidirectional=bidirectional) for size in sizes)
        self.decoder = nn.Linear(width, VOCABULARY)

    def named(self):
        """The parameters by the names of one module of several layers."""
        for name, parameter in self.named_parameters():
            if name.startswith("layers."):
                _, layer, name = name.split(".")
                name = "rnn." + name.replace("_l0", "_l" + layer)
            yield name, parameter

    def forward(self, tokens, lengths, states, is_locked):
        """Padded tokens (T, B) to the logits (N, V), the output before the decoder, and that before its dropout."""
        table = self.embedding.weight * torch.stack([mask(key(-1, t), 1, EMBEDDING_DROPOUT) for t in range(VOCABULARY)])
        packed = nn.utils.rnn.pack_padded_sequence(table[tokens], torch.tensor(lengths))
        for number, layer in enumerate(self.layers):
            parameters = {
                name: p * weight_mask(number, name.endswith("_reverse"), p.shape) if "weight_hh" in name else p
                for name, p in layer.named_parameters()
            }
            directions = 1 + layer.bidirectional
            own = [state[number * directions : (number + 1) * directions] for state in states]
            state = tuple(own) if len(own) == 2 else own[0]
            packed, _ = functional_call(layer, parameters, (packed, state))
            raw = packed.data
            data = raw * output_masks(number, lengths, raw.shape[1], is_locked)
            packed = nn.utils.rnn.PackedSequence(data, packed.batch_sizes)
        return self.decoder(packed.data), packed.data, raw


def temporalPenalty(raw, lengths):
    """The mean square of the differences between a sequence's neighbouring steps."""
    sizes = [sum(length > time for length in lengths) for time in range(max(lengths))]
    steps = raw.split(sizes)
    return torch.cat([after - before[: len(after)] for before, after in zip(steps, steps[1:])]).pow(2).mean()


def golden(cell, bidirectional, lengths, is_locked):
    network = Network(cell, bidirectional).double()
    for parameter in network.parameters():
        parameter.data = torch.empty(parameter.shape).uniform_(-0.5, 0.5).double()
    tokens = torch.randint(0, VOCABULARY, (max(lengths), len(lengths)))
    targets = torch.randint(-1, VOCABULARY, (max(lengths), len(lengths)))
    shape = (LAYERS * (1 + bidirectional), len(lengths), HIDDEN)
    initial = [torch.empty(shape).uniform_(-1, 1).double() for _ in range(2 if cell == "lstm" else 1)]
    logits, output, raw = network(tokens, lengths, initial, is_locked)
    loss = nn.functional.cross_entropy(logits, rows(targets, lengths), ignore_index=-1)
    (loss + ACTIVATION * output.pow(2).mean() + TEMPORAL * temporalPenalty(raw, lengths)).backward()

    tensors = dict(network.named())
    tensors |= {"gradient/" + name: parameter.grad for name, parameter in network.named()}
    tensors |= {"tokens": rows(tokens, lengths), "targets": rows(targets, lengths), "lengths": torch.tensor(lengths)}
    tensors |= {"logits": logits, "loss": loss}
    tensors |= {f"initial_{name}": before for name, before in zip(["hidden", "cell"], initial)}
    return tensors


def main():
    folder = pathlib.Path(__file__).parent
    for number, (cell, bidirectional, lengths, is_locked) in enumerate(
        [("lstm", False, [5, 5, 5], True), ("gru", True, [6, 4, 4, 1], False)]
    ):
        torch.manual_seed(100 + number)
        metadata = {
            "cell": cell,
            "nonlinearity": "tanh",
            "layers": str(LAYERS),
            "bidirectional": str(bidirectional).lower(),
            "locked": str(is_locked).lower(),
            "torch": torch.__version__,
        }
        write(folder / f"regularized-{cell}.safetensors", golden(cell, bidirectional, lengths, is_locked), metadata)


if __name__ == "__main__":
    main()
