#!/usr/bin/env python3
"""Writes diagnostics.json beside this script: curves, areas and calibration as scikit-learn computes them.

usage: make_diagnostics.py
Needs Debian's python3-sklearn; the test that reads the file needs no Python. Run twice it writes the same bytes."""
import json
import os

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_curve

SEED = 7
FOLDER = os.path.dirname(os.path.abspath(__file__))


def curves(scores, members):
    fpr, tpr, _ = roc_curve(members, scores, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(members, scores)
    return {
        "scores": scores.tolist(),
        "members": members.tolist(),
        "roc": {"x": fpr.tolist(), "y": tpr.tolist(), "area": float(auc(fpr, tpr))},
        "precisionRecall": {
            "x": recall[::-1].tolist(),
            "y": precision[::-1].tolist(),
            "area": float(average_precision_score(members, scores)),
        },
    }


def main():
    random = np.random.RandomState(SEED)
    members = (random.rand(120) < 0.3).astype(int)
    # float32, as the lab's outputs are; rounded, so that many scores are equal
    smooth = np.float32(1 / (1 + np.exp(-(random.randn(120) + 1.5 * members))))
    tied = np.float32(np.round(smooth, 1))
    confidences = np.float32(0.5 + 0.5 * random.rand(400))
    right = (random.rand(400) < confidences**2).astype(int)
    accuracy, confidence = calibration_curve(right, confidences.astype(np.float64), n_bins=10)
    bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidences)
    counts = [int((bins == index).sum()) for index in range(10) if (bins == index).any()]
    content = {
        "generator": "test/golden/make_diagnostics.py",
        "libraries": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "seed": SEED,
        "curves": [curves(smooth, members), curves(tied, members)],
        "calibration": {
            "confidences": confidences.tolist(),
            "right": right.tolist(),
            "accuracy": accuracy.tolist(),
            "confidence": confidence.tolist(),
            "counts": counts,
            "expectedError": float(np.sum(np.array(counts) / 400 * np.abs(accuracy - confidence))),
        },
    }
    with open(os.path.join(FOLDER, "diagnostics.json"), "w", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


main()
