#include "cardseg/convert/csv_converter.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <locale>

#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/conversion_record.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "convert/csv_scratch.hpp"
#include "convert/csv_shard_values.hpp"
#include "support/world.hpp"

namespace cardseg::convert {
namespace {

using support::world;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct Warnings : core::Events {
  std::vector<std::string> texts;
  void warning(std::string_view text) override { texts.push_back(core::with_fields(text, "--")); }
};

std::string reason_of(const core::Error& error) { return core::with_fields(error.reason(), "--"); }
std::string remedy_of(const core::Error& error) { return core::with_fields(error.remedy_text(), "--"); }

ConvertReport convert(const comm::Communicator& comm, const ConvertOptions& options) {
  core::Events silent;
  return convert_csv(comm, options, silent);
}

// Converts on all ranks and, into another directory, on rank 0 alone; expects the same bytes; gives the report of all.
class BothWays {
 public:
  explicit BothWays(std::string_view text) { options.inputs = {scratch.write("customers.csv", text)}; }

  ConvertReport run() {
    options.output_directory = scratch / "all";
    report = convert(world(), options);
    if (world().is_root()) compare_with_one_rank();
    return report;
  }

  /// The error of all ranks, and of one alone, which must agree but for the rank.
  core::Error error() {
    options.output_directory = scratch / "all";
    core::Error all = error_on(world());
    if (world().is_root()) {
      options.output_directory = scratch / "one";
      const core::Error one = error_on(comm::Communicator());
      EXPECT_EQ(one.reason(), all.reason());
      EXPECT_EQ(one.code(), all.code());
    }
    EXPECT_THAT(files(), ElementsAre()) << "a failed conversion left files";
    return all;
  }

