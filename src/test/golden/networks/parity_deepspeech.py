"""Features of DeepSpeech's acoustic network at every cut, by TensorFlow's operators, among them the LSTM that DeepSpeech runs.

    python parity_deepspeech.py ../../resources/golden/networks ../../resources/golden/weights/deepspeech

The network is that of training/deepspeech_training/train.py of github.com/mozilla/DeepSpeech at 0.9. The first folder gets the
features of the published size on formula weights; the second a checkpoint of a small one, whose layers reach the clip at 20, and
its features. Versions: ../requirements.txt.
"""

import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

import formula

CUTS = ["layer_1", "layer_2", "layer_3", "lstm", "layer_5"]
SCOPE = "cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell"
SMALL = 8


def shapes(width, inputs=494):
    return {
        "layer_1/weights": (inputs, width), "layer_1/bias": (width,),
        "layer_2/weights": (width, width), "layer_2/bias": (width,),
        "layer_3/weights": (width, width), "layer_3/bias": (width,),
        f"{SCOPE}/kernel": (2 * width, 4 * width), f"{SCOPE}/bias": (4 * width,),
        "layer_5/weights": (width, width), "layer_5/bias": (width,),
    }


def features(weights, frames):
    """frames: [time][494]; gives [width][1][time] at each cut."""

    def dense(name, x):
        x = tf.nn.bias_add(tf.matmul(x, weights[f"{name}/weights"]), weights[f"{name}/bias"])
        return tf.minimum(tf.nn.relu(x), 20.0)

    def lstm(x):
        width = x.shape[-1]
        zeros, none = tf.zeros((1, width)), tf.zeros((width,))
        return tf.raw_ops.BlockLSTM(
            seq_len_max=tf.constant(len(x), tf.int64), x=x[:, None], cs_prev=zeros, h_prev=zeros,
            w=weights[f"{SCOPE}/kernel"], wci=none, wcf=none, wco=none, b=weights[f"{SCOPE}/bias"],
            forget_bias=0, cell_clip=-1, use_peephole=False,
        ).h[:, 0]

    out, x = {}, tf.constant(frames)
    for name in CUTS:
        x = lstm(x) if name == "lstm" else dense(name, x)
        out[name] = x.numpy().T[:, None, :]
    return out


if __name__ == "__main__":
    shape = (494, 1, 7)
    frames = formula.golden_input(formula.SEED, (1, *shape))[0, :, 0].T
    weights = {name: formula.weights(name, size, keras=True) for name, size in shapes(2048).items()}
    formula.write(pathlib.Path(sys.argv[1]), "deepspeech.slim", features(weights, frames), shape)

    small = {name: 3 * formula.weights(name, size, keras=True) for name, size in shapes(SMALL).items()}
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    names = list(small)
    tf.raw_ops.SaveV2(
        prefix=str(folder / "best_dev-1"), tensor_names=names + ["global_step"], shape_and_slices=[""] * (len(names) + 1),
        tensors=[tf.constant(small[name]) for name in names] + [tf.constant(1, tf.int64)],
    )
    cuts = features(small, frames)
    assert max(cut.max() for cut in cuts.values()) == 20
    golden = {name: formula.sample(cut, 1000) for name, cut in cuts.items()}
    (folder / "features.json").write_text(json.dumps(golden) + "\n")
