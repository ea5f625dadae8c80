#include "cardseg/report/migration_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/migration_chart.hpp"

namespace cardseg::report {
namespace {

using monitor::Cause;
using monitor::Part;
using monitor::PublishedCell;
using profile::Count;

constexpr int most_segments = 40;         // of the matrix on the page
constexpr std::size_t most_columns = 12;  // by which movers differ

const char* meaning_of(Part part) {
  switch (part) {
    case Part::stay: return "the same segment";
    case Part::border: return "nearer to the border than the month's noise: no real moves";
    case Part::customer: return "the customer changed: one model would have moved them, whichever";
    case Part::model: return "the model changed: on the same values the models differ";
    case Part::both: return "either change alone would have moved them";
    case Part::interaction: return "only both changes together moved them";
    case Part::moved: return "another segment; why is not known";
    case Part::entered: return "not there before";
    case Part::closed: return "not there after";
  }
  return "";
}

std::string shown_count_of(const Count& count) { return count.is_withheld ? withheld : shown_count(count.customers); }

// Those who changed segment beyond the border; withheld where a part of it is.
Count movers(const monitor::PublishedMigration& migration) {
  Count sum;
  for (const Part part : {Part::customer, Part::model, Part::both, Part::interaction, Part::moved}) {
    sum.customers += migration.part(part).customers;
    sum.is_withheld = sum.is_withheld || migration.part(part).is_withheld;
  }
  return sum.is_withheld ? Count{0, true} : sum;
}

std::string share_text(const Count& part, std::int64_t all) {
  if (part.is_withheld || all == 0) return withheld;
  return shown_share(static_cast<double>(part.customers) / static_cast<double>(all));
}

std::vector<Facts::Fact> key_facts(const MigrationContent& content) {
  const monitor::PublishedMigration& m = content.migration;
  const auto line = [&](const Count& count) {
    return fmt::format("{}  {}", shown_count_of(count), share_text(count, m.shared));
  };
  return {{"in both", counted(m.shared, "customer")},
          {"stayed", line(m.part(Part::stay))},
          {"border", line(m.part(Part::border)) + ", no real moves"},
          {"moved", line(movers(m))},
          {"new", shown_count_of(m.part(Part::entered))},
          {"closed", shown_count_of(m.part(Part::closed))},
          {"agreement", fmt::format("adjusted Rand {}, variation of information {} nats",
                                    shown_fixed(m.adjusted_rand, 4), shown_fixed(m.variation_of_information, 4))}};
}

Table part_table(const MigrationContent& content) {
  const monitor::PublishedMigration& m = content.migration;
  Table table{"Why customers are where they are",
              {{"What became of them"},
               {"Customers", Format::count},
               {"Of those in both", Format::bar, fitting_decimals},
               {"Meaning"}},
              {},
              {},
              "migration.csv"};
  for (int p = 0; p < monitor::parts; ++p) {
    const auto part = static_cast<Part>(p);
    const Count& count = m.part(part);
    if (!count.is_withheld && count.customers == 0) continue;
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(std::string(name_of(part)));
    row.emplace_back(cell_of(count));
    const bool is_of_both = part != Part::entered && part != Part::closed && !count.is_withheld;
    row.emplace_back(is_of_both ? Value(static_cast<double>(count.customers) / static_cast<double>(m.shared))
                                : Value());
    row.emplace_back(std::string(meaning_of(part)));
  }
  return table;
}

// Customers of a line or a column of the matrix but for one cell; withheld where one of them is.
template <class CellAt>
Count sum_but(int states, int but, CellAt cell_at) {
  Count sum;
  for (int i = 0; i <= states; ++i) {
    if (i == but) continue;
    const Count& count = cell_at(i).customers;
    sum.customers += count.customers;
    sum.is_withheld = sum.is_withheld || count.is_withheld;
  }
  return sum.is_withheld ? Count{0, true} : sum;
}

int same_after(const monitor::PublishedMigration& m, int from) {
  for (int to = 1; to <= m.after; ++to)
    if (m.is_same(from, to)) return to;
  return -1;
}

Table flow_table(const MigrationContent& content) {
  const monitor::PublishedMigration& m = content.migration;
  Table table{"Segment by segment",
              {{"Segment before"},
               {"Before", Format::count},
               {"Stayed", Format::count},
               {"Of those before", Format::share, fitting_decimals},
               {"Left", Format::count},
               {"Came", Format::count},
               {"Segment after"},
               {"After", Format::count}},
              {},
              {},
              "compare.json"};
  for (int from = 1; from <= m.before; ++from) {
    const int to = same_after(m, from);
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(content.from(from));
    row.emplace_back(cell_of(m.from[static_cast<std::size_t>(from)]));
    row.emplace_back(to > 0 ? cell_of(m.cell(from, to).customers) : Value(std::int64_t{0}));
    row.emplace_back(to > 0 ? cell_of(m.cell(from, to).share_of_from) : Value(0.0));
    row.emplace_back(cell_of(sum_but(m.after, to, [&](int i) { return m.cell(from, i); })));
    row.emplace_back(to > 0 ? cell_of(sum_but(m.before, from, [&](int i) { return m.cell(i, to); })) : Value());
    row.emplace_back(to > 0 ? content.to(to) : std::string("none"));
    row.emplace_back(to > 0 ? cell_of(m.to[static_cast<std::size_t>(to)]) : Value());
  }
  for (int to = 1; to <= m.after; ++to) {
    if (m.same_before[static_cast<std::size_t>(to - 1)] > 0) continue;
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {Cell(std::string("none")),
           Cell(),
           Cell(),
           Cell(),
           Cell(),
           Cell(cell_of(sum_but(m.before, -1, [&](int i) { return m.cell(i, to); }))),
           Cell(content.to(to)),
           Cell(cell_of(m.to[static_cast<std::size_t>(to)]))};
  }
  return table;
}

// A line for each segment before and those that are new.
template <class CellOf>
Table matrix(const MigrationContent& content, const std::string& caption, Column format, CellOf cell_of_way) {
  const monitor::PublishedMigration& m = content.migration;
  Table table{caption, {{"From"}}, {}, {}, "compare.json"};
  const auto add_column = [&](int to) {
    Column column = format;
    column.heading = content.names.to(to);
    table.columns.push_back(column);
  };
  for (int to = 1; to <= m.after; ++to) add_column(to);
  add_column(0);
  const auto add_line = [&](int from) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(content.from(from));
    for (int to = 1; to <= m.after; ++to) row.push_back(cell_of_way(from, to));
    row.push_back(cell_of_way(from, 0));
  };
  for (int from = 1; from <= m.before; ++from) add_line(from);
  add_line(0);
  return table;
}

Table count_matrix(const MigrationContent& content) {
  return matrix(content, "Customers from each segment before (lines) to each after (columns)", {"", Format::count},
                [&](int from, int to) {
                  const PublishedCell& cell = content.migration.cell(from, to);
                  const double share = number_of(cell.share_of_from);
                  return Cell(cell_of(cell.customers), std::isfinite(share) ? share : 0.0);
                });
}

Table share_matrix(const MigrationContent& content) {
  return matrix(content, "The same as shares of those who were in a segment before",
                {"", Format::share, fitting_decimals}, [&](int from, int to) {
                  const PublishedCell& cell = content.migration.cell(from, to);
                  const double share = number_of(cell.share_of_from);
                  return Cell(cell_of(cell.share_of_from), std::isfinite(share) ? share : 0.0);
                });
}

Table value_matrix(const MigrationContent& content, bool is_before) {
  return matrix(
      content,
      fmt::format("{} {}, of the customers who went each way", content.value_column, is_before ? "before" : "after"),
      {"", Format::number, 3}, [&](int from, int to) {
        const PublishedCell& cell = content.migration.cell(from, to);
        return Cell(cell_of(is_before ? cell.value_before : cell.value_after));
      });
}

Table mass_matrix(const MigrationContent& content) {
  return matrix(content, "Mass: the sum of the customers' weights", {"", Format::number, 3},
                [&](int from, int to) { return Cell(cell_of(content.migration.cell(from, to).mass)); });
}

bool has_weights(const monitor::PublishedMigration& m) {
  return std::ranges::any_of(m.cells, [](const PublishedCell& cell) {
    return !cell.customers.is_withheld && cell.mass.value != static_cast<double>(cell.customers.customers);
  });
}

Value amount_of(const profile::ColumnProfile& column, const profile::Driver& driver, std::size_t group) {
  if (driver.level >= 0)
    return shown_share_of(column.categories[group].levels[static_cast<std::size_t>(driver.level)].share);
  return shown_amount(column.column, column.numbers[group].mean);
}

// The columns by which those who moved differ most from everybody.
Table mover_table(const profile::Profile& profile) {
  Table table{"What those who moved are like, by the columns in which they differ most from everybody",
              {{"Column"}, {"Stayed"}, {"Moved"}, {"Difference", Format::deviation}},
              {},
              {},
              "profile.csv"};
  for (const profile::Driver& driver : ranked_drivers(profile, 2)) {
    if (table.rows.size() == most_columns) break;
    const profile::ColumnProfile& column = profile.columns[driver.column];
    const std::string label = driver.level < 0 ? portfolio::label_of(column.column)
                                               : level_label(column, static_cast<std::size_t>(driver.level));
    table.rows.push_back({label, amount_of(column, driver, 1), amount_of(column, driver, 2), driver.effect});
  }
  return table;
}

std::string why_text(const MigrationContent& content) {
  switch (content.migration.cause) {
    case Cause::customer:
      return "One model gave both labels: whoever moved beyond the border has other values than before.";
    case Cause::scored:
      return "Each model has scored the other month, too, so every move is split: would the customer's new values "
             "alone "
             "have moved them (the model before on the values after), would the new model alone (the model after on "
             "the values before), either, or only both together?";
    case Cause::unknown:
      return "Why customers moved is not known: that takes both models and the shards of both months.";
  }
  return "";
}

std::string named(const std::string& number, const std::vector<std::string>& meaning, int segment) {
  const std::string& name = meaning[static_cast<std::size_t>(segment - 1)];
  return name.empty() || name == "Segment " + number ? number : number + " " + name;
}

}  // namespace

