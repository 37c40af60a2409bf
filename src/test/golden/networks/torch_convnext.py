"""ConvNeXt in torchvision and timm."""

import timm
import torchvision

import reference


def torch_places(model):
    found = {f"stage{i + 1}_out": model.features[2 * i + 1] for i in range(4)}
    return found | {"avgpool": model.classifier[0]}


def timm_places(model):
    return {f"stage{i + 1}_out": stage for i, stage in enumerate(model.stages)} | {"avgpool": model.head.norm}


def both(size):
    return {
        f"convnext_{size}.torch": reference.Network(
            lambda _: getattr(torchvision.models, f"convnext_{size}")(weights=None), torch_places
        ),
        f"convnext_{size}.timm": reference.Network(lambda _: timm.create_model(f"convnext_{size}"), timm_places),
    }


NETWORKS = both("tiny")
