"""What `graft rank` recommends beside the best of all: regret, and the cost beside that of trying all.

    pip install -r requirements.txt scikit-learn==1.9.1
    bash ../data/debian.sh DEBIAN
    python rank.py WORK DEBIAN [--sets quickstart,digits,fashion,quotes] [--count 3000] [--samples N] [--graft COMMAND]

Every network and cut that was ranked is tried: features of all samples, a ridge head on the training samples, its
accuracy on the test samples. Regret is the best accuracy less that of the recommended one, in points; cost is seconds
of extraction and of what follows, as the summaries have them, without the session's start. Seconds of ranking are all
that `rank` does after the index.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess

os.environ.setdefault("OMP_NUM_THREADS", "1")

from data_sets import ROOT, all_sets, source


def run(graft, verb, config, settings, summary):
    command = [*graft, verb, config, *settings, "--json", str(summary)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    print(done.stdout.rsplit("\n", 2)[0], flush=True) if verb == "rank" else None
    return json.loads(summary.read_text())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("debian", type=pathlib.Path)
    parser.add_argument("--sets", default="quickstart,digits,fashion,quotes")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--samples", type=int)
    parser.add_argument("--graft", default="submit/graft")
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    graft = shlex.split(args.graft)
    sets = all_sets(work, args.debian.resolve(), args.count)
    for name in args.sets.split(","):
        config, settings, rows = sets[name]
        given = settings + source(work, config, rows, [label for _, label in rows])
        given += ["-s", f"workspace={work / 'ranked' / name}", "-s", "dataDoctor.enabled=false"]
        sample = ["--samples", str(args.samples)] if args.samples else []
        ranked = run(graft, "rank", config, given + sample, work / "rank.json")
        ranking = ranked["metrics"]["ranking"]
        tried = {}
        cost = 0.0
        for one in ranking["ranked"]:
            options = ["-s", f"backbone.card={one['backbone']}", "-s", f"backbone.cut={one['cut']}",
                       "-s", "head.kind=ridge", "-s", "train.method=averaging"]
            done = run(graft, "evaluate", config, given + options, work / "tried.json")
            tried[f"{one['backbone']}@{one['cut']}"] = done["metrics"]["accuracy"]
            cost += sum(done["seconds"][step] for step in ("extract", "train", "evaluate"))
        regret = 100 * (max(tried.values()) - tried[ranking["recommended"]])
        print(name, "samples", len(rows), "sampled", ranked["counts"]["sampled"], "tried", tried)
        print(f"{name}: recommended {ranking['recommended']}, regret {regret:.2f} points, "
              f"cost {ranked['seconds']['rank']:.1f} s of {cost:.1f} s, {ranked['seconds']['rank'] / cost:.1%}", flush=True)


if __name__ == "__main__":
    main()
