"""Golden values for decoding at a part of the size, by Pillow's draft().

Made with Pillow 12.0.0 (libjpeg-turbo 3.1.2), numpy 2.4.6. Reads what generate.py wrote beside it.
Regenerate: python src/test/golden/image/draft.py src/test/resources/golden/image
"""

import hashlib
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageOps

OUT = pathlib.Path(sys.argv[1])
RNG = np.random.default_rng(21)
FILTERS = {"BILINEAR": Image.BILINEAR, "BICUBIC": Image.BICUBIC, "LANCZOS": Image.LANCZOS}


def drawing(width, height):
    y, x = np.mgrid[0:height, 0:width]
    field = np.stack([x * 255 / width, y * 255 / height, (x * y) % 256], -1)
    field += RNG.normal(0, 12, field.shape)
    image = Image.fromarray(field.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    pen.ellipse((width // 5, height // 5, width // 2, height * 3 // 4), fill=(230, 40, 20))
    return image


def write_turned():
    """Sides that no denominator divides, so that a part of a pixel is left on one side."""
    picture = drawing(77, 51)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(OUT / f"drafted/turned-{orientation}.jpg", quality=85, exif=exif)


def upright_box(box, stored, orientation):
    """Where Pillow's box lies once exif_transpose has turned the picture."""
    (_, _, right, bottom), (width, height) = box, stored
    xs = (width - right, width) if orientation in (2, 3, 7, 8) else (0, right)
    ys = (height - bottom, height) if orientation in (3, 4, 6, 7) else (0, bottom)
    across, down = (ys, xs) if orientation >= 5 else (xs, ys)
    return (across[0], down[0], across[1], down[1])


def lines(name, width, height):
    image = Image.open(OUT / name)
    orientation = image.getexif().get(0x0112, 1)
    wanted = (height, width) if orientation >= 5 else (width, height)
    drafted = image.draft(None, (2 * wanted[0], 2 * wanted[1]))
    box = drafted[1] if drafted else (0, 0, *image.size)
    box = upright_box(box, image.size, orientation)
    upright = ImageOps.exif_transpose(image).convert("RGB")
    digest = hashlib.sha256(upright.tobytes()).hexdigest()
    start = [name, width, height, *upright.size, digest]
    for filter_name, code in FILTERS.items():
        resized = upright.resize((width, height), code, box=box)
        yield [*start, filter_name, hashlib.sha256(resized.tobytes()).hexdigest()]


def write_drafts():
    rows = [["file", "width", "height", "decoded width", "decoded height", "decoded sha256",
             "filter", "resized sha256"]]
    photos = ["photo-420.jpg", "photo-progressive.jpg", "photo-grey.jpg", "photo-444.jpg",
              "photo-422.jpg", "photo-restart.jpg", "no-jfif.jpg", "rgb-coded.jpg"]
    for name in photos:
        width, height = Image.open(OUT / name).size
        for part in (3, 4, 7, 9, 20):
            rows += lines(name, max(1, width // part), max(1, height // part))
    for orientation in range(2, 9):
        size = (77, 51) if orientation < 5 else (51, 77)
        for part in (4, 9, 17):
            rows += lines(f"drafted/turned-{orientation}.jpg", size[0] // part, size[1] // part)
    text = "\n".join(",".join(map(str, row)) for row in rows)
    (OUT / "drafted/digests.csv").write_text(text + "\n")


(OUT / "drafted").mkdir(exist_ok=True)
write_turned()
write_drafts()
