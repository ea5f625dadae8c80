// Damage that fletcher32 is blind to, in shards whose values have digests.
#include "io/value_digests.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstring>
#include <numeric>
#include <string>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "io/chunk_layout.hpp"
#include "io/hdf5_handle.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using hdf5::Handle;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr std::int64_t rows = 70000;  // a whole chunk and a part of one

class ValueDigestsTest : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }

  void write(bool has_digests) const {
    std::vector<double> numbers(static_cast<std::size_t>(rows));
    std::iota(numbers.begin(), numbers.end(), 1.0);
    ShardWriter writer(path(), {{"a", ColumnType::float64}, {"t", ColumnType::text, 3}}, rows,
                       {.has_digests = has_digests});
    writer.append({numbers, std::vector<std::string>(static_cast<std::size_t>(rows), "abc")});
    writer.commit();
  }

  // Zeros in place of the chunk that begins at this row, and of its checksum.
  void zero_chunk(const std::string& column, hsize_t row) const {
    unsigned skipped = 0;
    haddr_t address = 0;
    hsize_t bytes = 0;
    {
      const Handle file(H5Fopen(path().c_str(), H5F_ACC_RDONLY, hdf5::file_access(true).get()), H5Fclose, "H5Fopen");
      const Handle dataset(H5Dopen2(file.get(), ("customers/" + column).c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen2");
      H5Dget_chunk_info_by_coord(dataset.get(), &row, &skipped, &address, &bytes);
    }
    const std::string zeros(bytes, '\0');
    const int descriptor = ::open(path().c_str(), O_WRONLY);
    ASSERT_EQ(::pwrite(descriptor, zeros.data(), zeros.size(), static_cast<off_t>(address)), std::ssize(zeros));
    ::close(descriptor);
  }

  support::TemporaryDirectory directory_;
};

TEST_F(ValueDigestsTest, ShowAChunkThatBecameZerosWithItsChecksum) {
  std::vector<double> out(static_cast<std::size_t>(rows));
  for (const hsize_t row : {0U, 65536U}) {
    write(false);
    zero_chunk("a", row);
    EXPECT_NO_THROW(ShardFile(path()).read_numbers(0, {0, rows}, out));  // fletcher32 sees nothing
    write(true);
    zero_chunk("a", row);

    const core::Error error = support::error_of([&] { ShardFile(path()).read_numbers(0, {0, rows}, out); });

    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    EXPECT_EQ(error.place().column, "a");
    EXPECT_EQ(error.place().first_row, static_cast<std::int64_t>(row));
    EXPECT_THAT(error.what(), HasSubstr("the digest of a chunk's values differs (xxh3)"));
  }
}

TEST_F(ValueDigestsTest, ShowTheSameToWhoeverReadsAFewRowsOrTexts) {
  write(true);
  zero_chunk("a", 0);
  zero_chunk("t", 65536);
  std::vector<double> out(3);
  const ShardFile shard(path());

  EXPECT_THAT(support::error_of([&] { shard.read_numbers(0, {5, 8}, out); }).what(), HasSubstr("digest"));
  EXPECT_NO_THROW(shard.read_numbers(0, {65540, 65543}, out));
  EXPECT_NO_THROW(shard.read_texts(1, {0, 65536}));
  EXPECT_THAT(support::error_of([&] { shard.read_texts(1, {0, rows}); }).what(), HasSubstr("digest"));
}

TEST_F(ValueDigestsTest, AreReadWithEveryFilterAndForPartsOfAChunk) {
  for (const int level : {0, 4}) {
    std::vector<std::int32_t> numbers(static_cast<std::size_t>(rows));
    std::iota(numbers.begin(), numbers.end(), 1);
    {
      ShardWriter writer(path(), {{"a", ColumnType::int32}}, rows, {.deflate_level = level});
      writer.append({numbers});
      writer.commit();
    }
    std::vector<double> out(60000);

    ShardFile(path()).read_numbers(0, {10000, 70000}, out);

    EXPECT_EQ(out.front(), 10001.0);
    EXPECT_EQ(out.back(), 70000.0);
  }
}

// A file of another writer, whose digests are not those of its values.
TEST_F(ValueDigestsTest, AreCheckedBehindShuffleAndDeflate) {
  for (const hsize_t chunk : {100U, 30U}) {
    {
      support::RawHdf5 file(path());
      const hid_t properties = support::chunks_of({chunk});
      H5Pset_shuffle(properties);
      H5Pset_deflate(properties, 4);
      const std::vector<float> values(100, 1.5F);
      const hid_t dataset = file.add("x", H5T_IEEE_F32LE, values, properties);
      const std::vector<std::uint64_t> wrong((100 + chunk - 1) / chunk, 7);
      write_digests(dataset, static_cast<std::int64_t>(chunk), wrong);
    }
    std::vector<double> out(100);

    EXPECT_THAT(support::error_of([&] {
                  ShardFile(path()).read_numbers(0, {0, 100}, out);
                }).what(),
                HasSubstr("digest"));
  }
}

// As h5repack does: new chunks, and the attributes as they were.
TEST_F(ValueDigestsTest, OfOtherChunksSayNothing) {
  {
    support::RawHdf5 file(path());
    const hid_t dataset = file.add("x", H5T_IEEE_F32LE, std::vector<float>(100, 1.5F), support::chunks_of({50}));
    write_digests(dataset, 25, std::vector<std::uint64_t>{1, 2, 3, 4});
  }
  std::vector<double> out(100);

  EXPECT_NO_THROW(ShardFile(path()).read_numbers(0, {0, 100}, out));
}

TEST_F(ValueDigestsTest, AreKeptForAnyNumberOfChunks) {
  constexpr std::int64_t chunks = 20000;
  std::vector<std::uint64_t> digests;
  for (std::int64_t i = 0; i < chunks; ++i) digests.push_back(static_cast<std::uint64_t>(i * i));
  support::RawHdf5 file(path());
  const hid_t dataset = file.add("x", H5T_STD_I8LE, std::vector<signed char>(3 * chunks - 1, 1),
                                 support::chunks_of({3}), H5T_NATIVE_SCHAR);

  write_digests(dataset, 3, digests);

  const ValueDigests read = read_digests(dataset, 3, 3 * chunks - 1);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, digests);
  EXPECT_FALSE(read_digests(dataset, 2, 3 * chunks - 1));
}

// The value that the specification of XXH3 gives for no bytes; other versions of the library must agree.
TEST_F(ValueDigestsTest, AreThoseOfXxh3) { EXPECT_EQ(digest_of({}), 0x2D06800538D394C2U); }

}  // namespace
}  // namespace cardseg::io
