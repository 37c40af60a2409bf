"""Wrong labels that Graft's data doctor finds beside those that cleanlab finds, by the same features and labels.

    pip install -r requirements.txt scikit-learn==1.9.1 cleanlab==2.9.0 pyarrow==26.0.1
    bash ../data/debian.sh DEBIAN
    python doctor.py WORK DEBIAN [--sets quickstart,digits,fashion,quotes] [--count 2000] [--seeds 1] [--graft COMMAND]

Labels of 5 % and 10 % of the samples are changed: to any other class (symmetric), or to the next one (class-dependent).
Average precision of the changed ones: Graft's by its probability of the label; cleanlab's by out-of-fold probabilities
of scikit-learn's logistic regression on standardised features (5 folds), with each of its ways to score.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow.dataset as arrow
from cleanlab.rank import get_label_quality_scores
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data_sets import ROOT, all_sets, source

WAYS = {"self": ("self_confidence", False), "margin": ("normalized_margin", False), "adjusted": ("self_confidence", True)}


def changed(labels, share, kind, seed):
    names, y = np.unique(labels, return_inverse=True)
    chance = np.random.default_rng(seed)
    wrong = chance.choice(len(y), max(1, round(share * len(y))), replace=False)
    by = chance.integers(1, len(names), len(wrong)) if kind == "symmetric" else 1
    y[wrong] = (y[wrong] + by) % len(names)
    return names[y].tolist()


def inspected(graft, work, name, config, settings):
    summary = work / "summary.json"
    command = [*graft, "extract", config, *settings, "-s", f"workspace={work / 'workspace' / name}",
               "-s", "dataDoctor.enabled=true", "--json", str(summary)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(summary.read_text())


def rows_of(folder, columns):
    files = [str(f) for f in pathlib.Path(folder.removeprefix("file:")).glob("*.parquet")]
    return arrow.dataset(files).to_table(columns=columns).to_pylist()


def compared(summary, right):
    table = {row["key"]: row for row in rows_of(summary["paths"]["run"] + "/data-doctor/samples",
                                               ["key", "path", "label", "probability"])}
    features = {row["key"]: row["features"] for row in rows_of(summary["paths"]["features"], ["key", "features"])}
    keys = sorted(table)
    y = np.unique([table[k]["label"] for k in keys], return_inverse=True)[1]
    wrong = np.array([table[k]["label"] != right(table[k]["path"]) for k in keys])
    x = np.array([features[k] for k in keys])
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    p = cross_val_predict(model, x, y, cv=StratifiedKFold(5, shuffle=True, random_state=0), method="predict_proba")
    precision = {"graft": average_precision_score(wrong, [-table[k]["probability"] for k in keys])}
    for way, (method, adjusted) in WAYS.items():
        scores = get_label_quality_scores(y, p, method=method, adjust_pred_probs=adjusted)
        precision["cleanlab " + way] = average_precision_score(wrong, -scores)
    return len(keys), precision


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("debian", type=pathlib.Path)
    parser.add_argument("--sets", default="quickstart,digits,fashion,quotes")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--graft", default="submit/graft")
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    sets = all_sets(work, args.debian.resolve(), args.count)
    for name in args.sets.split(","):
        config, settings, rows = sets[name]
        texts = config.endswith("text.yaml")
        by_path = {f"row{i}" if texts else row[0]: row[1] for i, row in enumerate(rows)}
        for share in (0.05, 0.1):
            for kind in ("symmetric", "next"):
                found = []
                for seed in range(args.seeds):
                    labels = changed([label for _, label in rows], share, kind, seed)
                    given = settings + source(work, config, rows, labels)
                    summary = inspected(shlex.split(args.graft), work, name, config, given)
                    right = lambda path: by_path[path.removeprefix("file:")]
                    samples, precision = compared(summary, right)
                    found.append(precision)
                mean = {way: np.mean([one[way] for one in found]) for way in found[0]}
                print(name, samples, share, kind, *(f"{way} {value:.3f}" for way, value in mean.items()), flush=True)


if __name__ == "__main__":
    main()
