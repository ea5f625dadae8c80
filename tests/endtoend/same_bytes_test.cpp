// The promise: the same bytes for any number of ranks, threads and shards and any vector width.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/cluster/vector_width.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

namespace fs = std::filesystem;
using support::is_campaign;
using support::run_cardseg;
using support::TemporaryDirectory;

struct Shape {
  int ranks;
  int threads;
  int shards;
  std::string simd;
  std::string algorithm;
};

constexpr const char* algorithms[] = {"auto", "yinyang", "plain", "hamerly"};

std::vector<std::string> widths() {
  std::vector<std::string> names = cluster::vector_widths();
  std::erase(names, "auto");
  if (names.size() > 2) names.resize(2);  // avx512 and avx2 where there are both; unit tests compare them all
  return names;
}

std::vector<Shape> all_shapes() {
  std::vector<Shape> all;
  std::size_t number = 0;
  for (int ranks : {1, 2, 3, 5, 8})
    for (int threads : {1, 2})
      for (int shards : {1, 3, 7}) {
        const std::string algorithm = algorithms[++number % std::size(algorithms)];
        for (const std::string& simd : widths()) all.push_back({ranks, threads, shards, simd, algorithm});
      }
  return all;
}

// How first centroids are found, and of what type features are.
struct Way {
  std::string seeding;
  std::string precision;
  std::size_t every;  // of how many shapes it meets one
};

const Way ways[] = {
    {"refined", "float32", 13}, {"refined", "double", 13}, {"greedy", "float32", 23}, {"k-means||", "double", 23}};

struct Portfolio {
  std::size_t number;
  std::string features;  // and segments
  std::string course;    // of a fit
  std::string sample;    // customers that refined seeding draws
};
constexpr std::size_t portfolios = 2;

// All shapes in the campaign; else every way has others on every portfolio, and all of them together have met each rank
// count, thread count, split, width and algorithm.
std::vector<Shape> shapes(std::size_t way, std::size_t portfolio) {
  const std::vector<Shape> all = all_shapes();
  if (is_campaign()) return all;
  std::vector<Shape> some;
  for (std::size_t i = 3 * (portfolios * way + portfolio) % ways[way].every; i < all.size(); i += ways[way].every)
    some.push_back(all[i]);
  return some;
}

// What a manifest says but for the files that follow the input's split: the shards and their labels.
std::string without_shards(const fs::path& manifest) {
  nlohmann::json content = nlohmann::json::parse(io::read_file(manifest));
  content.erase("inputs");
  content.erase("lineage");
  nlohmann::json& outputs = content.at("outputs");
  for (auto file = outputs.begin(); file != outputs.end();)
    file = file->at("name").get<std::string>().starts_with("labels/") ? outputs.erase(file) : file + 1;
  return content.dump(1);
}

// What must be equal: every file but the records of how it went. Labels are compared by their columns over all shards,
// since their files follow the input's split.
struct Result {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> labels;
};

Result result_of(const fs::path& run) {
  Result result{support::digests(run), support::column_digests(run / "labels")};
  std::erase_if(result.files, [](const auto& file) {
    return file.first == "run.json" || file.first == "progress.json" || file.first.starts_with("labels/");
  });
  result.files["manifest.json"] = without_shards(run / "manifest.json");
  return result;
}

class SameBytes : public testing::TestWithParam<std::size_t> {
 protected:
  Result fit(const Shape& shape, const std::string& options) const {
    const auto run = scratch_ / "run";
    const auto done =
        run_cardseg("fit --shards " + shards(shape.shards) + " --overwrite --quiet --output " + run.string() +
                        " --simd " + shape.simd + " --algorithm " + shape.algorithm + " " + options,
                    {.ranks = shape.ranks, .threads = shape.threads});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return result_of(run);
  }

  std::string shards(int count) const { return (scratch_ / ("shards" + std::to_string(count))).string(); }

  void convert_credit_cards(const fs::path& csv) const {
    for (const auto& [count, rows] : {std::pair{1, 9000}, {3, 3000}, {7, 1300}})
      ASSERT_EQ(run_cardseg("convert " + csv.string() + " --output " + shards(count) + " --rows-per-shard " +
                            std::to_string(rows))
                    .exit_code,
                0);
  }

