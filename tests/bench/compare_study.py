#!/usr/bin/env python3
"""A study of k = 2..12 with 10 restarts each: cardseg beside scikit-learn (and scikit-learn-intelex) fitting one after another.

    pip install numpy scikit-learn scikit-learn-intelex h5py
    tests/bench/compare_study.py --cardseg build/release/jobs/cardseg [--customers 1000000] [--set H]

Both use float32, the same threads and run every restart to its fixed point (at most 300 iterations) from seeds of their own, cardseg
with each of --seedings in turn, the peers with k-means++. Seconds of cardseg are the "seed" and "iterate" phases of `cardseg study`
(run.json); the peers' are those of fit(). What the fits found is compared, too: the best inertia of each k, and by how much the
restarts exceed the best that anybody found on average.
"""
import argparse, importlib, json, os, subprocess, sys, tempfile, time, warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data_sets

warnings.filterwarnings("ignore")


def run_cardseg(options, directory, seeding):
    run = os.path.join(directory, "study-" + "".join(c for c in seeding if c.isalpha()))
    subprocess.run([options.cardseg, "study", "--shards", os.path.join(directory, "shards"), "--segments", options.segments, "--restarts",
                    str(options.restarts), "--seeding", seeding, "--scale", "none", "--silhouette-sample", "0", "--threads", str(options.threads), "--output", run,
                    "--quiet"], check=True, stdout=subprocess.DEVNULL)
    phases = {p["name"]: p["max_s"] for p in json.load(open(os.path.join(run, "run.json")))["phases"]}
    return phases["seed"] + phases["iterate"] + phases["move"], phases, json.load(open(os.path.join(run, "study.json")))


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
    parser.add_argument("--set", choices=["A", "H"], default="A", help="a mixture, or factors without clusters (data_sets.py)")
    parser.add_argument("--seedings", nargs="+", default=["refined", "k-means++"])
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import h5py
    make = data_sets.make_mixture if options.set == "A" else data_sets.make_unclustered
    rows = make(options.customers, 20)
    result = {"set": options.set, "customers": options.customers, "segments": options.segments, "restarts": options.restarts,
              "threads": options.threads}
    best, restarts = {}, {}
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(os.path.join(directory, "shards"))
        with h5py.File(os.path.join(directory, "shards", "a.h5"), "w") as file:
            for f in range(rows.shape[1]):
                file.create_dataset(f"customers/f{f:03}", data=rows[:, f], chunks=(65536,), fletcher32=True)
        for seeding in options.seedings:
            seconds, phases, study = run_cardseg(options, directory, seeding)
            best[seeding] = {m["segments"]: m["inertia"] for m in study["models"]}
            restarts[seeding] = {m["segments"]: [r["inertia"] for r in m["by_restart"]] for m in study["models"]}
            result[seeding] = {"s": round(seconds, 2), "seed_s": round(phases["seed"], 2), "iterate_s": round(phases["iterate"], 2),
                               "iterations": sum(r["iterations"] for m in study["models"] for r in m["by_restart"])}
    for name, module in [] if options.no_peers else [("sklearn", "sklearn.cluster"), ("sklearnex", "sklearnex.cluster")]:
        try:
            KMeans = importlib.import_module(module).KMeans
        except ImportError:
            continue
        seconds, best[name] = run_peer(KMeans, rows, options)
        result[name] = {"s": round(seconds, 2)}
        for seeding in options.seedings:
            result[name]["over_" + seeding] = round(seconds / result[seeding]["s"], 2)
    least = {k: min(found[k] for found in best.values()) for k in best[options.seedings[0]]}
    for seeding in options.seedings:
        excess = [inertia / least[k] - 1 for k, each in restarts[seeding].items() for inertia in each]
        result[seeding]["mean_excess_of_restarts"] = float(f"{sum(excess) / len(excess):.3g}")
    for found in best:
        result[found]["mean_excess_of_best"] = float(f"{sum(best[found][k] / least[k] - 1 for k in least) / len(least):.3g}")
    result["best_inertia"] = {k: {name: found[k] for name, found in best.items()} for k in least}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
