"""Small MP3 and Ogg files, written by libsndfile (LAME, libvorbis), and what it reads back (mpg123, libvorbis); or FFmpeg.

    python compressed.py ../../resources/golden/audio/compressed

expected.json says what `soundfile.read(...).mean(axis=1)` gives. Versions: ../requirements.txt.
"""

import json
import pathlib
import struct
import subprocess
import sys

import imageio_ffmpeg
import numpy as np
import soundfile

import signal_formula
from signal_formula import formula

MP3 = {  # name: (channels, rate, seconds, mode, level)
    "cbr-44100-stereo.mp3": (2, 44100, 0.35, "CONSTANT", 0.6),
    "vbr-48000-mono.mp3": (1, 48000, 0.35, "VARIABLE", 0.5),
    "vbr-32000-stereo.mp3": (2, 32000, 0.35, "VARIABLE", 0.3),
    "cbr-22050-stereo.mp3": (2, 22050, 0.4, "CONSTANT", 0.8),
    "abr-16000-mono.mp3": (1, 16000, 0.5, "AVERAGE", 0.5),
    "cbr-8000-mono.mp3": (1, 8000, 0.5, "CONSTANT", 0.5),
}
OGG = {  # name: (channels, rate, seconds, level)
    "44100-stereo.ogg": (2, 44100, 0.35, 0.5),
    "48000-mono.ogg": (1, 48000, 0.3, 0.2),
    "16000-mono.ogg": (1, 16000, 0.5, 0.9),
    "8000-mono.ogg": (1, 8000, 0.5, 0.5),
    "48000-6-channels.ogg": (6, 48000, 0.2, 0.6),
    "short.ogg": (1, 16000, 0.005, 0.5),
}


def sound(channels, rate, seconds):
    """The second channel is the first one with something added, so that both kinds of stereo coding occur."""
    samples = int(rate * seconds)
    one = signal_formula.sound(rate, samples)
    clicks = np.where(np.arange(samples) % 2500 == 2100, 0.7, 0)  # short blocks
    return np.stack([(one + clicks) * (1 - 0.3 * i) + 0.05 * i * formula.noise(i, samples) for i in range(channels)], 1)


def frames(mp3):
    """Where frames begin, without the first one, which only describes; MPEG-1 at 44,100 alone."""
    kbps = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    at, all = 0, []
    while at < len(mp3):
        all.append(at)
        at += 144000 * kbps[mp3[at + 2] >> 4] // 44100 + (mp3[at + 2] >> 1 & 1)
    return all[1:]


def variants(plain):
    """From the same stream: without LAME's frame, with tags around it, and with bits set that LAME never sets."""
    starts = frames(plain)
    yield "no-info.mp3", plain[starts[0] :]
    title = b"TIT2" + struct.pack(">IH", 6, 0) + b"\0title"
    padded = title + bytes(200)
    size = bytes(len(padded) >> 7 * i & 127 for i in (3, 2, 1, 0))
    yield "tags.mp3", b"ID3\4\0\0" + size + padded + plain + b"TAG" + bytes(125)
    intensity, mixed = bytearray(plain), bytearray(plain)
    for start in starts:
        intensity[start + 3] = 0x40 | 0x10 | (start & 1) << 5 | intensity[start + 3] & 15
        for granule in range(4):
            bit = 8 * (start + 4) + 20 + 59 * granule + 33
            if mixed[bit // 8] >> 7 - bit % 8 & 1:  # other windows than the normal one
                mixed[(bit + 3) // 8] |= 1 << 7 - (bit + 3) % 8
    yield "intensity.mp3", bytes(intensity)
    yield "mixed.mp3", bytes(mixed)


def ffmpeg(file, shape):
    """mpg123 goes its own ways where LAME never goes; FFmpeg's and minimp3's decoders agree there."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(file), "-f", "f32le", "-"]
    raw = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return np.frombuffer(raw, np.float32).reshape(shape)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}

    def expect(name):
        values, rate = soundfile.read(folder / name, always_2d=True)
        if name in ("intensity.mp3", "mixed.mp3"):
            values = ffmpeg(folder / name, values.shape)
        expected[name] = {"rate": rate, **formula.sample(values.mean(axis=1), 400)}

    for name, (channels, rate, seconds, mode, level) in MP3.items():
        soundfile.write(folder / name, sound(channels, rate, seconds), rate, format="MP3",
                        subtype="MPEG_LAYER_III", bitrate_mode=mode, compression_level=level)
        expect(name)
    for name, (channels, rate, seconds, level) in OGG.items():
        soundfile.write(folder / name, sound(channels, rate, seconds), rate, format="OGG",
                        subtype="VORBIS", compression_level=level)
        expect(name)
    for name, content in variants((folder / "cbr-44100-stereo.mp3").read_bytes()):
        (folder / name).write_bytes(content)
        expect(name)
    soundfile.write(folder / "opus.ogg", sound(1, 16000, 0.05), 16000, format="OGG", subtype="OPUS")
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
