#include "cardseg/io/shard_file.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using support::chunks_of;
using support::enum_type;
using support::error_of;
using support::RawHdf5;
using support::text_type;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;
namespace fs = std::filesystem;

std::size_t index_of(const ShardFile& file, const std::string& name) {
  for (std::size_t i = 0; i < file.header().columns.size(); ++i)
    if (file.header().columns[i].name == name) return i;
  throw std::out_of_range(name);
}

std::vector<double> numbers(const ShardFile& file, const std::string& name, core::Range rows) {
  std::vector<double> values(static_cast<std::size_t>(rows.size()));
  file.read_numbers(index_of(file, name), rows, values);
  return values;
}
std::vector<double> numbers(const ShardFile& file, const std::string& name) {
  return numbers(file, name, {0, file.header().rows});
}

std::vector<std::int64_t> integers(const ShardFile& file, const std::string& name) {
  std::vector<std::int64_t> values(static_cast<std::size_t>(file.header().rows));
  file.read_integers(index_of(file, name), {0, file.header().rows}, values);
  return values;
}

std::vector<std::string> texts(const ShardFile& file, const std::string& name) {
  return file.read_texts(index_of(file, name), {0, file.header().rows});
}

class ShardFileTest : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }
  support::TemporaryDirectory directory_;
};

TEST_F(ShardFileTest, ReadsEveryIntegerTypeInBothByteOrders) {
  {
    RawHdf5 file(path());
    const std::vector<std::int8_t> small = {-128, 0, 127};
    const std::vector<std::uint8_t> byte = {0, 1, 255};
    const std::vector<std::int16_t> half = {-32768, 0, 32767};
    const std::vector<std::uint16_t> unsigned_half = {0, 1, 65535};
    const std::vector<std::int32_t> whole = {-2147483647 - 1, 0, 2147483647};
    const std::vector<std::uint32_t> unsigned_whole = {0, 1, 4294967295U};
    file.add("i8", H5T_STD_I8LE, small);
    file.add("u8", H5T_STD_U8LE, byte);
    file.add("i16", H5T_STD_I16LE, half);
    file.add("u16", H5T_STD_U16BE, unsigned_half, H5P_DEFAULT, H5T_NATIVE_UINT16);
    file.add("i32", H5T_STD_I32BE, whole, H5P_DEFAULT, H5T_NATIVE_INT32);
    file.add("u32", H5T_STD_U32LE, unsigned_whole);
  }
  const ShardFile file(path());

  EXPECT_THAT(integers(file, "i8"), ElementsAre(-128, 0, 127));
  EXPECT_THAT(integers(file, "u8"), ElementsAre(0, 1, 255));
  EXPECT_THAT(integers(file, "i16"), ElementsAre(-32768, 0, 32767));
  EXPECT_THAT(integers(file, "u16"), ElementsAre(0, 1, 65535));
  EXPECT_THAT(integers(file, "i32"), ElementsAre(-2147483648LL, 0, 2147483647));
  EXPECT_THAT(integers(file, "u32"), ElementsAre(0, 1, 4294967295LL));
  EXPECT_THAT(numbers(file, "u32"), ElementsAre(0.0, 1.0, 4294967295.0));
  EXPECT_EQ(file.header().columns[index_of(file, "u16")].stored_type, "uint16");
  EXPECT_EQ(file.header().columns[index_of(file, "u32")].type, ColumnType::int64);
  EXPECT_EQ(file.header().columns[index_of(file, "i32")].type, ColumnType::int32);
}

