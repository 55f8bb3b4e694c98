"""Writes the goldens beside this script: what PyTorch's layers, cells, losses and optimizers compute.

Needs torch alone (made with 2.15); run it as `python make_layer_goldens.py`. Numbers are drawn in float32 and computed
with in float64, so that the goldens are exact to half a unit of float32; the tolerances of the tests are then those of
the layers alone.

One file a cell, many cases a file; a tensor is called CASE/NAME. The weight of a loss is drawn too: the loss is the sum
of outputs and final states times their weights. A case of a layer holds
  input, [lengths], h0, [c0]             what goes in; padded and unsorted where there are lengths
  PARAMETER                              by PyTorch's name
  output, hn, [cn]                       what comes out; the output padded again where there are lengths
  weight/output, weight/hn, weight/cn    of the loss
  gradient/NAME                          of every parameter, of the input and of the initial states
Its name says the options, such as lstm-3-bidirectional-batchfirst-packed-nobias.
"""

import itertools
import json
import pathlib
import struct

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

INPUT, HIDDEN, PROJECTION, LENGTHS = 2, 3, 2, [2, 4, 1]
LAYERS = {
    "rnn-tanh": lambda **options: nn.RNN(INPUT, HIDDEN, nonlinearity="tanh", **options),
    "rnn-relu": lambda **options: nn.RNN(INPUT, HIDDEN, nonlinearity="relu", **options),
    "lstm": lambda **options: nn.LSTM(INPUT, HIDDEN, **options),
    "lstm-projected": lambda **options: nn.LSTM(INPUT, HIDDEN, proj_size=PROJECTION, **options),
    "gru": lambda **options: nn.GRU(INPUT, HIDDEN, **options),
}
CELLS = {
    "cell-rnn-tanh": lambda bias: nn.RNNCell(INPUT, HIDDEN, bias, "tanh"),
    "cell-rnn-relu": lambda bias: nn.RNNCell(INPUT, HIDDEN, bias, "relu"),
    "cell-lstm": lambda bias: nn.LSTMCell(INPUT, HIDDEN, bias),
    "cell-gru": lambda bias: nn.GRUCell(INPUT, HIDDEN, bias),
}
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1),
    "sgd-decay": lambda p: torch.optim.SGD(p, 0.1, weight_decay=0.2),
    "sgd-momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    "sgd-nesterov": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.2),
    "adam": lambda p: torch.optim.Adam(p),
    "adam-decay": lambda p: torch.optim.Adam(p, 0.05, (0.8, 0.95), 1e-3, weight_decay=0.2),
    "adamw": lambda p: torch.optim.AdamW(p),
    "adamw-decay": lambda p: torch.optim.AdamW(p, 0.05, (0.8, 0.95), 1e-3, weight_decay=0.2),
    "rmsprop": lambda p: torch.optim.RMSprop(p),
    "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, 0.05, 0.9, 1e-3, weight_decay=0.2, momentum=0.5),
}


def drawn(*shape, bound=1.0):
    """Numbers that float32 holds, in float64, whose gradient is wanted."""
    return torch.empty(shape).uniform_(-bound, bound).double().requires_grad_()


def prepared(module):
    """The module in float64, its parameters (biases too) drawn again."""
    module = module.double()
    for parameter in module.parameters():
        parameter.data = drawn(*parameter.shape, bound=0.7).detach()
    return module


def record(module, inputs, outputs):
    """The tensors of a case: what goes in, what comes out, and the gradients of the weighted sum of what comes out."""
    weights = {name: drawn(*value.shape).detach() for name, value in outputs.items()}
    sum((value * weights[name]).sum() for name, value in outputs.items()).backward()
    leaves = dict(module.named_parameters()) | inputs
    tensors = leaves | outputs
    tensors |= {"weight/" + name: weight for name, weight in weights.items()}
    tensors |= {"gradient/" + name: leaf.grad for name, leaf in leaves.items() if leaf.requires_grad}
    return tensors


def layer(cell, layers, bidirectional, batch_first, packed, bias):
    options = dict(num_layers=layers, bidirectional=bidirectional, batch_first=batch_first, bias=bias)
    module = prepared(LAYERS[cell](**options))
    steps, batch, states = max(LENGTHS), len(LENGTHS), layers * (1 + bidirectional)
    width = PROJECTION if cell == "lstm-projected" else HIDDEN
    inputs = {"input": drawn(*((batch, steps) if batch_first else (steps, batch)), INPUT)}
    inputs["h0"] = drawn(states, batch, width)
    if "lstm" in cell:
        inputs["c0"] = drawn(states, batch, HIDDEN)
    state = (inputs["h0"], inputs["c0"]) if "lstm" in cell else inputs["h0"]
    if packed:
        rows = pack_padded_sequence(inputs["input"], LENGTHS, batch_first=batch_first, enforce_sorted=False)
        output, state = module(rows, state)
        output, _ = pad_packed_sequence(output, batch_first=batch_first)
    else:
        output, state = module(inputs["input"], state)
    final = dict(zip(["hn", "cn"], state if "lstm" in cell else [state]))
    tensors = record(module, inputs, {"output": output} | final)
    return tensors | ({"lengths": torch.tensor(LENGTHS)} if packed else {})


