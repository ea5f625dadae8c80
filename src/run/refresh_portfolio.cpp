#include "cardseg/run/refresh_portfolio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/version.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/monitor/segment_fates.hpp"
#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/id_like_columns.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/profile/compute_rules.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/report/html_report.hpp"
#include "cardseg/report/refresh_chapter.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/profile_run.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/model_json.hpp"
#include "cardseg/segments/retired_segments.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;
using monitor::Fate;
using segments::LiveSegments;
using segments::Model;

constexpr std::uint64_t map_seed = 1;  // of the samples that evidence is of

// The old model's segments and the new ones, by their numbers from 0.
struct Numbering {
  LiveSegments old;
  monitor::SegmentFates fates;
  std::vector<int> number;  ///< of each new segment; -1: it has none, and nobody is in it
};

Numbering number_segments(const Model& old_model, LiveSegments old, const monitor::WarmFit& fit) {
  Numbering numbering{std::move(old), monitor::segment_fates(fit.shared), {}};
  int next = old_model.segments();
  for (const int same : numbering.fates.same_old)
    numbering.number.push_back(same >= 0 ? numbering.old.segment[static_cast<std::size_t>(same)]
                               : same == monitor::SegmentFates::is_new ? next++
                                                                       : -1);
  return numbering;
}

// The old model with the new centroids. Numbers that nobody has any more are retired; new ones have no name yet.
Model renewed(const Model& old_model, const Numbering& numbering, const cluster::Centroids& fitted) {
  Model model = old_model;
  const int segments = std::max(old_model.segments(), *std::ranges::max_element(numbering.number) + 1);
  model.centroids = cluster::Centroids(segments, fitted.features);
  std::ranges::copy(old_model.centroids.values, model.centroids.values.begin());
  for (int j = old_model.segments(); j < segments; ++j)
    model.names.push_back({std::to_string(j + 1), "Segment " + std::to_string(j + 1)});
  for (std::size_t a = 0; a < numbering.old.segment.size(); ++a) {
    if (std::ranges::find(numbering.fates.same_old, static_cast<int>(a)) != numbering.fates.same_old.end()) continue;
    segments::SegmentName& name = model.names[static_cast<std::size_t>(numbering.old.segment[a])];
    name = {segments::retired_code, name.name + " (retired)", true};
  }
  for (std::size_t b = 0; b < numbering.number.size(); ++b)
    if (numbering.number[b] >= 0)
      std::copy_n(fitted.row(static_cast<int>(b)), fitted.features, model.centroids.row(numbering.number[b]));
  model.program = {core::version(), core::commit()};
  return model;
}

double centre_moved(const Model& old_model, const Model& model, int number) {
  if (number >= old_model.segments()) return 0.0;
  return std::sqrt(cluster::squared_distance(old_model.centroids.row(number), model.centroids.row(number),
                                             model.centroids.features));
}

std::vector<monitor::RefreshedSegment> segments_of(const Model& old_model, const Model& model,
                                                   const Numbering& numbering) {
  std::vector<monitor::RefreshedSegment> all;
  for (std::size_t a = 0; a < numbering.fates.old.size(); ++a) {
    const monitor::OldSegment& old = numbering.fates.old[a];
    const int number = numbering.old.segment[a];
    monitor::RefreshedSegment segment{number + 1,
                                      model.names[static_cast<std::size_t>(number)].name,
                                      name_of(old.fate),
                                      old.customers,
                                      model.totals.customers[static_cast<std::size_t>(number)],
                                      old.kept,
                                      {},
                                      centre_moved(old_model, model, number)};
    for (const int to : old.to) segment.to.push_back(numbering.number[static_cast<std::size_t>(to)] + 1);
    all.push_back(std::move(segment));
  }
  for (int number = old_model.segments(); number < model.segments(); ++number)
    all.push_back({number + 1,
                   model.names[static_cast<std::size_t>(number)].name,
                   "new",
                   0,
                   model.totals.customers[static_cast<std::size_t>(number)],
                   0,
                   {number + 1},
                   std::nan("")});
  return all;
}

segments::FitRecord record_of(const ResultConfig& config, const monitor::WarmFit& fit, const std::string& old_id) {
  segments::FitRecord record;
  record.options = config;
  record.restarts = 1;
  record.iterations = fit.iterations;
  record.stop = fit.is_fixed_point ? "fixed-point" : "max-iterations";
  record.seeded =
      fmt::format("the centroids of model {}, held by a prior of weight {}", old_id.substr(0, 12), fit.weight);
  return record;
}

