#include "convert/csv_record_reader.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "convert/csv_scratch.hpp"

namespace cardseg::convert {
namespace {

using testing::ElementsAre;

struct Row {
  std::vector<std::string> values;
  CsvProblem problem;
  std::int64_t first_line;
  std::int64_t last_line;

  bool operator==(const Row&) const = default;
};

std::vector<Row> read_all(const CsvFile& file, char delimiter, std::size_t buffer_bytes) {
  CsvRecordReader reader(file, delimiter, {0, 1}, file.size(), CsvRecordReader::TextCheck::is_due, buffer_bytes);
  std::vector<Row> rows;
  while (const CsvRecord* record = reader.next()) {
    rows.push_back({{}, record->problem, record->first_line, record->last_line});
    for (const CsvField& field : record->fields) rows.back().values.push_back(field.value());
  }
  return rows;
}

// Reads with a buffer of every small size, so that it ends at every byte, and expects the same each time.
std::vector<Row> rows_of(std::string_view text, char delimiter = ',') {
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", text));
  const std::vector<Row> rows = read_all(file, delimiter, 1 << 20);
  for (std::size_t bytes = 1; bytes <= text.size() + 1; ++bytes)
    EXPECT_EQ(read_all(file, delimiter, bytes), rows) << "with a buffer of " << bytes << " bytes";
  return rows;
}

std::vector<std::string> values_of(const std::vector<Row>& rows) {
  std::vector<std::string> values;
  for (const Row& row : rows) {
    EXPECT_EQ(row.problem, CsvProblem::none) << "line " << row.first_line;
    values.insert(values.end(), row.values.begin(), row.values.end());
  }
  return values;
}

std::vector<CsvProblem> problems_of(std::string_view text) {
  std::vector<CsvProblem> problems;
  for (const Row& row : rows_of(text)) problems.push_back(row.problem);
  return problems;
}

}  // namespace

TEST(CsvRecordReader, ReadsPlainFieldsWithAnyLineEnd) {
  for (const char* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\nc,d", "a,b\r\nc,d\r", "\n\na,b\r\n\r\nc,d\n\n"})
    EXPECT_THAT(values_of(rows_of(text)), ElementsAre("a", "b", "c", "d")) << text;
}

TEST(CsvRecordReader, KeepsEmptyFields) {
  EXPECT_THAT(values_of(rows_of(",a,\n,,\n\"\",\"\",")), ElementsAre("", "a", "", "", "", "", "", "", ""));
}

TEST(CsvRecordReader, ReadsQuotedDelimitersLineEndsAndQuotes) {
  const std::vector<Row> rows = rows_of("\"a,b\",\"c\r\nd\",\"e\"\"f\"\"\"\n\"\"\"\",g,h\r\n");

  EXPECT_THAT(values_of(rows), ElementsAre("a,b", "c\r\nd", "e\"f\"", "\"", "g", "h"));
  EXPECT_EQ(rows[0].last_line, 2);
  EXPECT_EQ(rows[1].first_line, 3);
}

TEST(CsvRecordReader, DividesAtOtherDelimiters) {
  EXPECT_THAT(values_of(rows_of("a,b;\"c;d\"\n", ';')), ElementsAre("a,b", "c;d"));
  EXPECT_THAT(values_of(rows_of("a b\t\tc", '\t')), ElementsAre("a b", "", "c"));
}

TEST(CsvRecordReader, ConfinesAStrayQuoteToItsRow) {
  EXPECT_THAT(problems_of("a,6\" x\nb,c\n"), ElementsAre(CsvProblem::quote_in_field, CsvProblem::none));
  EXPECT_THAT(problems_of("\"a\"b\",c\nd,e\n"), ElementsAre(CsvProblem::text_after_quote, CsvProblem::none));
  EXPECT_THAT(problems_of("a, \"b\"\nd,e\n"), ElementsAre(CsvProblem::quote_in_field, CsvProblem::none));
}

TEST(CsvRecordReader, SaysWhichLinesAQuoteSwallowed) {
  const std::vector<Row> rows = rows_of("a\n\"b\nc\nd\n");

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].problem, CsvProblem::unclosed_quote);
  EXPECT_EQ(rows[1].first_line, 2);
  EXPECT_EQ(rows[1].last_line, 4);
}

TEST(CsvRecordReader, RefusesBareCarriageReturnsNulAndOtherEncodings) {
  using namespace std::string_view_literals;

  EXPECT_THAT(problems_of("a\rb\nc\n"), ElementsAre(CsvProblem::bare_carriage_return, CsvProblem::none));
  EXPECT_THAT(problems_of("a\0b\nc\n"sv), ElementsAre(CsvProblem::nul_byte, CsvProblem::none));
  EXPECT_THAT(problems_of("M\xFCller\nM\xC3\xBCller\n"), ElementsAre(CsvProblem::invalid_utf8, CsvProblem::none));
  EXPECT_THAT(problems_of("\xC0\xAF\n\xED\xA0\x80\n\xF4\x90\x80\x80\n\xE2\x82\n\xF0\x9F\x98\x80\n"),
              ElementsAre(CsvProblem::invalid_utf8, CsvProblem::invalid_utf8, CsvProblem::invalid_utf8,
                          CsvProblem::invalid_utf8, CsvProblem::none));
}

TEST(CsvRecordReader, StopsBeforeTheEndOfItsRange) {
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", "a\nb\nc\n"));
  CsvRecordReader reader(file, ',', {2, 2}, 4);

  ASSERT_TRUE(reader.next());

  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.position().offset, 4);
}

TEST(CsvRecordReader, TakesARowOfSixteenMebibytesAndRefusesALongerOne) {
  const CsvScratch scratch;
  const CsvFile longest(scratch.write("longest.csv", std::string(csv_max_record_bytes, 'x') + "\ny\n"));
  const CsvFile longer(scratch.write("longer.csv", "a\n" + std::string(csv_max_record_bytes + 1, 'x') + "\ny\n"));

  EXPECT_EQ(read_all(longest, ',', 1 << 20).size(), 2u);
  try {
    read_all(longer, ',', 1 << 20);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    EXPECT_NE(error.reason().find("line 2 "), std::string::npos) << error.reason();
  }
}

TEST(CsvRecordReader, KeepsNoMoreFieldsThanAFileMayHave) {
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", std::string(1'000'000, ',') + "\n"));
  CsvRecordReader reader(file, ',', {0, 1}, file.size());

  EXPECT_EQ(reader.next()->fields.size(), csv_max_columns + 1);
}

}  // namespace cardseg::convert
