"""MobileNet V1 to V3 in torchvision and timm."""

import timm
import torchvision

import reference


def stages(model, blocks):
    """Every stage's last block. `blocks`: how many there are in each."""
    found, index = {}, -1
    for count in blocks:
        index += count
        found[index] = model(index)
    return found


def named(ends, shortcuts):
    return {f"block{i}_{'add' if i in shortcuts else 'project'}": module for i, module in ends.items()}


V2 = (1, 2, 3, 4, 3, 3, 1), (2, 5, 9, 12, 15)
LARGE = (1, 2, 3, 4, 2, 3), (0, 2, 5, 9, 11, 14)
SMALL = (1, 2, 3, 2, 3), (2, 5, 7, 10)


def torch_places(blocks, shortcuts, dense=False):
    def places(model):
        ends = named(stages(lambda i: model.features[i + 1], blocks), shortcuts)
        ends |= {"conv_last": model.features[-1], "avgpool": model.classifier[0] if not dense else model.avgpool}
        return ends | ({"fc1": model.classifier[1]} if dense else {})

    return places


def timm_places(blocks, shortcuts, dense=False):
    def places(model):
        flat = [block for stage in model.blocks for block in stage]
        ends = named(stages(lambda i: flat[i], blocks), shortcuts)
        last = model.blocks[-1] if dense else model.bn2
        return ends | {"conv_last": last, "avgpool": model.global_pool} | ({"fc1": model.flatten} if dense else {})

    return places


def v1_places(model):
    ends = stages(lambda i: [block for stage in model.blocks for block in stage][i], (1, 2, 2, 6, 2))
    return {f"block{i}_pointwise": module for i, module in ends.items()} | {"avgpool": model.global_pool}


def torchvisions(name, places):
    return reference.Network(lambda _: getattr(torchvision.models, name)(weights=None), places)


def timms(name, places):
    return reference.Network(lambda _: timm.create_model(name), places)


NETWORKS = {
    "mobilenet_v1.timm": timms("mobilenetv1_100", v1_places),
    "mobilenet_v2.torch": torchvisions("mobilenet_v2", torch_places(*V2)),
    "mobilenet_v2.timm": timms("mobilenetv2_100", timm_places(*V2)),
    "mobilenet_v3_large.torch": torchvisions("mobilenet_v3_large", torch_places(*LARGE, True)),
    "mobilenet_v3_small.torch": torchvisions("mobilenet_v3_small", torch_places(*SMALL, True)),
    "mobilenet_v3_large.timm": timms("mobilenetv3_large_100", timm_places(*LARGE, True)),
    "mobilenet_v3_small.timm": timms("mobilenetv3_small_100", timm_places(*SMALL, True)),
    "mobilenet_v3_large_tf.timm": timms("tf_mobilenetv3_large_100", timm_places(*LARGE, True)),
    "mobilenet_v3_small_tf.timm": timms("tf_mobilenetv3_small_100", timm_places(*SMALL, True)),
}
