"""AlexNet in torchvision."""

import torch
import torchvision

import reference


def grid(size):
    """Height and width of the last maps: a convolution of 11 and stride 4, padded by 2, and three pools of 3 by 2."""
    size = (size + 4 - 11) // 4 + 1
    for _ in range(3):
        size = (size - 3) // 2 + 1
    return size


def sized(size):
    """Without torchvision's average pool: see torch_vgg.py."""
    model = torchvision.models.alexnet(weights=None)
    model.avgpool = torch.nn.Identity()
    model.classifier[1] = torch.nn.Linear(256 * grid(size) ** 2, 4096)
    return model


def places(model):
    features, classifier = model.features, model.classifier
    found = {"pool1": features[2], "pool2": features[5], "conv3": features[7], "conv4": features[9], "pool5": features[12]}
    return found | {"fc6": classifier[2], "fc7": classifier[5]}


NETWORKS = {"alexnet.torch": reference.Network(sized, places, size=95)}
