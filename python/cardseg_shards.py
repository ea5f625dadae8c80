#!/usr/bin/env python3
"""Writes pandas data frames as shards that cardseg reads: every kind of column, with its gaps.

    from cardseg_shards import write_shard
    write_shard(df, "shards/customers.h5")

or, from a file that pandas reads (Parquet, Feather, pickle, Stata, SAS, SPSS, Excel, pandas' own HDF5 layouts):

    python3 cardseg_shards.py customers.parquet shards/customers.h5

Pickles, and those in pandas' HDF5 layouts, can run code as they are read: give it files that you trust.

This file needs pandas, numpy and h5py, and nothing else: copy it to where your code is.

    pandas                                        in the shard                        a gap
    bool, int8 to int64, uint8 to uint64          the same                            (none)
    nullable integers and booleans, with gaps     float64, booleans as 0 and 1        NaN
    float32, float64 (float16 becomes float32)    the same                            NaN
    datetime64, datetime, date, Period            days since 1970-01-01: int32, or    NaN
                                                  float64 with gaps or times of day
    timedelta64, timedelta                        days, float64                       NaN
    text, objects that are text                   text, UTF-8                         the empty text
    categories                                    as the values they stand for        as those
    objects that are numbers, Decimals, booleans  as numbers or booleans              as those

A time of a zone keeps its local date. Levels of a named index become columns. What cannot be written without loss is a
ValueError that names the column, before any file is made. A shard appears under its name whole or not at all.
"""

import argparse
import os
import pathlib
import sys
import warnings

import h5py
import numpy as np
import pandas as pd

CHUNK_ROWS = 65536
MOST_COLUMNS = 4096
MOST_NAME_BYTES = 255
MOST_TEXT_BYTES = 4096
LARGEST_EXACT_DOUBLE = 2**53
EPOCH_ORDINAL = 719163  # datetime.date(1970, 1, 1).toordinal()

# pandas' names for what the objects of a column are.
NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal"}
TIMES = {"datetime64", "datetime", "date"}
SPANS = {"timedelta64", "timedelta"}

READERS = {
    ".parquet": pd.read_parquet,
    ".feather": pd.read_feather,
    ".pkl": pd.read_pickle,
    ".pickle": pd.read_pickle,
    ".dta": pd.read_stata,
    ".sas7bdat": pd.read_sas,
    ".xpt": pd.read_sas,
    ".sav": pd.read_spss,
    ".xlsx": pd.read_excel,
    ".xls": pd.read_excel,
    ".h5": pd.read_hdf,
    ".hdf5": pd.read_hdf,
    ".hdf": pd.read_hdf,
}


