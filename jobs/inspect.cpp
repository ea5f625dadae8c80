// cardseg inspect: what shards hold, without MPI.
//
//   cardseg inspect --shards shards/
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/shards_summary.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;

report::InspectedColumn inspect_column(Context& c, const io::ShardSet& shards, const io::StoredColumn& column) {
  if (column.type == io::ColumnType::text) return {column.name, column.stored_type, {}};
  return {column.name, column.stored_type,
          portfolio::compute_raw_facts(c.comm, portfolio::read_raw_column(c.comm, shards, column.name))};
}

core::ExitCode run(const cli::InputOptions& o, Context& c) {
  validate(o);
  const io::ShardSet shards(c.comm, {o.shards.begin(), o.shards.end()}, cli::read_options(o));
  c.console.print(report::console_text(report::shards_summary(shards)));
  std::vector<report::InspectedColumn> columns;
  for (const io::StoredColumn& column : shards.columns()) columns.push_back(inspect_column(c, shards, column));
  c.console.print(report::console_text(report::columns_summary(columns)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job inspect_job() {
  const auto options = std::make_shared<cli::InputOptions>();
  return {.name = "inspect",
          .summary = "show shards, columns, ranges, missing values and layout",
          .explanation = "Checks the shards like every job that reads them, and shows what they hold.",
          .examples = {"cardseg inspect --shards shards/", "cardseg inspect shards/"},
          .positional = "shards",
          .uses_mpi = false,
          .describe = [options] { return cli::OptionTables{describe(*options)}; },
          .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
