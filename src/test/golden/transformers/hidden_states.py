"""Hidden states of small text networks by Hugging Face's transformers, with weights by formula.

    hidden_states.py FOLDER [NAME...]

A golden file holds the config.json as transformers writes it, names and shapes of the weights as a checkpoint has
them (their values come from formula.py of ../networks, by name), the input, and every hidden state.
"""

import dataclasses
import json
import pathlib
import re
import sys
import typing

import numpy as np
import torch
import transformers

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "networks"))
import formula  # noqa: E402

VOCABULARY = 100


def same(name):
    return name


def from_tensorflow(name):
    """As checkpoints that were converted from TensorFlow call their norms."""
    return re.sub("Norm.bias$", "Norm.beta", re.sub("Norm.weight$", "Norm.gamma", name))


@dataclasses.dataclass(frozen=True)
class Case:
    """model with config, its parameters called rename(prefix + name) in the file; two lines of `lengths` tokens,
    padded on the right; only every `step`-th token is kept."""

    model: type
    config: transformers.PretrainedConfig
    prefix: str = ""
    rename: typing.Callable = same
    lengths: tuple = (9, 6)
    types: bool = False
    pad: int = 0
    step: int = 1


def bert(kind=transformers.BertConfig, **more):
    return kind(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=24, **more
    )


def roberta(kind):
    return bert(kind, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1)


def gpt2(**more):
    return transformers.GPT2Config(vocab_size=VOCABULARY, n_embd=32, n_layer=3, n_head=4, n_positions=24, **more)


def t5(**more):
    return transformers.T5Config(
        vocab_size=VOCABULARY, d_model=32, d_kv=6, d_ff=48, num_layers=3, num_decoder_layers=1, num_heads=4, **more
    )


DISTILBERT = transformers.DistilBertConfig(
    vocab_size=VOCABULARY, dim=32, n_layers=3, n_heads=4, hidden_dim=48, max_position_embeddings=24
)
XLNET = transformers.XLNetConfig(vocab_size=VOCABULARY, d_model=32, n_layer=3, n_head=4, d_inner=48)

CASES = {
    "bert": Case(transformers.BertModel, bert(), "bert.", from_tensorflow, types=True),
    "bert-longest": Case(
        transformers.BertModel, bert(hidden_act="gelu_new", layer_norm_eps=1e-6), lengths=(24, 17), types=True, step=4
    ),
    "distilbert": Case(transformers.DistilBertModel, DISTILBERT, "distilbert."),
    "roberta": Case(transformers.RobertaModel, roberta(transformers.RobertaConfig), "roberta.", pad=1),
    "xlm-roberta": Case(
        transformers.XLMRobertaModel, roberta(transformers.XLMRobertaConfig), lengths=(22, 13), pad=1, step=4
    ),
    "gpt2": Case(transformers.GPT2Model, gpt2(), "transformer."),
    "gpt2-narrow": Case(transformers.GPT2Model, gpt2(n_inner=40, activation_function="relu"), lengths=(24, 5), step=4),
    "t5": Case(transformers.T5EncoderModel, t5(), lengths=(150, 9), step=29),
    "t5-gated": Case(transformers.T5EncoderModel, t5(feed_forward_proj="gated-gelu"), lengths=(9, 6)),
    "xlnet": Case(transformers.XLNetModel, XLNET, "transformer.", types=True),
    "xlnet-long": Case(transformers.XLNetModel, XLNET, lengths=(60, 31), types=True, step=13),
}


def tokens(case):
    """Tokens from 5 on, so that none is padding, and the types of a pair of sentences."""
    n, t = len(case.lengths), max(case.lengths)
    ids = 5 + (np.arange(n * t).reshape(n, t) * 37 + 11) % (VOCABULARY - 5)
    place = np.arange(t)[None, :]
    mask = (place < np.array(case.lengths)[:, None]).astype(np.int64)
    types = (place >= np.array(case.lengths)[:, None] // 2).astype(np.int64) * mask
    return np.where(mask == 1, ids, case.pad), mask, types


def shared(model):
    """Names by which the file has no tensor of its own: another one's, or no parameter."""
    stored = model.state_dict()
    kept = {}
    for name, tensor in stored.items():
        kept.setdefault((tensor.data_ptr(), tuple(tensor.shape)), name)
    return {name for name in stored if name not in kept.values()}


def weights(model, case):
    left_out = shared(model)
    names = {name: case.rename(case.prefix + name) for name in model.state_dict() if name not in left_out}
    names = {name: own for name, own in names.items() if dict(model.named_parameters()).get(name) is not None}
    with torch.no_grad():
        for name, own in names.items():
            tensor = model.get_parameter(name)
            tensor.copy_(torch.from_numpy(formula.weights(own, tensor.shape)))
    return {own: list(model.get_parameter(name).shape) for name, own in names.items()}


def golden(case):
    case.config._attn_implementation = "eager"
    model = case.model(case.config).eval().double()  # so that its own rounding is not in the numbers
    shapes = weights(model, case)
    ids, mask, types = tokens(case)
    inputs = {"input_ids": ids, "attention_mask": mask} | ({"token_type_ids": types} if case.types else {})
    with torch.no_grad():
        out = model(**{k: torch.from_numpy(v) for k, v in inputs.items()}, output_hidden_states=True)
    return {
        "config": json.loads(case.config.to_json_string(use_diff=True)),
        "tensors": shapes,
        "inputs": {name: values.tolist() for name, values in inputs.items()},
        "step": case.step,
        "states": [numbers(state[:, :: case.step]) for state in out.hidden_states],
    }


def numbers(state):
    return [float(f"{v:.7g}") for v in state.reshape(-1).tolist()]


def main(folder, *names):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or CASES:
        text = json.dumps(golden(CASES[name]))
        (folder / f"{name}.json").write_text(text + "\n")
        print(name, len(text))


main(*sys.argv[1:])
