#include "convert/csv_dialect.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "convert/csv_scratch.hpp"

namespace cardseg::convert {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CsvDialect dialect_of(std::string_view text, char delimiter = 0) {
  const CsvScratch scratch;
  return read_dialect(CsvFile(scratch.write("x.csv", text)), delimiter);
}

std::string error_of(std::string_view text) {
  try {
    dialect_of(text);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    return error.reason();
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
  EXPECT_THAT(dialect_of("a,b;c\n1,2;3\n", ';').column_names, ElementsAre("a,b", "c"));
}

TEST(CsvDialect, NamesThePositionsOfBadNamesAndNeverTheNames) {
  EXPECT_THAT(error_of("id,age,balance,age\n"), HasSubstr("columns 2 and 4"));
  EXPECT_THAT(error_of("id,,age\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("id,a/b\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("id,\"a\nb\"\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("id," + std::string(256, 'x') + "\n"), HasSubstr("column 2"));
  EXPECT_THAT(error_of("secret,secret\n"), testing::Not(HasSubstr("secret")));
}

TEST(CsvDialect, RefusesFilesWithoutAReadableHeader) {
  using namespace std::string_view_literals;

  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("\n\r\n"), HasSubstr("empty"));
  EXPECT_THAT(error_of("\xFF\xFE"
                       "a\0,\0b\0"sv),
              HasSubstr("UTF-16"));
  EXPECT_THAT(error_of("a\rb\rc\r1"), HasSubstr("carriage return"));
  EXPECT_THAT(error_of("a,b\0\n"sv), HasSubstr("NUL"));
  EXPECT_THAT(error_of("a,\"b\n1,2\n"), HasSubstr("never closed"));
}

}  // namespace cardseg::convert
