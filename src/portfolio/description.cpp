#include "cardseg/portfolio/description.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "cardseg/core/error.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::array family_names = {"demographic", "psychographic", "behavioural", "geographic"};
constexpr std::array transform_names = {"none", "log1p", "signed-log"};
constexpr std::array scale_names = {"zscore", "robust", "minmax", "none"};
constexpr std::array missing_names = {"mean", "median", "zero", "error"};
const std::vector<std::string> column_keys = {"family", "transform", "scale", "missing", "weight"};

template <class Enum, std::size_t N>
Enum named(const std::array<const char*, N>& names, const std::string& name, const std::string& key) {
  for (std::size_t i = 0; i < N; ++i)
    if (name == names[i]) return static_cast<Enum>(i);
  std::string known;
  for (std::size_t i = 0; i < N; ++i) known += (i == 0 ? "" : i + 1 == N ? " or " : ", ") + std::string(names[i]);
  Error error(ExitCode::config, key + " cannot be '" + name + "'");
  throw error.remedy("It is one of " + known);
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string item = trimmed(text.substr(begin, comma - begin));
    if (!item.empty()) items.push_back(item);
    begin = comma + 1;
  }
  return items;
}

double weight_of(const std::string& text, const std::string& key) {
  double weight = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (failure == std::errc() && end == text.data() + text.size() && weight >= 0 && weight <= 1e6) return weight;
  throw Error(ExitCode::config, key + " cannot be '" + text + "'").remedy("A weight is a number from 0 to 1000000");
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

void set_portfolio(Description& description, const std::string& key, const Setting& setting) {
  if (key == "id") {
    description.id = trimmed(setting.value);
  } else if (key == "value") {
    description.value = split_list(setting.value);
  } else if (key == "exclude") {
    description.exclude = split_list(setting.value);
  } else {
    refuse_key(setting.key, setting.key, {"portfolio.id", "portfolio.value", "portfolio.exclude"});
  }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const char* name_of(Family family) { return family_names[static_cast<std::size_t>(family)]; }
const char* name_of(Transform transform) { return transform_names[static_cast<std::size_t>(transform)]; }
const char* name_of(Scale scale) { return scale_names[static_cast<std::size_t>(scale)]; }
const char* name_of(Missing missing) { return missing_names[static_cast<std::size_t>(missing)]; }
Family family_named(const std::string& name, const std::string& key) { return named<Family>(family_names, name, key); }
Transform transform_named(const std::string& name, const std::string& key) {
  return named<Transform>(transform_names, name, key);
}
Scale scale_named(const std::string& name, const std::string& key) { return named<Scale>(scale_names, name, key); }
Missing missing_named(const std::string& name, const std::string& key) {
  return named<Missing>(missing_names, name, key);
}

void set_column(ColumnSettings& settings, const std::string& column, const Setting& setting) {
  const std::string key = "column." + column + "." + setting.key;
  const std::string value = trimmed(setting.value);
  if (setting.key == "family") settings.family = family_named(value, key);
  if (setting.key == "transform") settings.transform = transform_named(value, key);
  if (setting.key == "scale") settings.scale = scale_named(value, key);
  if (setting.key == "missing") settings.missing = missing_named(value, key);
  if (setting.key == "weight") settings.weight = weight_of(value, key);
}

Description make_description(const std::vector<Setting>& settings) {
  Description description;
  for (const Setting& setting : settings) {
    const std::size_t first = std::min(setting.key.find('.'), setting.key.size());
    const std::size_t last = setting.key.rfind('.');
    const std::string section = setting.key.substr(0, first);
    const std::string key = first == setting.key.size() ? "" : setting.key.substr(first + 1);
    if (section == "portfolio") {
      set_portfolio(description, key, setting);
    } else if (section == "family") {
      description.family_weight[family_named(key, "[family]")] = weight_of(trimmed(setting.value), setting.key);
    } else if (section == "column" && last != std::string::npos && last > first) {
      const std::string column = setting.key.substr(first + 1, last - first - 1);
      const std::string column_key = setting.key.substr(last + 1);
      if (!contains(column_keys, column_key)) refuse_key(setting.key, column_key, column_keys);
      ColumnSettings probe;
      set_column(probe, column,
                 {column_key, setting.value});  // a value that cannot be used is refused here, with its key
      description.columns[column].push_back({column_key, setting.value});
    } else {
      refuse_key(setting.key, setting.key,
                 {"portfolio.id", "portfolio.value", "portfolio.exclude", "column.NAME.transform", "column.NAME.scale",
                  "column.NAME.missing", "column.NAME.weight", "column.NAME.family", "family.behavioural"});
    }
  }
  return description;
}

}  // namespace cardseg::portfolio
