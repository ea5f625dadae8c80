#include "cardseg/portfolio/schema.hpp"

#include <algorithm>
#include <map>
#include <ranges>

#include "cardseg/core/error.hpp"
#include "cardseg/core/id_name.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/protected_name.hpp"
#include "cardseg/portfolio/risk_column.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

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

bool can_be_id(const io::StoredColumn& column) { return column.type != io::ColumnType::boolean; }

bool is_usual_id(const Description& description, const io::StoredColumn& column) {
  if (column.is_date) return false;
  switch (core::id_name(column.name)) {
    case core::IdName::none:
    case core::IdName::suspect: return false;
    case core::IdName::word: return column.type == io::ColumnType::text || io::is_integer(column.type);
    case core::IdName::usual: return can_be_id(column) || !contains(description.exclude, column.name);
  }
  return false;
}

// The column whose usual name is rather a customer's id than others; empty where there is none.
std::string default_id(const Description& description, const std::vector<io::StoredColumn>& columns) {
  std::vector<std::string> usual;
  for (const io::StoredColumn& column : columns)
    if (is_usual_id(description, column)) usual.push_back(column.name);
  const auto best = std::ranges::min_element(usual, {}, core::id_preference);
  return best == usual.end() ? "" : *best;
}

// Empty: rows are numbered.
std::string id_of(const Description& description, const std::vector<io::StoredColumn>& columns) {
  if (description.id.empty()) return default_id(description, columns);
  return description.id == no_id && !contains(names_of(columns), no_id) ? "" : description.id;
}

void check_names(const Description& description, const std::vector<io::StoredColumn>& columns) {
  const std::vector<std::string> names = names_of(columns);
  if (const std::string id = id_of(description, columns); !id.empty()) check_exists(id, "id", names);
  for (const std::string& name : description.exclude) check_exists(name, "excluded", names);
  for (const std::string& name : description.cross) check_exists(name, "crossed", names);
  for (const std::string& name : description.value) {
    check_exists(name, "value", names);
    if (is_text(name, columns))
      throw Error(ExitCode::config, "a value column holds text").in_column(name).remedy("Name a column of numbers");
  }
  for (const auto& [name, settings] : description.columns)
    check_exists(name, settings.front().key == risk_key ? "a risk" : "a feature", names);
}

Kind kind_of(const io::StoredColumn& column) {
  if (column.is_date) return Kind::date;
  switch (column.type) {
    case io::ColumnType::text: return Kind::category;
    case io::ColumnType::boolean: return Kind::flag;
    case io::ColumnType::int32:
    case io::ColumnType::int64:
    case io::ColumnType::float32:
    case io::ColumnType::float64: return Kind::number;
  }
  return Kind::number;
}

int value_number(const Description& description, const std::string& name) {
  const auto found = std::ranges::find(description.value, name);
  return found == description.value.end() ? 0 : static_cast<int>(found - description.value.begin()) + 1;
}

// Why a column is no feature; null: it is one.
const char* reason_left_out(const Column& column, const io::StoredColumn& stored) {
  if (column.is_described) return nullptr;
  if (column.kind == Kind::date) return "dates";
  return can_be_id(stored) && core::id_name(column.name) == core::IdName::usual ? "named like an id" : nullptr;
}

[[noreturn]] void refuse_setting(const Column& column, const std::string& key, const std::string& reason,
                                 const std::string& remedy) {
  throw Error(ExitCode::config, "column." + column.name + "." + key + " " + reason).remedy(remedy);
}

// The kind that a description gives a column, or that its storage suggests.
Kind described_kind(const Column& column, const io::StoredColumn& stored) {
  const std::optional<Kind> type = column.settings.type;
  const bool is_text = stored.type == io::ColumnType::text;
  if (!type) return column.settings.order.empty() ? kind_of(stored) : Kind::ordinal;
  if (is_text && (type == Kind::number || type == Kind::flag || type == Kind::date))
    refuse_setting(column, "type", std::string("is ") + name_of(*type) + ", but the column holds text",
                   "Convert it as numbers ('cardseg convert' says which option reads it), or use type = category");
  if (type == Kind::ordinal && column.settings.order.empty()) {
    if (is_text)
      refuse_setting(column, "type", "is ordinal, and nothing says in which order its levels are",
                     "Add order = low, mid, high");
    return Kind::number;  // its numbers are its scores
  }
  return *type;
}

