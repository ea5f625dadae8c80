#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>

#include "cardseg/generate/generator.hpp"

namespace cardseg::generate {
namespace {

// The columns of a block by name; numbers as double.
class Sample {
 public:
  Sample(const GeneratorOptions& options, std::int64_t rows) : generator_(options), size_(rows) {
    block_ = generator_.rows({0, rows});
    for (std::int64_t row = 0; row < rows; ++row) segment_.push_back(generator_.segment_of(row));
  }

  std::int64_t size() const { return size_; }
  const std::vector<int>& segment() const { return segment_; }
  const PortfolioGenerator& generator() const { return generator_; }

  const io::ColumnValues& column(const std::string& name) const {
    for (std::size_t c = 0; c < block_.size(); ++c)
      if (generator_.columns()[c].name == name) return block_[c];
    throw std::out_of_range(name);
  }

  std::vector<std::string> texts(const std::string& name) const {
    return std::get<std::vector<std::string>>(column(name));
  }

  std::vector<double> numbers(const std::string& name) const {
    return std::visit(
        []<class T>(const std::vector<T>& values) -> std::vector<double> {
          if constexpr (std::is_same_v<T, std::string>)
            return {};
          else
            return {values.begin(), values.end()};
        },
        column(name));
  }

  /// The present values of one segment.
  std::vector<double> numbers(const std::string& name, int segment) const {
    const std::vector<double> all = numbers(name);
    std::vector<double> chosen;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (segment_[i] == segment && !std::isnan(all[i])) chosen.push_back(all[i]);
    return chosen;
  }

 private:
  PortfolioGenerator generator_;
  std::int64_t size_;
  io::Block block_;
  std::vector<int> segment_;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double share_where(const std::vector<double>& values, const std::function<bool(double)>& holds) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), holds)) / static_cast<double>(values.size());
}

double zero_share(const std::vector<double>& values) {
  return share_where(values, [](double v) { return v == 0; });
}

double missing_share_of(const std::vector<double>& values) {
  return share_where(values, [](double v) { return std::isnan(v); });
}

double quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Pearson's correlation of log1p of two columns over rows in which both are present.
double log_correlation(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    const double a = std::log1p(x[i]);
    const double b = std::log1p(y[i]);
    n += 1, sx += a, sy += b, sxx += a * a, syy += b * b, sxy += a * b;
  }
  return (n * sxy - sx * sy) / std::sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}

// Numbers of segments in the order of the archetypes.
enum Segment { transactors = 1, revolvers, instalment_users, cash_users, dormant, newcomers, affluent, distressed };

const Sample& usual() {
  static const Sample sample({.extra_features = 6}, 60000);
  return sample;
}

// The share of customers whose nearest true segment mean is their own segment's, on standardised log1p columns with
// missing values put at the column's mean.
double nearest_mean_accuracy(const Sample& sample) {
  const auto n = static_cast<std::size_t>(sample.size());
  const std::size_t k = sample.generator().segments().size();
  std::vector<std::vector<double>> features;
  for (const io::ColumnSpec& column : sample.generator().columns()) {
    if (column.type == io::ColumnType::text) continue;
    std::vector<double> x = sample.numbers(column.name);
    double sum = 0, squares = 0, present = 0;
    for (double& v : x) {
      v = std::log1p(v);
      if (!std::isnan(v)) sum += v, squares += v * v, present += 1;
    }
    const double centre = sum / present;
    const double deviation = std::sqrt(squares / present - centre * centre);
    for (double& v : x) v = std::isnan(v) || deviation == 0 ? 0 : (v - centre) / deviation;
    features.push_back(std::move(x));
  }
  std::vector<std::vector<double>> means(k, std::vector<double>(features.size()));
  std::vector<double> sizes(k);
  for (std::size_t i = 0; i < n; ++i) {
    const auto s = static_cast<std::size_t>(sample.segment()[i] - 1);
    sizes[s] += 1;
    for (std::size_t f = 0; f < features.size(); ++f) means[s][f] += features[f][i];
  }
  for (std::size_t s = 0; s < k; ++s)
    for (double& m : means[s]) m /= sizes[s];
  std::size_t right = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> distance(k);
    for (std::size_t s = 0; s < k; ++s)
      for (std::size_t f = 0; f < features.size(); ++f)
        distance[s] += (features[f][i] - means[s][f]) * (features[f][i] - means[s][f]);
    const auto nearest = std::min_element(distance.begin(), distance.end()) - distance.begin();
    right += nearest == sample.segment()[i] - 1;
  }
  return static_cast<double>(right) / static_cast<double>(n);
}

}  // namespace

