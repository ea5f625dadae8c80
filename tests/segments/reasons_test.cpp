#include "cardseg/segments/reasons.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/philox.hpp"
#include "support/small_model.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::segments {
namespace {

constexpr int segments = 6;
constexpr std::int64_t customers = 10000;

portfolio::FittedColumn number(const std::string& name, portfolio::Transform transform, double centre, double factor) {
  portfolio::FittedColumn column = support::model_feature(name, centre, factor);
  column.facts.range = {};
  auto& encoder = std::get<portfolio::NumberEncoder>(column.encoder);
  encoder.settings.transform = transform;
  column.column.settings.transform = transform;
  return column;
}

// Five numbers, one of them age and one with a feature for missing values, and a category.
Model mixed_model() {
  Model model;
  model.columns = {number("balance", portfolio::Transform::log1p, 6.0, 0.7),
                   number("purchases", portfolio::Transform::none, 40.0, 0.05),
                   number("spread", portfolio::Transform::signed_log, 0.0, 0.5),
                   number("age", portfolio::Transform::none, 50.0, 0.07),
                   number("cash", portfolio::Transform::sqrt, 10.0, 0.2)};
  model.columns[3].column.settings.family = portfolio::Family::demographic;
  std::get<portfolio::NumberEncoder>(model.columns[4].encoder).indicator = 1.0;
  portfolio::FittedColumn region = support::model_column("region", portfolio::Role::feature);
  region.column.levels.known = {{"north", 50, 0.0}, {"south", 20, 1.0}};
  region.encoder = portfolio::CategoryEncoder{2, 2, -1, -1, false, 1.0};
  model.columns.push_back(region);
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = cluster::Centroids(segments, model.layout.features());
  const core::RowRandom random(3, core::Purpose::mixture);
  for (std::size_t i = 0; i < model.centroids.values.size(); ++i)
    model.centroids.values[i] = 3.0 * random.uniform(static_cast<std::int64_t>(i)) - 1.5;
  return model;
}

// Features of customers around the centroids; one in eight has no cash value.
portfolio::FeatureMatrix<float> make_customers(const Model& model) {
  portfolio::FeatureMatrix<float> matrix({0, customers}, model.layout.features());
  const core::RowRandom random(5, core::Purpose::mixture);
  for (std::int64_t i = 0; i < customers; ++i) {
    const double* const centre = model.centroids.row(static_cast<int>(i % segments));
    for (int f = 0; f < model.layout.features(); ++f)
      matrix.at(i, f) = static_cast<float>(centre[f] + 2.0 * random.uniform(i, static_cast<std::uint32_t>(f)) - 1.0);
    const bool is_missing = i % 8 == 0;
    matrix.at(i, 5) = is_missing ? 1.0F : 0.0F;
    matrix.at(i, 6) = static_cast<float>(i % 2);
    matrix.at(i, 7) = static_cast<float>(1 - i % 2);
  }
  return matrix;
}

cluster::Scores scores_of(const Model& model, const portfolio::FeatureMatrix<float>& matrix) {
  cluster::Scores scores;
  cluster::append_scores(matrix, model.centroids, scores);
  return scores;
}

// Customers, their segments and their moves.
struct Moved {
  Model model = mixed_model();
  portfolio::FeatureMatrix<float> matrix = make_customers(model);
  cluster::Scores scores = scores_of(model, matrix);
  std::vector<Move> moves;

  explicit Moved(const ReasonOptions& options = {0, true, {}}) {
    const Reasoner reasoner(model, options);
    for (std::int64_t i = 0; i < customers; ++i)
      moves.push_back(reasoner.move(matrix.point(i), scores.segment[static_cast<std::size_t>(i)]));
  }

  int feature_of(const Move::Step& step) const {
    return model.layout.blocks()[static_cast<std::size_t>(step.block)].begin;
  }