// A refresh on its way.
class Refreshing {
 public:
  Refreshing(cli::Context& c, const RefreshOptions& o, const Model& old_model, const io::ShardSet& shards,
             core::WarningNotes& notes)
      : c_(c), o_(o), old_(old_model), shards_(shards), notes_(notes), old_id_(segments::model_id(old_model)) {}

  template <class T>
  void fit(PortfolioFit& found, monitor::Refresh& refresh, const ResultConfig& config) {
    c_.phases.begin("load");
    const Range mine = core::local_range(c_.comm.rank(), shards_.rows(), c_.comm.size());
    portfolio::FeatureMatrix<T> matrix = portfolio::encode_rows<T>(c_.comm, shards_, old_.columns, mine);
    c_.phases.begin("iterate");
    LiveSegments live = segments::live_segments(old_);
    const monitor::WarmFit fit = monitor::warm_fit(c_.comm, matrix, live.centroids, o_.fit, c_.console);
    if (!fit.is_fixed_point)
      notes_.warning(
          fmt::format("the fit stopped at its limit of {} iterations, while customers still changed "
                      "segments: allow more of them",
                      fit.iterations));
    const Numbering numbering = number_segments(old_, std::move(live), fit);
    found.model = renewed(old_, numbering, fit.centroids);
    found.model.population.not_segmented = shards_.selected(nullptr).rows() - shards_.rows();
    c_.phases.begin("score");
    const LiveSegments now = segments::live_segments(found.model);
    comm::agree(c_.comm, [&] {
      cluster::append_scores(matrix, now.centroids, found.local_scores);
      segments::number_scores(now, found.local_scores);
    });
    found.model.totals = cluster::total_segments(c_.comm, found.local_scores, found.model.segments());
    found.model.fit = record_of(config, fit, old_id_);
    refresh = {segments_of(old_, found.model, numbering),
               old_id_,
               shards_.rows(),
               fit.moved,
               fit.weight,
               o_.fit.max_moved,
               !o_.fit.any_move,
               fit.iterations};
    find_evidence(matrix, found);
  }

  // Collective.
  template <class T>
  void find_evidence(const portfolio::FeatureMatrix<T>& matrix, PortfolioFit& found) {
    const int segments = found.model.segments();
    found.evidence.separation =
        profile::disclosed(profile::measure_separation(c_.comm, found.local_scores, segments), o_.disclosure);
    found.evidence.silhouette = quality::measure_silhouette(c_.comm, matrix, found.model.centroids, map_seed);
    found.evidence.rules = profile::compute_rules(
        c_.comm, matrix, {found.model.columns, found.model.layout, found.model.centroids, found.model.totals.customers},
        found.local_scores, map_seed, o_.disclosure);
    const auto covariance = portfolio::compute_covariance(c_.comm, matrix, map_seed);
    if (!covariance) return;
    found.space = profile::principal_space(*covariance);
    std::optional<profile::PrincipalAxes> axes = profile::principal_axes(*covariance);
    if (!axes) return;
    found.evidence.map = profile::disclosed(
        profile::map_customers(c_.comm, matrix, std::move(*axes), segments, found.local_scores.segment),
        o_.disclosure.is_off() ? profile::DisclosureOptions{}.min_cell : o_.disclosure.min_cell);
  }

  void profile(PortfolioFit& found) {
    c_.phases.begin("profile");
    portfolio::Schema schema = comm::agree(
        c_.comm, [&] { return profiled_schema({}, o_.disclosure, shards_.columns(), std::optional<Model>(old_)); });
    schema = portfolio::leave_out_id_like(c_.comm, shards_, std::move(schema), notes_);
    PortfolioProfile profiled =
        profile_scored({c_.comm, shards_, schema, found.model, found.local_scores}, o_.disclosure, notes_);
    found.profile = std::move(profiled.published);
    profiled.baseline.space = std::move(found.space);
    found.model.baseline = std::move(profiled.baseline);
  }