  /// Names of what is in the output directory, when all ranks have left the conversion.
  std::vector<std::string> files() const {
    world().barrier();
    std::vector<std::string> names;
    if (!std::filesystem::exists(scratch / "all")) return names;
    for (const auto& entry : std::filesystem::directory_iterator(scratch / "all"))
      if (entry.path().filename() != conversion_record_name) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<std::string> texts(int column, std::size_t shard = 0) const {
    return texts_in(report.shards[shard], report.columns[static_cast<std::size_t>(column)].spec.name);
  }

  std::vector<double> numbers(int column, std::size_t shard = 0) const {
    return numbers_in(report.shards[shard], report.columns[static_cast<std::size_t>(column)].spec.name);
  }

  CsvScratch scratch{world()};
  ConvertOptions options;
  ConvertReport report;

 private:
  void compare_with_one_rank() {
    ConvertOptions alone = options;
    alone.output_directory = scratch / "one";
    const ConvertReport one = convert(comm::Communicator(), alone);
    ASSERT_EQ(one.shards.size(), report.shards.size());
    EXPECT_EQ(one.rows, report.rows);
    EXPECT_EQ(one.bad_rows, report.bad_rows);
    EXPECT_EQ(one.blank_lines, report.blank_lines);
    for (std::size_t s = 0; s < one.shards.size(); ++s)
      EXPECT_EQ(io::sha256_of_file(one.shards[s]), io::sha256_of_file(report.shards[s])) << one.shards[s];
    EXPECT_EQ(io::read_file(scratch / "one" / conversion_record_name),
              io::read_file(scratch / "all" / conversion_record_name));
    ASSERT_EQ(one.bad_rows_list.has_value(), report.bad_rows_list.has_value());
    if (one.bad_rows_list) {
      EXPECT_EQ(io::read_file(*one.bad_rows_list), io::read_file(*report.bad_rows_list));
    }
  }

  core::Error error_on(const comm::Communicator& comm) const {
    try {
      convert(comm, options);
    } catch (const comm::AgreedError& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return {core::ExitCode::done, "no error"};
  }
};

std::vector<io::ColumnType> types_of(const ConvertReport& report) {
  std::vector<io::ColumnType> types;
  for (const ConvertedColumn& column : report.columns) types.push_back(column.spec.type);
  return types;
}

// Rows with quotes, line ends inside quotes, gaps and every inferred type; one of them differs in every row.
std::string awkward_rows(int rows) {
  std::string text = "id,amount,note,flag,count\r\n";
  for (int i = 0; i < rows; ++i) {
    text += "C" + std::to_string(i) + ",";
    text += i % 7 == 3 ? "," : std::to_string(i) + ".25,";
    text += i % 3 == 0 ? "\"a \"\"" + std::to_string(i) + "\"\"\n,\r\nb\","
                       : std::string(static_cast<std::size_t>(i % 5), 'n') + ",";
    text += i % 2 == 0 ? "true," : "FALSE,";
    text += std::to_string(i * 1000) + (i % 4 == 1 ? "\n" : "\r\n");
  }
  return text;
}

std::filesystem::path shared_data(const std::string& name) {
  const char* directory = std::getenv("CARDSEG_SHARED_DATA");
  return std::filesystem::path(directory ? directory : CARDSEG_SHARED_DATA_DEFAULT) / name;
}

}  // namespace

TEST(ConvertCsv, WritesTypedColumns) {
  BothWays conversion("id,age,balance,is_active,gap\nC1,41,2.5,true,\nC2,7,1e3,false,8\n");

  const ConvertReport report = conversion.run();

  EXPECT_THAT(types_of(report), ElementsAre(io::ColumnType::text, io::ColumnType::int64, io::ColumnType::float64,
                                            io::ColumnType::boolean, io::ColumnType::float64));
  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.columns[0].spec.text_bytes, 2);
  EXPECT_EQ(report.columns[4].missing, 1);
  EXPECT_THAT(conversion.texts(0), ElementsAre("C1", "C2"));
  EXPECT_THAT(conversion.numbers(1), ElementsAre(41, 7));
  EXPECT_THAT(conversion.numbers(2), ElementsAre(2.5, 1000));
  EXPECT_THAT(conversion.numbers(3), ElementsAre(1, 0));
  EXPECT_THAT(conversion.numbers(4), ElementsAre(testing::IsNan(), 8));
}

TEST(ConvertCsv, GivesTheSameShardsOnAnyNumberOfRanks) {
  for (const int rows : {1, 7, 100, 1000})
    for (const std::int64_t rows_per_shard : {1, 3, 64, 5000}) {
      if (rows / rows_per_shard > 40) continue;  // each shard is synced to disk
      BothWays conversion(awkward_rows(rows));
      conversion.options.rows_per_shard = rows_per_shard;

      const ConvertReport report = conversion.run();

      EXPECT_EQ(report.rows, rows);
      EXPECT_EQ(std::ssize(report.shards), (rows + rows_per_shard - 1) / rows_per_shard);
      EXPECT_EQ(std::ssize(conversion.files()), std::ssize(report.shards)) << "nothing else is in the directory";
    }
}

TEST(ConvertCsv, KeepsQuotedLineEndsAndQuotes) {
  BothWays conversion(awkward_rows(50));

  conversion.run();

  const std::vector<std::string> notes = conversion.texts(2);
  EXPECT_EQ(notes[3], "a \"3\"\n,\r\nb");
  EXPECT_EQ(notes[4], "nnnn");
}

// Short quoted rows: ranks' ranges begin at every place of a row, inside quotes among them, as the text grows.
TEST(ConvertCsv, GivesTheSameShardsWhereverTheRangesBegin) {
  std::string text = "a,b\n";
  for (int i = 0; i < 24; ++i) {
    text += i % 2 == 0 ? "\"\n,\",\"\"\"\"\n" : "x,\"\r\n\"\r\n";
    BothWays conversion(text);

    EXPECT_EQ(conversion.run().rows, i + 1);
  }
}

TEST(ConvertCsv, NamesShardsInRowOrder) {
  BothWays conversion("a\n1\n2\n3\n");
  conversion.options.rows_per_shard = 2;

  conversion.run();

  EXPECT_THAT(conversion.files(), ElementsAre("customers-00000-of-00002.h5", "customers-00001-of-00002.h5"));
  EXPECT_THAT(conversion.numbers(0, 0), ElementsAre(1, 2));
  EXPECT_THAT(conversion.numbers(0, 1), ElementsAre(3));
}

TEST(ConvertCsv, MakesOneShardOfNoRows) {
  for (const char* text : {"a,b", "a,b\n", "a,b\r\n\r\n"}) {
    BothWays conversion(text);

    const ConvertReport report = conversion.run();

    EXPECT_EQ(report.rows, 0);
    EXPECT_EQ(report.shards.size(), 1u);
    EXPECT_TRUE(conversion.numbers(1).empty());
  }
}

TEST(ConvertCsv, ReadsTheSameFromEveryDialect) {
  std::vector<std::string> digests;
  for (const char* text : {"a,b\n1.5,x\n,\"y\"\n",
                           "\xEF\xBB\xBF"
                           "a;b\r\n1.5;x\r\n;y",
                           "a\tb\n\n1.5\tx\n \ty\n", "\"a\"|\"b\"\n\"1.5\"|\"x\"\n\"NA\"|\"y\"\r\n"}) {
    BothWays conversion(text);
    digests.push_back(io::sha256_of_file(conversion.run().shards[0]));
  }

  EXPECT_THAT(digests, testing::Each(digests[0]));
}

TEST(ConvertCsv, DoesNotDependOnTheLocale) {
  struct DecimalComma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  BothWays conversion("a,b\n1.5,1234567\n");
  conversion.options.rows_per_shard = 1000;
  const std::locale before = std::locale::global(std::locale(std::locale(), new DecimalComma));
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed

  conversion.run();

  std::setlocale(LC_ALL, "C");
  std::locale::global(before);
  EXPECT_THAT(conversion.numbers(0), ElementsAre(1.5));
  EXPECT_THAT(conversion.numbers(1), ElementsAre(1234567));
  EXPECT_THAT(conversion.files(), ElementsAre("customers-00000-of-00001.h5"));
}

TEST(ConvertCsv, TreatsMarkersAsMissing) {
  BothWays conversion("t,n\nNA,NaN\n\"\",null\n x , 5 \n-,#N/A\n");

  const ConvertReport report = conversion.run();

  EXPECT_THAT(conversion.texts(0), ElementsAre("", "", " x ", ""));
  EXPECT_THAT(conversion.numbers(1), ElementsAre(testing::IsNan(), testing::IsNan(), 5, testing::IsNan()));
  EXPECT_EQ(report.columns[1].missing, 3);
}

TEST(ConvertCsv, TakesGivenMarkersTypesAndExclusions) {
  BothWays conversion("id,zip,n,secret\n007,01234,?,x\n8,5,6,y\n");
  conversion.options.missing = {{"", "?"}};
  conversion.options.types = {{"id", io::ColumnType::int32}, {"n", io::ColumnType::float32}};
  conversion.options.exclude = {"secret"};

  const ConvertReport report = conversion.run();

  EXPECT_THAT(types_of(report), ElementsAre(io::ColumnType::int32, io::ColumnType::text, io::ColumnType::float32));
  EXPECT_THAT(conversion.numbers(0), ElementsAre(7, 8));
  EXPECT_THAT(conversion.texts(1), ElementsAre("01234", "5"));
}

TEST(ConvertCsv, AddsGapWordsToTheUsualOnesAndToOneColumn) {
  BothWays conversion("id,pdays,balance,score\n1,999,999,n/a\n2,6,120,?\n3,k.A.,80,0.4\n4,3,60,\\N\n5,999,10,.\n");
  conversion.options.missing = {{"pdays", "999"}, {"", "k.A."}};

  const ConvertReport report = conversion.run();

  EXPECT_EQ(report.columns[1].missing, 3);
  EXPECT_THAT(conversion.numbers(2), ElementsAre(999, 120, 80, 60, 10));
  EXPECT_EQ(report.columns[3].missing, 4);
  EXPECT_EQ(report.columns[3].spec.type, io::ColumnType::float64);
}

TEST(ConvertCsv, WarnsOfAGapWordThatNeverOccurs) {
  const CsvScratch scratch(world());
  ConvertOptions options;
  options.inputs = {scratch.write("x.csv", "a,b\n1,999\n2,\n3,4\n")};
  options.output_directory = scratch / "out";
  options.missing = {{"", "999"}, {"a", "999"}, {"", "none here"}};
  Warnings events;

  convert_csv(world(), options, events);

  EXPECT_THAT(events.texts, ElementsAre("--na a=999: the word does not occur in that column",
                                        "--na none here: the word does not occur"));
}

// Of 5,000 customers as a German bank writes them, cp1252: nothing is lost.
TEST(ConvertCsv, ReadsAGermanFile) {
  std::string text =
      "Kundennummer;Name;Saldo;Limit;Er\xF6"
      "ffnet;Aktiv;Quote\r\n";
  for (int i = 0; i < 5000; ++i) {
    char row[128];
    std::snprintf(row, sizeof row, "%05d;M\xFCller \x8A %d;%s%d.%03d,%02d;%s;%02d.%02d.20%02d;%s;%d,5 %%\r\n", i, i,
                  i % 2 ? "-" : "", i % 9 + 1, i % 1000, i % 100, i % 3 ? "2.500" : "500", i % 28 + 1, i % 12 + 1,
                  i % 24, i % 2 ? "Ja" : "Nein", i % 100);
    text += row;
  }
  BothWays conversion(text);
  const core::Error error = conversion.error();
  EXPECT_EQ(reason_of(error),
            "is not UTF-8 text, first in line 1; it looks like cp1252 with ';' between columns, decimal commas, points "
            "between thousands, percent signs, dates like 31.01.2019, Ja/Nein flags");
  EXPECT_EQ(remedy_of(error), "Read it with --encoding cp1252 --decimal , --thousands . --dates dmy");
  conversion.options.encoding = "cp1252";
  conversion.options.conventions = {.decimal = ',', .thousands = '.', .dates = DateOrder::dmy};
  conversion.options.rows_per_shard = 1000;

  const ConvertReport report = conversion.run();

  EXPECT_EQ(report.rows_written, 5000);
  EXPECT_THAT(types_of(report),
              ElementsAre(io::ColumnType::text, io::ColumnType::text, io::ColumnType::float64, io::ColumnType::int64,
                          io::ColumnType::int32, io::ColumnType::boolean, io::ColumnType::float64));
  EXPECT_TRUE(report.columns[4].spec.is_date);
  EXPECT_EQ(conversion.texts(0)[17], "00017");
  EXPECT_EQ(conversion.texts(1)[1], "M\u00FCller \u0160 1");
  EXPECT_EQ(conversion.numbers(2)[1], -2001.01);
  EXPECT_EQ(conversion.numbers(3)[1], 2500);
  EXPECT_EQ(conversion.numbers(4)[0], 10957);  // 2000-01-01
  double cents = 0;
  for (int i = 0; i < 5000; ++i) cents += (i % 2 ? -1 : 1) * ((i % 9 + 1) * 100000 + i % 1000 * 100 + i % 100);
  EXPECT_EQ(cents, -52500);
  EXPECT_EQ(report.columns[2].sum, "-525");
  EXPECT_EQ(report.columns[3].sum, std::to_string(1667 * 500 + 3333 * 2500));
  EXPECT_EQ(report.columns[5].sum, "2500");
  EXPECT_EQ(report.sources[0].encoding, "CP1252");
}

TEST(ConvertCsv, ReadsCompressedFilesAsTheyWouldBeRead) {
  BothWays plain(awkward_rows(200));
  const std::string digest = io::sha256_of_file(plain.run().shards[0]);
  for (const char* program : {"gzip -c", "zstd -qc"}) {
    BothWays conversion("");
    const std::string compressed = (conversion.scratch / "customers.csv.gz").string();
    if (world().is_root()) {
      // Two members, as programs that append write them.
      const std::string from = plain.options.inputs[0].string();
      const std::string command =
          "(head -c 1000 " + from + " | " + program + "; tail -c +1001 " + from + " | " + program + ") > " + compressed;
      if (std::system(command.c_str()) != 0) std::filesystem::remove(compressed);
    }
    world().barrier();
    if (!std::filesystem::exists(compressed)) GTEST_SKIP() << program;
    conversion.options.inputs = {compressed};

    const ConvertReport report = conversion.run();

    EXPECT_EQ(io::sha256_of_file(report.shards[0]), digest);
    EXPECT_EQ(report.shards[0].filename(), "customers-00000-of-00001.h5");
    EXPECT_EQ(report.sources[0].sha256, io::sha256_of_file(compressed));
  }
}

TEST(ConvertCsv, SaysThatACompressedFileIsCutOff) {
  BothWays conversion(std::string("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03\x4B", 11));

  EXPECT_THAT(conversion.error().reason(), HasSubstr("is damaged"));
}

TEST(ConvertCsv, ReadsUtf16WithAByteOrderMark) {
  std::string text = "\xFF\xFE";
  for (const char c : std::string("id,name\n1,x\n")) text += {c, '\0'};
  text += {'2', '\0', ',', '\0', '\x60', '\x01'};
  BothWays conversion(text);

  conversion.run();

  EXPECT_THAT(conversion.texts(1), ElementsAre("x", "\u0160"));
}

TEST(ConvertCsv, JoinsFilesOfTheSameColumns) {
  BothWays conversion("id,b\n1,2\n3,4");
  const auto second = conversion.scratch.write("second.csv", "id,b\r\n5,6\r\n7\r\n");
  const auto third = conversion.scratch.write("third.csv", "id,c\n9,10\n");
  conversion.options.inputs.push_back(second);

  const core::Error error = conversion.error();
  EXPECT_EQ(reason_of(error), "line 3 has 1 field, the header has 2");
  EXPECT_EQ(error.place().file, second.string());

  conversion.options.bad_rows = BadRows::skip;
  conversion.options.max_bad_share = 0.5;
  conversion.run();
  EXPECT_THAT(conversion.numbers(0), ElementsAre(1, 3, 5));
  EXPECT_THAT(io::read_file(*conversion.report.bad_rows_list), HasSubstr(second.string() + " line 3\t\thas 1 field"));
  EXPECT_EQ(conversion.report.sources.size(), 2u);

  const auto points = conversion.scratch.write("points.csv", "id,b\n9,10.000\n");
  conversion.options.inputs.push_back(points);
  conversion.options.output_directory = conversion.scratch / "other";
  try {
    convert(world(), conversion.options);
    ADD_FAILURE();
  } catch (const comm::AgreedError& refused) {
    EXPECT_THAT(refused.reason(), HasSubstr("first in line 2 of " + points.string()));
  }

  conversion.options.inputs.push_back(third);
  conversion.options.output_directory = conversion.scratch / "other";
  EXPECT_THROW(convert(world(), conversion.options), comm::AgreedError);
}

TEST(ConvertCsv, RecognisesForeignFormats) {
  for (const std::string bytes : {"PK\003\004 and so on", "PAR1 and so on", "\x89HDF\r\n\x1a\n"}) {
    BothWays conversion(bytes);

    const core::Error error = conversion.error();

    EXPECT_THAT(error.reason(), HasSubstr("no CSV file"));
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  }
}

TEST(ConvertCsv, GivesTheColumnsAndTypesOfAnEarlierMonth) {
  BothWays first("id,age,balance,opened,is_open\n1,30,1.5,2020-01-31,Y\n2,41,2,2021-01-31,N\n");
  const std::filesystem::path earlier = first.run().shards[0];
  BothWays second("id,balance,age,opened,is_open,extra\n1,1,30,2020-01-31,Y,x\n2,2,,,N,y\n");
  second.options.like = earlier;

  const ConvertReport report = second.run();

  ASSERT_EQ(report.columns.size(), 5u);
  EXPECT_EQ(report.columns[1].spec.type, io::ColumnType::float64) << "no whole numbers because of this month's values";
  EXPECT_EQ(report.columns[2].spec.type, io::ColumnType::float64) << "a gap";
  EXPECT_THAT(report.columns[2].note, HasSubstr("was int64"));
  EXPECT_TRUE(report.columns[3].spec.is_date);

  BothWays without("id,age,opened,is_open\n1,2,2020-01-31,Y\n");
  without.options.like = earlier;
  EXPECT_THAT(without.error().reason(), HasSubstr("has no column 'balance'"));

  BothWays text("id,age,balance,opened,is_open\n1,2,a lot,2020-01-31,Y\n");
  text.options.like = earlier;
  EXPECT_THAT(text.error().reason(), HasSubstr("column 3 (balance) was float64 and would be text now"));
}

TEST(ConvertCsv, GivesAModelsFeaturesTheirTypes) {
  BothWays conversion("id,age\n1,30\n2,31\n");
  conversion.options.like =
      conversion.scratch.write("model.json", R"({"features": [{"name": "age", "stored_type": "float64"}]})");

  EXPECT_THAT(types_of(conversion.run()), ElementsAre(io::ColumnType::int64, io::ColumnType::float64));
}

TEST(ConvertCsv, TakesFeaturesAloneFromAModelThatListsAllColumns) {
  BothWays conversion("age,opened\n30,2020-01-31\n31,2020-02-29\n");
  conversion.options.like = conversion.scratch.write(
      "model.json", R"({"columns": [{"name": "id", "role": "id", "kind": "id", "stored_type": "text"},
        {"name": "age", "role": "feature", "kind": "number", "stored_type": "float64"},
        {"name": "opened", "role": "feature", "kind": "date", "stored_type": "int32"}]})");

