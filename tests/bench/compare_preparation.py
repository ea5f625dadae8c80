#!/usr/bin/env python3
"""What k-means makes of columns that are prepared well or badly, of shapes that it does not expect, and of its restarts.

    pip install numpy h5py
    tests/bench/compare_preparation.py --cardseg build/release/jobs/cardseg [--customers 100000] [--separation 2]

Every line of the first two tables is one `cardseg fit` with 10 restarts. The figure is the adjusted Rand index of its segments with the
known ones: 1 where they are the same, about 0 where they have nothing to do with each other. The first table changes the
columns or the description of a portfolio that `cardseg generate` made with 8 segments, the second draws two segments in two features. The
third is one `cardseg study` with 100 restarts for each number of segments: by how much restarts exceed the least inertia that any
of them found. The fourth sorts the customers of one fit by their margin, and counts those of the known segment that is
the most frequent one in their segment.
"""
import argparse, json, os, subprocess, tempfile

import h5py
import numpy as np


def adjusted_rand(a, b):
    def pairs(counts):
        counts = counts.astype(np.float64)
        return (counts * (counts - 1) / 2).sum()
    a, b = a.astype(np.int64), b.astype(np.int64)
    both, in_a, in_b = pairs(np.bincount(a * (b.max() + 1) + b)), pairs(np.bincount(a)), pairs(np.bincount(b))
    expected = in_a * in_b / pairs(np.array([len(a)]))
    return (both - expected) / ((in_a + in_b) / 2 - expected)