  // The segments of customers who go `less` less far than they would have to: raw values, encoded by the model.
  std::vector<std::int32_t> segments_after(double less) const {
    portfolio::FeatureMatrix<float> changed = make_customers(model);
    for (std::int64_t i = 0; i < customers; ++i) {
      const Move& move = moves[static_cast<std::size_t>(i)];
      const double part = std::max(move.length - less, 0.0) / move.length;
      for (const Move::Step& step : move.steps) {
        if (step.block < 0) continue;
        const int f = feature_of(step);
        const portfolio::Encoder& encoder = model.column_of(f).encoder;
        const auto from = static_cast<double>(matrix.at(i, f));
        const double to = portfolio::encode(encoder, 0, step.to);
        const double raw = less == 0.0 ? step.to : portfolio::decode(encoder, 0, from + part * (to - from));
        changed.at(i, f) = static_cast<float>(portfolio::encode(encoder, 0, raw));
      }
    }
    return scores_of(model, changed).segment;
  }
};

}  // namespace

TEST(Reasons, AddUpToTheDifferenceOfSquaredDistances) {
  const Model model = mixed_model();
  const Reasoner reasoner(model, {3, false, {}});
  const portfolio::FeatureMatrix<float> matrix = make_customers(model);
  const cluster::Scores scores = scores_of(model, matrix);

  for (std::int64_t i = 0; i < customers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::vector<double> x = matrix.point(i);
    const auto squared = [&](int j) {
      long double sum = 0;
      for (int f = 0; f < model.layout.features(); ++f) {
        const long double d = static_cast<long double>(x[static_cast<std::size_t>(f)]) - model.centroids.row(j)[f];
        sum += d * d;
      }
      return sum;
    };
    const auto expected = static_cast<double>(squared(scores.second[at]) - squared(scores.segment[at]));
    double sum = 0.0;
    for (const double part : reasoner.contributions(x, scores.segment[at], scores.second[at])) sum += part;
    EXPECT_LE(std::abs(sum - expected), 1e-12 * expected + 1e-14) << i;
  }
}

TEST(Reasons, MovesLeadToTheSegmentThatTheyName) {
  const Moved moved;

  const std::vector<std::int32_t> after = moved.segments_after(0.0);

  for (std::size_t i = 0; i < after.size(); ++i) {
    ASSERT_GE(moved.moves[i].segment, 0);
    EXPECT_NE(after[i], moved.scores.segment[i]);
    EXPECT_EQ(after[i], moved.moves[i].segment);
  }
}

TEST(Reasons, ShorterMovesLeadNowhere) {
  const Moved moved;

  EXPECT_EQ(moved.segments_after(1e-3), moved.scores.segment);
}

TEST(Reasons, NoOtherColumnAloneIsNearer) {
  const Moved moved;
  const int movable[] = {0, 1, 2};  // the root of cash ends at 0
  std::int64_t compared = 0;

  for (std::int64_t i = 0; i < 200; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (const int f : movable)
      for (const double sign : {1.0, -1.0}) {
        portfolio::FeatureMatrix<float> one({0, 1}, moved.matrix.features());
        for (int g = 0; g < one.features(); ++g) one.at(0, g) = moved.matrix.at(i, g);
        one.at(0, f) += static_cast<float>(sign * (moved.moves[at].length - 1e-3));
        EXPECT_EQ(scores_of(moved.model, one).segment[0], moved.scores.segment[at]);
        ++compared;
      }
  }
  EXPECT_EQ(compared, 1200);
}

TEST(Reasons, TakeOneColumnOrTwo) {
  const Moved moved;
  std::int64_t of_two = 0;

  for (const Move& move : moved.moves) {
    EXPECT_GE(move.steps[0].block, 0);
    of_two += move.steps[1].block >= 0 ? 1 : 0;
  }
  EXPECT_GT(of_two, 0);
  EXPECT_LT(of_two, customers);
}

