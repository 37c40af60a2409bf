"""What `graft plan` says a job takes, beside what it took: ten different jobs, each in a workspace of its own.

    python plans.py [--pictures FOLDER] [--only NAME]... [--graft COMMAND]

FOLDER has a folder a class, a few thousand pictures; without it the jobs on them are left out. Seconds are those of the
steps that a plan names, as the job's summary tells them; the machine should have nothing else to do.
"""

import argparse
import json
import pathlib
import shlex
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLAIN = ["train.baseline=false"]
JOBS = {
    "quickstart": ("quickstart", []),
    "no baseline": ("quickstart", PLAIN),
    "large batches": ("quickstart", PLAIN + ["backbone.batch=32", "train.epochs=10"]),
    "ridge": ("exact", []),
    "grid": ("grid", []),
    "speech": ("speech", []),
    "texts": ("text", []),
    "pictures": ("quickstart", PLAIN),
    "pictures, mlp": ("quickstart", PLAIN + ["head.kind=mlp", "train.epochs=20"]),
    "pictures, views": ("quickstart", PLAIN + ["extract.views=2"]),
    "pictures, lda": ("exact", ["head=lda"]),
}


def graft(command, verb, config, settings, folder):
    """The summary of one job."""
    summary = pathlib.Path(folder) / f"{verb}.json"
    line = shlex.split(command) + [verb, str(ROOT / "conf" / f"{config}.yaml"), "--json", str(summary)]
    for setting in settings + [f"workspace={folder}/workspace"]:
        line += ["-s", setting]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return json.loads(summary.read_text())["seconds"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures")
    parser.add_argument("--only", action="append")
    parser.add_argument("--graft", default=str(ROOT / "submit" / "graft"))
    options = parser.parse_args()
    print(f"{'job':16} {'planned':>9} {'took':>9} {'ratio':>6}  by step")
    for name, (config, settings) in JOBS.items():
        if options.only and name not in options.only:
            continue
        if name.startswith("pictures"):
            if not options.pictures:
                continue
            settings = settings + [f"source.path={options.pictures}"]
        with tempfile.TemporaryDirectory() as folder:
            planned = graft(options.graft, "plan", config, settings, folder)
            took = graft(options.graft, "run", config, settings, folder)
        steps = {step: took.get(step, 0) for step in planned}
        ratio = sum(planned.values()) / sum(steps.values())
        parts = ", ".join(f"{step} {planned[step]:.1f}/{steps[step]:.1f}" for step in planned)
        print(f"{name:16} {sum(planned.values()):8.1f}s {sum(steps.values()):8.1f}s {ratio:6.2f}  {parts}", flush=True)


if __name__ == "__main__":
    main()