  // Old segments keep their names; new ones get one that no other has.
  void name(PortfolioFit& found, monitor::Refresh& refresh) const {
    found.language = o_.words.language;
    found.words = report::segment_words(found.profile, found.language);
    for (int j = old_.segments(); j < found.model.segments(); ++j) {
      const std::string& made = found.words[static_cast<std::size_t>(j)].name;
      const auto has = [&](const std::string& text) {
        return std::ranges::find(found.model.names, text, &segments::SegmentName::name) != found.model.names.end();
      };
      const std::string own = has(made) ? fmt::format("{} ({})", made, j + 1) : made;
      found.model.names[static_cast<std::size_t>(j)].name = own;
      for (monitor::RefreshedSegment& segment : refresh.segments)
        if (segment.number == j + 1) segment.name = own;
    }
  }

 private:
  cli::Context& c_;
  const RefreshOptions& o_;
  const Model& old_;
  const io::ShardSet& shards_;
  core::WarningNotes& notes_;
  std::string old_id_;
};

plan::MemoryPlan plan_memory(cli::Context& c, const RefreshOptions& o, const Model& model, std::int64_t rows) {
  const plan::MemoryPlan plan = plan::plan_memory(
      c, {}, o.output.output, {.rows = rows, .features = model.layout.features(), .precision = model.precision});
  if (plan.storage.is_streamed())
    throw comm::AgreedError(Error(ExitCode::usage, "the features do not fit in memory, and a refresh keeps them there")
                                .remedy("Use more ranks on more nodes"));
  return plan;
}

}  // namespace

cli::OptionTables describe(RefreshOptions& o) {
  return {describe(o.score),      describe(o.fit),        describe(o.guard), describe(o.words),
          describe(o.disclosure), describe(o.pseudonyms), describe(o.input), describe(o.output)};
}

void validate(const RefreshOptions& o) {
  validate(o.score);
  validate(o.input);
  validate(o.fit);
  validate(o.guard);
  validate(o.disclosure);
  validate(o.output);
}

std::vector<TextFile> RefreshedPortfolio::texts(const profile::DisclosureOptions& disclosure) const {
  std::vector<TextFile> all = fit.texts();
  for (TextFile& file : all)
    if (file.name == files::report)
      file.text = [this, disclosure] {
        report::Document page = report::fit_report({fit.model, fit.profile, fit.evidence, fit.words, fit.warnings});
        page.append(report::refresh_chapter(refresh, disclosure));
        return report::html(page);
      };
  all.push_back({files::refresh_csv, [this, disclosure] { return monitor::refresh_csv(refresh, disclosure); }});
  return all;
}

RefreshedPortfolio refresh_portfolio(cli::Context& c, const RefreshOptions& o) {
  core::WarningNotes notes(c.console);
  const Model old_model = comm::agree(c.comm, [&] { return segments::read_model(o.score.model); });
  c.phases.begin("headers");
  io::ShardSet shards = open_scored(c, o.input, old_model);
  ResultConfig config = comm::agree(c.comm, [&] {
    portfolio::check_any_selected("the model's filter", shards);
    RefreshOptions described = o;
    ResultConfig all = result_config(describe(described));
    all.emplace_back("old_model_id", segments::model_id(old_model));
    std::ranges::sort(all);
    return all;
  });
  std::vector<std::filesystem::path> inputs = shards.paths();
  inputs.emplace_back(o.score.model);
  prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  const segments::CustomerNames names =
      comm::agree(c.comm, [&] { return segments::customer_names(old_model.id_column(), o.pseudonyms); });
  const plan::MemoryPlan plan = plan_memory(c, o, old_model, shards.rows());
  const std::vector<std::string> noted = check_scored(c, old_model, shards);
  c.phases.begin("compare with the old fit");
  const std::vector<std::string> shifted =
      check_shifts(c, old_model, segments::score_shards(c.comm, shards, old_model, c.console).shifts, o.guard);
  Refreshing refreshing(c, o, old_model, shards, notes);
  PortfolioFit found;
  monitor::Refresh refresh;
  portfolio::with_precision(old_model.precision,
                            [&]<class T>(std::type_identity<T>) { refreshing.fit<T>(found, refresh, config); });
  refreshing.profile(found);
  comm::agree(c.comm, [&] { refreshing.name(found, refresh); });
  found.warnings = joined(joined(noted, shifted), notes.warnings());
  return {std::move(shards), std::move(found), std::move(refresh), std::move(config), plan, names};
}

}  // namespace cardseg::run
