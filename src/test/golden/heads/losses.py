"""Losses, their gradients, and a few steps with batch norm, for LossFunctionTest and HeadBatchNormTest.

torch 2.15.0, torchvision 0.29.2, scikit-learn 1.9.1, numpy 2.4.6. Regenerate with
    python src/test/golden/heads/losses.py src/test/resources/golden/heads

losses.json: "cases", each with the loss of every row and its gradient by the logits, in double precision;
"steps": an MLP with batch norm, its parameters as DL4J lays them out, the batches of some SGD steps, and what it
scores afterwards; "optimum": a linear head on the digits that is optimal under sample weights and class weights.
"""
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
import torch
import torchvision
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional as F

ROWS, CLASSES, L2 = 6, 4, 0.01
LOGITS = np.random.default_rng(5).normal(0, 3, (ROWS, CLASSES)).astype(np.float32)
LOGITS[4] = [14, -9, 0.5, -14]
LOGITS[5] = [-0.25, 9, -9, 3]
LABELS = [0, 3, 1, 2, 0, 2]
MANY = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1], [0, 1, 1, 0]])
WEIGHTS = {"ones": ([1, 1, 1, 1], [1, 1, 1, 1]), "some": ([0.5, 2, 3, 0.25], [1.5, 0.75, 1, 0.125])}


def softmax(z, present, absent, smoothing, gamma):
    w = torch.tensor(present, dtype=torch.float64)
    if gamma == 0:
        return F.cross_entropy(
            z, torch.tensor(LABELS), weight=w, label_smoothing=smoothing, reduction="none"
        )
    y = F.one_hot(torch.tensor(LABELS), CLASSES).double() * (1 - smoothing) + smoothing / CLASSES
    log_p = F.log_softmax(z, 1)
    return -(w * y * (1 - log_p.exp()) ** gamma * log_p).sum(1)


def sigmoid(z, present, absent, smoothing, gamma):
    w1, w0 = (torch.tensor(w, dtype=torch.float64) for w in (present, absent))
    y = torch.tensor(MANY, dtype=torch.float64)
    if gamma and not smoothing:
        each = torchvision.ops.sigmoid_focal_loss(z, y, alpha=-1, gamma=gamma, reduction="none")
        return (each * torch.where(y > 0, w1, w0)).sum(1)
    y = y * (1 - smoothing) + smoothing / 2
    if gamma == 0:
        return F.binary_cross_entropy_with_logits(
            z, y, weight=w0, pos_weight=w1 / w0, reduction="none"
        ).sum(1)
    p = z.sigmoid()
    log_p, log_q = F.logsigmoid(z), F.logsigmoid(-z)
    return -(w1 * y * (1 - p) ** gamma * log_p + w0 * (1 - y) * p**gamma * log_q).sum(1)


def case(loss, weights, smoothing, gamma):
    z = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
    present, absent = WEIGHTS[weights]
    losses = loss(z, present, absent, smoothing, gamma)
    losses.sum().backward()
    return {
        "softmax": loss is softmax,
        "present": present,
        "absent": absent,
        "smoothing": smoothing,
        "gamma": gamma,
        "losses": losses.tolist(),
        "gradients": z.grad.flatten().tolist(),
    }


def flat(model):
    """Dense W by rows of outputs, and b; of batch norm gamma, beta, mean, variance."""
    parts = []
    for layer in model:
        if isinstance(layer, torch.nn.Linear):
            parts += [layer.weight, *([layer.bias] if layer.bias is not None else [])]
        if isinstance(layer, torch.nn.BatchNorm1d):
            parts += [layer.weight, layer.bias, layer.running_mean, layer.running_var]
    return torch.cat([p.detach().flatten() for p in parts]).tolist()


def steps():
    torch.manual_seed(3)
    model = torch.nn.Sequential(
        torch.nn.Linear(5, 7, bias=False),
        torch.nn.BatchNorm1d(7),
        torch.nn.ReLU(),
        torch.nn.Linear(7, 6, bias=False),
        torch.nn.BatchNorm1d(6),
        torch.nn.ReLU(),
        torch.nn.Linear(6, 3),
    )
    initial = flat(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    batches = []
    for rows in (12, 5, 9, 2, 12):
        x = 3 * torch.randn(rows, 5) + torch.arange(5.0)
        y = torch.randint(0, 3, (rows,))
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        batches.append({"x": x.flatten().tolist(), "y": y.tolist()})
    model.eval()
    x = 3 * torch.randn(8, 5)
    return {
        "initial": initial,
        "batches": batches,
        "parameters": flat(model),
        "x": x.flatten().tolist(),
        "probabilities": model(x).softmax(1).flatten().tolist(),
    }


def optimum():
    digits = load_digits()
    x, y = StandardScaler().fit_transform(digits.data[:1297]), digits.target[:1297]
    weights = np.arange(1297) % 5 / 2
    balanced = compute_class_weight(
        "balanced", classes=np.arange(10), y=y, sample_weight=weights
    )
    model = LogisticRegression(
        C=1 / (weights.sum() * L2), tol=1e-10, max_iter=10000, class_weight="balanced"
    ).fit(x, y, sample_weight=weights)
    both = weights * balanced[y]
    loss = -np.log(model.predict_proba(x)[np.arange(1297), y])
    return {
        "l2": L2,
        "balanced": balanced.tolist(),
        "coefficients": model.coef_.flatten().tolist(),
        "intercepts": model.intercept_.tolist(),
        "loss": (both * loss).sum() / weights.sum(),
    }


def main(folder):
    golden = {
        "torch": torch.__version__,
        "sklearn": sklearn.__version__,
        "logits": LOGITS.flatten().tolist(),
        "labels": LABELS,
        "many": MANY.flatten().tolist(),
        "cases": [
            case(loss, weights, smoothing, gamma)
            for loss in (softmax, sigmoid)
            for weights in WEIGHTS
            for smoothing in (0, 0.1)
            for gamma in (0, 0.5, 2)
        ],
        "steps": steps(),
        "optimum": optimum(),
    }
    (folder / "losses.json").write_text(json.dumps(golden, indent=1) + "\n")


main(Path(sys.argv[1]))
