"""Writes the cards of text networks that are built from config.json and model.safetensors.

The configurations are those of the repositories on huggingface.co, as far as they shape the network.
Nobody could load these weights when the cards were written: "verified" is false.

python transformer_cards.py ../../../main/resources/org/graft/backbone/cards
"""
import json
import os
import re
import sys

BERT = {"model_type": "bert", "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12,
        "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu",
        "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12}
DISTILBERT = {"model_type": "distilbert", "vocab_size": 30522, "dim": 768, "n_layers": 6, "n_heads": 12,
              "hidden_dim": 3072, "activation": "gelu", "max_position_embeddings": 512}
ROBERTA = {"model_type": "roberta", "vocab_size": 50265, "hidden_size": 768, "num_hidden_layers": 12,
           "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu",
           "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5, "pad_token_id": 1}
GPT2 = {"model_type": "gpt2", "vocab_size": 50257, "n_embd": 768, "n_layer": 12, "n_head": 12,
        "n_positions": 1024, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5}
T5 = {"model_type": "t5", "vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6,
      "num_heads": 8, "relative_attention_num_buckets": 32, "feed_forward_proj": "relu",
      "layer_norm_epsilon": 1e-6}
XLNET = {"model_type": "xlnet", "vocab_size": 32000, "d_model": 768, "n_layer": 12, "n_head": 12,
         "d_inner": 3072, "ff_activation": "gelu", "layer_norm_eps": 1e-12, "attn_type": "bi"}

# name, repository, configuration, layers, width, most tokens, pooling, licence, origin
CARDS = [
    ("bert_base_uncased.google", "google-bert/bert-base-uncased", BERT, 12, 768, 512, "first", "Apache-2.0",
     "BERT of Google, on English Wikipedia and BookCorpus"),
    ("distilbert_base_uncased.hf", "distilbert/distilbert-base-uncased", DISTILBERT, 6, 768, 512, "first", "Apache-2.0",
     "DistilBERT of Hugging Face, taught by BERT-base on English Wikipedia and BookCorpus"),
    ("gpt2.openai", "openai-community/gpt2", GPT2, 12, 768, 1024, "last", "MIT",
     "GPT-2 of OpenAI, the smallest, on pages of the web"),
    ("roberta_base.fair", "FacebookAI/roberta-base", ROBERTA, 12, 768, 512, "first", "MIT",
     "RoBERTa of Facebook AI, on 160 GB of English"),
    ("t5_small.google", "google-t5/t5-small", T5, 6, 512, 512, "avg", "Apache-2.0",
     "T5 of Google, the smallest, on the Colossal Clean Crawled Corpus; its encoder"),
    ("xlnet_base_cased.cmu", "xlnet/xlnet-base-cased", XLNET, 12, 768, 512, "last", "MIT",
     "XLNet of Carnegie Mellon University and Google, on English Wikipedia, BookCorpus and others"),
]


def main(target):
    for name, repository, config, layers, width, most, pooling, licence, origin in CARDS:
        place = f"https://huggingface.co/{repository}/resolve/main/"
        card = {
            "name": name, "architecture": "transformer", "text": {"maxTokens": most},
            "cuts": [{"name": f"layer{n}", "layer": f"hidden_states.{n}", "channels": width, "height": 1,
                      "width": 1, "pooling": pooling} for n in range(1, layers + 1)],
            "defaultCut": f"layer{layers}",
            "weights": {"file": name + ".safetensors", "sources": [place + "model.safetensors"]},
            "licence": licence, "origin": origin, "verified": False,
            "tokenizer": {"files": [{"file": name + "-tokenizer.json", "sources": [place + "tokenizer.json"]}]},
            "config": config,
        }
        text = json.dumps(card, indent=2)
        text = re.sub(r'\{\s+("name": "layer\d+".*?)\s+\}', lambda m: "{" + re.sub(r"\s+", " ", m.group(1)) + "}",
                      text, flags=re.S)
        with open(os.path.join(target, name + ".json"), "w") as f:
            f.write(text + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
