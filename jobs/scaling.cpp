// cardseg scaling: what an iteration of a fit costs on more and more ranks, and what that says of more than there are.
//
//   cardseg scaling --ranks 1 --customers 20000 --repeat 2 --output alone/
//   mpirun -n 2 cardseg scaling --kind strong --ranks 1,2 --customers 20000 --repeat 3 --output strong/
//   mpirun -n 2 cardseg scaling --kind weak --customers 10000 --features 10 --segments 8 --algorithm auto --output weak/
//   mpirun -n 2 cardseg scaling --shards shards/ --description portfolio.ini --segments 5 --output mine/
#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <memory>

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/check_range.hpp"
#include "cardseg/core/error.hpp"
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
using portfolio::FeatureMatrix;
using scaling::ScalingKind;
using scaling::ScalingOptions;
using scaling::ScalingPoint;
using scaling::ScalingStudy;

constexpr std::int64_t default_customers = 500000;
constexpr int default_features = 20;

struct Options {
  cli::InputOptions input;
  cli::FeatureOptions features;
  cli::OutputOptions output;
  ScalingOptions scaling;
  std::string kind = scaling::name_of(ScalingKind::strong);
  std::string ranks;
  std::string algorithm = cluster::name_of(cluster::Algorithm::plain);
  std::int64_t customers = 0;  // 0: default_customers
  int feature_count = 0;       // 0: default_features
  int segments = 16;
  int iterations = 20;
  std::uint64_t seed = 1;

  bool is_generated() const { return input.shards.empty(); }
};

void validate(const Options& o) {
  validate(o.output);
  if (o.scaling.kind == ScalingKind::weak && !o.is_generated())
    throw core::Error(core::ExitCode::usage,
                      "--kind weak needs customers that grow with the ranks, and --shards are what they are")
        .remedy("Leave --shards out, or use --kind strong");
  if (!o.is_generated() && (o.customers != 0 || o.feature_count != 0))
    throw core::Error(core::ExitCode::usage, "--customers and --features are for generated customers, not for --shards")
        .remedy("Give one or the other");
  core::check_range("--customers", static_cast<double>(o.customers), 0, 1e12);
  core::check_range("--features", o.feature_count, 0, 4096);
  core::check_range("--repeat", o.scaling.repeats, 1, 1000);
  core::check_range("--iterations", o.iterations, 1, 1'000'000);
  cluster::validate(o.scaling.fit);
}

// What the words of the command line mean on so many ranks.
void resolve(Options& o, const Context& c) {
  ScalingOptions& scaling = o.scaling;
  scaling.kind = scaling::scaling_kind_named(o.kind);
  scaling.fit.algorithm = cluster::algorithm_named(o.algorithm);
  scaling.fit.segments = o.segments;
  scaling.fit.max_iterations = std::max(1, o.iterations);
  scaling.fit.seeding = cluster::Seeding::first;
  scaling.fit.restarts = 1;
  scaling.fit.seed = o.seed;
  validate(o);
  scaling.threads = c.threads;
  scaling.ranks = scaling::parse_rank_list(o.ranks, c.comm.size());
  if (!o.is_generated()) return;
  scaling.customers = o.customers > 0 ? o.customers : default_customers;
  if (o.feature_count == 0) o.feature_count = default_features;
}

void check_enough_customers(const ScalingOptions& scaling) {
  const int most = scaling.ranks.back();
  if (scaling::scaled_customers(scaling, most) < most)
    throw core::Error(core::ExitCode::usage,
                      fmt::format("--ranks holds {}, but there are {} customers: ranks would have none", most,
                                  core::with_commas(scaling.customers)))
        .remedy("List fewer ranks, or give more customers");
}

ScalingStudy measure_generated(const Options& o, Context& c) {
  const generate::MixtureOptions mixture{o.feature_count, o.segments, o.seed};
  const scaling::MatrixMaker<float> make = [&](const comm::Communicator& group, std::int64_t customers) {
    return comm::agree(group, [&] {
      return generate::make_mixture<float>(mixture, core::local_range(group.rank(), customers, group.size()));
    });
  };
  std::vector<ScalingPoint> points = scaling::measure_scaling(c.comm, o.scaling, make, c.console);
  if (!c.comm.is_root()) return {};
  return scaling::make_scaling_study(o.scaling, o.feature_count, true, std::move(points));
}

template <class T>
ScalingStudy measure_shards(const Options& o, Context& c, const io::ShardSet& shards,
                            const portfolio::ResolvedDescription& resolved) {
  core::Events silent;
  int features = 0;
  const scaling::MatrixMaker<T> make = [&](const comm::Communicator& group, std::int64_t) {
    core::Events& events = features == 0 ? static_cast<core::Events&>(c.console) : silent;  // warnings once
    FeatureMatrix<T> matrix = portfolio::load_portfolio<T>(group, shards, resolved.features, events).matrix;
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
  const portfolio::ResolvedDescription resolved =
      comm::agree(c.comm, [&] { return resolve(o.features, shards.columns()); });
  return o.features.precision == segments::Precision::float32 ? measure_shards<float>(o, c, shards, resolved)
                                                              : measure_shards<double>(o, c, shards, resolved);
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

void describe(boost::program_options::options_description& all, Options& o) {
  namespace po = boost::program_options;
  po::options_description options("Scaling");
  options.add_options()  //
      ("kind", po::value(&o.kind)->default_value(o.kind)->value_name("KIND"),
       "strong: the same customers on more ranks; weak: as many for each rank")  //
      ("ranks", po::value(&o.ranks)->default_value(o.ranks)->value_name("A,B,..."),
       "numbers of ranks, up to those that were started; default: 1, 2, 4, ... and all")  //
      ("repeat", po::value(&o.scaling.repeats)->default_value(o.scaling.repeats)->value_name("N"),
       "fits on each number of ranks")  //
      ("customers", po::value(&o.customers)->default_value(o.customers)->value_name("N"),
       "generated customers, with --kind weak for each rank; 0: 500000")  //
      ("features", po::value(&o.feature_count)->default_value(o.feature_count)->value_name("D"),
       "of generated customers; 0: 20")  //
      ("segments,k", po::value(&o.segments)->default_value(o.segments)->value_name("K"),
       "number of segments, 1 to 10000")  //
      ("iterations", po::value(&o.iterations)->default_value(o.iterations)->value_name("N"),
       "of a fit, fewer where it comes to its end before")  //
      ("algorithm", po::value(&o.algorithm)->default_value(o.algorithm)->value_name("HOW"),
       "what a pass skips: plain (nothing), auto, hamerly or yinyang; the results are the same bytes")  //
      ("seed", po::value(&o.seed)->default_value(o.seed)->value_name("N"),
       "the same seed generates the same customers");
  all.add(options);
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
      .describe =
          [options](auto& all) {
            describe(all, *options);
            describe(all, options->input);
            describe(all, options->features);
            describe(all, options->output);
          },
      .run = [options](Context& context) { return run(*options, context); }};
}

}  // namespace cardseg::jobs
