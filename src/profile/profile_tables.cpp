#include "cardseg/profile/profile_tables.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <variant>

#include "cardseg/core/sha256.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/portfolio/column_label.hpp"

namespace cardseg::profile {
namespace {

using nlohmann::ordered_json;
using portfolio::Kind;

constexpr std::array quantile_names = {"q01", "q05", "q25", "q50", "q75", "q95", "q99"};
static_assert(quantile_names.size() == quantile_shares.size());

/// A figure or a number of customers.
using Cell = std::variant<Count, Figure>;
using Use = std::function<void(const std::string& statistic, const Cell& cell)>;

Figure share_of(const Count& part, const Count& whole) {
  if (part.is_withheld || whole.is_withheld) return {std::nan(""), true};
  return {whole.customers > 0 ? static_cast<double>(part.customers) / static_cast<double>(whole.customers)
                              : std::nan("")};
}

// The statistics of a column of numbers in one group, in the order of the tables.
void for_each_statistic(const portfolio::Column& column, const NumberProfile& group, const Use& use) {
  const bool is_date = column.kind == Kind::date;
  use("customers", group.present);
  use("missing", group.missing);
  use("imputed", group.imputed);
  use("mean", group.mean);
  use("sd", group.sd);
  for (std::size_t q = 0; q < quantile_names.size(); ++q) use(quantile_names[q], group.quantile[q]);
  if (!is_date) use("zero_share", share_of(group.zeros, group.present));
  if (column.is_value()) {
    use("total", group.total);
    use("total_share", group.total_share);
  }
  if (!is_date) use("index", group.index);
  use("effect", group.effect);
  use("overlap", group.overlap);
}

void for_each_statistic(const CategoryProfile& group, const Use& use) {
  use("customers", group.present);
  use("missing", group.missing);
  use("imputed", group.imputed);
  use("effect", group.effect);
  use("overlap", group.overlap);
}

void for_each_statistic(const LevelProfile& level, const Use& use) {
  use("level_customers", level.customers);
  use("level_share", level.share);
  use("index", level.index);
}

io::CsvValue csv_value(const Cell& cell) {
  if (const auto* count = std::get_if<Count>(&cell))
    return count->is_withheld ? io::CsvValue() : io::CsvValue(count->customers);
  const Figure& figure = std::get<Figure>(cell);
  return figure.is_withheld ? io::CsvValue() : io::CsvValue(figure.value);
}

ordered_json json_value(const Cell& cell) {
  const bool is_withheld = std::visit([](const auto& each) { return each.is_withheld; }, cell);
  if (is_withheld) return "withheld";
  if (const auto* count = std::get_if<Count>(&cell)) return count->customers;
  const double value = std::get<Figure>(cell).value;
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

// Adds lines of one segment and column.
class Lines {
 public:
  Lines(io::CsvWriter& table, int segment, const std::string& column)
      : table_(table), segment_(segment), column_(column) {}

  Use of(const std::string& level = "") const {
    return [this, level](const std::string& statistic, const Cell& cell) {
      table_.add_row({std::int64_t{segment_}, column_, level, statistic, csv_value(cell)});
    };
  }

 private:
  io::CsvWriter& table_;
  int segment_;
  const std::string& column_;
};

void add_column(io::CsvWriter& table, const ColumnProfile& column, int segment) {
  const Lines lines(table, segment, column.column.name);
  const auto group = static_cast<std::size_t>(segment);
  if (!column.is_category()) {
    for_each_statistic(column.column, column.numbers[group], lines.of());
  } else {
    for_each_statistic(column.categories[group], lines.of());
    for (std::size_t l = 0; l < column.levels.size(); ++l)
      for_each_statistic(column.categories[group].levels[l], lines.of(column.levels[l]));
  }
  if (segment == 0) lines.of()("separation", column.separation);
}

Use into(ordered_json& object) {
  return [&object](const std::string& statistic, const Cell& cell) { object[statistic] = json_value(cell); };
}

ordered_json group_json(const ColumnProfile& column, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  ordered_json made = {{"segment", segment}};
  if (!column.is_category()) {
    for_each_statistic(column.column, column.numbers[group], into(made));
    return made;
  }
  for_each_statistic(column.categories[group], into(made));
  made["levels"] = ordered_json::array();
  for (const LevelProfile& level : column.categories[group].levels)
    for_each_statistic(level, into(made["levels"].emplace_back()));
  return made;
}

ordered_json column_json(const ColumnProfile& column, int groups) {
  ordered_json made = {{"column", column.column.name},
                       {"label", portfolio::label_of(column.column)},
                       {"unit", column.column.settings.words.unit},
                       {"role", name_of(column.column.role)},
                       {"kind", name_of(column.column.kind)},
                       {"is_in_distance", column.is_in_distance},
                       {"separation", json_value(column.separation)}};
  if (column.is_category()) made["levels"] = column.levels;
  for (int segment = 0; segment < groups; ++segment) made["segments"].push_back(group_json(column, segment));
  return made;
}

ordered_json crosstab_json(const Crosstab& crosstab) {
  ordered_json made = {{"column", crosstab.column.name},
                       {"label", portfolio::label_of(crosstab.column)},
                       {"cramers_v", json_value(crosstab.cramers_v)},
                       {"levels", crosstab.levels},
                       {"customers", ordered_json::array()}};
  for (const std::vector<Count>& row : crosstab.counts) {
    ordered_json& counts = made["customers"].emplace_back(ordered_json::array());
    for (const Count& count : row) counts.push_back(json_value(count));
  }
  return made;
}

// Of counts of which some may be withheld: so is their sum then.
Count sum_of(const std::vector<Count>& counts) {
  Count sum;
  for (const Count& count : counts) {
    sum.customers += count.customers;
    sum.is_withheld = sum.is_withheld || count.is_withheld;
  }
  return sum;
}

}  // namespace

std::string profile_csv(const Profile& profile) {
  io::CsvWriter table({"segment", "column", "level", "statistic", "value"});
  for (int segment = 0; segment < profile.groups(); ++segment) {
    const auto group = static_cast<std::size_t>(segment);
    const std::string no_column;
    const Lines lines(table, segment, no_column);
    lines.of()("customers", profile.customers[group]);
    lines.of()("mass", profile.mass[group]);
    for (const ColumnProfile& column : profile.columns) add_column(table, column, segment);
    if (segment > 0) continue;
    for (const Crosstab& crosstab : profile.crosstabs)
      Lines(table, segment, crosstab.column.name).of()("cramers_v", crosstab.cramers_v);
  }
  return table.text();
}

std::string profile_json(const Profile& profile) {
  ordered_json made = {{"segments", profile.segments}, {"min_cell", profile.min_cell}};
  for (int segment = 0; segment < profile.groups(); ++segment) {
    const auto group = static_cast<std::size_t>(segment);
    made["groups"].push_back({{"segment", segment},
                              {"customers", json_value(profile.customers[group])},
                              {"mass", json_value(profile.mass[group])}});
  }
  made["columns"] = ordered_json::array();
  for (const ColumnProfile& column : profile.columns) made["columns"].push_back(column_json(column, profile.groups()));
  made["crosstabs"] = ordered_json::array();
  for (const Crosstab& crosstab : profile.crosstabs) made["crosstabs"].push_back(crosstab_json(crosstab));
  return made.dump(1) + "\n";
}

std::string crosstab_csv(const Crosstab& crosstab) {
  io::CsvWriter table({"segment", "level", "customers", "row_share", "column_share"});
  for (std::size_t g = 0; g < crosstab.counts.size(); ++g) {
    const Count of_segment = sum_of(crosstab.counts[g]);
    for (std::size_t l = 0; l < crosstab.levels.size(); ++l) {
      const Count& count = crosstab.counts[g][l];
      table.add_row({static_cast<std::int64_t>(g), crosstab.levels[l], csv_value(count),
                     csv_value(share_of(count, of_segment)), csv_value(share_of(count, crosstab.counts[0][l]))});
    }
  }
  return table.text();
}

std::string crosstab_file_name(const std::string& column) {
  constexpr std::size_t longest = 200;
  std::string safe;
  for (const char c : column) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    safe += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (safe.size() > longest) safe = safe.substr(0, longest - 17) + "-" + core::sha256_hex(column).substr(0, 16);
  return crosstab_file_prefix + safe + ".csv";
}

}  // namespace cardseg::profile
