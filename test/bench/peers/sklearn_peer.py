"""scikit-learn's MLP on one case: prints samples a second as a JSON line.

usage: sklearn_peer.py CASES.json CASE THREADS SECONDS      needs python3-sklearn (Debian) or pip's scikit-learn
"""
import json
import os
import sys
import time
import warnings

path, wanted, threads, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
import numpy  # noqa: E402  the number of threads must be set first
import sklearn  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402

warnings.filterwarnings("ignore")
with open(path, encoding="utf-8") as file:
    case = next(case for case in json.load(file) if case["id"] == wanted)
sizes, rows = case["layers"], case["samples"]
random = numpy.random.default_rng(1)
x = random.standard_normal((rows, sizes[0])).astype(numpy.float32)
if case["loss"] == "mean_squared_error":
    model, t = MLPRegressor, random.standard_normal(rows).astype(numpy.float32)
else:
    model, t = MLPClassifier, random.integers(0, max(2, sizes[-1]), rows)


def seconds_for(epochs):
    # no penalty and no early stop, so that every epoch is the same work
    network = model(
        hidden_layer_sizes=sizes[1:-1], activation=case["hidden"], solver=case["optimizer"], batch_size=case["batch"],
        max_iter=epochs, alpha=0, tol=0, n_iter_no_change=10**9, random_state=1,
    )
    begin = time.perf_counter()
    network.fit(x, t)
    return time.perf_counter() - begin


epochs = max(2, int(seconds / max(1e-6, seconds_for(2) / 2)))
rate = epochs * rows / seconds_for(epochs)
print(json.dumps({"peer": "scikit-learn " + sklearn.__version__, "samplesPerSecond": rate}))
