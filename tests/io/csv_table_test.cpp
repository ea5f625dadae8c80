#include "cardseg/io/csv_table.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace cardseg::io {
namespace {

using testing::ElementsAre;

std::vector<CsvRecord> records_of(std::string_view text) {
  std::vector<CsvRecord> records;
  CsvReader reader(text);
  for (CsvRecord record; reader.next(record);) records.push_back(record);
  return records;
}

}  // namespace

TEST(CsvWriter, QuotesWhatNeedsIt) {
  CsvWriter writer({"plain", "a,b"});
  writer.add_row({"say \"x\"", "two\nlines"});

  EXPECT_EQ(writer.text(), "plain,\"a,b\"\n\"say \"\"x\"\"\",\"two\nlines\"\n");
}

TEST(CsvWriter, LeavesEmptyWhatIsAbsentOrNoNumber) {
  CsvWriter writer({"a", "b", "c", "d"});
  writer.add_row({std::monostate(), std::nan(""), std::int64_t{12345678}, 0.1});

  EXPECT_EQ(writer.text(), "a,b,c,d\n,,12345678,0.1\n");
}

TEST(CsvTable, ReadsBackToTheSameTextsAndBits) {
  const std::vector<double> numbers = {1.0 / 3, -0.0, 1e300, std::numeric_limits<double>::denorm_min(), 123456789.125};
  const std::vector<std::string> texts = {"", ",", "\"", "\r", "\n\n", "\xD7\x90\xD7\x91", " spaces "};
  for (double number : numbers)
    for (const std::string& text : texts) {
      CsvWriter writer({text, "number"});
      writer.add_row({text, number});

      const std::vector<CsvRecord> records = records_of(writer.text());

      ASSERT_EQ(records.size(), 2U);
      EXPECT_THAT(records[0].fields, ElementsAre(text, "number"));
      EXPECT_EQ(records[1].fields[0], text);
      EXPECT_EQ(std::strtod(records[1].fields[1].c_str(), nullptr), number);
    }
}

TEST(CsvReader, CountsLinesThroughQuotedBreaksAndEmptyLines) {
  const std::vector<CsvRecord> records = records_of("a,b\n\"one\ntwo\",2\n\n\r\n3,4");

  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].line, 2);
  EXPECT_THAT(records[1].fields, ElementsAre("one\ntwo", "2"));
  EXPECT_EQ(records[2].line, 6);
  EXPECT_THAT(records[2].fields, ElementsAre("3", "4"));
}

TEST(CsvReader, TakesWhatSpreadsheetsWrite) {
  const std::vector<CsvRecord> records = records_of(
      "\xEF\xBB\xBF"
      "a,b\r\n1,\r\n");

  ASSERT_EQ(records.size(), 2U);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", ""));
}

TEST(CsvReader, FindsNothingInAnEmptyFile) {
  EXPECT_TRUE(records_of("").empty());
  EXPECT_TRUE(records_of("\n\n").empty());
}

}  // namespace cardseg::io
