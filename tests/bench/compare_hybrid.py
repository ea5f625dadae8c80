#!/usr/bin/env python3
"""Two ranks of one thread beside one rank of two threads, on the iterations of the same fit of generated customers.

    cmake --preset release && cmake --build --preset release
    tests/bench/compare_hybrid.py --build build/release [--customers 2000000 --repeat 5]

20 features, 16 segments, the plain algorithm, 20 iterations. The two alternate; each time is the median that `cardseg scaling`
states of 3 fits. Prints medians of an iteration and the ratio of the two speeds (above 1: two ranks are faster). Exit code 1
where the bytes differ.
"""
import argparse, csv, json, os, shutil, statistics, subprocess, sys, tempfile


def measure(options, ranks, threads, directory):
    run = os.path.join(directory, f"{ranks}x{threads}")
    shutil.rmtree(run, ignore_errors=True)
    subprocess.run([*options.mpirun.split(), "-n", str(ranks), "--bind-to", "none", os.path.join(options.build, "jobs", "cardseg"),
                    "scaling", "--quiet", "--ranks", str(ranks), "--threads", str(threads), "--customers", str(options.customers),
                    "--features", "20", "--segments", "16", "--iterations", "20", "--repeat", "3", "--output", run],
                   check=True, stdout=subprocess.DEVNULL)
    return next(csv.DictReader(open(os.path.join(run, "scaling.csv"))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="build directory")
    parser.add_argument("--customers", type=int, default=2_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--mpirun", default="mpirun", help="how ranks are started")
    options = parser.parse_args()
    seconds, digests = {(2, 1): [], (1, 2): []}, set()
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(options.repeat):
            for ranks, threads in seconds:
                row = measure(options, ranks, threads, directory)
                seconds[ranks, threads].append(float(row["median_s"]))
                digests.add(row["sha256"])
    ranks_s, threads_s = (statistics.median(times) for times in seconds.values())
    print(json.dumps({"customers": options.customers, "two_ranks_ms": round(1000 * ranks_s, 3), "two_threads_ms": round(1000 * threads_s, 3),
                      "speed_of_ranks": round(threads_s / ranks_s, 3), "same_bytes": len(digests) == 1}, indent=1))
    return 0 if len(digests) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
