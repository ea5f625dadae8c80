#!/usr/bin/env python3
"""A study of k = 2..12 with 10 restarts each: cardseg beside scikit-learn (and scikit-learn-intelex) fitting one after another.

    pip install numpy scikit-learn scikit-learn-intelex h5py
    tests/bench/compare_study.py --cardseg build/release/jobs/cardseg [--customers 1000000]

Both use float32, the same threads, k-means++ and run every restart to its fixed point (at most 300 iterations); seeds differ, so
iterations do. Seconds of cardseg are the "seed" and "iterate" phases of `cardseg study` (run.json); scikit-learn's are those of
fit(). The total of all fits is compared, and per iteration; best inertias are printed beside each other.
"""
import argparse, json, os, subprocess, sys, tempfile, time, warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data_sets

warnings.filterwarnings("ignore")


def run_cardseg(options, directory):
    run = os.path.join(directory, "study")
    subprocess.run([options.cardseg, "study", "--shards", os.path.join(directory, "shards"), "--segments", options.segments, "--restarts",
                    str(options.restarts), "--scale", "none", "--silhouette-sample", "0", "--threads", str(options.threads), "--output", run,
                    "--quiet"], check=True, stdout=subprocess.DEVNULL)
    phases = {p["name"]: p["max_s"] for p in json.load(open(os.path.join(run, "run.json")))["phases"]}
    return phases["seed"] + phases["iterate"], phases, json.load(open(os.path.join(run, "study.json")))


def run_peer(KMeans, rows, options):
    low, high = map(int, options.segments.split(".."))
    seconds, inertias = 0.0, {}
    for k in range(low, high + 1):
        start = time.perf_counter()
        model = KMeans(k, init="k-means++", n_init=options.restarts, max_iter=300, tol=0, algorithm="lloyd", random_state=1).fit(rows)
        seconds += time.perf_counter() - start
        inertias[k] = float(model.inertia_)
    return seconds, inertias


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", required=True, help="path of the program")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--segments", default="2..12")
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import h5py
    from sklearn.cluster import KMeans
    rows = data_sets.make_mixture(options.customers, 20)
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(os.path.join(directory, "shards"))
        with h5py.File(os.path.join(directory, "shards", "a.h5"), "w") as file:
            for f in range(rows.shape[1]):
                file.create_dataset(f"customers/f{f:03}", data=rows[:, f], chunks=(65536,), fletcher32=True)
        seconds, phases, study = run_cardseg(options, directory)
    result = {"customers": options.customers, "segments": options.segments, "restarts": options.restarts, "threads": options.threads,
              "cardseg_s": round(seconds, 2), "cardseg_phases_s": {k: round(v, 2) for k, v in phases.items()}}
    peer_s, inertias = run_peer(KMeans, rows, options)
    result["sklearn_s"] = round(peer_s, 2)
    result["sklearn_over_cardseg"] = round(peer_s / seconds, 2)
    try:
        from sklearnex.cluster import KMeans as IntelKMeans
        intel_s, _ = run_peer(IntelKMeans, rows, options)
        result["sklearnex_s"] = round(intel_s, 2)
        result["sklearnex_over_cardseg"] = round(intel_s / seconds, 2)
    except ImportError:
        pass
    ours = {m["segments"]: m["inertia"] for m in study["models"]} if "models" in study else {}
    result["best_inertia"] = {k: {"cardseg": ours.get(k), "sklearn": v} for k, v in inertias.items()}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
