#include "cardseg/run/scaling_study.hpp"

#include <fmt/format.h>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/generate/mixture.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/scaling_summary.hpp"
#include "cardseg/run/portfolio_schema.hpp"
#include "cardseg/run/run_directory.hpp"

namespace cardseg::run {
namespace {

using core::field;
using portfolio::FeatureMatrix;
using scaling::ScalingKind;
using scaling::ScalingOptions;
using scaling::ScalingPoint;
using scaling::ScalingStudy;

constexpr std::int64_t default_customers = 500000;
constexpr int default_features = 20;

void validate(const ScalingStudyOptions& o) {
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
void settle(ScalingStudyOptions& o, const cli::Context& c) {
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

ScalingStudy measure_generated(const ScalingStudyOptions& o, cli::Context& c) {
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
ScalingStudy measure_shards(const ScalingStudyOptions& o, cli::Context& c, const io::ShardSet& shards,
                            const portfolio::Schema& schema) {
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

ScalingStudy measure(ScalingStudyOptions& o, cli::Context& c) {
  if (o.is_generated()) {
    comm::agree(c.comm, [&] { check_enough_customers(o.scaling); });
    return measure_generated(o, c);
  }
  io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const portfolio::Schema schema = portfolio_schema(c.comm, o.features, {}, shards, c.console);
  o.scaling.customers = shards.rows();
  comm::agree(c.comm, [&] { check_enough_customers(o.scaling); });
  return portfolio::with_precision(
      o.features.precision, [&]<class T>(std::type_identity<T>) { return measure_shards<T>(o, c, shards, schema); });
}

}  // namespace

cli::OptionTables describe(ScalingStudyOptions& o) {
  return core::with_each_name_once({describe(o.request), describe(o.input), describe(o.features), describe(o.output)});
}

ScalingStudy study_scaling(cli::Context& c, ScalingStudyOptions& o) {
  comm::agree(c.comm, [&] { settle(o, c); });
  std::vector<std::filesystem::path> inputs(o.input.shards.begin(), o.input.shards.end());
  inputs.emplace_back(o.features.description);
  prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  ScalingStudy study = measure(o, c);
  if (c.comm.is_root())
    for (const std::string& warning : report::scaling_warnings(study)) c.console.warning(warning);
  return study;
}

}  // namespace cardseg::run
