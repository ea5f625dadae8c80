#include "cardseg/quality/preference.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cardseg::quality {
namespace {

StudiedModel studied(int segments, double calinski_harabasz, double davies_bouldin, double silhouette) {
  StudiedModel model;
  model.options.segments = segments;
  model.calinski_harabasz = calinski_harabasz;
  model.davies_bouldin = davies_bouldin;
  model.silhouette.mean = silhouette;
  model.sampled_silhouette = NAN;
  return model;
}

int preferred_by(const std::vector<StudiedModel>& models, const std::string& criterion) {
  for (const Preference& each : preferred_segments(models))
    if (each.criterion == criterion) return each.segments;
  return -1;
}

}  // namespace

TEST(Preference, IsTheBestOfEachCriterion) {
  const std::vector<StudiedModel> models = {studied(2, 10, 0.9, 0.1), studied(3, 30, 0.5, 0.2),
                                            studied(4, 20, 0.7, 0.3)};

  EXPECT_EQ(preferred_by(models, "Calinski-Harabasz"), 3);
  EXPECT_EQ(preferred_by(models, "Davies-Bouldin"), 3);  // the smallest
  EXPECT_EQ(preferred_by(models, "silhouette"), 4);
}

TEST(Preference, IsTheSmallerNumberWhereTwoAreEquallyGood) {
  EXPECT_EQ(preferred_by({studied(5, 10, 1, 0.1), studied(3, 10, 1, 0.1)}, "silhouette"), 3);
}

TEST(Preference, PassesOverWhatIsNotDefined) {
  const std::vector<StudiedModel> models = {studied(1, NAN, NAN, NAN), studied(2, 10, 0.9, -0.1)};

  EXPECT_EQ(preferred_by(models, "silhouette"), 2);
  EXPECT_EQ(preferred_by(models, "sampled silhouette"), -1);
  EXPECT_TRUE(preferred_segments({studied(1, NAN, NAN, NAN)}).empty());
}

TEST(Consensus, IsTheNumberThatMostCriteriaPrefer) {
  const Consensus consensus = consensus_of({{"a", 2}, {"b", 8}, {"c", 8}});

  EXPECT_EQ(consensus.segments, 8);
  EXPECT_EQ(consensus.supporters, 2);
  EXPECT_EQ(consensus.criteria, 3);
  EXPECT_FALSE(consensus.is_unanimous());
}

TEST(Consensus, IsTheSmallerNumberWhereTwoHaveAsManyCriteria) {
  EXPECT_EQ(consensus_of({{"a", 9}, {"b", 4}, {"c", 4}, {"d", 9}}).segments, 4);
}

TEST(Consensus, IsUnanimousWhereAllCriteriaPreferTheSame) {
  EXPECT_TRUE(consensus_of({{"a", 3}, {"b", 3}}).is_unanimous());
}

}  // namespace cardseg::quality
