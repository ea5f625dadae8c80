// CSV files that convert must refuse, or convert with a word about it.
#include <gmock/gmock.h>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

class Csv : public Faults {
 protected:
  std::string convert(const std::string& text, const std::string& options = "") const {
    write_text(at("customers.csv"), text);
    return "convert " + at("customers.csv") + " --output " + output() + " " + options;
  }
  void expect_csv_refused(const std::string& text, std::vector<std::string> words,
                          const std::string& options = "") const {
    words.push_back(at("customers.csv"));
    expect_refused(convert(text, options), ExitCode::bad_data, words);
  }
  // 40 rows, of which `line` is replaced (the header is line 1).
  static std::string rows_with(int line, const std::string& row) {
    std::string text = "id,balance,region\n";
    for (int i = 2; i <= 41; ++i)
      text += i == line ? row + "\n" : std::to_string(47110000 + i) + ",4711." + std::to_string(i) + ",secret\n";
    return text;
  }
};

TEST_F(Csv, MustExist) {
  expect_refused("convert " + at("nowhere.csv") + " --output " + output(), ExitCode::input_missing,
                 {at("nowhere.csv"), "No such file", "Check the path"});
  expect_refused("convert " + scratch_.path().string() + " --output " + output(), ExitCode::bad_data,
                 {"is a directory. Name the files in it"});
}

TEST_F(Csv, MustHaveAHeader) {
  expect_csv_refused("", {"is empty", "name the columns"});
  expect_csv_refused("id,balance,id\n4711,4711,4711\n", {"columns 1 and 3 of the header have the same name"});
  expect_csv_refused("4711,47114711,4711.5\n4711,4711,4711\n",
                     {"the header at line 1 is made of numbers", "--no-header --columns"});
  expect_csv_refused("secret list\nid,balance,region\n4711,4711,secret\n4711,4711,secret\n",
                     {"line 1 has one column", "line 2 on have 3", "--header-line 2"});
  const auto outcome = expect_done(convert("id,,a/b\n4711,4711,4711\n"));
  EXPECT_THAT(outcome.err, HasSubstr("column 2 of the header has no name; it is called column_2"));
  EXPECT_THAT(outcome.err, HasSubstr("is called a_b"));
}

TEST_F(Csv, MustHaveRowsAsLongAsTheHeader) {
  expect_csv_refused(rows_with(17, "47110017,4711"), {"line 17", "has 2 fields, the header has 3", "--bad-rows skip"});
  expect_csv_refused(rows_with(40, "47110040,4711,secret,4711"), {"line 40", "has 4 fields, the header has 3"});
}

TEST_F(Csv, MayHaveBadRowsSkipped) {
  const auto outcome = expect_done(convert(rows_with(17, "47110017,4711"), "--bad-rows skip --max-bad-rows 5%"));

  EXPECT_THAT(outcome.out, HasSubstr("rows     40 in = 39 written + 1 rejected"));
  expect_csv_refused(rows_with(17, "47110017,4711"),
                     {"1 of 40 rows do not parse", "--max-bad-rows", "line 17 has 2 fields"}, "--bad-rows skip");
}

TEST_F(Csv, MustHoldWhatTypeSays) {
  expect_csv_refused(rows_with(17, "47110017,secret,x"), {"line 17", "no number", "column 2 (balance)"},
                     "--type balance=float64");
  expect_csv_refused(rows_with(17, "47110017,4711.5,x"), {"line 2", "no integer", "column 2 (balance)"},
                     "--type balance=int32");
  expect_csv_refused(rows_with(17, "47110017,,x"), {"line 2", "no boolean", "column 2 (balance)"},
                     "--type balance=boolean");
  expect_csv_refused(rows_with(17, "47110017,47111e400,x"), {"line 17", "out of range", "column 2 (balance)"},
                     "--type balance=float64");
  expect_csv_refused(rows_with(17, "47110017,inf,x"), {"line 17", "infinite", "column 2 (balance)"},
                     "--type balance=float64");
}

TEST_F(Csv, WithTextAmongNumbersMakesATextColumnAndSaysSo) {
  const auto outcome = expect_done(convert(rows_with(17, "47110017,secret,x")));

  EXPECT_THAT(outcome.err, HasSubstr("warning column balance"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("balance +text"));
}

TEST_F(Csv, MayNotHoldInfiniteOrHugeNumbersInANumericColumn) {
  expect_csv_refused(rows_with(17, "47110017,-inf,x"), {"line 17", "infinite", "column 2 (balance)"});
  expect_csv_refused(rows_with(17, "47110017,4711e999,x"), {"line 17", "out of range", "column 2 (balance)"});
}

TEST_F(Csv, MustNotHoldForeignBytes) {
  expect_csv_refused(rows_with(17, "47110017,4711,Z\xfcrich"),
                     {"line 17", "not UTF-8", "looks like latin1", "--encoding latin1"});
  expect_csv_refused(rows_with(17, "47110017,4711,\"open"), {"never closed"});
}

TEST_F(Csv, OptionsNameColumnsThatExist) {
  const std::string good = rows_with(0, "");
  for (const char* option : {"--type ballance=int32", "--exclude ballance"})
    expect_refused(convert(good, option), ExitCode::usage, {"'ballance'", "header", "Did you mean 'balance'?"});
  expect_refused(convert(good, "--type balance=number"), ExitCode::usage, {"'number'", "float64"});
  expect_refused(convert(good, "--type balance"), ExitCode::usage, {"--type", "COLUMN=TYPE"});
  expect_refused(convert(good, "--bad-rows ignore"), ExitCode::usage, {"--bad-rows", "error or skip"});
  expect_refused(convert(good, "--delimiter ab"), ExitCode::usage, {"--delimiter", "one character"});
  expect_refused(convert(good, "--rows-per-shard 0"), ExitCode::usage, {"--rows-per-shard", "1 to "});
}

TEST_F(Csv, ConvertedTextHasNoTransform) {
  ASSERT_EQ(support::run_cardseg("convert " +
                                 [&] {
                                   write_text(at("customers.csv"), rows_with(17, "47110017,secret,x"));
                                   return at("customers.csv");
                                 }() +
                                 " --output " + at("shards"))
                .exit_code,
            0);
  write_text(at("description.ini"), "[column.balance]\ntransform = log1p\n");

  expect_fit_refused(at("shards"), ExitCode::config,
                     {at("description.ini"), "column.balance.transform", "holds text", "convert the column as numbers"},
                     "--segments 3 --description " + at("description.ini"));
}

}  // namespace
}  // namespace cardseg::faults