class Bench:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory

    def run(self, *words):
        subprocess.run([self.program, *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)

    def segments_of(self, columns, segments, *options, description=None):
        shard = os.path.join(self.directory, "shard.h5")
        with h5py.File(shard, "w") as file:
            for name, values in columns.items():
                file.create_dataset("customers/" + name, data=values)
        if description:
            path = os.path.join(self.directory, "description.ini")
            with open(path, "w") as file:
                file.write(description)
            options += ("--description", path)
        run = os.path.join(self.directory, "run")
        self.run("fit", "--shards", shard, "--segments", str(segments), *options, "--output", run, "--overwrite")
        with h5py.File(os.path.join(run, "labels", "shard.h5")) as file:
            return file["customers/segment"][:]


def preparations(bench, customers, separation):
    portfolio = os.path.join(bench.directory, "portfolio")
    bench.run("generate", "--customers", str(customers), "--separation", str(separation), "--output", portfolio)
    with h5py.File(os.path.join(portfolio, "shards", os.listdir(os.path.join(portfolio, "shards"))[0])) as file:
        columns = {name: data[:] for name, data in file["customers"].items() if data.dtype.kind in "iuf" or name == "customer_id"}
    with h5py.File(os.path.join(portfolio, "truth", "portfolio-00000-of-00001.h5")) as file:
        truth = file["customers/segment"][:]
    text = open(os.path.join(portfolio, "description.ini")).read().replace("exclude = age, region, income_band", "exclude = age")
    raw = text.replace("transform = log1p", "transform = none")
    features = [line[len("[column."):-1] for line in text.splitlines() if line.startswith("[column.")]
    random = np.random.default_rng(1)

    def changed(**others):
        return {**columns, **others}

    copies = {f"balance_{i}": columns["balance"] * random.normal(1, 0.05, customers) for i in range(1, 10)}
    described = "".join(f"\n[column.{name}]\ntransform = log1p\n" for name in copies)
    shared = "".join(f"\n[column.{name}]\ntransform = log1p\nweight = 0.1\n" for name in copies)
    tenth = text.replace("[column.balance]\n", "[column.balance]\nweight = 0.1\n")
    noise = {f"noise_{i}": random.standard_normal(customers) for i in range(18)}
    typos = columns["purchases"].astype(float).copy()
    typos[random.choice(customers, customers // 1000, replace=False)] = 1e8
    gaps = {name: np.where(random.random(customers) < 0.2, np.nan, columns[name]) for name in features}
    cases = [
        ("as generated: logarithms of money, z-scores", columns, text),
        ("scale = robust", columns, text.replace("scale = zscore", "scale = robust")),
        ("scale = minmax", columns, text.replace("scale = zscore", "scale = minmax")),
        ("scale = none, with logarithms", columns, text.replace("scale = zscore", "scale = none")),
        ("scale = none, without logarithms", columns, raw.replace("scale = zscore", "scale = none")),
        ("z-scores without logarithms (skew)", columns, raw),
        ("nine more columns that nearly repeat balance", changed(**copies), text + described),
        ("the same, all ten with weight = 0.1", changed(**copies), tenth + shared),
        ("eighteen more columns of noise", changed(**noise), text),
        ("purchases of 1e8 for 1 customer in 1,000", changed(purchases=typos), text),
        ("the same without logarithms", changed(purchases=typos), raw),
        ("a fifth of all values missing, median", changed(**gaps), text),
    ]
    for name, those, description in cases:
        yield name, adjusted_rand(bench.segments_of(those, 8, description=description), truth)


def shapes(bench, customers):
    random = np.random.default_rng(1)

    def two(share, centre, spread, other_spread):
        truth = (random.random(customers) < share).astype(int)
        points = random.standard_normal((customers, 2))
        points *= np.where(truth[:, None] == 1, other_spread, spread)
        return points + truth[:, None] * np.array(centre), truth

    ring_truth = (random.random(customers) < 0.5).astype(int)
    angle = random.uniform(0, 2 * np.pi, customers)
    ring = np.where(ring_truth[:, None] == 1, 6 * np.stack([np.cos(angle), np.sin(angle)], axis=1), 0)
    ring = ring + random.normal(0, 0.5, (customers, 2))
    cases = [
        ("round, of one size and spread, 6 sd apart", two(0.5, (6, 0), (1, 1), (1, 1))),
        ("one holds 1 customer in 100", two(0.01, (6, 0), (1, 1), (1, 1))),
        ("one spreads 5 times as wide", two(0.5, (6, 0), (1, 1), (5, 5))),
        ("long and parallel, 10 times as long as wide", two(0.5, (6, 0), (1, 10), (1, 10))),
        ("a ring around a core", (ring, ring_truth)),
    ]
    for name, (points, truth) in cases:
        labels = bench.segments_of({"x": points[:, 0], "y": points[:, 1]}, 2, "--scale", "none")
        yield name, adjusted_rand(labels, truth)


def restarts(bench, customers):
    portfolio, study = os.path.join(bench.directory, "realistic"), os.path.join(bench.directory, "study")
    bench.run("generate", "--customers", str(customers), "--output", portfolio)
    bench.run("study", "--shards", os.path.join(portfolio, "shards"), "--description", os.path.join(portfolio, "description.ini"),
              "--segments", "4,8,12", "--restarts", "100", "--silhouette-sample", "0", "--output", study)
    for model in json.load(open(os.path.join(study, "study.json")))["models"]:
        inertias = np.array([each["inertia"] for each in model["by_restart"]])
        excess = inertias / inertias.min() - 1
        tens = excess.reshape(10, 10).min(axis=1)
        yield model["segments"], (excess < 1e-4).sum(), excess.mean(), excess.max(), tens.mean(), tens.max()


def margins(bench):
    portfolio, run = os.path.join(bench.directory, "realistic"), os.path.join(bench.directory, "margins")
    bench.run("fit", "--shards", os.path.join(portfolio, "shards"), "--description", os.path.join(portfolio, "description.ini"),
              "--segments", "8", "--output", run)
    with h5py.File(os.path.join(portfolio, "truth", "portfolio-00000-of-00001.h5")) as file:
        truth = file["customers/segment"][:].astype(int)
    with h5py.File(os.path.join(run, "labels", "portfolio-00000-of-00001.h5")) as file:
        segment, margin = file["customers/segment"][:].astype(int), file["customers/margin"][:]
    most_frequent = {s: np.bincount(truth[segment == s]).argmax() for s in np.unique(segment)}
    is_typical = truth == np.array([most_frequent[s] for s in segment])
    edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.01]
    for low, high in zip(edges, edges[1:]):
        inside = (margin >= low) & (margin < high)
        yield low, min(high, 1), inside.mean(), is_typical[inside].mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True, help="path of the program")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--separation", type=float, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(os.path.abspath(options.cardseg), directory)
        print(f"{'columns':<48} adjusted Rand index")
        for name, value in preparations(bench, options.customers, options.separation):
            print(f"{name:<48} {abs(value):.3f}", flush=True)
        print(f"\n{'two segments in two features':<48} adjusted Rand index")
        for name, value in shapes(bench, options.customers):
            print(f"{name:<48} {abs(value):.3f}", flush=True)
        print("\nsegments  restarts of 100 within 0.01 %  mean excess  worst  best of ten: mean  worst")
        for segments, near, mean, worst, ten, worst_ten in restarts(bench, options.customers):
            print(f"{segments:>8} {near:>31} {mean:>11.2%} {worst:>6.1%} {ten:>18.2%} {worst_ten:>6.2%}", flush=True)
        print("\nmargin        customers  of the most frequent known segment")
        for low, high, share, typical in margins(bench):
            print(f"{low:.1f} to {high:.1f} {share:>12.1%} {typical:>35.1%}", flush=True)


if __name__ == "__main__":
    main()
