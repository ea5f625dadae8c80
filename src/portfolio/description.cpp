#include "cardseg/portfolio/description.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/share_text.hpp"
#include "cardseg/portfolio/risk_column.hpp"
#include "cardseg/portfolio/trust_thresholds.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

const std::vector<std::string> column_keys = {"family", "transform", "scale",  "missing", "weight", "missing_codes",
                                              "clip",   "clip_at",   "lambda", "type",    "order",  "scores",
                                              "unseen", "min_level", "label",  "unit",    "format"};

template <class Enum>
Enum named(const core::EnumNames<Enum>& names, const std::string& name, const std::string& key) {
  return names.named(name, key, ExitCode::config);
}

double weight_of(const std::string& text, const std::string& key) {
  double weight = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (failure == std::errc() && end == text.data() + text.size() && weight >= 0 && weight <= 1e6) return weight;
  throw Error(ExitCode::config, key + " cannot be '" + text + "'").remedy("A weight is a number from 0 to 1000000");
}

std::vector<double> numbers_of(const std::string& text, const std::string& key, const char* remedy) {
  std::vector<double> numbers;
  for (const std::string& word : core::split_names(text)) {
    double& number = numbers.emplace_back();
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failure == std::errc() && end == word.data() + word.size() && std::isfinite(number)) continue;
    throw Error(ExitCode::config, key + " cannot be '" + text + "'").remedy(remedy);
  }
  return numbers;
}

// Each once.
std::vector<double> codes_of(const std::string& text, const std::string& key) {
  std::vector<double> codes =
      numbers_of(text, key, "Write the numbers that stand for missing values, with commas between: 999, -1");
  for (auto code = codes.begin(); code != codes.end();)
    code = std::find(codes.begin(), code, *code) == code ? code + 1 : codes.erase(code);
  return codes;
}

std::vector<std::string> levels_of(const std::string& text, const std::string& key) {
  std::vector<std::string> levels = core::split_names(text);
  std::vector<std::string> sorted = levels;
  std::ranges::sort(sorted);
  if (levels.size() >= 2 && std::ranges::adjacent_find(sorted) == sorted.end()) return levels;
  throw Error(ExitCode::config, key + " cannot be '" + text + "'")
      .remedy("Write two or more different levels, the lowest first, with commas between: low, mid, high");
}

double number_of(const std::string& text, const std::string& key, double low, double high, const char* remedy) {
  const std::vector<double> numbers = numbers_of(text, key, remedy);
  if (numbers.size() == 1 && numbers.front() >= low && numbers.front() <= high) return numbers.front();
  throw Error(ExitCode::config, key + " cannot be '" + text + "'").remedy(remedy);
}

Clip clip_of(const std::string& text, const std::string& key, bool are_shares) {
  const char* remedy = are_shares ? "Write two shares of the values, the lower first: 0.001, 0.999; clip_at names "
                                    "limits themselves"
                                  : "Write two numbers, the lower first: 0, 5000";
  const std::vector<double> limits = numbers_of(text, key, remedy);
  if (limits.size() == 2 && limits[0] < limits[1] && (!are_shares || (limits[0] >= 0 && limits[1] <= 1)))
    return {limits[0], limits[1], are_shares};
  throw Error(ExitCode::config, key + " cannot be '" + text + "'").remedy(remedy);
}

double share_of(const std::string& text, const std::string& key) {
  const std::optional<double> share = core::share_in(text);
  if (share && *share <= 0.5) return *share;
  throw Error(ExitCode::config, key + " cannot be '" + text + "'")
      .remedy("Write a share of the customers from 0 to 0.5: 0.001 or 0.1%");
}

// A kind that a column may be said to have; an id is named in another place.
Kind type_of(const std::string& text, const std::string& key) {
  const Kind kind = named(kind_names, text, key);
  if (kind != Kind::id) return kind;
  throw Error(ExitCode::config, key + " cannot be 'id'").remedy("Name the id in [portfolio]: id = COLUMN");
}