  EXPECT_THAT(types_of(conversion.run()), ElementsAre(io::ColumnType::float64, io::ColumnType::int32));
}

TEST(ConvertCsv, ReadsFilesWithoutAHeaderFromTheirFirstByteOn) {
  for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
    BothWays conversion(mark + "\"a\nb\",1\n\"c\",2\nd,3\n");
    conversion.options.has_no_header = true;
    conversion.options.column_names = {"name", "count"};

    conversion.run();

    EXPECT_THAT(conversion.texts(0), ElementsAre("a\nb", "c", "d"));
  }
}

TEST(ConvertCsv, CallsAnIntegerOf309DigitsABadRow) {
  const std::string digits(309, '9');
  BothWays conversion("id,a\n1,0.5\n2," + digits + "\n");
  EXPECT_EQ(conversion.error().reason(), "line 3 holds a number that is infinite or out of range in column 2 (a)");

  BothWays alone("id,a\n1," + digits + "\n2," + digits + "\n");
  EXPECT_EQ(alone.error().code(), core::ExitCode::bad_data);
}

TEST(ConvertCsv, RecordsWhatWasReadAndWritten) {
  BothWays conversion("id,balance,name,opened\n1,0.1,x,2020-01-01\n2,0.2,,2020-01-02\n3,,y,2020-01-03\n");
  conversion.run();

  const auto record = nlohmann::json::parse(io::read_file(conversion.scratch / "all" / conversion_record_name));

  EXPECT_EQ(record["rows"]["read"], 3);
  EXPECT_EQ(record["rows"]["written"], 3);
  EXPECT_EQ(record["sources"][0]["sha256"], io::sha256_of_file(conversion.options.inputs[0]));
  EXPECT_EQ(record["columns"][1]["sum"], "0.3");
  EXPECT_EQ(record["columns"][1]["count"], 2);
  EXPECT_EQ(record["columns"][1]["missing"], 1);
  EXPECT_EQ(record["columns"][2]["missing"], 1);
  EXPECT_EQ(record["columns"][3]["kind"], "date");
  EXPECT_EQ(record["columns"][3]["sum"], std::to_string(18262 + 18263 + 18264));
}

