"""Two months of made-up customers as shards, of whom it is known who moves; and what tests of monitor/ ask of the program."""

import csv
import io
import os
import pathlib
import random
import shlex
import subprocess

CARDSEG = os.environ["CARDSEG"]
MPIRUN = shlex.split(os.environ.get("CARDSEG_MPIRUN", "mpirun --oversubscribe"))
CENTRES = [(100, 2, "a"), (500, 12, "b"), (900, 4, "c"), (300, 20, "d")]
DESCRIPTION = """[portfolio]
id = customer_id
value = worth
exclude = plan
[column.spend]
scale = zscore
[column.visits]
scale = zscore
"""


def run(*arguments, ranks=0, code=0):
    """What the program prints and says; its exit code must be `code`."""
    starter = [*MPIRUN, "-n", str(ranks)] if ranks else []
    done = subprocess.run([*starter, CARDSEG, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done.stdout, done.stderr


def refused(words, *arguments, code, ranks=0):
    """The message of a run that must end with `code`; it holds all of `words`."""
    error = run(*arguments, code=code, ranks=ranks)[1]
    for word in words:
        assert word in error, (word, error)
    assert error.count("cardseg: error") == 1, error


def person(identity, kind, rng):
    spend, visits, plan = CENTRES[kind]
    return [identity, spend + rng.gauss(0, 40), visits + rng.gauss(0, 1.2), plan, round(rng.uniform(1, 100), 2)]


def first_month(customers, seed=5):
    rng = random.Random(seed)
    return [person(i, i % 4, rng) for i in range(customers)]


def next_month(month, movers, seed=6, noise=1.0):
    """The same customers in another order; those of `movers` are of another kind, others have changed a little."""
    rng = random.Random(seed)
    rows = []
    for row in month:
        if row[0] in movers:
            rows.append(person(row[0], (row[0] % 4 + 1) % 4, rng))
        else:
            rows.append([row[0], row[1] + noise * rng.gauss(0, 5), row[2] + noise * rng.gauss(0, 0.2), *row[3:]])
    rng.shuffle(rows)
    return rows


def write_shards(name, rows):
    with open(f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "spend", "visits", "plan", "worth"])
        writer.writerows([[i, f"{s:.4f}", f"{v:.4f}", plan, worth] for i, s, v, plan, worth in rows])
    run("convert", f"{name}.csv", "--output", name, "--rows-per-shard", 700)


def labels(directory):
    """segment and margin by customer id."""
    run("export", directory, "--labels", "csv", "--output", "labels.csv", "--overwrite")
    with open("labels.csv") as file:
        return {row["customer_id"]: (int(row["segment"]), float(row["margin"] or "nan")) for row in csv.DictReader(file)}


def read_csv(path):
    return list(csv.DictReader(io.StringIO(pathlib.Path(path).read_text())))


def same_files(first, second):
    """All files but run.json are the same bytes."""
    names = {file.relative_to(first) for file in pathlib.Path(first).rglob("*") if file.is_file()} - {pathlib.Path("run.json")}
    others = {file.relative_to(second) for file in pathlib.Path(second).rglob("*") if file.is_file()}
    assert names == others - {pathlib.Path("run.json")}, names ^ others
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
