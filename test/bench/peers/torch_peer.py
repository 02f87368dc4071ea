"""PyTorch on one case: trains shuffled mini-batches from memory and prints samples a second as a JSON line.

usage: torch_peer.py CASES.json CASE THREADS SECONDS        needs python3-torch (Debian) or pip's torch
"""
import json
import os
import sys
import time

path, wanted, threads, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
import torch  # noqa: E402  the number of threads must be set first

torch.set_num_threads(threads)
torch.manual_seed(1)
with open(path, encoding="utf-8") as file:
    case = next(case for case in json.load(file) if case["id"] == wanted)
sizes, rows, batch = case["layers"], case["samples"], case["batch"]
activation = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[case["hidden"]]
layers = []
for inputs, units in zip(sizes, sizes[1:]):
    layers += [torch.nn.Linear(inputs, units), activation()]
network = torch.nn.Sequential(*layers[:-1])  # the losses below take the sums of the output layer
x = torch.randn(rows, sizes[0])
if case["loss"] == "cross_entropy":
    t, loss_of = torch.randint(0, sizes[-1], (rows,)), torch.nn.CrossEntropyLoss()
elif case["loss"] == "binary_cross_entropy":
    t, loss_of = torch.randint(0, 2, (rows, 1)).float(), torch.nn.BCEWithLogitsLoss()
else:
    t, loss_of = torch.randn(rows, sizes[-1]), torch.nn.MSELoss()
if case["optimizer"] == "adam":
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
else:
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)


def epoch():
    order = torch.randperm(rows)
    for start in range(0, rows, batch):
        chosen = order[start : start + batch]
        optimizer.zero_grad(set_to_none=True)
        loss_of(network(x[chosen]), t[chosen]).backward()
        optimizer.step()


epoch()
begin, epochs = time.perf_counter(), 0
while epochs < 1 or time.perf_counter() - begin < seconds:
    epoch()
    epochs += 1
rate = epochs * rows / (time.perf_counter() - begin)
print(json.dumps({"peer": "pytorch " + torch.__version__, "samplesPerSecond": rate}))
