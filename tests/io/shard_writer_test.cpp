#include "cardseg/io/shard_writer.hpp"

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_file.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using core::ExitCode;
using support::error_of;
using support::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::vector<ColumnSpec> every_type = {{"active", ColumnType::boolean},  {"age", ColumnType::int32},
                                            {"id", ColumnType::int64},        {"balance", ColumnType::float32},
                                            {"revenue", ColumnType::float64}, {"town", ColumnType::text, 8}};

// Rows [begin, begin + count) of a table whose values follow from the row.
Block rows_of(std::int64_t begin, std::int64_t count) {
  std::vector<std::int8_t> active;
  std::vector<std::int32_t> age;
  std::vector<std::int64_t> id;
  std::vector<float> balance;
  std::vector<double> revenue;
  std::vector<std::string> town;
  for (std::int64_t row = begin; row < begin + count; ++row) {
    active.push_back(static_cast<std::int8_t>(row % 3 == 0));
    age.push_back(static_cast<std::int32_t>(row * 7919 % 100));
    id.push_back(row * 1000003);
    balance.push_back(static_cast<float>(row) / 3);
    revenue.push_back(static_cast<double>(row * row) / 7);
    town.push_back("t" + std::to_string(row % 1000));
  }
  return {active, age, id, balance, revenue, town};
}

void write(const fs::path& path, std::int64_t rows, std::int64_t block, const ShardWriterOptions& options = {}) {
  ShardWriter writer(path, every_type, rows, options);
  for (std::int64_t begin = 0; begin < rows; begin += block)
    writer.append(rows_of(begin, std::min(block, rows - begin)));
  writer.commit();
}

template <class Values>
void write_column(const fs::path& path, const ColumnSpec& spec, const Values& values) {
  ShardWriter writer(path, {spec}, std::ssize(values));
  writer.append({values});
  writer.commit();
}

std::vector<double> numbers(const fs::path& path) {
  const ShardFile file(path);
  std::vector<double> values(static_cast<std::size_t>(file.header().rows));
  file.read_numbers(0, {0, file.header().rows}, values);
  return values;
}

std::vector<std::int64_t> integers(const fs::path& path) {
  const ShardFile file(path);
  std::vector<std::int64_t> values(static_cast<std::size_t>(file.header().rows));
  file.read_integers(0, {0, file.header().rows}, values);
  return values;
}

std::vector<std::string> texts(const fs::path& path) {
  const ShardFile file(path);
  return file.read_texts(0, {0, file.header().rows});
}

TEST(ShardWriter, GivesTheSameBytesHoweverRowsAreDividedInBlocks) {
  const TemporaryDirectory directory;
  const std::int64_t rows = 2 * 65536 + 4321;
  write(directory / "one.h5", rows, rows);

  for (const std::int64_t block : {1000, 65535, 65536, 65537, 131073}) {
    write(directory / "many.h5", rows, block);
    EXPECT_EQ(sha256_of_file(directory / "many.h5"), sha256_of_file(directory / "one.h5")) << block;
  }
}

TEST(ShardWriter, GivesTheSameBytesForSingleRowsAndEmptyBlocks) {
  const TemporaryDirectory directory;
  write(directory / "one.h5", 300, 300);

  ShardWriter writer(directory / "many.h5", every_type, 300);
  for (std::int64_t row = 0; row < 300; ++row) {
    writer.append(rows_of(row, 1));
    writer.append(rows_of(row, 0));
  }
  writer.commit();

  EXPECT_EQ(sha256_of_file(directory / "many.h5"), sha256_of_file(directory / "one.h5"));
}

TEST(ShardWriter, GivesTheSameBytesWhenDeflated) {
  const TemporaryDirectory directory;
  write(directory / "one.h5", 100000, 100000, {.deflate_level = 4});
  write(directory / "many.h5", 100000, 777, {.deflate_level = 4});
  write(directory / "plain.h5", 100000, 777);

  EXPECT_EQ(sha256_of_file(directory / "many.h5"), sha256_of_file(directory / "one.h5"));
  EXPECT_LT(fs::file_size(directory / "one.h5"), fs::file_size(directory / "plain.h5") / 2);
  EXPECT_EQ(ShardFile(directory / "one.h5").header().filters, "shuffle+deflate+fletcher32");
  EXPECT_EQ(ShardFile(directory / "plain.h5").header().filters, "fletcher32");
}

