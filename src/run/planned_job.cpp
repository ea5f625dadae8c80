#include "cardseg/run/planned_job.hpp"

#include <algorithm>
#include <thread>

#include "cardseg/cluster/refined_seeding.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/quality/segment_list.hpp"
#include "cardseg/quality/stability.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using core::field;

// The numbers of segments as the job reads them.
std::vector<int> segments_of(PlannedJobOptions& o) {
  quality::StudyOptions& study = o.study;
  if (o.plan.job == plan::PlannedJob::study) {
    if (study.segments.empty()) study.segments = quality::StudyOptions().segments;
    return quality::parse_segment_list(study.segments);
  }
  if (study.segments.empty()) return {study.fit.segments};
  try {
    describe(study.fit).at("segments").set({study.segments});
  } catch (core::Error& error) {
    throw error.remedy(error.remedy_text() + "; a list is for " + field("job") + " study");
  }
  return {study.fit.segments};
}

void validate(const PlannedJobOptions& o) {
  validate(o.plan);
  validate(o.nodes);
  validate(o.input);
  if (o.plan.job == plan::PlannedJob::study) quality::validate(o.study);
  if (o.plan.job != plan::PlannedJob::assign && !o.score.model.empty())
    throw core::Error(core::ExitCode::usage, field("model") + " is for " + field("job") + " assign")
        .remedy("Leave it out");
}

// A model may be one that another job is about to write.
bool has_model(const PlannedJobOptions& o, cli::Context& c) {
  if (o.score.model.empty()) return false;
  std::error_code unreachable;
  if (fs::exists(o.score.model, unreachable)) return true;
  c.console.warning(o.score.model + " does not exist yet: features and segments are planned as for a fit");
  return false;
}

// What the job that is planned tests.
quality::Trust trust_of(const PlannedJobOptions& o) {
  return o.plan.job == plan::PlannedJob::assign ? quality::Trust::off : o.trust.trust;
}

plan::JobWork work_of(const PlannedJobOptions& o, const io::ShardSet& shards, const std::vector<int>& segments,
                      int features) {
  plan::JobWork work = plan::fit_work_on(shards, features, segments, o.study.fit, trust_of(o));
  work.job = o.plan.job;
  work.iterations = std::min(o.plan.iterations, o.study.fit.max_iterations);
  if (work.job == plan::PlannedJob::assign) work.sampled_rows.clear();
  if (work.job == plan::PlannedJob::study) work.silhouette_sample = o.study.silhouette_sample;
  return work;
}

// What the job that is planned asks for itself.
plan::MemoryNeed need_of(const PlannedJobOptions& o, const io::ShardSet& shards, const std::vector<int>& segments,
                         int features) {
  plan::MemoryNeed need{shards.rows(), features, o.features.precision};
  if (o.plan.job == plan::PlannedJob::assign) return need;
  need.extra_rank_bytes =
      quality::resampling_bytes(trust_of(o), need.rows, features, o.features.precision, o.nodes.threads);
  need.models = o.study.fit.restarts;
  need.together = o.study.fit.together;
  std::vector<cluster::FitOptions> fits(segments.size(), o.study.fit);
  for (std::size_t i = 0; i < fits.size(); ++i) fits[i].segments = segments[i];
  need.gathered_values = cluster::gathered_values(fits, need.rows, features);
  if (o.plan.job == plan::PlannedJob::fit) return need;
  need.models = quality::fit_count(o.study);
  need.extra_rank_bytes += quality::sample_bytes(o.study, shards.rows(), features);
  return need;
}

plan::JobPlan plan_of(const PlannedJobOptions& o, cli::Context& c, const io::ShardSet& shards,
                      const std::vector<int>& segments, const plan::TimeConstants& constants) {
  if (!has_model(o, c)) {
    const portfolio::Schema schema = resolve(o.features, shards.columns());
    if (!schema.population.is_everybody())
      c.console.warning("portfolio.filter selects customers; memory and time are planned as if it selected all");
    const int features = schema.most_features();
    return plan::plan_job(work_of(o, shards, segments, features), need_of(o, shards, segments, features), o.nodes,
                          constants);
  }
  const segments::Model model = segments::read_model(o.score.model);
  segments::check_schema(model, shards);
  const int features = model.layout.features();
  plan::MemoryNeed need = need_of(o, shards, segments, features);
  need.precision = model.precision;
  return plan::plan_job(work_of(o, shards, {model.centroids.segments}, features), need, o.nodes, constants);
}

}  // namespace

cli::OptionTables describe(PlannedJobOptions& o) {
  core::OptionTable job =
      core::merged("Job", {describe(o.study), describe(o.study.fit), describe(o.score), describe(o.trust)});
  job.at("segments") = core::text(o.study.segments,
                                  {"segments,k", "K", core::Shapes::nothing,
                                   "number of segments, for a study a list, for example 2..12; default: as the job's"});
  job.at("model").help = "model.json that assign will use; without it, features and segments are those of a fit";
  const core::OptionTable unused =
      core::merged("Accepted, for they are options of the job, and without effect",
                   {describe(o.guard), describe(o.disclosure), describe(o.output), describe(o.memory),
                    describe(o.checkpoints), describe(o.words), describe(o.sizes), describe(o.followed)});
  return {describe(o.plan), describe(o.nodes), describe(o.input), describe(o.features), job, unused};
}

plan::JobPlan plan_portfolio(PlannedJobOptions o, const plan::TimeConstants& constants, cli::Context& context) {
  if (o.nodes.node_cores == 0) o.nodes.node_cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  o.nodes.threads = context.threads;
  const std::vector<int> segments = segments_of(o);
  validate(o);
  const io::ShardSet shards(context.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  portfolio::check_any_used(shards, 1);
  plan::JobPlan plan = plan_of(o, context, shards, segments, constants);
  for (const std::string& warning : plan.warnings) context.console.warning(warning);
  return plan;
}

}  // namespace cardseg::run
