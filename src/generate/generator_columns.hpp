// The standard columns of a generated portfolio: one line a column, read by the rows and by the description alike.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cardseg/io/table.hpp"
#include "generate/generator_customer.hpp"

namespace cardseg::generate {

using CustomerMember =
    std::variant<double Customer::*, float Customer::*, std::int32_t Customer::*, std::string_view Customer::*>;

struct StandardColumn {
  const char* name;
  CustomerMember member;
  const char* family;     // of the portfolio description
  const char* transform;  // of the portfolio description; null: the column is not a feature
  bool may_be_missing = false;
};

constexpr const char* id_column = "customer_id";
constexpr const char* value_column = "annual_revenue";
constexpr int id_digits = 12;

/// In the order in which they are written.
std::span<const StandardColumn> standard_columns();

/// "spend_category_001" for 0: three digits, so that name order is number order.
std::string further_column_name(int index);
/// "C000000000001" for row 0: as wide for every number of customers.
std::string customer_id(std::int64_t row);

std::vector<io::ColumnSpec> generated_columns(int further);
std::vector<io::ColumnSpec> generated_truth_columns();

}  // namespace cardseg::generate