TEST(ConvertCsv, RefusesAPointOfTwoMeanings) {
  BothWays conversion("id;limit;age\n1;10.000;34\n2;2.500;51\n4;500;31\n");

  const core::Error error = conversion.error();

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.reason(),
              HasSubstr("column 2 (limit) has 2 numbers with a point before three digits, first in line 2"));
  EXPECT_THAT(error.reason(), HasSubstr("10.000 may be 10 or 10,000"));
  EXPECT_THAT(remedy_of(error), testing::AllOf(HasSubstr("--decimal ."), HasSubstr("--thousands .")));
}

TEST(ConvertCsv, WarnsOfIdentifiersThatStayText) {
  const CsvScratch scratch(world());
  ConvertOptions options;
  options.inputs = {scratch.write("x.csv", "card\n9007199254740993\nNA\n")};
  options.output_directory = scratch / "out";
  Warnings events;

  convert_csv(world(), options, events);

  EXPECT_THAT(events.texts, ElementsAre(HasSubstr("card is kept as text")));
}

TEST(ConvertCsv, NamesTheLineOfTheFirstBadRow) {
  BothWays ragged("a,b\n\"x\ny\",1\n\nz,2,3\nw\n");
  EXPECT_THAT(ragged.error().reason(), HasSubstr("line 5 has 3 fields, the header has 2"));

  BothWays quote("a,b\n1,2\n3,4\" tall\n5,6\n");
  EXPECT_THAT(quote.error().reason(), HasSubstr("line 3 holds a quote inside"));

  BothWays unclosed("a,b\n1,2\n\"3,4\n5,6\n");
  EXPECT_THAT(unclosed.error().reason(), HasSubstr("the row of lines 3 to 4 holds a quote that is never closed"));

  BothWays encoding("a,b\n1,2\nM\xFCller,4\n");
  EXPECT_THAT(encoding.error().reason(), HasSubstr("is not UTF-8 text, first in line 3; it looks like latin1"));
}

