#include "convert/csv_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "convert/csv_plain_class.hpp"

namespace cardseg::convert {
namespace {

template <class T>
CsvProblem problem_of(std::string_view value) {
  T ignored = 0;
  return parse(value, ignored);
}

template <class T>
T number_of(std::string_view value) {
  T number = -77;
  EXPECT_EQ(parse(value, number), CsvProblem::none) << value;
  return number;
}

}  // namespace

TEST(CsvValues, ReadNumbersExactly) {
  EXPECT_EQ(number_of<double>("0.1"), 0.1);
  EXPECT_EQ(number_of<double>("+2.5e3"), 2500.0);
  EXPECT_EQ(number_of<double>("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(number_of<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(number_of<std::int32_t>("0012"), 12);
  EXPECT_TRUE(std::signbit(number_of<double>("-0")));
}

TEST(CsvValues, CallTinyNumbersZero) {
  for (const char* tiny : {"1e-400", "-1e-99999999999999999999", "0.1e-400"}) EXPECT_EQ(number_of<double>(tiny), 0.0);
  EXPECT_EQ(number_of<double>("0." + std::string(500, '0') + "1"), 0.0);
  EXPECT_EQ(number_of<float>("1e-60"), 0.0F);
  EXPECT_TRUE(std::signbit(number_of<double>("-1e-400")));
}

TEST(CsvValues, RefuseInfiniteNumbers) {
  for (const char* infinite : {"inf", "-Infinity", "1e999", "-1e99999999999999999999"})
    EXPECT_EQ(problem_of<double>(infinite), CsvProblem::number_out_of_range) << infinite;
  EXPECT_EQ(problem_of<double>("1" + std::string(400, '0')), CsvProblem::number_out_of_range);
  EXPECT_EQ(problem_of<float>("1e39"), CsvProblem::number_out_of_range);
  EXPECT_EQ(problem_of<std::int64_t>("inf"), CsvProblem::number_out_of_range);
  EXPECT_EQ(problem_of<std::int32_t>("2147483648"), CsvProblem::number_out_of_range);
}

TEST(CsvValues, RefuseWhatIsNoNumber) {
  for (const char* word : {"", "nan", "NaN(1)", "12 ", "1,5", "+", "-", "+-1", "0x10", "1.5.2"})
    EXPECT_EQ(problem_of<double>(word), CsvProblem::not_a_number) << word;
  EXPECT_EQ(problem_of<std::int64_t>("1.0"), CsvProblem::not_an_integer);
}

// Types are inferred with one grammar and values read with another: what the first lets through the second must read.
TEST(CsvValues, ReadEverythingThatInferenceCallsANumber) {
  const std::string alphabet = "01.-+eE";
  for (std::int64_t code = 0; code < 7 * 7 * 7 * 7 * 7 * 7; ++code) {
    std::string value;
    for (std::int64_t rest = code; rest > 0; rest /= 7) value += alphabet[static_cast<std::size_t>(rest % 7)];
    const ValueClass value_class = class_of_plain_number(value);
    if (value_class == ValueClass::integer) {
      EXPECT_EQ(problem_of<std::int64_t>(value), CsvProblem::none) << value;
    }
    if (value_class == ValueClass::integer || value_class == ValueClass::real) {
      EXPECT_EQ(problem_of<double>(value), CsvProblem::none) << value;
    }
  }
}

TEST(CsvValues, ReadBooleans) {
  bool truth = false;
  EXPECT_EQ(parse_boolean("TRUE", truth), CsvProblem::none);
  EXPECT_TRUE(truth);
  EXPECT_EQ(parse_boolean("0", truth), CsvProblem::none);
  EXPECT_FALSE(truth);
  EXPECT_EQ(parse_boolean("Ja", truth), CsvProblem::none);
  EXPECT_TRUE(truth);
  EXPECT_EQ(parse_boolean("maybe", truth), CsvProblem::not_a_boolean);
}

}  // namespace cardseg::convert
