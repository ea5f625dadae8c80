// The promise: the same bytes for any number of ranks, threads and shards and any vector width.
#include <gtest/gtest.h>

#include "cardseg/cluster/vector_width.hpp"
#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

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

// All combinations in the campaign; else each rank count, thread count, split, width and algorithm at least once.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  int number = 0;
  for (int ranks : {1, 2, 3, 5, 8})
    for (int threads : {1, 2})
      for (int shards : {1, 3, 7})
        for (const std::string& simd : widths())
          if (++number; is_campaign() || number % 7 == 1)
            all.push_back(
                {ranks, threads, shards, simd, algorithms[static_cast<std::size_t>(number) % std::size(algorithms)]});
  return all;
}

// Digests of what must be equal. Labels are compared by value over all shards, since their files follow the input's
// split.
struct Result {
  std::map<std::string, std::string> files;
  std::vector<std::int64_t> segments;
  std::vector<std::int64_t> seconds;

  bool operator==(const Result&) const = default;
};

class SameBytes : public testing::TestWithParam<std::string> {
 protected:
  Result fit(const Shape& shape, const std::string& options) const {
    const auto run = scratch_ / "run";
    const auto done =
        run_cardseg("fit --shards " + shards(shape.shards) + " --overwrite --quiet --output " + run.string() +
                        " --simd " + shape.simd + " --algorithm " + shape.algorithm + " " + options,
                    {.ranks = shape.ranks, .threads = shape.threads});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    Result result;
    const auto digests = support::digests(run);
    for (const char* name : {"model.json", "segments.csv", "centroids.csv"}) result.files[name] = digests.at(name);
    result.segments = support::read_column(run / "labels", "segment");
    result.seconds = support::read_column(run / "labels", "second_segment");
    return result;
  }

  std::string shards(int count) const { return (scratch_ / ("shards" + std::to_string(count))).string(); }

  void expect_same(const std::string& options) const {
    const Result reference = fit({1, 1, 1, widths().front(), "plain"}, options);
    ASSERT_FALSE(reference.segments.empty());
    for (const Shape& shape : shapes())
      EXPECT_TRUE(fit(shape, options) == reference)
          << shape.ranks << " ranks, " << shape.threads << " threads, " << shape.shards << " shards, " << shape.simd
          << ", " << shape.algorithm;
  }

  TemporaryDirectory scratch_;
};

TEST_P(SameBytes, OnCreditCardData) {
  const auto csv = support::shared_data("cc_general.csv");
  if (csv.empty()) GTEST_SKIP() << "cc_general.csv is not here (set CARDSEG_SHARED_DATA)";
  for (const auto& [count, rows] : {std::pair{1, 9000}, {3, 3000}, {7, 1300}})
    ASSERT_EQ(run_cardseg("convert " + csv.string() + " --output " + shards(count) + " --rows-per-shard " +
                          std::to_string(rows))
                  .exit_code,
              0);

  expect_same("--segments 6 --restarts 3 --precision " + GetParam());
}

TEST_P(SameBytes, OnAGeneratedPortfolio) {
  for (const auto& [count, rows] : {std::pair{1, 200000}, {3, 70000}, {7, 29000}}) {
    const std::string out = (scratch_ / ("generated" + std::to_string(count))).string();
    ASSERT_EQ(run_cardseg("generate --customers 200000 --output " + out + " --rows-per-shard " + std::to_string(rows))
                  .exit_code,
              0);
    std::filesystem::create_directory_symlink(out + "/shards", shards(count));
  }

  expect_same("--segments 8 --restarts 2 --max-iterations 25 --exclude age --transform signed-log --precision " +
              GetParam());
}

INSTANTIATE_TEST_SUITE_P(Precisions, SameBytes, testing::Values("float32", "double"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace cardseg::endtoend
