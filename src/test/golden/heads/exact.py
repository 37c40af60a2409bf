"""Ridge and discriminant heads on scikit-learn's digits, for ExactGoldenTest.

scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1. Regenerate with
    python src/test/golden/heads/exact.py src/test/resources/golden/heads

Reads digits.txt (see generate.py), writes exact.json. Leave-one-out is done by brute force: one
fit a sample. Folds are dealt by the hash that Graft deals by, written again here.
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_softmax
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import LeaveOneOut, PredefinedSplit, cross_val_predict
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

TRAIN, LETTERS = 1297, "0123456789abcdefg"
PATH = [1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0]
MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def fold(key, folds):
    h = mix((0x67726166742E666C + 0x9E3779B97F4A7C15) & MASK)
    for b in key.encode():
        h = mix((h * 31 + b + 0x9E3779B97F4A7C15) & MASK)
    return (h - (1 << 64) if h >> 63 else h) % folds


def one_hot(labels, classes=10):
    return np.eye(classes)[labels]


def ridge(x, y, l2, weights=None):
    n = len(x) if weights is None else weights.sum()
    return Ridge(alpha=l2 * n, solver="cholesky").fit(x, y, sample_weight=weights)


def raw(model, scaler=None):
    """Coefficients and intercepts on raw features."""
    coef, intercept = model.coef_, model.intercept_
    if scaler is not None:
        intercept = intercept - coef @ (scaler.mean_ / scaler.scale_)
        coef = coef / scaler.scale_
    return {"weights": coef.tolist(), "bias": intercept.tolist()}


def path_errors(x, y):
    """Mean squared leave-one-out error of each penalty, over samples and targets."""
    model = RidgeCV(alphas=[l2 * len(x) for l2 in PATH], store_cv_results=True).fit(x, y)
    return model.cv_results_.mean(axis=(0, 1)).tolist()


def weighted_error(x, y, weights, l2):
    """Each row that weighs something by the fit without it, the penalty being that of all."""
    squares = 0
    for i in np.flatnonzero(weights):
        rest = np.arange(len(x)) != i
        model = Ridge(alpha=l2 * weights.sum(), solver="cholesky").fit(x[rest], y[rest], sample_weight=weights[rest])
        squares += weights[i] * ((model.predict(x[i : i + 1])[0] - y[i]) ** 2).sum()
    return squares / weights.sum() / y.shape[1]


def left_out(x, y, l2):
    return cross_val_predict(Ridge(alpha=l2 * len(x), solver="cholesky"), x, y, cv=LeaveOneOut())


def smooth(y, classes):
    e = 1 / (len(y) + 1)
    return (1 - e) * y + e / classes


def softmax_scale(z, y):
    target = smooth(y, y.shape[1])
    loss = lambda t: -(target * log_softmax(t * z, axis=1)).sum(1).mean()
    t = minimize_scalar(loss, bounds=(0.1, 100), method="bounded", options={"xatol": 1e-10}).x
    return {"temperature": 1 / t, "loss": -(y * log_softmax(t * z, axis=1)).sum(1).mean()}


def sigmoid_scale(z, y):
    z, target = z - 0.5, smooth(y, 2)
    bce = lambda t, y: -(y * np.log(expit(t * z)) + (1 - y) * np.log(expit(-t * z))).sum(1).mean()
    t = minimize_scalar(
        lambda t: bce(t, target), bounds=(0.1, 100), method="bounded", options={"xatol": 1e-10}
    ).x
    return {"temperature": 1 / t, "loss": bce(t, y)}


def lda(x, y, test, shrinkage, priors=None):
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage, priors=priors).fit(x, y)
    return model.predict_proba(test).tolist()


def main(folder):
    rows = [line.split() for line in (folder / "digits.txt").read_text().splitlines()]
    label = np.array([int(l) for l, _ in rows])
    data = np.array([[LETTERS.index(c) for c in pixels] for _, pixels in rows], dtype=float)
    x, y, test = data[:TRAIN], label[:TRAIN], data[TRAIN : TRAIN + 20]
    scaler = StandardScaler().fit(x)
    s = scaler.transform(x)

    properties = np.stack([y % 2 == 0, y >= 5, np.isin(y, [0, 6, 8, 9]), y == 8], 1) * 1.0
    few = np.setdiff1d(np.arange(TRAIN), np.setdiff1d(np.flatnonzero(y == 8), np.flatnonzero(y == 8)[::10]))
    balanced = compute_sample_weight("balanced", y[few])
    no8 = y != 8
    weights = np.arange(TRAIN) % 5 / 2  # 0, 1/2, 1, 3/2, 2
    weighted_scaler = StandardScaler().fit(x, sample_weight=weights)
    w = weighted_scaler.transform(x)
    counts = np.bincount(y, weights)
    both = weights * (weights.sum() / 10 / counts)[y]
    twice = np.repeat(np.arange(TRAIN), (2 * weights).astype(int))
    marked = np.arange(TRAIN) % 3 != 0
    folds = np.array([fold(f"digit{i:04d}", 5) for i in range(TRAIN)])
    cv = PredefinedSplit(folds)
    fold_error = []
    for l2 in PATH:
        squares = 0
        for train, held in cv.split():
            inner = StandardScaler().fit(x[train])
            model = ridge(inner.transform(x[train]), one_hot(y[train]), l2)
            squares += ((model.predict(inner.transform(x[held])) - one_hot(y[held])) ** 2).sum()
        fold_error.append(squares / TRAIN / 10)

    golden = {
        "path": PATH,
        "standardized": raw(ridge(s, one_hot(y), 0.01), scaler),
        "raw": raw(ridge(x, one_hot(y), 0.01)),
        "unpenalized30": raw(ridge(x[:30], one_hot(y[:30]), 0.05)),
        "balanced": raw(ridge(x[few], one_hot(y[few]), 0.01, balanced)),
        "withoutEights": raw(ridge(x[no8], one_hot(y[no8])[:, [0, 1, 2, 3, 4, 5, 6, 7, 9]], 0.01)),
        "properties": raw(ridge(s, properties, 0.01), scaler),
        "parityOfSome": raw(ridge(x[marked], one_hot(y[marked] % 2, 2), 0.01)),
        "weighted": raw(ridge(w, one_hot(y), 0.01, weights), weighted_scaler),
        "weightedRaw": raw(ridge(x, one_hot(y), 0.01, weights)),
        "weightedBalanced": raw(Ridge(alpha=0.01 * both.sum(), solver="cholesky").fit(x, one_hot(y), both)),
        "weightedError": [weighted_error(w, one_hot(y), weights, l2) for l2 in PATH],
        "leaveOneOutError": path_errors(s, one_hot(y)),
        "leaveOneOutErrorRaw": path_errors(x, one_hot(y)),
        "foldError": fold_error,
        "softmax": softmax_scale(left_out(s, one_hot(y), 0.01), one_hot(y)),
        "sigmoid": sigmoid_scale(left_out(s, properties, 0.01), properties),
        "lda": lda(s, y, scaler.transform(test), None),
        "ldaShrunk": lda(s, y, scaler.transform(test), 0.1),
        "ldaShrunkRaw": lda(x, y, test, 0.3),
        "ldaUniform": lda(x[few], y[few], test, 0.1, np.full(10, 0.1)),
        "ldaWeighted": lda(x[twice], y[twice], test, 0.1),
        "ldaWithoutEights": lda(x[no8], y[no8], test, 0.1),
    }
    (folder / "exact.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
