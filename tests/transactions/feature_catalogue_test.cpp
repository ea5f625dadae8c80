#include "cardseg/transactions/feature_catalogue.hpp"

#include <gmock/gmock.h>

#include <set>

#include "cardseg/io/atomic_file.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::transactions {
namespace {

std::set<Needs> all_supplies() {
  std::set<Needs> all;
  for (const Feature feature : all_features()) all.insert(facts_of(feature).needs);
  return all;
}

TEST(Features, AreDescribedInTheManualAsInTheShards) {
  const std::string page = io::read_file(CARDSEG_FEATURES_PAGE);
  std::set<std::string> names;
  for (const Feature feature : all_features()) {
    const FeatureFacts& facts = facts_of(feature);
    const std::string line = std::string("| `") + facts.name + "` | " + facts.unit + " | " + facts.formula + " |";
    EXPECT_THAT(page, testing::HasSubstr(line));
    EXPECT_TRUE(names.insert(facts.name).second) << facts.name;
  }
}

TEST(Features, AreChosenInTheOrderOfTheCatalogue) {
  EXPECT_THAT(chosen_features({"amount_sum", "recency_days"}, {}),
              testing::ElementsAre(Feature::recency_days, Feature::amount_sum));
  EXPECT_EQ(chosen_features({}, all_supplies()).size(), feature_count);
  EXPECT_THAT(chosen_features({}, {Needs::categories}), testing::Not(testing::Contains(Feature::night_share)));
  const core::Error error = support::error_of([] { chosen_features({"recency_day"}, {}); });
  EXPECT_EQ(error.code(), core::ExitCode::usage);
  EXPECT_THAT(error.what(), testing::HasSubstr("Did you mean 'recency_days'?"));
}

}  // namespace
}  // namespace cardseg::transactions
