/** The script beside a safetensors file: a PyTorch module with the weights, and the preparation of raw rows. */
import { writeActivation } from '#lab/models/activations.ts'
import { describePreparation } from '#lab/datasets/preparation-steps.ts'
import type { TrainedModel } from '#lab/models/model.ts'
import { pythonPreparation } from '#lab/models/writers/python-preparation.ts'
import { pythonText } from '#lab/models/writers/python.ts'

/** Writes the script for a safetensors file of this name beside it. */
export function writePyTorchScript(
  { topology, task, preparation, provenance }: TrainedModel,
  fileName: string
): string {
  const hasClasses = task === 'classification'
  const lines = topology.layers.map((layer, index) => {
    const { units, normalisation, dropout = 0 } = layer
    const inputs = topology.layers[index - 1]?.units ?? topology.inputs
    const norms = { batch: `nn.BatchNorm1d(${units})`, layer: `nn.LayerNorm(${units})` }
    const norm = normalisation ? norms[normalisation] : 'nn.Identity()'
    const { text: activate } = writeActivation('pytorch', layer)
    return `    (nn.Linear(${inputs}, ${units}), ${norm}, ${activate}, nn.Dropout(${dropout})),\n`
  })
  return `__doc__ = ${pythonText(
    `Predicts ${JSON.stringify(preparation.target)} with PyTorch. Written by Topology Lab ${provenance.lab}: ` +
      `run ${provenance.run}, ${provenance.weights} weights (epoch ${provenance.epoch}).`
  )}

import datetime
import json
import math
import re
import struct
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

WEIGHTS = Path(__file__).with_name(${pythonText(fileName)})

# One row a layer: weighted sums, normalisation, activation, dropout (which does nothing after eval()).
LAYERS = [
${lines.join('')}]


def read_safetensors(path):
    """Reads the tensors and the description of the model; the package safetensors gives the same tensors."""
    data = Path(path).read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    description = json.loads(header.pop("__metadata__")["topologyLab"])
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = bytearray(data[start + first : start + last])
        tensors[name] = torch.frombuffer(values, dtype=torch.float32).reshape(entry["shape"])
    return tensors, description


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(linear for linear, _, _, _ in LAYERS)
        self.norms = nn.ModuleList(norm for _, norm, _, _ in LAYERS)
        self.dropouts = nn.ModuleList(dropout for _, _, _, dropout in LAYERS)
        self.activations = [activation for _, _, activation, _ in LAYERS]

    def forward(self, x):
        for linear, norm, activation, dropout in zip(self.layers, self.norms, self.activations, self.dropouts):
            x = dropout(activation(norm(linear(x))))
        return x


def load(path=WEIGHTS):
    """Gives the network, ready to predict, and the description of the model."""
    tensors, description = read_safetensors(path)
    network = Network()
    # Counts of batches seen are of no use to a prediction and not in the file.
    missing, unexpected = network.load_state_dict(tensors, strict=False)
    assert not unexpected and all(name.endswith("num_batches_tracked") for name in missing), (missing, unexpected)
    return network.eval(), description


${pythonPreparation(describePreparation(preparation), pythonText)}

def prepare(rows):
    """Turns rows, a list of dicts by column name, into the tensor the network reads; None, NaN and '' are missing."""
    return torch.tensor(prepare_columns(rows)).T


def predict(rows):
    """Predicts rows, a list of dicts by column name: ${hasClasses ? 'the most probable class of each' : 'values in the units of the target'}."""
    network, description = load()
    preparation = description["preparation"]
    with torch.no_grad():
        outputs = network(prepare(rows))
${
  hasClasses
    ? '    return [preparation["classes"][place] for place in outputs.argmax(dim=1).tolist()]'
    : `    scale = preparation["targetScale"]
    values = [value * scale["deviation"] + scale["mean"] for value in outputs[:, 0].tolist()]
    limits = scale.get("limits")
    return [min(max(value, limits["minimum"]), limits["maximum"]) for value in values] if limits else values`
}


if __name__ == "__main__":
    # Reads rows as a JSON list of objects from stdin: echo '[{}]' | python3 this_file.py
    print(json.dumps(predict(json.load(sys.stdin))))
`
}
