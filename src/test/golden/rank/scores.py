"""LogME and H-score of features of random classes, for TransferabilityTest.

numpy 2.4.6, scikit-learn 1.9.1. Regenerate with
    python src/test/golden/rank/scores.py src/test/resources/golden/rank

LogME is the formula of the authors' LogME.py, _fit_fixed_point (You et al. 2021; arXiv 2110.10545), on numpy's
singular values; the H-score is Bao et al.'s with scikit-learn's Ledoit-Wolf covariance, as Ibrahim et al. (2021) have
it. Features are whole numbers / 64, so that both sides read the same.
"""
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import StandardScaler

PATH = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]


def logme(f, y):
    n, d = f.shape
    u, s, _ = np.linalg.svd(f, full_matrices=False)
    sigma = s**2
    evidences = []
    for c in range(y.max() + 1):
        target = (y == c).astype(float)
        x2 = (u.T @ target) ** 2
        rest = (target**2).sum() - x2.sum()
        alpha = beta = 1.0
        for _ in range(11):
            t = alpha / beta
            gamma = (sigma / (sigma + t)).sum()
            m2 = (sigma * x2 / (t + sigma) ** 2).sum()
            res2 = (x2 / (1 + sigma / t) ** 2).sum() + rest
            alpha = gamma / (m2 + 1e-5)
            beta = (n - gamma) / (res2 + 1e-5)
            if abs(alpha / beta - t) / t <= 1e-3:
                break
        evidence = d / 2 * np.log(alpha) + n / 2 * np.log(beta) - 0.5 * np.log(alpha + beta * sigma).sum()
        evidence += -beta / 2 * res2 - alpha / 2 * m2 - n / 2 * np.log(2 * np.pi)
        evidences.append(evidence / n)
    return np.mean(evidences)


def hscore(f, y):
    model = LedoitWolf().fit(f)
    g = np.stack([f[y == c].mean(0) for c in y])
    return np.trace(np.linalg.pinv(model.covariance_, rcond=1e-15) @ ((1 - model.shrinkage_) * np.cov(g, rowvar=False)))


def accuracy(f, y):
    """By scikit-learn's own leave-one-out predictions of ridge regression."""
    x, targets = StandardScaler().fit_transform(f), np.eye(y.max() + 1)[y]
    errors = RidgeCV(alphas=[l2 * len(x) for l2 in PATH], store_cv_results=True).fit(x, targets).cv_results_
    best = (errors.sum(axis=(0, 1))).argmin()
    l2 = PATH[best]
    right = 0
    for i in range(len(x)):
        rest = np.arange(len(x)) != i
        mean, target = x[rest].mean(0), targets[rest].mean(0)
        a = x[rest] - mean
        w = np.linalg.solve(a.T @ a + l2 * len(x) * np.eye(x.shape[1]), a.T @ (targets[rest] - target))
        right += ((x[i] - mean) @ w + target).argmax() == y[i]
    return right / len(x)


def main(folder):
    chance = np.random.default_rng(3)
    golden = {}
    for name, n, d, classes in (("tall", 90, 12, 3), ("wide", 40, 60, 4)):
        y = np.arange(n) % classes
        f = np.round(64 * (chance.normal(size=(classes, d))[y] * 0.5 + chance.normal(size=(n, d)) + 0.3)) / 64
        golden[name] = {
            "classes": classes,
            "features": (64 * f).astype(int).tolist(),
            "logMe": logme(f, y),
            "hScore": hscore(f, y),
            "accuracy": accuracy(f, y),
        }
        print(name, {k: v for k, v in golden[name].items() if k != "features"})
    (folder / "scores.json").write_text(json.dumps(golden) + "\n")


main(Path(sys.argv[1]))
