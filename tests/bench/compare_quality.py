#!/usr/bin/env python3
"""The measures of cardseg study against scikit-learn's on the same segments of the credit-card data set CC GENERAL.

    pip install numpy pandas scikit-learn
    tests/bench/compare_quality.py --cardseg build/release/jobs/cardseg --csv cc_general.csv

Gaps are filled with the mean, all 17 numeric columns z-scored with the population standard deviation, in double. For each
k the centroids that the study kept label the customers; scikit-learn measures those labels. The silhouettes are of all
customers: with squared Euclidean distances, and with Euclidean distances from a sample that holds everybody. Exit code 1
where a measure differs by more than 1e-10 relative.
"""
import argparse, json, os, subprocess, sys, tempfile

LIMIT = 1e-10


def run_study(options, directory):
    shards, run = os.path.join(directory, "shards"), os.path.join(directory, "study")
    subprocess.run([options.cardseg, "convert", options.csv, "--output", shards, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([options.cardseg, "study", "--shards", shards, "--missing", "mean", "--precision", "double", "--segments",
                    options.segments, "--restarts", str(options.restarts), "--silhouette-sample", "100000", "--output", run,
                    "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return json.load(open(os.path.join(run, "study.json")))["models"], run


def labels_of(rows, names, run, studied):
    import numpy as np
    model = json.load(open(os.path.join(run, studied["model"])))
    order = [names.index(column["name"]) for column in model["columns"] if column["role"] == "feature"]
    centroids = np.array([segment["centroid"] for segment in model["segments"]])
    distances = np.stack([((rows[:, order] - centroid) ** 2).sum(axis=1) for centroid in centroids])
    return distances.argmin(axis=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True)
    parser.add_argument("--csv", required=True)
    parser.add_argument("--segments", default="2..8")
    parser.add_argument("--restarts", type=int, default=10)
    options = parser.parse_args()
    import pandas as pd
    from sklearn import metrics
    frame = pd.read_csv(options.csv).drop(columns="CUST_ID").astype(float)
    frame = frame.fillna(frame.mean())
    rows = ((frame - frame.mean()) / frame.std(ddof=0)).to_numpy()
    worst = 0.0
    print(f"{'k':>2} {'measure':<20} {'cardseg':>18} {'scikit-learn':>18} {'relative':>9}")
    with tempfile.TemporaryDirectory() as directory:
        models, run = run_study(options, directory)
        for studied in models:
            labels = labels_of(rows, list(frame.columns), run, studied)
            theirs = {
                "calinski_harabasz": metrics.calinski_harabasz_score(rows, labels),
                "davies_bouldin": metrics.davies_bouldin_score(rows, labels),
                "silhouette": metrics.silhouette_score(rows, labels, metric="sqeuclidean"),
                "sampled_silhouette": metrics.silhouette_score(rows, labels),
            }
            for name, value in theirs.items():
                relative = abs(studied[name] / value - 1)
                worst = max(worst, relative)
                print(f"{studied['segments']:>2} {name:<20} {studied[name]:>18.12g} {value:>18.12g} {relative:>9.1e}")
    print(f"largest relative difference {worst:.1e}, limit {LIMIT:.0e}")
    sys.exit(1 if worst > LIMIT else 0)


if __name__ == "__main__":
    main()
