#include "cardseg/report/segment_words.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <set>

#include "cardseg/io/utf8.hpp"
#include "cardseg/report/numbers.hpp"
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

// The one statement of a profile of one column: what its paragraph says behind how many customers there are.
std::string statement(const Profile& profile, Language language = Language::en) {
  const std::string paragraph = segment_words(profile, language).front().paragraph;
  return paragraph.substr(paragraph.find(". ") + 2);
}

Profile of_numbers(const std::string& label, const std::vector<samples::Numbers>& groups,
                   portfolio::ColumnWords words = {}, double low = 0.0) {
  Profile profile = two_segments();
  words.label = label;
  add_numbers(profile, "column", groups, low).column.settings.words = words;
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
            "1.196 Kunden (13 % des Portfolios), verglichen mit dem Durchschnitt: Bargeldabhebungen 4,1-mal so hoch, "
            "Zahlungen 66 % niedriger und Alter im Durchschnitt 46 (Portfolio 41).");
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
            "1.196 Kunden (13 % des Portfolios), verglichen mit dem Durchschnitt: 82 % mit mobile app (Portfolio 54 %) "
            "und 30 % mit Housing (Portfolio "
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

  EXPECT_EQ(words.name, "Withheld segment");
  EXPECT_EQ(words.sentence, "Not described: it, or a segment of which it would tell, has fewer than 10 customers.");
  EXPECT_TRUE(words.drivers.empty());
}

TEST(SegmentWords, NameNoColumnThatIsKeptOut) {
  Profile profile = cash_users();
  profile.columns[0].is_in_distance = false;
  profile.columns[0].column.role = portfolio::Role::profile;

  EXPECT_EQ(first_words(profile).name, "Low payments, older");
}

TEST(SegmentWords, NameNothingTwiceInOtherWords) {
  Profile profile = two_segments();
  for (const char* label : {"Käufe", "Ratenkäufe", "Saldo"})
    add_numbers(profile, "column", {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}}).column.settings.words.label = label;
  Profile english = two_segments();
  for (const char* name : {"CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", "BALANCE"})
    add_numbers(english, name, {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}});

  EXPECT_EQ(first_words(profile, Language::de).name, "Käufe hoch, Saldo hoch");
  EXPECT_EQ(first_words(english).name, "High cash advance, high balance");
}

TEST(SegmentWords, TellSegmentsOfOneNameApart) {
  Profile profile = profile_of({100, 100, 100});
  add_numbers(profile, "cash", {{10, 5, 9}, {30, 5, 29}, {30, 5, 29}, {30, 5, 29}});
  add_numbers(profile, "age", {{40, 10, 40}, {40, 10, 40}, {43, 10, 43}, {40, 10, 40}});

  std::vector<std::string> names;
  for (const SegmentWords& words : segment_words(profile)) names.push_back(words.name);

  EXPECT_THAT(names, ElementsAre("High cash", "High cash, older", "High cash 2"));
}

TEST(SegmentWords, AgreeWithPluralLabels) {
  const std::vector<samples::Numbers> groups = {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}};

  EXPECT_EQ(statement(of_numbers("Balance", groups)), "Balance averages 30, 3 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Purchases", groups)), "Purchases average 30, 3 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Number of purchases", groups)),
            "Number of purchases averages 30, 3 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Days since last purchase", groups)),
            "Days since last purchase average 30, 3 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Account status", groups)), "Account status averages 30, 3 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Purchases (12 months)", groups)),
            "Purchases (12 months) average 30, 3 times the portfolio's 10.");
}

