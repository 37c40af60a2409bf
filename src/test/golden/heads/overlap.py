"""The optimal linear head on ten overlapping classes, for SkewedHeadTest.

scikit-learn 1.9.1, numpy 2.4.6. Regenerate with
    python src/test/golden/heads/overlap.py src/test/resources/golden/heads

The samples are made of hashes, the same here and in Overlap.java: sums, products and comparisons
of doubles only, so every bit is equal. 10,000 samples train, 10,000 others test.
"""
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

TRAIN, TEST, WIDTH, CLASSES, L2 = 10_000, 10_000, 48, 10, 0.01


def unit(at):
    """splitmix64 (Steele, Lea and Flood 2014) of a counter, as doubles in [0, 1)."""
    with np.errstate(over="ignore"):
        z = at.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def samples(start, n):
    rows = np.arange(start, start + n, dtype=np.uint64)
    label = (rows % np.uint64(CLASSES)).astype(int)
    columns = np.arange(WIDTH, dtype=np.uint64)
    at = (rows[:, None] * np.uint64(WIDTH) + columns) * np.uint64(4)
    noise = -2.0 + np.zeros(at.shape)
    for k in range(4):
        noise = noise + unit(at + np.uint64(k))
    means = unit(np.uint64(1 << 40) + np.arange(CLASSES * WIDTH, dtype=np.uint64))
    means = means.reshape(CLASSES, WIDTH)
    x = noise + 0.9 * means[label]
    for j in range(1, WIDTH):  # neighbours are alike, as pixels are
        x[:, j] = x[:, j] + 0.6 * x[:, j - 1]
    return x.astype(np.float32), label


def main(folder):
    x, y = samples(0, TRAIN)
    x_test, y_test = samples(TRAIN, TEST)
    x, x_test = x.astype(np.float64), x_test.astype(np.float64)
    scaler = StandardScaler().fit(x)
    x, x_test = scaler.transform(x), scaler.transform(x_test)
    model = LogisticRegression(C=1 / (len(x) * L2), tol=1e-10, max_iter=10000).fit(x, y)
    p = model.predict_proba(x_test)
    golden = {
        "sklearn": sklearn.__version__,
        "l2": L2,
        "objective": -np.log(model.predict_proba(x)[np.arange(len(y)), y]).mean()
        + L2 / 2 * (model.coef_**2).sum(),
        "testLoss": log_loss(y_test, p),
        "testAccuracy": model.score(x_test, y_test),
        "firstFeatures": [float(v) for v in samples(0, 1)[0][0, :4]],
    }
    (folder / "overlap.json").write_text(json.dumps(golden, indent=1) + "\n")


main(Path(sys.argv[1]))