  void generate_portfolio() const {
    for (const auto& [count, rows] : {std::pair{1, 200000}, {3, 70000}, {7, 29000}}) {
      const std::string out = (scratch_ / ("generated" + std::to_string(count))).string();
      ASSERT_EQ(run_cardseg("generate --customers 200000 --output " + out + " --rows-per-shard " + std::to_string(rows))
                    .exit_code,
                0);
      fs::create_directory_symlink(out + "/shards", shards(count));
    }
  }

  void expect_same(const Portfolio& portfolio) const {
    const Way& way = ways[GetParam()];
    const std::string precision = portfolio.features + " --precision " + way.precision;
    if (way.seeding == "refined") expect_seeding_on_a_sample(precision, portfolio.sample);
    const std::string options =
        precision + portfolio.course + " --seeding \"" + way.seeding + "\" --seeding-sample " + portfolio.sample;
    const Result reference = fit({1, 1, 1, widths().front(), "plain"}, options);
    for (const char* name : {"model.json", "segments.csv", "centroids.csv", "map.csv", "report.html", "manifest.json"})
      ASSERT_TRUE(reference.files.contains(name)) << name;
    ASSERT_EQ(reference.labels.size(), 5U);  // id, segment, distance, second segment, margin
    for (const Shape& shape : shapes(GetParam(), portfolio.number)) {
      SCOPED_TRACE(testing::Message() << shape.ranks << " ranks, " << shape.threads << " threads, " << shape.shards
                                      << " shards, " << shape.simd << ", " << shape.algorithm);
      const Result result = fit(shape, options);

      EXPECT_EQ(result.files, reference.files);
      EXPECT_EQ(result.labels, reference.labels);
    }
  }

  // The portfolio is large enough for the sample: one that it is too small for leaves other first centroids.
  void expect_seeding_on_a_sample(const std::string& options, const std::string& sample) const {
    const std::string one_step = options + " --restarts 1 --max-iterations 1 --seeding-sample ";
    const Shape shape{2, 1, 1, "auto", "auto"};

    EXPECT_NE(fit(shape, one_step + sample).labels, fit(shape, one_step + "1000000").labels);
  }

  TemporaryDirectory scratch_;
};

TEST_P(SameBytes, OnCreditCardData) {
  const auto csv = support::shared_data("cc_general.csv");
  if (csv.empty()) GTEST_SKIP() << "cc_general.csv is not here (set CARDSEG_SHARED_DATA)";
  convert_credit_cards(csv);

  expect_same({0, "--segments 5", " --restarts 3", "1000"});
}

// Categories and an ordinal among its columns.
TEST_P(SameBytes, OnAGeneratedPortfolio) {
  generate_portfolio();
  const std::string description = (scratch_ / "portfolio.ini").string();
  std::ofstream(description)
      << "[column.region]\nweight = 0.5\nmin_level = 10%\n"
         "[column.income_band]\nmissing = median\n"
         "order = 1-low, 2-lower-middle, 3-middle, 4-upper-middle, 5-high\nscores = 0, 1, 2, 3, 5\n"
         "[column.balance]\nclip = 0.01, 0.99\ntransform = cube-root\n";

  expect_same({1, "--segments 8 --exclude age --transform signed-log --description " + description,
               " --restarts 2 --max-iterations 25", "4096"});
}

TEST(SameBytesShapes, MeetEveryCountWidthAndAlgorithm) {
  const auto values = [](const std::vector<Shape>& from) {
    std::set<std::string> seen;
    for (const Shape& s : from)
      seen.insert({std::to_string(s.ranks) + " ranks", std::to_string(s.threads) + " threads",
                   std::to_string(s.shards) + " shards", s.simd, s.algorithm});
    return seen;
  };
  std::vector<Shape> met;
  for (std::size_t way = 0; way < std::size(ways); ++way)
    for (std::size_t portfolio = 0; portfolio < portfolios; ++portfolio)
      std::ranges::copy(shapes(way, portfolio), std::back_inserter(met));

  EXPECT_EQ(values(met), values(all_shapes()));
}

INSTANTIATE_TEST_SUITE_P(Ways, SameBytes, testing::Range(std::size_t{0}, std::size(ways)), [](const auto& each) {
  std::string name = ways[each.param].seeding + "_" + ways[each.param].precision;
  std::erase_if(name, [](char c) { return c == '-' || c == '|'; });
  return name;
});

}  // namespace
}  // namespace cardseg::endtoend
