// cardseg export: the labels of a run for programs that do not read HDF5. Without MPI.
//
//   cardseg export run/ --labels csv --output labels.csv
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/list_summary.hpp"
#include "cardseg/run/listing.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode export_labels(const run::LabelExportOptions& o, cli::Context& c) {
  const segments::ExportCounts counts = run::export_run(c, o);
  c.console.print(report::console_text(report::export_summary(counts, o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job export_job() {
  return make_job<run::LabelExportOptions>(
      {.name = "export",
       .summary = "write the labels of a run as CSV",
       .explanation =
           "Writes the id, segment, distance, second segment and margin of every customer of a finished run,\n"
           "in the order of its shards. 'cardseg list' writes some of them, best first.",
       .examples = {"cardseg export run/ --labels csv --output labels.csv"},
       .positional = "run",
       .uses_mpi = false},
      export_labels);
}

}  // namespace cardseg::jobs
