"""Writes the cards of VGG16 and ResNet-50, whose cuts are many and regular.

    python cards.py ../../../main/resources/org/graft/backbone/cards

The digests are those that torchvision puts into its file names; Keras publishes MD5 only.
"""

import pathlib
import sys

import formula

TORCH = {
    "channelOrder": "RGB",
    "scale": 1 / 255,
    "mean": [0.485, 0.456, 0.406],
    "std": [0.229, 0.224, 0.225],
    "alpha": "DROP",
}
KERAS = {
    "resize": {"stretch": {"height": 224, "width": 224}},
    "interpolation": "NEAREST",
    "channelOrder": "BGR",
    "scale": 1.0,
    "mean": [103.939, 116.779, 123.68],
    "std": [1.0, 1.0, 1.0],
    "alpha": "DROP",
}
TORCH_LICENCE = "BSD-3-Clause (torchvision); trained on ImageNet, whose terms allow research use"
KERAS_LICENCE = "Apache-2.0 (Keras Applications); trained on ImageNet, whose terms allow research use"
KERAS_URL = "https://storage.googleapis.com/tensorflow/keras-applications/"


def torch_preprocessing(shorter_side):
    resize = {"resize": {"shorterSide": shorter_side}, "crop": {"height": 224, "width": 224}}
    return resize | {"interpolation": "BILINEAR"} | TORCH


def cut(name, channels, size=1):
    return {"name": name, "layer": name, "channels": channels, "height": size, "width": size, "pooling": "AVG"}


def vgg16_cuts():
    pools = [cut(f"block{i + 1}_pool", c, 112 >> i) for i, c in enumerate((64, 128, 256, 512, 512))]
    return [*pools, cut("fc1", 4096), cut("fc2", 4096)]


def resnet50_cuts():
    blocks = [
        cut(f"conv{stage + 2}_block{block + 1}_out", 256 << stage, 56 >> stage)
        for stage, count in enumerate((3, 4, 6, 3))
        for block in range(count)
    ]
    return [*blocks, cut("avgpool", 2048)]


def card(name, architecture, preprocessing, cuts, default, file, url, sha256, licence, origin):
    return {
        "name": name,
        "architecture": architecture,
        "input": {"channels": 3, "height": 224, "width": 224},
        "preprocessing": preprocessing,
        "cuts": cuts,
        "defaultCut": default,
        "weights": {"file": file, "sources": [url + file], "sha256": sha256, "bytes": None},
        "licence": licence,
        "origin": origin,
        "verified": False,
        "golden": [],
    }


def torch_card(name, architecture, shorter_side, cuts, default, file, origin):
    digest = file.removesuffix(".pth").rsplit("-", 1)[1]
    url = "https://download.pytorch.org/models/"
    preprocessing = torch_preprocessing(shorter_side)
    return card(name, architecture, preprocessing, cuts, default, file, url, digest, TORCH_LICENCE, origin)


def keras_card(name, architecture, cuts, default, folder, file, origin):
    return card(name, architecture, KERAS, cuts, default, file, KERAS_URL + folder, None, KERAS_LICENCE, origin)


CARDS = [
    torch_card(
        "vgg16.tv_in1k", "vgg16", 256, vgg16_cuts(), "fc2", "vgg16-397923af.pth",
        "torchvision VGG16_Weights.IMAGENET1K_V1, trained on ImageNet-1k",
    ),
    torch_card(
        "resnet50.tv_in1k", "resnet50_v1.5", 256, resnet50_cuts(), "avgpool", "resnet50-0676ba61.pth",
        "torchvision ResNet50_Weights.IMAGENET1K_V1, trained on ImageNet-1k",
    ),
    torch_card(
        "resnet50.tv2_in1k", "resnet50_v1.5", 232, resnet50_cuts(), "avgpool", "resnet50-11ad3fa6.pth",
        "torchvision ResNet50_Weights.IMAGENET1K_V2, trained on ImageNet-1k with torchvision's newer recipe",
    ),
    keras_card(
        "vgg16.keras_in1k", "vgg16", vgg16_cuts(), "fc2", "vgg16/",
        "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
        "Keras Applications VGG16, converted from the Visual Geometry Group's Caffe weights, trained on ImageNet-1k",
    ),
    keras_card(
        "resnet50.keras_in1k", "resnet50_v1", resnet50_cuts(), "avgpool", "resnet/",
        "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
        "Keras Applications ResNet50, converted from Kaiming He's Caffe weights, trained on ImageNet-1k",
    ),
]

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for made in CARDS:
        (folder / f"{made['name']}.json").write_text(formula.pretty(made))
