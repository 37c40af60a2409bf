"""Writes the cards of Keras Applications' weights: see cards.py."""

import importlib
import inspect
import pathlib
import sys

import cards
import reference

LICENCE = "Apache-2.0 (Keras Applications); trained on ImageNet, whose terms allow research use"
STORE = "https://storage.googleapis.com/tensorflow/keras-applications/"

# As preprocess_input has them, or layers inside of the network (EfficientNet, MobileNetV3, ConvNeXt).
CAFFE = {"mean": [103.939, 116.779, 123.68], "std": [1.0, 1.0, 1.0], "order": "BGR", "scale": 1.0}
TF = cards.HALF
TORCH = cards.IMAGENET
KERNELS = "_weights_tf_dim_ordering_tf_kernels.h5"


def v3(name):
    return f"weights_mobilenet_v3_{name}_224_1.0_float.h5"


# Keras' name: (card's first part, Graft's architecture, module, size, values, address, MD5)
NETWORKS = {
    "VGG16": ("vgg16", "vgg16", "vgg16", 224, CAFFE, f"{STORE}vgg16/vgg16{KERNELS}", "64373286793e3c8b2b4e3219cbf3544b"),
    "VGG19": ("vgg19", "vgg19", "vgg19", 224, CAFFE, f"{STORE}vgg19/vgg19{KERNELS}", "cbe5617147190e668d6c5d5026f83318"),
    **{
        f"ResNet{n}": (
            f"resnet{n}", f"resnet{n}_v1", "resnet", 224, CAFFE, f"{STORE}resnet/resnet{n}{KERNELS}", f"resnet{n}",
        )
        for n in (50, 101, 152)
    },
    "InceptionV3": (
        "inception_v3", "inception_v3_tf", "inception_v3", 299, TF, f"{STORE}inception_v3/inception_v3{KERNELS}",
        "9a0d58056eeedaa3f26cb7ebd46da564",
    ),
    "InceptionResNetV2": (
        "inception_resnet_v2", "inception_resnet_v2", "inception_resnet_v2", 299, TF,
        f"{STORE}inception_resnet_v2/inception_resnet_v2{KERNELS}", "e693bd0210a403b3192acc6073ad2e96",
    ),
    "Xception": (
        "xception", "xception", "xception", 299, TF, f"{STORE}xception/xception{KERNELS}",
        "0a58e3b7378bc2990ea3b43d5981f1f6",
    ),
    **{
        f"ResNet{n}V2": (
            f"resnet{n}v2", f"resnet{n}_v2", "resnet", 224, TF, f"{STORE}resnet/resnet{n}v2{KERNELS}", f"resnet{n}v2",
        )
        for n in (50, 101, 152)
    },
    "DenseNet121": (
        "densenet121", "densenet121", "densenet", 224, TORCH, f"{STORE}densenet/densenet121{KERNELS}",
        "9d60b8095a5708f2dcce2bca79d332c7",
    ),
    "MobileNet": ("mobilenet_v1", "mobilenet_v1_tf", "mobilenet", 224, TF, f"{STORE}mobilenet/mobilenet_1_0_224_tf.h5", None),
    "MobileNetV2": (
        "mobilenetv2", "mobilenet_v2_tf", "mobilenet_v2", 224, TF,
        f"{STORE}mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5", None,
    ),
    "MobileNetV3Small": (
        "mobilenet_v3_small", "mobilenet_v3_small_tf", "mobilenet_v3", 224, TF, f"{STORE}mobilenet_v3/{v3('small')}",
        "small_224_1.0_float",
    ),
    "MobileNetV3Large": (
        "mobilenet_v3_large", "mobilenet_v3_large_tf", "mobilenet_v3", 224, TF, f"{STORE}mobilenet_v3/{v3('large')}",
        "large_224_1.0_float",
    ),
    **{
        f"EfficientNetB{n}": (
            f"efficientnet_b{n}", f"efficientnet_b{n}_tf", "efficientnet", size, TORCH,
            f"https://storage.googleapis.com/keras-applications/efficientnetb{n}.h5", f"b{n}",
        )
        for n, size in enumerate((224, 240, 260, 300, 380, 456, 528, 600))
    },
    "ConvNeXtTiny": (
        "convnext_tiny", "convnext_tiny", "convnext", 224, TORCH, f"{STORE}convnext/convnext_tiny.h5", "convnext_tiny",
    ),
}


def digest(module, key, address):
    """The published MD5 (or, of ConvNeXt, SHA-256), which must stand in Keras' code as the address does."""
    code = importlib.import_module(f"keras.src.applications.{module}")
    listed = getattr(code, "WEIGHTS_HASHES", {}).get(key)
    found = listed[0] if listed else key
    text = inspect.getsource(code)
    folder = address.rsplit("/", 2)[-2] + "/"
    if found and found not in text or folder not in text:
        raise ValueError(f"{module}: {found} or {folder} is not in Keras' code")
    return found


def shapes(network, size):
    model = network.build(size)
    layers = network.places(model)
    found = {}
    for name, layer in layers.items():
        output = model.get_layer(layer).output if isinstance(layer, str) else layer
        shape = list(output.shape[1:])
        shape = [shape[-1], *shape[:-1]]
        found[name] = shape[:1] if shape[1:] in ([], [1, 1]) else shape
    return found


def keras_cards(networks):
    for name, (short, architecture, module, size, values, address, key) in NETWORKS.items():
        found = digest(module, key, address)
        made = cards.card(
            f"{short}.keras_in1k",
            architecture,
            size,
            cards.preprocessing({"stretch": {"height": size, "width": size}}, None, "NEAREST", **values),
            shapes(networks[f"{architecture}.keras"], size),
            address.rsplit("/", 1)[1],
            [address],
            LICENCE,
            f"Keras Applications {name}, trained on ImageNet-1k",
            sha256=found if found and len(found) == 64 else None,
            md5=found if found and len(found) == 32 else None,
        )
        yield made, [f"keras:{name}"]


if __name__ == "__main__":
    cards.write(pathlib.Path(sys.argv[1]), list(keras_cards(reference.families("keras", others=True))))
