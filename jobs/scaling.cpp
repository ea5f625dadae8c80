// cardseg scaling: what an iteration of a fit costs on more and more ranks, and what that says of more than there are.
//
//   cardseg scaling --ranks 1 --customers 20000 --repeat 2 --output alone/
#include <fmt/format.h>

#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/generate/mixture.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/scaling_chart.hpp"
#include "cardseg/report/scaling_summary.hpp"
#include "cardseg/report/scaling_tables.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/scaling/scaling_model.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

namespace fs = std::filesystem;
using cli::Context;
using core::field;
using portfolio::FeatureMatrix;
using scaling::ScalingKind;
using scaling::ScalingOptions;
using scaling::ScalingPoint;
using scaling::ScalingStudy;

constexpr std::int64_t default_customers = 500000;
constexpr int default_features = 20;

struct Options {
  scaling::ScalingRequest request;
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  ScalingOptions scaling;  // what the request comes to

  bool is_generated() const { return input.shards.empty(); }
};

cli::OptionTables describe(Options& o) {
  return core::with_each_name_once({describe(o.request), describe(o.input), describe(o.features), describe(o.output)});
}

void validate(const Options& o) {
  validate(o.output);
  if (o.request.kind == ScalingKind::weak && !o.is_generated())
    throw core::Error(core::ExitCode::usage, field("kind") + " weak needs customers that grow with the ranks, and " +
                                                 field("shards") + " are what they are")
        .remedy("Leave " + field("shards") + " out, or use " + field("kind") + " strong");
  if (!o.is_generated() && (o.request.customers != 0 || o.request.features != 0))
    throw core::Error(core::ExitCode::usage, field("customers") + " and " + field("features") +
                                                 " are for generated customers, not for " + field("shards"))
        .remedy("Give one or the other");
}

// What the words of the command line mean on so many ranks.
void resolve(Options& o, const Context& c) {
  validate(o);
  scaling::ScalingRequest& request = o.request;
  ScalingOptions& scaling = o.scaling;
  scaling.kind = request.kind;
  scaling.repeats = request.repeats;
  scaling.fit.algorithm = request.algorithm;
  scaling.fit.segments = request.segments;
  scaling.fit.max_iterations = request.iterations;
  scaling.fit.seeding = cluster::Seeding::first;
  scaling.fit.restarts = 1;
  scaling.fit.seed = request.seed;
  scaling.threads = c.threads;
  scaling.ranks = scaling::parse_rank_list(request.ranks, c.comm.size());
  if (!o.is_generated()) return;
  scaling.customers = request.customers > 0 ? request.customers : default_customers;
  if (request.features == 0) request.features = default_features;
}

void check_enough_customers(const ScalingOptions& scaling) {
  const int most = scaling.ranks.back();
  if (scaling::scaled_customers(scaling, most) < most)
    throw core::Error(core::ExitCode::usage,
                      fmt::format("{} holds {}, but there are {} customers: ranks would have none", field("ranks"),
                                  most, core::with_commas(scaling.customers)))
        .remedy("List fewer ranks, or give more customers");
}

ScalingStudy measure_generated(const Options& o, Context& c) {
  const generate::MixtureOptions mixture{o.request.features, o.request.segments, o.request.seed};
  const scaling::MatrixMaker<float> make = [&](const comm::Communicator& group, std::int64_t customers) {
    return comm::agree(group, [&] {
      return generate::make_mixture<float>(mixture, core::local_range(group.rank(), customers, group.size()));
    });
  };
  std::vector<ScalingPoint> points = scaling::measure_scaling(c.comm, o.scaling, make, c.console);
  if (!c.comm.is_root()) return {};
  return scaling::make_scaling_study(o.scaling, o.request.features, true, std::move(points));
}

template <class T>
ScalingStudy measure_shards(const Options& o, Context& c, const io::ShardSet& shards, const portfolio::Schema& schema) {
  core::Events silent;
  int features = 0;
  const scaling::MatrixMaker<T> make = [&](const comm::Communicator& group, std::int64_t) {
    core::Events& events = features == 0 ? static_cast<core::Events&>(c.console) : silent;  // warnings once
    FeatureMatrix<T> matrix = portfolio::load_portfolio<T>(group, shards, schema, events).matrix;
    features = matrix.features();
    return matrix;
  };
  std::vector<ScalingPoint> points = scaling::measure_scaling(c.comm, o.scaling, make, c.console);
  if (!c.comm.is_root()) return {};
  return scaling::make_scaling_study(o.scaling, features, false, std::move(points));
}

ScalingStudy measure(Options& o, Context& c) {
  if (o.is_generated()) {
    comm::agree(c.comm, [&] { check_enough_customers(o.scaling); });
    return measure_generated(o, c);
  }
  const io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  o.scaling.customers = shards.rows();
  comm::agree(c.comm, [&] { check_enough_customers(o.scaling); });
  const portfolio::Schema schema = comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  return portfolio::with_precision(
      o.features.precision, [&]<class T>(std::type_identity<T>) { return measure_shards<T>(o, c, shards, schema); });
}

void write_files(const Options& o, Context& c, const ScalingStudy& study) {
  const fs::path directory = o.output.output;
  run::clear_run_directory(c.comm, directory, {});
  comm::agree(c.comm, [&] {
    if (!c.comm.is_root()) return;
    io::write_file(directory / "scaling.csv", report::scaling_csv(study));
    io::write_file(directory / "scaling.svg", report::scaling_svg(study));
    io::write_file(directory / "scaling.json", report::scaling_json(study));
  });
}

void print_result(const Options& o, Context& c, const ScalingStudy& study) {
  for (const std::string& warning : report::scaling_warnings(study)) c.console.warning(warning);
  c.console.print(report::console_text(report::scaling_summary(study, o.output.output)));
}

core::ExitCode run(Options& o, Context& c) {
  comm::agree(c.comm, [&] { resolve(o, c); });
  std::vector<fs::path> inputs(o.input.shards.begin(), o.input.shards.end());
  inputs.emplace_back(o.features.description);
  run::prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  const ScalingStudy study = measure(o, c);
  write_files(o, c, study);
  if (c.comm.is_root()) print_result(o, c, study);
  return core::ExitCode::done;
}

}  // namespace

cli::Job scaling_job() {
  const auto options = std::make_shared<Options>();
  return {
      .name = "scaling",
      .summary = "measure how iterations speed up on more ranks, and extrapolate",
      .explanation =
          "Start it on as many ranks as the largest number that is to be measured. For each number its first ranks\n"
          "run the iterations of a fit while the others sleep, over generated customers or over shards. All fits\n"
          "must find the same bytes; another result is an error (exit code 70). Writes scaling.csv, scaling.json\n"
          "and scaling.svg.",
      .examples =
          {"cardseg scaling --ranks 1 --customers 20000 --repeat 2 --output alone/",
           "mpirun -n 2 cardseg scaling --kind strong --ranks 1,2 --customers 20000 --repeat 3 --output strong/",
           "mpirun -n 2 cardseg scaling --kind weak --customers 10000 --features 10 --segments 8 --algorithm auto "
           "--output weak/",
           "mpirun -n 2 cardseg scaling --shards shards/ --description portfolio.ini --segments 5 --output mine/"},
      .positional = "",
      .uses_mpi = true,
      .describe = [options] { return describe(*options); },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
