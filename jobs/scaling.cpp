// cardseg scaling: what an iteration of a fit costs on more and more ranks, and what that says of more than there are.
//
//   mpirun -n 2 cardseg scaling --kind strong --ranks 1,2 --customers 20000 --repeat 3 --output strong/
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/scaling_chart.hpp"
#include "cardseg/report/scaling_summary.hpp"
#include "cardseg/report/scaling_tables.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/run/scaling_study.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace files = run::files;

core::ExitCode scaling(run::ScalingStudyOptions& o, cli::Context& c) {
  run::OutputOwner owner(c, o.output, "scaling");
  const scaling::ScalingStudy study = run::study_scaling(c, o);
  run::RunOutput output(owner, {});
  output.write({{files::scaling_csv, [&] { return report::scaling_csv(study); }},
                {files::scaling_svg, [&] { return report::scaling_svg(study); }},
                {files::scaling_json, [&] { return report::scaling_json(study); }}});
  if (!c.comm.is_root()) return core::ExitCode::done;
  c.console.print(report::console_text(report::scaling_summary(study, o.output.output)));
  return core::ExitCode::done;
}

}  // namespace

cli::Job scaling_job() {
  return make_job<run::ScalingStudyOptions>(
      {.name = "scaling",
       .summary = "measure how iterations speed up on more ranks, and extrapolate",
       .explanation =
           "Start it on as many ranks as the largest number to measure. For each number p, the first p ranks run the\n"
           "iterations of a fit, on generated customers or on shards, while the others sleep. All fits must find the\n"
           "same bytes; a difference is an error (exit code 70). Writes scaling.csv, scaling.json and scaling.svg.",
       .examples =
           {"cardseg scaling --ranks 1 --customers 20000 --repeat 2 --output alone/",
            "mpirun -n 2 cardseg scaling --kind strong --ranks 1,2 --customers 20000 --repeat 3 --output strong/",
            "mpirun -n 2 cardseg scaling --kind weak --customers 10000 --features 10 --segments 8 --algorithm auto "
            "--output weak/",
            "mpirun -n 2 cardseg scaling --shards shards/ --description portfolio.ini --segments 5 --output mine/"},
       .positional = "shards"},
      scaling);
}

}  // namespace cardseg::jobs
