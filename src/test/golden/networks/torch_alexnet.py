"""AlexNet in torchvision."""

import torch
import torchvision

import reference


def sized(grid):
    """Without torchvision's average pool: see torch_vgg.py."""
    model = torchvision.models.alexnet(weights=None)
    model.avgpool = torch.nn.Identity()
    model.classifier[1] = torch.nn.Linear(256 * grid * grid, 4096)
    return model


def places(model):
    features, classifier = model.features, model.classifier
    found = {"pool1": features[2], "pool2": features[5], "conv3": features[7], "conv4": features[9], "pool5": features[12]}
    return found | {"fc6": classifier[2], "fc7": classifier[5]}


NETWORKS = {"alexnet.torch": reference.Network(lambda _: sized(2), places, size=95)}
