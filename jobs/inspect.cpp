// cardseg inspect: what shards hold, without MPI.
//
//   cardseg inspect --shards shards/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/run/run_record.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

using cli::Context;

void print_column(Context& c, const io::ShardSet& shards, const io::StoredColumn& column) {
  const auto line = [&](const std::string& missing, const std::string& range) {
    c.console.print(fmt::format("  {:<36} {:<10} {:>12}  {}", column.name, column.stored_type, missing, range));
  };
  if (column.type == io::ColumnType::text) return line("", "");
  const portfolio::RawFacts facts =
      portfolio::compute_raw_facts(c.comm, portfolio::read_raw_column(c.comm, shards, column.name));
  if (facts.present == 0) return line(core::with_commas(facts.missing), facts.missing > 0 ? "all missing" : "no rows");
  line(facts.missing > 0 ? core::with_commas(facts.missing) : "-",
       fmt::format("{:.6g} to {:.6g}, mean {:.6g}{}", facts.min, facts.max, facts.mean,
                   facts.min == facts.max ? ", constant" : ""));
}

core::ExitCode run(const cli::InputOptions& o, Context& c) {
  validate(o);
  const io::ShardSet shards(c.comm, {o.shards.begin(), o.shards.end()}, cli::read_options(o));
  c.console.print(fmt::format("{} shard{}, {} rows, {} columns, {}", shards.shards().size(),
                              shards.shards().size() == 1 ? "" : "s", core::with_commas(shards.rows()),
                              shards.columns().size(), core::megabytes(shards.bytes(), 1)));
  c.console.print(fmt::format("  {:<44} {:>12} {:<10} {}", "shard", "rows", "layout", "filters"));
  for (const io::PlacedShard& shard : shards.shards())
    c.console.print(fmt::format("  {:<44} {:>12} {:<10} {}", shard.header.path.filename().string(),
                                core::with_commas(shard.header.rows), name_of(shard.header.layout),
                                shard.header.filters));
  c.console.print(fmt::format("  {:<36} {:<10} {:>12}  {}", "column", "type", "missing", "range"));
  for (const io::StoredColumn& column : shards.columns()) print_column(c, shards, column);
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
