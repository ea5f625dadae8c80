// cardseg compare: who moved between two segmentations of overlapping customers, and why.
//
//   cardseg compare run/ scored/ --output compared/
#include "cardseg/comm/agree.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/migration_report.hpp"
#include "cardseg/run/compare_runs.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode compare(const run::CompareOptions& o, cli::Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  run::OutputOwner owner(c, o.output, "compare");
  const run::RunComparison found = run::compare_runs(c, o);
  const report::MigrationContent content{found.migration, found.names,        found.meaning,
                                         found.profile,   found.value_column, found.warnings};
  const plan::MemoryPlan plan = plan::plan_profile_memory(c, found.rows);
  const run::RunRecord record{"compare", found.rows, plan, std::nullopt, 0.0};
  run::RunOutput output(owner, {});
  output.write({{run::files::migration_csv, [&] { return migration_csv(found.migration, found.names); }},
                {run::files::compare_json, [&] { return compare_json(found.migration, found.names); }},
                {run::files::report, [&] { return report::migration_html(content); }}});
  if (found.profile) output.write(run::profile_texts(*found.profile));
  output.complete(found.inputs, found.config, record, found.warnings);
  c.console.print(report::console_text(report::migration_summary(content, run::costs_of(c, record), o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job compare_job() {
  return make_job<run::CompareOptions>(
      {.name = "compare",
       .summary = "show who moved between two segmentations, and why",
       .explanation =
           "Joins the labels of two runs by the customers' ids and counts who went where: two months, a model and its\n"
           "challenger, or segments and a text column that the bank has. With the models and the shards of both sides\n"
           "every move is split: within the noise of the border, the customer changed, the model changed, or both.",
       .examples = {"cardseg compare run/ scored/ --output compared/",
                    "cardseg compare run/ scored/ --shards shards/ --shards-b shards/ --model-b run/model.json "
                    "--output split/",
                    "cardseg compare run/ --column region --shards shards/ --output swapped/"},
       .positional = "before after"},
      compare);
}

}  // namespace cardseg::jobs
