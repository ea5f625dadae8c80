#include "io/shard_layout.hpp"

#include <algorithm>

#include "io/hdf5_texts.hpp"

#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

std::string canonical_advice(const std::string& table) {
  return "Write one 1-D dataset a column, in pandas: from cardseg_shards import write_shard; write_shard(df, 'OUT.h5'" +
         (table == ShardReadOptions{}.table ? "" : ", table='" + table + "'") +
         ") (cardseg_shards.py is in share/cardseg)";
}

// "1,000 x 3".
std::string shape_text(const std::vector<std::int64_t>& extent) {
  std::string text;
  for (const std::int64_t size : extent) text += (text.empty() ? "" : " x ") + core::with_commas(size);
  return text;
}

[[noreturn]] void refuse_transposed(const std::vector<std::int64_t>& extent, const std::string& why) {
  Error error(ExitCode::bad_data, "is a matrix of " + shape_text(extent) + " that lies on its side: " + why);
  throw error.remedy("Write one row a customer and one column a feature, in Python: matrix.T");
}

std::vector<std::string> column_names_attribute(hid_t dataset, const std::vector<std::int64_t>& extent,
                                                const std::string& table) {
  const std::int64_t columns = extent[1];
  const Handle attribute(H5Aopen(dataset, "columns", H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  if (H5Tget_class(type.get()) != H5T_STRING) refuse_layout("its 'columns' attribute does not hold texts", table);
  const hssize_t names = H5Sget_simple_extent_npoints(space.get());
  if (names != columns && names == extent[0])
    refuse_transposed(extent, "its 'columns' attribute names " + core::with_commas(names) + " columns");
  if (names != columns)
    refuse_layout("its 'columns' attribute names " + std::to_string(names) + " columns of " + std::to_string(columns),
                  table);
  return hdf5::read_texts_of_attribute(attribute.get(), columns);
}

}  // namespace

void refuse_layout(const std::string& found, const std::string& table) {
  Error error(ExitCode::bad_data, "is not laid out as a shard: " + found);
  throw error.remedy(canonical_advice(table));
}

void check_names(const std::vector<StoredColumn>& columns) {
  std::vector<std::string> names;
  for (const StoredColumn& column : columns) {
    check_name(column.name);
    names.push_back(column.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  Error error(ExitCode::bad_data, "has two columns of this name");
  throw error.in_column(*twice).remedy("Give every column its own name");
}

DatasetFacts column_facts(hid_t dataset, const std::string& table) {
  try {
    const DatasetFacts facts = checked_facts(dataset);
    if (facts.extent.size() == 1) return facts;
    if (facts.extent.size() == 2 && (facts.extent[0] == 1 || facts.extent[1] == 1)) {
      Error error(ExitCode::bad_data, "is " + shape_text(facts.extent) + " values: a matrix of one " +
                                          (facts.extent[1] == 1 ? "column" : "row") + ", not a list of values");
      throw error.remedy("Write it flat, in Python: values.ravel()");
    }
    throw Error(ExitCode::bad_data, "has " + std::to_string(facts.extent.size()) + " dimensions, not one");
  } catch (Error& error) {
    if (error.code() != ExitCode::bad_data || !error.remedy_text().empty()) throw;
    throw error.remedy(canonical_advice(table));
  }
}

DatasetFacts matrix_facts(hid_t dataset, const std::string& name, const std::string& table) {
  DatasetFacts facts;
  try {
    facts = checked_facts(dataset);
  } catch (Error& error) {
    if (error.code() != ExitCode::bad_data) throw;
    refuse_layout("/" + name + " " + error.reason(), table);
  }
  if (facts.extent.size() != 2 || facts.type == ColumnType::text)
    refuse_layout("/" + name + " is neither the group /" + table + " nor a 2-D matrix of numbers", table);
  if (facts.extent[1] > max_columns && facts.extent[0] <= max_columns)
    refuse_transposed(facts.extent,
                      "columns are features, and a shard holds at most " + core::with_commas(max_columns));
  if (facts.extent[1] < 1 || facts.extent[1] > max_columns)
    refuse_layout("/" + name + " has " + std::to_string(facts.extent[1]) + " columns; 1 to " +
                      core::with_commas(max_columns) + " are read",
                  table);
  return facts;
}

std::vector<std::string> matrix_names(hid_t matrix, const std::vector<std::int64_t>& extent,
                                      const ShardReadOptions& options) {
  const std::int64_t columns = extent[1];
  const std::vector<std::string>& given = options.matrix_columns;
  if (check(H5Aexists(matrix, "columns"), "H5Aexists") > 0) {
    std::vector<std::string> names = column_names_attribute(matrix, extent, options.table);
    if (given.empty() || given == names) return names;
    Error error(ExitCode::bad_data,
                "names its columns itself ('columns' attribute), and not as " + core::field("columns") + " does");
    throw error.remedy("Leave " + core::field("columns") + " out, or give the names of the attribute in its order");
  }
  const auto givens = static_cast<std::int64_t>(given.size());
  if (givens == columns) return given;
  if (givens == extent[0])
    refuse_transposed(extent, core::field("columns") + " names " + core::with_commas(givens) + " columns");
  Error error(ExitCode::bad_data, "is a matrix of " + std::to_string(columns) + " columns without names (" +
                                      std::to_string(givens) + " given)");
  throw error.remedy("Name them with " + core::field("columns") +
                     " a,b,c, or in Python: dataset.attrs['columns'] = list(df.columns)");
}

}  // namespace cardseg::io
