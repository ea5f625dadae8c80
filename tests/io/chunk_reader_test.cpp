// Chunks that are decoded here are compared with what H5Dread makes of them.
#include "io/chunk_reader.hpp"

#include <gmock/gmock.h>
#include <omp.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "io/file_bytes.hpp"
#include "io/hdf5_handle.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using hdf5::Handle;
using support::chunks_of;
using support::RawHdf5;
using testing::HasSubstr;
namespace fs = std::filesystem;

struct Filters {
  bool shuffle = false;
  bool deflate = false;
  bool fletcher32 = false;
};

hid_t stored_as(hsize_t chunk_rows, const Filters& filters) {
  const hid_t properties = chunks_of({chunk_rows});
  if (filters.shuffle) H5Pset_shuffle(properties);
  if (filters.deflate) H5Pset_deflate(properties, 6);
  if (filters.fletcher32) H5Pset_fletcher32(properties);
  return properties;
}

std::vector<Filters> all_filters() {
  std::vector<Filters> all;
  for (bool shuffle : {false, true})
    for (bool deflate : {false, true})
      for (bool fletcher32 : {false, true}) all.push_back({shuffle, deflate, fletcher32});
  return all;
}

// Random bits, so that every type has its whole range: NaN, infinities and subnormal numbers, too.
std::vector<std::uint64_t> random_bits(std::size_t rows) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> bits(rows);
  for (std::uint64_t& word : bits) word = random();
  return bits;
}

struct Opened {
  explicit Opened(const fs::path& path, const std::string& name = "customers/x")
      : file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, hdf5::file_access(true).get()), H5Fclose, "H5Fopen"),
        dataset(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen2"),
        layout(find_chunk_layout(dataset.get())) {}

  Handle file;
  Handle dataset;
  std::optional<ChunkLayout> layout;
};

// True where the rows were decoded here.
bool read_here(const Opened& opened, core::Range rows, std::vector<double>& out) {
  out.assign(static_cast<std::size_t>(rows.size()), -1);
  if (!opened.layout) return false;
  const auto chunks = find_chunks(opened.dataset.get(), *opened.layout, rows);
  return chunks && read_chunks(bytes_of(opened.file.get()).descriptor, *opened.layout, *chunks, rows, out);
}

std::vector<double> read_by_hdf5(const Opened& opened, std::int64_t rows) {
  std::vector<double> values(static_cast<std::size_t>(rows));
  H5Dread(opened.dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  return values;
}

bool are_equal_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

class ChunkReader : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }
  support::TemporaryDirectory directory_;
};

TEST_F(ChunkReader, GivesWhatH5DreadGivesForEveryTypeAndFilter) {
  constexpr std::int64_t rows = 1000;
  const std::vector<std::uint64_t> bits = random_bits(rows);
  for (const hid_t type :
       {H5T_STD_I8LE, H5T_STD_U8BE, H5T_STD_I16LE, H5T_STD_I16BE, H5T_STD_U16LE, H5T_STD_U16BE, H5T_STD_I32LE,
        H5T_STD_I32BE, H5T_STD_U32LE, H5T_STD_U32BE, H5T_STD_I64LE, H5T_STD_I64BE, H5T_STD_U64LE, H5T_STD_U64BE,
        H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE})
    for (const Filters& filters : all_filters()) {
      { RawHdf5(path()).add("x", type, bits, stored_as(93, filters), type); }  // the bits as they are
      const Opened opened(path());
      const std::vector<double> expected = read_by_hdf5(opened, rows);

      for (const core::Range part : {core::Range{0, rows}, {92, 94}, {5, 6}, {93, 186}, {400, 1000}}) {
        std::vector<double> values;
        ASSERT_TRUE(read_here(opened, part, values));
        for (std::int64_t i = part.begin; i < part.end; ++i)
          ASSERT_TRUE(
              are_equal_bits(values[static_cast<std::size_t>(i - part.begin)], expected[static_cast<std::size_t>(i)]));
      }
    }
}