def write_shard(df, path, *, table="customers", overwrite=False):
    """Writes the columns of `df` as datasets of the group `table`. Returns the names of the columns that were written.

    Raises ValueError for what a shard cannot hold, FileExistsError where `path` exists and `overwrite` is False.
    """
    path = pathlib.Path(path)
    if path.suffix not in (".h5", ".hdf5"):
        raise ValueError(f"{path}: a shard is named *.h5 or *.hdf5")
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists; write_shard(..., overwrite=True) replaces it")
    columns = shard_columns(df)
    # The temporary name ends so that cardseg takes it for no shard.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # customers: for their owner alone
        with h5py.File(partial, "w", libver=("v110", "v110")) as file:
            group = file.create_group(table)
            for name, (values, is_date) in columns.items():
                _write_column(group, name, values, is_date)
        _sync(partial)
        os.replace(partial, path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return list(columns)


def shard_columns(df):
    """The columns of `df` as they are written: name -> (numpy array, whether it is days since 1970-01-01)."""
    named = [name for name in df.index.names if name is not None and name not in df.columns]
    if named:
        df = df.reset_index(level=named)
    if not 1 <= df.shape[1] <= MOST_COLUMNS:
        raise ValueError(f"the data frame has {df.shape[1]} columns; a shard holds 1 to {MOST_COLUMNS}")
    columns = {}
    for position in range(df.shape[1]):
        name = _column_name(df.columns[position])
        if name in columns:
            raise ValueError(f"two columns are named {name!r}: rename one of them")
        try:
            columns[name] = _shard_values(df.iloc[:, position])
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(f"column {name!r} {error}") from None
    return columns


def _column_name(label):
    name = "_".join(str(part) for part in label) if isinstance(label, tuple) else str(label)
    if "/" in name:  # HDF5 would make groups of its parts
        warnings.warn(f"column {name!r} is written as {name.replace('/', '_')!r}", stacklevel=4)
        name = name.replace("/", "_")
    is_clean = all(ord(c) >= 0x20 and ord(c) != 0x7F for c in name)
    if name in ("", ".") or not is_clean or len(name.encode()) > MOST_NAME_BYTES:
        raise ValueError(f"a column cannot be named {name!r}: 1 to {MOST_NAME_BYTES} bytes without control characters")
    return name


def _shard_values(column):
    dtype = column.dtype
    if isinstance(dtype, pd.SparseDtype):
        return _shard_values(column.sparse.to_dense())
    if isinstance(dtype, pd.PeriodDtype):
        return _days(column.dt.to_timestamp())
    if isinstance(dtype, pd.IntervalDtype):
        raise ValueError("holds intervals: write their middle, df[c].array.mid, or their text, df[c].astype(str)")
    if pd.api.types.is_complex_dtype(dtype):
        raise ValueError("holds complex numbers: write their parts as two columns, df[c].to_numpy().real and .imag")
    if pd.api.types.is_bool_dtype(dtype) and not isinstance(dtype, pd.CategoricalDtype):
        return _whole(column, bool)
    if pd.api.types.is_integer_dtype(dtype):
        return _whole(column, getattr(dtype, "numpy_dtype", dtype))
    if pd.api.types.is_float_dtype(dtype):
        return _real(column, getattr(dtype, "numpy_dtype", dtype))
    if getattr(dtype, "kind", "") == "M" and not hasattr(dtype, "pyarrow_dtype"):
        return _days(column)
    if getattr(dtype, "kind", "") == "m" and not hasattr(dtype, "pyarrow_dtype"):
        return _finite(column.to_numpy() / np.timedelta64(1, "D")), False
    return _shard_objects(column.astype(object))


def _shard_objects(column):
    """Of a column of Python objects, which are all of one kind but for the gaps."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "empty":
        return np.full(len(column), np.nan), False
    if kind in ("string", "bytes"):
        return _texts(column), False
    if kind == "boolean":
        return _whole(column, bool)
    if kind == "integer":
        present = column.dropna()
        return _whole(column, np.int64 if max(present) < 2**63 else np.uint64)
    if kind in NUMBERS:
        return _real(column, np.float64)
    if kind in TIMES:
        return _object_days(column)
    if kind in SPANS:
        return np.array([np.nan if pd.isna(v) else v / pd.Timedelta(days=1) for v in column]), False
    if kind == "period":
        return _object_days(column.map(lambda v: v if pd.isna(v) else v.to_timestamp()))
    found = sorted({type(v).__name__ for v in column.dropna()})
    raise ValueError(f"holds {' and '.join(found)}: make it text, df[c].astype('string'), or correct the values")


def _whole(column, dtype):
    """Whole numbers and booleans: float64 where there are gaps, which only floating point can hold."""
    gaps = column.isna().to_numpy(dtype=bool)
    if not gaps.any():
        return column.to_numpy(dtype=dtype), False
    present = column[~gaps].to_numpy(dtype=dtype)
    if present.dtype != bool and present.size and max(abs(int(present.min())), int(present.max())) > LARGEST_EXACT_DOUBLE:
        raise ValueError("has gaps and whole numbers above 2^53, which float64 would round: make it text, "
                         "df[c].astype('string')")  # fmt: skip
    values = np.full(len(column), np.nan)
    values[~gaps] = present
    return values, False


def _real(column, dtype):
    dtype = np.dtype(dtype)
    stored = np.float32 if dtype.itemsize <= 4 else np.float64
    gaps = column.isna().to_numpy(dtype=bool)
    values = np.full(len(column), np.nan, dtype=stored)
    values[~gaps] = column[~gaps].to_numpy(dtype=stored)
    return _finite(values), False


def _finite(values):
    infinite = int(np.isinf(values).sum())
    if infinite:
        raise ValueError(f"has {infinite} infinite values: df[c].replace([np.inf, -np.inf], np.nan) makes them gaps")
    return values


def _days(column):
    """Of datetime64, with or without a zone."""
    if getattr(column.dtype, "tz", None) is not None:
        column = column.dt.tz_localize(None)
    moments = column.to_numpy()
    days = moments.astype("datetime64[D]")
    gaps = np.isnat(moments)
    if not gaps.any() and (days == moments).all():
        return days.astype(np.int64).astype(np.int32), True  # pandas ends long before int32
    values = np.full(len(column), np.nan)
    values[~gaps] = days[~gaps].astype(np.int64) + (moments[~gaps] - days[~gaps]) / np.timedelta64(1, "D")
    return values, True


def _object_days(column):
    """Of dates and datetimes of Python, which reach to the year 9999."""

    def day(value):
        seconds = 0.0
        if hasattr(value, "hour"):
            seconds = 3600 * value.hour + 60 * value.minute + value.second + value.microsecond / 1e6
        return value.toordinal() - EPOCH_ORDINAL + seconds / 86400

    values = np.array([np.nan if pd.isna(value) else day(value) for value in column], dtype=np.float64)
    if np.isnan(values).any() or (values != np.floor(values)).any():
        return values, True
    return values.astype(np.int32), True


def _texts(column):
    def encoded(value):
        if value is None or value is pd.NA or value is pd.NaT or isinstance(value, float):
            return b""
        text = value if isinstance(value, bytes) else value.encode("utf-8")
        text.decode("utf-8")  # bytes in another encoding
        if b"\0" in text:
            raise ValueError("has a text with a NUL character: remove it, df[c].str.replace('\\0', '')")
        return text

    try:
        texts = [encoded(value) for value in column]
    except UnicodeError:
        raise ValueError("has a text that is not UTF-8: decode it, df[c].str.decode('cp1252')") from None
    width = max(map(len, texts), default=0)
    if width > MOST_TEXT_BYTES:
        raise ValueError(f"has a text of {width} bytes; {MOST_TEXT_BYTES} is the limit: leave it out, or cut it")
    return np.array(texts, dtype=h5py.string_dtype("utf-8", max(width, 1)))


def _write_column(group, name, values, is_date):
    layout = {"chunks": (min(len(values), CHUNK_ROWS),), "fletcher32": True} if len(values) else {}
    dataset = group.create_dataset(name, data=values, **layout)
    if is_date:
        dataset.attrs["cardseg_kind"] = "date"


def _sync(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main():
    parser = argparse.ArgumentParser(description="Writes a file that pandas reads as a shard of cardseg.")
    parser.add_argument("input", type=pathlib.Path, help="one of " + ", ".join(READERS))
    parser.add_argument("output", type=pathlib.Path, help="the shard, *.h5")
    parser.add_argument("--key", help="which data frame, where a file of pandas' HDF5 layouts holds several")
    parser.add_argument("--table", default="customers", help="the group in the shard")
    parser.add_argument("--overwrite", action="store_true")
    o = parser.parse_args()
    read = READERS.get(o.input.suffix.lower())
    if read is None:
        parser.error(f"{o.input}: pandas reads no {o.input.suffix or 'file without a suffix'} here; cardseg convert reads CSV")
    try:
        df = read(o.input, key=o.key) if read is pd.read_hdf else read(o.input)
        names = write_shard(df, o.output, table=o.table, overwrite=o.overwrite)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"cardseg_shards.py: {error}")
    print(f"{o.output}: {len(df):,} rows, {len(names)} columns")


if __name__ == "__main__":
    main()
