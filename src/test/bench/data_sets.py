"""Real samples with labels for doctor.py and rank.py, as manifests or texts: {name: (config, settings, rows)}.

Pictures of the quickstart; digits of scikit-learn; Fashion-MNIST and quotes of Debian's packages, as
src/test/data/debian.sh unpacks them.
"""

import csv
import gzip
import json
import pathlib

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

ROOT = pathlib.Path(__file__).resolve().parents[3]
CLOTHES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]
TOPICS = ["computers", "food", "law", "literature", "love", "politics", "science", "work"]


def pictures():
    folder = ROOT / "conf/quickstart/pictures"
    return [(str(file), file.parent.name) for file in sorted(folder.glob("*/*")) if file.is_file()]


def written(folder, images, labels):
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for i, (image, label) in enumerate(zip(images, labels)):
        file = folder / f"{i:05d}.png"
        if not file.exists():
            Image.fromarray(image).convert("RGB").save(file)
        rows.append((str(file), label))
    return rows


def digits(folder):
    data = load_digits()
    images = [np.kron((255 / 16 * image).astype(np.uint8), np.ones((8, 8), np.uint8)) for image in data.images]
    return written(folder, images, [f"digit{label}" for label in data.target])


def clothes(folder, debian, count):
    base = debian / "dataset-fashion-mnist/usr/share/datasets/fashion-mnist"
    images = np.frombuffer(gzip.open(base / "train-images-idx3-ubyte.gz").read(), np.uint8, offset=16)
    labels = np.frombuffer(gzip.open(base / "train-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    return written(folder, images.reshape(-1, 28, 28)[:count], [CLOTHES[label] for label in labels[:count]])


def quotes(debian):
    rows = []
    for topic in TOPICS:
        package = "fortunes-min" if topic == "literature" else "fortunes"
        text = (debian / package / "usr/share/games/fortunes" / topic).read_text(encoding="utf-8")
        texts = sorted({" ".join(quote.split()) for quote in text.split("\n%\n")})
        rows += [(quote, topic) for quote in texts if 20 < len(quote) < 1000]
    return rows


def all_sets(folder, debian, count):
    picture = ["-s", "train.baseline=false", "-s", "publish.exports=[]"]
    sets = {
        "quickstart": ("conf/quickstart.yaml", picture, pictures()),
        "digits": ("conf/quickstart.yaml", picture, digits(folder / "digits")),
    }
    if debian.is_dir():
        sets["fashion"] = ("conf/quickstart.yaml", picture, clothes(folder / "fashion", debian, count))
        sets["quotes"] = ("conf/text.yaml", [], quotes(debian))
    return sets


def source(folder, config, rows, labels):
    """The settings that name the rows under these labels."""
    if config.endswith("text.yaml"):
        file = folder / "rows.jsonl"
        lines = [{"path": f"row{i}", "text": rows[i][0], "label": label} for i, label in enumerate(labels)]
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return ["-s", f"source.path={file}"]
    file = folder / "rows.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["path", "label"])
        writer.writerows((row[0], label) for row, label in zip(rows, labels))
    return ["-s", "source.kind=manifest", "-s", f"source.path={file}"]
