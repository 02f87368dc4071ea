/** A model as one Python file that needs NumPy alone: prepares rows or columns of raw values and predicts, in float64. */
import { NORMALISATION_EPSILON } from '#engine/network/constants.ts'
import { outputLimits, type TargetScale } from '#engine/training/evaluation.ts'
import { activationHelpers, writeActivation } from '#lab/models/activations.ts'
import { describePreparation } from '#lab/datasets/preparation-steps.ts'
import { pythonPreparation } from '#lab/models/writers/python-preparation.ts'
import { writeNumbers } from '#lab/models/writers/json.ts'
import { batchAffine, type ModelLayer, networksOf, type TrainedModel } from '#lab/models/model.ts'

/** Writes the file piece by piece. */
export function* writePython(model: TrainedModel): Generator<string, void, void> {
  const { preparation, provenance, task } = model
  const networks = networksOf(model)
  const layers = networks.flat()
  yield `${docstring(model)}
import datetime
import json
import math
import re
import warnings

import numpy as np

CLASSES = json.loads(${pythonText(JSON.stringify(preparation.classes))})
TARGET_MEAN, TARGET_DEVIATION = ${preparation.targetScale.mean}, ${preparation.targetScale.deviation}
FEATURE_NAMES = json.loads(${pythonText(JSON.stringify(preparation.columns.map(({ column }) => column)))})
PROVENANCE = json.loads(${pythonText(JSON.stringify(provenance))})
${activationHelpers('python', layers)
  .map((helper) => `\n${helper}`)
  .join('')}

def standardise(z):
    centred = z - z.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + ${NORMALISATION_EPSILON})


def array(*values):
    return np.array(values, dtype=np.float32).astype(np.float64)


NETWORKS = [
`
  for (const network of networks) {
    yield '  [\n'
    for (const layer of network) yield* writeLayer(layer)
    yield '  ],\n'
  }
  yield `]


${pythonPreparation(describePreparation(preparation), pythonText)}

def prepare(rows):
    """Turns rows, a list of dicts by column name, into the matrix the network reads; None, NaN and '' are missing."""
    return np.array(prepare_columns(rows), dtype=np.float32).T.astype(np.float64)


def forward_through(layers, x):
    """Computes the outputs of one network for prepared rows."""
    for layer in layers:
        z = x @ layer["weights"].T + layer["biases"]
        if layer["standardised"]:
            z = standardise(z)
        if layer["factor"] is not None:
            z = z * layer["factor"] + layer["term"]
        x = layer["activate"](z)
    return ${limitedValues('x', preparation.targetScale)}


def forward(x):
    """Computes the outputs of the network for prepared rows, of an ensemble the mean of those of all networks."""
    return sum(forward_through(layers, x) for layers in NETWORKS) / len(NETWORKS)

`
  yield task === 'classification'
    ? `
def predict_proba(rows):
    """Gives the probabilities of the classes, (rows, classes) in the order of CLASSES."""
    ${probabilitiesOf(model.temperature)}


def predict(rows):
    """Gives the most probable class of each row."""
    return [CLASSES[place] for place in predict_proba(rows).argmax(axis=1)]
`
    : `
def predict(rows):
    """Gives the value of each row in the units of the target."""
    return forward(prepare(rows))[:, 0] * TARGET_DEVIATION + TARGET_MEAN
`
  yield estimator(task === 'classification')
}

/** The outputs of the rows, between the limits of predictions where there are any. */
function limitedValues(outputs: string, scale: TargetScale): string {
  const limits = outputLimits(scale)
  return limits ? `np.clip(${outputs}, ${limits.lowest}, ${limits.highest})` : outputs
}

/** The probabilities of rows, as sure as the temperature of the model says. */
function probabilitiesOf(temperature: number | undefined): string {
  if (temperature === undefined) return 'return forward(prepare(rows))'
  return `powers = forward(prepare(rows)) ** ${1 / temperature}\n    return powers / powers.sum(axis=1, keepdims=True)`
}

/** The same as an estimator of scikit-learn takes its place: in a pipeline's end, in a scorer, in an explainer. */
function estimator(hasClasses: boolean): string {
  const kind = hasClasses ? 'classifier' : 'regressor'
  return `

def rows_of(X):
    """Rows of a DataFrame, a list of dicts, or a matrix whose columns are in the order of FEATURE_NAMES."""
    if hasattr(X, "to_dict") and hasattr(X, "columns"):
        missing = [name for name in FEATURE_NAMES if name not in X.columns]
        if missing:
            raise ValueError(f"The table lacks {len(missing)} of the columns that the network reads: {missing[:10]}")
        return X[FEATURE_NAMES].to_dict("records")
    rows = list(X)
    if all(isinstance(row, dict) for row in rows):
        return rows
    if any(len(row) != len(FEATURE_NAMES) for row in rows):
        raise ValueError(f"A row must have {len(FEATURE_NAMES)} values, in the order of FEATURE_NAMES")
    return [dict(zip(FEATURE_NAMES, row)) for row in rows]


class Estimator:
    """The network as scikit-learn calls a fitted ${kind}; it can't be fitted again."""

    _estimator_type = "${kind}"

    def __init__(self):
        self.feature_names_in_ = np.array(FEATURE_NAMES, dtype=object)
        self.n_features_in_ = len(FEATURE_NAMES)
${hasClasses ? '        self.classes_ = np.array(CLASSES, dtype=object)\n' : ''}
    def get_params(self, deep=True):
        return {}

    def set_params(self, **parameters):
        if parameters:
            raise ValueError("There is nothing to set: the network was trained in Topology Lab.")
        return self

    def fit(self, X, y=None):
        raise NotImplementedError("The network was trained in Topology Lab; train it anew there.")

    def get_feature_names_in(self):
        return self.feature_names_in_

    def __sklearn_is_fitted__(self):
        return True

    def predict(self, X):
        return np.array(predict(rows_of(X))${hasClasses ? ', dtype=object' : ''})
${
  hasClasses
    ? `
    def predict_proba(self, X):
        return predict_proba(rows_of(X))

    def score(self, X, y):
        """The share of rows that are named right."""
        return float(np.mean(self.predict(X) == np.array([str(value) for value in y], dtype=object)))
`
    : `
    def score(self, X, y):
        """R2, the share of the variance that is explained."""
        y = np.asarray(y, dtype=float)
        return float(1 - np.sum((y - self.predict(X)) ** 2) / np.sum((y - y.mean()) ** 2))
`
}`
}

function* writeLayer(layer: ModelLayer): Generator<string, void, void> {
  const affine = batchAffine(layer)
  yield '    {\n        "weights": array('
  yield* writeNumbers(layer.weights)
  yield `).reshape(${layer.units}, ${layer.inputs}),\n        "biases": array(`
  yield* writeNumbers(layer.biases)
  yield `),\n        "standardised": ${layer.normalisation === 'layer' ? 'True' : 'False'},\n`
  yield `        "factor": ${numbersOrNone(affine?.factor ?? layer.scale?.gain)},\n`
  yield `        "term": ${numbersOrNone(affine?.term ?? layer.scale?.shift)},\n`
  yield `        "activate": lambda z: ${writeActivation('python', layer).text},\n    },\n`
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
