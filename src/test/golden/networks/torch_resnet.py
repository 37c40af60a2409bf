"""ResNet in torchvision and timm."""

import timm
import torchvision

import reference


def torch(name):
    return getattr(torchvision.models, name)(weights=None)


def v1(depth):
    """torchvision's network with the stride where the paper and Keras have it."""
    model = torch(f"resnet{depth}")
    for stage in (model.layer2, model.layer3, model.layer4):
        stage[0].conv1.stride, stage[0].conv2.stride = stage[0].conv2.stride, stage[0].conv1.stride
    return model


def places(model, last_only=False):
    """last_only: the ends of stages, for large networks."""
    found = {"pool1_pool": model.maxpool}
    for stage in range(1, 5):
        blocks = list(enumerate(getattr(model, f"layer{stage}")))
        for index, block in blocks[-1:] if last_only else blocks:
            found[f"conv{stage + 1}_block{index + 1}_out"] = block
    return found | {"avgpool": model.avgpool if hasattr(model, "avgpool") else model.global_pool}


def large(name):
    return reference.Network(lambda _: torch(name), lambda model: places(model, last_only=True), size=32)


NETWORKS = {
    "resnet18.torch": reference.Network(lambda _: torch("resnet18"), places),
    "resnet18.timm": reference.Network(lambda _: timm.create_model("resnet18"), places, size=32),
    "resnet34.torch": reference.Network(lambda _: torch("resnet34"), places, size=32),
    "resnet50_v1.5.torch": reference.Network(lambda _: torch("resnet50"), places),
    "resnet50_v1.5.timm": reference.Network(lambda _: timm.create_model("resnet50"), places, size=32),
    "resnet50_v1.torch": reference.Network(lambda _: v1(50), places),
    "resnet101_v1.5.torch": large("resnet101"),
    "resnet152_v1.5.torch": large("resnet152"),
    "wide_resnet50_2.torch": large("wide_resnet50_2"),
}
