// Words, options, configuration files and descriptions that cannot be understood, and those that can.
#include <gmock/gmock.h>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using support::run_cardseg;
using testing::HasSubstr;

class CommandLine : public Faults {
 protected:
  void expect_usage(const std::string& arguments, const std::vector<std::string>& words) const {
    expect_refused(arguments, ExitCode::usage, words);
  }
  void expect_fit_usage(const std::string& options, const std::vector<std::string>& words) const {
    expect_fit_refused(at("shards"), ExitCode::usage, words, options);
  }
  // fit with a file of that text as --config or --description.
  void expect_wrong_file(const std::string& option, const std::string& text,
                         const std::vector<std::string>& words) const {
    write_text(at("file.ini"), text);
    std::vector<std::string> all = words;
    all.push_back(at("file.ini"));
    expect_fit_refused(at("shards"), ExitCode::config, all, option + " " + at("file.ini"));
  }
  std::string config_of(const std::string& arguments) const {
    const auto outcome = run_cardseg(arguments + " --print-config");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }
};

using Description = CommandLine;
using Config = CommandLine;

TEST_F(CommandLine, NeedsAJob) { expect_usage("", {"no job", "cardseg --help"}); }

TEST_F(CommandLine, NeedsAKnownJob) {
  expect_usage("fitt --shards x", {"no job 'fitt'", "Did you mean 'fit'?"});
  expect_usage("--segments 5", {"no job '--segments'", "cardseg --help"});
}

TEST_F(CommandLine, NeedsKnownOptions) {
  expect_usage("fit --segmets 5", {"unknown option '--segmets'", "Did you mean '--segments'?"});
  expect_usage("fit --segmets=5", {"unknown option '--segmets'", "Did you mean '--segments'?"});
  expect_usage("fit --bad", {"unknown option '--bad'"});
  expect_usage("fit -x", {"unknown option '-x'", "--help"});
  expect_usage("generate --overwrite --costumers 5", {"unknown option '--costumers'", "Did you mean '--customers'?"});
}

TEST_F(CommandLine, NeedsValuesThatFit) {
  make_portfolio();
  expect_fit_usage("--segments", {"--segments", "missing"});
  expect_fit_usage("--segments five", {"--segments cannot be 'five'", "whole number from 1 to 10000"});
  expect_fit_usage("--segments 3 --segments 4", {"--segments", "more than once"});
  expect_fit_usage("--segments 0", {"--segments cannot be 0", "1 to 10000"});
  expect_fit_usage("--segments -1", {"--segments"});
  expect_fit_usage("--segments 10001", {"--segments cannot be 10001", "1 to 10000"});
  expect_fit_usage("--tolerance nan", {"--tolerance cannot be nan"});
  expect_fit_usage("--seeding best", {"--seeding cannot be 'best'", "k-means++, k-means||, greedy"});
  expect_fit_usage("--seeding greddy", {"Did you mean 'greedy'?"});
  expect_fit_usage("--seeding-rounds 0", {"--seeding-rounds cannot be 0", "1 to 100"});
  expect_fit_usage("--seeding file", {"--seeding file needs --centroids"});
  expect_fit_usage("--transform log", {"--transform cannot be 'log'", "log1p"});
  expect_fit_usage("--scale 2", {"--scale cannot be '2'", "zscore"});
  expect_fit_usage("--missing guess", {"--missing cannot be 'guess'", "median"});
  expect_fit_usage("--precision half", {"--precision cannot be 'half'", "float32 or double"});
  expect_fit_usage("--threads -1", {"--threads cannot be -1"});
  expect_fit_usage("--simd mmx", {"--simd cannot be 'mmx'", "auto"});
  expect_fit_usage("--log xml", {"--log cannot be 'xml'", "text or json"});
  expect_usage("generate --output " + output() + " extra", {"belongs to no option"});
}

TEST_F(CommandLine, NeedsInputsAndOutputs) {
  make_portfolio();
  expect_usage("fit --output " + output(), {"--shards is missing"});
  expect_usage("fit --shards " + at("shards"), {"--output is missing"});
  expect_usage("assign --shards " + at("shards") + " --output " + output(), {"--model is missing"});
  expect_usage("convert --output " + output(), {"no CSV file"});
  expect_usage("generate", {"--output is missing"});
}

TEST_F(CommandLine, OfGenerateIsCheckedOnAllRanks) {
  for (const std::string option :
       {"--customers -1", "--segments 1", "--segments 9", "--separation 11", "--missing-share 0.3", "--deflate 10",
        "--extra-features 1000", "--rows-per-shard 0"}) {
    const std::size_t blank = option.find(' ');
    expect_usage("generate --output " + output() + " " + option,
                 {option.substr(0, blank) + " cannot be" + option.substr(blank), "number from "});
  }
}

