"""VGG in torchvision."""

import torch
import torchvision

import reference


def sized(name, size):
    """torchvision's average pool, at 224x224 an identity, would enlarge what smaller pictures give to 7x7."""
    model = getattr(torchvision.models, name)(weights=None)
    model.avgpool = torch.nn.Identity()
    model.classifier[0] = torch.nn.Linear(512 * (size // 32) ** 2, 4096)
    return model


def places(model):
    pools = [m for m in model.features if isinstance(m, torch.nn.MaxPool2d)]
    found = {f"block{i + 1}_pool": pool for i, pool in enumerate(pools)}
    return found | {"fc1": model.classifier[1], "fc2": model.classifier[4]}


NETWORKS = {"vgg16.torch": reference.Network(lambda size: sized("vgg16", size), places)}
