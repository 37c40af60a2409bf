"""Wrong labels among scikit-learn's digits, and how far each digit is from others, for HeldOutFitTest.

scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1, cleanlab 2.9.0. Regenerate with
    python src/test/golden/inspect/digits.py src/test/resources/golden/heads/digits.txt src/test/resources/golden/inspect

Leave-one-out is done by brute force: one fit a sample. What cleanlab has is what it makes of out-of-fold
probabilities of scikit-learn's logistic regression on the same features and labels: average precision of the wrong
labels, by the best of its ways to score.
"""
import json
import sys
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TRAIN, CLASSES, LETTERS = 1297, 10, "0123456789abcdefg"
PATH = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]


def flipped(y, share, kind, seed):
    chance = np.random.default_rng(seed)
    wrong = chance.choice(len(y), round(share * len(y)), replace=False)
    labels = y.copy()
    by = chance.integers(1, CLASSES, len(wrong)) if kind == "symmetric" else 1
    labels[wrong] = (y[wrong] + by) % CLASSES
    return labels


def left_out(x, y, l2):
    held = np.empty((len(x), CLASSES))
    targets = np.eye(CLASSES)[y]
    for i in range(len(x)):
        rest = np.arange(len(x)) != i
        model = Ridge(alpha=l2 * len(x), solver="cholesky").fit(x[rest], targets[rest])
        held[i] = model.predict(x[i : i + 1])[0]
    return held


def best_penalty(x, y):
    """By the leverages; then brute force for that one alone."""
    targets = np.eye(CLASSES)[y]
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    errors = []
    for l2 in PATH:
        f = s**2 / (s**2 + l2 * len(x))
        error = (targets - targets.mean(0) - (u * f) @ (u.T @ targets)) / (1 - (u * u) @ f - 1 / len(x))[:, None]
        errors.append((error**2).sum())
    return PATH[int(np.argmin(errors))]


def probabilities(held, y):
    smooth = np.eye(CLASSES)[y] * (1 - 1 / (len(y) + 1)) + 1 / (len(y) + 1) / CLASSES
    scale = np.exp(
        minimize_scalar(
            lambda t: -(smooth * log_softmax(np.exp(t) * held, axis=1)).sum(), bounds=(-5, 9), method="bounded",
            options={"xatol": 1e-9},
        ).x
    )
    return softmax(scale * held, axis=1)


def doubtful(p, y):
    rows = np.arange(len(y))
    threshold = np.array([p[y == c, c].mean() for c in range(CLASSES)])
    others = p.copy()
    others[rows, y] = -1
    suggested = others.argmax(1)
    best = others.max(1)
    return (best > p[rows, y]) & (best >= threshold[suggested])


def cleanlab(x, y, wrong):
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    p = cross_val_predict(model, x, y, cv=folds, method="predict_proba")
    ways = [("self_confidence", False), ("normalized_margin", False), ("self_confidence", True)]
    return max(
        average_precision_score(wrong, -get_label_quality_scores(y, p, method=way, adjust_pred_probs=adjusted))
        for way, adjusted in ways
    )


def main(digits, folder):
    rows = [line.split() for line in digits.read_text().splitlines()][:TRAIN]
    y = np.array([int(label) for label, _ in rows])
    x = np.array([[LETTERS.index(c) for c in pixels] for _, pixels in rows], dtype=float)
    s = StandardScaler().fit_transform(x)
    cases = []
    for share in (0.05, 0.1):
        for kind in ("symmetric", "next"):
            labels = flipped(y, share, kind, 1)
            wrong = labels != y
            p = probabilities(left_out(s, labels, best_penalty(s, labels)), labels)
            own = p[np.arange(TRAIN), labels]
            doubts = doubtful(p, labels)
            theirs = find_label_issues(labels, p, filter_by="confident_learning")
            case = {
                "share": share,
                "kind": kind,
                "labels": "".join(map(str, labels)),
                "probabilities": [round(float(v), 9) for v in own[::10]],
                "doubtful": np.flatnonzero(doubts).tolist(),
                "doubtfulByCleanlab": int(theirs.sum()),
                "inBoth": int((theirs & doubts).sum()),
                "averagePrecision": average_precision_score(wrong, -own),
                "cleanlab": cleanlab(x, labels, wrong),
            }
            cases.append(case)
            print({k: v for k, v in case.items() if not isinstance(v, (list, str))}, kind)
    centred = x - x.mean(0)
    near = NearestNeighbors(n_neighbors=11, metric="cosine", algorithm="brute").fit(centred).kneighbors(centred)[0]
    golden = {"cases": cases, "tenthNearest": [round(float(v), 9) for v in near[:, 10]]}
    (folder / "digits.json").write_text(json.dumps(golden) + "\n")


main(Path(sys.argv[1]), Path(sys.argv[2]))