// One line of text as people read it.
std::string words_of(const std::string& text, const std::string& key) {
  constexpr std::size_t longest = 80;
  const std::string words = core::unquoted(text);
  const bool has_control = std::ranges::any_of(words, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (!core::trimmed(words).empty() && words.size() <= longest && !has_control) return words;
  throw Error(ExitCode::config, key + " cannot be used").remedy("Write a text of up to 80 bytes on one line");
}

void check_not_empty(const Setting& setting) {
  if (core::trimmed(setting.value).find_first_not_of(" ,") != std::string_view::npos) return;
  throw Error(ExitCode::config, setting.key + " is empty")
      .remedy(
          "Give it a value, or remove the line; '#' after a blank begins a comment, so a name that begins with one "
          "needs quotes: \"#cards\"");
}

// `key` as the file has it; `name` the part of it that is compared with the candidates.
[[noreturn]] void refuse_key(const std::string& key, const std::string& name,
                             const std::vector<std::string>& candidates) {
  Error error(ExitCode::config, "unknown key '" + key + "' in the description");
  const std::string guess = core::did_you_mean(name, candidates);
  std::string known;
  for (const std::string& candidate : candidates) known += (known.empty() ? "" : ", ") + candidate;
  throw error.remedy(guess.empty() ? "Known keys: " + known : guess);
}

Family weighted_family(const std::string& name) {
  const Family family = named(family_names, name, "[family]");
  if (family != Family::none) return family;
  throw Error(ExitCode::config, "[family] cannot weight columns of no family")
      .remedy("Give columns a family, or a weight of their own");
}

void set_portfolio(Description& description, const std::string& key, const Setting& setting) {
  if (key == "id") {
    description.id = core::unquoted(setting.value);
  } else if (key == "value") {
    description.value = core::split_names(setting.value);
  } else if (key == "exclude") {
    description.exclude = core::split_names(setting.value);
  } else if (key == "cross") {
    description.cross = core::split_names(setting.value);
  } else if (key == "risk") {
    for (const std::string& name : core::split_names(setting.value))
      description.columns[name].push_back({risk_key, setting.key});
  } else if (key == "filter") {
    description.filter = core::trimmed(setting.value);
  } else if (key == "missing_codes") {
    description.defaults.missing_codes = codes_of(setting.value, setting.key);
  } else if (key == "min_level") {
    description.defaults.min_level = share_of(std::string(core::trimmed(setting.value)), setting.key);
  } else {
    refuse_key(setting.key, setting.key,
               {"portfolio.id", "portfolio.value", "portfolio.exclude", "portfolio.cross", "portfolio.risk",
                "portfolio.filter", "portfolio.missing_codes", "portfolio.min_level"});
  }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void set_column(ColumnSettings& settings, const std::string& column, const Setting& setting) {
  const std::string key = "column." + column + "." + setting.key;
  const std::string value(core::trimmed(setting.value));
  if (setting.key == "family") settings.family = named(family_names, value, key);
  if (setting.key == "transform") settings.transform = named(transform_names, value, key);
  if (setting.key == "scale") settings.scale = named(scale_names, value, key);
  if (setting.key == "missing") settings.missing = named(missing_names, value, key);
  if (setting.key == "weight") settings.weight = weight_of(value, key);
  if (setting.key == "missing_codes") {
    settings.missing_codes = codes_of(value, key);
    settings.has_own_codes = true;
  }
  if (setting.key == "clip" || setting.key == "clip_at") settings.clip = clip_of(value, key, setting.key == "clip");
  if (setting.key == "lambda") settings.lambda = number_of(value, key, -5, 5, "Write a number from -5 to 5");
  if (setting.key == "type") settings.type = type_of(value, key);
  if (setting.key == "order") settings.order = levels_of(value, key);
  if (setting.key == "scores")
    settings.scores = numbers_of(value, key, "Write a number for each level of order, with commas between: 0, 1, 4");
  if (setting.key == "min_level") settings.min_level = share_of(value, key);
  if (setting.key == "unseen") settings.unseen = named(unseen_names, value, key);
  if (setting.key == "label") settings.words.label = words_of(value, key);
  if (setting.key == "unit") settings.words.unit = words_of(value, key);
  if (setting.key == "format") settings.words.shown_as = named(shown_as_names, value, key);
}

bool is_preparation(const std::string& key) { return key != "label" && key != "unit" && key != "format"; }

Description make_description(const std::vector<Setting>& settings) {
  Description description;
  for (const Setting& setting : settings) {
    check_not_empty(setting);
    const std::size_t first = std::min(setting.key.find('.'), setting.key.size());
    const std::size_t last = setting.key.rfind('.');
    const std::string section = setting.key.substr(0, first);
    const std::string key = first == setting.key.size() ? "" : setting.key.substr(first + 1);
    if (section == "portfolio") {
      set_portfolio(description, key, setting);
    } else if (section == "family") {
      description.family_weight[weighted_family(key)] =
          weight_of(std::string(core::trimmed(setting.value)), setting.key);
    } else if (section == "trust") {  // make_trust() reads it; what cannot be used is refused here
      if (!contains(trust_keys(), key)) refuse_key(setting.key, key, trust_keys());
      make_trust({setting});
    } else if (section == "column" && last != std::string::npos && last > first) {
      const std::string column = core::unquoted(setting.key.substr(first + 1, last - first - 1));
      const std::string column_key = setting.key.substr(last + 1);
      if (!contains(column_keys, column_key)) refuse_key(setting.key, column_key, column_keys);
      ColumnSettings probe;
      set_column(probe, column,
                 {column_key, setting.value});  // a value that cannot be used is refused here, with its key
      description.columns[column].push_back({column_key, setting.value});
    } else {
      refuse_key(setting.key, setting.key,
                 {"portfolio.id",          "portfolio.value",     "portfolio.exclude",         "column.NAME.transform",
                  "column.NAME.scale",     "column.NAME.missing", "column.NAME.missing_codes", "column.NAME.weight",
                  "column.NAME.family",    "column.NAME.clip",    "column.NAME.clip_at",       "column.NAME.lambda",
                  "column.NAME.type",      "column.NAME.order",   "column.NAME.scores",        "column.NAME.unseen",
                  "column.NAME.label",     "column.NAME.unit",    "column.NAME.format",        "portfolio.cross",
                  "column.NAME.min_level", "family.behavioural",  "portfolio.missing_codes",   "portfolio.min_level",
                  "portfolio.risk",        "portfolio.filter",    "trust.stable_ratio"});
    }
  }
  return description;
}

}  // namespace cardseg::portfolio
