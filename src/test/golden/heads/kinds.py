"""Cosine, ordinal and regression heads on scikit-learn's digits, for the tests of the kinds of heads.

scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1. Regenerate with
    python src/test/golden/heads/kinds.py src/test/resources/golden/heads/kinds.json

Rows as in generate.py: the first 1297 train, the other 500 test. Nothing here is Graft's arithmetic: leaving one out is
done by leaving it out, optima are scipy's or scikit-learn's.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax
from sklearn import metrics
from sklearn.datasets import load_digits
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler, normalize

TRAIN, L2, DELTA = 1297, 0.01, 0.5


def best_scale(cosines, y, weights=None):
    def loss(scale):
        return -np.average(log_softmax(scale * cosines, axis=1)[np.arange(len(y)), y], weights=weights)

    found = minimize_scalar(loss, bounds=(0.01, 100), method="bounded", options={"xatol": 1e-10})
    return float(found.x), float(found.fun), float((cosines.argmax(1) == y).mean())


def prototypes(x, y, classes, weights=None):
    weights = np.ones(len(y)) if weights is None else weights
    return normalize(np.stack([np.average(x[y == c], axis=0, weights=weights[y == c]) for c in range(classes)]))


def leave_one_out(x, y, classes, weights=None):
    cosines = np.empty((len(y), classes))
    for i in range(len(y)):
        rest = np.arange(len(y)) != i
        others = None if weights is None else weights[rest]
        cosines[i] = prototypes(x[rest], y[rest], classes, others) @ x[i]
    return cosines


def cosine(x, y, x_test, y_test):
    x, x_test = normalize(x), normalize(x_test)
    means = prototypes(x, y, 10)
    scale, loss, accuracy = best_scale(x_test @ means.T, y_test)
    few = np.concatenate([np.flatnonzero(y == c)[:5] for c in range(10)])
    one = np.concatenate([np.flatnonzero(y == c)[:1] for c in range(10)])
    loo_scale, loo_loss, loo_accuracy = best_scale(leave_one_out(x[few], y[few], 10), y[few])
    weights, weights_test = np.arange(len(y)) % 5 / 2, np.arange(len(y_test)) % 5 / 2  # 0, 1/2, 1, 3/2, 2
    weighted = prototypes(x, y, 10, weights)
    weighted_scale, weighted_loss, weighted_accuracy = best_scale(x_test @ weighted.T, y_test, weights_test)
    left_scale, left_loss, _ = best_scale(leave_one_out(x, y, 10, weights), y, weights)
    return {
        "weightedScale": weighted_scale, "weightedLoss": weighted_loss, "weightedAccuracy": weighted_accuracy,
        "weightedPrototypes": weighted[:3].tolist(),
        "weightedLeftOutScale": left_scale, "weightedLeftOutLoss": left_loss,
        "scale": scale, "validationLoss": loss, "validationAccuracy": accuracy,
        "probabilities": np.exp(log_softmax(scale * x_test[:20] @ means.T, axis=1)).tolist(),
        "fewScale": loo_scale, "fewLoss": loo_loss, "fewAccuracy": loo_accuracy,
        "fewTestAccuracy": float(((x_test @ prototypes(x[few], y[few], 10).T).argmax(1) == y_test).mean()),
        "oneTestAccuracy": float(((x_test @ x[one].T).argmax(1) == y_test).mean()),
    }


def ordinal_nll(parameters, x, y, classes, weights):
    """Proportional odds (McCullagh 1980): P(y <= k) = expit(threshold_k - w x)."""
    w, raw = parameters[: x.shape[1]], parameters[x.shape[1]:]
    thresholds = np.concatenate([raw[:1], raw[:1] + np.cumsum(np.logaddexp(0, raw[1:]))])
    cumulative = expit(thresholds[None] - (x @ w)[:, None])
    edges = np.concatenate([np.zeros((len(x), 1)), cumulative, np.ones((len(x), 1))], 1)
    p = np.diff(edges, axis=1)
    return -(weights[y] * np.log(p[np.arange(len(y)), y])).mean(), p, thresholds


def ordinal(x, y, x_test, y_test, classes, weights, scaler):
    def objective(parameters):
        return ordinal_nll(parameters, x, y, classes, weights)[0] + L2 / 2 * (parameters[: x.shape[1]] ** 2).sum()

    start = np.concatenate([np.zeros(x.shape[1] + 1), np.full(classes - 2, 0.5)])
    found = minimize(objective, start, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 10**7, "ftol": 1e-14, "gtol": 1e-8})
    test, p, thresholds = ordinal_nll(found.x, x_test, y_test, classes, np.ones(classes))
    got = p.argmax(1)
    slopes = found.x[: x.shape[1]] / scaler.scale_  # of raw pixels
    return {
        "weights": slopes.tolist(), "thresholds": (thresholds + slopes @ scaler.mean_).tolist(),
        "probabilities": p[:20].tolist(),
        "objective": float(found.fun), "testLoss": float(test),
        "testAccuracy": float((got == y_test).mean()),
        "meanAbsoluteError": float(metrics.mean_absolute_error(y_test, got)),
        "quadraticKappa": float(metrics.cohen_kappa_score(y_test, got, weights="quadratic")),
    }


def regression(x, y, x_test, y_test):
    mean, deviation = y.mean(), y.std()
    z = (y - mean) / deviation
    ridge = Ridge(alpha=len(x) * L2 / 2).fit(x, z)
    loss = ((z - ridge.predict(x)) ** 2).mean() + L2 / 2 * (ridge.coef_ ** 2).sum()
    got = mean + deviation * ridge.predict(x_test)

    def huber(r):
        a = np.abs(r)
        return np.where(a <= DELTA, a**2, 2 * DELTA * a - DELTA**2)

    def objective(parameters):
        r = z - x @ parameters[:-1] - parameters[-1]
        slope = 2 * np.clip(r, -DELTA, DELTA)
        gradient = np.concatenate([-(x.T @ slope) / len(x) + L2 * parameters[:-1], [-slope.mean()]])
        return huber(r).mean() + L2 / 2 * (parameters[:-1] ** 2).sum(), gradient

    robust = minimize(objective, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B",
                      options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-10})
    robust_got = mean + deviation * (x_test @ robust.x[:-1] + robust.x[-1])
    return {
        "objective": float(loss), "huberObjective": float(robust.fun),
        "predictions": got[:20].tolist(), "huberPredictions": robust_got[:20].tolist(),
        "r2": float(metrics.r2_score(y_test, got)),
        "meanAbsoluteError": float(metrics.mean_absolute_error(y_test, got)),
        "rootMeanSquaredError": float(metrics.root_mean_squared_error(y_test, got)),
        "medianAbsoluteError": float(metrics.median_absolute_error(y_test, got)),
    }


def main(file):
    digits = load_digits()
    data, label = digits.data, digits.target
    train, test, y, y_test = data[:TRAIN], data[TRAIN:], label[:TRAIN], label[TRAIN:]
    scaler = StandardScaler().fit(train)
    x, x_test = scaler.transform(train), scaler.transform(test)
    balanced = len(y) / (10 * np.bincount(y))
    golden = {
        "sklearn": sklearn.__version__, "scipy": scipy.__version__, "l2": L2, "huber": DELTA,
        "cosine": cosine(train, y, test, y_test),
        "ordinal": ordinal(x, y, x_test, y_test, 10, np.ones(10), scaler),
        "ordinalBalanced": ordinal(x, y, x_test, y_test, 10, balanced, scaler),
        "regression": regression(x, y.astype(float), x_test, y_test.astype(float)),
    }
    file.write_text(json.dumps(golden, indent=1) + "\n")


main(Path(sys.argv[1]))
