#include "report/phrases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "cardseg/core/name_words.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/english_phrases.hpp"
#include "report/german_phrases.hpp"

namespace cardseg::report {
namespace {

constexpr std::array prepositions = {"of",   "per", "for", "since", "at",  "to",  "in", "by", "with", "from", "on",
                                     "over", "pro", "für", "seit",  "bei", "von", "im", "je", "mit",  "der",  "des"};
// Endings of words for what everybody has: a rate, an index, an age.
constexpr std::array measures = {
    "frequency", "rate",        "ratio",   "share",  "score",   "index",       "idx",       "limit",
    "age",       "tenure",      "level",   "grade",  "rank",    "percent",     "pct",       "trend",
    "duration",  "length",      "average", "mean",   "median",  "days",        "months",    "years",
    "hours",     "var",         "growth",  "change", "recency", "utilisation", "cv",        "clumpiness",
    "gap",       "utilization", "income",  "quote",  "anteil",  "alter",       "dauer",     "häufigkeit",
    "paid",      "earned",      "spent",   "tage",   "monate",  "jahre",       "einkommen", "auslastung"};
// Words anywhere in a label that make it one of these.
constexpr std::array shares = {"prc",     "pct",  "percent", "percentage", "share",  "ratio",  "rate",   "avg",
                               "average", "mean", "index",   "score",      "number", "anzahl", "anteil", "prozent"};
constexpr std::array degrees = {"high",  "low",   "higher", "lower",   "highest",  "lowest", "large",
                                "small", "many",  "few",    "more",    "less",     "big",    "hoch",
                                "hohe",  "hoher", "hohes",  "niedrig", "niedrige", "viele",  "wenige"};

template <std::size_t n>
bool contains(const std::array<const char*, n>& words, const std::string& word) {
  return std::ranges::any_of(words, [&](const char* each) { return word == each; });
}

bool names_unit(const std::string& label, const std::string& unit) {
  const std::vector<std::string> words = core::name_words(label);
  return std::ranges::find(words, unit) != words.end();
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string number_of(double value, const portfolio::ColumnWords& words, int digits) {
  constexpr double whole_from = 100;  // of money, cents do not matter from here on
  if (words.shown_as != portfolio::ShownAs::money) return shown_number(value, digits);
  return std::abs(value) >= whole_from && digits <= 3 ? shown_fixed(value, 0) : shown_fixed(value, 2);
}

std::string with_digits(double value, const std::string& label, const portfolio::ColumnWords& words, Language language,
                        int digits) {
  if (words.shown_as == portfolio::ShownAs::percent)
    return in_language(digits <= 3 ? report::shown_share(value) : shown_number(100 * value, digits) + " %", language);
  std::string text = in_language(number_of(value, words, digits), language);
  if (words.shown_as == portfolio::ShownAs::days) {
    const bool is_one = text == "1";
    if (!names_unit(label, "days") && !names_unit(label, "tage"))
      text += language == Language::de ? (is_one ? " Tag" : " Tage") : (is_one ? " day" : " days");
  } else if (!words.unit.empty() && !names_unit(label, lower(words.unit))) {
    text += " " + words.unit;
  }
  return text;
}

}  // namespace

const Phrases& phrases_of(Language language) {
  static const EnglishPhrases english;
  static const GermanPhrases german;
  return language == Language::de ? static_cast<const Phrases&>(german) : english;
}

Comparison comparison_of(const Trait& trait) {
  const bool is_percent = trait.words.shown_as == portfolio::ShownAs::percent;
  if (std::isnan(trait.ratio)) return is_percent ? Comparison::values : Comparison::difference;
  if (trait.here == 0) return Comparison::nothing;
  if (trait.ratio < as_good_as_nothing && is_thing(trait)) return Comparison::next_to_nothing;
  if (is_percent) return Comparison::values;
  if (trait.ratio >= said_ratio) return Comparison::factor;
  return trait.ratio <= 1 / said_ratio ? Comparison::per_cent_less : Comparison::values;
}

bool is_thing(const Trait& trait) {
  if (trait.words.shown_as == portfolio::ShownAs::percent || trait.words.shown_as == portfolio::ShownAs::days)
    return false;
  const std::string head = head_of(trait.label);
  const std::vector<std::string> words = core::name_words(trait.label);
  return std::ranges::none_of(measures, [&](const char* ending) { return head.ends_with(ending); }) &&
         std::ranges::none_of(words, [](const std::string& word) { return contains(shares, word); });
}

bool is_age(const Trait& trait) {
  const std::string label = lower(trait.label);
  return trait.kind == Trait::Kind::amount && (label == "age" || label == "alter");
}

bool begins_with_degree(const Trait& trait) {
  const std::vector<std::string> words = core::name_words(trait.label);
  return !words.empty() && contains(degrees, words.front());
}

bool has_said_zeros(const Trait& trait) {
  return std::abs(trait.zeros_here - trait.zeros_all) >= said_zeros &&
         std::max(trait.zeros_here, trait.zeros_all) >= many_zeros;
}

bool is_mostly_zero(const Trait& trait) {
  return !trait.is_up() && has_said_zeros(trait) && trait.zeros_here > 0.5 && trait.zeros_here > trait.zeros_all;
}

bool is_next_to_all_zero(const Trait& trait) {
  constexpr double next_to_all = 0.95;
  return is_mostly_zero(trait) && trait.zeros_here >= next_to_all;
}

std::string head_of(const std::string& label) {
  std::string head;
  for (const std::string& word : core::name_words(label.substr(0, label.find('(')))) {
    if (contains(prepositions, word) && !head.empty()) break;
    if (!word.empty()) head = word;
  }
  return head;
}

FlagNoun noun_of(const std::string& label) {
  constexpr std::array having = {"has ", "have ", "uses ", "owns ", "holds ", "with ", "hat ", "mit ", "nutzt "};
  constexpr std::array being = {"is ", "was ", "are ", "ist ", "war "};
  const std::string small = lower(label);
  const auto without = [&](const char* verb) { return label.substr(std::string_view(verb).size()); };
  for (const char* verb : having)
    if (small.starts_with(verb) && small != verb) return {without(verb), false};
  for (const char* verb : being)
    if (small.starts_with(verb) && small != verb) return {without(verb), true};
  return {label, false};
}

TextPair shown_values(const Trait& trait, double here, double all, Language language) {
  TextPair texts;
  for (int digits = 3; digits <= 9; digits += 2) {
    texts = {with_digits(here, trait.label, trait.words, language, digits),
             with_digits(all, trait.label, trait.words, language, digits)};
    if (texts.here != texts.all || here == all) break;
  }
  return texts;
}

std::string shown_difference(const Trait& trait, Language language) {
  return shown_value(std::abs(trait.here - trait.all), trait.label, trait.words, language);
}

std::string shown_ratio(double ratio, Language language) { return in_language(shown_number(ratio, 2), language); }

std::string shown_share(double share, Language language) {
  const std::string text = in_language(report::shown_share(share), language);
  const bool is_german = language == Language::de;
  if (text.starts_with("> ")) return (is_german ? "mehr als " : "more than ") + text.substr(2);
  if (text.starts_with("< ")) return (is_german ? "weniger als " : "less than ") + text.substr(2);
  return text;
}

std::string only_share(double share, Language language) {
  const std::string text = shown_share(share, language);
  if (text.starts_with("less") || text.starts_with("weniger")) return text;
  return (language == Language::de ? "nur " : "only ") + text;
}

std::string who_of(const Trait& trait, const WhoWords& words, Language language) {
  if (trait.here == 1) return words.all;
  if (trait.here == 0) return words.nobody;
  if (!trait.is_up()) return only_share(trait.here, language);
  const std::string share = shown_share(trait.here, language);
  return trait.here > 0.5 ? fmt::format("{} ({})", words.most, share) : share;
}

std::string shown_value(double value, const std::string& label, const portfolio::ColumnWords& words,
                        Language language) {
  return with_digits(value, label, words, language, 3);
}

std::string listed(const std::vector<std::string>& parts, std::string_view last_joint) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? fmt::format(" {} ", last_joint) : ", ";
    text += parts[i];
  }
  return text;
}

std::string capitalised(std::string text) {
  if (text.empty()) return text;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) {
    text[0] = static_cast<char>(std::toupper(first));
  } else if (first == 0xC3 && text.size() > 1) {  // U+00E0 to U+00FE without the division sign
    const auto second = static_cast<unsigned char>(text[1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) text[1] = static_cast<char>(second - 0x20);
  }
  return text;
}

std::string in_the_middle(std::string label) {
  const bool is_word = label.size() > 1 && std::islower(static_cast<unsigned char>(label[1])) != 0;
  if (is_word) label[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(label[0])));
  return label;
}

}  // namespace cardseg::report