TEST(ShardWriter, DoesNotDependOnWhatIsInMemoryAndWhen) {
  const TemporaryDirectory directory;
  write(directory / "a.h5", 70000, 500);
  const std::vector<char> dirt(50 << 20, '\x5A');
  ::sleep(1);  // object headers could hold a time in seconds
  write(directory / "b.h5", 70000, 500);

  EXPECT_EQ(sha256_of_file(directory / "a.h5"), sha256_of_file(directory / "b.h5"));
  EXPECT_EQ(dirt.back(), '\x5A');
}

TEST(ShardWriter, LetsNoFlippedBitPassSilently) {
  const TemporaryDirectory directory;
  write_column(directory / "a.h5", {"x", ColumnType::int32}, std::vector<std::int32_t>(300, 5));
  const std::string bytes = read_file(directory / "a.h5");
  const std::vector<double> expected(300, 5);

  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    std::ofstream(directory / "b.h5", std::ios::binary) << damaged;
    try {
      EXPECT_EQ(numbers(directory / "b.h5"), expected) << at;  // bytes that nothing uses
      EXPECT_EQ(ShardFile(directory / "b.h5").header().columns.at(0).name, "x") << at;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_data) << at << ": " << error.what();
    }
  }
}

TEST(ShardWriter, KeepsEveryBoolean) {
  const TemporaryDirectory directory;
  write_column(directory / "a.h5", {"x", ColumnType::boolean}, std::vector<std::int8_t>{0, 1, 1, 0});

  EXPECT_THAT(integers(directory / "a.h5"), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(numbers(directory / "a.h5"), ElementsAre(0, 1, 1, 0));
  EXPECT_EQ(ShardFile(directory / "a.h5").header().columns.at(0).stored_type, "boolean");
}

TEST(ShardWriter, KeepsTheLimitsOfIntegers) {
  const TemporaryDirectory directory;
  const std::int32_t low32 = std::numeric_limits<std::int32_t>::min();
  const std::int64_t low64 = std::numeric_limits<std::int64_t>::min();
  const std::int64_t high64 = std::numeric_limits<std::int64_t>::max();
  write_column(directory / "32.h5", {"x", ColumnType::int32}, std::vector<std::int32_t>{low32, -1, 0, 2147483647});
  write_column(directory / "64.h5", {"x", ColumnType::int64}, std::vector<std::int64_t>{low64, -1, 0, high64});

  EXPECT_THAT(integers(directory / "32.h5"), ElementsAre(low32, -1, 0, 2147483647));
  EXPECT_THAT(integers(directory / "64.h5"), ElementsAre(low64, -1, 0, high64));
}

TEST(ShardWriter, KeepsEveryKindOfFloatingPointNumber) {
  const TemporaryDirectory directory;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const double denormal = std::numeric_limits<double>::denorm_min();
  write_column(directory / "64.h5", {"x", ColumnType::float64},
               std::vector<double>{nan, infinity, -infinity, denormal, -0.0, 0.1});
  write_column(directory / "32.h5", {"x", ColumnType::float32}, std::vector<float>{NAN, INFINITY, 1e-45F, -0.0F, 0.1F});

  const std::vector<double> wide = numbers(directory / "64.h5");
  const std::vector<double> narrow = numbers(directory / "32.h5");
  EXPECT_TRUE(std::isnan(wide[0]));
  EXPECT_THAT((std::vector<double>(wide.begin() + 1, wide.end())),
              ElementsAre(infinity, -infinity, denormal, 0.0, 0.1));
  EXPECT_TRUE(std::signbit(wide[4]));
  EXPECT_TRUE(std::isnan(narrow[0]));
  EXPECT_THAT((std::vector<double>(narrow.begin() + 1, narrow.end())),
              ElementsAre(infinity, double{1e-45F}, 0.0, double{0.1F}));
  EXPECT_TRUE(std::signbit(narrow[3]));
}

TEST(ShardWriter, KeepsTexts) {
  const TemporaryDirectory directory;
  const std::vector<std::string> values = {"", "a", "Z\xC3\xBCrich", "12345678", " padded ", std::string("a\0b", 3)};
  write_column(directory / "a.h5", {"x", ColumnType::text, 8}, values);

  EXPECT_EQ(texts(directory / "a.h5"), values);
  EXPECT_EQ(ShardFile(directory / "a.h5").header().columns.at(0).text_bytes, 8);
}

TEST(ShardWriter, KeepsAColumnOfEmptyTexts) {
  const TemporaryDirectory directory;
  write_column(directory / "a.h5", {"x", ColumnType::text, 0}, std::vector<std::string>(1000));

  EXPECT_EQ(texts(directory / "a.h5"), std::vector<std::string>(1000));
}

TEST(ShardWriter, WritesWideTextsInChunksThatCanBeRead) {
  const TemporaryDirectory directory;
  std::vector<std::string> values(70000, "short");
  values[69999] = std::string(4096, 'w');
  write_column(directory / "a.h5", {"x", ColumnType::text, 4096}, values);

  EXPECT_EQ(ShardFile(directory / "a.h5").read_texts(0, {69999, 70000}).at(0), values[69999]);
}

TEST(ShardWriter, WritesNoRows) {
  const TemporaryDirectory directory;
  write(directory / "a.h5", 0, 1);
  write(directory / "b.h5", 0, 1, {.deflate_level = 9});

  EXPECT_EQ(ShardFile(directory / "a.h5").header().rows, 0);
  EXPECT_EQ(ShardFile(directory / "b.h5").header().columns.size(), every_type.size());
  EXPECT_TRUE(numbers(directory / "a.h5").empty());
}

TEST(ShardWriter, WritesAGroupOfAnotherName) {
  const TemporaryDirectory directory;
  write(directory / "a.h5", 3, 3, {.table = "labels"});

  EXPECT_THAT(error_of([&] { ShardFile file(directory / "a.h5"); }).what(), HasSubstr("found /labels"));
}

TEST(ShardWriter, RefusesATextLongerThanDeclared) {
  const TemporaryDirectory directory;
  std::vector<std::string> values(70000, "ok");
  values[66000] = "too long";

  const core::Error error = error_of([&] { write_column(directory / "a.h5", {"town", ColumnType::text, 5}, values); });

  EXPECT_EQ(error.code(), ExitCode::internal);
  EXPECT_EQ(error.place().column, "town");
  EXPECT_EQ(error.place().first_row, 66000);
  EXPECT_EQ(error.place().file, (directory / "a.h5").string());
  EXPECT_THAT(error.what(), testing::Not(HasSubstr("too long")));
  EXPECT_EQ(directory.entries(), 0);
}

TEST(ShardWriter, RefusesTextsThatAReaderWouldRefuse) {
  const TemporaryDirectory directory;

  const core::Error error = error_of([&] { ShardWriter(directory / "a.h5", {{"note", ColumnType::text, 4097}}, 1); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "note");
  EXPECT_EQ(directory.entries(), 0);
}

TEST(ShardWriter, RefusesOtherThanTheDeclaredRows) {
  const TemporaryDirectory directory;
  ShardWriter few(directory / "few.h5", every_type, 10);
  ShardWriter many(directory / "many.h5", every_type, 10);
  few.append(rows_of(0, 9));

  EXPECT_EQ(error_of([&] { few.commit(); }).code(), ExitCode::internal);
  EXPECT_EQ(error_of([&] { many.append(rows_of(0, 11)); }).code(), ExitCode::internal);
  EXPECT_FALSE(fs::exists(directory / "few.h5"));
}

TEST(ShardWriter, RefusesBlocksOfAnotherShape) {
  const TemporaryDirectory directory;
  ShardWriter writer(directory / "a.h5", {{"x", ColumnType::int32}, {"y", ColumnType::float32}}, 2);
  const std::vector<std::int32_t> whole = {1, 2};
  const std::vector<float> real = {1, 2};

  EXPECT_EQ(error_of([&] { writer.append({whole}); }).code(), ExitCode::internal);
  EXPECT_EQ(error_of([&] { writer.append({whole, whole}); }).place().column, "y");
  EXPECT_EQ(error_of([&] {
              writer.append({whole, std::vector<float>{1}});
            })
                .place()
                .file,
            (directory / "a.h5").string());
  writer.append({whole, real});
  writer.commit();
  EXPECT_THAT(integers(directory / "a.h5"), ElementsAre(1, 2));
}

TEST(ShardWriter, LeavesNothingWhereItIsNotCommitted) {
  const TemporaryDirectory directory;
  {
    ShardWriter writer(directory / "a.h5", every_type, 100);
    writer.append(rows_of(0, 50));
    EXPECT_EQ(directory.entries(), 1);
    EXPECT_FALSE(fs::exists(directory / "a.h5"));
  }

  EXPECT_EQ(directory.entries(), 0);
}

TEST(ShardWriter, KeepsTheOldFileUntilItIsCommitted) {
  const TemporaryDirectory directory;
  write(directory / "a.h5", 3, 3);
  const std::string before = sha256_of_file(directory / "a.h5");
  {
    ShardWriter writer(directory / "a.h5", every_type, 4);
    writer.append(rows_of(0, 4));
    EXPECT_EQ(sha256_of_file(directory / "a.h5"), before);
  }
  EXPECT_EQ(sha256_of_file(directory / "a.h5"), before);

  write(directory / "a.h5", 4, 4);
  EXPECT_EQ(ShardFile(directory / "a.h5").header().rows, 4);
  EXPECT_EQ(directory.entries(), 1);
}

TEST(ShardWriter, IsReadableByItsOwnerAlone) {
  const TemporaryDirectory directory;
  write(directory / "a.h5", 3, 3);

  struct stat facts {};
  ASSERT_EQ(::stat((directory / "a.h5").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST(ShardWriter, NamesTheMissingDirectory) {
  const TemporaryDirectory directory;
  const fs::path path = directory / "absent" / "a.h5";

  const core::Error error = error_of([&] { ShardWriter(path, every_type, 1); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_EQ(error.place().file, path.string());
}

TEST(ShardWriter, SaysThatADirectoryIsNotWritable) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const TemporaryDirectory directory;
  ::chmod(directory.path().c_str(), 0500);

  EXPECT_EQ(error_of([&] { ShardWriter(directory / "a.h5", every_type, 1); }).code(), ExitCode::permission);
  ::chmod(directory.path().c_str(), 0700);
}

TEST(ShardWriter, SaysWhatIsWrongWhereAFileMayNotGrowFurther) {
  const TemporaryDirectory directory;
  // Limits that stop it in the values, and between the last value and the end of the file.
  for (const std::int64_t kilobytes : {1, 16, 300, 1000, 2900, 2930}) {
    const core::Error error = [&] {
      const support::FileSizeLimit limit(static_cast<rlim_t>(kilobytes) << 10);
      return error_of([&] { write(directory / "a.h5", 90000, 1000); });
    }();

    EXPECT_EQ(error.code(), ExitCode::io) << kilobytes;
    EXPECT_EQ(error.place().file, (directory / "a.h5").string()) << kilobytes;
    EXPECT_THAT(error.what(), HasSubstr("File too large")) << kilobytes;
    EXPECT_FALSE(error.remedy_text().empty()) << kilobytes;
    EXPECT_EQ(directory.entries(), 0) << kilobytes;
  }
}

TEST(ShardWriter, EitherFailsOrWritesAWholeFileAtEveryLimit) {
  const TemporaryDirectory directory;
  write(directory / "whole.h5", 2000, 2000);
  const auto bytes = static_cast<std::int64_t>(fs::file_size(directory / "whole.h5"));
  const std::string whole = sha256_of_file(directory / "whole.h5");

  for (std::int64_t limit_bytes = 0; limit_bytes <= bytes + 8192; limit_bytes += 512) {
    bool is_written = true;
    {
      const support::FileSizeLimit limit(static_cast<rlim_t>(limit_bytes));
      try {
        write(directory / "a.h5", 2000, 2000);
      } catch (const core::Error& error) {
        is_written = false;
        EXPECT_EQ(error.code(), ExitCode::io) << limit_bytes << ": " << error.what();
      }
    }
    EXPECT_EQ(is_written, limit_bytes >= bytes) << limit_bytes;
    EXPECT_EQ(fs::exists(directory / "a.h5"), is_written) << limit_bytes;
    EXPECT_EQ(is_written ? sha256_of_file(directory / "a.h5") : whole, whole) << limit_bytes;
    fs::remove(directory / "a.h5");
  }
}

TEST(ShardWriter, SaysThatTheDiskIsFull) {
  const TemporaryDirectory directory;
  const fs::path disk = directory / "disk";
  fs::create_directory(disk);
  if (::mount("cardseg-test", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "no small file system can be mounted here; the limit on file sizes is tested instead";

  const core::Error error = error_of([&] { write(disk / "a.h5", 90000, 1000); });
  const bool is_clean = fs::is_empty(disk);
  ::umount2(disk.c_str(), MNT_DETACH);

  EXPECT_EQ(error.code(), ExitCode::io);
  EXPECT_THAT(error.what(), HasSubstr("No space left on device"));
  EXPECT_EQ(error.place().file, (disk / "a.h5").string());
  EXPECT_THAT(error.remedy_text(), HasSubstr("Free some space"));
  EXPECT_TRUE(is_clean);
}

}  // namespace
}  // namespace cardseg::io
