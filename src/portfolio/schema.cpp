#include "cardseg/portfolio/schema.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <ranges>

#include "cardseg/core/error.hpp"
#include "cardseg/core/nearest_name.hpp"

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
Kind kind_of(const io::StoredColumn& column) {
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

// What a column that is not the id is.
Column make_column(const Description& description, const io::StoredColumn& stored) {
  Column column{stored.name, Role::feature, kind_of(stored), stored.stored_type, description.defaults, 0, ""};
  column.value_number = value_number(description, stored.name);
  const auto described = description.columns.find(stored.name);
  if (described != description.columns.end())
    for (const Setting& setting : described->second) set_column(column.settings, stored.name, setting);
  const auto family = description.family_weight.find(column.settings.family);
  if (family != description.family_weight.end()) column.settings.weight *= family->second;
  if (contains(description.exclude, stored.name)) {
    column.role = Role::profile;
  } else if (column.is_value() && described == description.columns.end()) {
    column.role = Role::value;
  } else if (column.kind == Kind::category) {
    column.role = Role::unused;
    column.reason = "text";
  }
  return column;
}

}  // namespace

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

std::vector<std::string> Schema::value_names() const {
  std::map<int, std::string> names;
  for (const Column& column : columns)
    if (column.is_value()) names[column.value_number] = column.name;
  const auto ordered = std::views::values(names);
  return {ordered.begin(), ordered.end()};
}

Schema make_schema(const Description& description, const std::vector<io::StoredColumn>& columns) {
  check_names(description, columns);
  const std::string id = description.id.empty() ? default_id(description, columns) : description.id;
  check_id(id, columns);
  Schema schema;
  for (const io::StoredColumn& stored : columns) {
    if (stored.name == id)
      schema.columns.push_back({id, Role::id, Kind::id, stored.stored_type, {}, value_number(description, id), ""});
    else
      schema.columns.push_back(make_column(description, stored));
  }
  if (schema.with_role(Role::feature).empty())
    throw Error(ExitCode::bad_data, "no column is left to segment by")
        .remedy("A feature is a column of numbers that is neither id, value nor excluded");
  return schema;
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