TEST(GeneratedPortfolio, KeepsTheStatedSharesOfSegments) {
  for (int segments : {2, 5, 8}) {
    const Sample sample({.segments = segments}, 40000);
    double total = 0;
    for (const GeneratedSegment& segment : sample.generator().segments()) {
      const double found =
          static_cast<double>(std::count(sample.segment().begin(), sample.segment().end(), segment.number)) / 40000;
      EXPECT_NEAR(found, segment.share, 4 * std::sqrt(segment.share / 40000)) << segment.name << " of " << segments;
      total += segment.share;
    }
    EXPECT_NEAR(total, 1, 1e-12);
  }
}

TEST(GeneratedPortfolio, GivesAmountsHeavyTailsAndManyZeros) {
  for (const char* name : {"balance", "purchases", "payments", "annual_revenue", "spend_category_001"}) {
    const std::vector<double> x = usual().numbers(name);
    const auto present = [&] {
      std::vector<double> y;
      std::copy_if(x.begin(), x.end(), std::back_inserter(y), [](double v) { return !std::isnan(v); });
      return y;
    }();
    EXPECT_GT(quantile(present, 0.99), 4 * quantile(present, 0.5)) << name;
    EXPECT_GE(quantile(present, 0), 0) << name;
  }
  EXPECT_GT(quantile(usual().numbers("purchases"), 0.99), 15 * quantile(usual().numbers("purchases"), 0.5));
  EXPECT_NEAR(zero_share(usual().numbers("cash_advance")), 0.8, 0.08);
  EXPECT_NEAR(zero_share(usual().numbers("purchases")), 0.16, 0.05);
  EXPECT_NEAR(zero_share(usual().numbers("instalment_purchases")), 0.74, 0.08);
}

TEST(GeneratedPortfolio, KeepsColumnsConsistentWithEachOther) {
  const auto column = [](const char* name) { return usual().numbers(name); };
  const auto balance = column("balance"), limit = column("credit_limit"), utilisation = column("utilisation");
  const auto purchases = column("purchases"), oneoff = column("oneoff_purchases");
  const auto instalments = column("instalment_purchases"), transactions = column("transactions");
  const auto frequency = column("purchase_frequency"), last = column("months_since_last_purchase");
  const auto cash = column("cash_advance"), cash_frequency = column("cash_advance_frequency");
  const auto tenure = column("tenure_months"), age = column("age"), interest = column("interest_paid");
  const auto paid_in_full = column("full_payment_share"), payments = column("payments");

  for (std::size_t i = 0; i < balance.size(); ++i) {
    ASSERT_EQ(static_cast<float>(utilisation[i]), static_cast<float>(balance[i] / limit[i]));
    ASSERT_TRUE(0 <= utilisation[i] && utilisation[i] <= 1.15);
    ASSERT_NEAR(oneoff[i] + instalments[i], purchases[i], 1e-9 * purchases[i]);
    ASSERT_EQ(std::round(100 * purchases[i]) / 100, purchases[i]) << "whole cents";
    ASSERT_EQ(purchases[i] > 0, transactions[i] > 0);
    ASSERT_EQ(purchases[i] > 0, frequency[i] > 0);
    ASSERT_EQ(cash[i] > 0, cash_frequency[i] > 0);
    ASSERT_TRUE(0 <= frequency[i] && frequency[i] <= 1 && 0 <= cash_frequency[i] && cash_frequency[i] <= 1);
    ASSERT_TRUE(1 <= tenure[i] && tenure[i] <= 480 && 0 <= last[i] && last[i] <= tenure[i]);
    ASSERT_TRUE(18 <= age[i] && age[i] <= 95 && 12 * (age[i] - 18) + 11 >= tenure[i]);
    ASSERT_LE(interest[i], 0.26 * balance[i] + 0.01);
    if (paid_in_full[i] == 1) {
      ASSERT_EQ(interest[i], 0);
      ASSERT_NEAR(payments[i], purchases[i] + cash[i], 0.3 * (purchases[i] + cash[i]) + 0.01);
    }
  }
}

TEST(GeneratedPortfolio, CorrelatesColumnsThroughSharedCauses) {
  const auto correlation = [](const char* x, const char* y) {
    return log_correlation(usual().numbers(x), usual().numbers(y));
  };

  EXPECT_GT(correlation("purchases", "transactions"), 0.8);
  EXPECT_GT(correlation("credit_limit", "purchases"), 0.2);
  EXPECT_GT(correlation("utilisation", "interest_paid"), 0.5);
  EXPECT_LT(correlation("utilisation", "full_payment_share"), -0.2);
  EXPECT_GT(correlation("age", "tenure_months"), 0.2);
  EXPECT_LT(correlation("age", "digital_share"), -0.3);
}

TEST(GeneratedPortfolio, CorrelatesColumnsWithinOneSegmentToo) {
  const auto correlation = [](const char* x, const char* y) {
    return log_correlation(usual().numbers(x, transactors), usual().numbers(y, transactors));
  };

  EXPECT_GT(correlation("credit_limit", "purchases"), 0.2) << "affluence";
  EXPECT_GT(correlation("utilisation", "interest_paid"), 0.2) << "stress";
}

