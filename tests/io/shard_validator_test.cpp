// Files that must be refused before a value of them is read, and what is said about each.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_file.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using support::chunks_of;
using support::enum_type;
using support::error_of;
using support::RawHdf5;
using support::text_type;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<double> three = {1, 2, 3};

class ShardValidator : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }

  Error refusal(const ShardReadOptions& options = {}) const {
    const Error error = error_of([&] { ShardFile file(path(), options); });
    EXPECT_EQ(error.place().file, path().string());
    EXPECT_FALSE(error.remedy_text().empty()) << error.what();
    return error;
  }

  // The error of a shard that holds a good column 'age' and one that `add` makes.
  template <class Add>
  Error refusal_of_column(Add add) const {
    {
      RawHdf5 file(path());
      file.add("age", H5T_IEEE_F64LE, three);
      add(file);
    }
    const Error error = refusal();
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    return error;
  }

  support::TemporaryDirectory directory_;
};

void write_bytes(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

TEST_F(ShardValidator, SaysThatAFileIsMissing) {
  EXPECT_EQ(refusal().code(), ExitCode::input_missing);
  EXPECT_THAT(refusal().what(), HasSubstr("No such file or directory"));
}

TEST_F(ShardValidator, SaysThatAFileIsADirectory) {
  fs::create_directory(path());

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("is a directory"));
}

TEST_F(ShardValidator, DoesNotWaitForAPipe) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);

  EXPECT_THAT(refusal().what(), HasSubstr("is not a regular file"));
}

TEST_F(ShardValidator, SaysThatAFileIsEmpty) {
  write_bytes(path(), "");

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("is empty"));
}

TEST_F(ShardValidator, SaysThatAFileIsNotHdf5) {
  write_bytes(path(), "customer_id,age\n1,42\n");

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("is text, not an HDF5 file"));
}

TEST_F(ShardValidator, SaysThatPermissionIsLacking) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  write_bytes(path(), "x");
  ::chmod(path().c_str(), 0);

  EXPECT_EQ(refusal().code(), ExitCode::permission);
}

TEST_F(ShardValidator, RefusesAFileCutOffAtAnyLength) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_IEEE_F64LE, std::vector<double>(2000, 1.0));
  }
  const std::string whole = read_file(path());

  for (std::size_t kept = 1; kept < whole.size(); kept += 397) {
    write_bytes(path(), whole.substr(0, kept));
    EXPECT_EQ(refusal().code(), ExitCode::bad_data) << kept;
  }
  EXPECT_THAT(refusal().what(), HasSubstr("is truncated"));
}

TEST_F(ShardValidator, RefusesAFileWithNothingInIt) {
  { RawHdf5 file(path(), "/"); }

  EXPECT_THAT(refusal().what(), HasSubstr("the file holds nothing"));
}

TEST_F(ShardValidator, ListsWhatIsThereInsteadOfCustomers) {
  {
    RawHdf5 file(path(), "df");
    H5Gcreate2(file.file(), "meta", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  }

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("no group /customers; found /df, /meta"));
  EXPECT_THAT(refusal().remedy_text(), HasSubstr("write_shard(df, 'OUT.h5')"));
}

TEST_F(ShardValidator, RefusesCustomersWithoutColumns) {
  { RawHdf5 file(path()); }

  EXPECT_THAT(refusal().what(), HasSubstr("/customers holds no column"));
}

TEST_F(ShardValidator, RefusesAGroupAmongColumns) {
  const Error error = refusal_of_column(
      [](RawHdf5& file) { H5Gcreate2(file.group(), "nested", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT); });

  EXPECT_THAT(
      error.what(),
      HasSubstr("/customers/nested is a group, not a column: groups within groups, or a column whose name has"));
}

TEST_F(ShardValidator, RefusesAMatrixAmongColumns) {
  const Error error = refusal_of_column([](RawHdf5& file) { file.add("x", H5T_IEEE_F64LE, {3, 1}, three.data()); });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("is 3 x 1 values: a matrix of one column"));
  EXPECT_THAT(error.remedy_text(), HasSubstr("values.ravel()"));
}

