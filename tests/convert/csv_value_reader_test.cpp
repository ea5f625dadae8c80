#include "convert/csv_value_reader.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "convert/csv_values.hpp"

namespace cardseg::convert {
namespace {

double number_of(std::string_view value, const Conventions& conventions) {
  double number = NAN;
  EXPECT_EQ(ValueReader(conventions).number(value, number), CsvProblem::none) << value;
  return number;
}

bool is_number(std::string_view value, const Conventions& conventions) {
  double number = 0;
  const bool is_read = ValueReader(conventions).number(value, number) == CsvProblem::none;
  const ValueClass value_class = ValueReader(conventions).classify(value).value_class;
  const bool is_classed = value_class == ValueClass::integer || value_class == ValueClass::real;
  EXPECT_EQ(is_read, is_classed) << value;
  return is_read;
}

}  // namespace

TEST(CsvValueReader, ReadsNumbersAsPeopleWriteThem) {
  const Conventions german{.decimal = ',', .thousands = '.', .currencies = {"\u20AC", "EUR"}};
  EXPECT_EQ(number_of("5.840,72", german), 5840.72);
  EXPECT_EQ(number_of("-335,72", german), -335.72);
  EXPECT_EQ(number_of("10.000", german), 10000);
  EXPECT_EQ(number_of("1.234.567,5", german), 1234567.5);
  EXPECT_EQ(number_of("\u20AC 1.234,56", german), 1234.56);
  EXPECT_EQ(number_of("1.234,56\u00A0EUR", german), 1234.56);
  EXPECT_EQ(number_of("12,5 %", german), 12.5);
  EXPECT_EQ(number_of(",5", german), 0.5);
  EXPECT_EQ(number_of("1,5e3", german), 1500);
  const Conventions american{.thousands = ',', .currencies = {"$"}};
  EXPECT_EQ(number_of("$1,234.50", american), 1234.5);
  EXPECT_EQ(number_of("($30.00)", american), -30);
  EXPECT_EQ(number_of("-$5", american), -5);
  EXPECT_EQ(number_of("$-5", american), -5);
  EXPECT_EQ(number_of("5.00-", american), -5);
  EXPECT_EQ(number_of("\u22127.25", american), -7.25);
  EXPECT_EQ(number_of("+12", american), 12);
  EXPECT_EQ(number_of("0", american), 0);
  EXPECT_EQ(number_of("1\u202F234\u00A0567", {.thousands = ' '}), 1234567);
  EXPECT_EQ(number_of("1'234\u2019567.5", {.thousands = '\''}), 1234567.5);
}

TEST(CsvValueReader, RefusesWhatItsConventionsDoNotSay) {
  const Conventions german{.decimal = ',', .thousands = '.'};
  for (const char* value : {"1.23", "1234.567", "12.34,5", "1,2,3", "1.234,5.6", "0.500", "5 USD", "(-5)", "--5",
                            "5-%-", "", "EUR", "1..234", ".234"})
    EXPECT_FALSE(is_number(value, german)) << value;
  for (const char* value : {"5,840.72", "$5", "5 %"}) EXPECT_FALSE(is_number(value, {})) << value;
}

TEST(CsvValueReader, LeavesIdentifiersAndTelephoneNumbersAlone) {
  for (const char* value : {"00017", "+4930123456", "007,50"})
    EXPECT_EQ(ValueReader({.decimal = ','}).classify(value).value_class, ValueClass::text) << value;
}

TEST(CsvValueReader, GivesTheNearestDouble) {
  const ValueReader reader({});
  std::uint64_t state = 1;
  for (int i = 0; i < 200'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::string digits = std::to_string(state >> (state & 47));
    const std::size_t point = (state >> 50) % (digits.size() + 1);
    std::string value = (state >> 49 & 1 ? "-" : "") + digits.substr(0, point);
    if (point < digits.size()) value += "." + digits.substr(point);
    double expected = 0;
    double read = 0;
    if (parse(value, expected) != CsvProblem::none) continue;
    ASSERT_EQ(reader.number(value, read), CsvProblem::none) << value;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(expected)) << value;
  }
  double zero = 1;
  EXPECT_EQ(reader.number("-0", zero), CsvProblem::none);
  EXPECT_TRUE(std::signbit(zero));
}

TEST(CsvValueReader, ReadsDatesAsDays) {
  std::int32_t days = 0;
  EXPECT_EQ(ValueReader({}).date("2019-01-31", days), CsvProblem::none);
  EXPECT_EQ(days, 17927);
  EXPECT_EQ(ValueReader({.dates = DateOrder::dmy}).date("29.02.2024", days), CsvProblem::none);
  EXPECT_EQ(days, 19782);
  EXPECT_EQ(ValueReader({.dates = DateOrder::mdy}).date("12/31/1969", days), CsvProblem::none);
  EXPECT_EQ(days, -1);
  for (const char* value : {"31.01.2019", "2019-13-01", "2019-01-31 12:00:00", "2019-1-31", "0000-01-01"})
    EXPECT_EQ(ValueReader({}).date(value, days), CsvProblem::not_a_date) << value;
}

}  // namespace cardseg::convert
