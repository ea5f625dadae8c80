#include "report/trait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <string_view>

#include "cardseg/core/name_words.hpp"
#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

using profile::ColumnProfile;
using profile::Driver;
using profile::Figure;
using profile::NumberProfile;
using profile::Profile;

// |mean - median| in standard deviations, above which the mean is no typical value.
constexpr double skewed_from = 0.2;

// A median is said that differs by at least so much of the portfolio's.
constexpr double said_median = 0.1;

double value_of(const Figure& figure) { return figure.is_withheld ? Trait::none : figure.value; }

bool is_said(const ColumnProfile& column) { return column.is_in_distance || column.column.is_value(); }

bool is_blank(char c) { return c == ' '; }

double zero_share(const NumberProfile& group) {
  if (group.zeros.is_withheld || group.present.is_withheld || group.present.customers == 0) return Trait::none;
  return static_cast<double>(group.zeros.customers) / static_cast<double>(group.present.customers);
}

// A ratio of means says nothing where values lie on both sides of zero, unless all are far from it.
bool has_ratio(const NumberProfile& all, const NumberProfile& here) {
  const double usual = value_of(all.mean);
  if (!(usual > 0) || !(value_of(here.mean) >= 0)) return false;
  const double low = value_of(all.quantile.front());
  return low >= 0 || usual > value_of(all.sd);
}

bool is_skewed(const NumberProfile& all) {
  return std::abs(value_of(all.mean) - value_of(all.quantile[profile::median])) > skewed_from * value_of(all.sd);
}

void add_medians(const NumberProfile& all, const NumberProfile& here, Trait& trait) {
  const double usual = value_of(all.quantile[profile::median]);
  const double median = value_of(here.quantile[profile::median]);
  if (!is_skewed(all) || !(usual > 0) || !(median > 0) || (median > usual) != trait.is_up()) return;
  if (std::abs(median - usual) < said_median * usual) return;
  trait.median_here = median;
  trait.median_all = usual;
}

// The level whose score is nearest to a median.
std::string level_at(const ColumnProfile& column, double score) {
  const std::vector<portfolio::Level>& levels = column.column.levels.known;
  if (levels.empty() || !std::isfinite(score)) return "";
  const auto nearest = std::ranges::min_element(
      levels, {}, [score](const portfolio::Level& level) { return std::abs(level.value - score); });
  return spoken(nearest->name);
}

enum class Answer { yes, no, other };

Answer answer_of(const std::string& level) {
  static const std::map<std::string, Answer, std::less<>> answers = {
      {"yes", Answer::yes},  {"y", Answer::yes},    {"true", Answer::yes},  {"ja", Answer::yes},
      {"j", Answer::yes},    {"wahr", Answer::yes}, {"no", Answer::no},     {"n", Answer::no},
      {"false", Answer::no}, {"nein", Answer::no},  {"falsch", Answer::no},
  };
  std::string lower = level;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = answers.find(lower);
  return found == answers.end() ? Answer::other : found->second;
}

// Never empty.
std::string label_of(const Profile& profile, std::size_t column) {
  const std::string label = spoken(portfolio::label_of(profile.columns[column].column));
  return label.empty() ? fmt::format("#{}", column + 1) : label;
}

portfolio::ColumnWords spoken_words(const ColumnProfile& column) {
  portfolio::ColumnWords words = column.column.settings.words;
  words.unit = spoken(words.unit);
  return words;
}

Trait number_trait(const ColumnProfile& column, const Driver& driver, std::size_t group) {
  const NumberProfile& all = column.numbers[0];
  const NumberProfile& here = column.numbers[group];
  Trait trait;
  trait.effect = driver.effect;
  trait.here = value_of(here.mean);
  trait.all = value_of(all.mean);
  if (column.column.kind == portfolio::Kind::flag) {
    trait.kind = Trait::Kind::flag;
  } else if (column.column.kind == portfolio::Kind::ordinal) {
    trait.kind = Trait::Kind::ordinal;
    trait.level = level_at(column, value_of(here.quantile[profile::median]));
    trait.usual_level = level_at(column, value_of(all.quantile[profile::median]));
  } else {
    if (has_ratio(all, here)) trait.ratio = trait.here / trait.all;
    add_medians(all, here, trait);
    trait.zeros_here = zero_share(here);
    trait.zeros_all = zero_share(all);
  }
  return trait;
}

// What customers are says more than what they are not: of a level that is rarer than elsewhere, the one that is more
// frequent in its place, where one of them nearly makes up for it.
Driver said_level(const ColumnProfile& column, const Driver& rare, std::size_t group) {
  constexpr double nearly = 0.5;
  Driver best = rare;
  if (rare.effect > 0) return best;
  for (std::size_t l = 0; l < column.levels.size(); ++l) {
    const double all = value_of(column.categories[0].levels[l].share);
    const double effect = (value_of(column.categories[group].levels[l].share) - all) / std::sqrt(all * (1.0 - all));
    if (effect > std::max(best.effect, -nearly * rare.effect)) best = {rare.column, static_cast<int>(l), effect};
  }
  return best;
}