def layers(cell):
    words = ["bidirectional", "batchfirst", "packed", "nobias"]
    for count, *flags in itertools.product([1, 3], *[[False, True]] * len(words)):
        bidirectional, batch_first, packed, no_bias = flags
        name = "-".join([cell, str(count)] + [word for word, flag in zip(words, flags) if flag])
        yield name, layer(cell, count, bidirectional, batch_first, packed, not no_bias)


def cells():
    for name, bias, batched in itertools.product(CELLS, [True, False], [True, False]):
        module = prepared(CELLS[name](bias))
        batch = (len(LENGTHS),) if batched else ()
        inputs = {"input": drawn(*batch, INPUT), "h0": drawn(*batch, HIDDEN)}
        if "lstm" in name:
            inputs["c0"] = drawn(*batch, HIDDEN)
            final = dict(zip(["hn", "cn"], module(inputs["input"], (inputs["h0"], inputs["c0"]))))
        else:
            final = {"hn": module(inputs["input"], inputs["h0"])}
        case = name + ("" if batched else "-unbatched") + ("" if bias else "-nobias")
        yield case, record(module, inputs, final)


def others():
    for shape, bias in itertools.product([(4,), (3, 4), (2, 3, 4)], [True, False]):
        module = prepared(nn.Linear(4, 5, bias))
        inputs = {"input": drawn(*shape)}
        name = f"linear-{len(shape)}" + ("" if bias else "-nobias")
        yield name, record(module, inputs, {"output": module(inputs["input"])})
    for padding in [None, 0, 2]:
        module = prepared(nn.Embedding(5, 3, padding_idx=padding))
        tokens = torch.tensor([2, 0, 4, 2, 2, 1, 0])
        name = "embedding" + ("" if padding is None else f"-padding{padding}")
        yield name, record(module, {"tokens": tokens}, {"output": module(tokens)})
    for name, targets in {"all": [3, 0, 1, 1], "ignored": [-100, 0, 2, -100]}.items():
        logits = drawn(4, 5, bound=8)
        targets = torch.tensor(targets)
        loss = nn.functional.cross_entropy(logits, targets)
        yield f"crossentropy-{name}", record(nn.Module(), {"input": logits, "targets": targets}, {"output": loss})
    inputs = {"input": drawn(3, 4), "target": drawn(3, 4)}
    yield "mse", record(nn.Module(), inputs, {"output": nn.functional.mse_loss(*inputs.values())})


def optimizers():
    """Five steps of two parameters: the gradients of each step, the values after each."""
    for name, make in OPTIMIZERS.items():
        parameters = [nn.Parameter(drawn(3, 4).detach()), nn.Parameter(drawn(5).detach())]
        tensors = {f"{name}/0/{place}": p.detach().clone() for place, p in enumerate(parameters)}
        optimizer = make(parameters)
        for step in range(1, 6):
            for place, parameter in enumerate(parameters):
                parameter.grad = drawn(*parameter.shape, bound=2).detach()
                tensors[f"gradient/{step}/{place}"] = parameter.grad
            optimizer.step()
            tensors |= {f"{step}/{place}": p.detach().clone() for place, p in enumerate(parameters)}
        tensors |= {f"0/{place}": tensors.pop(f"{name}/0/{place}") for place in range(2)}
        yield name, tensors
    for name, limit in [("clip-norm", 1.0), ("clip-norm-loose", 100.0), ("clip-value", 0.5)]:
        parameters = [nn.Parameter(drawn(3, 4).detach()), nn.Parameter(drawn(5).detach())]
        tensors = {"limit": torch.tensor(limit)}
        for place, parameter in enumerate(parameters):
            parameter.grad = drawn(*parameter.shape, bound=2).detach()
            tensors[f"gradient/1/{place}"] = parameter.grad.clone()
        if name == "clip-value":
            nn.utils.clip_grad_value_(parameters, limit)
        else:
            tensors["norm"] = nn.utils.clip_grad_norm_(parameters, limit)
        yield name, tensors | {f"1/{place}": parameter.grad for place, parameter in enumerate(parameters)}


def write(path, cases):
    """A safetensors file: F32 for what is real, I32 for what is whole."""
    header, data = {"__metadata__": {"torch": torch.__version__}}, b""
    for case, tensors in cases:
        for name, tensor in tensors.items():
            tensor = tensor.detach()
            kind, dtype = ("F32", torch.float32) if tensor.is_floating_point() else ("I32", torch.int32)
            values = tensor.to(dtype).contiguous().numpy().tobytes()
            header[f"{case}/{name}"] = {
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
    groups = {cell: (lambda cell=cell: layers(cell)) for cell in LAYERS}
    groups |= {"cells": cells, "others": others, "optimizers": optimizers}
    for number, (name, cases) in enumerate(groups.items()):
        torch.manual_seed(number)
        write(folder / f"{name}.safetensors", cases())


if __name__ == "__main__":
    main()