TEST_F(ShardFileTest, ReadsWholeFloatingPointNumbersAsIntegers) {
  {
    RawHdf5 file(path());
    file.add("whole", H5T_IEEE_F64LE, std::vector<double>{-0.0, 17850.0, 9007199254740991.0});
    file.add("half", H5T_IEEE_F64LE, std::vector<double>{1, 2.5, 3});
    file.add("gap", H5T_IEEE_F64LE, std::vector<double>{1, 2, NAN});
    file.add("large", H5T_IEEE_F64LE, std::vector<double>{9007199254740992.0, 2, 3});
    file.add("single", H5T_IEEE_F32LE, std::vector<float>{1, 16777215.0F, 16777216.0F});
  }
  const ShardFile file(path());
  const auto refusal = [&](const char* name) { return std::string(error_of([&] { integers(file, name); }).what()); };

  EXPECT_THAT(integers(file, "whole"), ElementsAre(0, 17850, 9007199254740991));
  EXPECT_THAT(refusal("half"), HasSubstr("column half, row 2: a number is not whole"));
  EXPECT_THAT(refusal("gap"), HasSubstr("column gap, row 3: a whole number is missing"));
  EXPECT_THAT(refusal("large"), HasSubstr("column large, row 1: a number is past 2^53"));
  EXPECT_THAT(refusal("single"), HasSubstr("column single, row 3: a number is past 2^24"));
}

TEST_F(ShardFileTest, TakesWhatAttributesSayForMissing) {
  const auto mark = [](hid_t dataset, const char* name, hid_t type, const auto value) {
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &value);
    H5Aclose(attribute);
    H5Sclose(space);
  };
  constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
  {
    RawHdf5 file(path());
    const std::vector<std::int32_t> whole = {7, least, -999};
    mark(file.add("r", H5T_STD_I32LE, whole), "rhdf5-NA.OK", H5T_NATIVE_INT32, std::int32_t{1});
    mark(file.add("filled", H5T_STD_I32LE, whole), "_FillValue", H5T_NATIVE_INT32, std::int32_t{-999});
    mark(file.add("chunked", H5T_STD_I32LE, whole, chunks_of({2})), "_FillValue", H5T_NATIVE_INT32, std::int32_t{7});
    mark(file.add("float", H5T_IEEE_F64LE, std::vector<double>{1e20, 2, 3}), "missing_value", H5T_NATIVE_DOUBLE, 1e20);
    mark(file.add("text", text_type(1), {3}, "abc"), "_FillValue", H5T_NATIVE_INT32, std::int32_t{1});
    file.add("plain", H5T_STD_I32LE, whole);
  }
  const ShardFile file(path());

  EXPECT_THAT(numbers(file, "r"), ElementsAre(7, IsNan(), -999));
  EXPECT_THAT(numbers(file, "filled"), ElementsAre(7, double{least}, IsNan()));
  EXPECT_THAT(numbers(file, "chunked"), ElementsAre(IsNan(), double{least}, -999));
  EXPECT_THAT(numbers(file, "float"), ElementsAre(IsNan(), 2, 3));
  EXPECT_THAT(numbers(file, "plain"), ElementsAre(7, double{least}, -999));
  EXPECT_THAT(error_of([&] { integers(file, "filled"); }).what(),
              HasSubstr("column filled, row 3: a whole number is missing"));
}

TEST_F(ShardFileTest, ReadsBigEndianFloatingPointNumbers) {
  {
    RawHdf5 file(path());
    file.add("f32", H5T_IEEE_F32BE, std::vector<float>{0.1F, NAN}, H5P_DEFAULT, H5T_NATIVE_FLOAT);
    file.add("f64", H5T_IEEE_F64BE, std::vector<double>{0.1, -INFINITY}, H5P_DEFAULT, H5T_NATIVE_DOUBLE);
  }
  const ShardFile file(path());

  EXPECT_EQ(numbers(file, "f32")[0], double{0.1F});
  EXPECT_TRUE(std::isnan(numbers(file, "f32")[1]));
  EXPECT_THAT(numbers(file, "f64"), ElementsAre(0.1, -INFINITY));
  EXPECT_EQ(file.header().columns[0].stored_type, "float32");
}

