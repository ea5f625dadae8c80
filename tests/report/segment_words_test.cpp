#include "cardseg/report/segment_words.hpp"

#include <gmock/gmock.h>

#include <set>

#include "profile_samples.hpp"

namespace cardseg::report {
namespace {

using portfolio::ShownAs;
using profile::Profile;
using samples::add_levels;
using samples::add_numbers;
using samples::profile_of;
using testing::ElementsAre;

// Two segments of 1,196 and 7,754 customers; the second is close to the portfolio unless a column says otherwise.
Profile two_segments() { return profile_of({1196, 7754}); }

Profile cash_users() {
  Profile profile = two_segments();
  profile::ColumnProfile& cash =
      add_numbers(profile, "CASH_ADVANCE", {{622, 1000, 100, 0.51}, {2550, 1500, 2000, 0.03}, {610, 900, 90, 0.52}});
  cash.column.settings.words = {"Cash advance", "EUR", ShownAs::money};
  profile::ColumnProfile& payments =
      add_numbers(profile, "payments", {{1700, 1000, 1600}, {580, 500, 570}, {1710, 1000, 1600}});
  payments.column.settings.words = {"", "EUR", ShownAs::money};
  add_numbers(profile, "age", {{41, 10, 41}, {46, 10, 46}, {40.9, 10, 41}}, 18);
  return profile;
}

SegmentWords first_words(const Profile& profile, Language language = Language::en) {
  return segment_words(profile, language).front();
}

}  // namespace

TEST(SegmentWords, NameASegmentByWhatDiffersMost) {
  const std::vector<SegmentWords> words = segment_words(cash_users());

  EXPECT_EQ(words[0].name, "High cash advance, low payments");
  EXPECT_THAT(words[0].drivers, ElementsAre("↑ Cash advance 4.1 x", "↓ Payments 66 % lower", "↑ Age 46, portfolio 41"));
  EXPECT_EQ(words[0].sentence,
            "1,196 customers (13 % of the portfolio) with high cash advance (4.1 times the average), low payments "
            "(66 % below average) and higher age (46 on average, portfolio 41).");
  EXPECT_EQ(
      words[0].paragraph,
      "The segment has 1,196 customers, 13 % of the portfolio. Cash advance averages 2,550 EUR, 4.1 times the "
      "portfolio's 622 EUR; the median is 2,000 EUR (portfolio 100 EUR). Only 3.0 % have no cash advance "
      "(portfolio 51 %). Payments average 580 EUR, 66 % below the portfolio's 1,700 EUR. Age averages 46, against "
      "41 in the portfolio.");
}

TEST(SegmentWords, SayPlainlyThatASegmentIsLikeTheAverage) {
  const std::vector<SegmentWords> words = segment_words(cash_users());

  EXPECT_EQ(words[1].name, "Close to the average customer");
  EXPECT_TRUE(words[1].drivers.empty());
  EXPECT_EQ(words[1].sentence,
            "7,754 customers (87 % of the portfolio), close to the average customer in everything that was compared.");
}

TEST(SegmentWords, SpeakGermanWithGermanNumbers) {
  Profile profile = cash_users();
  profile.columns[0].column.settings.words.label = "Bargeldabhebungen";
  profile.columns[1].column.settings.words.label = "Zahlungen";
  profile.columns[2].column.settings.words.label = "Alter";

  const std::vector<SegmentWords> words = segment_words(profile, Language::de);

  EXPECT_EQ(words[0].name, "Bargeldabhebungen hoch, Zahlungen niedrig");
  EXPECT_EQ(words[1].name, "Nahe am Durchschnittskunden");
  EXPECT_THAT(words[0].drivers, ElementsAre("↑ Bargeldabhebungen 4,1-mal so hoch", "↓ Zahlungen 66 % niedriger",
                                            "↑ Alter 46, Portfolio 41"));
  EXPECT_EQ(words[0].sentence,
            "1.196 Kunden (13 % des Portfolios): Bargeldabhebungen 4,1-mal so hoch wie im Durchschnitt, Zahlungen 66 % "
            "unter dem Durchschnitt und Alter im Durchschnitt 46 (Portfolio 41).");
  EXPECT_EQ(
      words[0].paragraph,
      "Das Segment hat 1.196 Kunden, 13 % des Portfolios. Bargeldabhebungen: im Durchschnitt 2.550 EUR, 4,1-mal so "
      "hoch wie im Portfolio (622 EUR); Median 2.000 EUR (Portfolio 100 EUR). Ohne Bargeldabhebungen sind nur 3,0 % "
      "(Portfolio 51 %). Zahlungen: im Durchschnitt 580 EUR, 66 % unter dem Portfolio (1.700 EUR). Alter: im "
      "Durchschnitt 46, im Portfolio 41.");
}

TEST(SegmentWords, SpeakOfFlagsAsOfPeople) {
  Profile profile = two_segments();
  add_numbers(profile, "has_mobile_app", {{0.54, 0.5}, {0.82, 0.38}, {0.2, 0.4}}).column.kind = portfolio::Kind::flag;
  add_levels(profile, "housing", {"yes", "no"}, {{0.5, 0.5}, {0.3, 0.7}, {0.5, 0.5}});

  const SegmentWords english = first_words(profile);
  const SegmentWords german = first_words(profile, Language::de);

  EXPECT_EQ(english.name, "Mostly with mobile app");
  EXPECT_THAT(english.drivers,
              ElementsAre("↑ With mobile app: 82 %, portfolio 54 %", "↓ With housing: 30 %, portfolio 50 %"));
  EXPECT_EQ(english.sentence,
            "1,196 customers (13 % of the portfolio) with mobile app for 82 % (portfolio 54 %) and housing for 30 % "
            "(portfolio 50 %).");
  EXPECT_EQ(english.paragraph,
            "The segment has 1,196 customers, 13 % of the portfolio. Most (82 %) have mobile app, against 54 % of the "
            "portfolio. Only 30 % have housing, against 50 % of the portfolio.");
  EXPECT_EQ(german.sentence,
            "1.196 Kunden (13 % des Portfolios): 82 % mit mobile app (Portfolio 54 %) und 30 % mit Housing (Portfolio "
            "50 %).");
}

TEST(SegmentWords, SpeakOfLevels) {
  Profile profile = two_segments();
  add_levels(profile, "region", {"north", "south_east", "(other)"},
             {{0.21, 0.6, 0.19}, {0.62, 0.2, 0.18}, {0.15, 0.66, 0.19}});

  const SegmentWords english = first_words(profile);

  EXPECT_EQ(english.name, "Mostly region north");
  EXPECT_THAT(english.drivers, ElementsAre("↑ Region north: 62 %, portfolio 21 %"));
  EXPECT_EQ(english.paragraph,
            "The segment has 1,196 customers, 13 % of the portfolio. For most (62 %), region is north, against 21 % of "
            "the portfolio.");
  EXPECT_EQ(first_words(profile, Language::de).name, "Überwiegend Region north");
}

TEST(SegmentWords, SayADifferenceWhereARatioMakesNoSense) {
  Profile profile = two_segments();
  add_numbers(profile, "net_flow", {{10, 300, 8}, {320, 300, 310}, {-30, 300, -20}}, -900);

  EXPECT_THAT(first_words(profile).drivers, ElementsAre("↑ Net flow 310 higher"));
  EXPECT_THAT(first_words(profile).paragraph,
              testing::HasSubstr("Net flow averages 320, 310 above the portfolio's 10."));
}

TEST(SegmentWords, NeverNameWhatIsWithheld) {
  Profile profile = cash_users();
  profile.min_cell = 10;
  profile.customers[1] = {0, true};
  for (profile::ColumnProfile& column : profile.columns) column.numbers[1].effect = {std::nan(""), true};

  const SegmentWords words = first_words(profile);

  EXPECT_EQ(words.name, "Small segment");
  EXPECT_EQ(words.sentence, "Fewer than 10 customers: too few to be described.");
  EXPECT_TRUE(words.drivers.empty());
}

TEST(SegmentWords, NameNoColumnThatIsKeptOut) {
  Profile profile = cash_users();
  profile.columns[0].is_in_distance = false;
  profile.columns[0].column.role = portfolio::Role::profile;

  EXPECT_EQ(first_words(profile).name, "Low payments, older");
}

TEST(SegmentWords, TellSegmentsOfOneNameApart) {
  Profile profile = profile_of({100, 100, 100});
  add_numbers(profile, "cash", {{10, 5, 9}, {30, 5, 29}, {30, 5, 29}, {30, 5, 29}});
  add_numbers(profile, "age", {{40, 10, 40}, {40, 10, 40}, {43, 10, 43}, {40, 10, 40}});

  std::vector<std::string> names;
  for (const SegmentWords& words : segment_words(profile)) names.push_back(words.name);

  EXPECT_THAT(names, ElementsAre("High cash", "High cash, older", "High cash 2"));
}

}  // namespace cardseg::report
