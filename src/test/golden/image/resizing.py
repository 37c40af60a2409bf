"""Golden tensors for every rule of org.graft.image.Preprocessing, by those who made the rules.

Made with Pillow 12.0.0, torchvision 0.29.2, timm 1.0.31, keras 3.15.1, tensorflow-cpu 2.21.0,
numpy 2.4.6, scikit-image 0.26.0 (its photograph "coffee" is CC0). Reads what generate.py wrote.
Regenerate: python src/test/golden/image/resizing.py src/test/resources/golden/image
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

from timm.data import create_transform  # torch goes before TensorFlow: their LLVMs clash
from torchvision import models, transforms
import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from skimage import data

OUT = pathlib.Path(sys.argv[1])
FOLDER = OUT / "resizing"
WIDE, TALL = "decoded/photo-444.jpg.png", "resizing/tall.png"
KEPT = 400
PIL_NAMES = {"NEAREST": "nearest", "BILINEAR": "bilinear", "BICUBIC": "bicubic", "LANCZOS": "lanczos"}
TF_NAMES = PIL_NAMES | {"LANCZOS": "lanczos3", "AREA": "area"}
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
cases, values = [], []


def size(height, width):
    return {"height": height, "width": width}


def case(by, picture, resize, tensor, *, crop=None, interpolation="BILINEAR", order="RGB",
         scale=1.0, mean=(0, 0, 0), std=(1, 1, 1), resizer=None, fill=None):
    """Keeps about 400 values of [3][H][W], spread by a step that shares nothing with the width."""
    rule = {"resize": resize, "crop": crop and size(*crop), "interpolation": interpolation,
            "channelOrder": order, "scale": scale, "mean": list(mean), "std": list(std),
            "alpha": "DROP", "resizer": resizer, "fill": fill}
    flat = np.asarray(tensor, dtype="<f4").reshape(-1)
    step = next(s for s in range(max(1, flat.size // KEPT), flat.size)
                if np.gcd(s, np.asarray(tensor).shape[2]) == 1)
    cases.append({"by": by, "picture": picture, "first": sum(map(len, values)), "length": flat.size,
                  "step": step,
                  "rule": {key: value for key, value in rule.items() if value is not None}})
    values.append(flat[::step])


def image(picture):
    return Image.open(OUT / picture).convert("RGB")


def chw(array):
    return np.asarray(array).transpose(2, 0, 1)


def keras_mode(mode):
    """What keras.applications' preprocess_input of a mode does, as our fields say it."""
    return {"tf": {"scale": 1 / 127.5, "mean": [1, 1, 1]},
            "caffe": {"order": "BGR", "mean": [103.939, 116.779, 123.68]},
            "torch": {"scale": 1 / 255, "mean": IMAGENET[0], "std": IMAGENET[1]}}[mode]


def preprocessed(array, mode):
    return chw(keras.applications.imagenet_utils.preprocess_input(
        np.array(array, dtype="float32"), data_format="channels_last", mode=mode))


def tensorflow():
    modes = {"NEAREST": "torch", "BILINEAR": "tf", "BICUBIC": "torch", "AREA": "caffe", "LANCZOS": "tf"}
    for picture in (WIDE, TALL):
        pixels = np.asarray(image(picture))
        for interpolation, name in TF_NAMES.items():
            for antialias in (False, True):
                for target in ((64, 64), (50, 77), (224, 224), (300, 40)):
                    resized = tf.image.resize(pixels, target, method=name, antialias=antialias)
                    case(f"tf.image.resize({target}, {name!r}, antialias={antialias})", picture,
                         {"stretch": size(*target)}, preprocessed(resized, modes[interpolation]),
                         interpolation=interpolation,
                         resizer="TENSORFLOW_ANTIALIAS" if antialias else "TENSORFLOW",
                         **keras_mode(modes[interpolation]))


def keras_from_directory(picture, target, name, cropped):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "only").mkdir()
        image(picture).save(pathlib.Path(folder) / "only" / "picture.png")
        batches = keras.utils.image_dataset_from_directory(
            folder, labels=None, image_size=target, interpolation=name, shuffle=False, verbose=False,
            crop_to_aspect_ratio=cropped)
        return next(iter(batches))[0]