TEST_F(ShardFileTest, RoundsWholeNumbersPast2To53ToTheNearestDouble) {
  {
    RawHdf5 file(path());
    file.add("u64", H5T_STD_U64LE,
             std::vector<std::uint64_t>{9007199254740993U, 9007199254740995U, 18446744073709551615U});
    file.add("i64", H5T_STD_I64LE, std::vector<std::int64_t>{9007199254740993, -9007199254740993, INT64_MIN});
  }
  const ShardFile file(path());

  EXPECT_THAT(numbers(file, "u64"), ElementsAre(9007199254740992.0, 9007199254740996.0, 18446744073709551616.0));
  EXPECT_THAT(numbers(file, "i64"), ElementsAre(9007199254740992.0, -9007199254740992.0, -9223372036854775808.0));
  EXPECT_THAT(integers(file, "i64"), ElementsAre(9007199254740993, -9007199254740993, INT64_MIN));
}

TEST_F(ShardFileTest, RefusesAnUnsignedIntegerThatASignedOneCannotHold) {
  {
    RawHdf5 file(path());
    file.add("fits", H5T_STD_U64LE, std::vector<std::uint64_t>{9223372036854775807U, 9007199254740993U});
    file.add("id", H5T_STD_U64LE, std::vector<std::uint64_t>{1, 9223372036854775808U});
  }
  const ShardFile file(path());

  EXPECT_THAT(integers(file, "fits"), ElementsAre(INT64_MAX, 9007199254740993));
  const Error error = error_of([&] { integers(file, "id"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "id");
  EXPECT_EQ(error.place().first_row, 1);
  EXPECT_FALSE(error.remedy_text().empty());
}

TEST_F(ShardFileTest, ReadsBooleansAsH5pyWritesThem) {
  {
    RawHdf5 file(path());
    file.add("active", enum_type({"FALSE", "TRUE"}), std::vector<std::int8_t>{1, 0, 1});
  }
  const ShardFile file(path());

  EXPECT_EQ(file.header().columns[0].type, ColumnType::boolean);
  EXPECT_THAT(numbers(file, "active"), ElementsAre(1, 0, 1));
  EXPECT_THAT(integers(file, "active"), ElementsAre(1, 0, 1));
}

TEST_F(ShardFileTest, RefusesABooleanThatIsNeither) {
  {
    RawHdf5 file(path());
    file.add("active", enum_type({"FALSE", "TRUE"}), std::vector<std::int8_t>{1, 0, 7});
  }
  const ShardFile file(path());

  const Error error = error_of([&] { numbers(file, "active"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().first_row, 2);
}

TEST_F(ShardFileTest, ReadsTextsOfEveryPadding) {
  {
    RawHdf5 file(path());
    const std::string null_padded("abcdef\0\0\0\0\0\0Z\xC3\xBC\0\0\0", 18);
    const std::string terminated("abcde\0ab\0old\0Genf\0", 18);
    const std::string spaces("abcdef       z    ", 18);
    file.add("nullpad", text_type(6, H5T_STR_NULLPAD), {3}, null_padded.data());
    file.add("nullterm", text_type(6, H5T_STR_NULLTERM), {3}, terminated.data());
    file.add("spacepad", text_type(6, H5T_STR_SPACEPAD), {3}, spaces.data());
  }
  const ShardFile file(path());

  EXPECT_THAT(texts(file, "nullpad"), ElementsAre("abcdef", "", "Z\xC3\xBC"));
  EXPECT_THAT(texts(file, "nullterm"), ElementsAre("abcde", "ab", ""));
  EXPECT_THAT(texts(file, "spacepad"), ElementsAre("abcdef", "", " z"));
  EXPECT_EQ(file.header().columns[0].text_bytes, 6);
}

TEST_F(ShardFileTest, ReadsTextsOfVariableLengthAndMissingOnes) {
  {
    RawHdf5 file(path());
    const std::vector<const char*> values = {"Z\xC3\xBCrich", nullptr, "", "a longer text, with \xF0\x9F\x92\xB3"};
    file.add("town", text_type(0), values);
    file.add("chunked", text_type(0), values, chunks_of({3}));
    file.add("unwritten", text_type(0), values);
  }
  const ShardFile file(path());

  EXPECT_THAT(texts(file, "town"), ElementsAre("Z\xC3\xBCrich", "", "", "a longer text, with \xF0\x9F\x92\xB3"));
  EXPECT_EQ(texts(file, "chunked"), texts(file, "town"));
  EXPECT_EQ(file.header().columns[index_of(file, "town")].text_bytes, 0);
}

TEST_F(ShardFileTest, ReadsManyTextsInPieces) {
  std::vector<std::string> values;
  for (int i = 0; i < 50000; ++i) values.push_back(std::to_string(i * 37));
  {
    RawHdf5 file(path());
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    file.add("variable", text_type(0), pointers, chunks_of({10000}));
  }
  const ShardFile file(path());

  EXPECT_EQ(texts(file, "variable"), values);
  EXPECT_EQ(file.read_texts(0, {16383, 16386}), std::vector(values.begin() + 16383, values.begin() + 16386));
}

TEST_F(ShardFileTest, RefusesATextThatIsTooLong) {
  {
    RawHdf5 file(path());
    const std::string fits(4096, 'x');
    const std::string longer(4097, 'x');
    file.add("fits", text_type(0), std::vector<const char*>{"a", fits.c_str()});
    file.add("note", text_type(0), std::vector<const char*>{"a", longer.c_str()});
  }
  const ShardFile file(path());

  EXPECT_EQ(texts(file, "fits")[1].size(), 4096U);
  const Error error = error_of([&] { texts(file, "note"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "note");
  EXPECT_EQ(error.place().last_row, 1);
  EXPECT_THAT(error.what(), HasSubstr("longer than 4096 bytes"));
}

TEST_F(ShardFileTest, RefusesTextThatIsNotUtf8) {
  {
    RawHdf5 file(path());
    file.add("town", text_type(0), std::vector<const char*>{"Bern", "Z\xFCrich"});
  }
  const ShardFile file(path());

  const Error error = error_of([&] { texts(file, "town"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().first_row, 1);
  EXPECT_THAT(error.what(), HasSubstr("not UTF-8"));
  EXPECT_THAT(error.what(), testing::Not(HasSubstr("rich")));
}

TEST_F(ShardFileTest, SaysThatAColumnHoldsAnotherKindOfValue) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I32LE, std::vector<std::int32_t>{1});
    file.add("balance", H5T_IEEE_F64LE, std::vector<double>{1.5});
    file.add("town", text_type(4), {1}, "Bern");
  }
  const ShardFile file(path());

  EXPECT_THAT(error_of([&] { numbers(file, "town"); }).what(), HasSubstr("holds text where numbers are needed"));
  EXPECT_THAT(error_of([&] { integers(file, "town"); }).what(), HasSubstr("holds text where whole numbers"));
  EXPECT_THAT(error_of([&] { integers(file, "balance"); }).what(),
              HasSubstr("column balance, row 1: a number is not whole"));
  EXPECT_THAT(error_of([&] { texts(file, "age"); }).what(), HasSubstr("holds int32 where text is needed"));
}

TEST_F(ShardFileTest, ReadsAnyRangeOfRows) {
  std::vector<double> values(1000);
  std::iota(values.begin(), values.end(), 0.0);
  {
    RawHdf5 file(path());
    const hid_t properties = chunks_of({64});
    H5Pset_fletcher32(properties);
    file.add("chunked", H5T_IEEE_F64LE, values, properties);
    file.add("plain", H5T_IEEE_F64LE, values);
  }
  const ShardFile file(path());

  for (const core::Range rows :
       {core::Range{0, 0}, {0, 1}, {63, 65}, {1, 999}, {999, 1000}, {1000, 1000}, {500, 500}}) {
    const std::vector<double> expected(values.begin() + rows.begin, values.begin() + rows.end);
    EXPECT_EQ(numbers(file, "chunked", rows), expected);
    EXPECT_EQ(numbers(file, "plain", rows), expected);
  }
}

TEST_F(ShardFileTest, RefusesRowsItDoesNotHave) {
  {
    RawHdf5 file(path());
    file.add("x", H5T_IEEE_F64LE, std::vector<double>{1, 2, 3});
  }
  const ShardFile file(path());

  EXPECT_EQ(error_of([&] { numbers(file, "x", {2, 4}); }).code(), ExitCode::internal);
  std::vector<double> two(2);
  EXPECT_EQ(error_of([&] { file.read_numbers(0, {0, 3}, two); }).code(), ExitCode::internal);
  EXPECT_EQ(error_of([&] { file.read_texts(0, {0, 3}); }).code(), ExitCode::bad_data);
}

TEST_F(ShardFileTest, ReadsZeroRows) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I32LE, {0}, nullptr);
    file.add("town", text_type(0), {0}, nullptr, chunks_of({10}));
  }
  const ShardFile file(path());

  EXPECT_EQ(file.header().rows, 0);
  EXPECT_TRUE(numbers(file, "age").empty());
  EXPECT_TRUE(texts(file, "town").empty());
}

TEST_F(ShardFileTest, NamesTheRowsOfADamagedChunk) {
  const std::int64_t rows = 200000;
  std::vector<double> values(static_cast<std::size_t>(rows), 0.5);
  values[70001] = 1234567.875;
  {
    ShardWriter writer(path(), {{"age", ColumnType::float64}, {"balance", ColumnType::float64}}, rows);
    writer.append({std::vector<double>(static_cast<std::size_t>(rows)), values});
    writer.commit();
  }
  std::string bytes = read_file(path());
  const std::size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&values[70001]), 8));
  ASSERT_NE(at, std::string::npos);
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  std::ofstream(path(), std::ios::binary) << bytes;

  const ShardFile file(path());
  const Error error = error_of([&] { numbers(file, "balance"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().file, path().string());
  EXPECT_EQ(error.place().column, "balance");
  EXPECT_EQ(error.place().first_row, 65536);
  EXPECT_EQ(error.place().last_row, 131071);
  EXPECT_FALSE(error.remedy_text().empty());
  EXPECT_EQ(numbers(file, "age").size(), 200000U);  // the other column is not concerned
  EXPECT_EQ(numbers(file, "balance", {0, 65536})[0], 0.5);
  EXPECT_EQ(error_of([&] { numbers(file, "balance", {100000, 100010}); }).place().first_row, 100000);
}

TEST_F(ShardFileTest, NamesTheRowsOfDamagedTexts) {
  std::vector<std::string> values(100000, "Bern");
  values[99999] = "Zug!";
  {
    ShardWriter writer(path(), {{"town", ColumnType::text, 4}}, 100000);
    writer.append({values});
    writer.commit();
  }
  std::string bytes = read_file(path());
  bytes[bytes.find("Zug!")] ^= 1;
  std::ofstream(path(), std::ios::binary) << bytes;

  const Error error = error_of([&] { texts(ShardFile(path()), "town"); });
  EXPECT_EQ(error.place().column, "town");
  EXPECT_GE(error.place().first_row, 65536);
}

TEST_F(ShardFileTest, ReadsAMatrixWithNamesAsH5pyWritesThem) {
  const std::vector<float> values = {1, 10, 2, 20, 3, 30};
  for (const bool is_variable : {true, false}) {
    {
      RawHdf5 file(path(), "/");
      file.name_columns(file.add("features", H5T_IEEE_F32LE, {3, 2}, values.data()), {"balance", "age"}, is_variable);
    }
    const ShardFile file(path());

    EXPECT_EQ(file.header().layout, Layout::matrix);
    EXPECT_EQ(file.header().rows, 3);
    EXPECT_EQ(file.header().columns[0].name, "balance");
    EXPECT_THAT(numbers(file, "balance"), ElementsAre(1, 2, 3));
    EXPECT_THAT(numbers(file, "age", {1, 3}), ElementsAre(20, 30));
  }
}

TEST_F(ShardFileTest, ReadsAMatrixWhoseNamesAreGiven) {
  {
    RawHdf5 file(path(), "/");
    const hid_t properties = chunks_of({2, 2});
    H5Pset_deflate(properties, 4);
    file.add("m", H5T_IEEE_F64LE, {2, 3}, std::vector<double>{1, 2, 3, 4, 5, 6}.data(), properties);
  }
  const ShardFile file(path(), {.matrix_columns = {"a", "b", "c"}});

  EXPECT_THAT(numbers(file, "a"), ElementsAre(1, 4));
  EXPECT_THAT(numbers(file, "c"), ElementsAre(3, 6));
  EXPECT_EQ(file.header().filters, "deflate");
}

TEST_F(ShardFileTest, RefusesAMatrixWithoutFittingNames) {
  const std::vector<float> values = {1, 10, 2, 20, 3, 30};
  const auto refusal = [&](const std::vector<std::string>& attribute, const std::vector<std::string>& given) {
    {
      RawHdf5 file(path(), "/");
      const hid_t matrix = file.add("features", H5T_IEEE_F32LE, {3, 2}, values.data());
      if (!attribute.empty()) file.name_columns(matrix, attribute, true);
    }
    const Error error = error_of([&] { ShardFile file(path(), {.matrix_columns = given}); });
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_EQ(error.place().file, path().string());
    EXPECT_FALSE(error.remedy_text().empty());
    return error;
  };

  EXPECT_THAT(refusal({}, {}).what(), HasSubstr("a matrix of 2 columns without names (0 given)"));
  EXPECT_THAT(refusal({}, {"a", "b", "c", "d"}).what(), HasSubstr("(4 given)"));
  EXPECT_THAT(refusal({"a"}, {}).what(), HasSubstr("attribute names 1 columns of 2"));
  EXPECT_EQ(refusal({"a", "a"}, {}).place().column, "a");
  EXPECT_EQ(refusal({}, {"b", "b"}).place().column, "b");
  EXPECT_THAT(refusal({"a", ""}, {}).what(), HasSubstr("without a name"));
  EXPECT_THAT(refusal({"a", "b"}, {"b", "a"}).what(), HasSubstr("not as columns does"));
}

TEST_F(ShardFileTest, ReadsAKnownShardAgainWithoutLookingAtEveryColumn) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I32LE, std::vector<std::int32_t>{1, 2});
    file.add("town", text_type(4), {2}, "BernGenf");
  }
  const ShardHeader header = ShardFile(path()).header();
  const ShardFile file(header);

  EXPECT_THAT(numbers(file, "age"), ElementsAre(1, 2));
  EXPECT_THAT(texts(file, "town"), ElementsAre("Bern", "Genf"));
  EXPECT_EQ(file.header().rows, 2);
}