TEST_F(CommandLine, NamesColumnsThatExist) {
  make_portfolio();
  expect_fit_usage("--id costumer_id", {"'costumer_id' is named as id", "Did you mean 'customer_id'?"});
  expect_fit_usage("--exclude ballance", {"'ballance' is named as excluded", "Did you mean 'balance'?"});
  expect_fit_refused(at("shards"), ExitCode::bad_data, {"no column is left to segment by"},
                     "--exclude age,balance,purchases,region");
}

TEST_F(Config, HasNoControlCharactersNorEndlessValues) {
  make_portfolio();
  expect_wrong_file("--config", "segments = 3\nsimd = \x1b[31mred\n", {"line 2 holds a control character"});
  expect_wrong_file("--config", "simd = " + std::string(5000, 'x') + "\n", {"line 1 is longer than 4096 bytes"});
  expect_wrong_file("--description", "[portfolio]\nid = \x07\n", {"line 2 holds a control character"});
  expect_wrong_file("--description", "[portfolio]\nno line " + std::string(3000, 'x') + "\n",
                    {"invalid line", "xxx..."});
  expect_fit_refused(at("shards"), ExitCode::input_missing, {"/dev/zero", "not a regular file"},
                     "--description /dev/zero");
}

TEST_F(Config, MustExistAndBeAFile) {
  expect_fit_refused("x", ExitCode::input_missing, {at("nowhere.ini"), "No such file"},
                     "--config " + at("nowhere.ini"));
  expect_fit_refused("x", ExitCode::input_missing, {scratch_.path().string(), "Is a directory"},
                     "--config " + scratch_.path().string());
  expect_fit_refused(make_portfolio(), ExitCode::input_missing, {at("nowhere.ini"), "No such file"},
                     "--description " + at("nowhere.ini"));
}

TEST_F(Config, NeedsKnownKeysAndValuesThatFit) {
  expect_wrong_file("--config", "segmets = 5\n", {"unknown key 'segmets'", "Did you mean 'segments'?"});
  expect_wrong_file("--config", "[fit]\nsegments = 5\n", {"unknown key 'fit.segments'", "Did you mean 'segments'?"});
  expect_wrong_file("--config", "segments = five\n", {"--segments cannot be 'five'", "whole number from 1 to 10000"});
  expect_wrong_file("--config", "transform = log\n", {"--transform cannot be 'log'"});
  expect_wrong_file("--config", "what is this\n", {"what is this", "--print-config"});
  expect_wrong_file("--config", "help = true\n", {"'help' has no meaning in a file"});
}

TEST_F(Config, IsPrintedAndReadBack) {
  const std::string options =
      "fit --shards one two --segments 5 --scale robust --tolerance 1e-9 --overwrite --log json";
  const std::string printed = config_of(options);
  write_text(at("file.ini"), printed);

  EXPECT_EQ(config_of("fit --config " + at("file.ini")), printed);
  EXPECT_THAT(printed, HasSubstr("\nsegments = 5\n"));
  EXPECT_THAT(printed, HasSubstr("\nshards = one\nshards = two\n"));
  EXPECT_THAT(printed, HasSubstr("\noverwrite = true\n"));
}

TEST_F(Config, IsPrintedAndReadBackForEveryJob) {
  for (const char* job : {"generate", "convert", "rfm", "inspect", "plan", "validate", "fit", "study", "assign",
                          "verify", "status", "scaling"}) {
    const std::string printed = config_of(job);
    write_text(at("file.ini"), printed);
    EXPECT_EQ(config_of(std::string(job) + " --config " + at("file.ini")), printed) << job;
  }
}

TEST_F(Config, IsOverriddenByTheCommandLine) {
  write_text(at("file.ini"), "segments = 5\nrestarts = 3\nshards = one\nshards = two\n");

  const std::string both = config_of("fit --segments 7 --shards three --config " + at("file.ini"));

  EXPECT_THAT(both, HasSubstr("\nsegments = 7\n"));
  EXPECT_THAT(both, HasSubstr("\nrestarts = 3\n"));
  EXPECT_THAT(both, HasSubstr("\nshards = three\n"));
  EXPECT_THAT(both, testing::Not(HasSubstr("shards = one")));
}

TEST_F(Config, TakesANumberSignInsideAValue) {
  write_text(at("file.ini"), "# a comment\noutput = run#1  # another\n#restarts = 7\n");

  EXPECT_THAT(config_of("fit --config " + at("file.ini")),
              testing::AllOf(HasSubstr("\noutput = run#1\n"), HasSubstr("\nrestarts = 4\n")));
  expect_usage("fit --print-config --output \"run #1\"", {"--output", "'#' after a blank begins a comment"});
}

