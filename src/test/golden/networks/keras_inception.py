"""Inception in Keras Applications."""

import keras

import reference


def v3(size):
    keras.backend.clear_session()  # counts layers from zero again
    return keras.applications.InceptionV3(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))


def v3_places(model):
    return {f"mixed{i}": f"mixed{i}" for i in range(11)} | {"avgpool": model.layers[-1].name}


def resnet(size):
    keras.backend.clear_session()
    return keras.applications.InceptionResNetV2(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))


def resnet_places(model):
    scaled = [layer.name for layer in model.layers if layer.name.startswith("custom_scale_layer")]
    return {
        "mixed_5b": "mixed_5b",
        "block35_10": "block35_10_ac",
        "mixed_6a": "mixed_6a",
        "block17_20": "block17_20_ac",
        "mixed_7a": "mixed_7a",
        "block8_10": scaled[-1],
        "conv_7b": "conv_7b_ac",
        "avgpool": model.layers[-1].name,
    }


NETWORKS = {
    "inception_v3_tf.keras": reference.Network(v3, v3_places, 75),
    "inception_resnet_v2.keras": reference.Network(resnet, resnet_places, 75),
}
