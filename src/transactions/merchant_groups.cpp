#include "cardseg/transactions/merchant_groups.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::size_t most_groups = 1000;
constexpr std::int64_t most_score = 5;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = problem == std::errc{} && end == text.data() + text.size() && number >= 0;
  return is_number ? std::optional(number) : std::nullopt;
}

bool is_column_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && std::ranges::all_of(name, fits);
}

}  // namespace

void GroupTable::add(const std::string& name, const std::string& words) {
  if (!is_column_name(name))
    throw Error(ExitCode::config, "a group cannot be called '" + name + "'")
        .remedy("Its name becomes a column's: small letters, digits and _");
  if (names_.size() == most_groups)
    throw Error(ExitCode::config, "there are more than 1000 groups").remedy("Join some");
  names_.push_back(name);
  for (const std::string& word : core::split_names(words)) {
    const std::size_t dash = word.find('-', 1);
    const std::optional<std::int64_t> number = number_in(word);
    const auto first = dash == std::string::npos ? number : number_in(core::trimmed(word.substr(0, dash)));
    const auto last = dash == std::string::npos ? number : number_in(core::trimmed(word.substr(dash + 1)));
    if (first && last) {
      add_span(*first, *last);
    } else if (!texts_.emplace(word, static_cast<std::uint16_t>(names_.size())).second) {
      throw Error(ExitCode::config, "'" + word + "' of group " + name + " is in another group, too");
    }
  }
}

void GroupTable::add_span(std::int64_t first, std::int64_t last) {
  const std::string shown = std::to_string(first) + "-" + std::to_string(last);
  if (last < first) throw Error(ExitCode::config, shown + " of group " + names_.back() + " is no range");
  const auto next = spans_.lower_bound(first);
  const bool meets_next = next != spans_.end() && next->first <= last;
  const bool meets_before = span_with(first) != nullptr;
  if (meets_next || meets_before)
    throw Error(ExitCode::config, "numbers of " + shown + " of group " + names_.back() + " are in a group already");
  spans_[first] = {last, static_cast<std::uint16_t>(names_.size())};
}

const GroupTable::Span* GroupTable::span_with(std::int64_t number) const {
  auto span = spans_.upper_bound(number);
  if (span == spans_.begin()) return nullptr;
  --span;
  return number <= span->second.last ? &span->second : nullptr;
}

std::uint16_t GroupTable::group_of(std::string_view text) const {
  if (const auto number = number_in(text)) {
    const Span* span = span_with(*number);
    return span ? span->group : 0;
  }
  const auto found = texts_.find(text);
  return found == texts_.end() ? 0 : found->second;
}

void ScoreGrid::add(const std::string& name, const std::string& ranges) {
  const auto refuse = [&] {
    return Error(ExitCode::config, "'" + name + " = " + ranges + "' is no line of the grid")
        .remedy("Give ranges of the scores R, F and M, 1 to 5: Champions = 5, 4-5, 4-5");
  };
  if (std::ranges::find(names_, name) != names_.end())
    throw Error(ExitCode::config, "'" + name + "' stands in the grid twice");
  const std::vector<std::string> parts = core::split_names(ranges);
  if (parts.size() != 3 || name.empty()) throw refuse();
  std::array<Span, 3> line;
  for (std::size_t p = 0; p < line.size(); ++p) {
    const std::size_t dash = std::min(parts[p].find('-'), parts[p].size());
    const auto first = number_in(core::trimmed(parts[p].substr(0, dash)));
    const auto last = dash == parts[p].size() ? first : number_in(core::trimmed(parts[p].substr(dash + 1)));
    if (!first || !last || *first < 1 || *last < *first || *last > most_score) throw refuse();
    line[p] = {static_cast<int>(*first), static_cast<int>(*last)};
  }
  names_.push_back(name);
  lines_.push_back(line);
}

std::size_t ScoreGrid::line_of(int r, int f, int m) const {
  const auto holds = [](const Span& span, int score) { return span.first <= score && score <= span.last; };
  for (std::size_t l = 0; l < lines_.size(); ++l)
    if (holds(lines_[l][0], r) && holds(lines_[l][1], f) && holds(lines_[l][2], m)) return l + 1;
  return 0;
}

MerchantGroups make_groups(const std::vector<portfolio::Setting>& settings, const std::string& file) try {
  MerchantGroups groups;
  for (const portfolio::Setting& setting : settings) {
    const std::size_t dot = std::min(setting.key.find('.'), setting.key.size());
    const std::string section = setting.key.substr(0, dot);
    const std::string name = dot < setting.key.size() ? setting.key.substr(dot + 1) : std::string();
    if (section == "category")
      groups.categories.add(name, setting.value);
    else if (section == "channel")
      groups.channels.add(name, setting.value);
    else if (section == "grid")
      groups.grid.add(name, setting.value);
    else
      throw Error(ExitCode::config, "there is no section for '" + setting.key + "'")
          .remedy("Groups stand in [category] and [channel], names of scores in [grid]");
  }
  return groups;
} catch (Error& error) {
  throw error.in_file(file);
}

}  // namespace cardseg::transactions
