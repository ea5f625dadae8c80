#!/usr/bin/env python3
"""Turns Parquet tables into shards that cardseg reads, row groups by row groups, on any number of tasks.

    python3 parquet2shards.py customers.parquet more/ --output shards/
    srun -n 8 python3 parquet2shards.py customers/ --output shards/     # each task writes every eighth shard

Directories stand for their *.parquet files in the order of their names. A shard holds whole row groups: as many as come
to --rows-per-shard rows. Which row groups make which shard does not depend on the number of tasks, so the files are the
same. Each task holds one shard's rows in memory.

Beside each shard NAME.h5 lies NAME.json: the source, its row groups, and of each column the values, gaps and exact sum,
to compare with the same query at the source. Sums of dates are sums of days since 1970-01-01.

Columns become what cardseg_shards.py makes of them: texts and dictionaries stay texts, dates become days, decimals
float64. A column that has gaps in one row group is stored as floating point in all, where whole numbers and booleans
cannot be missing. Nested columns are left out, with a warning.

Needs pyarrow, pandas, numpy, h5py, and cardseg_shards.py beside this file.
"""

import argparse
import decimal
import json
import os
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cardseg_shards import shard_columns, write_shard  # noqa: E402

NULLABLE = {
    pa.bool_(): pd.BooleanDtype(),
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.uint16(): pd.UInt16Dtype(),
    pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}
EXACT = decimal.Context(prec=400, traps=[decimal.Inexact])  # sums of doubles in decimal end before


class Refused(Exception):
    """What is wrong with the tables, and what to do."""


def table_files(inputs):
    files = []
    for path in inputs:
        if path.is_dir():
            found = sorted(path.glob("*.parquet"))
            if not found:
                raise Refused(f"{path}: there is no *.parquet file")
            files += found
        elif path.is_file():
            files.append(path)
        else:
            raise Refused(f"{path}: there is no such file or directory")
    return files


def opened(path):
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise Refused(f"{path}: this is no Parquet file: {str(error).splitlines()[0]}") from None


def flat_columns(schema, path):
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    for name in nested:
        warnings.warn(f"{path}: column {name!r} is nested and is left out")
    return [field.name for field in schema if field.name not in nested]


def same_type(a, b):
    """Whether two tables may hold a column as these types: shards may differ in the width of numbers."""
    number = lambda t: pa.types.is_integer(t) or pa.types.is_floating(t) or pa.types.is_decimal(t)  # noqa: E731
    value = lambda t: t.value_type if pa.types.is_dictionary(t) else t  # noqa: E731
    return value(a) == value(b) or (number(a) and number(b))


def check_same_columns(files, parquet):
    first = parquet[0].schema_arrow
    for path, file in zip(files[1:], parquet[1:]):
        schema = file.schema_arrow
        if sorted(schema.names) != sorted(first.names):
            differing = sorted(set(schema.names) ^ set(first.names))
            raise Refused(f"{path} and {files[0]} have different columns: {', '.join(differing)}")
        for field in schema:
            other = first.field(field.name).type
            if not same_type(field.type, other):
                raise Refused(f"{path}: column {field.name!r} is {field.type}, and {other} in {files[0]}")


def plan_shards(parquet, rows_per_shard):
    """Lists of (file, row group): what each shard holds."""
    shards, rows = [[]], 0
    for number, file in enumerate(parquet):
        for group in range(file.num_row_groups):
            more = file.metadata.row_group(group).num_rows
            if shards[-1] and rows + more > rows_per_shard:
                shards.append([])
                rows = 0
            shards[-1].append((number, group))
            rows += more
    return shards


def columns_with_gaps(parquet, names):
    """Those for which no row group's statistics prove that nothing is missing."""
    gaps = set()
    for file in parquet:
        places = {file.metadata.schema.column(i).path: i for i in range(file.metadata.num_columns)}
        for group in range(file.num_row_groups):
            for name in set(names) - gaps:
                column = file.metadata.row_group(group).column(places[name])
                if not column.is_stats_set or not column.statistics.has_null_count or column.statistics.null_count:
                    gaps.add(name)
    return gaps


