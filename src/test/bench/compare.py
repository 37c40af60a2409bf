"""Graft beside PyTorch, Pillow and ONNX Runtime's Python package: one network, the same pictures, in turns.

    pip install -r requirements.txt
    python compare.py [--backbone resnet50|vgg16] [--rounds 3] [--seconds 5] [--batch 8] [--stock] [--graft COMMAND]

Every process computes on one thread. A round is one turn of each PyTorch and Python variant and one run of
`graft bench`, and medians are taken over the rounds. Rates are pictures a second of processor time (of the process), so
that a machine which does other things as well spoils less; ratios of one run are more to be trusted than the figures.

The network is torchvision's, with random weights (He, batch norm calibrated on the pictures), cut at the features;
Graft reads the same weights from a .safetensors file, by the card of torchvision's weights. Pictures are JPEG files of
500 x 375 pixels, smooth noise with grain. Python 3.11; versions in requirements.txt.
"""

import argparse
import copy
import io
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"  # before the libraries read them

import numpy as np
import onnxruntime
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).resolve().parents[3]
PICTURES = 16
MEAN = np.float32([0.485, 0.456, 0.406])
STD = np.float32([0.229, 0.224, 0.225])


def picture(seed):
    """Noise at all scales, each half as strong as the next coarser one, and grain."""
    random = np.random.default_rng(seed)
    total = np.zeros((375, 500, 3), np.float32)
    for scale in (128, 64, 32, 16, 8, 4, 2):
        grid = random.uniform(0, scale, (375 // scale + 2, 500 // scale + 2, 3)).astype(np.float32)
        for c in range(3):
            plane = Image.fromarray(grid[:, :, c]).resize((500, 375), Image.Resampling.BILINEAR)
            total[:, :, c] += np.asarray(plane)
    total += random.uniform(-20, 20, (375, 500, 1)).astype(np.float32)
    out = io.BytesIO()
    Image.fromarray(total.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def preprocess(jpeg):
    """torchvision's: shorter side to 256, centre 224 x 224, [0, 1], normalised, NCHW."""
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    width, height = image.size
    short = min(width, height)
    image = image.resize((256 * width // short, 256 * height // short), Image.Resampling.BILINEAR)
    left, top = round((image.width - 224) / 2), round((image.height - 224) / 2)
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32) / 255
    return np.ascontiguousarray(((pixels - MEAN) / STD).transpose(2, 0, 1))


def network(backbone, inputs):
    """The network up to its features, and the state dict of the whole."""
    torch.manual_seed(1)
    model = {"resnet50": torchvision.models.resnet50, "vgg16": torchvision.models.vgg16}[backbone]()
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None  # the mean over all batches
    with torch.no_grad():
        model.train()(inputs)
    model.eval()
    state = {name: value.clone().contiguous() for name, value in model.state_dict().items()}
    if backbone == "resnet50":
        model.fc = torch.nn.Identity()
    else:
        model.classifier = model.classifier[:5]
    return model, state


def jit(model, inputs):
    return torch.jit.optimize_for_inference(torch.jit.trace(model, inputs))


def torch_variants(model, inputs):
    """What PyTorch's users do first, and the best that we know it to do: functions of no arguments."""
    last = inputs.to(memory_format=torch.channels_last)
    half = last.to(dtype=torch.bfloat16)
    fp32_last = jit(copy.deepcopy(model).to(memory_format=torch.channels_last), last)
    fp32_jit = jit(copy.deepcopy(model), inputs)
    bf16 = jit(copy.deepcopy(model).to(memory_format=torch.channels_last, dtype=torch.bfloat16), half)
    return {
        "torch fp32": lambda: model(inputs),
        "torch fp32 jit": lambda: fp32_jit(inputs),
        "torch fp32 channels-last jit": lambda: fp32_last(last),
        "torch bf16 channels-last jit": lambda: bf16(half),
    }


def onnxruntime_variant(model, inputs):
    """PyTorch's own export in ONNX Runtime's Python package: how fast Graft's compiled network should be."""
    exported = io.BytesIO()
    torch.onnx.export(model, inputs, exported, dynamo=False, input_names=["input"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(exported.getvalue(), options, providers=["CPUExecutionProvider"])
    values = inputs.numpy()
    return lambda: session.run(None, {"input": values})


def rate(call, samples, seconds):
    """Samples a second of processor time."""
    call()
    begin, done = time.process_time(), 0
    while time.process_time() - begin < seconds:
        call()
        done += samples
    return done / (time.process_time() - begin)


def graft(arguments, weights, pictures, folder):
    """Rates of one run of `graft bench`, by name."""
    engines = (["dl4j-stock"] if arguments.stock else []) + ["dl4j", "onnx"]
    records = folder / "records.json"
    command = shlex.split(arguments.graft) + [
        "bench", "--what", "decode,network", "--backbones", arguments.backbone, "--weights", str(weights),
        "--pictures", str(pictures), "--engines", ",".join(engines), "--batches", str(arguments.batch),
        "--rounds", "2", "--seconds", str(arguments.seconds / 2), "--json", str(records)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    rates = {}
    for record in json.loads(records.read_text()):
        if record["what"] == "network":
            rates[f"graft {record['engine']} {record['precision']}"] = record["samplesPerCpuSecond"]
        elif record["stage"] == "all" and record["picture"] == "500x375":
            rates["graft decode"] = record["samplesPerCpuSecond"]
    return rates


def best(rates, start):
    """The fastest variant whose name begins so, and its rate."""
    return max((value, name) for name, value in rates.items() if name.startswith(start))


def report(rounds):
    rates = {name: statistics.median(turn[name] for turn in rounds) for name in rounds[0]}
    print(f"\n{'pictures a CPU-second':34}{'median':>9}   of each round")
    for name, value in rates.items():
        print(f"{name:34}{value:9.2f}   {', '.join(f'{turn[name]:.2f}' for turn in rounds)}")
    pairs = [("graft onnx fp32", best(rates, "torch fp32")[1]), ("graft onnx fp32", "onnxruntime fp32"),
             ("graft onnx fp32", "graft dl4j fp32"), ("graft onnx fp32", "graft dl4j-stock fp32"),
             ("graft onnx int8", best(rates, "torch bf16")[1]), ("graft onnx int8", "graft onnx fp32"),
             ("graft decode", "pillow decode")]
    print(f"\n{'ratio':64}{'median':>9}   of each round")
    for one, other in pairs:
        if one in rates and other in rates:
            ratios = [turn[one] / turn[other] for turn in rounds]
            text = f"{one} / {other}"
            print(f"{text:64}{statistics.median(ratios):9.2f}   {', '.join(f'{r:.2f}' for r in ratios)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbone", choices=("resnet50", "vgg16"), default="resnet50")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of processor time a turn")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--stock", action="store_true", help="DL4J without oneDNN, too (slow)")
    parser.add_argument("--graft", default=str(ROOT / "submit" / "graft"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name, torch.inference_mode():
        folder = pathlib.Path(name)
        pictures = folder / "pictures"
        pictures.mkdir()
        jpegs = [picture(seed) for seed in range(PICTURES)]
        for i, jpeg in enumerate(jpegs):
            (pictures / f"{i:02}.jpg").write_bytes(jpeg)
        inputs = torch.from_numpy(np.stack([preprocess(jpeg) for jpeg in jpegs]))
        model, state = network(arguments.backbone, inputs)
        weights = folder / "weights.safetensors"
        save_file(state, weights)
        batch = inputs[[i % PICTURES for i in range(arguments.batch)]]
        calls = torch_variants(model, batch)
        calls["onnxruntime fp32"] = onnxruntime_variant(model, batch)
        rounds = []
        for turn in range(arguments.rounds):
            rates = {name: rate(call, arguments.batch, arguments.seconds) for name, call in calls.items()}
            rates["pillow decode"] = rate(
                lambda: [preprocess(jpeg) for jpeg in jpegs], PICTURES, arguments.seconds)
            rates.update(graft(arguments, weights, pictures, folder))
            rounds.append(rates)
            print(f"round {turn + 1} of {arguments.rounds} done", file=sys.stderr)
        report(rounds)


if __name__ == "__main__":
    main()