TEST(SegmentWords, NameUnitsOnce) {
  const std::vector<samples::Numbers> groups = {{10, 5, 10}, {41, 5, 41}, {10, 5, 10}};

  EXPECT_EQ(statement(of_numbers("Gap", groups, {"", "", ShownAs::days})),
            "Gap averages 41 days, 4.1 times the portfolio's 10 days.");
  EXPECT_EQ(statement(of_numbers("Gap in days", groups, {"", "", ShownAs::days})),
            "Gap in days averages 41, 4.1 times the portfolio's 10.");
  EXPECT_EQ(statement(of_numbers("Abstand", groups, {"", "", ShownAs::days}), Language::de),
            "Abstand: im Durchschnitt 41 Tage, 4,1-mal so hoch wie im Portfolio (10 Tage).");
  EXPECT_EQ(statement(of_numbers("Abstand", {{2, 1, 2}, {1, 1, 1}, {2, 1, 2}}, {"", "", ShownAs::days}), Language::de),
            "Abstand: im Durchschnitt 1 Tag, 50 % unter dem Portfolio (2 Tage).");
  EXPECT_EQ(statement(of_numbers("Fees", {{2, 1, 2}, {12.5, 1, 12}, {2, 1, 2}}, {"", "EUR", ShownAs::money})),
            "Fees average 12.50 EUR, 6.2 times the portfolio's 2.00 EUR.");
  EXPECT_EQ(statement(of_numbers("Utilisation", {{0.31, 0.2, 0.3}, {0.82, 0.1, 0.8}, {0.3, 0.2, 0.3}},
                                 {"", "", ShownAs::percent})),
            "Utilisation averages 82 %, against 31 % in the portfolio.");
}

TEST(SegmentWords, KeepTheCapitalsOfALabel) {
  const std::vector<samples::Numbers> groups = {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}};

  EXPECT_EQ(first_words(of_numbers("ATM use", groups)).name, "High ATM use");
  EXPECT_EQ(first_words(of_numbers("R score", groups)).name, "High R score");
  EXPECT_EQ(first_words(of_numbers("Balance", groups)).name, "High balance");
  EXPECT_EQ(first_words(of_numbers("Kontostand", groups), Language::de).name, "Kontostand hoch");
}

TEST(SegmentWords, NeverSayHighTwice) {
  const std::vector<samples::Numbers> up = {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}};
  const std::vector<samples::Numbers> down = {{10, 5, 10}, {3, 1, 3}, {10, 5, 10}};

  EXPECT_EQ(first_words(of_numbers("high_balance", up)).name, "High balance above average");
  EXPECT_EQ(first_words(of_numbers("High balance", down)).name, "High balance below average");
  EXPECT_EQ(first_words(of_numbers("Hohe Salden", up), Language::de).name, "Hohe Salden überdurchschnittlich");
}

TEST(SegmentWords, ChooseTheAdjectiveByTheLabel) {
  const std::vector<samples::Numbers> up = {{10, 5, 10}, {30, 5, 30}, {10, 5, 10}};
  const std::vector<samples::Numbers> down = {{10, 5, 10}, {3, 1, 3}, {10, 5, 10}};

  EXPECT_EQ(first_words(of_numbers("Transactions", up)).name, "Many transactions");
  EXPECT_EQ(first_words(of_numbers("Days since last purchase", down)).name, "Few days since last purchase");
  EXPECT_EQ(first_words(of_numbers("Tenure months", down)).name, "Short tenure");
  EXPECT_EQ(first_words(of_numbers("Age", up)).name, "Older");
  EXPECT_EQ(first_words(of_numbers("Alter", down), Language::de).name, "Jünger");
}

