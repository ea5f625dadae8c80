#!/usr/bin/env python3
"""Which number of segments `cardseg study` recommends where the truth is known: 12 invented portfolios and three clouds.

    tests/bench/compare_choice.py --cardseg build/release/jobs/cardseg [--customers 20000] [--only NAME ...] [--check]

Nine portfolios are clear: 2 to 16 groups, of equal and of unequal size, of long tails, with columns that say nothing, round and drawn
out. Three are not: their groups overlap until nobody could tell them apart. A clear one is right where the recommendation is the truth;
one that is not clear where it is the truth or none. Of the clouds (one Gaussian, one cube, one cloud with heavy tails) nothing may be
recommended. --check: exit code 1 where more than one of the clear ones, more than one of the others or any cloud is wrong; with --only where
any is.
Needs numpy.
"""
import argparse, json, os, subprocess, sys, tempfile

import numpy as np


def groups(random, customers, count, features, apart, shares=None, spread=1.0, silent=0, tail=None, drawn_out=False):
    """Groups about centres that are at least `apart` standard deviations from one another, and columns that say nothing."""
    centres = []
    while len(centres) < count:
        centre = random.uniform(-apart * 1.5, apart * 1.5, features)
        if all(np.linalg.norm(centre - other) >= apart for other in centres):
            centres.append(centre)
    which = random.choice(count, customers, p=shares)
    noise = random.standard_normal((customers, features)) if tail is None else random.standard_t(tail, (customers, features)) * np.sqrt((tail - 2) / tail)
    if drawn_out:
        noise = noise @ (np.eye(features) + 0.5 * np.tri(features, k=-1)) / np.sqrt(1 + 0.125 * features)
    rows = np.array(centres)[which] + spread * noise
    return np.hstack([rows, random.standard_normal((customers, silent))])


# name: (the truth, is it clear, how it is made)
PORTFOLIOS = {
    "two": (2, True, lambda r, n: groups(r, n, 2, 4, 7)),
    "three": (3, True, lambda r, n: groups(r, n, 3, 5, 7)),
    "four-unequal": (4, True, lambda r, n: groups(r, n, 4, 4, 8, shares=[0.5, 0.25, 0.15, 0.1])),
    "five-silent-columns": (5, True, lambda r, n: groups(r, n, 5, 5, 8, silent=3)),
    "six-long-tails": (6, True, lambda r, n: groups(r, n, 6, 5, 9, tail=5)),
    "eight": (8, True, lambda r, n: groups(r, n, 8, 6, 8)),
    "eight-drawn-out": (8, True, lambda r, n: groups(r, n, 8, 6, 9, drawn_out=True)),
    "twelve": (12, True, lambda r, n: groups(r, n, 12, 8, 8)),
    "sixteen": (16, True, lambda r, n: groups(r, n, 16, 8, 8)),
    "three-overlapping": (3, False, lambda r, n: groups(r, n, 3, 5, 1.5)),
    "six-overlapping": (6, False, lambda r, n: groups(r, n, 6, 6, 1.5)),
    "ten-overlapping": (10, False, lambda r, n: groups(r, n, 10, 6, 1.5, silent=4)),
    "gaussian": (0, None, lambda r, n: r.standard_normal((n, 6)) * [3, 2, 1, 1, 1, 1]),
    "cube": (0, None, lambda r, n: r.random((n, 5))),
    "heavy-tails": (0, None, lambda r, n: r.standard_t(3, (n, 5))),
}


def study(options, name, rows, segments):
    with tempfile.TemporaryDirectory() as directory:
        csv = os.path.join(directory, "customers.csv")
        np.savetxt(csv, rows, fmt="%.6g", delimiter=",", comments="", header=",".join(f"c{f}" for f in range(rows.shape[1])))
        run = os.path.join(directory, "study")
        for arguments in (["convert", csv, "--output", os.path.join(directory, "shards"), "--quiet"],
                          ["study", os.path.join(directory, "shards"), "--segments", segments, "--scale", "none", "--silhouette-sample", "0",
                           "--output", run, "--quiet"]):
            subprocess.run([options.cardseg, *arguments], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(run, "study.json")) as file:
            return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", default=os.environ.get("CARDSEG"), help="path of the program")
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--segments", default="2..18")
    parser.add_argument("--only", nargs="+", choices=list(PORTFOLIOS), default=list(PORTFOLIOS), metavar="NAME")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    right = {True: 0, False: 0, None: 0}
    wrong = {True: 0, False: 0, None: 0}
    for name in options.only:
        truth, is_clear, make = PORTFOLIOS[name]
        rows = make(np.random.default_rng(sum(map(ord, name))), options.customers)
        recommended = study(options, name, rows, options.segments)["recommended"]
        said = recommended["segments"] or 0
        is_right = said == truth or (is_clear is False and said == 0)
        (right if is_right else wrong)[is_clear] += 1
        print(json.dumps({"portfolio": name, "truth": truth or None, "is_clear": is_clear, "recommended": said or None,
                          "runner_up": recommended["runner_up"], "gap": recommended["preferred_by_gap"], "right": is_right}), flush=True)
    print(json.dumps({"clear": [right[True], wrong[True]], "unclear": [right[False], wrong[False]], "clouds": [right[None], wrong[None]]}))
    most_wrong = 1 if len(options.only) == len(PORTFOLIOS) else 0
    return 1 if options.check and (wrong[True] > most_wrong or wrong[False] > most_wrong or wrong[None]) else 0


if __name__ == "__main__":
    sys.exit(main())
