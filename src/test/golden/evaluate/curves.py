"""Golden precision-recall and ROC figures by scikit-learn 1.9.1 and numpy 2.4.6.

`binned` is of probabilities rounded down to Graft's 241 thresholds, which must agree to rounding; `exact` is of the
probabilities themselves, from which the thresholds may be a little off.

Regenerate, from the repository's root:
    python src/test/golden/evaluate/curves.py src/test/resources/golden/evaluate/curves.json
"""

import json
import sys

import numpy as np
from sklearn import metrics as m

THRESHOLDS = (1 / (1 + np.exp((120 - np.arange(241)) * 0.1))).astype(np.float32)


def area(truth, scores):
    return float(m.roc_auc_score(truth, scores)) if 0 < truth.sum() < len(truth) else None


def figures(truth, scores):
    if truth.sum() == 0:
        return {"averagePrecision": None, "area": None}
    return {"averagePrecision": float(m.average_precision_score(truth, scores)), "area": area(truth, scores)}


def points(truth, scores):
    """Precision, recall and false positives by threshold, the highest first."""
    false, true, thresholds = m.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, at = m.precision_recall_curve(truth, scores)
    by = {float(t): float(p) for t, p in zip(at, precision)}
    return [[float(t), by[float(t)], float(r), float(f)] for f, r, t in zip(false[1:], true[1:], thresholds[1:])]


def case(seed, samples, classes, sharp, missing=()):
    rng = np.random.default_rng(seed)
    truth = rng.choice([c for c in range(classes) if c not in missing], samples)
    logits = rng.normal(size=(samples, classes)) * 2 + sharp * np.eye(classes)[truth]
    p = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
    bins = np.searchsorted(THRESHOLDS, p, side="right")
    hot = np.eye(classes, dtype=int)[truth]
    floor = np.concatenate([[0], THRESHOLDS.astype(float)])[bins]
    return {
        "probabilities": [[float(v) for v in row] for row in p],
        "labels": truth.tolist(),
        "binned": [figures(hot[:, c], bins[:, c]) for c in range(classes)],
        "exact": [figures(hot[:, c], p[:, c]) for c in range(classes)],
        "all": figures(hot.ravel(), bins.ravel()),
        "points": points(hot[:, 0], floor[:, 0]),
    }


cases = [case(1, 200, 4, 3.0), case(2, 300, 3, 9.0, missing=(2,)), case(3, 150, 6, 0.5)]
with open(sys.argv[1], "w") as out:
    json.dump(cases, out)
