"""Golden metrics by scikit-learn 1.9.1 and numpy 2.4.6 (the calibration error by its formula).

Regenerate, from the repository's root:
    python src/test/golden/evaluate/metrics.py src/test/resources/golden/evaluate/metrics.json
"""

import json
import sys

import numpy as np
from sklearn import metrics as m


def scores(truth, predicted, average):
    p, r, f, _ = m.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
    return {"precision": float(p), "recall": float(r), "f1": float(f)}


def per_class(truth, predicted, classes):
    p, r, f, s = m.precision_recall_fscore_support(
        truth, predicted, labels=range(classes), average=None, zero_division=0)
    return [{"support": int(s[i]), "precision": float(p[i]), "recall": float(r[i]), "f1": float(f[i])}
            for i in range(classes)]


def calibration_error(probabilities, truth, bins=15):
    p = probabilities.astype(np.float64)
    confidence, right = p.max(axis=1), p.argmax(axis=1) == truth
    which = np.digitize(confidence, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    gaps = [abs(right[which == b].sum() - confidence[which == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(truth))


def averages(truth, predicted):
    return {a: scores(truth, predicted, a) for a in ("macro", "micro", "weighted")}


def floats(array):
    return [[float(v) for v in row] for row in array]


def single(rng, samples, classes, missing, sharpness):
    """Classes in `missing` have no samples; the last of them is never predicted either."""
    truth = rng.choice([c for c in range(classes) if c not in missing], samples)
    logits = rng.normal(size=(samples, classes)) + sharpness * np.eye(classes)[truth]
    if missing:
        logits[:, missing[-1]] = -20
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p = p.astype(np.float32)
    predicted = p.argmax(axis=1)
    k = min(3, classes)
    return {
        "probabilities": floats(p),
        "labels": truth.tolist(),
        "accuracy": float(m.accuracy_score(truth, predicted)),
        "topK": {str(i): float(m.top_k_accuracy_score(truth, p, k=i, labels=range(classes)))
                 for i in range(1, k + 1)} if classes > 2 else {},
        "logLoss": float(m.log_loss(truth, p, labels=range(classes))),
        "calibrationError": calibration_error(p, truth),
        "confusion": m.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
        "classes": per_class(truth, predicted, classes),
        **averages(truth, predicted),
    }


def multi(rng, samples, classes):
    """Label 0 is never right, label 1 never given; some samples have no label, or get none."""
    truth = (rng.random((samples, classes)) < 0.3).astype(int)
    truth[:, 0] = 0
    p = np.clip(0.25 + 0.4 * truth + rng.normal(size=truth.shape) * 0.25, 0, 1).astype(np.float32)
    p[:, 1] *= 0.4
    predicted = (p >= 0.5).astype(int)
    return {
        "probabilities": floats(p),
        "targets": floats(truth),
        "accuracy": float(m.accuracy_score(truth, predicted)),
        "hammingLoss": float(m.hamming_loss(truth, predicted)),
        "samplesF1": scores(truth, predicted, "samples")["f1"],
        "classes": per_class(truth, predicted, classes),
        **averages(truth, predicted),
    }


def ordinal(rng, samples, classes):
    """The most probable class is near the right one."""
    truth = rng.integers(0, classes, samples)
    scores = -np.abs(np.arange(classes) - truth[:, None] - rng.normal(size=(samples, 1)) * 1.5)
    p = (np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)).astype(np.float32)
    predicted = p.argmax(axis=1)
    return {
        "probabilities": floats(p),
        "labels": truth.tolist(),
        "accuracy": float(m.accuracy_score(truth, predicted)),
        "meanAbsoluteError": float(m.mean_absolute_error(truth, predicted)),
        "quadraticKappa": float(m.cohen_kappa_score(truth, predicted, weights="quadratic", labels=range(classes))),
    }


def regression(rng, samples, mean, deviation, noise):
    truth = (mean + deviation * rng.normal(size=samples)).astype(np.float32)
    given = (truth + noise * rng.normal(size=samples)).astype(np.float32)
    truth, given = truth.astype(np.float64), given.astype(np.float64)
    return {
        "truth": truth.tolist(),
        "given": given.tolist(),
        **({"r2": float(m.r2_score(truth, given))} if samples > 1 else {}),
        "meanAbsoluteError": float(m.mean_absolute_error(truth, given)),
        "rootMeanSquaredError": float(m.root_mean_squared_error(truth, given)),
        "medianAbsoluteError": float(m.median_absolute_error(truth, given)),
    }


rng = np.random.default_rng(20)
golden = {
    "single": [single(rng, 60, 5, [], 1.5), single(rng, 40, 6, [2, 4], 1.0), single(rng, 30, 2, [], 1.0),
               single(rng, 25, 4, [1], 30.0), single(rng, 25, 3, [], -30.0)],
    "multi": [multi(rng, 50, 5), multi(rng, 7, 3)],
    "ordinal": [ordinal(rng, 60, 5), ordinal(rng, 20, 2)],
    "regression": [regression(rng, 41, 0, 1, 0.5), regression(rng, 40, 1e6, 3, 1), regression(rng, 9, 1e-8, 1e-9, 1e-8),
                   regression(rng, 6, 5, 0, 1), regression(rng, 6, 5, 0, 0), regression(rng, 1, 3, 1, 0)],
}
with open(sys.argv[1], "w") as f:
    json.dump(golden, f, indent=0)
    f.write("\n")
