#include "cardseg/convert/csv_types.hpp"

#include <gtest/gtest.h>

namespace cardseg::convert {
namespace {

io::ColumnType type_of(std::initializer_list<std::string_view> values, int missing = 0) {
  ColumnEvidence evidence;
  for (const std::string_view value : values) evidence.add(classify(value), std::ssize(value));
  for (int i = 0; i < missing; ++i) evidence.add(ValueClass::missing, 0);
  return infer(evidence).type;
}

}  // namespace

TEST(CsvTypes, TellNumbersFromTexts) {
  for (const char* integer : {"0", "-0", "7", "-12", "9007199254740992", "-9007199254740992"})
    EXPECT_EQ(classify(integer), ValueClass::integer) << integer;
  for (const char* wide : {"9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808"})
    EXPECT_EQ(classify(wide), ValueClass::wide_integer) << wide;
  for (const char* huge : {"9223372036854775808", "-9223372036854775809", "12345678901234567890123"})
    EXPECT_EQ(classify(huge), ValueClass::huge_integer) << huge;
  for (const char* real : {"0.5", "-.5", "1.", "1e5", "1E-5", "-2.5e+3", "0e0", "1e-999", "0.000"})
    EXPECT_EQ(classify(real), ValueClass::real) << real;
  for (const char* infinite : {"inf", "-Inf", "+INFINITY", "1e999", "-1e400"})
    EXPECT_EQ(classify(infinite), ValueClass::infinite) << infinite;
  for (const char* text :
       {"C10001", "00123", "-01",   "+4930123456", "1,5", "1 000",      "0x1F",     "1e",  "1e+",    "e5",  ".",
        "-",      "-.",    "1.2.3", "12a",         "--1", "2020-01-31", "infinite", "yes", "nan(1)", "1.5-"})
    EXPECT_EQ(classify(text), ValueClass::text) << text;
  for (const char* boolean : {"true", "FALSE", "True"}) EXPECT_EQ(classify(boolean), ValueClass::boolean) << boolean;
}

TEST(CsvTypes, TakeAllValuesIntoAccount) {
  EXPECT_EQ(type_of({"1", "2"}), io::ColumnType::int64);
  EXPECT_EQ(type_of({"1", "2.5"}), io::ColumnType::float64);
  EXPECT_EQ(type_of({"1", "2.5", "x"}), io::ColumnType::text);
  EXPECT_EQ(type_of({"true", "false"}), io::ColumnType::boolean);
  EXPECT_EQ(type_of({"true", "1"}), io::ColumnType::text);
  EXPECT_EQ(type_of({"12", "0012"}), io::ColumnType::text);
  EXPECT_EQ(type_of({"1", "inf"}, 0), io::ColumnType::int64);
  EXPECT_EQ(type_of({}), io::ColumnType::float64);
}

TEST(CsvTypes, MakeRoomForMissingValues) {
  EXPECT_EQ(type_of({"1", "2"}, 1), io::ColumnType::float64);
  EXPECT_EQ(type_of({"true"}, 1), io::ColumnType::float64);
  EXPECT_EQ(type_of({"x"}, 1), io::ColumnType::text);
  EXPECT_EQ(type_of({}, 3), io::ColumnType::float64);
}

TEST(CsvTypes, NeverRoundAnIdentifier) {
  EXPECT_EQ(type_of({"9007199254740993"}), io::ColumnType::int64);
  EXPECT_EQ(type_of({"9007199254740993"}, 1), io::ColumnType::text);
  EXPECT_EQ(type_of({"12345678901234567890"}), io::ColumnType::text);
  EXPECT_EQ(type_of({"12345678901234567890", "0.5"}), io::ColumnType::float64);
}

TEST(CsvTypes, SayWhatIsSurprising) {
  ColumnEvidence evidence;
  evidence.add(ValueClass::wide_integer, 16);
  EXPECT_TRUE(infer(evidence).note.empty());

  evidence.add(ValueClass::missing, 0);

  EXPECT_FALSE(infer(evidence).note.empty());
}

TEST(CsvTypes, MeasureTheLongestValueThatIsNotMissing) {
  ColumnEvidence evidence;

  evidence.add(ValueClass::text, 5);
  evidence.add(ValueClass::missing, 9);

  EXPECT_EQ(evidence.longest_bytes, 5);
}

}  // namespace cardseg::convert