TEST(Reasons, MoveNeitherAgeNorWhatIsFixedNorMissingNorACategory) {
  const Moved moved({0, true, {"purchases"}});

  for (std::int64_t i = 0; i < customers; ++i)
    for (const Move::Step& step : moved.moves[static_cast<std::size_t>(i)].steps) {
      if (step.block < 0) continue;
      EXPECT_NE(step.block, 1);
      EXPECT_NE(step.block, 3);
      EXPECT_NE(step.block, 5);
      EXPECT_FALSE(step.block == 4 && moved.matrix.at(i, 5) != 0.0F);
    }
}

TEST(Reasons, MovesStayInTheRangeOfTheFit) {
  Model model = mixed_model();
  model.columns[0].facts.range = {100.0, 2000.0};
  model.columns[1].facts.range = {20.0, 60.0};
  const portfolio::FeatureMatrix<float> matrix = make_customers(model);
  const cluster::Scores scores = scores_of(model, matrix);
  const Reasoner reasoner(model, {0, true, {}});
  std::int64_t moved = 0;

  for (std::int64_t i = 0; i < customers; ++i)
    for (const Move::Step& step : reasoner.move(matrix.point(i), scores.segment[static_cast<std::size_t>(i)]).steps) {
      if (step.block < 0 || step.block > 1) continue;
      const portfolio::ValueRange& range = model.columns[static_cast<std::size_t>(step.block)].facts.range;
      EXPECT_GE(step.to, range.low * (1 - 1e-12));
      EXPECT_LE(step.to, range.high * (1 + 1e-12));
      ++moved;
    }
  EXPECT_GT(moved, 100);
}

TEST(Reasons, OfOneSegmentAreNone) {
  const Model model = support::smallest_model();
  const Reasoner reasoner(model, {2, true, {}});

  const std::vector<double> values = reason_values(reasoner, std::vector<double>{0.5}, 0, -1);

  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[4], 0.0);
  EXPECT_TRUE(std::isnan(values.back()));
}

TEST(Reasons, NameTheColumnsThatSpeakMostFirst) {
  const Model model = mixed_model();
  const Reasoner reasoner(model, {3, false, {}});
  const portfolio::FeatureMatrix<float> matrix = make_customers(model);
  const cluster::Scores scores = scores_of(model, matrix);
  std::vector<ReasonColumn> columns = reason_columns(reasoner);

  append_reasons(reasoner, matrix, scores, 0, columns);

  ASSERT_EQ(columns.size(), 6U);
  EXPECT_EQ(columns[0].spec.name, "reason_1");
  EXPECT_EQ(columns[5].spec.name, "reason_3_part");
  for (std::size_t i = 0; i < customers; ++i) {
    EXPECT_GT(columns[1].values[i], 0.0);
    EXPECT_FALSE(columns[1].values[i] < columns[3].values[i]);
  }
  const io::ColumnValues texts = columns[0].stored(std::span(columns[0].values).first(2));
  EXPECT_EQ(std::get<std::vector<std::string>>(texts).size(), 2U);
  for (const ReasonColumn& column : columns) EXPECT_TRUE(is_reason_column(column.spec.name));
  EXPECT_FALSE(is_reason_column("reason"));
}

TEST(Reasons, RefuseToFixWhatIsNoFeature) {
  const Model model = mixed_model();

  const core::Error error = support::error_of([&] { Reasoner(model, {0, true, {"balanse"}}); });

  EXPECT_EQ(error.code(), core::ExitCode::usage);
  EXPECT_NE(std::string(error.what()).find("Did you mean 'balance'"), std::string::npos) << error.what();
}

TEST(Reasons, NeedAMoveToFixSomething) {
  const core::Error error = support::error_of([] { validate(ReasonOptions{3, false, {"age"}}); });

  EXPECT_EQ(error.code(), core::ExitCode::usage);
}

}  // namespace cardseg::segments