TEST_F(ChunkReader, GivesWhatH5DreadGivesForChunksThatHdf5Fetches) {
  constexpr std::int64_t rows = 1000;
  const std::vector<std::uint64_t> bits = random_bits(rows);
  for (const hid_t type : {H5T_STD_I16BE, H5T_STD_U32LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE})
    for (const Filters& filters : all_filters()) {
      { RawHdf5(path()).add("x", type, bits, stored_as(93, filters), type); }
      const Opened opened(path());
      const std::vector<double> expected = read_by_hdf5(opened, rows);

      for (const core::Range part : {core::Range{0, rows}, {92, 94}, {93, 186}, {400, 1000}}) {
        std::vector<double> values(static_cast<std::size_t>(part.size()));
        ASSERT_TRUE(read_fetched_chunks(opened.dataset.get(), *opened.layout, part, values));
        for (std::int64_t i = part.begin; i < part.end; ++i)
          ASSERT_TRUE(
              are_equal_bits(values[static_cast<std::size_t>(i - part.begin)], expected[static_cast<std::size_t>(i)]));
      }
    }
}

TEST_F(ChunkReader, ReadsMoreChunksThanHdf5FindsQuickly) {
  constexpr std::int64_t rows = 8 * (ChunkLayout::most_few_chunks + 5) - 3;
  const std::vector<std::uint64_t> bits = random_bits(rows);
  { RawHdf5(path()).add("x", H5T_STD_U64LE, bits, stored_as(8, {true, true, true})); }
  const Opened opened(path());
  const std::vector<double> expected = read_by_hdf5(opened, rows);
  std::vector<double> values(rows);

  ShardFile(path()).read_numbers(0, {0, rows}, values);

  EXPECT_FALSE(opened.layout->has_few_chunks());
  EXPECT_EQ(values, expected);
}

TEST_F(ChunkReader, FetchesOnlyWhatFitsBetweenTwoDecodings) {
  constexpr std::int64_t rows = 5 << 20;  // 40 MiB in chunks of 8
  std::vector<std::uint64_t> bits(rows);
  std::iota(bits.begin(), bits.end(), std::uint64_t{7});
  { RawHdf5(path()).add("x", H5T_STD_U64LE, bits, stored_as(1 << 20, {false, false, true})); }
  const Opened opened(path());
  std::vector<double> values(rows);

  EXPECT_TRUE(read_fetched_chunks(opened.dataset.get(), *opened.layout, {0, rows}, values));
  EXPECT_EQ(values, std::vector<double>(bits.begin(), bits.end()));
}

TEST_F(ChunkReader, GivesTheSameOnAnyNumberOfThreads) {
  const std::vector<std::uint64_t> bits = random_bits(5000);
  { RawHdf5(path()).add("x", H5T_STD_U64LE, bits, stored_as(64, {true, true, true})); }
  const Opened opened(path());
  const std::vector<double> expected = read_by_hdf5(opened, 5000);

  for (int threads : {1, 2, 3, 7}) {
    omp_set_num_threads(threads);
    std::vector<double> values;
    EXPECT_TRUE(read_here(opened, {0, 5000}, values));
    EXPECT_EQ(values, expected) << threads;
  }
  omp_set_num_threads(1);
}

TEST_F(ChunkReader, LeavesOtherStorageToOthers) {
  const std::vector<double> values(100, 0.5);
  const auto is_left = [&](hid_t type, hid_t properties) {
    { RawHdf5(path()).add("x", type, values, properties, H5T_NATIVE_DOUBLE); }
    return !Opened(path()).layout;
  };
  const hid_t checksum_first = chunks_of({10});
  H5Pset_fletcher32(checksum_first);
  H5Pset_deflate(checksum_first, 4);
  const hid_t unfiltered_edges = stored_as(30, {false, true, true});
  H5Pset_chunk_opts(unfiltered_edges, H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS);
  const hid_t three_bytes = H5Tcopy(H5T_STD_I32LE);
  H5Tset_precision(three_bytes, 24);

  EXPECT_FALSE(is_left(H5T_IEEE_F64LE, stored_as(10, {})));
  EXPECT_TRUE(is_left(H5T_IEEE_F64LE, H5P_DEFAULT));
  EXPECT_TRUE(is_left(H5T_IEEE_F64LE, checksum_first));
  EXPECT_TRUE(is_left(H5T_IEEE_F64LE, unfiltered_edges));
  EXPECT_TRUE(is_left(three_bytes, stored_as(10, {})));
}

