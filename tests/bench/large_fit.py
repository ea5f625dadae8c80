#!/usr/bin/env python3
"""A very large fit on one machine: the time of each phase beside its limit, and peak memory.

    cmake --preset release -DCARDSEG_BENCHMARKS=ON && cmake --build --preset release
    tests/bench/large_fit.py --build build/release [--customers 100000000 --segments 16 --iterations 50 --directory /local/disk]

20 features of a generated portfolio (18 columns and 2 further ones), one restart, to the fixed point or
--iterations. "load" is set beside reading the shards' bytes once with as many threads (from the page cache as far as they
are in it), an iteration beside one streaming read of the matrix at the bandwidth that iterate_bench measures, "labels" beside
nothing. Peak memory is that of run.json and, of the whole process, the operating system's. Needs about 16 GB of disk for
each 100 million customers. Exit code 1 where the peak is above 4 d + 32 bytes a customer and 200 MB.
"""
import argparse, array, concurrent.futures, json, os, resource, subprocess, sys, tempfile, time

CHUNK = 1 << 20


def read_part(path, begin, end):
    buffer = bytearray(CHUNK)
    file = os.open(path, os.O_RDONLY)
    for at in range(begin, end, CHUNK):
        os.preadv(file, [memoryview(buffer)[:min(CHUNK, end - at)]], at)
    os.close(file)


def time_read(paths, threads):
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda path: read_part(path, 0, os.path.getsize(path)), paths))
    return time.perf_counter() - begin


def bandwidth(options, directory):
    rows = os.path.join(directory, "rows.f32")
    values = array.array("f", [float(i % 251) for i in range(1_000_000)])
    with open(rows, "wb") as file:
        for _ in range(20):
            values.tofile(file)
    out = subprocess.run([os.path.join(options.build, "tests/bench/iterate_bench"), rows, "1000000", "20", "2", "2", "3", "float32", "plain"],
                         env={**os.environ, "OMP_NUM_THREADS": str(options.threads)}, check=True, capture_output=True, text=True).stdout
    os.remove(rows)
    return json.loads(out)["read_GB_per_s"] * 1e9


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--customers", type=int, default=100_000_000)
    parser.add_argument("--segments", type=int, default=16)
    parser.add_argument("--iterations", type=int, default=50)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--directory", help="on a disk with room enough; default: that for temporary files")
    options = parser.parse_args()
    program = os.path.join(options.build, "jobs", "cardseg")
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        portfolio, run = os.path.join(directory, "portfolio"), os.path.join(directory, "run")
        begin = time.perf_counter()
        subprocess.run([program, "generate", "--customers", str(options.customers), "--rows-per-shard", "5000000", "--extra-features", "2",
                        "--output", portfolio, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        generated_s = time.perf_counter() - begin
        shards = [os.path.join(portfolio, "shards", name) for name in sorted(os.listdir(os.path.join(portfolio, "shards")))]
        size = sum(map(os.path.getsize, shards))
        bytes_a_s = bandwidth(options, directory)
        read_s = time_read(shards, options.threads)
        begin = time.perf_counter()
        subprocess.run([program, "fit", "--shards", os.path.join(portfolio, "shards"), "--description", os.path.join(portfolio, "description.ini"),
                        "--segments", str(options.segments), "--restarts", "1", "--max-iterations",
                        str(options.iterations), "--threads", str(options.threads), "--output", run], check=True)
        whole_s = time.perf_counter() - begin
        facts = json.load(open(os.path.join(run, "run.json")))
        model = json.load(open(os.path.join(run, "model.json")))
        features, iterations = sum(column["role"] == "feature" for column in model["columns"]), model["fit"]["iterations"]
        phases = {phase["name"]: round(phase["max_s"], 2) for phase in facts["phases"]}
        matrix_read_s = 4 * features * options.customers / bytes_a_s
        peak = max(facts["peak_memory_bytes"]["largest_rank"], resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
        allowed = (4 * features + 32) * options.customers + 200_000_000
        result = {"customers": options.customers, "features": features, "segments": options.segments, "threads": options.threads,
                  "iterations": iterations, "stop": model["fit"]["stop"], "generated_s": round(generated_s, 1), "whole_fit_s": round(whole_s, 1),
                  "phases_s": phases, "shard_bytes": size, "shards_read_once_s": round(read_s, 2),
                  "load_of_read": round(phases["load"] / read_s, 2), "iteration_s": round(phases["iterate"] / iterations, 3),
                  "matrix_read_once_s": round(matrix_read_s, 3),
                  "iteration_of_read": round(phases["iterate"] / iterations / matrix_read_s, 2), "peak_bytes": peak,
                  "peak_bytes_a_customer": round(peak / options.customers, 1), "allowed_bytes": allowed}
    print(json.dumps(result, indent=1))
    sys.exit(0 if peak <= allowed else 1)


if __name__ == "__main__":
    main()
