#!/usr/bin/env python3
"""Writes the golden files beside this script: what PyTorch and scikit-learn compute, in float64, for fixed inputs.

usage: make_golden.py
Needs Debian's python3-torch and python3-sklearn; the tests that read the files need no Python.
Every file names generator, library versions and seed. Run twice it writes the same bytes."""
import itertools
import json
import os

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import sklearn
import torch
from sklearn import metrics
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler as torch_schedules

SEED = 1
FOLDER = os.path.dirname(os.path.abspath(__file__))
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ACTIVATIONS = {
    "linear": lambda z: z * 1.0,
    "sigmoid": torch.sigmoid,
    # F.hardsigmoid's definition; its own gradient in 1.13 is off by 6e-8, as if its 1/6 were kept in float32
    "hard_sigmoid": lambda z: torch.clamp(z / 6 + 0.5, 0.0, 1.0),
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    # beyond its threshold PyTorch gives z itself; far enough out that float64 can't tell
    "softplus": lambda z: F.softplus(z, threshold=40.0),
    "softmax": lambda z: torch.softmax(z, dim=-1),
}


def write(name, content):
    head = {
        "generator": "test/golden/make_golden.py",
        "libraries": {"torch": torch.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "seed": SEED,
    }
    with open(os.path.join(FOLDER, f"{name}.json"), "w", encoding="utf-8") as file:
        json.dump({**head, **content}, file, separators=(",", ":"))
        file.write("\n")


def plain(value):
    """Tensors as nested lists, also inside lists and dictionaries."""
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def activations():
    points = torch.tensor([-30.0, -6.5, -3.5, -2.75, -1.0, -0.3, 0.2, 1.1, 2.9, 3.25, 7.0, 30.0])
    cases = {}
    for name, function in ACTIVATIONS.items():
        if name == "softmax":
            continue
        z = points.clone().requires_grad_()
        value = function(z)
        value.sum().backward()
        cases[name] = {"values": value, "derivatives": z.grad}
    write("activations", plain({"points": points, "activations": cases}))


def one_hot(classes, units):
    return F.one_hot(classes, units).to(torch.float64)


def squared(a, t):
    return ((a - t) ** 2).sum() / (2 * len(a))


def cross_entropy(z, classes, smoothing=0.0, weights=None):
    # summed and divided by rows: the lab's mean does not divide by the sum of the weights
    summed = F.cross_entropy(z, classes, weight=weights, label_smoothing=smoothing, reduction="sum")
    return summed / len(z)


def losses():
    generator = torch.Generator().manual_seed(SEED)
    rows, units = 6, 4
    start = 2 * torch.randn(rows, units, generator=generator)
    numbers = torch.randn(rows, units, generator=generator)
    classes = torch.randint(0, units, (rows,), generator=generator)
    switches = torch.randint(0, 2, (rows, units), generator=generator).to(torch.float64)
    weights = torch.tensor([0.5, 2.0, 1.25, 0.1])
    extreme = torch.tensor([[900.0, 0.0, -900.0, 3.0], [-700.0, -710.0, -705.0, -701.0]])
    extreme_classes = torch.tensor([2, 1])

    def huber(a, t, delta):
        return F.huber_loss(a, t, delta=delta, reduction="sum") / len(a)

    def binary(z, t):
        return F.binary_cross_entropy_with_logits(z, t, reduction="sum") / len(z)

    listed = [
        ({"name": "mean_squared_error"}, start, numbers, lambda s: squared(s, numbers)),
        ({"name": "mean_absolute_error"}, start, numbers, lambda s: F.l1_loss(s, numbers, reduction="sum") / rows),
        ({"name": "huber", "delta": 1.0}, start, numbers, lambda s: huber(s, numbers, 1.0)),
        ({"name": "huber", "delta": 0.35}, start, numbers, lambda s: huber(s, numbers, 0.35)),
        ({"name": "binary_cross_entropy"}, start, switches, lambda s: binary(s, switches)),
        (
            {"name": "binary_cross_entropy", "classWeights": [1.0, 3.0]},
            start,
            switches,
            lambda s: F.binary_cross_entropy_with_logits(s, switches, pos_weight=torch.tensor(3.0), reduction="sum")
            / rows,
        ),
        (
            {"name": "binary_cross_entropy"},
            40 * start,
            switches,
            lambda s: binary(s, switches),
        ),
        ({"name": "cross_entropy"}, start, one_hot(classes, units), lambda s: cross_entropy(s, classes)),
        (
            {"name": "cross_entropy", "labelSmoothing": 0.1},
            start,
            one_hot(classes, units),
            lambda s: cross_entropy(s, classes, 0.1),
        ),
        (
            {"name": "cross_entropy", "classWeights": weights.tolist()},
            start,
            one_hot(classes, units),
            lambda s: cross_entropy(s, classes, 0.0, weights),
        ),
        (
            {"name": "cross_entropy", "labelSmoothing": 0.2, "classWeights": weights.tolist()},
            start,
            one_hot(classes, units),
            lambda s: cross_entropy(s, classes, 0.2, weights),
        ),
        (
            {"name": "cross_entropy"},
            extreme,
            one_hot(extreme_classes, units),
            lambda s: cross_entropy(s, extreme_classes),
        ),
    ]
    cases = []
    for loss, given, targets, function in listed:
        s = given.clone().requires_grad_()
        value = function(s)
        value.backward()
        cases.append({"loss": loss, "start": given, "targets": targets, "value": value, "gradient": s.grad})
    write("losses", plain({"cases": cases}))


class Network(nn.Module):
    """Dense layers with optional normalisation between weighted sums and activation, from the lab's topology."""

    def __init__(self, topology, generator):
        super().__init__()
        self.topology = topology
        self.dense, self.norms = nn.ModuleList(), nn.ModuleList()
        inputs = topology["inputs"]
        for layer in topology["layers"]:
            units = layer["units"]
            self.dense.append(nn.Linear(inputs, units))
            kind = layer.get("normalisation")
            self.norms.append({None: nn.Identity, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}[kind](units))
            inputs = units
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                noise = torch.randn(parameter.shape, generator=generator)
                is_gain = name.startswith("norms") and name.endswith("weight")
                scale = parameter.shape[1] ** -0.5 if parameter.dim() == 2 else 0.3
                parameter.copy_(noise * scale + (1.0 if is_gain else 0.0))

    def sums(self, x):
        """The normalised weighted sums of the output layer."""
        for index, layer in enumerate(self.topology["layers"]):
            x = self.norms[index](self.dense[index](x))
            if index < len(self.dense) - 1:
                x = ACTIVATIONS[layer["activation"]](x)
        return x

    def outputs(self, sums):
        return ACTIVATIONS[self.topology["layers"][-1]["activation"]](sums)

    def layers(self, gradients=False):
        def read(parameter):
            return (parameter.grad if gradients else parameter).clone()

        result = []
        for dense, norm in zip(self.dense, self.norms):
            layer = {"weights": read(dense.weight), "biases": read(dense.bias)}
            if not isinstance(norm, nn.Identity):
                layer.update(gain=read(norm.weight), shift=read(norm.bias))
            result.append(layer)
        return result


def topology_of(inputs, hidden, output, normalisation=None):
    extra = {"normalisation": normalisation} if normalisation else {}
    return {
        "inputs": inputs,
        "layers": [{"units": units, "activation": name, **extra} for units, name in [*hidden, output]],
    }


def loss_of(name, network, x, t):
    sums = network.sums(x)
    outputs = network.outputs(sums)
    if name == "cross_entropy":
        return cross_entropy(sums, t.argmax(dim=1)), outputs
    if name == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits(sums, t, reduction="sum") / len(x), outputs
    if name == "mean_absolute_error":
        return F.l1_loss(outputs, t, reduction="sum") / len(x), outputs
    if name == "huber":
        return F.huber_loss(outputs, t, delta=1.0, reduction="sum") / len(x), outputs
    return squared(outputs, t), outputs


def data_of(loss, units, rows, inputs, generator):
    x = torch.randn(rows, inputs, generator=generator)
    if loss == "cross_entropy":
        return x, one_hot(torch.randint(0, units, (rows,), generator=generator), units)
    if loss == "binary_cross_entropy":
        return x, torch.randint(0, 2, (rows, units), generator=generator).to(torch.float64)
    return x, torch.randn(rows, units, generator=generator)


def networks():
    """Odd sizes: 1, 3, 5 and 17 units, 7 rows."""
    generator = torch.Generator().manual_seed(SEED)
    hidden_names = [name for name in ACTIVATIONS if name != "softmax"]
    endings = [
        ("mean_squared_error", (1, "linear")),
        ("binary_cross_entropy", (1, "sigmoid")),
        ("cross_entropy", (3, "softmax")),
    ]
    listed = [
        (loss, topology_of(3, [(5, name), (3, name)], output))
        for name, (loss, output) in itertools.product(hidden_names, endings)
    ]
    listed += [
        (loss, topology_of(3, [(5, "tanh")], output, kind))
        for kind, (loss, output) in itertools.product(["batch", "layer"], endings)
    ]
    for kind, (loss, output) in itertools.product(["batch", "layer"], endings):
        topology = topology_of(3, [(5, "relu"), (3, "tanh")], output, kind)
        del topology["layers"][-1]["normalisation"]
        listed.append((loss, topology))
    listed += [
        ("mean_squared_error", topology_of(3, [(5, "tanh")], (1, "relu"))),
        ("mean_squared_error", topology_of(3, [(5, "tanh")], (3, "softmax"))),
        ("mean_absolute_error", topology_of(3, [(5, "silu")], (1, "linear"))),
        ("huber", topology_of(3, [(5, "gelu")], (1, "linear"))),
        ("cross_entropy", topology_of(1, [(17, "relu"), (1, "tanh")], (5, "softmax"))),
        ("mean_squared_error", topology_of(3, [], (1, "linear"))),
    ]
    cases = []
    for loss, topology in listed:
        network = Network(topology, generator)
        x, t = data_of(loss, topology["layers"][-1]["units"], 7, topology["inputs"], generator)
        x.requires_grad_()
        value, outputs = loss_of(loss, network, x, t)
        value.backward()
        given = {"name": loss, "delta": 1.0} if loss == "huber" else {"name": loss}
        case = {"topology": topology, "loss": given, "parameters": network.layers(), "x": x, "t": t}
        case.update(value=value, outputs=outputs, gradients=network.layers(gradients=True), inputGradients=x.grad)
        case["running"] = [
            {"means": norm.running_mean, "variances": norm.running_var} if isinstance(norm, nn.BatchNorm1d) else None
            for norm in network.norms
        ]
        cases.append(case)
    write("networks", plain({"cases": cases}))


def weights_decayed(parameters):
    """AdamW as the lab has it: weights decay, biases do not."""
    parameters = list(parameters)
    weights = [p for p in parameters if p.dim() == 2]
    biases = [p for p in parameters if p.dim() == 1]
    groups = [{"params": weights, "weight_decay": 0.1}, {"params": biases, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.01)


OPTIMIZERS = [
    ({"name": "sgd", "learningRate": 0.1}, lambda p: torch.optim.SGD(p, lr=0.1)),
    (
        {"name": "momentum", "learningRate": 0.05, "momentum": 0.9},
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    ),
    (
        {"name": "nesterov", "learningRate": 0.05, "momentum": 0.9},
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    ),
    ({"name": "adagrad", "learningRate": 0.1, "epsilon": 1e-10}, lambda p: torch.optim.Adagrad(p, lr=0.1)),
    (
        {"name": "rmsprop", "learningRate": 0.01, "decay": 0.99, "epsilon": 1e-8},
        lambda p: torch.optim.RMSprop(p, lr=0.01),
    ),
    (
        {"name": "adam", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        lambda p: torch.optim.Adam(p, lr=0.01),
    ),
    (
        {
            "name": "adamw",
            "learningRate": 0.01,
            "weightDecay": 0.1,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1e-8,
        },
        weights_decayed,
    ),
    (
        {
            "name": "nadam",
            "learningRate": 0.01,
            "momentumDecay": 0.004,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1e-8,
        },
        # without foreach, 1.13 multiplies one momentum too many into the next product (mended in pytorch#92699)
        lambda p: torch.optim.NAdam(p, lr=0.01, foreach=True),
    ),
]


def optimizers():
    """Ten full-batch steps of each on one network: the loss before each step, and the parameters after it."""
    topology = topology_of(3, [(5, "tanh")], (3, "softmax"))

    def start():
        generator = torch.Generator().manual_seed(SEED)
        network = Network(topology, generator)
        return network, *data_of("cross_entropy", 3, 7, 3, generator)

    def flat(network):
        return torch.cat([value.flatten() for layer in network.layers() for value in layer.values()])

    def closure_of(network, x, t, optimizer):
        def closure():
            optimizer.zero_grad()
            value, _ = loss_of("cross_entropy", network, x, t)
            value.backward()
            return value

        return closure

    cases = []
    for settings, make in OPTIMIZERS:
        network, x, t = start()
        optimizer = make(network.parameters())
        closure = closure_of(network, x, t, optimizer)
        steps = []
        for _ in range(10):
            loss = closure()
            optimizer.step()
            steps.append({"loss": loss, "parameters": flat(network)})
        cases.append({"optimizer": settings, "steps": steps})

    network, x, t = start()
    # one iteration a step, so that every step can be seen; memory is kept between steps
    optimizer = torch.optim.LBFGS(network.parameters(), lr=0.5, max_iter=1, history_size=4)
    lbfgs = []
    for _ in range(10):
        optimizer.step(closure_of(network, x, t, optimizer))
        lbfgs.append(flat(network))

    network, x, t = start()
    given = {"topology": topology, "loss": {"name": "cross_entropy"}, "start": flat(network), "x": x, "t": t}
    settings = {"learningRate": 0.5, "history": 4, "lineSearch": "fixed"}
    write("optimizers", plain({**given, "cases": cases, "lbfgs": {"settings": settings, "steps": lbfgs}}))


def weighted():
    """Ten full-batch steps with a weight a row; the loss is the weighted mean, as scikit-learn's sample_weight has it."""
    topology = topology_of(3, [(5, "tanh")], (3, "softmax"))
    row_weights = torch.tensor([0.5, 2.0, 0.0, 1.0, 3.5, 0.25, 1.0])

    def start():
        generator = torch.Generator().manual_seed(SEED)
        network = Network(topology, generator)
        return network, *data_of("cross_entropy", 3, 7, 3, generator)

    def flat(network):
        return torch.cat([value.flatten() for layer in network.layers() for value in layer.values()])

    cases = []
    chosen = [case for case in OPTIMIZERS if case[0]["name"] in ("momentum", "adam")]
    for settings, make in chosen:
        network, x, t = start()
        optimizer = make(network.parameters())
        steps = []
        for _ in range(10):
            optimizer.zero_grad()
            rows = torch.stack([loss_of("cross_entropy", network, x[i : i + 1], t[i : i + 1])[0] for i in range(len(x))])
            value = (row_weights * rows).sum() / row_weights.sum()
            value.backward()
            optimizer.step()
            steps.append({"loss": value, "parameters": flat(network)})
        cases.append({"optimizer": settings, "steps": steps})

    network, x, t = start()
    given = {"topology": topology, "loss": {"name": "cross_entropy"}, "start": flat(network), "x": x, "t": t}
    write("weighted", plain({**given, "rowWeights": row_weights, "cases": cases}))


def schedules():
    """The rate of each of 50 epochs, base rate 0.1."""

    def rates(make):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = make(optimizer)
        result = []
        for _ in range(50):
            result.append(optimizer.param_groups[0]["lr"])
            # OneCycleLR refuses a step beyond its last
            if len(result) < 50:
                optimizer.step()
                scheduler.step()
        return result

    step = {"name": "step", "every": 7, "factor": 0.6}
    exponential = {"name": "exponential", "factor": 0.93}
    cosine = {"name": "cosine", "epochs": 50, "minimum": 0.002}
    one_cycle = {"name": "one_cycle", "epochs": 50, "rise": 0.3}

    def lambda_inverse(optimizer):
        return torch_schedules.LambdaLR(optimizer, lambda done: (3 / (done + 1 + 20)) / 0.1)

    def one_cycle_of(optimizer):
        return torch_schedules.OneCycleLR(optimizer, 0.1, total_steps=50, cycle_momentum=False)

    def warm(optimizer):
        rising = torch_schedules.LinearLR(optimizer, start_factor=1 / 9, end_factor=1.0, total_iters=8)
        falling = torch_schedules.ExponentialLR(optimizer, 0.93)
        return torch_schedules.SequentialLR(optimizer, [rising, falling], milestones=[8])

    cases = [
        {"schedule": {"name": "constant"}, "rates": rates(lambda o: torch_schedules.LambdaLR(o, lambda k: 1.0))},
        {"schedule": {"name": "inverse", "c1": 3, "c2": 20}, "rates": rates(lambda_inverse)},
        {"schedule": step, "rates": rates(lambda o: torch_schedules.StepLR(o, 7, 0.6))},
        {"schedule": exponential, "rates": rates(lambda o: torch_schedules.ExponentialLR(o, 0.93))},
        {"schedule": cosine, "rates": rates(lambda o: torch_schedules.CosineAnnealingLR(o, 50, 0.002))},
        {"schedule": one_cycle, "rates": rates(one_cycle_of)},
    ]
    warmed = {"warmUp": 8, "schedule": exponential, "rates": rates(warm)}

    random = np.random.default_rng(SEED)
    curve = (1 / (1 + 0.3 * np.minimum(np.arange(50), 18)) + 0.02 * random.standard_normal(50)).tolist()
    plateaus = []
    for cooldown, minimum in ((2, 0.005), (0, 0.0)):
        settings = {"factor": 0.5, "patience": 3, "threshold": 0.0001, "cooldown": cooldown, "minimum": minimum}
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        scheduler = torch_schedules.ReduceLROnPlateau(
            optimizer, factor=0.5, patience=3, cooldown=cooldown, min_lr=minimum
        )
        lowered = []
        for loss in curve:
            scheduler.step(loss)
            lowered.append(optimizer.param_groups[0]["lr"])
        plateaus.append({"settings": settings, "losses": curve, "rates": lowered})
    write("schedules", plain({"base": 0.1, "cases": cases, "warmed": warmed, "plateaus": plateaus}))


def normalisation():
    """Batch norm over five batches of unequal size: outputs and running figures after each, then evaluation."""
    generator = torch.Generator().manual_seed(SEED)
    units = 3
    gain, shift = 1 + 0.3 * torch.randn(units, generator=generator), torch.randn(units, generator=generator)
    batch_norm, layer_norm = nn.BatchNorm1d(units), nn.LayerNorm(units)
    with torch.no_grad():
        for norm in (batch_norm, layer_norm):
            norm.weight.copy_(gain)
            norm.bias.copy_(shift)
    batches = []
    for rows in (7, 5, 2, 3, 17):
        z = 2 * torch.randn(rows, units, generator=generator) + 1
        output = batch_norm(z)
        running = {"means": batch_norm.running_mean.clone(), "variances": batch_norm.running_var.clone()}
        batches.append({"z": z, "output": output, "running": running, "layerNorm": layer_norm(z)})
    batch_norm.eval()
    unseen = torch.randn(4, units, generator=generator)
    evaluation = {"z": unseen, "output": batch_norm(unseen)}
    write("normalisation", plain({"gain": gain, "shift": shift, "batches": batches, "evaluation": evaluation}))


def clipping():
    generator = torch.Generator().manual_seed(SEED)
    gradient = 3 * torch.randn(9, generator=generator)

    def clipped(clip):
        parameter = torch.zeros(9, requires_grad=True)
        parameter.grad = gradient.clone()
        clip([parameter])
        return parameter.grad

    norms = [
        {"limit": limit, "clipped": clipped(lambda p, limit=limit: nn.utils.clip_grad_norm_(p, limit))}
        for limit in (0.5, 5.0, 500.0)
    ]
    values = [
        {"limit": limit, "clipped": clipped(lambda p, limit=limit: nn.utils.clip_grad_value_(p, limit))}
        for limit in (0.5, 500.0)
    ]
    write("clipping", plain({"gradient": gradient, "byNorm": norms, "byValue": values}))


def measured():
    random = np.random.default_rng(SEED)
    rows, count = 40, 3
    classes = random.integers(0, count, rows)
    raw = random.standard_normal((rows, count)) + 1.2 * np.eye(count)[classes]
    probabilities = np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)
    probabilities = np.round(probabilities, 2) + 1e-3  # ties, for ROC-AUC
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    predicted = probabilities.argmax(axis=1)
    figures = metrics.precision_recall_fscore_support(classes, predicted)
    averages = {
        kind: list(metrics.precision_recall_fscore_support(classes, predicted, average=kind)[:3])
        for kind in ("macro", "weighted")
    }
    classification = {
        "classes": classes,
        "probabilities": probabilities,
        "accuracy": metrics.accuracy_score(classes, predicted),
        "confusion": metrics.confusion_matrix(classes, predicted),
        "precision": figures[0],
        "recall": figures[1],
        "f1": figures[2],
        "averages": averages,
        "rocAuc": [metrics.roc_auc_score(classes == c, probabilities[:, c]) for c in range(count)],
        "logLoss": metrics.log_loss(classes, probabilities),
    }
    targets = 5 * random.standard_normal(rows) + 20
    guesses = targets + random.standard_normal(rows)
    shares = [0.05, 0.25, 0.5, 0.75, 0.95]
    regression = {
        "targets": targets,
        "predicted": guesses,
        "rmse": metrics.mean_squared_error(targets, guesses, squared=False),
        "mae": metrics.mean_absolute_error(targets, guesses),
        "r2": metrics.r2_score(targets, guesses),
        "shares": shares,
        "quantiles": np.quantile(guesses - targets, shares),
    }
    write("metrics", plain({"classification": classification, "regression": regression}))


if __name__ == "__main__":
    for make in (activations, losses, networks, optimizers, weighted, schedules, normalisation, clipping, measured):
        make()