def keras_data():
    for picture in (WIDE, TALL):
        pixels = np.asarray(image(picture), dtype="float32")
        for target in ((48, 48), (31, 70), (70, 31), (160, 96)):
            shape = {"cropToAspectRatio": size(*target)}
            case(f"keras.preprocessing.image.smart_resize({target})", picture, shape,
                 chw(keras.preprocessing.image.smart_resize(pixels, target)), resizer="TENSORFLOW")
            case(f"keras.layers.Resizing{target}, cropped, antialias, bicubic", picture, shape,
                 chw(keras.layers.Resizing(*target, "bicubic", crop_to_aspect_ratio=True,
                                           antialias=True)(pixels)),
                 interpolation="BICUBIC", resizer="TENSORFLOW_ANTIALIAS")
        case("image_dataset_from_directory, bilinear", picture, {"stretch": size(48, 48)},
             chw(keras_from_directory(picture, (48, 48), "bilinear", False)), resizer="TENSORFLOW")
        case("image_dataset_from_directory, cropped, area", picture,
             {"cropToAspectRatio": size(48, 64)},
             chw(keras_from_directory(picture, (48, 64), "area", True)),
             interpolation="AREA", resizer="TENSORFLOW")


def keras_load_img():
    for picture in (WIDE, TALL):
        for interpolation, name in PIL_NAMES.items():
            for target in ((48, 48), (31, 70), (150, 160)):
                for kept in (False, True):
                    loaded = keras.utils.load_img(OUT / picture, target_size=target,
                                                  interpolation=name, keep_aspect_ratio=kept)
                    case(f"load_img({target}, {name!r}, keep_aspect_ratio={kept})", picture,
                         {"cropToAspectRatio" if kept else "stretch": size(*target)},
                         preprocessed(keras.utils.img_to_array(loaded), "caffe"),
                         interpolation=interpolation, **keras_mode("caffe"))


def timm_resize(mode, target, pct):
    height, width = scaled = [int(np.floor(side / pct)) for side in target]
    if mode == "squash":
        return {"stretch": size(*scaled)}
    if mode == "border":
        return {"contain": size(*scaled)}
    return {"shorterSide": height} if height == width else {"cover": size(*scaled)}


def timm():
    means = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
    for picture in (WIDE, TALL):
        for mode in ("center", "squash", "border"):
            for target, pct in (((64, 64), 0.875), ((64, 64), 0.95), ((50, 77), 0.9), ((77, 50), 1.0)):
                for interpolation in ("BILINEAR", "BICUBIC"):
                    transform = create_transform(
                        (3, *target), interpolation=interpolation.lower(), mean=means[0],
                        std=means[1], crop_pct=pct, crop_mode=mode)
                    case(f"timm {mode} {target} crop_pct {pct} {interpolation.lower()}", picture,
                         timm_resize(mode, target, pct), transform(image(picture)), crop=target,
                         interpolation=interpolation, scale=1 / 255, mean=means[0], std=means[1],
                         fill=[round(255 * m) for m in means[0]] if mode == "border" else None)


def torchvision():
    names = ["AlexNet_Weights.IMAGENET1K_V1", "Inception_V3_Weights.IMAGENET1K_V1",
             "EfficientNet_B1_Weights.IMAGENET1K_V1", "EfficientNet_B1_Weights.IMAGENET1K_V2",
             "ConvNeXt_Tiny_Weights.IMAGENET1K_V1", "MobileNet_V3_Large_Weights.IMAGENET1K_V2",
             "DenseNet121_Weights.IMAGENET1K_V1"]
    for name in names:
        preset = models.get_weight(name).transforms()
        for picture in (WIDE, TALL):
            case(f"torchvision {name}", picture, {"shorterSide": preset.resize_size[0]},
                 preset(image(picture)), crop=preset.crop_size * 2, scale=1 / 255,
                 interpolation=preset.interpolation.name, mean=preset.mean, std=preset.std)
    stretched = transforms.Compose([transforms.Resize((80, 60), transforms.InterpolationMode.LANCZOS),
                                    transforms.CenterCrop((61, 71)), transforms.ToTensor()])
    case("torchvision Resize((80, 60)), CenterCrop((61, 71))", WIDE, {"stretch": size(80, 60)},
         stretched(image(WIDE)), crop=(61, 71), interpolation="LANCZOS", scale=1 / 255)


FOLDER.mkdir(exist_ok=True)
coffee = Image.fromarray(data.coffee()).crop((150, 0, 410, 400))
coffee.resize((91, 140), Image.LANCZOS).save(OUT / TALL, optimize=True)
for part in (tensorflow, keras_data, keras_load_img, timm, torchvision):
    part()
lines = ",\n".join(map(json.dumps, cases))
(FOLDER / "cases.json").write_text(f'{{"cases": [\n{lines}\n]}}\n')
(FOLDER / "values.f32").write_bytes(np.concatenate(values).tobytes())