TEST(SegmentWords, SayZerosOfWhatPeopleHaveOrHaveNot) {
  const std::vector<samples::Numbers> few = {{622, 1000, 100, 0.51}, {210, 500, 0, 0.83}, {640, 1000, 110, 0.5}};
  const std::vector<samples::Numbers> none = {{622, 1000, 100, 0.51}, {0, 0, 0, 1}, {640, 1000, 110, 0.5}};
  const std::vector<samples::Numbers> users = {{622, 1000, 100, 0.51}, {3000, 500, 0, 0}, {640, 1000, 110, 0.5}};

  EXPECT_EQ(statement(of_numbers("Cash advances", few)),
            "Cash advances average 210, 66 % below the portfolio's 622. 83 % have no cash advances (portfolio 51 %).");
  EXPECT_EQ(statement(of_numbers("Cash advances", none)), "No customer has cash advances.");
  EXPECT_EQ(first_words(of_numbers("Cash advances", none)).name, "No cash advances");
  EXPECT_THAT(statement(of_numbers("Cash advances", users)),
              testing::EndsWith("Nobody is without cash advances (portfolio 51 %)."));
  EXPECT_THAT(statement(of_numbers("Cash advance frequency", few)),
              testing::EndsWith("It is zero for 83 % (portfolio 51 %)."));
  EXPECT_EQ(statement(of_numbers("Bargeld", few), Language::de),
            "Bargeld: im Durchschnitt 210, 66 % unter dem Portfolio (622). Ohne Bargeld sind 83 % (Portfolio 51 %).");
  EXPECT_EQ(statement(of_numbers("Bargeld", none), Language::de), "Alle sind ohne Bargeld.");
}

TEST(SegmentWords, SayMostOfMoreThanHalfAlone) {
  for (const double share : {0.3, 0.5, 0.501, 0.9}) {
    Profile profile = two_segments();
    add_levels(profile, "region", {"north", "south", "west"}, {{0.1, 0.6, 0.3}, {share, 0.8 - share, 0.2}, {0, 1, 0}});

    const SegmentWords words = first_words(profile);

    EXPECT_EQ(words.name.find("Mostly") != std::string::npos, share > 0.5) << words.name;
    EXPECT_EQ(words.paragraph.find("most (") != std::string::npos, share > 0.5) << words.paragraph;
  }
}

TEST(SegmentWords, SayWhatCustomersAreRatherThanWhatTheyAreNot) {
  Profile profile = two_segments();
  add_levels(profile, "contact", {"cellular", "telephone"}, {{0.63, 0.37}, {0, 1}, {0.7, 0.3}});

  EXPECT_EQ(first_words(profile).name, "Contact telephone");
  EXPECT_THAT(first_words(profile).drivers, ElementsAre("↑ Contact telephone: 100 %, portfolio 37 %"));
}

TEST(SegmentWords, SpeakOfOrdinalsByTheirLevels) {
  Profile profile = two_segments();
  profile::ColumnProfile& column = add_numbers(profile, "education", {{1, 1, 1}, {2, 1, 2}, {0.9, 1, 1}});
  column.column.kind = portfolio::Kind::ordinal;
  column.column.levels.known = {{"basic.9y", 10, 0}, {"high.school", 10, 1}, {"university_degree", 10, 2}};

  EXPECT_EQ(first_words(profile).name, "Higher education");
  EXPECT_EQ(statement(profile), "Education is typically university degree, in the portfolio high school.");
  EXPECT_EQ(statement(profile, Language::de), "Education: typisch university degree, im Portfolio high school.");
}

TEST(SegmentWords, SayWhatASegmentIsWorth) {
  Profile profile = cash_users();
  profile::ColumnProfile& column = profile.columns[1];
  column.column.value_number = 1;
  column.column.settings.words = {"Revenue", "EUR", ShownAs::money};
  column.numbers[1].total_share.value = 0.41;

  EXPECT_THAT(first_words(profile).paragraph,
              testing::HasSubstr(" They account for 41 % of all revenue: 580 EUR each on average, 1,700 EUR in the "
                                 "portfolio. Cash"));
  EXPECT_THAT(first_words(profile, Language::de).paragraph,
              testing::HasSubstr(" Revenue: 41 % der Summe des Portfolios, im Durchschnitt 580 EUR (Portfolio 1.700 "
                                 "EUR). Cash"));
}

