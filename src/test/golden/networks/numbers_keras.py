"""What Keras calls layers that its code leaves unnamed, in a process that has made such layers before.

    KERAS_BACKEND=tensorflow python numbers_keras.py ../../resources/golden/networks/numbers

Writes two small files in each of Keras' layouts, beside each FILE a FILE.json with its tensors by the name that Graft
gives, and the shapes of InceptionV3's and InceptionResNetV2's tensors. Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import h5py
import keras
import numpy as np
from keras.src.applications import convnext, inception_v3
from keras.src.legacy.saving import legacy_h5_format

import parity_keras
import formula

NETWORKS = {
    "inception_v3_tf": keras.applications.InceptionV3,
    "inception_resnet_v2": keras.applications.InceptionResNetV2,
}


def stem():
    """By InceptionV3's own function, whose batch norm has no gamma."""
    x = given = keras.layers.Input((8, 8, 2))
    for width in (3, 4):
        x = inception_v3.conv2d_bn(x, width, 3, 3)
    return keras.Model(given, x)


def tiny_convnext():
    """Its stem and downsampling are models of their own, and its LayerScale does not name its variable."""
    return convnext.ConvNeXt([1, 1, 1, 1], [1, 2, 2, 1], name="convnext_tiny", weights=None, input_shape=(32, 32, 3), classes=2)


def names(model):
    """Each tensor with what it would be called had Keras counted from here."""
    seen = {"conv2d": [], "batch_normalization": []}
    for layer in model.layers:
        for variable in layer.weights:
            own, kind = parity_keras.tensor(variable).split("/")
            base = own.rstrip("0123456789").rstrip("_")
            if base in seen:
                if own not in seen[base]:
                    seen[base].append(own)
                number = seen[base].index(own)
                own = f"{base}_{number}" if number else base
            yield f"{own}/{kind}", variable


def write(folder, name, model):
    expected = {}
    for tensor, variable in names(model):
        variable.assign(formula.weights(tensor, variable.shape, keras=True))
        expected[tensor] = [float(f"{v:.9g}") for v in np.array(variable.numpy()).reshape(-1)]
    model.save_weights(folder / f"{name}.weights.h5")
    with h5py.File(folder / f"{name}.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    (folder / f"{name}.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    stem()
    write(target, "stem", stem())
    tiny_convnext()
    write(target, "convnext", tiny_convnext())
    for name, build in NETWORKS.items():
        model = build(weights=None)
        shapes = {parity_keras.tensor(v): list(v.shape) for layer in model.layers for v in layer.weights}
        (target / f"{name}.shapes.json").write_text(json.dumps(shapes) + "\n")
