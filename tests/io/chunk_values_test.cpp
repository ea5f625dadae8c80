// Chunks of any layout that are decoded here are compared with what H5Dread makes of them.
#include "io/chunk_values.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cstring>
#include <functional>
#include <random>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
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

constexpr hsize_t rows = 100;
constexpr hsize_t columns = 5;

std::vector<float> random_matrix() {
  std::mt19937 random(5);
  std::vector<float> values(rows * columns);
  for (float& value : values) value = static_cast<float>(random() % 1000) / 8;
  return values;
}

class ChunkValuesTest : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }
  support::TemporaryDirectory directory_;
};

std::vector<double> column_by_hdf5(hid_t dataset, hsize_t column) {
  std::vector<double> out(rows);
  const hsize_t start[] = {0, column};
  const hsize_t count[] = {rows, 1};
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  const Handle memory(H5Screate_simple(1, count, nullptr), H5Sclose, "H5Screate_simple");
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr);
  H5Dread(dataset, H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, out.data());
  return out;
}

TEST_F(ChunkValuesTest, GiveTheColumnsOfAMatrixWhateverItsChunksAndFilters) {
  const std::vector<std::function<void(hid_t)>> filters = {
      [](hid_t) {}, [](hid_t p) { H5Pset_deflate(p, 4); },
      [](hid_t p) { H5Pset_shuffle(p), H5Pset_deflate(p, 4), H5Pset_fletcher32(p); },
      [](hid_t p) { H5Pset_fletcher32(p), H5Pset_deflate(p, 4), H5Pset_shuffle(p); },
      [](hid_t p) { H5Pset_deflate(p, 4), H5Pset_chunk_opts(p, H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS); }};
  const std::vector<float> values = random_matrix();
  for (const std::vector<hsize_t>& chunk : {std::vector<hsize_t>{100, 5}, {7, 2}, {1, 5}, {100, 1}, {33, 3}})
    for (const auto& filter : filters)
      for (hid_t type : {H5T_IEEE_F32LE, H5T_IEEE_F64BE, H5T_STD_I16BE}) {
        const hid_t properties = chunks_of(chunk);
        filter(properties);
        { RawHdf5(path(), "/").add("m", type, {rows, columns}, values.data(), properties, H5T_NATIVE_FLOAT); }
        const Handle file(H5Fopen(path().c_str(), H5F_ACC_RDONLY, hdf5::file_access(true).get()), H5Fclose, "H5Fopen");
        const Handle dataset(H5Dopen2(file.get(), "m", H5P_DEFAULT), H5Dclose, "H5Dopen2");
        const StoredNumber number = *stored_number(type);
        ChunkValues chunks(dataset.get(), number.bytes, 1000);

        for (hsize_t column = 0; column < columns; ++column) {
          std::vector<double> out(rows);
          chunks.read_numbers(number, {0, rows}, static_cast<std::int64_t>(column), std::span(out));
          EXPECT_EQ(out, column_by_hdf5(dataset.get(), column)) << chunk[0] << " x " << chunk[1];
        }
      }
}

TEST_F(ChunkValuesTest, GiveTextsOfEveryWidth) {
  std::vector<std::string> expected;
  std::string buffer;
  for (int i = 0; i < 50; ++i) {
    expected.push_back("t" + std::to_string(i * i));
    buffer += expected.back() + std::string(7 - expected.back().size(), '\0');
  }
  for (const bool is_shuffled : {false, true}) {
    const hid_t properties = chunks_of({8});
    if (is_shuffled) H5Pset_shuffle(properties);
    H5Pset_deflate(properties, 9);
    { RawHdf5(path()).add("t", support::text_type(7), {50}, buffer.data(), properties); }

    EXPECT_EQ(ShardFile(path()).read_texts(0, {0, 50}), expected);
  }
}

// A chunk of zeros in place of the second, which is small and inflates to 16 MiB.
void replace_second_chunk(hid_t dataset, const hsize_t* offset) {
  const std::vector<unsigned char> zeros(std::size_t{16} << 20);
  std::vector<unsigned char> bomb(zeros.size());
  uLongf bytes = bomb.size();
  compress(bomb.data(), &bytes, zeros.data(), zeros.size());
  bomb.resize(bytes);
  H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, bomb.size(), bomb.data());
}

TEST_F(ChunkValuesTest, RefuseAMatrixThatInflatesToMoreThanItsRows) {
  const hid_t properties = chunks_of({50, 5});
  H5Pset_deflate(properties, 4);
  {
    RawHdf5 file(path(), "/");
    std::vector<double> noise(2 * 5000 * 5);
    std::mt19937_64 random(1);
    for (double& value : noise) value = static_cast<double>(random());
    const hid_t large = chunks_of({5000, 5});
    H5Pset_deflate(large, 4);
    const hid_t dataset = file.add("m", H5T_IEEE_F64LE, {10000, 5}, noise.data(), large);
    const hsize_t second[] = {5000, 0};
    replace_second_chunk(dataset, second);
    file.name_columns(dataset, {"a", "b", "c", "d", "e"}, true);
  }
  const ShardFile shard(path());
  std::vector<double> values(10000);

  const core::Error error = support::error_of([&] { shard.read_numbers(2, {0, 10000}, values); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "c");
  EXPECT_EQ(error.place().first_row, 5000);
  EXPECT_THAT(error.what(), HasSubstr("a chunk inflates to more than the 200000 bytes of its rows"));
}

TEST_F(ChunkValuesTest, RefuseTextsThatInflateToMoreThanTheirRows) {
  {
    RawHdf5 file(path());
    const hid_t properties = chunks_of({1000});
    H5Pset_deflate(properties, 4);
    std::string noise(2000 * 16, ' ');
    std::mt19937 random(1);
    for (char& byte : noise) byte = static_cast<char>('a' + random() % 26);
    const hid_t dataset = file.add("t", support::text_type(16), {2000}, noise.data(), properties);
    const hsize_t second = 1000;
    replace_second_chunk(dataset, &second);
  }
  const ShardFile shard(path());

  const core::Error error = support::error_of([&] { shard.read_texts(0, {0, 2000}); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "t");
  EXPECT_EQ(error.place().first_row, 1000);
}

TEST_F(ChunkValuesTest, RefuseAChunkThatIsNotThere) {
  {
    RawHdf5 file(path());
    const std::vector<std::int32_t> values(10, 1);
    const hid_t dataset = file.add("x", H5T_STD_I32LE, {40}, nullptr, chunks_of({10}));
    for (const hsize_t row : {0U, 10U, 30U}) H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &row, 40, values.data());
  }
  const Handle file(H5Fopen(path().c_str(), H5F_ACC_RDONLY, hdf5::file_access(true).get()), H5Fclose, "H5Fopen");
  const Handle dataset(H5Dopen2(file.get(), "customers/x", H5P_DEFAULT), H5Dclose, "H5Dopen2");
  ChunkValues chunks(dataset.get(), 4, 0);
  std::vector<double> out(10);

  chunks.read_numbers({NumberType::int32, false, 4}, {10, 20}, 0, std::span(out));
  const core::Error error = support::error_of([&] {
    chunks.read_numbers({NumberType::int32, false, 4}, {20, 30}, 0, std::span(out));
  });

  EXPECT_EQ(out, std::vector<double>(10, 1.0));
  EXPECT_THAT(error.what(), HasSubstr("a chunk is not there"));
}

}  // namespace
}  // namespace cardseg::io