TEST(ConvertCsv, NeverShowsAValue) {
  BothWays conversion("name,amount\nx,1\ny,secret\n");
  conversion.options.types = {{"amount", io::ColumnType::float64}};

  const core::Error error = conversion.error();

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("line 3 holds no number in column 2 (amount)"));
  EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
}

TEST(ConvertCsv, SkipsCountsAndListsBadRows) {
  BothWays conversion("a,b\n1,2\n3\n4,5,6\n\"7\n8\"9,10\n11,12\n13,x\n14,\n");
  conversion.options.bad_rows = BadRows::skip;
  conversion.options.max_bad_share = 1;
  conversion.options.types = {{"b", io::ColumnType::int64}};
  conversion.options.rows_per_shard = 1;

  const ConvertReport report = conversion.run();

  EXPECT_EQ(report.rows, 2);
  EXPECT_EQ(report.bad_rows, 5);
  EXPECT_THAT(conversion.numbers(0, 1), ElementsAre(11));
  ASSERT_TRUE(report.bad_rows_list);
  EXPECT_EQ(io::read_file(*report.bad_rows_list),
            "place\tcolumn\treason\tid\n"
            "line 3\t\thas 1 field, the header has 2\t3\n"
            "line 4\t\thas 3 fields, the header has 2\t4\n"
            "lines 5 to 6\t\tholds text between a closing quote and the next delimiter\t7?8\n"
            "line 8\tb\tholds no integer\t13\n"
            "line 9\tb\tholds a missing value, which an integer or boolean column cannot hold\t14\n");
}

