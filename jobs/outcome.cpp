// cardseg outcome: what a campaign did, by segment, against the customers who were held out.
//
//   cardseg outcome --list campaign.csv --results responses.csv --output outcome/
#include "cardseg/comm/agree.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/report/outcome_report.hpp"
#include "cardseg/run/outcome_run.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode outcome(const run::OutcomeOptions& o, cli::Context& c) {
  comm::agree(c.comm, [&] { validate(o); });
  run::OutputOwner owner(c, o.output, "outcome");
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite, {o.list, o.results});
  const run::CampaignOutcome found = run::campaign_outcome(c, o);
  const run::RunRecord record{"outcome", found.customers, {}, std::nullopt, 0.0};
  run::RunOutput output(owner, {});
  output.write({{run::files::outcome_csv, [&] { return outcome_csv(found.outcome); }},
                {run::files::outcome_json, [&] { return outcome_json(found.outcome); }},
                {run::files::report, [&] { return report::html(report::outcome_report(found.outcome, found.log)); }}});
  run::write_journal(c, o, found);
  output.complete(found.inputs, found.config, record, found.warnings);
  c.console.print(report::console_text(report::outcome_summary(found.outcome, found.warnings, o.output.output, o.log)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job outcome_job() {
  return make_job<run::OutcomeOptions>(
      {.name = "outcome",
       .summary = "show what a campaign did, against those who were held out",
       .explanation =
           "Takes the list of a campaign with its control group (cardseg list --holdout) and the results, and shows\n"
           "by segment who answered, by how much more than those who were not contacted, with intervals, and the\n"
           "smallest uplift that could have been seen. A journal keeps all campaigns: which segment answered to what.",
       .examples = {"cardseg outcome --list autumn.csv --results responses.csv --output outcome/",
                    "cardseg outcome --list autumn.csv --results responses.csv --value amount --journal campaigns.csv "
                    "--output valued/"}},
      outcome);
}

}  // namespace cardseg::jobs
