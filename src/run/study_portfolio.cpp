#include "cardseg/run/study_portfolio.hpp"

#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/variance_shares.hpp"
#include "cardseg/quality/preference.hpp"
#include "cardseg/report/bound_text.hpp"
#include "cardseg/report/data_warnings.hpp"
#include "cardseg/report/fit_warnings.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/recommendation_text.hpp"
#include "cardseg/run/described_trust.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/make_model.hpp"
#include "cardseg/segments/model_json.hpp"
#include "cardseg/segments/tables.hpp"

namespace cardseg::run {
namespace {

template <class T>
void study_matrix(PortfolioRun& run, const quality::StudyOptions& asked, quality::Trust trust,
                  const plan::MemoryPlan& plan, portfolio::FeatureMatrix<T>& matrix, PortfolioStudy& study) {
  cli::Context& c = run.context();
  const std::vector<cluster::FitOptions> options = quality::fit_options(asked);
  cluster::FitTimes times;
  const cluster::FitControl control{&run.checkpoints(), run.checkpoints().start(), plan.together, {}, &times};
  std::vector<cluster::FitResult> fits = cluster::fit_each(c.comm, matrix, options, c.console, control);
  c.phases.add("seed", times.seeding_s);
  c.phases.add("iterate", times.iteration_s);
  c.phases.add("move", times.moves_s);
  c.phases.begin("measure");
  study.unsettled_share = cluster::unsettled_share(fits);
  study.measured = quality::measure_fits(c.comm, matrix, options, std::move(fits));
  c.phases.begin("agreement");
  quality::measure_agreement(c.comm, matrix, study.measured, c.console);
  c.phases.begin("sample");
  quality::measure_on_sample(c.comm, matrix, asked.silhouette_sample, asked.fit.seed, study.measured);
  c.phases.begin("flows");
  study.flows = quality::measure_flows(c.comm, matrix, study.measured);
  c.phases.begin("trust");
  quality::measure_study_stability(c.comm, matrix,
                                   {.trust = trust,
                                    .seed = asked.fit.seed,
                                    .segment_customers = study.thresholds.segment_customers,
                                    .twin_customers = quality::gap_customers},
                                   study.measured, c.console);
  c.phases.end();
}

// "8 segments: ...; ..."; empty where there is nothing to say.
std::string warning_of(const segments::Model& model, const profile::DisclosureOptions& options) {
  std::string text;
  for (const std::string& warning : report::fit_warnings(model, options))
    text += (text.empty() ? report::counted(model.segments(), "segment") + ": " : "; ") + warning;
  return text;
}

template <class T>
PortfolioStudy study_stored(PortfolioRun& run, const quality::StudyOptions& options, quality::Trust trust,
                            const plan::MemoryPlan& plan) {
  cli::Context& c = run.context();
  c.phases.begin("load");
  portfolio::LoadedPortfolio<T> loaded =
      portfolio::load_portfolio<T>(c.comm, run.shards(), run.schema(), run.loading(), plan.storage);
  c.phases.end();
  PortfolioStudy study;
  study.disclosure = run.options().disclosure;
  study.thresholds = described_trust(c.comm, run.options().features);
  study_matrix(run, options, trust, plan, loaded.matrix, study);
  c.phases.begin("bound");
  const auto covariance = portfolio::compute_covariance(c.comm, loaded.matrix, options.fit.seed);
  if (covariance) portfolio::set_variance_shares(*covariance, loaded.columns);
  c.phases.end();
  for (const quality::StudiedModel& each : study.measured) {
    const ResultConfig config = comm::agree(c.comm, [&] { return model_config(run.options(), each.options); });
    const cluster::SegmentTotals totals = each.segmentation.totals();
    study.models.push_back(segments::make_model(
        {loaded.columns, run.options().features.precision, config, each.fit, totals,
         cluster::bound_inertia(covariance, each.fit.customers, each.segments()), run.schema().population}));
    const std::string warning = warning_of(study.models.back(), run.options().disclosure);
    if (!warning.empty()) study.warnings.push_back(warning);
  }
  study.recommendation = quality::recommend(report::stabilities_of(study.entries()), study.thresholds.stable_ratio);
  study.warnings = joined(report::data_warnings(study.models.front(), covariance), study.warnings);
  if (const std::string line = report::variance_text(study.models.front()); !line.empty()) c.console.info(line);
  for (const segments::Model& model : study.models)
    if (const std::string line = report::inertia_and_bound_text(model); !line.empty()) c.console.info(line);
  for (const std::string& warning : study.warnings) c.console.warning(warning);
  return study;
}

std::string path_of(const segments::Model& model, const char* file) {
  return files::model_folder(model.segments()) + "/" + file;
}

}  // namespace

std::vector<std::string> PortfolioStudy::folders() const {
  std::vector<std::string> all;
  for (const segments::Model& model : models) all.push_back(files::model_folder(model.segments()));
  return all;
}

profile::Profile PortfolioStudy::published(const segments::Model& model) const {
  return profile::disclosed_sizes(model.totals.customers, disclosure);
}

std::vector<report::StudyEntry> PortfolioStudy::entries() const {
  std::vector<report::StudyEntry> all;
  for (std::size_t m = 0; m < models.size(); ++m)
    all.push_back({measured[m], path_of(models[m], files::model), segments::model_id(models[m]), published(models[m])});
  return all;
}

report::StudyContent PortfolioStudy::content() const {
  report::StudyContent content{entries(), quality::preferred_segments(measured), recommendation, {}};
  for (std::size_t m = 0; m < flows.size(); ++m)
    content.flows.push_back(
        report::published_flow(flows[m], content.entries[m], content.entries[m + 1], disclosure.min_cell));
  content.features = models.front().layout.features();
  content.stable_ratio = thresholds.stable_ratio;
  content.warnings = warnings;
  return content;
}

std::vector<TextFile> PortfolioStudy::texts(std::int64_t silhouette_sample) const {
  std::vector<TextFile> all = {{files::study_csv, [this] { return report::study_csv(entries()); }},
                               {files::flows_csv, [this] { return report::flows_csv(content()); }},
                               {files::report, [this] { return report::html(report::study_report(content())); }},
                               {files::study_json, [this, silhouette_sample] {
                                  return report::study_json(entries(), quality::preferred_segments(measured),
                                                            recommendation, silhouette_sample);
                                }}};
  for (const segments::Model& model : models) {
    all.push_back({path_of(model, files::model), [&model] { return segments::to_json(model); }});
    all.push_back({path_of(model, files::centroids),
                   [this, &model] { return segments::centroids_csv(model, published(model)); }});
  }
  return all;
}

PortfolioStudy study_portfolio(PortfolioRun& run, const quality::StudyOptions& options,
                               const quality::TrustOptions& trust, const plan::MemoryPlan& plan) {
  return portfolio::with_precision(run.options().features.precision, [&]<class T>(std::type_identity<T>) {
    return study_stored<T>(run, options, trust.trust, plan);
  });
}

}  // namespace cardseg::run
