#include "convert/csv_expectation.hpp"

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_file.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;
using io::ColumnType;
using nlohmann::json;
namespace fs = std::filesystem;

fs::path first_shard(const fs::path& directory) {
  std::set<fs::path> shards;
  std::error_code failure;
  for (fs::directory_iterator at(directory, failure), end; !failure && at != end; at.increment(failure))
    if (at->path().extension() == ".h5" || at->path().extension() == ".hdf5") shards.insert(at->path());
  if (!shards.empty()) return *shards.begin();
  Error error(ExitCode::input_missing, failure ? "cannot be listed: " + failure.message() : "holds no shard (*.h5)");
  throw error.in_file(directory.string()).remedy(core::field("like") + " names shards, or the model.json of a run");
}

Expectation of_shards(const fs::path& path) {
  const fs::path shard = fs::is_directory(path) ? first_shard(path) : path;
  const io::ShardFile file(shard);
  Expectation expectation{path.string(), {}, true};
  for (const io::StoredColumn& column : file.header().columns)
    expectation.columns.push_back({column.name, column.type, column.is_date});
  return expectation;
}

// Of a stored type as models name it: "uint8", "float32", "boolean", ...
ColumnType type_of_stored(const std::string& stored) {
  if (stored == "boolean") return ColumnType::boolean;
  if (stored == "float32") return ColumnType::float32;
  if (stored == "text") return ColumnType::text;
  if (stored == "int32") return ColumnType::int32;
  return stored.starts_with("float") ? ColumnType::float64 : ColumnType::int64;
}

Expectation of_model(const fs::path& path) {
  Expectation expectation{path.string(), {}, false};
  const std::string text = io::read_file(path);
  try {
    const json model = core::parse_json<json>(text);
    // Format 1 lists features alone.
    for (const json& column : model.contains("columns") ? model.at("columns") : model.at("features"))
      if (column.value("role", "feature") == "feature")
        expectation.columns.push_back(
            {column.at("name"), type_of_stored(column.at("stored_type")), column.value("kind", "") == "date"});
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    Error error(ExitCode::bad_data, "is no model of cardseg");
    throw error.in_file(path.string()).remedy(core::field("like") + " names shards, or the model.json of a run");
  }
  return expectation;
}

std::string shown(const ExpectedColumn& expected) { return expected.is_date ? "date" : io::name_of(expected.type); }

Conformed stored_as(ValueRule rule, std::string note = "") { return {rule, std::move(note)}; }

Conformed refused(const ExpectedColumn& expected, const InferredType& inferred) {
  const std::string now = inferred.is_date ? "date" : io::name_of(inferred.type);
  return {std::nullopt, "was " + shown(expected) + " and would be " + now + " now" +
                            (inferred.note.empty() ? "" : ": it " + inferred.note)};
}

Conformed conform_whole_number(const ExpectedColumn& expected, const InferredType& inferred, bool is_empty) {
  if (inferred.is_date || inferred.has_boolean_words) return refused(expected, inferred);
  if (inferred.type == ColumnType::int64) return stored_as(rule_of(expected.type));
  if (inferred.type != ColumnType::float64) return refused(expected, inferred);
  return stored_as(ValueRule::float64, "was " + shown(expected) + " and is float64 now, because it has " +
                                           (is_empty ? "no value" : "missing values or fractions"));
}

Conformed conform_flag(const ExpectedColumn& expected, const InferredType& inferred, bool is_empty) {
  if (inferred.type == ColumnType::boolean) return stored_as(ValueRule::boolean);
  if (!inferred.has_boolean_words && !is_empty) return refused(expected, inferred);
  return stored_as(ValueRule::boolean_as_float64, "was boolean and is float64 now, because it has missing values");
}

}  // namespace

Expectation read_expectation(const fs::path& path) {
  return path.extension() == ".json" ? of_model(path) : of_shards(path);
}

std::string packed(const Expectation& expectation) {
  json columns = json::array();
  for (const ExpectedColumn& column : expectation.columns)
    columns.push_back({column.name, io::name_of(column.type), column.is_date});
  return json{expectation.source, columns, expectation.is_whole}.dump();
}

Expectation unpacked(const std::string& bytes) {
  const json all = json::parse(bytes);
  Expectation expectation{all[0], {}, all[2]};
  for (const json& column : all[1])
    expectation.columns.push_back({column[0], io::column_type_names.named(column[1], column[0]), column[2]});
  return expectation;
}

Conformed conform(const ExpectedColumn& expected, const InferredType& inferred, const ColumnEvidence& evidence) {
  const bool is_empty = evidence.values() == 0;
  if (expected.is_date) {
    const bool is_float = expected.type == ColumnType::float64 || evidence.missing() > 0;
    if (!inferred.is_date && !is_empty) return refused(expected, inferred);
    return stored_as(is_float ? ValueRule::date_as_float64 : ValueRule::date);
  }
  switch (expected.type) {
    case ColumnType::text: return stored_as(ValueRule::text);
    case ColumnType::boolean: return conform_flag(expected, inferred, is_empty);
    case ColumnType::int32:
    case ColumnType::int64: return conform_whole_number(expected, inferred, is_empty);
    case ColumnType::float32:
    case ColumnType::float64: break;
  }
  if (inferred.is_date) return refused(expected, inferred);
  if (inferred.type == ColumnType::boolean || inferred.has_boolean_words)
    return stored_as(ValueRule::boolean_as_float64);
  if (inferred.type == ColumnType::text) return refused(expected, inferred);
  return stored_as(rule_of(expected.type));
}

}  // namespace cardseg::convert
