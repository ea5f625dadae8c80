#include "cardseg/portfolio/description.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

const std::vector<std::string> column_keys = {"family", "transform", "scale", "missing", "weight"};

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
    description.id = core::trimmed(setting.value);
  } else if (key == "value") {
    description.value = core::split_names(setting.value);
  } else if (key == "exclude") {
    description.exclude = core::split_names(setting.value);
  } else {
    refuse_key(setting.key, setting.key, {"portfolio.id", "portfolio.value", "portfolio.exclude"});
  }
}

void set_column(ColumnDescription& column, const Setting& setting) {
  const std::string key = "column." + column.name + "." + setting.key;
  const std::string value(core::trimmed(setting.value));
  if (setting.key == "family") column.family = named(family_names, value, key);
  if (setting.key == "transform") column.transform = named(transform_names, value, key);
  if (setting.key == "scale") column.scale = named(scale_names, value, key);
  if (setting.key == "missing") column.missing = named(missing_names, value, key);
  if (setting.key == "weight") column.weight = weight_of(value, key);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> names_of(const std::vector<io::StoredColumn>& columns) {
  std::vector<std::string> names;
  for (const io::StoredColumn& column : columns) names.push_back(column.name);
  return names;
}

void check_exists(const std::string& name, const std::string& role, const std::vector<std::string>& names) {
  if (contains(names, name)) return;
  Error error(ExitCode::config, "'" + name + "' is named as " + role + ", but the shards have no such column");
  const std::string guess = core::did_you_mean(name, names);
  throw error.remedy(guess.empty() ? "'cardseg inspect' lists the columns" : guess);
}

bool is_text(const std::string& name, const std::vector<io::StoredColumn>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const io::StoredColumn& column) {
    return column.name == name && column.type == io::ColumnType::text;
  });
}

bool can_be_id(const io::StoredColumn& column) {
  return column.type == io::ColumnType::text || column.type == io::ColumnType::int32 ||
         column.type == io::ColumnType::int64;
}

// The column with one of the usual names, but none that cannot be an id and is excluded.
std::string default_id(const Description& description, const std::vector<io::StoredColumn>& columns) {
  for (const char* usual : {"customer_id", "cust_id", "id"})
    for (const io::StoredColumn& column : columns) {
      std::string lower = column.name;
      for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      const bool is_left_out = !can_be_id(column) && contains(description.exclude, column.name);
      if (lower == usual && !is_left_out) return column.name;
    }
  return "";
}

void check_names(const Description& description, const std::vector<io::StoredColumn>& columns) {
  const std::vector<std::string> names = names_of(columns);
  if (!description.id.empty()) check_exists(description.id, "id", names);
  for (const std::string& name : description.exclude) check_exists(name, "excluded", names);
  for (const std::string& name : description.value) {
    check_exists(name, "value", names);
    if (is_text(name, columns))
      throw Error(ExitCode::config, "a value column holds text").in_column(name).remedy("Name a column of numbers");
  }
  for (const auto& [name, settings] : description.columns) {
    check_exists(name, "a feature", names);
    if (is_text(name, columns) && !contains(description.exclude, name))
      throw Error(ExitCode::config, "the column is described as a feature but holds text")
          .in_column(name)
          .remedy("Only numbers and booleans can be features; add it to 'exclude'");
  }
}

}  // namespace

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
      description.family_weight[named(family_names, key, "[family]")] =
          weight_of(std::string(core::trimmed(setting.value)), setting.key);
    } else if (section == "column" && last != std::string::npos && last > first) {
      const std::string column = setting.key.substr(first + 1, last - first - 1);
      const std::string column_key = setting.key.substr(last + 1);
      if (!contains(column_keys, column_key)) refuse_key(setting.key, column_key, column_keys);
      ColumnDescription probe;
      probe.name = column;
      set_column(probe, {column_key, setting.value});  // a value that cannot be used is refused here, with its key
      description.columns[column].push_back({column_key, setting.value});
    } else {
      refuse_key(setting.key, setting.key,
                 {"portfolio.id", "portfolio.value", "portfolio.exclude", "column.NAME.transform", "column.NAME.scale",
                  "column.NAME.missing", "column.NAME.weight", "column.NAME.family", "family.behavioural"});
    }
  }
  return description;
}

ResolvedDescription resolve(const Description& description, const std::vector<io::StoredColumn>& columns) {
  check_names(description, columns);
  ResolvedDescription resolved;
  resolved.id = description.id.empty() ? default_id(description, columns) : description.id;
  check_id(resolved.id, columns);
  resolved.value = description.value;
  for (const io::StoredColumn& stored : columns) {
    const auto described = description.columns.find(stored.name);
    const bool is_described = described != description.columns.end();
    if (stored.name == resolved.id || contains(description.exclude, stored.name)) continue;
    if (contains(description.value, stored.name) && !is_described) continue;
    if (stored.type == io::ColumnType::text) {
      resolved.text_columns.push_back(stored.name);
      continue;
    }
    ColumnDescription column = description.defaults;
    column.name = stored.name;
    if (is_described)
      for (const Setting& setting : described->second) set_column(column, setting);
    const auto family = description.family_weight.find(column.family);
    if (family != description.family_weight.end()) column.weight *= family->second;
    resolved.features.push_back(column);
  }
  if (resolved.features.empty())
    throw Error(ExitCode::bad_data, "no column is left to segment by")
        .remedy("A feature is a column of numbers that is neither id, value nor excluded");
  return resolved;
}

void check_id(const std::string& id, const std::vector<io::StoredColumn>& columns) {
  for (const io::StoredColumn& column : columns) {
    if (column.name != id || can_be_id(column)) continue;
    Error error(ExitCode::config, "the id column is stored as " + column.stored_type +
                                      "; ids are text or whole numbers, or customers could not be told apart");
    throw error.in_column(id).remedy(
        "Store it as integers or text, name another column as id, or exclude it to number the rows");
  }
}

}  // namespace cardseg::portfolio