Trait level_trait(const ColumnProfile& column, const Driver& ranked, std::size_t group) {
  const Driver driver = said_level(column, ranked, group);
  const auto level = static_cast<std::size_t>(driver.level);
  Trait trait;
  trait.kind = Trait::Kind::level;
  trait.effect = driver.effect;
  trait.level = spoken(column.levels[level]);
  trait.here = value_of(column.categories[group].levels[level].share);
  trait.all = value_of(column.categories[0].levels[level].share);
  const Answer answer = answer_of(trait.level);
  if (answer == Answer::other) return trait;
  trait.kind = Trait::Kind::flag;
  trait.is_without = answer == Answer::no;
  if (trait.is_without && column.levels.size() == 2) {  // the other level is the answer yes
    trait.is_without = false;
    trait.here = 1 - trait.here;
    trait.all = 1 - trait.all;
    trait.effect = -trait.effect;
  }
  return trait;
}

// Words by which two labels are about the same: "cash" and "advance" of "Cash advance frequency".
std::vector<std::string> topic_of(const std::string& label) {
  constexpr std::array common = {"amount",     "number", "count",     "sum",      "total",  "mean",      "average",
                                 "max",        "min",    "last",      "months",   "days",   "frequency", "rate",
                                 "share",      "ratio",  "value",     "avg",      "month",  "year",      "of",
                                 "per",        "the",    "since",     "in",       "at",     "for",       "has",
                                 "is",         "with",   "household", "customer", "anzahl", "anteil",    "betrag",
                                 "häufigkeit", "monate", "tage",      "von",      "der",    "seit"};
  std::vector<std::string> topic;
  for (std::string word : core::name_words(label)) {
    if (word.size() > 3 && word.ends_with('s')) word.pop_back();
    if (word.size() > 1 && std::ranges::find(common, word) == common.end()) topic.push_back(word);
  }
  return topic;
}

Trait trait_of(const Profile& profile, const Driver& driver, std::size_t group) {
  const ColumnProfile& column = profile.columns[driver.column];
  Trait trait = driver.level >= 0 ? level_trait(column, driver, group) : number_trait(column, driver, group);
  trait.column = driver.column;
  trait.label = label_of(profile, driver.column);
  trait.topic = topic_of(trait.label);
  trait.words = spoken_words(column);
  return trait;
}

}  // namespace

std::vector<Trait> traits_of(const Profile& profile, int segment) {
  std::vector<Trait> traits;
  for (const Driver& driver : profile::ranked_drivers(profile, segment)) {
    if (!is_said(profile.columns[driver.column])) continue;
    Trait trait = trait_of(profile, driver, static_cast<std::size_t>(segment));
    if (std::isfinite(trait.here) && std::isfinite(trait.all)) traits.push_back(std::move(trait));
  }
  return traits;
}

std::vector<Worth> worth_of(const Profile& profile, int segment) {
  std::map<int, Worth> by_number;
  for (std::size_t c = 0; c < profile.columns.size(); ++c) {
    const ColumnProfile& column = profile.columns[c];
    if (!column.column.is_value() || column.is_category()) continue;
    const NumberProfile& here = column.numbers[static_cast<std::size_t>(segment)];
    Worth& worth = by_number[column.column.value_number];
    worth = {c,
             label_of(profile, c),
             spoken_words(column),
             value_of(here.total_share),
             value_of(here.mean),
             value_of(column.numbers[0].mean)};
  }
  std::vector<Worth> worth;
  for (const auto& [number, each] : by_number)
    if (std::isfinite(each.share)) worth.push_back(each);
  return worth;
}

// A dot between letters joins words, as an underscore does: high.school; not in admin. or 2.5.
std::string spoken(const std::string& text) {
  const std::string safe = readable(text);
  std::string words;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const bool is_joint =
        safe[i] == '_' || (safe[i] == '.' && i > 0 && std::isalpha(static_cast<unsigned char>(safe[i - 1])) != 0 &&
                           i + 1 < safe.size() && std::isalnum(static_cast<unsigned char>(safe[i + 1])) != 0);
    const char mark = is_joint ? ' ' : safe[i];
    if (!is_blank(mark) || (!words.empty() && !is_blank(words.back()))) words += mark;
  }
  while (!words.empty() && is_blank(words.back())) words.pop_back();
  if (words.size() > 2 && words.front() == '(' && words.back() == ')') return words.substr(1, words.size() - 2);
  return words;
}

}  // namespace cardseg::report
