"""The sound that every front end is tried on: made by a formula that any language can repeat (TestSound in Java)."""

import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "networks"))
import formula  # noqa: E402


def sound(rate, samples):
    """float32: two tones, a rising one in bursts, noise, and silence from 0.3 s to 0.4 s."""
    t = np.arange(samples) / rate
    tones = 0.3 * np.sin(2 * np.pi * 440 * t) + 0.1 * np.sin(2 * np.pi * 3210 * t)
    rising = 0.2 * np.sin(2 * np.pi * (200 + 1500 * t) * t) * (t * 4 % 1)
    values = tones + rising + 0.02 * formula.noise(7, samples)
    values[(t >= 0.3) & (t < 0.4)] = 0
    return values.astype(np.float32)