TEST_F(ShardFileTest, SaysThatAKnownShardHasChanged) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I32LE, std::vector<std::int32_t>{1, 2});
  }
  const ShardHeader header = ShardFile(path()).header();
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I16LE, std::vector<std::int16_t>{1, 2, 3, 4});
  }

  const Error error = error_of([&] { numbers(ShardFile(header), "age"); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().file, path().string());
  EXPECT_THAT(error.what(), HasSubstr("changed while it was read"));
}

TEST_F(ShardFileTest, CanBeReadAfterItWasReleasedOrMoved) {
  {
    RawHdf5 file(path());
    file.add("age", H5T_STD_I32LE, std::vector<std::int32_t>{1, 2});
  }
  ShardFile first(path());
  EXPECT_THAT(numbers(first, "age"), ElementsAre(1, 2));
  first.release();
  const ShardFile second = std::move(first);

  EXPECT_THAT(numbers(second, "age"), ElementsAre(1, 2));
}

// A number that the system keeps about this process, by the name before it in a file of /proc/self.
std::int64_t own_number(const std::string& file, const std::string& name) {
  std::ifstream in("/proc/self/" + file);
  for (std::string word; in >> word;)
    if (word == name) {
      std::int64_t value = -1;
      in >> value;
      return value;
    }
  return -1;
}