def read_groups(parquet, groups, names, gaps):
    tables = [parquet[number].read_row_group(group, columns=names) for number, group in groups]
    table = pa.concat_tables(tables, promote_options="permissive")
    df = table.to_pandas(types_mapper=NULLABLE.get)[names]  # else gaps would round whole numbers
    for name in names:
        is_whole = pd.api.types.is_integer_dtype(df[name].dtype) or pd.api.types.is_bool_dtype(df[name].dtype)
        if name in gaps and is_whole and not df[name].isna().any():
            df[name] = _as_float(df[name])
    return df


def _as_float(column):
    """As the row groups with gaps are."""
    if len(column) and max(abs(int(column.min())), int(column.max())) > 2**53:
        raise Refused(f"column {column.name!r} has gaps and whole numbers above 2^53, which float64 would round")
    return column.astype(np.float64)


def exact_sum(values):
    """As a decimal text; None of texts."""
    if values.dtype.kind not in "iufb":
        return None
    if values.dtype.kind != "f":
        return str(sum(map(int, values)))
    total = decimal.Decimal(0)
    for value in values[~np.isnan(values)]:
        total = EXACT.add(total, decimal.Decimal(str(value)))  # the shortest text that reads back as the value
    return format(total.normalize(), "f") if total else "0"


def missing_in(values):
    if values.dtype.kind == "f":
        return int(np.isnan(values).sum())
    return int((values == b"").sum()) if values.dtype.kind in "SO" else 0


def record_of(df):
    columns = {}
    for name, (values, is_date) in shard_columns(df).items():
        missing = missing_in(values)
        columns[name] = {"values": len(values) - missing, "missing": missing, "is_date": is_date}
        if (total := exact_sum(values)) is not None:
            columns[name]["sum"] = total
    return columns


def write_record(path, record):
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1, ensure_ascii=False)
            file.write("\n")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def task_of(text):
    """This task's number from 0, and how many there are."""
    if text:
        number, _, count = text.partition("/")
        if number.isdigit() and count.isdigit() and 1 <= int(number) <= int(count):
            return int(number) - 1, int(count)
        raise Refused(f"--task cannot be '{text}': write number/tasks, such as 1/8")
    return int(os.environ.get("SLURM_PROCID", 0)), int(os.environ.get("SLURM_NTASKS", 1))


def convert(o):
    files = table_files(o.input)
    parquet = [opened(path) for path in files]
    check_same_columns(files, parquet)
    names = flat_columns(parquet[0].schema_arrow, files[0])
    shards = plan_shards(parquet, o.rows_per_shard)
    gaps = columns_with_gaps(parquet, names)
    task, tasks = task_of(o.task)
    o.output.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = 0
    for number in range(task, len(shards), tasks):
        name = f"{o.name}-{number:05d}-of-{len(shards):05d}"
        df = read_groups(parquet, shards[number], names, gaps)
        record = {
            "rows": len(df),
            "sources": [{"file": files[file].name, "row_group": group} for file, group in shards[number]],
            "columns": record_of(df),
        }
        write_shard(df, o.output / f"{name}.h5", overwrite=o.overwrite)
        write_record(o.output / f"{name}.json", record)
        done += len(df)
        print(f"{o.output / name}.h5: {len(df):,} rows, {len(names)} columns", flush=True)
    print(f"task {task + 1} of {tasks}: {done:,} of {sum(f.metadata.num_rows for f in parquet):,} rows")


def main():
    parser = argparse.ArgumentParser(description="Turns Parquet tables into shards of cardseg.")
    parser.add_argument("input", type=pathlib.Path, nargs="+", help="Parquet files, or directories of *.parquet")
    parser.add_argument("--output", "-o", type=pathlib.Path, required=True, help="directory for the shards")
    parser.add_argument("--rows-per-shard", type=int, default=1_000_000, help="row groups are added up to so many rows")
    parser.add_argument("--name", default="portfolio", help="how the names of shards begin")
    parser.add_argument("--task", help="this task's number and how many there are, such as 1/8; default: Slurm's")
    parser.add_argument("--overwrite", action="store_true", help="replace shards of these names")
    o = parser.parse_args()
    if o.rows_per_shard < 1:
        parser.error("--rows-per-shard must be 1 or more")
    try:
        convert(o)
    except (Refused, ValueError, OSError) as error:
        sys.exit(f"parquet2shards.py: {error}")


if __name__ == "__main__":
    main()
