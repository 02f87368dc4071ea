/** A model as one Python file that needs NumPy alone: prepares rows or columns of raw values and predicts, in float64. */
import type { ActivationName } from '#engine/network/activations.ts'
import { writeNumbers } from '#lab/models/writers/json.ts'
import { batchAffine, defaultSlope, layersOf, type ModelLayer, type TrainedModel } from '#lab/models/model.ts'

/** Activations as NumPy expressions of the sums `z`, of shape (rows, units). */
const activations: Record<Exclude<ActivationName, 'leaky_relu'>, string> = {
  linear: 'z',
  threshold: 'np.where(z >= 0, 1.0, 0.0)',
  sign: 'np.sign(z)',
  sigmoid: 'sigmoid(z)',
  hard_sigmoid: 'np.clip(z / 6 + 0.5, 0, 1)',
  tanh: 'np.tanh(z)',
  relu: 'np.maximum(z, 0)',
  elu: 'np.where(z > 0, z, np.expm1(np.minimum(z, 0)))',
  selu: '1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))',
  gelu: '0.5 * z * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2)))',
  silu: 'z * sigmoid(z)',
  softplus: 'np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))',
  softmax: 'softmax(z)'
}

/** Writes the file piece by piece. */
export function* writePython(model: TrainedModel): Generator<string, void, void> {
  const { preparation, provenance, task } = model
  yield `${docstring(model)}
import json
import math

import numpy as np

COLUMNS = json.loads(${pythonText(JSON.stringify(preparation.columns))})
CLASSES = json.loads(${pythonText(JSON.stringify(preparation.classes))})
TARGET_MEAN, TARGET_DEVIATION = ${preparation.targetScale.mean}, ${preparation.targetScale.deviation}
PROVENANCE = json.loads(${pythonText(JSON.stringify(provenance))})


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def standardise(z):
    centred = z - z.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)


def array(*values):
    return np.array(values, dtype=np.float32).astype(np.float64)


LAYERS = [
`
  for (const layer of layersOf(model)) yield* writeLayer(layer)
  yield `]


def is_missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))


def text(value):
    """Writes a value as the lab names levels: whole numbers without a point, truth values in small letters."""
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def prepare(rows):
    """Turns rows, a list of dicts by column name, into the matrix the network reads; None and NaN are missing."""
    parts = []
    for column in COLUMNS:
        given = [row.get(column["column"]) for row in rows]
        if column["kind"] == "numeric":
            values = np.array([math.nan if value is None or value == "" else float(value) for value in given])
            missing = ~np.isfinite(values)
            scaled = (np.where(missing, column["fill"], values) - column["offset"]) / column["scale"]
            parts.append(scaled[:, None])
        else:
            missing = np.array([is_missing(value) for value in given], dtype=bool)
            places = {level: place for place, level in enumerate(column["levels"])}
            levels = len(places)
            one_hot = np.zeros((len(rows), levels + 1))
            for row, value in enumerate(given):
                if not missing[row]:
                    one_hot[row, places.get(text(value), levels)] = 1
                elif column["fill"] is not None:
                    one_hot[row, places.get(column["fill"], 0)] = 1
            parts.append(one_hot if column["other"] else one_hot[:, :levels])
        if column["indicator"]:
            parts.append(missing[:, None].astype(float))
    return np.concatenate(parts, axis=1).astype(np.float32).astype(np.float64)


def forward(x):
    """Computes the outputs of the network for prepared rows."""
    for layer in LAYERS:
        z = x @ layer["weights"].T + layer["biases"]
        if layer["standardised"]:
            z = standardise(z)
        if layer["factor"] is not None:
            z = z * layer["factor"] + layer["term"]
        x = layer["activate"](z)
    return x

`
  yield task === 'classification'
    ? `
def predict_proba(rows):
    """Gives the probabilities of the classes, (rows, classes) in the order of CLASSES."""
    return forward(prepare(rows))


def predict(rows):
    """Gives the most probable class of each row."""
    return [CLASSES[place] for place in predict_proba(rows).argmax(axis=1)]
`
    : `
def predict(rows):
    """Gives the value of each row in the units of the target."""
    return forward(prepare(rows))[:, 0] * TARGET_DEVIATION + TARGET_MEAN
`
}

function* writeLayer(layer: ModelLayer): Generator<string, void, void> {
  const { activation, slope = defaultSlope, normalisation } = layer
  const affine = batchAffine(layer)
  const expression = activation === 'leaky_relu' ? `np.where(z > 0, z, ${slope} * z)` : activations[activation]
  yield '    {\n        "weights": array('
  yield* writeNumbers(layer.weights)
  yield `).reshape(${layer.units}, ${layer.inputs}),\n        "biases": array(`
  yield* writeNumbers(layer.biases)
  yield `),\n        "standardised": ${normalisation === 'layer' ? 'True' : 'False'},\n`
  yield `        "factor": ${numbersOrNone(affine?.factor ?? layer.scale?.gain)},\n`
  yield `        "term": ${numbersOrNone(affine?.term ?? layer.scale?.shift)},\n`
  yield `        "activate": lambda z: ${expression},\n    },\n`
}

function numbersOrNone(values: Float32Array | Float64Array | undefined): string {
  return values ? `np.array([${values.join(',')}])` : 'None'
}

function docstring({ preparation, provenance }: TrainedModel): string {
  const text =
    `Predicts ${JSON.stringify(preparation.target)}. Written by Topology Lab ${provenance.lab}: run ${provenance.run}, ` +
    `${provenance.weights} weights (epoch ${provenance.epoch}).`
  return `__doc__ = ${pythonText(text)}\n`
}

/** Writes a text as Python. A JSON string of ASCII alone is also a Python string, surrogate pairs apart. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/gu, (character) => {
    return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
  })
}