TEST_F(Config, GivesTheSameRunAsTheCommandLine) {
  const std::string shards = make_portfolio();
  const std::string options = "fit --shards " + shards + " --segments 3 --restarts 2 --output " + at("first");
  ASSERT_EQ(run_cardseg(options).exit_code, 0);
  write_text(at("file.ini"), config_of(options));
  ASSERT_EQ(run_cardseg("fit --config " + at("file.ini") + " --output " + at("second")).exit_code, 0);

  EXPECT_EQ(io::read_file(at("first/manifest.json")), io::read_file(at("second/manifest.json")));
}

TEST_F(Description, NeedsKnownKeys) {
  make_portfolio();
  const auto refused = [&](const std::string& text, const std::vector<std::string>& words) {
    expect_wrong_file("--description", text, words);
  };
  refused("[portfolio]\nidd = customer_id\n", {"unknown key 'portfolio.idd'", "Did you mean 'portfolio.id'?"});
  refused("[column.age]\nwieght = 2\n", {"unknown key 'column.age.wieght'", "Did you mean 'weight'?"});
  refused("[colum.age]\nweight = 2\n", {"unknown key 'colum.age.weight'"});
  refused("[family]\nbehaviour = 2\n", {"'behaviour'", "behavioural"});
  refused("[column.age]\ntransform = log\n", {"column.age.transform cannot be 'log'", "log1p"});
  refused("[column.age]\nweight = much\n", {"column.age.weight cannot be 'much'", "number"});
  refused("[column.age\n", {"[column.age"});
}

TEST_F(Description, NamesColumnsThatExistAndHoldNumbers) {
  make_portfolio();
  expect_wrong_file("--description", "[column.agee]\nweight = 2\n",
                    {"'agee' is named as a feature", "Did you mean 'age'?"});
  expect_wrong_file("--description", "[portfolio]\nid = costumer_id\n", {"'costumer_id' is named as id"});
  expect_wrong_file("--description", "[column.region]\ntype = number\n",
                    {"column.region.type is number", "holds text", "type = category"});
  expect_wrong_file("--description", "[portfolio]\nvalue = region\n", {"column region", "value column holds text"});
}

TEST_F(Description, HasNoEmptyValues) {
  make_portfolio();
  expect_wrong_file("--description", "[portfolio]\nexclude = #cards, age\n",
                    {"portfolio.exclude is empty", "'#' after a blank begins a comment", "\"#cards\""});
  expect_wrong_file("--description", "[column.age]\nscale =\n", {"column.age.scale is empty"});
  expect_wrong_file("--description", "[portfolio]\nmissing_codes = 999, NA\n", {"portfolio.missing_codes cannot be"});
}

TEST_F(Description, NamesColumnsInQuotes) {
  Columns columns = customers(20);
  columns.push_back({"spend, online", column(columns, "purchases").values});
  columns.push_back({"#cards", column(columns, "age").values});
  write_shard(at("shards/a.h5"), columns);
  write_text(at("portfolio.ini"), "[portfolio]\nexclude = \"#cards\", age, \"spend, online\"  # \"no\" feature\n");

  const auto described = expect_done("validate --shards " + at("shards") + " --description " + at("portfolio.ini"));
  const auto given =
      expect_done("validate --shards " + at("shards") + R"( --exclude "\"#cards\",age,\"spend, online\"")");

  EXPECT_EQ(described.out, given.out);
  for (const char* name : {"#cards", "age", "spend, online"})
    EXPECT_THAT(given.out, HasSubstr(std::string("excluded ") + name + "\n"));
}

TEST_F(Description, IsShownByValidateWithItsRoles) {
  make_portfolio();
  write_text(at("portfolio.ini"), "[portfolio]\nvalue = purchases\nexclude = age\n");

  const auto outcome = expect_done("validate --shards " + at("shards") + " --description " + at("portfolio.ini"));

  for (const char* line : {"id       customer_id\n", "value    purchases\n", "excluded age\n",
                           "feature  region: category of 4 levels, weight 1\n", "feature  balance: none, zscore"})
    EXPECT_THAT(outcome.out, HasSubstr(line));
}

TEST_F(Description, KeepsATextIdThatIsExcluded) {
  Columns columns = customers(20);
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.push_back("secret" + std::to_string(i));
  column(columns, "customer_id").values = ids;
  write_shard(at("shards/a.h5"), columns);

  const auto outcome = expect_done("validate --exclude customer_id --shards " + at("shards"));

  EXPECT_THAT(outcome.out, HasSubstr("id       customer_id\n"));
}

}  // namespace
}  // namespace cardseg::faults