std::string MigrationContent::from(int segment) const {
  return segment == 0 ? names.from(0) : named(names.from(segment), meaning.before, segment);
}

std::string MigrationContent::to(int segment) const {
  return segment == 0 ? names.to(0) : named(names.to(segment), meaning.after, segment);
}

Document migration_report(const MigrationContent& content) {
  const monitor::PublishedMigration& m = content.migration;
  Document report;
  report.title = "Customers between two segmentations";
  report.add(Heading{1, report.title});
  report.add(Facts{key_facts(content)});
  for (const std::string& warning : content.warnings) report.add(Note{warning});
  report.add(Heading{2, "Why", "why"});
  report.add(Paragraph{why_text(content)});
  report.add(part_table(content));
  report.add(
      Note{fmt::format("Border: customers whose margins before and after are together at most {}. Margins go from "
                       "0, on the border of two segments, to 1.",
                       shown_number(m.band))});
  report.add(Heading{2, "Segment by segment", "segments"});
  report.add(flow_table(content));
  if (const std::optional<Picture> picture = migration_chart(content)) report.add(*picture);
  report.add(Heading{2, "The matrix", "matrix"});
  if (std::max(m.before, m.after) > most_segments) {
    report.add(Paragraph{"There are too many segments for a page: migration.csv has the matrix."});
  } else {
    report.add(count_matrix(content));
    report.add(share_matrix(content));
    if (has_weights(m)) report.add(mass_matrix(content));
    if (m.has_value_before) report.add(value_matrix(content, true));
    if (m.has_value_after) report.add(value_matrix(content, false));
    report.add(
        Note{"New: customers who are not there before. Closed: customers who are not there after. * is withheld, "
             "because it would tell of few customers."});
  }
  if (content.profile) {
    report.add(Heading{2, "Who moved", "movers"});
    report.add(mover_table(*content.profile));
    report.add(
        Note{"A difference is that of those who moved from everybody, in standard deviations. Movers on the border "
             "count."});
  }
  return report;
}

std::string migration_html(const MigrationContent& content) { return html(migration_report(content)); }

Document migration_summary(const MigrationContent& content, const RunCosts& costs, const std::string& directory) {
  Facts facts{key_facts(content)};
  for (const std::string& warning : content.warnings) facts.facts.push_back({"warning", warning});
  for (const Facts::Fact& fact : cost_facts(costs)) facts.facts.push_back(fact);
  facts.facts.push_back({"files", fmt::format("{0}/report.html, {0}/migration.csv, {0}/compare.json", directory)});
  Document summary;
  summary.add(std::move(facts));
  return summary;
}

}  // namespace cardseg::report
