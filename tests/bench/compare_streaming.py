#!/usr/bin/env python3
"""`cardseg fit` with its features streamed from a scratch file against the same fit in memory and against reading the file.

    cmake --preset release && cmake --build --preset release
    tests/bench/compare_streaming.py --build build/release [--customers 20000000 --limit 1G --repeat 3]

20 features, 16 segments, one restart, the plain algorithm in both. The files of both runs, all but run.json, must be the
same bytes. A pass is the "iterate" phase of run.json over the iterations; a read is the file's bytes read once by as many
threads, a megabyte at a time: `warm` from the page cache, `cold` after the system was asked to forget the file. Where the
machine has memory to spare the streamed passes are warm, too. The three alternate; medians are printed. Exit code 1 where
the bytes differ or the peak is above the limit.
"""
import argparse, concurrent.futures, hashlib, json, os, statistics, subprocess, sys, tempfile, time

CHUNK = 1 << 20


def fit(options, directory, name, more):
    run = os.path.join(directory, name)
    subprocess.run([os.path.join(options.build, "jobs", "cardseg"), "fit", "--shards", os.path.join(directory, "portfolio/shards"),
                    "--description", os.path.join(directory, "portfolio/description.ini"), "--segments", "16", "--restarts", "1",
                    "--max-iterations", str(options.iterations), "--algorithm", "plain", "--threads", str(options.threads),
                    "--output", run, "--overwrite", "--quiet", *more],
                   check=True, stdout=subprocess.DEVNULL)
    facts = json.load(open(os.path.join(run, "run.json")))
    phases = {phase["name"]: phase["max_s"] for phase in facts["phases"]}
    iterations = json.load(open(os.path.join(run, "model.json")))["fit"]["iterations"]
    return {"load_s": phases["load"], "pass_s": phases["iterate"] / iterations, "iterations": iterations,
            "peak_bytes": facts["peak_memory_bytes"]["largest_rank"], "features": facts["features"]}


def digest(run):
    whole = hashlib.sha256()
    for place, directories, files in os.walk(run):
        directories.sort()
        for name in sorted(files):
            if name != "run.json":
                whole.update(name.encode() + hashlib.sha256(open(os.path.join(place, name), "rb").read()).digest())
    return whole.hexdigest()


def read_part(file, begin, end):
    buffer = bytearray(CHUNK)
    for at in range(begin, end, CHUNK):
        os.preadv(file, [memoryview(buffer)[:min(CHUNK, end - at)]], at)


def time_read(path, threads, is_cold):
    file = os.open(path, os.O_RDONLY)
    size = os.fstat(file).st_size
    if is_cold:
        os.posix_fadvise(file, 0, size, os.POSIX_FADV_DONTNEED)
    part = (size + threads - 1) // threads
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda t: read_part(file, t * part, min(size, (t + 1) * part)), range(threads)))
    seconds = time.perf_counter() - begin
    os.close(file)
    return seconds


def write_file(path, size):
    with open(path, "wb") as file:
        for _ in range(0, size, CHUNK):
            file.write(os.urandom(CHUNK))
        os.fsync(file.fileno())


def bytes_of(size):
    return int(float(size[:-1]) * 1024 ** (1 + "KMGT".index(size[-1])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build directory")
    parser.add_argument("--customers", type=int, default=20_000_000)
    parser.add_argument("--limit", default="1G", help="--memory-limit of the streamed fit, with its letter")
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", default=None, help="where the portfolio and the scratch files go, on a disk")
    options = parser.parse_args()
    kept, streamed, warm, cold = [], [], [], []
    with tempfile.TemporaryDirectory(dir=options.scratch) as directory:
        subprocess.run([os.path.join(options.build, "jobs", "cardseg"), "generate", "--extra-features", "2", "--customers",
                        str(options.customers), "--output", os.path.join(directory, "portfolio"), "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        copy = os.path.join(directory, "copy")
        for _ in range(options.repeat):
            kept.append(fit(options, directory, "kept", []))
            streamed.append(fit(options, directory, "streamed", ["--memory-limit", options.limit, "--scratch", directory]))
            if not os.path.exists(copy):
                write_file(copy, streamed[0]["features"]["bytes_a_pass"])
            cold.append(time_read(copy, options.threads, True))
            warm.append(time_read(copy, options.threads, False))
        is_same = digest(os.path.join(directory, "kept")) == digest(os.path.join(directory, "streamed"))
    median = lambda runs, key: statistics.median(run[key] for run in runs)
    pass_s, kept_s, warm_s, cold_s = median(streamed, "pass_s"), median(kept, "pass_s"), *map(statistics.median, (warm, cold))
    peak = max(run["peak_bytes"] for run in streamed)
    print(json.dumps({
        "customers": options.customers, "threads": options.threads, "repeat": options.repeat, "limit": options.limit,
        "iterations": streamed[0]["iterations"], "same_bytes": is_same, "bytes_a_pass": streamed[0]["features"]["bytes_a_pass"],
        "peak_bytes": {"in_memory": max(run["peak_bytes"] for run in kept), "streamed": peak},
        "load_s": {"in_memory": round(median(kept, "load_s"), 3), "streamed": round(median(streamed, "load_s"), 3)},
        "pass_s": {"in_memory": round(kept_s, 4), "streamed": round(pass_s, 4)},
        "read_s": {"warm": round(warm_s, 4), "cold": round(cold_s, 4)},
        "pass_over_in_memory": round(pass_s / kept_s, 2), "pass_over_warm_read": round(pass_s / warm_s, 2),
        "pass_over_cold_read": round(pass_s / cold_s, 2)}, indent=1))
    return 0 if is_same and peak <= bytes_of(options.limit) else 1


if __name__ == "__main__":
    sys.exit(main())
