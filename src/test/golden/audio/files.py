"""Small sound files of every kind, written and read by libsndfile.

    python files.py ../../resources/golden/audio/files

expected.json says what `soundfile.read(...).mean(axis=1)` gives. Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import numpy as np
import soundfile

from signal_formula import formula

FILES = {  # name: (container, coding, channels, rate)
    "pcm-8.wav": ("WAV", "PCM_U8", 1, 8000),
    "pcm-16.wav": ("WAV", "PCM_16", 2, 16000),
    "pcm-24.wav": ("WAV", "PCM_24", 1, 44100),
    "pcm-32.wav": ("WAV", "PCM_32", 2, 48000),
    "float-32.wav": ("WAV", "FLOAT", 1, 22050),
    "float-64.wav": ("WAV", "DOUBLE", 2, 16000),
    "extensible-8-channels.wav": ("WAVEX", "PCM_16", 8, 48000),
    "extensible-float.wav": ("WAVEX", "FLOAT", 2, 16000),
    "a-law.wav": ("WAV", "ALAW", 1, 8000),
    "rf64.wav": ("RF64", "PCM_16", 1, 8000),
    "aiff.wav": ("AIFF", "PCM_16", 1, 8000),
    "flac-16.flac": ("FLAC", "PCM_16", 2, 16000),
    "flac-24.flac": ("FLAC", "PCM_24", 1, 48000),
    "flac-8.flac": ("FLAC", "PCM_S8", 1, 8000),
}



def fixed():
    """Blocks of 1152 for which fixed predictors of order 3 and 4 are best, and each way of coding stereo."""
    t = np.arange(1152)
    slow, fast, hiss = 0.6 * np.sin(t * 0.04), 0.6 * np.sin(t * 0.15), 0.002 * formula.noise(3, 1152)
    blocks = [(slow, slow + hiss), (slow + hiss, slow), (fast, 0.5 * np.cos(t * 0.17)), (slow + hiss, slow - hiss)]
    return np.concatenate([np.stack(block, axis=1) for block in blocks])


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, (container, coding, channels, rate) in FILES.items():
        frames = 5000 if container == "FLAC" else 100
        smooth = np.sin(np.arange(frames)[:, None] / (5 + np.arange(channels)))
        noise = formula.noise(3, frames * channels).reshape(frames, channels)
        soundfile.write(folder / name, 0.5 * smooth + 0.4 * noise, rate, format=container, subtype=coding)
        if container in ("WAV", "WAVEX", "FLAC") and coding != "ALAW":
            mono = soundfile.read(folder / name, always_2d=True)[0].mean(axis=1)
            expected[name] = {"rate": rate, **formula.sample(mono, 100)}
    name = "flac-fixed.flac"
    soundfile.write(folder / name, fixed(), 16000, subtype="PCM_16", compression_level=0.25)
    mono = soundfile.read(folder / name)[0].mean(axis=1)
    expected[name] = {"rate": 16000, **formula.sample(mono, 100)}
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
