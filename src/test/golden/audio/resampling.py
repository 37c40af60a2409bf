"""What torchaudio makes of a sound at other rates, in float64.

    python resampling.py ../../resources/golden/audio/resampling.json

torchaudio 2.11.0, for Python without its native code. Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import torch

torch.version.cuda = None  # torchaudio refuses to be loaded beside another build of torch
import torchaudio  # noqa: E402

import signal_formula  # noqa: E402
from signal_formula import formula  # noqa: E402

KAISER_BEST = {
    "lowpass_filter_width": 64,
    "rolloff": 0.9475937167399596,
    "resampling_method": "sinc_interp_kaiser",
    "beta": 14.769656459379492,
}

if __name__ == "__main__":
    golden = []
    for source, target, samples in (
        (44100, 16000, 9001), (48000, 16000, 9000), (8000, 16000, 2501), (22050, 48000, 3000), (16000, 48000, 2000),
        (44100, 48000, 5000), (16000, 48000, 7),
    ):
        sound = torch.tensor(signal_formula.sound(source, samples), dtype=torch.float64)
        out = torchaudio.functional.resample(sound, source, target, **KAISER_BEST).numpy()
        golden.append({"from": source, "to": target, "samples": samples, **formula.sample(out, 300)})
    pathlib.Path(sys.argv[1]).write_text(json.dumps(golden) + "\n")