TEST(ConvertCsv, FailsWhereMoreBadRowsThanAllowedWouldBeSkipped) {
  std::string text = "a,b\n";
  for (int i = 0; i < 300; ++i) text += i % 60 == 7 ? "1,2,3\n" : "1,2\n";
  BothWays conversion(text);
  conversion.options.bad_rows = BadRows::skip;

  EXPECT_EQ(
      reason_of(conversion.error()),
      "5 of 300 rows do not parse, more than --max-bad-rows 1% allows; 5 of them hold another number of fields than "
      "the header; the first: line 9 has 3 fields, the header has 2");

  conversion.options.max_bad_share = 0.02;
  EXPECT_EQ(conversion.run().bad_rows, 5);
}

TEST(ConvertCsv, OffersToSkipRowsOnlyWhereOthersAreGood) {
  BothWays one("a,b\n1,2\n3\n4,5\n");
  EXPECT_THAT(remedy_of(one.error()), HasSubstr("--bad-rows skip"));

  BothWays all("a,b\n1,2,3\n4,5,6\n");
  EXPECT_THAT(remedy_of(all.error()), Not(HasSubstr("skip")));

  BothWays typed("a,b\n1,x\n2,y\n");
  typed.options.types = {{"b", io::ColumnType::float64}};
  EXPECT_THAT(remedy_of(typed.error()), testing::AllOf(Not(HasSubstr("skip")), HasSubstr("--type")));
}