TEST_F(ShardFileTest, DecodesAChunkOnceForManySmallReads) {
  if (own_number("io", "rchar:") < 0) GTEST_SKIP() << "this system does not count the bytes that a process reads";
  const std::int64_t rows = 600000;
  {
    RawHdf5 file(path());
    const hid_t properties = chunks_of({300000});  // 2.4 MB: more than HDF5 keeps by default
    H5Pset_fletcher32(properties);
    file.add("x", H5T_IEEE_F64LE, std::vector<double>(static_cast<std::size_t>(rows), 0.5), properties);
  }
  const ShardFile file(path());

  const std::int64_t before = own_number("io", "rchar:");
  for (std::int64_t begin = 0; begin < rows; begin += 5000) numbers(file, "x", {begin, begin + 5000});
  const std::int64_t bytes = own_number("io", "rchar:") - before;

  EXPECT_LT(bytes, 2 * static_cast<std::int64_t>(fs::file_size(path())));
}

TEST_F(ShardFileTest, TakesTheMemoryOfOneColumnAtATime) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer keeps freed memory";
#endif
  const std::int64_t rows = 500000;
  {
    RawHdf5 file(path());
    const hid_t properties = chunks_of({65536});
    H5Pset_deflate(properties, 1);
    const std::vector<double> values(static_cast<std::size_t>(rows), 0.5);
    for (int c = 0; c < 30; ++c) file.add("c" + std::to_string(c), H5T_IEEE_F64LE, values, properties);
  }
  const ShardFile file(path());
  std::vector<double> values(static_cast<std::size_t>(rows));
  file.read_numbers(0, {0, rows}, values);

  const std::int64_t before_kb = own_number("status", "VmRSS:");
  for (std::size_t c = 0; c < 30; ++c) file.read_numbers(c, {0, rows}, values);

  EXPECT_LT(own_number("status", "VmRSS:") - before_kb, 20 << 10);  // all columns together are 114 MiB
}

TEST_F(ShardFileTest, ReadsATableOfAnotherName) {
  ShardWriter writer(path(), {{"amount", ColumnType::float64, 0}}, 3, {.table = "transactions"});
  writer.append({std::vector<double>{1.5, -2, 0}});
  writer.commit();

  const ShardFile file(path(), {.table = "transactions"});

  EXPECT_EQ(file.header().layout, Layout::canonical);
  EXPECT_THAT(numbers(file, "amount"), ElementsAre(1.5, -2, 0));
  EXPECT_THAT(numbers(ShardFile(file.header(), {.table = "transactions"}), "amount"), ElementsAre(1.5, -2, 0));
}

TEST_F(ShardFileTest, NamesTheTableThatIsNotThere) {
  ShardWriter writer(path(), {{"amount", ColumnType::float64, 0}}, 1);
  writer.append({std::vector<double>{1.5}});
  writer.commit();

  const Error error = error_of([&] { ShardFile file(path(), {.table = "transactions"}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("no group /transactions; found /customers"));
  EXPECT_THAT(error.remedy_text(), HasSubstr("write_shard(df, 'OUT.h5', table='transactions')"));
}

}  // namespace
}  // namespace cardseg::io