bool may_replace_missing(Missing how, bool is_category) {
  switch (how) {
    case Missing::mean:
    case Missing::median:
    case Missing::zero: return !is_category;
    case Missing::mode: return is_category;
    case Missing::indicator:
    case Missing::error: return true;
  }
  return true;
}

// `has_said(key)`: the description says so of this column.
template <class HasSaid>
void check_settings(Column& column, HasSaid has_said) {
  const bool is_category = column.kind == Kind::category;
  for (const char* key : {"transform", "scale", "clip", "clip_at"})
    if (is_category && has_said(key))
      refuse_setting(column, key,
                     std::string("is set, but ") +
                         (column.settings.type ? "the column is a category" : "the column holds text, a category") +
                         ", which has none",
                     column.settings.type
                         ? "Remove the line"
                         : "Remove the line, or convert the column as numbers ('cardseg convert' says which option "
                           "reads it)");
  for (const char* key : {"order", "scores"})
    if (column.kind != Kind::ordinal && has_said(key))
      refuse_setting(column, key, std::string("is set, but the column is of type ") + name_of(column.kind),
                     "Remove the line, or write type = ordinal");
  for (const char* key : {"min_level", "unseen"})
    if (!column.has_levels() && has_said(key))
      refuse_setting(column, key, "is set, but the column has no levels", "Remove the line, or write type = category");
  if (is_category && !has_said("missing")) column.settings.missing = Missing::indicator;
  if (!may_replace_missing(column.settings.missing, is_category))
    refuse_setting(column, "missing",
                   std::string("cannot be ") + name_of(column.settings.missing) + ": the column is of type " +
                       name_of(column.kind),
                   is_category ? "Use indicator (a level of its own), mode or error"
                               : "Use mean, median, zero, indicator or error");
  if (has_said("clip") && has_said("clip_at"))
    refuse_setting(column, "clip", "is set beside clip_at", "Remove one of the two lines");
  if ((column.settings.transform == Transform::yeo_johnson) != has_said("lambda"))
    refuse_setting(
        column, "lambda",
        has_said("lambda") ? std::string("is set, but the transform is ") + name_of(column.settings.transform)
                           : "is missing: transform = yeo-johnson needs it",
        has_said("lambda") ? "Remove the line, or write transform = yeo-johnson" : "Add a line such as lambda = 0.5");
  if (column.settings.unseen == Unseen::error) {
    if (has_said("min_level"))
      refuse_setting(column, "min_level", "is set beside unseen = error: levels that are pooled would be refused",
                     "Remove one of the two lines");
    column.settings.min_level = 0.0;
  }
  if (!column.settings.scores.empty() && column.settings.scores.size() != column.settings.order.size())
    refuse_setting(column, "scores",
                   "has " + std::to_string(column.settings.scores.size()) + " numbers for " +
                       std::to_string(column.settings.order.size()) + " levels of order",
                   "Write one for each level");
}

// What a column that is not the id is.
Column make_column(const Description& description, const io::StoredColumn& stored) {
  Column column{stored.name, Role::feature, kind_of(stored), stored.stored_type, description.defaults, 0, ""};
  column.value_number = value_number(description, stored.name);
  const auto described = description.columns.find(stored.name);
  if (described != description.columns.end())
    for (const Setting& setting : described->second) {
      if (setting.key == risk_key) {
        column.reason = risk_reason;
        continue;
      }
      set_column(column.settings, stored.name, setting);
      column.is_described = column.is_described || is_preparation(setting.key);
    }
  column.kind = described_kind(column, stored);
  check_settings(column, [&](const std::string& key) {
    return column.is_described && std::ranges::find(described->second, key, &Setting::key) != described->second.end();
  });
  column.levels.are_texts = stored.type == io::ColumnType::text;
  const auto family = description.family_weight.find(column.settings.family);
  if (family != description.family_weight.end()) column.settings.weight *= family->second;
  column.is_crossed = contains(description.cross, stored.name);
  if (is_risk(column)) {
    if (column.is_described)
      throw Error(ExitCode::config,
                  "a column under risk is a flag of the next period and no feature, but it is described "
                  "as one")
          .in_column(stored.name)
          .remedy("Remove its section, or its name under risk");
    if (column.levels.are_texts || stored.is_date)
      throw Error(ExitCode::config, "a column under risk holds no flag")
          .in_column(stored.name)
          .remedy("Name columns of 0 and 1");
    column.kind = Kind::flag;
    column.role = Role::profile;
    return column;
  }
  if (contains(description.exclude, stored.name) || (column.is_crossed && !column.is_described)) {
    column.role = Role::profile;
  } else if (!column.is_described && !column.is_value() && core::is_protected_name(column.name)) {
    column.role = Role::profile;
    column.reason = "named like a protected attribute";
  } else if (column.is_value() && !column.is_described) {
    column.role = Role::value;
  } else if (const char* reason = reason_left_out(column, stored)) {
    column.role = Role::unused;
    column.reason = reason;
  }
  return column;
}

