#include "cardseg/io/table.hpp"

#include "cardseg/core/error.hpp"

namespace cardseg::io {

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
