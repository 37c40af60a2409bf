"""Features of picture files by Pillow and ONNX Runtime, for PictureParityTest.

Needs: Pillow (made with 13; any will do at cosine 0.9999), numpy, onnxruntime 1.32.0.
Usage: python picture_features.py MOBILENETV2_ONNX REPOSITORY
Writes REPOSITORY/src/test/resources/golden/networks/pictures/*.json. MOBILENETV2_ONNX is the file that the card's
weights were converted from. Preprocessing as the card mobilenetv2.coco says: RGB, stretched to 224 x 224 with Pillow's
bilinear filter, x / 127.5 - 1.
"""

import json
import os
import sys

import numpy
import onnxruntime
from PIL import Image

PICTURES = {
    "fruit": "conf/quickstart/pictures/fruit/an_apple_01.jpg",
    "mammals": "conf/quickstart/pictures/mammals/a_simple_pig_01.jpg",
    "photo": "src/test/resources/golden/image/photo-420.jpg",
}


def main():
    onnx, repository = sys.argv[1:]
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    target = os.path.join(repository, "src/test/resources/golden/networks/pictures")
    os.makedirs(target, exist_ok=True)
    for name, picture in PICTURES.items():
        path = os.path.join(repository, picture)
        image = Image.open(path).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        x = numpy.asarray(image, numpy.float32).transpose(2, 0, 1)[None] / numpy.float32(127.5) - 1
        features = session.run(None, {session.get_inputs()[0].name: x})[0].reshape(-1)
        out = {
            "picture": os.path.relpath(path, target),
            "cut": "avgpool",
            "features": [float(f"{v:.7g}") for v in features],
        }
        with open(os.path.join(target, name + ".json"), "w") as f:
            json.dump(out, f)
            f.write("\n")


main()