// The rule that selects customers, with what stands for missing values in its columns.
Population population_of(const Description& description, const std::vector<Column>& columns,
                         const std::vector<io::StoredColumn>& stored) {
  Population population{description.filter};
  if (population.is_everybody()) return population;
  check_population("portfolio.filter", population, stored);
  for (const std::string& name : Filter("portfolio.filter", population.filter).columns()) {
    const auto column = std::ranges::find(columns, name, &Column::name);
    if (!column->settings.missing_codes.empty()) population.missing_codes[name] = column->settings.missing_codes;
  }
  return population;
}

}  // namespace

int Column::most_width() const {
  constexpr int guessed_levels = 16;
  if (kind != Kind::category) return settings.missing == Missing::indicator ? 2 : 1;
  if (levels.empty()) return guessed_levels;
  return static_cast<int>(std::ssize(levels.known)) + (levels.other > 0 ? 1 : 0) + (levels.missing > 0 ? 1 : 0);
}

int Schema::most_features() const {
  int features = 0;
  for (const Column* column : with_role(Role::feature)) features += column->most_width();
  return features;
}

std::string Schema::id() const {
  const std::vector<const Column*> ids = with_role(Role::id);
  return ids.empty() ? "" : ids.front()->name;
}

std::vector<const Column*> Schema::with_role(Role role) const {
  std::vector<const Column*> found;
  for (const Column& column : columns)
    if (column.role == role) found.push_back(&column);
  return found;
}

std::vector<const Column*> Schema::values() const {
  std::map<int, const Column*> found;
  for (const Column& column : columns)
    if (column.is_value()) found[column.value_number] = &column;
  const auto ordered = std::views::values(found);
  return {ordered.begin(), ordered.end()};
}

std::vector<std::string> Schema::value_names() const {
  std::vector<std::string> names;
  for (const Column* column : values()) names.push_back(column->name);
  return names;
}

Schema make_schema(const Description& description, const std::vector<io::StoredColumn>& columns) {
  check_names(description, columns);
  const std::string id = id_of(description, columns);
  check_id(id, columns);
  Schema schema;
  for (const io::StoredColumn& stored : columns) {
    if (stored.name == id)
      schema.columns.push_back({id, Role::id, Kind::id, stored.stored_type, {}, value_number(description, id), ""});
    else
      schema.columns.push_back(make_column(description, stored));
  }
  check_any_feature(schema);
  schema.population = population_of(description, schema.columns, columns);
  return schema;
}

void check_any_feature(const Schema& schema) {
  if (!schema.with_role(Role::feature).empty()) return;
  std::string reasons;
  for (const Column& column : schema.columns)
    if (!column.reason.empty()) reasons += (reasons.empty() ? "" : ", ") + column.name + " (" + column.reason + ")";
  Error error(ExitCode::bad_data,
              "no column is left to segment by" + (reasons.empty() ? "" : "; left out: " + reasons));
  throw error.remedy(
      "A feature is a column of numbers, or of texts with few levels, that is neither the id nor a value, and not "
      "excluded; dates and columns that are left out become features where the description has a section for them");
}

void check_id(const std::string& id, const std::vector<io::StoredColumn>& columns) {
  for (const io::StoredColumn& column : columns) {
    if (column.name != id || can_be_id(column)) continue;
    Error error(ExitCode::config, "the id column is stored as " + column.stored_type +
                                      "; ids must be text or whole numbers, so that customers can be told apart");
    throw error.in_column(id).remedy(
        "Store it as integers or text, name another column as id, or number the rows: id = none");
  }
}
}  // namespace cardseg::portfolio
