"""A few steps of fine-tuning by torch, for TailGoldenTest.

torch 2.15.0, torchvision 0.29.2, numpy 2.4.6, safetensors 0.8.0. Regenerate with
    python src/test/golden/heads/finetune.py src/test/resources/golden/heads/finetune.safetensors

The tail is the second inverted residual of torchvision's MobileNetV2 (1x1 convolution, depthwise convolution at stride
2, 1x1 convolution, each with batch norm, two with ReLU6) and a mean over the maps; then features scaled by fixed
numbers, and a linear head. Batch norm is frozen in its statistics and trained in the factor and offset that are left of
it, as autograd sees them. Three learning rates: head, depthwise and project, expand. Rows have weights, targets are
smoothed, the head's weights decay. In double precision from float32 beginnings.

"start/...": all that the network has up to there, by torchvision's names, and the head; "rows", "targets", "weights",
"mean", "deviation"; then for each updater, "sgd/...", what has become of tail and head.
"""
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

ROWS, CLASSES, STEPS, RATE, DECAY, L2, SMOOTHING = 8, 3, 4, 0.01, 0.5, 0.02, 0.1
# The lower groups wait for the first step. DL4J's momentum is of steps, so there is none yet when their turn comes;
# its Adam gathers the moments of gradients meanwhile, as torch's does at a rate of 0.
UPDATERS = {
    "sgd": lambda groups: torch.optim.SGD(groups),
    "nesterovs": lambda groups: torch.optim.SGD(groups, momentum=0.9, nesterov=True),
    "adam": lambda groups: torch.optim.Adam(groups),
}


class Affine(nn.Module):
    """A batch norm whose statistics are frozen."""

    def __init__(self, norm):
        super().__init__()
        self.deviation = torch.sqrt(norm.running_var + norm.eps)
        self.mean = norm.running_mean
        self.factor = nn.Parameter(norm.weight.detach() / self.deviation)
        self.offset = nn.Parameter(norm.bias.detach() - self.mean * self.factor.detach())

    def forward(self, x):
        return x * self.factor[:, None, None] + self.offset[:, None, None]

    def norm(self):
        return {"weight": self.factor * self.deviation, "bias": self.offset + self.mean * self.factor}


def network():
    torch.manual_seed(3)
    net = torchvision.models.mobilenet_v2().features[:3]
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 1.5)
            nn.init.uniform_(module.running_mean, -0.3, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
        elif isinstance(module, nn.Conv2d):
            nn.init.normal_(module.weight, std=(2 / module.weight[0].numel()) ** 0.5)
    return net.eval()


def tuned(start, updater):
    net = network().double()
    tail = net[2].conv
    for i, module in enumerate(tail):
        for j, inner in enumerate(module.children()):
            if isinstance(inner, nn.BatchNorm2d):
                module[j] = Affine(inner)
        if isinstance(module, nn.BatchNorm2d):
            tail[i] = Affine(module)
    x, y, weights, mean, deviation, w, b = (
        torch.from_numpy(start[n]).double()
        for n in ("rows", "targets", "weights", "mean", "deviation", "start/head.weight", "start/head.bias")
    )
    w, b = nn.Parameter(w * deviation), nn.Parameter(b + w @ mean)
    groups = [
        {"params": [w, b], "lr": RATE},
        {"params": [*tail[1].parameters(), *tail[2].parameters(), *tail[3].parameters()], "lr": RATE * DECAY},
        {"params": list(tail[0].parameters()), "lr": RATE * DECAY**2},
    ]
    optimizer = UPDATERS[updater](groups)
    for step in range(STEPS):
        for group, rate in zip(optimizer.param_groups, (1, DECAY, DECAY**2)):
            group["lr"] = RATE * rate if rate == 1 or step > 0 else 0
            if updater == "adam":  # DL4J adds epsilon where Kingma and Ba's shorter formula does (end of section 2)
                group["eps"] = 1e-8 / (1 - 0.999 ** (step + 1)) ** 0.5
        features = tail(x.reshape(ROWS, 16, 6, 6)).mean((2, 3))
        logits = (features - mean) / deviation @ w.T + b
        each = F.cross_entropy(logits, y.argmax(1), label_smoothing=SMOOTHING, reduction="none")
        loss = (each * weights / weights.mean()).mean() + L2 / 2 * (w**2).sum()
        optimizer.zero_grad()
        loss.backward()
        for waiting in [p for group in groups[1:] for p in group["params"]] if step == 0 and updater != "adam" else []:
            waiting.grad = None
        optimizer.step()
    found = {"head.weight": w / deviation, "head.bias": b - (w / deviation) @ mean}
    for name, module in net.named_modules():
        if isinstance(module, Affine):
            found.update({f"features.{name}.{kind}": values for kind, values in module.norm().items()})
        elif name.startswith("2.") and isinstance(module, nn.Conv2d):
            found[f"features.{name}.weight"] = module.weight
    return {f"{updater}/{name}": values.detach().float().numpy() for name, values in found.items()}


def main(file):
    net = network()
    random = np.random.default_rng(4)
    golden = {
        f"start/features.{name}": values.numpy()
        for name, values in net.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    golden["rows"] = random.normal(0, 1.5, (ROWS, 16 * 6 * 6)).astype(np.float32)
    golden["targets"] = np.eye(CLASSES, dtype=np.float32)[[0, 1, 2, 2, 1, 0, 0, 1]]
    golden["weights"] = np.array([1, 0.5, 2, 1.5, 1, 0, 0.25, 1], np.float32)
    golden["mean"] = random.normal(0, 1, 24).astype(np.float32)
    golden["deviation"] = random.uniform(0.5, 2, 24).astype(np.float32)
    golden["start/head.weight"] = random.normal(0, 0.5, (CLASSES, 24)).astype(np.float32)
    golden["start/head.bias"] = random.normal(0, 0.5, CLASSES).astype(np.float32)
    for updater in UPDATERS:
        golden.update(tuned(golden, updater))
    save_file({name: np.ascontiguousarray(values) for name, values in golden.items()}, file)


main(Path(sys.argv[1]))
