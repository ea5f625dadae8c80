#include "cardseg/portfolio/raw_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cardseg/core/exact_integer.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::portfolio {
namespace {

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

std::vector<std::int64_t> replace_codes(std::span<const double> codes, std::span<double> values) {
  std::vector<std::int64_t> replaced;
  double* value = values.data();
  for (const double code : codes) {
    std::int64_t rows = 0;
#pragma omp parallel for schedule(static) reduction(+ : rows)
    for (std::int64_t i = 0; i < std::ssize(values); ++i) {
      if (value[i] != code) continue;
      value[i] = std::numeric_limits<double>::quiet_NaN();
      ++rows;
    }
    replaced.push_back(rows);
  }
  return replaced;
}

void CodeUse::add(const Column& column, const std::vector<std::int64_t>& replaced) {
  const std::string owner = column.settings.has_own_codes ? column.name : "";
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    const double code = column.settings.missing_codes[i];
    const auto known =
        std::ranges::find_if(codes_, [&](const Code& each) { return each.column == owner && each.code == code; });
    (known == codes_.end() ? codes_.emplace_back(Code{owner, code, 0}) : *known).rows += replaced[i];
  }
}

void CodeUse::warn(const comm::Communicator& comm, core::Events& events) const {
  std::vector<std::int64_t> rows;
  for (const Code& code : codes_) rows.push_back(code.rows);
  comm.allreduce_sum(std::span(rows));
  for (std::size_t i = 0; i < codes_.size(); ++i)
    if (rows[i] == 0)
      events.warning(
          codes_[i].column.empty()
              ? fmt::format("missing_codes of the portfolio: {} occurs in no feature", codes_[i].code)
              : fmt::format("missing_codes of column {}: {} never occurs there", codes_[i].column, codes_[i].code));
}

void warn_of_odd_numbers(const io::StoredColumn& column, const RawFacts& raw, core::Events& events) {
  if (!io::is_integer(column.type)) return;
  if (is_least(column, raw.min))
    events.warning(
        fmt::format("column {} holds {:.0f}, by which R and others write a missing value; where it is one, say "
                    "so in {}: missing_codes = {:.0f}",
                    column.name, raw.min, core::field("description"), raw.min));
  if (std::max(std::abs(raw.min), std::abs(raw.max)) > core::most_exact_integer)
    events.warning(
        fmt::format("column {} holds whole numbers past 2^53: a feature rounds them, so that neighbours may "
                    "become one; exclude it where it is an id",
                    column.name));
}

}  // namespace cardseg::portfolio
