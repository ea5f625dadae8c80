#include "cardseg/monitor/migration_tables.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cardseg/io/csv_table.hpp"

namespace cardseg::monitor {
namespace {

using json = nlohmann::ordered_json;
using profile::Count;
using profile::Figure;

constexpr const char* cause_names[] = {"unknown", "one model", "each model scored the other month"};

io::CsvValue csv_value(const Count& count) {
  if (count.is_withheld) return {};
  return count.customers;
}

io::CsvValue csv_value(const Figure& figure) {
  if (figure.is_withheld) return {};
  return figure.value;
}

json json_value(const Count& count) { return count.is_withheld ? json("withheld") : json(count.customers); }

json json_value(const Figure& figure) {
  if (figure.is_withheld) return "withheld";
  return std::isnan(figure.value) ? json() : json(figure.value);
}

json segment_json(const std::string& name, const Count& customers) {
  return {{"segment", name}, {"customers", json_value(customers)}};
}

}  // namespace

std::string migration_csv(const PublishedMigration& migration, const SideNames& names) {
  io::CsvWriter table({"from", "to", "customers", "mass", "share_of_from", "part"});
  for (const PublishedFlow& flow : migration.flows)
    table.add_row({names.from(flow.from), names.to(flow.to), csv_value(flow.customers), csv_value(flow.mass),
                   csv_value(flow.share_of_from), std::string(name_of(flow.part))});
  return table.text();
}

std::string compare_json(const PublishedMigration& migration, const SideNames& names) {
  json made = {{"shared_customers", migration.shared},
               {"adjusted_rand", migration.adjusted_rand},
               {"variation_of_information", migration.variation_of_information},
               {"split", cause_names[static_cast<std::size_t>(migration.cause)]},
               {"border_band", migration.band}};
  for (int part = 0; part < parts; ++part)
    made["parts"][part_names[static_cast<Part>(part)]] = json_value(migration.parts[static_cast<std::size_t>(part)]);
  for (int from = 0; from <= migration.before; ++from)
    made["from"].push_back(segment_json(names.from(from), migration.from[static_cast<std::size_t>(from)]));
  for (int to = 0; to <= migration.after; ++to) {
    json segment = segment_json(names.to(to), migration.to[static_cast<std::size_t>(to)]);
    if (to > 0) {
      const int same = migration.same_before[static_cast<std::size_t>(to - 1)];
      segment["same_as"] = same > 0 ? json(names.from(same)) : json();
    }
    made["to"].push_back(std::move(segment));
  }
  made["cells"] = json::array();
  for (int from = 0; from <= migration.before; ++from)
    for (int to = 0; to <= migration.after; ++to) {
      const PublishedCell& cell = migration.cell(from, to);
      if (!cell.customers.is_withheld && cell.customers.customers == 0) continue;
      json entry = {{"from", names.from(from)},
                    {"to", names.to(to)},
                    {"customers", json_value(cell.customers)},
                    {"mass", json_value(cell.mass)},
                    {"share_of_from", json_value(cell.share_of_from)}};
      if (migration.has_value_before) entry["value_before"] = json_value(cell.value_before);
      if (migration.has_value_after) entry["value_after"] = json_value(cell.value_after);
      made["cells"].push_back(std::move(entry));
    }
  return made.dump(1) + "\n";
}

}  // namespace cardseg::monitor
