#include "cardseg/convert/csv_types.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/field.hpp"
#include "convert/csv_value_reader.hpp"

namespace cardseg::convert {
namespace {

ColumnEvidence evidence_of(std::initializer_list<std::string_view> values, const Conventions& conventions = {}) {
  ColumnEvidence evidence;
  const ValueReader reader(conventions);
  std::int64_t line = 2;
  for (const std::string_view value : values) {
    const ScannedValue scanned = reader.classify(value);
    evidence.add(scanned.value_class, std::ssize(value), scanned.marks, line++);
  }
  return evidence;
}

io::ColumnType type_of(std::initializer_list<std::string_view> values, int missing = 0) {
  ColumnEvidence evidence = evidence_of(values);
  for (int i = 0; i < missing; ++i) evidence.add(ValueClass::missing, 0);
  return infer(evidence).type;
}

ValueClass classify(std::string_view value) { return ValueReader({}).classify(value).value_class; }

InferredType inferred(std::initializer_list<std::string_view> values, FileFacts facts = {}) {
  InferredType type = infer(evidence_of(values, facts.conventions), facts);
  type.note = core::with_fields(type.note, "--");
  if (type.ambiguity) type.ambiguity->remedy = core::with_fields(type.ambiguity->remedy, "--");
  return type;
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
  const std::string long_integer(309, '9');
  for (const char* infinite : {"inf", "-Inf", "+INFINITY", "1e999", "-1e400", long_integer.c_str()})
    EXPECT_EQ(classify(infinite), ValueClass::infinite) << infinite;
  for (const char* text :
       {"C10001", "00123", "-01", "+4930123456", "0x1F",   "1e",         "1e+",   "e5",     ".",  "-",   "-.",
        "1.2.3",  "12a",   "--1", "infinite",    "nan(1)", "2020-02-30", "1/2/3", "1,23,4", "(1", "5%%", "$5$"})
    EXPECT_EQ(classify(text), ValueClass::text) << text;
  for (const char* number : {"1,5", "1 000", "1.5-", "(30.00)", "$1,234.50", "12,5 %", "\u22127.25", "+12", "5 EUR"})
    EXPECT_EQ(classify(number), ValueClass::looks_like_number) << number;
  for (const char* date : {"2020-01-31", "2020-02-29 00:00:00", "1969-12-31T00:00:00.000Z"})
    EXPECT_EQ(classify(date), ValueClass::iso_date) << date;
  for (const char* date : {"31.01.2020", "1/31/2020", "3-4-2020"})
    EXPECT_EQ(classify(date), ValueClass::looks_like_date) << date;
  for (const char* boolean : {"true", "FALSE", "True", "yes", "N", "ja", "Nein", "t"})
    EXPECT_EQ(classify(boolean), ValueClass::boolean) << boolean;
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

TEST(CsvTypes, MakeFlagsOfPairsOfWords) {
  EXPECT_EQ(type_of({"Y", "n", "N"}), io::ColumnType::boolean);
  EXPECT_EQ(type_of({"yes", "yes"}), io::ColumnType::boolean);
  EXPECT_EQ(type_of({"Ja", "Nein"}), io::ColumnType::boolean);
  EXPECT_EQ(type_of({"Ja"}, 1), io::ColumnType::float64);
  EXPECT_EQ(type_of({"F", "F"}), io::ColumnType::text) << "a letter alone may be any code";
  EXPECT_EQ(type_of({"yes", "ja"}), io::ColumnType::text);
  EXPECT_EQ(type_of({"yes", "no", "unknown"}), io::ColumnType::text);
}

TEST(CsvTypes, MakeDatesOfOneOrder) {
  EXPECT_TRUE(inferred({"2019-01-31", "0001-01-01"}).is_date);
  EXPECT_EQ(inferred({"2019-01-31"}).type, io::ColumnType::int32);
  EXPECT_TRUE(inferred({"31.01.2019", "1/2/2019"}, {.conventions = {.dates = DateOrder::dmy}}).is_date);
  EXPECT_FALSE(inferred({"31.01.2019", "2019-01-31"}, {.conventions = {.dates = DateOrder::dmy}}).is_date);
  EXPECT_THAT(inferred({"31.01.2019", "02.03.2019"}).note, testing::HasSubstr("--dates dmy"));
  EXPECT_THAT(inferred({"01/31/2019", "02/03/2019"}).note, testing::HasSubstr("--dates mdy"));
  EXPECT_THAT(inferred({"01.02.2019"}).note, testing::HasSubstr("--dates dmy"));
  EXPECT_THAT(inferred({"01/31/2019", "31/01/2019"}).note, testing::HasSubstr("no one order"));
}

TEST(CsvTypes, RefuseDatesThatTwoOrdersRead) {
  const InferredType type = inferred({"03/04/2026", "05/06/2026"});

  ASSERT_TRUE(type.ambiguity);
  EXPECT_THAT(type.ambiguity->reason, testing::HasSubstr("has 2 dates of open order, first in line 2"));
  EXPECT_THAT(type.ambiguity->remedy,
              testing::AllOf(testing::HasSubstr("--dates dmy"), testing::HasSubstr("--dates mdy")));
}

TEST(CsvTypes, RefuseAPointOfTwoMeanings) {
  const FileFacts semicolons{.delimiter = ';'};
  EXPECT_TRUE(inferred({"10.000", "2.500", "500"}).ambiguity);
  EXPECT_TRUE(inferred({"2.500"}, semicolons).ambiguity);
  EXPECT_TRUE(inferred({"2.500"}, {.has_decimal_commas = true}).ambiguity);
  EXPECT_FALSE(inferred({"2.500", "-12.125"}).ambiguity) << "three decimals in every value";
  EXPECT_FALSE(inferred({"2.500", "2.5"}, semicolons).ambiguity);
  EXPECT_FALSE(inferred({"2.500", "0.250"}, semicolons).ambiguity) << "no group begins with 0";
  EXPECT_FALSE(inferred({"2.500", "1234.500"}, semicolons).ambiguity);
  EXPECT_FALSE(inferred({"2.500", "500"}, {.conventions = {.decimal = '.'}}).ambiguity);
  EXPECT_EQ(inferred({"2.500", "500"}, {.conventions = {.thousands = '.'}}).type, io::ColumnType::int64);
}

TEST(CsvTypes, NameTheOptionsThatReadNumbersOfText) {
  const auto note = [](std::initializer_list<std::string_view> values, const Conventions& conventions = {}) {
    const InferredType type = inferred(values, {.conventions = conventions});
    EXPECT_EQ(type.type, io::ColumnType::text);
    return type.note;
  };
  using testing::HasSubstr;
  EXPECT_THAT(note({"5.840,72", "12,00", "7"}), HasSubstr("2 of its 3 values are written with"));
  EXPECT_THAT(note({"5.840,72", "12,00"}), HasSubstr("read with --decimal , --thousands ."));
  EXPECT_THAT(note({"5,5", "12,00"}), testing::EndsWith("read with --decimal ,"));
  EXPECT_THAT(note({"$1,234.50", "$98.10"}), HasSubstr("read with --thousands , --currency '$'"));
  EXPECT_THAT(note({"1 234,5"}), HasSubstr("read with --decimal , --thousands space"));
  EXPECT_THAT(note({"1'234.5"}), HasSubstr("read with --thousands \"'\""));
  EXPECT_THAT(note({"5.00-"}), HasSubstr("a minus behind the number; read with --decimal ."));
  EXPECT_THAT(note({"1,234", "2,500"}), testing::AllOf(HasSubstr("--thousands ,"), HasSubstr("or --decimal ,")));
  EXPECT_THAT(note({"1.234,5", "1,234.5"}), HasSubstr("no one convention"));
  EXPECT_THAT(note({"10.000"}, {.decimal = ','}), HasSubstr("read with --decimal , --thousands ."));
  EXPECT_THAT(note({"1.23"}, {.thousands = '.'}), testing::EndsWith("read with --decimal ."));
  EXPECT_THAT(note({"5 %", "5"}), HasSubstr("in percent and the others are not"));
}

TEST(CsvTypes, SayThatAFewValuesMakeAColumnText) {
  EXPECT_THAT(inferred({"1", "2", "x", "3.5"}).note,
              testing::HasSubstr("1 of its 4 values is no number, first in line 4"));
  EXPECT_THAT(inferred({"2019-01-31", "2019-02-30", "2019-03-31"}).note,
              testing::HasSubstr("1 of its 3 values is no date, first in line 3"));
  EXPECT_EQ(inferred({"a", "b", "1"}).note, "");
}

TEST(CsvTypes, KeepAmountsOfSeveralCurrenciesAsText) {
  const FileFacts facts{.conventions = {.currencies = {"$", "EUR"}}};
  EXPECT_EQ(inferred({"$5", "6 EUR"}, facts).type, io::ColumnType::text);
  EXPECT_EQ(inferred({"$5", "6"}, facts).type, io::ColumnType::int64);
  EXPECT_THAT(inferred({"5 EUR", "6 GBP"}).note, testing::HasSubstr("several currencies"));
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
