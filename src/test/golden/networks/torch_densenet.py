"""DenseNet in torchvision and timm."""

import timm
import torch
import torchvision

import reference


def whole(depth):
    """torchvision's last ReLU and its average pool are functions; as modules they can be asked what they gave."""
    model = getattr(torchvision.models, f"densenet{depth}")(weights=None)
    model.features.add_module("relu5", torch.nn.ReLU())
    model.classifier = torch.nn.Identity()
    return model


def blocks(model):
    found = {}
    for stage in range(1, 4):
        block = getattr(model.features, f"denseblock{stage}")
        found[f"conv{stage + 1}_block{len(block)}_concat"] = block
    return found


def places(model):
    return blocks(model) | {"relu": model.features.relu5, "avgpool": model.classifier}


def timm_places(model):
    return blocks(model) | {"relu": model.features.norm5, "avgpool": model.global_pool}


NETWORKS = {
    f"densenet{depth}.torch": reference.Network(lambda _, depth=depth: whole(depth), places, size=size)
    for depth, size in ((121, 64), (161, 32), (169, 32), (201, 32))
} | {"densenet121.timm": reference.Network(lambda _: timm.create_model("densenet121"), timm_places, size=32)}
