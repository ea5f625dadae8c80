#include "cardseg/portfolio/raw_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cardseg/core/field.hpp"

namespace cardseg::portfolio {
namespace {

constexpr double past_exact = 0x1p53;

struct LeastNumber {
  const char* type;
  double number;
};
constexpr std::array least_numbers = {LeastNumber{"int8", -0x1p7}, LeastNumber{"int16", -0x1p15},
                                      LeastNumber{"int32", -0x1p31}, LeastNumber{"int64", -0x1p63}};

bool is_least(const io::StoredColumn& column, double number) {
  return std::ranges::any_of(least_numbers, [&](const LeastNumber& least) {
    // An integer of 64 bits may have been one of 32 before.
    const bool is_of_type =
        column.stored_type == least.type || (column.stored_type == "int64" && least.number == -0x1p31);
    return is_of_type && number == least.number;
  });
}

}  // namespace

void replace_codes(std::span<const double> codes, std::span<double> values) {
  if (codes.empty()) return;
  double* value = values.data();
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < std::ssize(values); ++i)
    if (std::ranges::find(codes, value[i]) != codes.end()) value[i] = std::numeric_limits<double>::quiet_NaN();
}

void warn_of_odd_numbers(const io::StoredColumn& column, const RawFacts& raw, core::Events& events) {
  if (column.type != io::ColumnType::int32 && column.type != io::ColumnType::int64) return;
  if (is_least(column, raw.min))
    events.warning(
        fmt::format("column {} holds {:.0f}, by which R and others write a missing value; where it is one, say "
                    "so in {}: missing_codes = {:.0f}",
                    column.name, raw.min, core::field("description"), raw.min));
  if (std::max(std::abs(raw.min), std::abs(raw.max)) > past_exact)
    events.warning(
        fmt::format("column {} holds whole numbers past 2^53: a feature rounds them, so that neighbours may "
                    "become one; exclude it where it is an id",
                    column.name));
}

}  // namespace cardseg::portfolio