TEST(ConvertCsv, CallsInfiniteNumbersBadRowsInNumericColumnsOnly) {
  BothWays numeric("a,b\n1,2\ninf,3\n4,1e999\n5,6\n");
  EXPECT_THAT(numeric.error().reason(),
              HasSubstr("line 3 holds a number that is infinite or out of range in column 1 (a)"));

  numeric.options.bad_rows = BadRows::skip;
  numeric.options.max_bad_share = 0.5;
  EXPECT_EQ(numeric.run().bad_rows, 2);
  EXPECT_THAT(numeric.numbers(1), ElementsAre(2, 6));

  BothWays text("a\nx\ninf\n");
  EXPECT_EQ(text.run().rows, 2);
}

TEST(ConvertCsv, RefusesAnUnknownColumn) {
  BothWays conversion("a\n1\n");
  conversion.options.types = {{"b", io::ColumnType::text}};

  EXPECT_EQ(conversion.error().code(), core::ExitCode::usage);
}

TEST(ConvertCsv, RefusesAFieldThatNoShardMayHold) {
  BothWays conversion("a,b\n1," + std::string(1024, 'x') + "\n2," + std::string(1025, 'x') + "\n");

  EXPECT_THAT(conversion.error().reason(), HasSubstr("line 3 holds a field of more than 1024 bytes in column 2 (b)"));
}

TEST(ConvertCsv, SaysThatTheInputIsMissingOrNoFile) {
  BothWays conversion("a\n");
  conversion.options.inputs = {conversion.scratch / "absent.csv"};
  EXPECT_EQ(conversion.error().code(), core::ExitCode::input_missing);

  conversion.options.inputs = {conversion.scratch / ""};
  EXPECT_EQ(conversion.error().code(), core::ExitCode::bad_data);
}

TEST(ConvertCsv, KeepsAnOlderSetUnlessToldToOverwrite) {
  BothWays conversion("a\n1\n2\n3\n");
  conversion.options.rows_per_shard = 1;
  conversion.options.output_directory = conversion.scratch / "all";
  convert(world(), conversion.options);
  const std::vector<std::string> before = conversion.files();
  conversion.options.rows_per_shard = 3;

  EXPECT_THROW(convert(world(), conversion.options), comm::AgreedError);
  EXPECT_EQ(conversion.files(), before);
  world().barrier();  // before the next conversion changes what others look at

  conversion.options.overwrite = true;
  convert(world(), conversion.options);
  EXPECT_THAT(conversion.files(), ElementsAre("customers-00000-of-00001.h5"));
}

TEST(ConvertCsv, OverwritesOnlyItsOwnShards) {
  BothWays conversion("a\n1\n");
  conversion.options.output_directory = conversion.scratch / "all";
  if (world().is_root()) std::filesystem::create_directory(conversion.scratch / "all");
  conversion.scratch.write("all/other.h5", "precious");
  conversion.options.overwrite = true;

  try {
    convert(world(), conversion.options);
    FAIL();
  } catch (const comm::AgreedError& error) {
    EXPECT_EQ(error.code(), core::ExitCode::cannot_create);
  }

  EXPECT_THAT(conversion.files(), ElementsAre("other.h5"));
}

