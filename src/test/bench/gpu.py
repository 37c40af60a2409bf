"""Graft beside PyTorch on one card: one network, its initial weights, prepared inputs, in the same run.

    pip install torch torchvision safetensors numpy      (builds of PyTorch for the card's CUDA)
    mvn -Pgpu -DskipTests package
    python gpu.py [--backbone resnet50|vgg16] [--batch 256] [--seconds 5] [--rounds 3] [--graft COMMAND]

PyTorch runs as fast as it can: channels-last, fp32 with TF32, fp16 and bf16, each as it comes, with a CUDA graph, and
under torch.compile(mode="max-autotune"), which makes CUDA graphs of its own. Inputs of Graft and of PyTorch's rows named
"from host" come from ordinary host memory and features go back to it, as they do in a job; PyTorch's other rows leave
both on the card. The card's busy share is what nvidia-smi says, sampled while a variant runs. Medians of rounds.

Without a card it says so and ends with 2.
"""

import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SIDE = 224


def features(name):
    import torch
    import torchvision

    torch.manual_seed(1)
    network = getattr(torchvision.models, name)(weights=None)
    if name == "resnet50":
        network.fc = torch.nn.Identity()
    else:
        network.classifier = network.classifier[:-3]
    return network.eval().requires_grad_(False)


class Busy:
    """The card's busy share, in percent, while the block runs."""

    def __enter__(self):
        self.values, self.done = [], threading.Event()
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()
        return self

    def sample(self):
        while not self.done.wait(0.2):
            said = subprocess.run(
                ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "-i", "0"],
                capture_output=True, text=True)
            if said.returncode == 0:
                self.values.append(float(said.stdout.split()[0]))

    def __exit__(self, *ignored):
        self.done.set()
        self.thread.join()

    def share(self):
        return statistics.median(self.values) if self.values else float("nan")


def variants(network, batch):
    """Name to a function that computes one batch and waits for it."""
    import torch

    host = torch.randn(batch, 3, SIDE, SIDE)
    for precision, kind in (("tf32", torch.float32), ("fp16", torch.float16), ("bf16", torch.bfloat16)):
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        there = network.to("cuda", kind, memory_format=torch.channels_last)
        given = host.to("cuda", kind).contiguous(memory_format=torch.channels_last)

        def plain(there=there, given=given):
            there(given)
            torch.cuda.synchronize()

        def from_host(there=there, kind=kind):
            moved = host.to("cuda").to(kind).contiguous(memory_format=torch.channels_last)
            there(moved).float().cpu()

        def graphed(there=there, given=given):
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                for _ in range(3):
                    there(given)
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                there(given)

            def replay():
                graph.replay()
                torch.cuda.synchronize()

            return replay

        def compiled(there=there, given=given):
            fast = torch.compile(there, mode="max-autotune")

            def run():
                fast(given)
                torch.cuda.synchronize()

            return run

        yield precision, "torch", lambda plain=plain: plain
        yield precision, "torch from host", lambda from_host=from_host: from_host
        yield precision, "torch CUDA graph", graphed
        yield precision, "torch.compile", compiled


def rate(work, batch, seconds):
    for _ in range(3):
        work()
    begin, runs = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        work()
        runs += 1
    return runs * batch / (time.monotonic() - begin)


def of_torch(name, batch, seconds, rounds):
    import torch

    with torch.inference_mode():
        network = features(name)
        for precision, by, make in variants(network, batch):
            work = make()
            with Busy() as busy:
                rates = [rate(work, batch, seconds) for _ in range(rounds)]
            yield precision, by, statistics.median(rates), busy.share()


def of_graft(graft, name, batch, seconds, rounds, weights):
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "records.json")
        with Busy() as busy:
            subprocess.run(
                graft + ["bench", "--json", file, "--what", "network,endToEnd", "--backbones", name, "--engines",
                         "onnx-cuda", "--precisions", "fp32,tf32,fp16", "--batches", str(batch), "--threads", "1,2",
                         "--rounds", str(rounds), "--seconds", str(seconds), "--weights", weights],
                check=True, stdout=subprocess.DEVNULL)
        for record in json.loads(pathlib.Path(file).read_text()):
            by = "graft %s, %d thread%s" % (record["what"], record["threads"], "s" if record["threads"] > 1 else "")
            yield record["precision"], by, record["samplesPerSecond"], busy.share()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--backbone", default="resnet50", choices=["resnet50", "vgg16"])
    options.add_argument("--batch", type=int, default=256)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--graft", default=str(ROOT / "submit" / "graft"))
    given = options.parse_args()
    card = subprocess.run(
        ["nvidia-smi", "--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader"],
        capture_output=True, text=True) if any(
            os.access(os.path.join(folder, "nvidia-smi"), os.X_OK) for folder in os.environ["PATH"].split(":")) else None
    if card is None or card.returncode != 0:
        print("Cannot compare: no card answers to nvidia-smi.", file=sys.stderr)
        return 2
    print(card.stdout.strip())
    with tempfile.TemporaryDirectory() as folder:
        from safetensors.torch import save_file

        weights = os.path.join(folder, "weights.safetensors")
        save_file(whole(given.backbone), weights)
        rows = list(of_torch(given.backbone, given.batch, given.seconds, given.rounds))
        rows += of_graft(
            shlex.split(given.graft), given.backbone, given.batch, given.seconds, given.rounds, weights)
    print("%-10s %-28s %12s %6s" % ("precision", "by", "pictures/s", "busy"))
    for precision, by, per_second, busy in rows:
        print("%-10s %-28s %12.0f %5.0f%%" % (precision, by, per_second, busy))
    return 0


def whole(name):
    """All tensors of torchvision's network, with its top: what Graft's card of it reads."""
    import torch
    import torchvision

    torch.manual_seed(1)
    network = getattr(torchvision.models, name)(weights=None)
    return {key: value.contiguous() for key, value in network.state_dict().items()}


if __name__ == "__main__":
    sys.exit(main())
