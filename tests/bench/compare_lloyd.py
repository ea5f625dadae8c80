#!/usr/bin/env python3
"""Time per Lloyd iteration of cardseg and scikit-learn on the same data, from the same start, in the same run.

    pip install numpy scikit-learn h5py
    tests/bench/compare_lloyd.py --cardseg build/release/jobs/cardseg [--customers 2000000 --features 20 --segments 16]

Both store float32, use the same number of threads, start from the first k rows and do the same number of iterations.
The two alternate; the medians and their ratio are printed. Time per iteration is cardseg's "iterate" phase (run.json) and
scikit-learn's fit(), each over the number of iterations.
"""
import argparse, json, os, statistics, subprocess, tempfile, time


def make_mixture(customers, features, seed):
    """30 Gaussians of different sizes and spreads plus 10 % lognormal rows, standardised."""
    import numpy as np
    random = np.random.default_rng(seed)
    weights = random.dirichlet(np.full(30, 2.0))
    component = random.choice(30, size=customers, p=weights)
    centres = random.normal(0, 4, (30, features))
    spreads = random.uniform(0.5, 1.5, 30)
    rows = centres[component] + random.normal(size=(customers, features)) * spreads[component][:, None]
    skewed = random.random(customers) < 0.1
    rows[skewed] = random.lognormal(0, 1, (int(skewed.sum()), features))
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return np.ascontiguousarray(rows, dtype=np.float32)


def time_sklearn(rows, segments, iterations):
    import warnings
    from sklearn.cluster import KMeans
    warnings.filterwarnings("ignore")
    model = KMeans(segments, init=rows[:segments], n_init=1, max_iter=iterations, tol=0, algorithm="lloyd")
    start = time.perf_counter()
    model.fit(rows)
    return (time.perf_counter() - start) / model.n_iter_, model.inertia_, model.n_iter_


def time_cardseg(program, directory, segments, iterations, threads):
    run = os.path.join(directory, "run")
    subprocess.run([program, "fit", "--shards", os.path.join(directory, "shards"), "--segments", str(segments), "--scale", "none",
                    "--seeding", "first", "--max-iterations", str(iterations), "--threads", str(threads), "--output", run,
                    "--overwrite", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    model = json.load(open(os.path.join(run, "model.json")))
    phases = {p["name"]: p["max_s"] for p in json.load(open(os.path.join(run, "run.json")))["phases"]}
    return phases["iterate"] / model["fit"]["iterations"], model["inertia"], model["fit"]["iterations"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True, help="path of the program")
    parser.add_argument("--customers", type=int, default=2_000_000)
    parser.add_argument("--features", type=int, default=20)
    parser.add_argument("--segments", type=int, default=16)
    parser.add_argument("--iterations", type=int, default=30)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import h5py
    rows = make_mixture(options.customers, options.features, seed=1)
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(os.path.join(directory, "shards"))
        with h5py.File(os.path.join(directory, "shards", "a.h5"), "w") as file:
            for f in range(options.features):
                file.create_dataset(f"customers/f{f:03}", data=rows[:, f], chunks=(65536,), fletcher32=True)
        ours, theirs = [], []
        for _ in range(options.repeat):
            ours.append(time_cardseg(options.cardseg, directory, options.segments, options.iterations, options.threads))
            theirs.append(time_sklearn(rows, options.segments, options.iterations))
    our_ms = 1000 * statistics.median(t[0] for t in ours)
    their_ms = 1000 * statistics.median(t[0] for t in theirs)
    print(json.dumps({
        "customers": options.customers, "features": options.features, "segments": options.segments, "threads": options.threads,
        "cardseg_ms_per_iteration": round(our_ms, 2), "sklearn_ms_per_iteration": round(their_ms, 2),
        "ratio": round(our_ms / their_ms, 3), "cardseg_inertia": ours[0][1], "sklearn_inertia": float(theirs[0][1]),
        "iterations": [ours[0][2], theirs[0][2]], "repeat": options.repeat}, indent=1))


if __name__ == "__main__":
    main()
