#!/usr/bin/env python3
"""`cardseg profile` of many customers beside `cardseg validate` on the same shards, in the same run.

    cmake --preset release && cmake --build --preset release
    tests/bench/compare_profile.py --cardseg build/release/jobs/cardseg [--customers 5000000 --columns 40 --segments 10]

Shards are made once (needs numpy and h5py) and kept: amounts in cents with a long tail, part of them 0; shares; flags; counts; columns
with gaps. A fit of a few iterations labels every customer. Then `profile` and `validate` read all columns in turn; printed
are CPU and elapsed seconds of each process, its peak memory, and the rate of profile over that of validate (values a
second; both read the same columns once). `fit`: the phases "load" and "profile" of the fit itself.
"""

import argparse
import json
import os
import statistics
import subprocess
import time

ROWS = 1_000_000  # of a shard


def make_column(random, kind, rows):
    import numpy as np

    amounts = np.round(random.lognormal(5, 1.5, rows), 2)
    return [
        lambda: amounts,
        lambda: np.where(random.random(rows) < 0.4, 0.0, amounts),
        lambda: random.random(rows).astype("f4"),
        lambda: (random.random(rows) < 0.1).astype("i1"),
        lambda: random.poisson(4, rows).astype("i4"),
        lambda: np.where(random.random(rows) < 0.2, np.nan, random.normal(0, 1000, rows)),
        lambda: np.round(random.normal(3000, 900, rows), 2),
        lambda: random.integers(0, 12, rows) / 12,
    ][kind % 8]()


def make_shards(directory, customers, columns):
    if os.path.isdir(directory):
        return
    import h5py
    import numpy as np

    os.makedirs(directory)
    for begin in range(0, customers, ROWS):
        rows = min(ROWS, customers - begin)
        random = np.random.default_rng(begin)
        with h5py.File(os.path.join(directory, f"part-{begin // ROWS:04}.h5"), "w", libver=("earliest", "v110")) as file:
            group = file.create_group("customers")
            layout = {"chunks": (65536,), "fletcher32": True}
            group.create_dataset("customer_id", data=np.arange(begin, begin + rows), **layout)
            for c in range(columns):
                group.create_dataset(f"c{c:02}", data=make_column(random, c, rows), **layout)


def run(*arguments):
    """CPU and elapsed seconds, and the peak memory in bytes, of one process."""
    start = time.monotonic()
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(arguments, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return {"cpu_s": usage.ru_utime + usage.ru_stime, "elapsed_s": time.monotonic() - start, "peak_bytes": usage.ru_maxrss * 1024}


def median_of(runs):
    return {key: round(statistics.median(each[key] for each in runs), 2) for key in runs[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", default="build/release/jobs/cardseg")
    parser.add_argument("--customers", type=int, default=5_000_000)
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--segments", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--directory", default="compare_profile", help="where shards are made, and kept")
    o = parser.parse_args()
    shards = os.path.join(o.directory, f"shards-{o.customers}x{o.columns}")
    fitted = os.path.join(o.directory, "run")
    make_shards(shards, o.customers, o.columns)
    run(o.cardseg, "fit", shards, "--segments", str(o.segments), "--restarts", "1", "--max-iterations", "2", "--improve", "off",
        "--output", fitted, "--overwrite", "--quiet")  # fmt: skip
    phases = {p["name"]: round(p["max_s"], 2) for p in json.load(open(os.path.join(fitted, "run.json")))["phases"]}
    print(json.dumps({"fit": {"load_s": phases["load"], "profile_s": phases["profile"]}}))
    profiles, validations = [], []
    for _ in range(o.repeat):
        validations.append(run(o.cardseg, "validate", "--shards", shards))
        profiles.append(run(o.cardseg, "profile", fitted, shards, "--output", os.path.join(o.directory, "profile"), "--overwrite"))
    validate, profile = median_of(validations), median_of(profiles)
    print(json.dumps({"validate": validate, "profile": profile}))
    values = o.customers * o.columns
    print(json.dumps({"values": values, "profile_ns_a_value": round(profile["cpu_s"] / values * 1e9, 1),
                      "rate_cpu": round(validate["cpu_s"] / profile["cpu_s"], 2),
                      "rate_elapsed": round(validate["elapsed_s"] / profile["elapsed_s"], 2)}))  # fmt: skip


if __name__ == "__main__":
    main()
