"""Writes the cards of TF Hub's MobileNets, whose networks are those of Keras': see cards.py.

    python cards_tfhub.py ../../../main/resources/org/graft/backbone/cards

Run after cards_keras.py, whose cards have the cuts. The modules take [0, 1] and turn it into [-1, 1] inside.
"""

import json
import pathlib
import sys

import cards

LICENCE = "Apache-2.0 (TensorFlow Hub); trained on ImageNet, whose terms allow research use"
MODULES = {
    "mobilenet_v1.tfhub_in1k": ("mobilenet_v1.keras_in1k", "mobilenet_v1_100_224"),
    "mobilenetv2.tfhub_in1k": ("mobilenetv2.keras_in1k", "mobilenet_v2_100_224"),
}


def tfhub_cards(folder):
    for name, (of, module) in MODULES.items():
        keras = json.loads((folder / f"{of}.json").read_text())
        size = keras["input"]["height"]
        handle = f"google/imagenet/{module}/feature_vector/5"
        prepared = cards.preprocessing({"stretch": {"height": size, "width": size}}, None, "BILINEAR", **cards.HALF)
        made = cards.card(
            name,
            keras["architecture"],
            size,
            prepared | {"resizer": "TENSORFLOW"},
            {cut["name"]: [cut["channels"], cut["height"], cut["width"]] for cut in keras["cuts"]},
            f"{module}-feature_vector-5.tar.gz",
            [f"https://tfhub.dev/{handle}?tf-hub-format=compressed"],
            LICENCE,
            f"TF Hub {handle}, trained on ImageNet-1k with TF-Slim",
        )
        yield made, [f"tfhub:{handle}"]


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    cards.write(target, list(tfhub_cards(target)))
