#include "generate/generator_columns.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "cardseg/generate/generator.hpp"

namespace cardseg::generate {
namespace {

constexpr std::array standard = {
    StandardColumn{"balance", &Customer::balance, "behavioural", "log1p"},
    StandardColumn{"purchases", &Customer::purchases, "behavioural", "log1p"},
    StandardColumn{"oneoff_purchases", &Customer::oneoff_purchases, "behavioural", "log1p"},
    StandardColumn{"instalment_purchases", &Customer::instalment_purchases, "behavioural", "log1p"},
    StandardColumn{"cash_advance", &Customer::cash_advance, "behavioural", "log1p"},
    StandardColumn{"purchase_frequency", &Customer::purchase_frequency, "behavioural", "none"},
    StandardColumn{"cash_advance_frequency", &Customer::cash_advance_frequency, "behavioural", "none"},
    StandardColumn{"transactions", &Customer::transactions, "behavioural", "log1p"},
    StandardColumn{"credit_limit", &Customer::credit_limit, "behavioural", "log1p"},
    StandardColumn{"utilisation", &Customer::utilisation, "behavioural", "none"},
    StandardColumn{"payments", &Customer::payments, "behavioural", "log1p"},
    StandardColumn{"minimum_payments", &Customer::minimum_payments, "behavioural", "log1p", true},
    StandardColumn{"full_payment_share", &Customer::full_payment_share, "behavioural", "none", true},
    StandardColumn{"late_payments", &Customer::late_payments, "behavioural", "log1p"},
    StandardColumn{"interest_paid", &Customer::interest_paid, "behavioural", "log1p"},
    StandardColumn{value_column, &Customer::annual_revenue, "behavioural", "none"},
    StandardColumn{"tenure_months", &Customer::tenure_months, "behavioural", "log1p"},
    StandardColumn{"months_since_last_purchase", &Customer::months_since_last_purchase, "behavioural", "log1p"},
    StandardColumn{"digital_share", &Customer::digital_share, "behavioural", "none", true},
    StandardColumn{"age", &Customer::age, "demographic", nullptr},
    StandardColumn{"region", &Customer::region, "geographic", nullptr},
    StandardColumn{"income_band", &Customer::income_band, "demographic", nullptr, true},
};

constexpr std::int64_t longest_label_bytes = 16;

// The alternatives of CustomerMember in their order.
constexpr std::array member_types = {io::ColumnType::float64, io::ColumnType::float32, io::ColumnType::int32,
                                     io::ColumnType::text};

// The number in `digits` digits after the prefix; every row has one, so nothing is allocated for an id.
std::string numbered(const char* prefix, std::int64_t number, int digits) {
  std::string text(prefix);
  const std::size_t first = text.size();
  text.append(static_cast<std::size_t>(digits), '0');
  for (std::size_t at = text.size(); at-- > first && number > 0; number /= 10)
    text[at] = static_cast<char>('0' + number % 10);
  return text;
}

io::ColumnSpec id_spec() { return {id_column, io::ColumnType::text, 1 + id_digits}; }

bool is_excluded(const StandardColumn& column) { return column.transform == nullptr; }

std::string column_section(const std::string& name, const char* family, const char* transform, bool may_be_missing) {
  return "\n[column." + name + "]\nfamily = " + family + "\ntransform = " + transform + "\nscale = zscore\n" +
         (may_be_missing ? "missing = median\n" : "");
}

}  // namespace

std::span<const StandardColumn> standard_columns() { return standard; }

std::string further_column_name(int index) { return numbered("spend_category_", index + 1, 3); }

std::string customer_id(std::int64_t row) { return numbered("C", row + 1, id_digits); }

std::vector<io::ColumnSpec> generated_columns(int further) {
  std::vector<io::ColumnSpec> columns = {id_spec()};
  for (const StandardColumn& column : standard) {
    const io::ColumnType type = member_types[column.member.index()];
    columns.push_back({column.name, type, type == io::ColumnType::text ? longest_label_bytes : 0});
  }
  for (int i = 0; i < further; ++i) columns.push_back({further_column_name(i), io::ColumnType::float32, 0});
  return columns;
}

std::vector<io::ColumnSpec> generated_truth_columns() {
  return {
      id_spec(), {"segment", io::ColumnType::int32, 0}, {"segment_name", io::ColumnType::text, longest_label_bytes}};
}

std::string generated_description(const GeneratorOptions& options) {
  validate(options);
  std::string excluded;
  for (const StandardColumn& column : standard)
    if (is_excluded(column)) excluded += (excluded.empty() ? "" : ", ") + std::string(column.name);
  std::string text =
      "# Description of a synthetic portfolio made by cardseg generate.\n[portfolio]\nid = " + std::string(id_column) +
      "\nvalue = " + value_column +
      "\n# Texts, and age: a protected characteristic in most lending law.\nexclude = " + excluded + "\n";
  for (const StandardColumn& column : standard)
    if (!is_excluded(column) && column.name != std::string_view(value_column))
      text += column_section(column.name, column.family, column.transform, column.may_be_missing);
  for (int i = 0; i < options.extra_features; ++i)
    text += column_section(further_column_name(i), "behavioural", "log1p", true);
  return text;
}

}  // namespace cardseg::generate
