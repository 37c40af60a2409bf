"""Selects the quickstart's pictures from Debian's openclipart-png 1:0.18+dfsg-19 (public domain).

Made with Pillow 12.0.0 and numpy 2.4.6.
Regenerate: python src/test/golden/quickstart/select_pictures.py OPENCLIPART conf/quickstart/pictures
where OPENCLIPART is the package's folder of PNGs.

A picture is trimmed to its content, shrunk into 160 x 160 on white and saved as JPEG. Left out are
pictures over 40 million pixels, nearly empty ones, near duplicates of an earlier picture (also
mirrored), and the few in EXCLUDED.
"""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageChops

SIZE = 160
MOST_PIXELS = 40_000_000
ALIKE = 0.95

# A name that occurs under several subjects belongs to the first.
SUBJECTS = {
    "beverages": ["food/beverages"],
    "bugs": ["animals/bugs"],
    "desserts": ["food/desserts"],
    "electronics": ["computer/hardware", "electronics"],
    "fruit": ["food/fruit"],
    "homes": ["buildings/homes"],
    "mammals": ["animals/mammals"],
    "road-signs": ["transportation/roadsigns"],
    "tools": ["tools"],
    "vehicles": ["transportation/vehicles", "transportation"],
}

# Their subfolders hold other subjects.
SHALLOW = {"tools", "transportation"}

# By the beginning of the name: other subjects that were filed there, brands, and what may offend.
EXCLUDED = tuple(
    """
    airbrush_ anchor ambulans_ bottle_jean bucket_michael cartoon_vgcats cat_scrathing cellular_
    crossroads curve_ahead cycle_route champignon_ crazy_monkey dolphin_01 elephant_symbol
    emule_icon eris_apple firewall_ gallows_ gameboy_ grain_elevator gumnut_ houses_jon hummer_01
    hummer_02 hummer_04 juice_glass kallisti- kexi_ laptop_01 lighthouse_ little_tan
    m1_abrams macchina_caffe mattone_ metal_cage military_ natural_gas navigation_ nodding_
    noi_due nunchaku nws_ pan_ panel_ pansement_ parking_ pfd_ plane_in_the_sky quay_ quattro_
    rhythmbox saku_robot scalpel_ scart_ schermo_ scolapasta_ shelby_ slate-apple smoke_ sony_
    stop.png straw_tote street_sign telescope_ the_mad_little tile_orange toro_al tree_whit
    umbrella wing_ yield zanzara_cretina
    """.split()
)


def render(path):
    """The content on white, as large as fits, in the middle; None where it is not wanted."""
    image = Image.open(path)
    if image.width * image.height > MOST_PIXELS:
        return None
    image = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    box = ImageChops.difference(flat, Image.new("RGB", flat.size, "white")).getbbox()
    if box is None:
        return None
    content = flat.crop(box)
    content.thumbnail((SIZE - 8, SIZE - 8), Image.LANCZOS)
    square = Image.new("RGB", (SIZE, SIZE), "white")
    square.paste(content, ((SIZE - content.width) // 2, (SIZE - content.height) // 2))
    return square if np.asarray(square).std() >= 12 else None


def signature(image):
    """A vector of length 1 whose products with others are correlations."""
    levels = np.asarray(image.convert("L").resize((24, 24), Image.BILINEAR), float).reshape(-1)
    levels -= levels.mean()
    return levels / (np.linalg.norm(levels) + 1e-9)


def candidates(root):
    """Subjects and files, each file name once."""
    names = set()
    for subject, folders in SUBJECTS.items():
        for folder in folders:
            paths = (root / folder).glob("*.png" if folder in SHALLOW else "**/*.png")
            for path in sorted(paths):
                if path.name not in names and not path.name.startswith(EXCLUDED):
                    names.add(path.name)
                    yield subject, path


def main(root, out):
    seen = []
    for subject, path in candidates(root):
        image = render(path)
        if image is None:
            continue
        mine = [signature(image), signature(image.transpose(Image.FLIP_LEFT_RIGHT))]
        if seen and max(float((np.stack(seen) @ m).max()) for m in mine) > ALIKE:
            continue
        seen.append(mine[0])
        (out / subject).mkdir(parents=True, exist_ok=True)
        image.save(out / subject / f"{path.stem}.jpg", quality=85, optimize=True)


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
