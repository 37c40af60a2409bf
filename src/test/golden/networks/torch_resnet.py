"""ResNet in torchvision."""

import torchvision

import reference


def v1_5(depth):
    return getattr(torchvision.models, f"resnet{depth}")(weights=None)


def v1(depth):
    """torchvision's network with the stride where the paper and Keras have it."""
    model = v1_5(depth)
    for stage in (model.layer2, model.layer3, model.layer4):
        stage[0].conv1.stride, stage[0].conv2.stride = stage[0].conv2.stride, stage[0].conv1.stride
    return model


def places(model):
    found = {"pool1_pool": model.maxpool}
    for stage in range(1, 5):
        for index, block in enumerate(getattr(model, f"layer{stage}")):
            found[f"conv{stage + 1}_block{index + 1}_out"] = block
    return found | {"avgpool": model.avgpool}


NETWORKS = {
    "resnet50_v1.5.torch": reference.Network(lambda _: v1_5(50), places),
    "resnet50_v1.torch": reference.Network(lambda _: v1(50), places),
}
