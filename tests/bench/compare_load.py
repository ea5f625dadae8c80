#!/usr/bin/env python3
"""Load of `cardseg fit` against a bare H5Dread loop over the same columns of the same shards, warm cache, in the same run.

    cmake --preset release -D CARDSEG_BENCHMARKS=ON && cmake --build --preset release
    tests/bench/compare_load.py --build build/release [--before OTHER/build/release] [--customers 4000000 --repeat 5]

Shards are made by `cardseg generate`, plain (fletcher32) and deflated (shuffle, deflate 4, fletcher32). The loop is one
process a core, each with its share of the columns, which reads whole columns as doubles and drops them. cardseg's figure is
the "load" phase in run.json: read, check, fit the encoders, encode, write the tiles. Both cores are used by both; they
alternate; medians are printed. A rate is bytes of doubles per second; ratio is cardseg's rate over the loop's.
"""
import argparse, glob, json, os, statistics, subprocess, tempfile


def generate(cardseg, directory, customers, deflate):
    subprocess.run([cardseg, "generate", "--customers", str(customers), "--deflate", str(deflate), "--output", directory,
                    "--quiet"], check=True, stdout=subprocess.DEVNULL)


def without_logarithms(portfolio):
    """The generated description with every transform set to none: what is left is reading, checking and scaling."""
    text = open(os.path.join(portfolio, "description.ini")).read()
    path = os.path.join(portfolio, "none.ini")
    open(path, "w").write(text.replace("= log1p", "= none").replace("= signed-log", "= none"))
    return path


def time_cardseg(cardseg, portfolio, description, threads):
    """Seconds of the load phase, and the names of the columns that were loaded."""
    run = os.path.join(portfolio, "run")
    subprocess.run([cardseg, "fit", "--shards", os.path.join(portfolio, "shards"), "--description", description,
                    "--segments", "2", "--restarts", "1", "--max-iterations", "1", "--threads", str(threads),
                    "--output", run, "--overwrite", "--quiet"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    model = json.load(open(os.path.join(run, "model.json")))
    phases = {p["name"]: p["max_s"] for p in json.load(open(os.path.join(run, "run.json")))["phases"]}
    return phases["load"], [column["name"] for column in model.get("columns", []) if column["role"] == "feature"]


def time_loop(loop, portfolio, columns, processes):
    """Seconds of the slowest process, and the bytes that all read."""
    shards = sorted(glob.glob(os.path.join(portfolio, "shards", "*.h5")))
    running = [subprocess.Popen([loop, str(p), str(processes), ",".join(columns), *shards], stdout=subprocess.PIPE, text=True)
               for p in range(processes)]
    results = [process.communicate()[0].split() for process in running]
    assert all(process.returncode == 0 for process in running)
    return max(float(seconds) for _, seconds in results), sum(int(count) for count, _ in results)


def compare(options, portfolio, description):
    cardseg = os.path.join(options.build, "jobs", "cardseg")
    loop = os.path.join(options.build, "tests", "bench", "h5dread_loop")
    _, columns = time_cardseg(cardseg, portfolio, description, options.threads)  # warms the cache, too
    ours, theirs, before = [], [], []
    for _ in range(options.repeat):
        theirs.append(time_loop(loop, portfolio, columns, options.threads))
        ours.append(time_cardseg(cardseg, portfolio, description, options.threads)[0])
        if options.before:
            other = os.path.join(options.before, "jobs", "cardseg")
            before.append(time_cardseg(other, portfolio, description, options.threads)[0])
    count = theirs[0][1]
    load_s = statistics.median(ours)
    loop_s = statistics.median(seconds for seconds, _ in theirs)
    earlier = {"before_s": round(statistics.median(before), 3), "of_before": round(load_s / statistics.median(before), 2)} if before else {}
    return {"columns": len(columns), "bytes": count, **earlier, "load_s": round(load_s, 3), "h5dread_s": round(loop_s, 3),
            "load_bytes_per_s": round(count / load_s), "h5dread_bytes_per_s": round(count / loop_s),
            "ratio": round(loop_s / load_s, 2), "ratio_of_fastest": round(min(t[0] for t in theirs) / min(ours), 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--before", help="the build directory of another commit, measured in turn with this one")
    parser.add_argument("--customers", type=int, default=4_000_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of cardseg, processes of the loop")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    results = {"customers": options.customers, "threads": options.threads, "repeat": options.repeat}
    with tempfile.TemporaryDirectory() as directory:
        for name, deflate in (("plain", 0), ("deflated", 4)):
            portfolio = os.path.join(directory, name)
            generate(os.path.join(options.build, "jobs", "cardseg"), portfolio, options.customers, deflate)
            results[name] = compare(options, portfolio, without_logarithms(portfolio))
            results[name + "_with_log1p"] = compare(options, portfolio, os.path.join(portfolio, "description.ini"))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