TEST(ConvertCsv, NeverReplacesAFileThatIsNamedForBadRowsUnasked) {
  BothWays conversion("a,b\n1\n");
  conversion.options.output_directory = conversion.scratch / "all";
  conversion.options.bad_rows = BadRows::skip;
  conversion.options.bad_rows_file = "notes.txt";
  if (world().is_root()) std::filesystem::create_directory(conversion.scratch / "all");
  conversion.scratch.write("all/notes.txt", "precious");

  EXPECT_THROW(convert(world(), conversion.options), comm::AgreedError);

  EXPECT_EQ(io::read_file(conversion.scratch / "all/notes.txt"), "precious");
}

TEST(ConvertCsv, SaysThatTheOutputCannotBeMade) {
  BothWays conversion("a\n1\n");
  conversion.options.output_directory = conversion.scratch.write("file", "") / "shards";

  try {
    convert(world(), conversion.options);
    FAIL();
  } catch (const comm::AgreedError& error) {
    EXPECT_EQ(error.code(), core::ExitCode::cannot_create);
  }
}

TEST(ConvertCsv, LeavesAnOlderSetAloneWhenItFails) {
  BothWays conversion("a\n1\n");
  conversion.options.output_directory = conversion.scratch / "all";
  convert(world(), conversion.options);
  const std::vector<std::string> before = conversion.files();
  conversion.scratch.write("customers.csv", "a\n1\n2,3\n");
  conversion.options.overwrite = true;

  EXPECT_THROW(convert(world(), conversion.options), comm::AgreedError);

  EXPECT_EQ(conversion.files(), before);
}

TEST(ConvertOptions, AreCheckedByField) {
  ConvertOptions good;
  good.inputs = {"customers.csv"};
  good.output_directory = "shards";
  EXPECT_NO_THROW(validate(good));

  const auto message = [&](auto change) -> std::string {
    ConvertOptions bad = good;
    change(bad);
    try {
      validate(bad);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::usage);
      return std::string(error.what());
    }
    return "no error";
  };
  EXPECT_THAT(message([](auto& o) { o.rows_per_shard = 0; }),
              HasSubstr("rows-per-shard cannot be 0. It is a whole number from 1 to"));
  EXPECT_THAT(message([](auto& o) { o.delimiter = '"'; }), HasSubstr("delimiter cannot be"));
  EXPECT_THAT(message([](auto& o) { o.deflate_level = 10; }), HasSubstr("deflate cannot be 10"));
  EXPECT_THAT(message([](auto& o) { o.bad_rows_file = "../x"; }), HasSubstr("bad-rows-file cannot be '../x'"));
  EXPECT_THAT(message([](auto& o) { o.output_directory = ""; }), HasSubstr("output is missing"));
}

// "Credit Card Dataset for Clustering": 8,950 rows x 18 columns; 313 and 1 values are missing (pandas: isna().sum()).
TEST(ConvertCsv, ReadsTheCreditCardData) {
  const std::filesystem::path path = shared_data("cc_general.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path << " (set CARDSEG_SHARED_DATA)";
  BothWays conversion("");
  conversion.options.inputs = {path};
  conversion.options.rows_per_shard = 3000;

  const ConvertReport report = conversion.run();

  EXPECT_EQ(report.rows, 8950);
  EXPECT_EQ(report.shards.size(), 3u);
  ASSERT_EQ(report.columns.size(), 18u);
  EXPECT_EQ(report.columns[0].spec, (io::ColumnSpec{"CUST_ID", io::ColumnType::text, 6}));
  EXPECT_EQ(report.columns[15].spec.name, "MINIMUM_PAYMENTS");
  EXPECT_EQ(report.columns[15].missing, 313);
  EXPECT_EQ(report.columns[13].spec.name, "CREDIT_LIMIT");
  EXPECT_EQ(report.columns[13].missing, 1);
  EXPECT_EQ(report.columns[17].spec.type, io::ColumnType::int64);
  EXPECT_EQ(conversion.numbers(1)[0], 40.900749);
}

// "Bank Marketing", UCI: 41,188 rows x 21 columns, semicolons and quotes.
TEST(ConvertCsv, ReadsTheBankMarketingData) {
  const std::filesystem::path path = shared_data("bank_additional_full.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path << " (set CARDSEG_SHARED_DATA)";
  BothWays conversion("");
  conversion.options.inputs = {path};

  const ConvertReport report = conversion.run();

  EXPECT_EQ(report.rows, 41188);
  EXPECT_EQ(report.delimiter, ';');
  ASSERT_EQ(report.columns.size(), 21u);
  EXPECT_EQ(report.columns[0].spec.type, io::ColumnType::int64);
  EXPECT_EQ(report.columns[1].spec.type, io::ColumnType::text);
  EXPECT_EQ(report.columns[18].spec.type, io::ColumnType::float64);
  EXPECT_EQ(conversion.texts(1)[0], "housemaid");
}

}  // namespace cardseg::convert
