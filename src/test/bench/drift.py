"""What drift looks like on real pictures: distances less chance, of samples of the same kind and of changed ones.

    pip install -r requirements.txt scikit-learn==1.9.1
    python drift.py WORK [--splits N] [--graft COMMAND]

A head is trained on a random half of the quickstart's pictures (by default five halves), and scores pictures of the other
half: as they are, all and some of them, and changed. What stays below `drift.warn` (0.1 each) is no warning.
"""

import argparse
import csv
import json
import pathlib
import shlex
import subprocess

import numpy as np
from PIL import Image, ImageFilter

from data_sets import ROOT, digits, pictures

NAMES = ["featureMean", "featureCovariance", "predictions", "confidence"]
BOUND = 0.1


def noisy(image):
    noise = np.random.default_rng(1).normal(0, 40, np.array(image).shape)
    return Image.fromarray((np.array(image) + noise).clip(0, 255).astype(np.uint8))


CHANGES = {
    "grey": lambda image: image.convert("L").convert("RGB"),
    "half as bright": lambda image: image.point(lambda value: value // 2),
    "a tenth darker": lambda image: image.point(lambda value: value * 9 // 10),
    "blurred, 4 pixels": lambda image: image.filter(ImageFilter.GaussianBlur(4)),
    "an eighth of the size": lambda image: image.resize((max(1, image.width // 8), max(1, image.height // 8))),
    "noise of 40": noisy,
    "upside down": lambda image: image.rotate(180),
}


def changed(rows, folder, change):
    folder.mkdir(parents=True, exist_ok=True)
    return [(str(save(pathlib.Path(path), folder, change)), label) for path, label in rows]


def save(path, folder, change):
    image = Image.open(path).convert("RGBA")
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image.split()[3])
    file = folder / f"{path.parent.name}-{path.stem}.png"
    change(plain).save(file)
    return file


def manifest(file, rows):
    with open(file, "w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("path", "label"), *rows])
    return ["-s", "source.kind=manifest", "-s", f"source.path={file}"]


def run(graft, verb, config, settings, summary):
    done = subprocess.run([*graft, verb, config, *settings, "--json", str(summary)],
                          cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(summary.read_text())


def kinds(work, rest):
    """What is scored, by name."""
    labels = sorted({label for _, label in rest})
    few = set(labels[: len(labels) // 4])
    kinds = {"as they are": rest, "as they are, 100": rest[:100], "as they are, 30": rest[:30],
             "a quarter of the classes": [row for row in rest if row[1] in few],
             "drawn digits": digits(work / "digits")[:320]}
    for name, change in CHANGES.items():
        kinds[name] = changed(rest, work / "changed" / name.replace(" ", "-"), change)
    return kinds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--graft", default="submit/graft")
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    graft = shlex.split(args.graft)
    rows = pictures()
    for seed in range(args.splits):
        order = np.random.default_rng(seed).permutation(len(rows))
        half = [rows[i] for i in order[: len(rows) // 2]]
        rest = [rows[i] for i in order[len(rows) // 2 :]]
        workspace = work / f"workspace{seed}"
        run(graft, "run", "conf/quickstart.yaml",
            manifest(work / "train.csv", half) + ["-s", f"workspace={workspace}", "-s", "train.baseline=false",
                                                  "-s", "publish.exports=[]", "-s", "dataDoctor.enabled=false"],
            work / "run.json")
        for name, scored in kinds(work, rest).items():
            metrics = run(graft, "score", "conf/score.yaml",
                          manifest(work / "score.csv", scored)
                          + ["-s", f"bundle={workspace / 'models' / 'quickstart'}", "-s", f"output={work / 'scores'}"],
                          work / "score.json")["metrics"]
            over = {n: metrics[f"drift.{n}"] - metrics[f"drift.{n}.byChance"] for n in NAMES}
            print(f"{seed} {name:26} {len(scored):4}", *(f"{n} {value:6.3f}{'*' if value > BOUND else ' '}"
                  for n, value in over.items()), flush=True)


if __name__ == "__main__":
    main()
