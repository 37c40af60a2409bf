"""Speaks the digits of conf/speech: espeak-ng 1.51 and flite 2.2 (Debian 12), as FLAC of 16 kHz, one channel.

    python speak_digits.py ../../../../conf/speech

Made with numpy 2.4.6, scipy 1.17 and soundfile 0.14. Each digit is spoken once in each voice, in a manner (speed, pitch)
that a fixed seed chooses; silence around it is cut but for 50 ms. digits.csv has the split: test and validation are
voices that training never hears.
"""

import csv
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
import scipy.signal
import soundfile

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029")
VARIANTS = ("m1", "m3", "m7", "f2", "f3", "f5")
FLITE = ("awb", "kal16", "rms", "slt")
SPLIT = {"en-gb-scotland": "test", "rms": "test", "en-029": "validation"}
RATE = 16000


def espeak(word, voice, speed, pitch, file):
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "-w", file, word], check=True)


def flite(word, voice, stretch, file):
    subprocess.run(["flite", "-voice", voice, "--setf", f"duration_stretch={stretch}", "-t", word, "-o", file], check=True)


def trimmed(file):
    samples, rate = soundfile.read(file)
    if rate != RATE:
        samples = scipy.signal.resample_poly(samples, RATE, rate)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    edge = RATE // 20
    samples = samples[max(0, loud[0] - edge) : loud[-1] + edge]
    return 0.7 * samples / np.abs(samples).max()


def manners():
    """(accent or voice, name of the file, a function of word and file)"""
    chance = random.Random(6)
    for accent in ACCENTS:
        for variant in VARIANTS:
            speed, pitch = chance.randrange(120, 200), chance.randrange(30, 71)
            voice = f"{accent}+{variant}"
            yield accent, voice, lambda w, f, a=(voice, speed, pitch): espeak(w, *a, f)
    for voice in FLITE:
        for stretch in (0.9, 1.1, 1.3):
            yield voice, f"{voice}-{stretch}", lambda w, f, a=(voice, stretch): flite(w, *a, f)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    rows = []
    for source, name, speak in manners():
        for digit, word in enumerate(DIGITS):
            with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
                speak(word, wav.name)
                target = folder / "digits" / str(digit) / f"{name}.flac"
                target.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(target, trimmed(wav.name), RATE, subtype="PCM_16")
                rows.append((target.relative_to(folder).as_posix(), word, SPLIT.get(source, "train")))
    with (folder / "digits.csv").open("w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("path", "label", "split"), *sorted(rows)])
