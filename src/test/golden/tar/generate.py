"""Golden tar shards, by the tarfile of Python 3.11.7 and Pillow 13.0.0: nothing of Graft's is in them.

Regenerate, from the repository's root:
    python src/test/golden/tar/generate.py src/test/resources/golden/tar

One shard a format (ustar, gnu, pax), each with the same samples, names beyond 100 bytes and beyond
ASCII among them where the format can hold them; expected.json says what is in each: offset and
length of the picture by tarfile's own offset_data, SHA-256, and labels.
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

from PIL import Image

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
LONG = "deep/" + "/".join(["folder-%03d" % i for i in range(20)]) + "/picture"
MIDDLE = "class-of-a-name/" + "y" * 90 + "/" + "x" * 60


def picture(seed, kind):
    out = io.BytesIO()
    Image.new("RGB", (5 + seed, 4), (10 * seed, 200 - 9 * seed, 90)).save(out, kind)
    return out.getvalue()


def samples(name):
    """(key, kind, {other members}, labels)"""
    yield "0001", "jpg", {"cls": b"3\n"}, ["3"]
    yield "train/0002", "png", {"json": b'{"label": "cat", "split": "test", "caption": "on a mat"}'}, ["cat"]
    yield "train/0003", "JPEG", {"txt": "  große Katze \n".encode()}, ["große Katze"]
    yield "dog/sub/0004", "gif", {}, ["dog"]
    yield "./eel/0005", "bmp", {}, ["eel"]
    yield "0006", "jpg", {"cls": b"7", "json": b'{"label": "no"}', "txt": b"no either"}, ["7"]
    yield "0007", "jpg", {"json": b'{"label": ["a", 5, true]}'}, ["a", "5", "true"]
    yield MIDDLE, "png", {"cls": b"long"}, ["long"]
    if name != "ustar":
        yield LONG, "png", {"cls": b"longer"}, ["longer"]
    yield "犬/とても", "png", {}, ["犬"]
    yield "../../etc/0008", "png", {"cls": b"out"}, ["out"]


def add(tar, name, content, mtime):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    info.mtime = mtime
    info.uname, info.gname = "jürgen", "users"
    tar.addfile(info, io.BytesIO(content))


def write(target, name):
    path = target / f"{name}.tar"
    expected = {}
    with tarfile.open(path, "w", format=FORMATS[name], encoding="utf-8",
                      pax_headers={"comment": "a global record"} if name == "pax" else None) as tar:
        folder = tarfile.TarInfo("dog")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for i, (key, kind, others, labels) in enumerate(samples(name)):
            content = picture(i, {"jpg": "JPEG", "JPEG": "JPEG"}.get(kind, kind.upper()))
            # WebDataset writes the members of a sample in any order.
            if i % 2:
                for other, text in others.items():
                    add(tar, f"{key}.{other}", text, 1.5 if name == "pax" else 1)
            add(tar, f"{key}.{kind}", content, 0)
            if not i % 2:
                for other, text in others.items():
                    add(tar, f"{key}.{other}", text, 2)
            expected[f"{key}.{kind}"] = {"sha256": hashlib.sha256(content).hexdigest(), "labels": labels,
                                         "bytes": len(content)}
    with tarfile.open(path, encoding="utf-8") as tar:
        for member in tar:
            if member.name in expected:
                expected[member.name]["offset"] = member.offset_data
    return expected


def main():
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    expected = {name: write(target, name) for name in FORMATS}
    (target / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main()
