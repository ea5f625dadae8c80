#!/usr/bin/env python3
"""cardseg and scikit-learn on the credit-card data set CC GENERAL: the same fixed points, and the best of 30 restarts.

    pip install numpy pandas scikit-learn
    tests/bench/compare_real_data.py --cardseg build/release/jobs/cardseg --csv cc_general.csv

Gaps are filled with the mean, all 17 numeric columns z-scored with the population standard deviation, in double.
"""
import argparse, json, os, subprocess, tempfile


def fit_cardseg(program, directory, segments, options):
    run = os.path.join(directory, "run")
    subprocess.run([program, "fit", "--shards", os.path.join(directory, "shards"), "--missing", "mean", "--segments", str(segments),
                    "--precision", "double", "--output", run, "--overwrite", "--quiet", *options],
                   check=True, stdout=subprocess.DEVNULL)
    model = json.load(open(os.path.join(run, "model.json")))
    return model["inertia"], [s["customers"] for s in model["segments"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True)
    parser.add_argument("--csv", required=True)
    options = parser.parse_args()
    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans
    frame = pd.read_csv(options.csv).drop(columns="CUST_ID").astype(float)
    frame = frame.fillna(frame.mean())
    rows = ((frame - frame.mean()) / frame.std(ddof=0)).to_numpy()
    print(f"{'k':>2} {'start':<14} {'cardseg':>18} {'scikit-learn':>18} {'relative':>9}  sizes")
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([options.cardseg, "convert", options.csv, "--output", os.path.join(directory, "shards"), "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        for k in range(2, 7):
            for start, ours, theirs in [
                ("first k rows", ["--seeding", "first"],
                 KMeans(k, init=rows[:k], n_init=1, max_iter=1000, tol=0)),
                ("best of 30", ["--restarts", "30"],
                 KMeans(k, n_init=30, max_iter=1000, tol=0, random_state=0)),
            ]:
                inertia, sizes = fit_cardseg(options.cardseg, directory, k, ours)
                theirs.fit(rows)
                same = sizes == sorted(np.bincount(theirs.labels_), reverse=True)
                print(f"{k:>2} {start:<14} {inertia:>18.6f} {theirs.inertia_:>18.6f} {inertia / theirs.inertia_ - 1:>9.1e}  "
                      f"{'same' if same else 'differ'}")


if __name__ == "__main__":
    main()
