#include "convert/csv_dialect.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "convert/csv_scratch.hpp"

namespace cardseg::convert {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CsvDialect dialect_of(std::string_view text, const HeaderOptions& options = {}) {
  const CsvScratch scratch;
  return read_dialect(CsvFile(scratch.write("x.csv", text)), options);
}

std::string error_of(std::string_view text, const HeaderOptions& options = {}) {
  try {
    dialect_of(text, options);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    return core::with_fields(error.reason() + ". " + error.remedy_text(), "--");
  }
  ADD_FAILURE() << "no error";
  return "";
}

}  // namespace

TEST(CsvDialect, FindsTheDelimiter) {
  EXPECT_EQ(dialect_of("a,b\n1,2\n").delimiter, ',');
  EXPECT_EQ(dialect_of("a;b\n1,5;2,5\n").delimiter, ';');
  EXPECT_EQ(dialect_of("a\tb\n1\t2\n").delimiter, '\t');
  EXPECT_EQ(dialect_of("a|b|c\n1|2|3\n").delimiter, '|');
  EXPECT_EQ(dialect_of("\"last, first\";\"age, years\"\n\"x\";1\n").delimiter, ';');
  EXPECT_EQ(dialect_of("balance\n1\n").delimiter, ',');
  EXPECT_EQ(dialect_of("a;b,c\n1;2\n3;4\n").delimiter, ';') << "the rows decide";
}

TEST(CsvDialect, ReadsTheHeader) {
  const CsvDialect dialect = dialect_of("\xEF\xBB\xBF\n id ,\"a \"\"b\"\"\"\r\n1,2\r\n");

  EXPECT_THAT(dialect.column_names, ElementsAre("id", "a \"b\""));
  EXPECT_EQ(dialect.data.line, 3);
  EXPECT_EQ(dialect.data.offset, 20);
}

TEST(CsvDialect, TakesTheGivenDelimiter) {
  EXPECT_THAT(dialect_of("a,b;c\n1,2;3\n", {.delimiter = ';'}).column_names, ElementsAre("a,b", "c"));
}

TEST(CsvDialect, NamesThePositionsOfBadNamesAndNeverTheNames) {
  EXPECT_THAT(error_of("id,age,balance,age\n"), HasSubstr("columns 2 and 4"));
  EXPECT_THAT(error_of("id,\"a\nb\"\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("id," + std::string(256, 'x') + "\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("secret,secret\n"), testing::Not(HasSubstr("secret")));
}

TEST(CsvDialect, NamesNamelessColumnsAndMapsSlashesAndSaysSo) {
  const CsvDialect dialect = dialect_of(",id,a/b, \nx,1,2,3\n");

  EXPECT_THAT(dialect.column_names, ElementsAre("column_1", "id", "a_b", "column_4"));
  EXPECT_THAT(dialect.warnings, ElementsAre("column 1 of the header has no name; it is called column_1",
                                            HasSubstr("column 3 of the header is called a_b"), HasSubstr("column_4")));
  EXPECT_THAT(error_of("a/b,a_b\n1,2\n"), HasSubstr("columns 1 and 2"));
}

TEST(CsvDialect, TakesTheDelimiterFromALineThatNamesIt) {
  for (const char* text : {"sep=;\na,x;b\n1;2\n", "\xEF\xBB\xBFsep=;\r\na,x;b\r\n1;2\r\n"}) {
    const CsvDialect dialect = dialect_of(text);

    EXPECT_EQ(dialect.delimiter, ';');
    EXPECT_THAT(dialect.column_names, ElementsAre("a,x", "b"));
    EXPECT_EQ(dialect.data.line, 3);
  }
}

TEST(CsvDialect, ReadsTheHeaderThatIsGiven) {
  const CsvDialect dialect = dialect_of("Extract \"\n1 January\nid;balance\n1;2\n", {.line = 3});

  EXPECT_EQ(dialect.delimiter, ';');
  EXPECT_THAT(dialect.column_names, ElementsAre("id", "balance"));
  EXPECT_EQ(dialect.data.line, 4);
  EXPECT_THAT(error_of("a\nb\n", {.line = 9}), HasSubstr("--header-line names line 9"));
}

TEST(CsvDialect, TakesGivenNamesWhereThereIsNoHeader) {
  const CsvDialect dialect = dialect_of("1;2\n3;4\n", {.is_present = false, .names = {"id", "balance"}});

  EXPECT_THAT(dialect.column_names, ElementsAre("id", "balance"));
  EXPECT_EQ(dialect.data.line, 1);
  EXPECT_EQ(dialect.data.offset, 0);
  EXPECT_THAT(error_of("1;2\n3;4\n", {.is_present = false, .names = {"id"}}),
              HasSubstr("line 1 has 2 columns, and --columns names 1"));
}

TEST(CsvDialect, RefusesATitleAboveTheHeader) {
  EXPECT_THAT(error_of("Portfolio extract\nid,balance,limit\n1,2,3\n4,5,6\n"),
              testing::AllOf(HasSubstr("line 1 has one column, the lines from line 2 on have 3"),
                             HasSubstr("--header-line 2")));
  EXPECT_THAT(error_of("Extract\nof May, 2026\nid;a;b;c\n1;2;3;4\n4;5;6;7\n"), HasSubstr("--header-line 3"));
  EXPECT_THAT(dialect_of("id\n1\n2\n3\n").column_names, ElementsAre("id"));
}

TEST(CsvDialect, RefusesAHeaderMadeOfNumbers) {
  EXPECT_THAT(error_of("1,19970101,11.77\n2,19970112,12.00\n"),
              testing::AllOf(HasSubstr("the header at line 1 is made of numbers"), HasSubstr("--no-header --columns")));
  EXPECT_THAT(error_of("1;2019-01-31;5,40 EUR\n"), HasSubstr("made of numbers"));
  EXPECT_EQ(dialect_of("2019,2020,id\n1,2,3\n").column_names.size(), 3u);
}

TEST(CsvDialect, RefusesFilesWithoutAReadableHeader) {
  using namespace std::string_view_literals;

  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("\n\r\n"), HasSubstr("empty"));
  EXPECT_THAT(error_of("a\rb\rc\r1"), HasSubstr("carriage return"));
  EXPECT_THAT(error_of("a,b\0\n"sv), HasSubstr("NUL"));
  EXPECT_THAT(error_of("a,\"b\n1,2\n"), HasSubstr("never closed"));
}

}  // namespace cardseg::convert
