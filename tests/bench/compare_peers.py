#!/usr/bin/env python3
"""cardseg's k-means beside its peers and this machine's limits: same rows, same start, same iterations, same run.

    pip install numpy scikit-learn scikit-learn-intelex faiss-cpu
    cmake --preset release -DCARDSEG_BENCHMARKS=ON && cmake --build --preset release --target iterate_bench
    tests/bench/compare_peers.py --iterate-bench build/release/tests/bench/iterate_bench [--sets A,B,H,C,D] [--json peers.json]
    tests/bench/compare_peers.py --iterate-bench NEW --before OLD --no-peers      # two builds of cardseg

Sets (data_sets.py): A 2,000,000 x 20, k = 16; B 1,000,000 x 50, k = 64; C 4,000,000 x 10, k = 8; D 500,000 x 100, k = 32
(mixtures); H 2,000,000 x 20, k = 16 (no clusters). Everybody stores float32 (float64 where named), uses the same threads,
starts from the first k rows and does 30 iterations. The programs take turns; medians of the rounds are printed, in
milliseconds per iteration, and as multiples of one streaming read of the matrix and of the greater of that and 2 n k d
flops at the measured fused multiply-add peak. Peers that are not installed are left out.
"""
import argparse, itertools, json, os, statistics, subprocess, sys, tempfile, time, warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data_sets
import numpy as np

warnings.filterwarnings("ignore")


def time_sklearn(KMeans, rows, segments, iterations, algorithm):
    model = KMeans(segments, init=rows[:segments], n_init=1, max_iter=iterations, tol=0, algorithm=algorithm)
    start = time.perf_counter()
    model.fit(rows)
    return 1000 * (time.perf_counter() - start) / model.n_iter_


def time_faiss(rows, segments, iterations):
    import faiss
    model = faiss.Kmeans(rows.shape[1], segments, niter=iterations, max_points_per_centroid=10**9, min_points_per_centroid=1)
    start = time.perf_counter()
    model.train(rows, init_centroids=rows[:segments])
    return 1000 * (time.perf_counter() - start) / iterations


def peers():
    """name -> (storage, function of rows, segments, iterations)"""
    found = {}
    try:
        from sklearn.cluster import KMeans
        for algorithm in ("lloyd", "elkan"):
            for storage in (np.float32, np.float64):
                name = f"scikit-learn {algorithm} {np.dtype(storage).name}"
                found[name] = (storage, lambda x, k, i, a=algorithm: time_sklearn(KMeans, x, k, i, a))
    except ImportError:
        pass
    try:
        from sklearnex.cluster import KMeans as IntelKMeans
        for storage in (np.float32, np.float64):
            found[f"scikit-learn-intelex {np.dtype(storage).name}"] = (
                storage, lambda x, k, i: time_sklearn(IntelKMeans, x, k, i, "lloyd"))
    except ImportError:
        pass
    try:
        import faiss
        found["FAISS float32"] = (np.float32, time_faiss)
    except ImportError:
        pass
    return found


def run_cardseg(program, path, shape, segments, iterations, precision, threads):
    words = [program, path, *map(str, shape), str(segments), str(iterations), "1", precision, "plain", "auto"]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, env=dict(os.environ, OMP_NUM_THREADS=str(threads)))
    return json.loads(done.stdout)


def compare(name, options, found):
    rows, segments = data_sets.make(name, options.share)
    times = {}
    limits = {"read": [], "flops": []}
    facts = {}
    builds = {"cardseg": options.iterate_bench} | ({"before": options.before} if options.before else {})
    with tempfile.NamedTemporaryFile(suffix=".f32") as file:
        rows.tofile(file)
        file.flush()
        for _ in range(options.repeat):
            for build, precision in itertools.product(builds, ("float32", "double")):
                result = run_cardseg(builds[build], file.name, rows.shape, segments, options.iterations, precision, options.threads)
                for algorithm, fit in result["fits"].items():
                    label = f"{build} {algorithm}" + (" double" if precision == "double" else "")
                    times.setdefault(label, []).append(fit["ms_per_iteration"])
                    facts[label] = {k: fit[k] for k in ("iterations", "inertia", "unsettled_share", "distance_share")}
                if precision == "float32":
                    limits["read"].append(result["read_ms"])
                    limits["flops"].append(result["flops_at_peak_ms"])
            for label, (storage, function) in found.items():
                times.setdefault(label, []).append(function(rows.astype(storage, copy=False), segments, options.iterations))
    read, flops = (statistics.median(limits[k]) for k in ("read", "flops"))
    table = {}
    for label, values in times.items():
        ms = statistics.median(values)
        table[label] = {"ms_per_iteration": round(ms, 2), "of_read": round(ms / read, 2), "of_limit": round(ms / max(read, flops), 2),
                        "of_cardseg_auto": round(ms / statistics.median(times["cardseg auto"]), 2), **facts.get(label, {})}
    return {"set": name, "customers": rows.shape[0], "features": rows.shape[1], "segments": segments, "read_ms": round(read, 2),
            "flops_at_peak_ms": round(flops, 2), "fits": table}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterate-bench", required=True, help="path of the program")
    parser.add_argument("--before", help="path of another build's iterate_bench, measured in turn with this one")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--sets", default="A,B,H,C,D")
    parser.add_argument("--share", type=float, default=1.0, help="share of each set's customers")
    parser.add_argument("--iterations", type=int, default=30)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", help="file to write as well")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    found = {} if options.no_peers else peers()
    results = []
    for name in options.sets.split(","):
        result = compare(name, options, found)
        results.append(result)
        print(f"\n{name}: {result['customers']:,} x {result['features']}, k = {result['segments']}; one read {result['read_ms']} ms, "
              f"flops at peak {result['flops_at_peak_ms']} ms\n{'':32} ms/iteration  x read  x limit  x cardseg auto", flush=True)
        for label, fit in result["fits"].items():
            print(f"{label:32} {fit['ms_per_iteration']:12.2f} {fit['of_read']:7.2f} {fit['of_limit']:8.2f} {fit['of_cardseg_auto']:8.2f}", flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"threads": options.threads, "repeat": options.repeat, "iterations": options.iterations, "sets": results}, file, indent=1)


if __name__ == "__main__":
    main()