TEST_F(ShardValidator, RefusesComplexNumbers) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hid_t type = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(type, "r", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "i", 8, H5T_NATIVE_DOUBLE);
    file.add("x", type, {3}, nullptr);
    H5Tclose(type);
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("holds complex numbers"));
}

// An attribute of an object that holds one text.
void mark(hid_t object, const char* name, const char* value) {
  const hid_t type = text_type(std::string(value).size());
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, value);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

TEST_F(ShardValidator, NamesTheLayoutsOfPandas) {
  for (const std::string group : {"df", "customers"}) {
    {
      RawHdf5 file(path(), group);
      mark(file.group(), "pandas_type", "frame");
    }
    EXPECT_THAT(refusal().what(), HasSubstr("holds /" + group + " in pandas' fixed layout (to_hdf)"));
    fs::remove(path());
    {
      RawHdf5 file(path(), group);
      mark(file.group(), "pandas_type", "frame_table");
    }
    EXPECT_THAT(refusal().what(), HasSubstr("in pandas' table layout (to_hdf)"));
    EXPECT_THAT(refusal().remedy_text(), HasSubstr("python3 cardseg_shards.py IN.h5 OUT.h5"));
    fs::remove(path());
  }
}

TEST_F(ShardValidator, NamesAFileOfMatlab) {
  {
    RawHdf5 file(path(), "/");
    mark(file.add("balance", H5T_IEEE_F64LE, {3, 1}, three.data()), "MATLAB_class", "double");
  }

  EXPECT_THAT(refusal().what(), HasSubstr("is a MATLAB file (version 7.3)"));
  EXPECT_THAT(refusal().remedy_text(), HasSubstr("writetable"));
}

TEST_F(ShardValidator, NamesWhatElseAFileIs) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"\x1F\x8B\x08 and so on", "is compressed by gzip, not an HDF5 file"},
      {"PAR1 and so on", "is a Parquet file, not an HDF5 file"},
      {"MATLAB 5.0 MAT-file, Platform", "is a MATLAB file, not an HDF5 file"},
      {"customer_id,balance\n1,2\n", "is text, not an HDF5 file"},
      {"\x01\x02\x03 and so on", "is not an HDF5 file"}};
  for (const auto& [bytes, words] : files) {
    write_bytes(path(), bytes);
    EXPECT_THAT(refusal().what(), HasSubstr(words));
  }
}

TEST_F(ShardValidator, NamesAMatrixThatLiesOnItsSide) {
  const std::vector<double> values(12, 1);
  {
    RawHdf5 file(path(), "/");
    file.name_columns(file.add("features", H5T_IEEE_F64LE, {3, 4}, values.data()), {"a", "b", "c"}, true);
  }
  EXPECT_THAT(refusal().what(),
              HasSubstr("is a matrix of 3 x 4 that lies on its side: its 'columns' attribute names 3"));
  EXPECT_THAT(refusal().remedy_text(), HasSubstr("matrix.T"));
  fs::remove(path());
  {
    RawHdf5 file(path(), "/");
    file.add("features", H5T_IEEE_F64LE, {3, 4}, values.data());
  }
  EXPECT_THAT(refusal({.matrix_columns = {"a", "b", "c"}}).what(), HasSubstr("that lies on its side"));
  fs::remove(path());
  const std::vector<double> many(2 * 5000, 1);
  {
    RawHdf5 file(path(), "/");
    file.add("features", H5T_IEEE_F64LE, {2, 5000}, many.data());
  }
  EXPECT_THAT(refusal().what(),
              HasSubstr("2 x 5,000 that lies on its side: columns are features, and a shard holds at most"));
}

TEST_F(ShardValidator, RefusesASingleValueAndAnEmptyDataset) {
  for (const H5S_class_t kind : {H5S_SCALAR, H5S_NULL}) {
    const Error error = refusal_of_column([kind](RawHdf5& file) {
      H5Dcreate2(file.group(), "x", H5T_IEEE_F64LE, H5Screate(kind), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    });
    EXPECT_EQ(error.place().column, "x");
    EXPECT_THAT(error.what(), HasSubstr("holds one value or none"));
  }
}

TEST_F(ShardValidator, RefusesColumnsOfDifferentLengths) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    file.add("x", H5T_IEEE_F64LE, std::vector<double>{1, 2});
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("has 2 rows where column age has 3"));
}

