"""Golden distances of profiles by numpy 2.4.6 and scipy 1.17.1, whose matrix root goes another way.

Regenerate, from the repository's root:
    python src/test/golden/evaluate/drift.py src/test/resources/golden/evaluate/drift.json
"""

import json
import pathlib
import sys

import numpy
import scipy.linalg
import scipy.stats


def samples(rng, n, mean, spread):
    mix = rng.normal(size=(6, 6))
    return (rng.normal(size=(n, 6)) @ mix * spread + mean).astype(numpy.float32)


def probabilities(rng, n, sharp):
    logits = rng.normal(size=(n, 3)) * sharp + [0.5, 0, -0.5]
    p = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    return p.astype(numpy.float32)


def distances(a, b, p, q):
    a64, b64 = a.astype(numpy.float64), b.astype(numpy.float64)
    ca, cb = numpy.cov(a64.T, bias=True), numpy.cov(b64.T, bias=True)
    scale = numpy.trace(ca)
    root = scipy.linalg.sqrtm(ca @ cb).real  # not by the way that Graft takes
    counts = [numpy.bincount(x.argmax(axis=1), minlength=3) for x in (p, q)]
    shares = [c / c.sum() for c in counts]
    pooled = sum(counts) / sum(c.sum() for c in counts)
    few, fewer = 1 / len(a) + 1 / len(b), 1 / len(p) + 1 / len(q)
    spread = numpy.sqrt(pooled * (1 - pooled) * fewer)
    values = numpy.linalg.eigvalsh(ca)
    parallel = numpy.outer(values, values) / numpy.add.outer(values, values)
    bins = [numpy.minimum(19, (x.max(axis=1) * numpy.float32(20)).astype(int)) for x in (p, q)]
    return {
        "featureMean": float(((a64.mean(axis=0) - b64.mean(axis=0)) ** 2).sum() / scale),
        "featureCovariance": float((scale + numpy.trace(cb) - 2 * numpy.trace(root)) / scale),
        "predictions": float(abs(shares[0] - shares[1]).sum() / 2),
        "confidence": float(scipy.stats.ks_2samp(*bins).statistic),
        "chance": {
            "featureMean": few,
            "featureCovariance": float((parallel.sum() + parallel.trace()) / 2 * few / scale),
            "predictions": float(scipy.stats.foldnorm.mean(0, scale=spread).sum() / 2),
            "confidence": float(scipy.stats.kstwobign.mean() * fewer**0.5),
        },
    }


def case(seed, n, m, shift, spread, sharp):
    rng = numpy.random.default_rng(seed)
    a, b = samples(rng, n, 1.0, 1.0), samples(rng, m, 1.0 + shift, spread)
    p, q = probabilities(rng, n, 2.0), probabilities(rng, m, sharp)
    lists = {"training": a, "now": b, "trainingGiven": p, "nowGiven": q}
    return {**{k: v.tolist() for k, v in lists.items()}, "expected": distances(a, b, p, q)}


cases = [case(1, 40, 30, 0.0, 1.0, 2.0), case(2, 30, 20, 0.7, 1.5, 0.7), case(3, 25, 3, 0.0, 1.0, 4.0)]
pathlib.Path(sys.argv[1]).write_text(json.dumps(cases) + "\n")
