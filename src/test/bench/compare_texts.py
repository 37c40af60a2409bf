"""Graft beside sentence-transformers: the same sentence model, the same texts, in turns.

    pip install -r requirements.txt sentence-transformers==6.2.0 transformers==5.24.0
    python compare_texts.py MINILM_FOLDER [--texts FILE] [--rounds 3] [--seconds 5] [--graft COMMAND]

MINILM_FOLDER has all-MiniLM-L6-v2 as a hub has it (config.json, model.safetensors, tokenizer.json); with `--random`
instead, a network of that size gets random weights and Graft's own vocabulary: speed does not depend on them. Texts
are the lines of a file, or those of `graft bench`. One thread each. Rates are texts a second of processor time,
medians over the rounds.
"""

import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"  # before the libraries read them
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEXTS = 256


def random_model(folder, vocabulary):
    """all-MiniLM-L6-v2's shape, with the words of its vocabulary."""
    BertModel(BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536)
              ).save_pretrained(folder)
    BertTokenizerFast(tokenizer_file=str(vocabulary)).save_pretrained(folder)


def model(folder):
    transformer = Transformer(str(folder), max_seq_length=256)
    return SentenceTransformer(modules=[transformer, Pooling(384, pooling_mode="mean")], device="cpu")


def rate(call, samples, seconds):
    """Samples a second of processor time."""
    call()
    begin, done = time.process_time(), 0
    while time.process_time() - begin < seconds:
        call()
        done += samples
    return done / (time.process_time() - begin)


def graft(arguments, texts, folder):
    records = folder / "records.json"
    subprocess.run(
        shlex.split(arguments.graft) + [
            "bench", "--what", "text", "--text-backbones", arguments.backbones, "--texts", str(texts),
            "--batches", arguments.batches, "--rounds", "2", "--seconds", str(arguments.seconds / 2), "--json", str(records)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {f"graft {r['backbone']} {r['precision']} batch {r['batch']} {r['stage']}": r["samplesPerCpuSecond"]
            for r in json.loads(records.read_text())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--random", type=pathlib.Path, help="a tokenizer.json: random weights, written into the folder")
    parser.add_argument("--texts", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of processor time a turn")
    parser.add_argument("--batches", default="64,256")
    parser.add_argument("--backbones", default="minilm_l6,minilm_l6_int8")
    parser.add_argument("--graft", default=str(ROOT / "submit" / "graft"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.random:
        random_model(arguments.folder, arguments.random)
    texts = [line for line in arguments.texts.read_text("utf-8").splitlines() if line.strip()][:TEXTS]
    encoder = model(arguments.folder)
    rounds = []
    with tempfile.TemporaryDirectory() as name, torch.inference_mode():
        for _ in range(arguments.rounds):
            rates = {f"sentence-transformers batch {batch}": rate(
                lambda: encoder.encode(texts, batch_size=batch, show_progress_bar=False), len(texts), arguments.seconds)
                for batch in (4, 32)}
            rates.update(graft(arguments, arguments.texts, pathlib.Path(name)))
            rounds.append(rates)
    print(f"{'texts a CPU-second':56}{'median':>9}   of each round")
    for name in rounds[0]:
        values = [turn[name] for turn in rounds]
        print(f"{name:56}{statistics.median(values):9.1f}   {', '.join(f'{v:.1f}' for v in values)}")


if __name__ == "__main__":
    main()