TEST_F(ShardValidator, RefusesCompoundTables) {
  const hid_t row = H5Tcreate(H5T_COMPOUND, 8);
  H5Tinsert(row, "index", 0, H5T_STD_I64LE);
  const std::vector<std::int64_t> values = {1, 2, 3};

  const Error among = refusal_of_column([&](RawHdf5& file) { file.add("table", row, values); });
  EXPECT_EQ(among.place().column, "table");
  EXPECT_THAT(among.what(), HasSubstr("is a compound table"));
  {
    RawHdf5 file(path(), "/");
    file.add("table", row, values);
  }
  EXPECT_THAT(refusal().what(), HasSubstr("/table is a compound table"));
}

TEST_F(ShardValidator, RefusesLinks) {
  const Error soft = refusal_of_column(
      [](RawHdf5& file) { H5Lcreate_soft("/customers/age", file.group(), "x", H5P_DEFAULT, H5P_DEFAULT); });
  EXPECT_THAT(soft.what(), HasSubstr("soft or external link, 'x'"));
}

// cardseg takes external links out of the library, so one is made as a link of the same number and content.
void link_externally(hid_t group, const std::string& name, const std::string& file, const std::string& object) {
  H5L_class_t same_number{};
  same_number.version = H5L_LINK_CLASS_T_VERS;
  same_number.id = H5L_TYPE_EXTERNAL;
  same_number.trav_func = [](const char*, hid_t, const void*, std::size_t, hid_t, hid_t) -> hid_t { return -1; };
  const std::string content = std::string(1, '\0') + file + '\0' + object + '\0';
  ASSERT_GE(H5Lregister(&same_number), 0);
  ASSERT_GE(
      H5Lcreate_ud(group, name.c_str(), H5L_TYPE_EXTERNAL, content.data(), content.size(), H5P_DEFAULT, H5P_DEFAULT),
      0);
  H5Lunregister(H5L_TYPE_EXTERNAL);
}

TEST_F(ShardValidator, RefusesExternalLinks) {
  const std::string secret = (directory_ / "secret.h5").string();
  {
    RawHdf5 other(secret);
    other.add("age", H5T_IEEE_F64LE, three);
  }
  const Error column =
      refusal_of_column([&](RawHdf5& file) { link_externally(file.group(), "x", secret, "/customers/age"); });
  EXPECT_THAT(column.what(), HasSubstr("soft or external link, 'x'"));
  {
    RawHdf5 file(path(), "elsewhere");
    link_externally(file.file(), "customers", secret, "/customers");
  }
  EXPECT_THAT(refusal().what(), HasSubstr("soft or external link, 'customers'"));
}

TEST_F(ShardValidator, RefusesExternalStorage) {
  write_bytes(directory_ / "secret.bin", std::string(24, 'x'));
  const Error error = refusal_of_column([&](RawHdf5& file) {
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(properties, (directory_ / "secret.bin").c_str(), 0, 24);
    file.add("x", H5T_IEEE_F64LE, {3}, nullptr, properties);
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("keeps its data in another file"));
}

TEST_F(ShardValidator, RefusesVirtualDatasets) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hsize_t rows = 3;
    const hid_t space = H5Screate_simple(1, &rows, nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_virtual(properties, space, "/absent.h5", "/customers/age", space);
    file.add("x", H5T_IEEE_F64LE, {3}, nullptr, properties);
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("is a virtual dataset"));
}

TEST_F(ShardValidator, RefusesOtherFilters) {
  const Error nbit = refusal_of_column([](RawHdf5& file) {
    const hid_t properties = chunks_of({3});
    H5Pset_nbit(properties);
    file.add("x", H5T_IEEE_F64LE, three, properties);
  });
  EXPECT_EQ(nbit.place().column, "x");
  EXPECT_THAT(nbit.what(), HasSubstr("filter 5 (nbit)"));

  const Error scale_offset = refusal_of_column([](RawHdf5& file) {
    const hid_t properties = chunks_of({3});
    H5Pset_scaleoffset(properties, H5Z_SO_INT, 0);
    file.add("x", H5T_STD_I32LE, std::vector<std::int32_t>{1, 2, 3}, properties);
  });
  EXPECT_THAT(scale_offset.what(), HasSubstr("filter 6 (scaleoffset)"));
}

