#include "cardseg/run/fit_portfolio.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/variance_shares.hpp"
#include "cardseg/profile/compute_rules.hpp"
#include "cardseg/quality/stability.hpp"
#include "cardseg/report/bound_text.hpp"
#include "cardseg/report/data_warnings.hpp"
#include "cardseg/report/fit_warnings.hpp"
#include "cardseg/report/html_report.hpp"
#include "cardseg/report/map_csv.hpp"
#include "cardseg/report/segment_words.hpp"
#include "cardseg/report/stability_text.hpp"
#include "cardseg/report/trust_columns.hpp"
#include "cardseg/run/described_trust.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/make_model.hpp"
#include "cardseg/segments/model_json.hpp"
#include "cardseg/segments/tables.hpp"
#include "cardseg/segments/value_totals.hpp"

namespace cardseg::run {
namespace {

using core::field;

constexpr double most_products = 5e9;  // of features, beyond which the map's axes are those of a sample

// Collective. Of all customers, where that does not take long.
template <class T>
std::optional<profile::PrincipalAxes> find_axes(PortfolioRun& run, const portfolio::FeatureMatrix<T>& matrix,
                                                const std::optional<portfolio::Covariance>& covariance,
                                                std::uint64_t seed) {
  if (!covariance) return std::nullopt;
  const std::int64_t rows = run.shards().rows();
  const double products = 0.5 * static_cast<double>(rows) * covariance->features * (covariance->features + 1);
  if (!covariance->is_of_sample || products > most_products) return profile::principal_axes(*covariance);
  return profile::principal_axes(*portfolio::compute_covariance(run.context().comm, matrix, seed, rows));
}

// Collective.
template <class T>
report::FitEvidence find_evidence(PortfolioRun& run, const portfolio::FeatureMatrix<T>& matrix,
                                  std::optional<profile::PrincipalAxes> axes, std::uint64_t seed,
                                  const PortfolioFit& found) {
  const comm::Communicator& comm = run.context().comm;
  const profile::DisclosureOptions& disclosure = run.options().disclosure;
  const int segments = found.model.segments();
  report::FitEvidence evidence{
      profile::disclosed(profile::measure_separation(comm, found.local_scores, segments), disclosure),
      quality::measure_silhouette(comm, matrix, found.model.centroids, seed), std::nullopt};
  if (axes)
    evidence.map =
        profile::disclosed(profile::map_customers(comm, matrix, std::move(*axes), segments, found.local_scores.segment),
                           disclosure.is_off() ? profile::DisclosureOptions{}.min_cell : disclosure.min_cell);
  run.context().phases.begin("rules");
  const segments::Model& model = found.model;
  evidence.rules =
      profile::compute_rules(comm, matrix, {model.columns, model.layout, model.centroids, model.totals.customers},
                             found.local_scores, seed, disclosure);
  return evidence;
}

// With the sizes that were asked for, where some were.
ResultConfig config_of(PortfolioRun& run, const cluster::FitOptions& options, cluster::SizeOptions sizes) {
  ResultConfig config = model_config(run.options(), options);
  std::ranges::copy(result_config({describe(sizes)}), std::back_inserter(config));
  std::ranges::sort(config);
  return config;
}

// Collective.
template <class T>
quality::Stability find_stability(PortfolioRun& run, const portfolio::FeatureMatrix<T>& matrix,
                                  const segments::Model& model, quality::Trust trust, std::uint64_t seed,
                                  const portfolio::TrustThresholds& thresholds) {
  cli::Context& c = run.context();
  const quality::ResamplingOptions options{
      .trust = trust, .seed = seed, .segment_customers = thresholds.segment_customers};
  const std::vector<quality::ResampledModel> models = {
      {model.centroids, model.totals.customers, model.totals.total_inertia}};
  quality::Stability stability = quality::measure_stability(c.comm, matrix, models, options, c.console).front();
  const std::string line = report::stability_text(stability, trust, model.segments(), thresholds);
  if (!line.empty()) c.console.info(line);
  return stability;
}

template <class T>
PortfolioFit fit_stored(PortfolioRun& run, const cluster::FitOptions& options, const cluster::SizeOptions& sizes,
                        const quality::TrustOptions& trust, const plan::MemoryPlan& plan) {
  cli::Context& c = run.context();
  const std::int64_t least = comm::agree(c.comm, [&] { return cluster::least_customers(sizes, run.shards().rows()); });
  c.phases.begin("load");
  portfolio::LoadedPortfolio<T> loaded =
      portfolio::load_portfolio<T>(c.comm, run.shards(), run.schema(), run.loading(), plan.storage);
  std::optional<cluster::Centroids> given;
  if (!options.centroids.empty())
    given = comm::agree(c.comm,
                        [&] { return segments::read_centroids(options.centroids, loaded.columns, options.segments); });
  c.phases.end();
  cluster::FitTimes times;
  const cluster::FitControl control{&run.checkpoints(), run.checkpoints().start(), plan.together, std::move(given),
                                    &times};
  cluster::FitResult fitted = cluster::fit(c.comm, loaded.matrix, options, c.console, control);
  c.phases.add("seed", times.seeding_s);
  c.phases.add("iterate", times.iteration_s);
  c.phases.add("move", times.moves_s);
  c.phases.begin("bound");
  const auto covariance = portfolio::compute_covariance(c.comm, loaded.matrix, options.seed);
  if (covariance) portfolio::set_variance_shares(*covariance, loaded.columns);
  c.phases.begin("score");
  std::vector<cluster::MergedSegment> merged;
  cluster::FinalScores scored =
      cluster::score_large_enough(c.comm, loaded.matrix, options, least, fitted, merged, c.console);
  const ResultConfig config = comm::agree(c.comm, [&] { return config_of(run, options, sizes); });
  PortfolioFit found{
      segments::make_model({loaded.columns, run.options().features.precision, config, fitted, scored.totals,
                            cluster::bound_inertia(covariance, fitted.customers, fitted.centroids.segments),
                            run.schema().population}),
      std::move(scored.local_scores),
      {},
      cluster::unsettled_share({&fitted, 1})};
  if (!merged.empty()) found.model.fit.reached.reset();  // restarts came to other segments
  if (covariance) found.space = profile::principal_space(*covariance);
  found.warnings = joined(report::data_warnings(found.model, covariance),
                          joined(report::merge_warnings(merged, sizes.min_segment, run.options().disclosure),
                                 report::fit_warnings(found.model, run.options().disclosure)));
  if (const std::string line = report::variance_text(found.model); !line.empty()) c.console.info(line);
  if (const std::string line = report::inertia_and_bound_text(found.model); !line.empty()) c.console.info(line);
  for (const std::string& warning : found.warnings) c.console.warning(warning);
  found.evidence =
      find_evidence(run, loaded.matrix, find_axes(run, loaded.matrix, covariance, options.seed), options.seed, found);
  c.phases.begin("trust");
  found.evidence.thresholds = described_trust(c.comm, run.options().features);
  found.evidence.stability =
      find_stability(run, loaded.matrix, found.model, trust.trust, options.seed, found.evidence.thresholds);
  c.phases.end();
  return found;
}

void name_segments(PortfolioFit& found, const report::WordOptions& options) {
  found.language = options.language;
  found.words = report::segment_words(found.profile, options.language);
  for (std::size_t j = 0; j < found.words.size(); ++j) found.model.names[j].name = found.words[j].name;
}

}  // namespace

std::vector<TextFile> PortfolioFit::texts() const {
  std::vector<TextFile> texts = {
      {files::model, [this] { return segments::to_json(model); }},
      {files::segments,
       [this] {
         return segments::segments_csv(model, segments::value_totals(profile), profile,
                                       report::trust_columns({model, profile, evidence, words}));
       }},
      {files::centroids, [this] { return segments::centroids_csv(model, profile); }},
      {files::rules, [this] { return profile::rules_csv(evidence.rules, model.columns, model.layout); }},
      {files::report, [this] {
         return report::html_report({model, profile, evidence, words, warnings}, language);
       }}};
  if (evidence.map)
    texts.push_back({files::map_csv, [this] { return report::map_csv({model, profile, evidence, words}); }});
  if (evidence.stability.is_tested())
    texts.push_back({files::trust_csv, [this] { return report::trust_csv({model, profile, evidence, words}); }});
  std::ranges::move(profile_texts(profile), std::back_inserter(texts));
  return texts;
}

void validate_fit(const cluster::FitOptions& options, const cluster::SizeOptions& sizes) {
  cluster::validate(options);
  cluster::validate(sizes);
  const bool is_file = options.seeding == cluster::Seeding::file;
  if (is_file != !options.centroids.empty())
    throw core::Error(core::ExitCode::usage, is_file ? field("seeding") + " file needs " + field("centroids")
                                                     : field("centroids") + " needs " + field("seeding") + " file")
        .remedy("Give both or neither");
}

plan::MemoryPlan plan_fit_memory(PortfolioRun& run, const cluster::FitOptions& options,
                                 const EvidenceOptions& against) {
  return run.plan_memory(
      {.extra_rank_bytes = testing_bytes(run, against.trust), .models = options.restarts, .together = options.together},
      {options});
}

PortfolioFit fit_portfolio(PortfolioRun& run, const cluster::FitOptions& options, const cluster::SizeOptions& sizes,
                           const report::WordOptions& words, const EvidenceOptions& against,
                           const plan::MemoryPlan& plan) {
  const auto alternatives = comm::agree(run.context().comm, [&] {
    return against.followed.study.empty() ? std::nullopt : std::optional(read_alternatives(against.followed.study));
  });
  PortfolioFit found = portfolio::with_precision(run.options().features.precision, [&]<class T>(std::type_identity<T>) {
    return fit_stored<T>(run, options, sizes, against.trust, plan);
  });
  found.evidence.alternatives = alternatives;
  run.context().phases.begin("profile");
  PortfolioProfile profiled = profile_portfolio(run, found.model, found.local_scores);
  found.profile = std::move(profiled.published);
  profiled.baseline.space = std::move(found.space);
  found.model.baseline = std::move(profiled.baseline);
  comm::agree(run.context().comm, [&] { name_segments(found, words); });
  return found;
}

}  // namespace cardseg::run
