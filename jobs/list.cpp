// cardseg list: the customers of a segment, for a campaign.
//
//   cardseg list run/ --segment 3 --top 5000 --by value --shards shards/ --output campaign.csv
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/list_summary.hpp"
#include "cardseg/run/listing.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode list(const run::ListingOptions& o, cli::Context& c) {
  c.phases.begin("list");
  const segments::ListCounts counts = run::write_listing(c, o);
  c.console.print(report::console_text(report::list_summary(o.list, counts, o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job list_job() {
  return make_job<run::ListingOptions>(
      {.name = "list",
       .summary = "write the customers of a segment, for a campaign",
       .explanation =
           "Takes the labels of a finished run and writes who is in a segment, best first: nearest to its centre,\n"
           "surest, or worth most. A rule leaves customers out, a file of ids places some by policy, a share is held\n"
           "out as a control group, and with a file of given customers the list is of those who are most like them.\n"
           "Rules, columns and values need the shards that the run was made of.",
       .examples = {"cardseg list run/ --segment 2 --output segment2.csv",
                    "cardseg list run/ --segment 2 --top 500 --by annual_revenue --columns age --holdout 10% "
                    "--campaign autumn --shards shards/ --output autumn.csv",
                    "cardseg list run/ --segment 2 --where \"age >= 30\" --shards shards/ --output adults.h5"},
       .positional = "run"},
      list);
}

}  // namespace cardseg::jobs
