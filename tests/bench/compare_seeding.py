#!/usr/bin/env python3
"""Passes, seconds and inertia of cardseg's ways to find first centroids, on the same data in the same run.

    pip install numpy h5py
    tests/bench/compare_seeding.py --cardseg build/release/jobs/cardseg [--set A --share 0.5 --segments 16 100]

For each number of segments the seedings alternate over different seeds. Seconds are cardseg's "seed" phase (run.json); the
median is printed, also as a ratio to k-means++'s. Inertia is that of the model after one iteration (--max-iterations 1,
model.json), the mean over the seeds, as a ratio to k-means++'s. Passes over the matrix are what seeding.hpp states.
"""
import argparse, json, os, statistics, subprocess, tempfile

import data_sets

SEEDINGS = ("k-means++", "refined", "k-means||", "greedy")


def passes(seeding, segments, rounds):
    """By formula, as include/cardseg/cluster/seeding.hpp states; rounds that run out of masses or candidates change it."""
    return {"k-means++": segments - 1, "refined": 1, "k-means||": rounds + 1, "greedy": 2 * (segments - 1)}[seeding]


def write_shard(rows, directory):
    import h5py
    os.mkdir(directory)
    with h5py.File(os.path.join(directory, "a.h5"), "w") as file:
        for f in range(rows.shape[1]):
            file.create_dataset(f"customers/f{f:03}", data=rows[:, f], chunks=(65536,), fletcher32=True)


def seed_once(options, directory, segments, seeding, seed):
    run = os.path.join(directory, "run")
    subprocess.run([options.cardseg, "fit", "--shards", os.path.join(directory, "shards"), "--segments", str(segments),
                    "--scale", "none", "--seeding", seeding, "--seeding-rounds", str(options.rounds), "--seed", str(seed),
                    "--restarts", "1", "--max-iterations", "1", "--threads", str(options.threads), "--output", run,
                    "--overwrite", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    phases = {p["name"]: p["max_s"] for p in json.load(open(os.path.join(run, "run.json")))["phases"]}
    return {"seconds": phases["seed"], "inertia": json.load(open(os.path.join(run, "model.json")))["inertia"]}


def compare(options, directory, segments):
    found = {seeding: [] for seeding in SEEDINGS}
    for seed in range(1, options.repeat + 1):
        for seeding in SEEDINGS:
            found[seeding].append(seed_once(options, directory, segments, seeding, seed))
    seconds = {s: statistics.median(each["seconds"] for each in found[s]) for s in SEEDINGS}
    inertia = {s: statistics.mean(each["inertia"] for each in found[s]) for s in SEEDINGS}
    return [{"segments": segments, "seeding": s, "passes": passes(s, segments, options.rounds),
             "seconds": round(seconds[s], 4), "seconds_ratio": round(seconds[s] / seconds["k-means++"], 3),
             "inertia_ratio": round(inertia[s] / inertia["k-means++"], 4)} for s in SEEDINGS]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True, help="path of the program")
    parser.add_argument("--set", default="A", choices=sorted(data_sets.SHAPES), help="data set of data_sets.py")
    parser.add_argument("--share", type=float, default=1.0, help="of the set's customers")
    parser.add_argument("--segments", type=int, nargs="+", default=[16, 100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    rows, _ = data_sets.make(options.set, options.share)
    with tempfile.TemporaryDirectory() as directory:
        write_shard(rows, os.path.join(directory, "shards"))
        table = [line for segments in options.segments for line in compare(options, directory, segments)]
    print(json.dumps({"set": options.set, "customers": rows.shape[0], "features": rows.shape[1], "threads": options.threads,
                      "rounds": options.rounds, "repeat": options.repeat, "seedings": table}, indent=1))


if __name__ == "__main__":
    main()
