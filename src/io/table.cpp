#include "cardseg/io/table.hpp"

#include <array>

#include "cardseg/core/error.hpp"

namespace cardseg::io {
namespace {

constexpr std::array type_names = {"boolean", "int32", "int64", "float32", "float64", "text"};

}  // namespace

const char* name_of(ColumnType type) { return type_names[static_cast<std::size_t>(type)]; }

ColumnType column_type_named(const std::string& name) {
  for (std::size_t i = 0; i < type_names.size(); ++i)
    if (name == type_names[i]) return static_cast<ColumnType>(i);
  core::Error error(core::ExitCode::usage, "unknown column type '" + name + "'");
  error.remedy("Types are boolean, int32, int64, float32, float64 and text");
  throw error;
}

ColumnValues make_values(ColumnType type) {
  switch (type) {
    case ColumnType::boolean: return std::vector<std::int8_t>();
    case ColumnType::int32: return std::vector<std::int32_t>();
    case ColumnType::int64: return std::vector<std::int64_t>();
    case ColumnType::float32: return std::vector<float>();
    case ColumnType::float64: return std::vector<double>();
    case ColumnType::text: return std::vector<std::string>();
  }
  throw core::Error(core::ExitCode::internal, "no such column type");
}

std::int64_t row_count(const ColumnValues& values) {
  return std::visit([](const auto& vector) { return static_cast<std::int64_t>(vector.size()); }, values);
}

}  // namespace cardseg::io