TEST_F(ShardValidator, RefusesFiltersThatNobodyKnows) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hid_t properties = chunks_of({3});
    H5Pset_filter(properties, 32001, H5Z_FLAG_OPTIONAL, 0, nullptr);
    file.add("x", H5T_IEEE_F64LE, three, properties);
  });

  EXPECT_THAT(error.what(), HasSubstr("filter 32001 (blosc)"));
}

TEST_F(ShardValidator, RefusesChunksOver64MiB) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hid_t properties = chunks_of({(8U << 20) + 1});
    const hsize_t rows = 3;
    const hsize_t most = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &rows, &most);
    H5Dcreate2(file.group(), "x", H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("chunks of 8388609 values; chunks up to 64 MiB are read"));
}

TEST_F(ShardValidator, RefusesMoreRowsThanTheFileCanHold) {
  for (const int exponent : {40, 59, 60, 61, 62}) {
    {
      RawHdf5 file(path());
      const std::vector<hsize_t> rows = {hsize_t{1} << exponent};
      const hid_t properties = chunks_of({1000});
      file.add("x", H5T_IEEE_F64LE, rows, nullptr, properties);
    }
    EXPECT_LE(fs::file_size(path()), 8192U);
    EXPECT_EQ(refusal().code(), ExitCode::bad_data) << exponent;
    EXPECT_EQ(refusal().place().column, "x");
    EXPECT_THAT(refusal().what(), HasSubstr("declares "));
  }
}

TEST_F(ShardValidator, RefusesUnwrittenChunks) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hid_t dataset = file.add("x", H5T_IEEE_F64LE, {3}, nullptr, chunks_of({1}));
    const hsize_t first = 0;
    const hsize_t one = 1;
    const hid_t memory = H5Screate_simple(1, &one, nullptr);
    const hid_t space = H5Dget_space(dataset);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, nullptr, &one, nullptr);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, three.data());
  });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("declares 3 chunks but stores 1; the rest was never written"));
}

TEST_F(ShardValidator, RefusesAColumnThatWasNeverWritten) {
  const Error error = refusal_of_column([](RawHdf5& file) { file.add("x", H5T_IEEE_F64LE, {3}, nullptr); });

  EXPECT_EQ(error.place().column, "x");
  EXPECT_THAT(error.what(), HasSubstr("none of which was written"));
}

TEST_F(ShardValidator, RefusesDeflateThatPromisesTheImpossible) {
  const Error error = refusal_of_column([](RawHdf5& file) {
    const hid_t properties = chunks_of({1U << 20});
    for (int i = 0; i < 2; ++i) H5Pset_deflate(properties, 9);  // zeros, deflated twice
    file.add("x", H5T_IEEE_F64LE, std::vector<double>(1 << 20), properties);
  });

  EXPECT_THAT(error.what(), HasSubstr("declares 8388608 bytes of values but stores"));
}

TEST_F(ShardValidator, RefusesStoredBytesBeyondTheFile) {
  const std::int64_t rows = 1234;
  {
    RawHdf5 file(path());
    file.add("x", H5T_IEEE_F64LE, std::vector<double>(static_cast<std::size_t>(rows), 1.0));
  }
  std::string bytes = read_file(path());
  // The number of rows and the size of the storage become 2^40 rows wherever they stand.
  const auto replace_all = [&bytes](std::int64_t from, std::int64_t to) {
    const std::string old(reinterpret_cast<const char*>(&from), sizeof from);
    for (std::size_t at = bytes.find(old); at != std::string::npos; at = bytes.find(old, at + 1))
      bytes.replace(at, sizeof to, reinterpret_cast<const char*>(&to), sizeof to);
  };
  replace_all(rows, std::int64_t{1} << 40);
  replace_all(8 * rows, std::int64_t{1} << 43);
  write_bytes(path(), bytes);

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_EQ(refusal().place().column, "x");
}

