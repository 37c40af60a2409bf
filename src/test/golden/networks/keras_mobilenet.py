"""MobileNet V1 to V3 in Keras Applications."""

import keras

import reference

V1 = (0, 2, 4, 10, 12)
V2 = {
    "block0_project": "expanded_conv_project_BN",
    **{f"block{i}_add": f"block_{i}_add" for i in (2, 5, 9, 12, 15)},
    "block16_project": "block_16_project_BN",
}


def pool(model):
    """The one behind all blocks; those inside have names."""
    return next(layer.name for layer in model.layers if layer.name.startswith("global_average_pooling2d"))


def v1(size):
    return keras.applications.MobileNet(weights=None, input_shape=(size, size, 3))


def v1_places(model):
    ends = {f"block{i}_pointwise": f"conv_pw_{i + 1}_relu" for i in V1}
    return ends | {"avgpool": pool(model)}


def v2(size):
    return keras.applications.MobileNetV2(weights=None, input_shape=(size, size, 3))


def v2_places(model):
    return V2 | {"conv_last": "out_relu", "avgpool": pool(model)}


def v3(name):
    make = getattr(keras.applications, name)
    return lambda size: make(weights=None, input_shape=(size, size, 3), include_preprocessing=False)


def v3_places(shortcuts, others):
    def places(model):
        ends = {}
        for i in sorted(shortcuts + others):
            block = f"expanded_conv_{i}" if i else "expanded_conv"
            if i in shortcuts:
                ends[f"block{i}_add"] = f"{block}_add"
            else:
                ends[f"block{i}_project"] = f"{block}_project_bn"
        names = [layer.name for layer in model.layers]  # activations have numbers instead
        last = names[names.index("conv_1_bn") + 1]
        return ends | {"conv_last": last, "avgpool": pool(model), "fc1": names[names.index("conv_2") + 1]}

    return places


# At an odd size: there Keras' own paddings differ from one another.
NETWORKS = {
    "mobilenet_v1_tf.keras": reference.Network(v1, v1_places, 75),
    "mobilenet_v2_tf.keras": reference.Network(v2, v2_places, 75),
    "mobilenet_v3_large_tf.keras": reference.Network(v3("MobileNetV3Large"), v3_places((0, 2, 5, 9, 11, 14), ()), 75),
    "mobilenet_v3_small_tf.keras": reference.Network(v3("MobileNetV3Small"), v3_places((2, 5, 7, 10), (0,)), 75),
}
