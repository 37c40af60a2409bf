"""Optimal linear heads on scikit-learn's digits, for DigitsHeadTest and OptimumTest.

scikit-learn 1.9.1, numpy 2.4.6. Regenerate with
    python src/test/golden/heads/generate.py src/test/resources/golden/heads

digits.txt: a row a line, "<label> <64 pixels>", a pixel 0..16 as one character of
0123456789abcdefg. The first 1297 rows train, the other 500 test. optimum.json: what
scikit-learn finds on standardised features ("raw": on pixels as they are).
"""
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, recall_score
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_class_weight

TRAIN, L2 = 1297, 0.01
LETTERS = "0123456789abcdefg"


def fit(x, y, **options):
    model = LogisticRegression(C=1 / (len(x) * L2), tol=1e-10, max_iter=10000, **options)
    return model.fit(x, y)


def multiclass(x, y, x_test, y_test, weights=None):
    model = fit(x, y, class_weight=weights)
    loss = -np.log(model.predict_proba(x)[np.arange(len(y)), y])
    if weights is not None:
        loss = loss * np.array([weights[label] for label in y])
    return {
        "objective": loss.mean() + L2 / 2 * (model.coef_**2).sum(),
        "testLoss": log_loss(y_test, model.predict_proba(x_test)),
        "testAccuracy": model.score(x_test, y_test),
        "recallOf8": recall_score(y_test, model.predict(x_test), average=None)[8],
    }


def multilabel(x, y, x_test, y_test, weight=None):
    models = [fit(x, column, class_weight=weight) for column in y.T]
    p = np.stack([m.predict_proba(x)[:, 1] for m in models], 1)
    p_test = np.stack([m.predict_proba(x_test)[:, 1] for m in models], 1)
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    weights = [compute_class_weight("balanced", classes=np.array([0, 1]), y=column) for column in y.T]
    if weight:
        loss = loss * np.stack([w[column] for w, column in zip(weights, y.T)], 1)
    test = -(y_test * np.log(p_test) + (1 - y_test) * np.log(1 - p_test))
    return {
        "objective": loss.sum(1).mean() + L2 / 2 * sum((m.coef_**2).sum() for m in models),
        "testLoss": test.sum(1).mean(),
        "testAccuracy": ((p_test > 0.5) == y_test).all(1).mean(),
        "recallOfEight": float((p_test[y_test[:, 3] == 1, 3] > 0.5).mean()),
        "weights": [list(w) for w in weights],
    }


def main(folder):
    digits = load_digits()
    data, label = digits.data.astype(int), digits.target
    lines = [f"{l} {''.join(LETTERS[v] for v in row)}\n" for l, row in zip(label, data)]
    (folder / "digits.txt").write_text("".join(lines))

    train, label_train = data[:TRAIN], label[:TRAIN]
    test, label_test = data[TRAIN:], label[TRAIN:]
    scaler = StandardScaler().fit(train)
    x, x_test = scaler.transform(train), scaler.transform(test)

    # few eights: every tenth of them
    eights = np.flatnonzero(label_train == 8)
    keep = np.setdiff1d(np.arange(TRAIN), np.setdiff1d(eights, eights[::10]))
    few = StandardScaler().fit(train[keep])
    x_few, y_few, x_few_test = few.transform(train[keep]), label_train[keep], few.transform(test)
    balanced = compute_class_weight("balanced", classes=np.arange(10), y=y_few)

    # even, at least five, with a closed loop, an eight
    loop = np.array([1, 0, 0, 0, 0, 0, 1, 0, 1, 1])
    labels = np.stack([label % 2 == 0, label >= 5, loop[label] == 1, label == 8], 1).astype(int)
    y_multi, y_multi_test = labels[:TRAIN], labels[TRAIN:]

    golden = {
        "sklearn": sklearn.__version__,
        "train": TRAIN,
        "l2": L2,
        "all": multiclass(x, label_train, x_test, label_test),
        "raw": multiclass(train.astype(float), label_train, test.astype(float), label_test),
        "fewEights": multiclass(x_few, y_few, x_few_test, label_test),
        "fewEightsBalanced": multiclass(
            x_few, y_few, x_few_test, label_test, dict(enumerate(balanced))
        ),
        "balancedWeights": list(balanced),
        "labels": multilabel(x, y_multi, x_test, y_multi_test),
        "labelsBalanced": multilabel(x, y_multi, x_test, y_multi_test, "balanced"),
    }
    (folder / "optimum.json").write_text(json.dumps(golden, indent=1) + "\n")


main(Path(sys.argv[1]))
