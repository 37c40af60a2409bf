"""EfficientNet in torchvision and timm."""

import timm
import torchvision

import reference

def torch_places(model):
    return ends(model.features[1:-1]) | {"conv_last": model.features[-1], "avgpool": model.avgpool}


def timm_places(model):
    return ends(model.blocks) | {"conv_last": model.bn2, "avgpool": model.global_pool}


def ends(stages):
    """Every stage's last block, by its number in the network; those that are alone have no shortcut."""
    found, index = {}, -1
    for stage in stages:
        index += len(stage)
        found[f"block{index}_{'project' if len(stage) == 1 else 'add'}"] = stage[-1]
    return found


def torchvisions(size):
    return reference.Network(lambda _: getattr(torchvision.models, f"efficientnet_b{size}")(weights=None), torch_places)


def timms(name):
    return reference.Network(lambda _: timm.create_model(name), timm_places)


# Sizes differ in numbers only: some are tested in one dialect, to save time.
NETWORKS = (
    {f"efficientnet_b{size}.torch": torchvisions(size) for size in (0, 3, 5, 7)}
    | {f"efficientnet_b{size}.timm": timms(f"efficientnet_b{size}") for size in (0, 2, 5, 6, 7)}
    | {f"efficientnet_b{size}_tf.timm": timms(f"tf_efficientnet_b{size}") for size in (0, 4, 5, 7)}
)
OTHERS = {f"efficientnet_b{size}.torch": torchvisions(size) for size in (1, 2, 4, 6)}