TEST_F(ChunkReader, LeavesChunksThatSkipAFilterAndRefusesLostOnes) {
  {
    RawHdf5 file(path());
    const hid_t absent = file.add("absent", H5T_IEEE_F64LE, {40}, nullptr, stored_as(10, {}));
    const std::vector<double> chunk(10, 1.5);
    const hsize_t second = 10;
    H5Dwrite_chunk(absent, H5P_DEFAULT, 0, &second, 80, chunk.data());
    const hid_t skipping =
        file.add("skipping", H5T_IEEE_F64LE, std::vector<double>(20, 2.5), stored_as(10, {true, true}));
    H5Dwrite_chunk(skipping, H5P_DEFAULT, 2, &second, 80, chunk.data());
  }
  std::vector<double> values;

  const Opened absent(path(), "customers/absent");
  const core::Error lost = support::error_of([&] { read_here(absent, {0, 40}, values); });
  EXPECT_THAT(lost.what(), HasSubstr("a chunk is not there"));
  EXPECT_TRUE(read_here(absent, {10, 20}, values));
  values.resize(40);
  EXPECT_THROW(read_fetched_chunks(absent.dataset.get(), *absent.layout, {0, 40}, values), core::Error);
  const Opened skipping(path(), "customers/skipping");
  EXPECT_FALSE(read_here(skipping, {0, 20}, values));
  EXPECT_FALSE(read_fetched_chunks(skipping.dataset.get(), *skipping.layout, {0, 20}, values));
}

// Random numbers, so that HDF5's filters and this reader have no luck.
TEST_F(ChunkReader, NoticesEveryFlippedBitThatH5DreadNotices) {
  const std::vector<std::uint64_t> bits = random_bits(64);
  { RawHdf5(path()).add("x", H5T_STD_U64LE, bits, stored_as(64, {true, true, true})); }
  std::vector<double> values;
  ASSERT_TRUE(read_here(Opened(path()), {0, 64}, values));
  const auto chunks = [&] {
    const Opened opened(path());
    return *find_chunks(opened.dataset.get(), *opened.layout, {0, 64});
  }();

  for (std::int64_t at = 0; at < chunks[0].bytes; at += 11) {
    support::TemporaryDirectory other;
    const fs::path copy = other / "copy.h5";
    fs::copy_file(path(), copy);
    std::FILE* file = std::fopen(copy.c_str(), "r+b");
    std::fseek(file, static_cast<long>(chunks[0].address + at), SEEK_SET);
    const int byte = std::fgetc(file);
    std::fseek(file, -1, SEEK_CUR);
    std::fputc(byte ^ 4, file);
    std::fclose(file);

    EXPECT_FALSE(read_here(Opened(copy), {0, 64}, values)) << at;
    const Opened opened(copy);
    EXPECT_FALSE(read_fetched_chunks(opened.dataset.get(), *opened.layout, {0, 64}, values)) << at;
  }
}

TEST_F(ChunkReader, RefusesAChunkThatInflatesToMoreThanItsRows) {
  {
    RawHdf5 file(path());
    const hid_t dataset =
        file.add("x", H5T_IEEE_F64LE, std::vector<double>(2000, 1.5), stored_as(1000, {false, true, false}));
    const std::vector<unsigned char> zeros(std::size_t{16} << 20);
    std::vector<unsigned char> bomb(zeros.size());
    uLongf bytes = bomb.size();
    compress(bomb.data(), &bytes, zeros.data(), zeros.size());
    ASSERT_LT(bytes, 20000U);
    const hsize_t second = 1000;
    H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &second, bytes, bomb.data());
  }
  const ShardFile shard(path());
  std::vector<double> values(2000);

  const core::Error error = support::error_of([&] { shard.read_numbers(0, {0, 2000}, values); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "x");
  EXPECT_EQ(error.place().first_row, 1000);
  EXPECT_EQ(error.place().last_row, 1999);
  EXPECT_THAT(error.what(), HasSubstr("damaged (a chunk inflates to more than the 8000 bytes of its rows)"));
}

}  // namespace
}  // namespace cardseg::io
