"""VGG in torchvision and timm."""

import timm
import torch
import torchvision

import reference


def sized(name, size):
    """torchvision's average pool, at 224x224 an identity, would enlarge what smaller pictures give to 7x7."""
    model = getattr(torchvision.models, name)(weights=None)
    model.avgpool = torch.nn.Identity()
    model.classifier[0] = torch.nn.Linear(512 * (size // 32) ** 2, 4096)
    return model


def timm_sized(name, size):
    """So would timm."""
    model = timm.create_model(name)
    model.pre_logits = timm.models.vgg.ConvMlp(512, 4096, size // 32)
    return model


def pools(model):
    found = [m for m in model.features if isinstance(m, torch.nn.MaxPool2d)]
    return {f"block{i + 1}_pool": pool for i, pool in enumerate(found)}


def places(model):
    return pools(model) | {"fc1": model.classifier[1], "fc2": model.classifier[4]}


def timm_places(model):
    return pools(model) | {"fc1": model.pre_logits.act1, "fc2": model.pre_logits.act2}


NAMES = [f"vgg{depth}{suffix}" for depth in (11, 13, 16, 19) for suffix in ("", "_bn")]

NETWORKS = {
    f"{name}.torch": reference.Network(
        lambda size, name=name: sized(name, size), places, size=64 if name in ("vgg16", "vgg11_bn") else 32
    )
    for name in NAMES
} | {
    "vgg11.timm": reference.Network(lambda size: timm_sized("vgg11", size), timm_places, size=64),
    "vgg16_bn.timm": reference.Network(lambda size: timm_sized("vgg16_bn", size), timm_places, size=32),
}
