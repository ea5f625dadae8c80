#include "cardseg/report/starter_description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cardseg/core/name_list.hpp"
#include "cardseg/core/name_words.hpp"
#include "cardseg/io/utf8.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

using portfolio::ColumnPortrait;
using portfolio::Family;
using portfolio::Kind;
using portfolio::Role;
using portfolio::Transform;

constexpr double long_tail = 5.0;          // times the other one
constexpr double least_long_value = 10.0;  // smaller values gain little by a logarithm

struct FamilyWords {
  Family family;
  std::vector<std::string_view> words;
};

// The first family with a word that begins one of a name's is meant: spend_travel is behaviour, not travel.
const std::array<FamilyWords, 4>& family_words() {
  static const std::array<FamilyWords, 4> words = {
      FamilyWords{
          Family::psychographic,
          {"score", "satisf", "prefer", "interest_in", "attitude", "lifestyle", "nps", "propensity", "opinion"}},
      FamilyWords{Family::behavioural,
                  {"balance", "spend", "spent",   "purchase", "payment",  "pay",       "transact",
                   "amount",  "cash",  "advance", "limit",    "utili",    "frequency", "recency",
                   "count",   "visit", "login",   "days",     "usage",    "fee",       "interest",
                   "overdue", "late",  "delinq",  "tenure",   "campaign", "contact",   "previous"}},
      FamilyWords{Family::demographic,
                  {"age", "income", "education", "job", "occupation", "profession", "household", "child", "housing",
                   "home", "employ", "dependents", "salary"}},
      FamilyWords{Family::geographic,
                  {"region", "city", "state", "country", "branch", "area", "district", "province", "town", "urban"}}};
  return words;
}

constexpr std::array<std::string_view, 6> worth_words = {"revenue", "profit", "margin", "clv", "ltv", "income_from"};

// A name as a section or a list takes it.
std::string written(const std::string& name) { return core::join_names({name}); }

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + written(name);
  return text;
}

bool is_worth(const portfolio::Column& column) {
  return std::ranges::any_of(core::name_words(column.name), [](const std::string& word) {
    return std::ranges::find(worth_words, word) != worth_words.end();
  });
}

std::string facts_text(const ColumnPortrait& each) {
  const double low = each.has_negatives ? each.range.low : std::max(each.range.low, 0.0);
  std::string text = fmt::format("# {} to {}, median about {}", shown_number(low), shown_number(each.range.high),
                                 shown_number(each.median, 2));
  const auto all = static_cast<double>(each.present + each.missing);
  if (each.zeros > 0) text += fmt::format(", {} zero", shown_share(static_cast<double>(each.zeros) / all));
  if (each.missing > 0) text += fmt::format(", {} missing", shown_share(static_cast<double>(each.missing) / all));
  return text + "\n";
}

std::string levels_text(const portfolio::Column& column) {
  constexpr std::size_t most_shown = 8;
  std::vector<std::string> names;
  for (const portfolio::Level& level : column.levels.known)
    if (names.size() < most_shown) names.push_back(io::shown(level.name));
  return fmt::format("# {}, the most frequent first: {}{}\n", counted(std::ssize(column.levels.known), "level"),
                     list_of(names), column.levels.known.size() > most_shown ? ", ..." : "");
}

std::string family_text(const std::string& column) {
  const Family family = guessed_family(column);
  return family == Family::none ? "# family = behavioural   # or demographic, psychographic, geographic\n"
                                : fmt::format("family = {}   # guess, by its name\n", name_of(family));
}

std::string number_section(const ColumnPortrait& each) {
  if (each.is_flag()) return "# 0 and 1\ntype = flag\n" + family_text(each.column.name);
  std::string text = facts_text(each);
  text += family_text(each.column.name);
  if (const Transform transform = guessed_transform(each); transform != Transform::none)
    text += fmt::format("transform = {}   # guess: a long tail\n", name_of(transform));
  text += "scale = zscore\n";
  if (each.missing > 0 || each.odd) text += "missing = median\n";
  if (each.odd)
    text += fmt::format("missing_codes = {}   # guess: {} have it, far from all others\n", each.odd->value,
                        counted(each.odd->customers, "customer"));
  if (each.odd && each.odd->customers > each.present / 2)
    text += "# most customers have no other value: is it a feature at all?\n";
  return text;
}

std::string category_section(const portfolio::Column& column) {
  std::string text = levels_text(column) + "type = category\n" + family_text(column.name);
  if (column.levels.missing > 0) text += "missing = indicator\n";
  return text + "# order = low, mid, high   # makes it an ordinal; name all levels, the lowest first\n";
}

}  // namespace

Family guessed_family(const std::string& column) {
  const std::vector<std::string> words = core::name_words(column);
  for (const FamilyWords& each : family_words())
    for (const std::string& word : words)
      for (const std::string_view begin : each.words)
        if (word.starts_with(begin) && (begin.size() > 3 || word.size() == begin.size())) return each.family;
  return Family::none;
}

Transform guessed_transform(const ColumnPortrait& column) {
  const double longest = std::max(column.high_tail, column.low_tail);
  const double other = std::min(column.high_tail, column.low_tail);
  if (longest < least_long_value || longest < long_tail * other) return Transform::none;
  if (column.has_negatives) return Transform::signed_log;
  return column.high_tail == longest ? Transform::log1p : Transform::none;
}

std::string starter_description(const std::vector<ColumnPortrait>& columns, std::int64_t customers) {
  std::string id = portfolio::no_id;
  std::vector<std::string> excluded;
  std::vector<std::string> worth;
  std::string sections;
  std::string left_out;
  for (const ColumnPortrait& each : columns) {
    const portfolio::Column& column = each.column;
    if (column.role == Role::id) id = column.name;
    if (column.role == Role::profile) excluded.push_back(column.name);
    if (!column.reason.empty()) left_out += fmt::format("#   {}: {}\n", column.name, column.reason);
    if (column.role != Role::feature) continue;
    if (!column.has_levels() && is_worth(column)) worth.push_back(column.name);
    sections += fmt::format("\n[column.{}]\n{}", written(column.name),
                            column.has_levels() ? category_section(column) : number_section(each));
  }
  std::string text = fmt::format(
      "# A description to begin with, by cardseg describe, of {}. What is marked as a guess rests on\n"
      "# names and distributions alone: check it. cardseg validate --description FILE shows what it means.\n"
      "[portfolio]\nid = {}\n",
      counted(customers, "customer"), written(id));
  if (!worth.empty())
    text += fmt::format("# value = {}   # what segments are worth: guess, by name; no feature any more then\n",
                        list_of(worth));
  if (!excluded.empty()) text += fmt::format("exclude = {}\n", list_of(excluded));
  if (!left_out.empty()) text += "# left out, unless a section describes them:\n" + left_out;
  return text + sections;
}

}  // namespace cardseg::report
