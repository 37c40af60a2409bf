"""What the cards of all publishers have in common; cards_torch.py, cards_keras.py and cards_tfhub.py write them.

    python cards_torch.py ../../../main/resources/org/graft/backbone/cards
    KERAS_BACKEND=tensorflow python cards_keras.py ../../../main/resources/org/graft/backbone/cards

Everything that a library knows of its weights (address, digest, size, crop, interpolation, mean and deviation, licence)
is asked of that library; shapes of cuts are those of the library's own network. No weights are loaded, so each card says
"verified": false. Digests are those in the publisher's file names (the first 8 digits of SHA-256) or code (Keras: MD5).
"""

import json

import formula

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
HALF = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
NOT_CUTS = {"pool1_pool"}  # places that parity is checked at, which nobody would want features of


def cut(name, shape):
    """shape: [channels] or [channels, height, width]."""
    channels, height, width = [*shape, 1, 1][:3]
    return {"name": name, "layer": name, "channels": channels, "height": height, "width": width, "pooling": "AVG"}


def preprocessing(resize, crop, interpolation, mean, std, order="RGB", scale=1 / 255):
    cropped = {"crop": {"height": crop, "width": crop}} if crop else {}
    values = {"channelOrder": order, "scale": scale, "mean": list(mean), "std": list(std), "alpha": "DROP"}
    return {"resize": resize, **cropped, "interpolation": interpolation, **values}


def card(name, architecture, size, prepared, cuts, file, sources, licence, origin, sha256=None, md5=None):
    shapes = [cut(place, shape) for place, shape in cuts.items() if place not in NOT_CUTS]
    return {
        "name": name,
        "architecture": architecture,
        "input": {"channels": 3, "height": size, "width": size},
        "preprocessing": prepared,
        "cuts": shapes,
        "defaultCut": shapes[-1]["name"],
        "weights": {"file": file, "sources": sources, "sha256": sha256, "md5": md5, "bytes": None},
        "licence": licence,
        "origin": origin,
        "verified": False,
        "golden": [],
    }


def write(folder, made):
    """made: [(card, short names)]; the index keeps what it has of others."""
    index = folder / "index.json"
    entries = {entry["name"]: entry for entry in json.loads(index.read_text())}
    for one, short in made:
        (folder / f"{one['name']}.json").write_text(formula.pretty(one))
        entries[one["name"]] = {"name": one["name"], "shortNames": short}
    lines = ",\n".join("  " + json.dumps(entries[name]) for name in sorted(entries))
    index.write_text(f"[\n{lines}\n]\n")
