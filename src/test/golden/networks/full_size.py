"""Full-size weight files as torch and Keras write them, with random weights, and their features.

    python full_size.py torch FOLDER
    KERAS_BACKEND=tensorflow python full_size.py keras FOLDER
    mvn test -Dtest=FullSizeTest -Dgraft.fullsize=FOLDER

Writes about 3.5 GB: VGG16 and ResNet-50 (v1.5 by torch, v1 by Keras) as .pth, .safetensors and .h5, and beside each
FILE a FILE.json with the features at every cut of one preprocessed input, and FILE.picture.json with the default
cut's features of picture.jpg under the card's preprocessing. Versions: ../requirements.txt.

Random residual networks are chaotic: with the last batch norm of every block as strong as the others, torch with and
without oneDNN differs from itself by 4e-5 at the end. A limit of 1e-5 would then test the weights and not the
implementation, so those batch norms are kept weak (as trained ones are), and referenceError says what the reference
loses to rounding.
"""

import json
import pathlib
import sys

import numpy as np
from PIL import Image

import formula

SHAPE = (3, 224, 224)
SEED = 9


def picture(path):
    """Smooth colours, edges and noise, 500 x 375."""
    y, x = np.mgrid[0:375, 0:500]
    waves = [127 + 120 * np.sin(x / (17 + 9 * c) + y / (31 - 7 * c)) for c in range(3)]
    pixels = np.stack(waves, axis=-1) + 20 * formula.noise(1, 375 * 500 * 3).reshape(375, 500, 3)
    pixels[100:200, 150:350] = (250, 30, 60)
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def own_error(single, double):
    """What the reference's float32 loses against its own float64, of each cut's largest value."""
    assert all(values.dtype == np.float64 for values in double.values())
    return float(max(np.abs(single[cut] - double[cut]).max() / np.abs(double[cut]).max() for cut in double))


def describe(file, architecture, cuts, error, of_picture, cut):
    golden = {"architecture": architecture, "seed": SEED, "input": list(SHAPE), "referenceError": error}
    golden["cuts"] = {k: formula.sample(v, 1000) for k, v in cuts.items()}
    file.with_name(file.name + ".json").write_text(json.dumps(golden) + "\n")
    seen = {"picture": "picture.jpg", "cut": cut, "features": [float(f"{v:.9g}") for v in of_picture[cut]]}
    file.with_name(file.name + ".picture.json").write_text(json.dumps(seen) + "\n")


def with_torch(folder):
    import safetensors.torch
    import torch
    import torchvision

    import parity_torch
    import reference

    def settle(model):
        """Batch norm statistics of noise, scales and shifts that are not the identity."""
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                torch.nn.init.uniform_(module.weight, 0.5, 1.5)
                module.weight.data.mul_(0.2 if name.endswith("bn3") else 1)
                torch.nn.init.uniform_(module.bias, -0.5, 0.5)
                module.momentum = None
            if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
                torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        with torch.no_grad():
            model.train()(torch.randn(4, *SHAPE))

    def write(name, architecture, made, weights, cut, suffixes):
        model = made.build(SHAPE[1])
        places = made.places(model)
        settle(model)
        inputs = formula.golden_input(SEED, (1, *SHAPE))
        cuts = parity_torch.features(model, places, inputs)
        exact = parity_torch.features(model.double(), places, inputs.astype(np.float64))
        model.float()
        image = Image.open(picture(folder / "picture.jpg"))
        seen = parity_torch.features(model, places, weights.transforms()(image)[None].numpy())
        for suffix in suffixes:
            file = folder / f"{name}{suffix}"
            if suffix == ".safetensors":
                safetensors.torch.save_file(model.state_dict(), file)
            else:
                torch.save(model.state_dict(), file, _use_new_zipfile_serialization=suffix == ".pth")
            describe(file, architecture, cuts, own_error(cuts, exact), seen, cut)

    torch.manual_seed(20)
    models, networks = torchvision.models, reference.families("torch")
    write(
        "resnet50.torch", "resnet50_v1.5", networks["resnet50_v1.5.torch"], models.ResNet50_Weights.IMAGENET1K_V1,
        "avgpool", (".pth", ".legacy.pth", ".safetensors"),
    )
    write(
        "vgg16.torch", "vgg16", networks["vgg16.torch"], models.VGG16_Weights.IMAGENET1K_V1, "fc2",
        (".pth", ".safetensors"),
    )


def with_keras(folder):
    import h5py
    import keras
    from keras.src.legacy.saving import legacy_h5_format

    import parity_keras
    import reference

    random = np.random.default_rng(21)

    def settle(model):
        for layer in model.layers:
            for variable in layer.weights:
                shape = variable.shape
                if variable.name == "kernel":
                    variable.assign(random.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape))
                elif variable.name == "gamma":
                    weak = 0.2 if layer.name.endswith("_3_bn") else 1
                    variable.assign(weak * random.uniform(0.5, 1.5, shape))
                elif variable.name in ("beta", "bias"):
                    variable.assign(random.uniform(-0.2, 0.2, shape))
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = 0.0
        model(random.normal(size=(4, 224, 224, 3)), training=True)

    def in_double(made, model, inputs):
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        exact = made.build(SHAPE[1])
        exact.set_weights(model.get_weights())
        features = parity_keras.features(exact, made.places(exact), inputs.astype(np.float64))
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        return features

    def write(name, architecture, made, preprocess, cut):
        model = made.build(SHAPE[1])
        layers = made.places(model)
        settle(model)
        inputs = formula.golden_input(SEED, (1, *SHAPE))
        cuts = parity_keras.features(model, layers, inputs)
        exact = in_double(made, model, inputs)
        image = keras.utils.load_img(picture(folder / "picture.jpg"), target_size=(224, 224))
        pixels = preprocess(keras.utils.img_to_array(image)[None])
        seen = parity_keras.features(model, layers, pixels.transpose(0, 3, 1, 2))
        modern, published = folder / f"{name}.weights.h5", folder / f"{name}.legacy.h5"
        model.save_weights(modern)
        with h5py.File(published, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, model)
        for file in (modern, published):
            describe(file, architecture, cuts, own_error(cuts, exact), seen, cut)

    apps, networks = keras.applications, reference.families("keras")
    write("resnet50.keras", "resnet50_v1", networks["resnet50_v1.keras"], apps.resnet.preprocess_input, "avgpool")
    write("vgg16.keras", "vgg16", networks["vgg16.keras"], apps.vgg16.preprocess_input, "fc2")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    {"torch": with_torch, "keras": with_keras}[sys.argv[1]](target)
