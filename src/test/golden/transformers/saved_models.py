"""Tiny text networks with heads, as transformers' save_pretrained and torch.save write them.

    saved_models.py FOLDER

FOLDER/FAMILY gets config.json, the weights as one of the kinds of files that hubs have, and states.json with the hidden
states of one line. Weights are random: a new run gives new ones.
"""

import json
import pathlib
import shutil
import sys

import torch
import transformers as hf

VOCABULARY = 40
LINE = [5, 17, 33, 4, 9, 31, 12]
ENCODER = {
    "vocab_size": VOCABULARY, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": 12, "max_position_embeddings": 12,
}

# family: model, configuration, kind of file
MODELS = {
    "bert": (hf.BertForMaskedLM, hf.BertConfig(**ENCODER), "safetensors"),
    "camembert": (hf.CamembertForTokenClassification, hf.CamembertConfig(**ENCODER), "bin"),
    "distilbert": (
        hf.DistilBertForSequenceClassification,
        hf.DistilBertConfig(
            vocab_size=VOCABULARY, dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=12
        ),
        "safetensors",
    ),
    "gpt2": (
        hf.GPT2LMHeadModel,
        hf.GPT2Config(
            vocab_size=VOCABULARY, n_embd=8, n_layer=2, n_head=2, n_positions=12, bos_token_id=0, eos_token_id=0
        ),
        "shards",
    ),
    "mt5": (
        hf.MT5EncoderModel,
        hf.MT5Config(vocab_size=VOCABULARY, d_model=8, d_kv=4, d_ff=12, num_layers=2, num_heads=2),
        "safetensors",
    ),
    "roberta": (hf.RobertaForSequenceClassification, hf.RobertaConfig(**ENCODER), "safetensors"),
    "t5": (
        hf.T5ForConditionalGeneration,
        hf.T5Config(vocab_size=VOCABULARY, d_model=8, d_kv=4, d_ff=12, num_layers=2, num_heads=2),
        "bin",
    ),
    "xlnet": (
        hf.XLNetLMHeadModel,
        hf.XLNetConfig(vocab_size=VOCABULARY, d_model=8, n_layer=2, n_head=2, d_inner=12),
        "safetensors",
    ),
}


def write(folder, model, kind):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size="4KB" if kind == "shards" else "1GB")
    if kind == "bin":
        (folder / "model.safetensors").unlink()
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    (folder / "generation_config.json").unlink(missing_ok=True)


def states(model):
    network = model.get_encoder() if "T5" in type(model).__name__ else model.base_model
    with torch.no_grad():
        out = network(input_ids=torch.tensor([LINE]), output_hidden_states=True)
    return [[float(f"{v:.7g}") for v in state.reshape(-1).tolist()] for state in out.hidden_states]


def main(folder):
    torch.manual_seed(0)
    for name, (kind, config, file) in MODELS.items():
        model = kind(config).eval()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.2 * torch.randn_like(parameter))
        target = pathlib.Path(folder) / name
        write(target, model, file)
        golden = {"line": LINE, "states": states(model)}
        (target / "states.json").write_text(json.dumps(golden) + "\n")


main(*sys.argv[1:])