TEST(GeneratedPortfolio, LosesTheStatedShareOfValuesMoreInSomeSegments) {
  const Sample sample({.extra_features = 5, .missing_share = 0.1}, 60000);

  for (const char* name : {"minimum_payments", "full_payment_share", "digital_share", "spend_category_005"})
    EXPECT_NEAR(missing_share_of(sample.numbers(name)), 0.1, 0.006) << name;
  const std::vector<std::string> bands = sample.texts("income_band");
  EXPECT_NEAR(static_cast<double>(std::count(bands.begin(), bands.end(), "")) / 60000, 0.1, 0.006);
  EXPECT_EQ(missing_share_of(sample.numbers("balance")), 0);
  const auto lost = [&](int segment) {
    const auto members = std::count(sample.segment().begin(), sample.segment().end(), segment);
    return 1 - static_cast<double>(sample.numbers("digital_share", segment).size()) / static_cast<double>(members);
  };
  EXPECT_GT(lost(dormant), 2 * lost(affluent));
}

TEST(GeneratedPortfolio, LosesNothingWhereNothingIsToBeMissing) {
  const Sample sample({.extra_features = 3, .missing_share = 0}, 5000);

  for (const io::ColumnSpec& column : sample.generator().columns()) {
    if (column.type == io::ColumnType::text)
      EXPECT_EQ(std::ranges::count(sample.texts(column.name), ""), 0) << column.name;
    else
      EXPECT_TRUE(std::ranges::all_of(sample.numbers(column.name), [](double v) { return std::isfinite(v); }))
          << column.name;
  }
}

TEST(GeneratedPortfolio, MakesSegmentsWhatTheirDescriptionsSay) {
  const auto of = [](const char* name, int segment) { return mean(usual().numbers(name, segment)); };
  const auto of_all = [](const char* name) {
    double sum = 0, n = 0;
    for (double v : usual().numbers(name))
      if (!std::isnan(v)) sum += v, n += 1;
    return sum / n;
  };

  EXPECT_GT(of("full_payment_share", transactors), 0.85);
  EXPECT_LT(of("interest_paid", transactors), 0.2 * of_all("interest_paid"));
  EXPECT_GT(of("interest_paid", revolvers), 2 * of_all("interest_paid"));
  EXPECT_GT(of("instalment_purchases", instalment_users), 3 * of_all("instalment_purchases"));
  EXPECT_GT(zero_share(usual().numbers("purchases", dormant)), 0.85);
  EXPECT_GT(of("cash_advance", cash_users), 2 * of("purchases", cash_users));
  EXPECT_LT(quantile(usual().numbers("tenure_months", newcomers), 0.9), 12);
  EXPECT_GT(of("credit_limit", affluent), 3 * of_all("credit_limit"));
  EXPECT_GT(of("purchases", affluent), 3 * of_all("purchases"));
  EXPECT_GT(of("utilisation", distressed), 0.85);
  EXPECT_GT(of("late_payments", distressed), 5 * of_all("late_payments"));
}

TEST(GeneratedPortfolio, NamesRegionsAndIncomeBands) {
  const std::vector<std::string> bands = usual().texts("income_band");
  const std::vector<std::string> regions = usual().texts("region");

  EXPECT_EQ((std::set<std::string>(bands.begin(), bands.end())),
            (std::set<std::string>{"", "1-low", "2-lower-middle", "3-middle", "4-upper-middle", "5-high"}));
  EXPECT_EQ((std::set<std::string>(regions.begin(), regions.end()).size()), 7u);
  double high = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) high += usual().segment()[i] == affluent && bands[i] == "5-high";
  EXPECT_GT(high / static_cast<double>(usual().numbers("balance", affluent).size()), 0.5);
}

TEST(GeneratedPortfolio, PullsSegmentsApartWithSeparation) {
  const double overlapping = nearest_mean_accuracy(Sample({.extra_features = 8, .separation = 1}, 10000));

  EXPECT_GT(overlapping, 0.6);
  EXPECT_LT(overlapping, 0.95);
  for (int segments : {2, 5, 8})
    for (int extra_features : {0, 8, 60}) {
      const Sample apart({.extra_features = extra_features, .segments = segments, .separation = 3}, 5000);
      EXPECT_GT(nearest_mean_accuracy(apart), 0.99)
          << segments << " segments, " << extra_features << " further columns";
    }
}

TEST(GeneratedPortfolio, MakesAllSegmentsAlikeAtSeparationZero) {
  const Sample sample({.extra_features = 4, .separation = 0}, 20000);

  for (const char* name : {"credit_limit", "utilisation", "tenure_months", "spend_category_002"})
    EXPECT_NEAR(mean(sample.numbers(name, transactors)) / mean(sample.numbers(name, affluent)), 1, 0.12) << name;
}

}  // namespace cardseg::generate