TEST(SegmentWords, NameThousandsOfSegmentsThatAreAlike) {
  constexpr std::size_t segments = 3000;
  Profile profile = profile_of(std::vector<std::int64_t>(segments, 20));
  for (int c = 0; c < 20; ++c) {
    std::vector<samples::Numbers> groups(segments + 1, {30, 5, 30});
    groups[0] = {10, 5, 10};
    add_numbers(profile, "column" + std::string(1, static_cast<char>('a' + c)), groups);
  }

  std::set<std::string> names;
  for (const SegmentWords& words : segment_words(profile)) names.insert(words.name);

  EXPECT_EQ(names.size(), segments);
}

TEST(SegmentWords, AreOfWholeSentencesForAnyProfile) {
  constexpr std::array labels = {"CASH_ADVANCE",
                                 "oneoffPurchases",
                                 "Größe der Überweisungen",
                                 "a",
                                 "high_risk_score",
                                 "A label that somebody wrote without thinking of the people who have to read it",
                                 "days_since",
                                 "\x01odd\xFF",
                                 "x_1",
                                 "Share of digital",
                                 "___",
                                 "Alter"};
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int round = 0; round < 300; ++round) {
    const int segments = 1 + round % 12;
    Profile profile = profile_of(std::vector<std::int64_t>(static_cast<std::size_t>(segments), 1 + round * 17));
    const int columns = round % 7;
    for (int c = 0; c < columns; ++c) {
      const bool has_levels = uniform(random) < 0.3;
      std::vector<samples::Numbers> numbers;
      std::vector<std::vector<double>> shares;
      for (int g = 0; g <= segments; ++g) {
        const double value = uniform(random) < 0.2 ? 0 : std::pow(10, 6 * uniform(random) - 2);
        numbers.push_back({value, value * 2 * uniform(random) + 1, value * uniform(random), uniform(random)});
        const double share = uniform(random) < 0.2 ? std::round(uniform(random)) : uniform(random);
        shares.push_back({share, 1 - share});
      }
      const std::string label = labels[static_cast<std::size_t>(random()) % labels.size()];
      profile::ColumnProfile& column = has_levels ? add_levels(profile, "c", {"yes", "no_answer\n"}, shares)
                                                  : add_numbers(profile, "c", numbers, uniform(random) < 0.3 ? -5 : 0);
      column.column.settings.words = {label, uniform(random) < 0.5 ? "" : "EUR",
                                      static_cast<ShownAs>(static_cast<int>(random() % 4))};
      if (!has_levels && uniform(random) < 0.2) column.column.kind = portfolio::Kind::ordinal;
      if (!has_levels && uniform(random) < 0.2) column.numbers.back().effect = {std::nan(""), true};
    }

    for (const Language language : {Language::en, Language::de}) {
      std::set<std::string> names;
      for (const SegmentWords& words : segment_words(profile, language)) {
        EXPECT_TRUE(names.insert(words.name).second) << "two segments are called " << words.name;
        const auto characters =
            std::ranges::count_if(words.name, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
        EXPECT_LE(static_cast<std::size_t>(characters), longest_name + 3) << words.name;
        std::vector<std::string> texts = words.drivers;
        texts.insert(texts.end(), {words.name, words.sentence, words.paragraph});
        for (const std::string& text : texts) {
          EXPECT_FALSE(text.empty());
          EXPECT_EQ(readable(text), text);
          EXPECT_TRUE(io::is_utf8(text)) << text;
          for (const char* wrong : {"_", "  ", "nan", "inf", " ,", "..", "()", "{", "- %", "-0 "})
            EXPECT_EQ(text.find(wrong), std::string::npos) << "'" << wrong << "' in: " << text;
        }
        EXPECT_TRUE(words.sentence.ends_with('.')) << words.sentence;
        EXPECT_TRUE(words.paragraph.ends_with('.')) << words.paragraph;
        EXPECT_LE(words.drivers.size(), 3U);
      }
    }
  }
}

}  // namespace cardseg::report