TEST_F(ShardValidator, RefusesTypesThatAreNoColumn) {
  const std::vector<std::int64_t> values = {1, 2, 3};
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_precision(half, 16);
  H5Tset_ebias(half, 15);
  ASSERT_GE(H5Tset_size(half, 2), 0);
  const hid_t biased = H5Tcopy(H5T_IEEE_F64LE);  // one bit of a description away
  H5Tset_ebias(biased, 1022);
  const hid_t narrow = H5Tcopy(H5T_STD_I32LE);
  H5Tset_precision(narrow, 24);
  const hid_t wide = H5Tcopy(H5T_STD_I64LE);
  H5Tset_size(wide, 16);
  const hsize_t two = 2;
  struct Case {
    const char* found;
    hid_t type;
  };
  for (const Case& c :
       {Case{"floating-point numbers of 16 bits", half}, Case{"integers of 128 bits", wide},
        Case{"numbers in another layout than that of IEEE 754", biased},
        Case{"integers that do not fill their 4 bytes", narrow}, Case{"class opaque", H5Tcreate(H5T_OPAQUE, 4)},
        Case{"class bit field", H5T_STD_B8LE}, Case{"class reference", H5T_STD_REF_OBJ},
        Case{"class array", H5Tarray_create2(H5T_STD_I8LE, 1, &two)},
        Case{"class variable-length list", H5Tvlen_create(H5T_STD_I8LE)},
        Case{"an enumeration other than", enum_type({"F", "M"})},
        Case{"an enumeration other than", enum_type({"TRUE", "FALSE"})},
        Case{"an enumeration other than", enum_type({"FALSE", "TRUE", "UNKNOWN"})},
        Case{"texts of 5000 bytes", text_type(5000)}}) {
    const Error error = refusal_of_column([&c](RawHdf5& file) { file.add("x", c.type, {3}, nullptr); });
    EXPECT_EQ(error.place().column, "x");
    EXPECT_THAT(error.what(), HasSubstr(c.found));
  }
}

TEST_F(ShardValidator, RefusesNamesThatCannotBeShown) {
  const auto refusal_of_name = [this](const std::string& name) {
    return refusal_of_column([&name](RawHdf5& file) { file.add(name, H5T_IEEE_F64LE, three); });
  };

  EXPECT_THAT(refusal_of_name(std::string(256, 'n')).what(), HasSubstr("a name of 256 bytes"));
  EXPECT_THAT(refusal_of_name("a\x1B[2J").what(), HasSubstr("control character or '/', 'a?[2J'"));
  EXPECT_THAT(refusal_of_name("Z\xFCrich").what(), HasSubstr("a name that is not UTF-8, 'Z?rich'"));
}

TEST_F(ShardValidator, TakesANameOf255Bytes) {
  const std::string name(255, 'n');
  {
    RawHdf5 file(path());
    file.add(name, H5T_IEEE_F64LE, three);
  }

  EXPECT_EQ(ShardFile(path()).header().columns.at(0).name, name);
}

TEST_F(ShardValidator, RefusesMoreMembersThanAnyPortfolioHas) {
  {
    RawHdf5 file(path());
    for (int i = 0; i <= 4096; ++i)
      H5Gcreate2(file.group(), std::to_string(i).c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  }

  EXPECT_THAT(refusal().what(), HasSubstr("4,097 columns in a group; 4,096 is the limit"));
}

TEST_F(ShardValidator, SaysThatADescriptionIsDamaged) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_IEEE_F64LE, three);
  }
  std::string bytes = read_file(path());
  for (std::size_t at = bytes.find("TREE"); at != std::string::npos; at = bytes.find("TREE", at))
    bytes.replace(at, 4, "WOOD");
  write_bytes(path(), bytes);

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("is damaged"));
}

TEST_F(ShardValidator, SaysThatAFileIsStillBeingWritten) {
  if (std::getenv("HDF5_USE_FILE_LOCKING")) GTEST_SKIP() << "HDF5_USE_FILE_LOCKING decides here";
  {
    RawHdf5 file(path());
    file.add("age", H5T_IEEE_F64LE, three);
  }
  const int writer = ::open(path().c_str(), O_RDWR);
  ASSERT_EQ(::flock(writer, LOCK_EX | LOCK_NB), 0);  // what HDF5 does while a program writes

  const Error error = refusal();
  ::close(writer);

  EXPECT_EQ(error.code(), ExitCode::io);
  EXPECT_THAT(error.what(), HasSubstr("is being written by another program"));
}

}  // namespace
}  // namespace cardseg::io
