"""scikit-learn's MLP over a sweep of topologies and seeds, a fit a process: prints seconds as a JSON line.

usage: sklearn_sweep.py SWEEP.json PROCESSES        needs python3-sklearn (Debian) or pip's scikit-learn
"""
import json
import os
import sys
import time
import warnings

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import multiprocessing  # noqa: E402  the number of threads must be set first
import numpy  # noqa: E402
import sklearn  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

warnings.filterwarnings("ignore")
with open(sys.argv[1], encoding="utf-8") as file:
    sweep = json.load(file)
x, t, count = numpy.array(sweep["inputs"], numpy.float32), numpy.array(sweep["targets"]), sweep["trainRows"]


def fit(trial):
    hidden, seed = trial
    network = MLPClassifier(
        hidden_layer_sizes=hidden, batch_size=sweep["batch"], max_iter=sweep["epochs"], alpha=0, tol=0,
        n_iter_no_change=10**9, random_state=seed,
    )
    network.fit(x[:count], t[:count])
    return network.score(x[count:], t[count:])


if __name__ == "__main__":
    trials = [(hidden, seed) for hidden in sweep["hidden"] for seed in sweep["seeds"]]
    with multiprocessing.Pool(int(sys.argv[2])) as pool:
        begin = time.perf_counter()
        scores = pool.map(fit, trials, chunksize=1)
        seconds = time.perf_counter() - begin
    mean = float(numpy.mean(scores))
    print(json.dumps({"peer": "scikit-learn " + sklearn.__version__, "seconds": seconds, "accuracy": mean}))
