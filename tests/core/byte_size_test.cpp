#include "cardseg/core/byte_size.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::core {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kibi = 1024;

std::int64_t parsed(const std::string& text) { return parse_byte_size(text, "--memory-limit"); }

}  // namespace

TEST(ByteSize, ReadsWholeNumbersDecimalsAndUnits) {
  EXPECT_EQ(parsed("1"), 1);
  EXPECT_EQ(parsed("4096"), 4096);
  EXPECT_EQ(parsed("10K"), 10 * kibi);
  EXPECT_EQ(parsed("512M"), 512 * kibi * kibi);
  EXPECT_EQ(parsed("1.5G"), 3 * kibi * kibi * kibi / 2);
  EXPECT_EQ(parsed("2t"), 2 * kibi * kibi * kibi * kibi);
}

TEST(ByteSize, RefusesWhatIsNoPositiveSize) {
  for (const char* text : {"", "0", "0M", "0.5", "-1", "-1G", "+1", "1X", "1e99", "1GB", "G", ".5G", "1.2.3G", "1 G",
                           "9999999999T", "nan"}) {
    SCOPED_TRACE(text);
    const Error error = support::error_of([&] { parsed(text); });

    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("--memory-limit"));
    EXPECT_THAT(error.what(), HasSubstr(text));
  }
}

TEST(ByteSize, NamesTheFewestMegabytesThatHoldThem) {
  EXPECT_EQ(byte_size_above(1), "1M");
  EXPECT_EQ(byte_size_above(kibi * kibi), "1M");
  EXPECT_EQ(byte_size_above(kibi * kibi + 1), "2M");
}

TEST(ByteSize, IsWrittenAsItIsRead) {
  for (const std::int64_t bytes : {std::int64_t{1}, 1000 * kibi, 1500 * kibi * kibi, 64 * kibi * kibi * kibi, kibi + 1})
    EXPECT_EQ(parsed(byte_size_text(bytes)), bytes);
  EXPECT_EQ(byte_size_text(64 * kibi * kibi * kibi), "64G");
  EXPECT_EQ(byte_size_text(kibi + 1), "1025");
}

TEST(ByteSize, IsSaidToPeopleInMillionsOfBytes) {
  EXPECT_EQ(megabytes(12'345'678), "12 MB");
  EXPECT_EQ(megabytes(12'345'678, 1), "12.3 MB");
}

}  // namespace cardseg::core
