#include "cardseg/run/profile_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/row_blocks.hpp"
#include "cardseg/core/warning_notes.hpp"
#include "cardseg/portfolio/id_like_columns.hpp"
#include "cardseg/profile/compute_profile.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "cardseg/run/model_of_run.hpp"
#include "cardseg/run/profile_portfolio.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/run/run_output.hpp"
#include "cardseg/segments/labelled_customers.hpp"
#include "cardseg/segments/model_json.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;
namespace fs = std::filesystem;

std::vector<profile::RiskRate> rates_of(const std::string& previous) {
  if (previous.empty()) return {};
  check_is_finished(previous);
  return profile::read_risk_csv(fs::path(previous) / files::risk_csv);
}

// Which customer is in which segment.
struct Grouped {
  std::vector<std::int32_t> local_group;  // from 0
  int segments = 0;
  std::vector<std::string> warnings;
};

// Collective. By the model, as assign does, of the customers that its filter selects: `shards` become these.
Grouped scored_groups(cli::Context& c, io::ShardSet& shards, const segments::Model& model, const GuardOptions& guard) {
  comm::agree(c.comm, [&] { segments::check_schema(model, shards); });
  shards = portfolio::select_population(c.comm, shards, model.population);
  comm::agree(c.comm, [&] { portfolio::check_any_selected("the model's filter", shards); });
  Grouped found{{}, model.segments(), check_scored(c, model, shards)};
  segments::ScoredShards scored = segments::score_shards(c.comm, shards, model, c.console);
  found.warnings = joined(std::move(found.warnings), check_shifts(c, model, scored.shifts, guard));
  found.local_group = std::move(scored.local_scores.segment);
  return found;
}

std::vector<std::int32_t> read_groups(const segments::LabelledCustomers& labels, Range rows) {
  std::vector<std::int32_t> groups;
  groups.reserve(static_cast<std::size_t>(rows.size()));
  core::for_each_block(rows, [&](Range block) {
    for (const std::int64_t segment : labels.segments(block)) groups.push_back(static_cast<std::int32_t>(segment) - 1);
  });
  return groups;
}

// Collective. By the labels of a run, which are of these shards; of those that are in a segment: `shards` become these.
Grouped labelled_groups(const comm::Communicator& comm, io::ShardSet& shards, const std::string& run) {
  segments::LabelledCustomers labels(comm, run);
  labels.check_same_customers(comm, shards);
  if (const auto segmented = labels.segmented(comm)) {
    labels.select(segmented);
    shards = shards.selected(segmented);
  }
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  Grouped found;
  found.local_group = comm::agree(comm, [&] { return read_groups(labels, mine); });
  const auto [least, most] = std::ranges::minmax_element(found.local_group);
  const bool is_any = least != found.local_group.end();
  if (comm.min(is_any ? std::int64_t{*least} : 0) < 0)
    throw comm::AgreedError(Error(ExitCode::bad_data, "the labels hold a segment below 1")
                                .in_file((fs::path(run) / files::labels).string())
                                .remedy("'cardseg verify' says whether the run was changed"));
  found.segments = static_cast<int>(comm.max(is_any ? std::int64_t{*most} : -1)) + 1;
  return found;
}

// Whether what a model says of a column fits how it is stored now.
bool fits(const portfolio::Column& known, const portfolio::Column& stored) {
  if (known.role == portfolio::Role::unused || known.role == portfolio::Role::id) return false;
  return known.has_levels() ? known.levels.empty() || known.levels.are_texts == stored.levels.are_texts
                            : !stored.levels.are_texts;
}

}  // namespace

cli::OptionTables describe(ProfileOptions& o) {
  using core::Shapes;
  return {{"Profile",
           {core::text(o.run, {"run", "DIR", Shapes::nothing,
                               "directory of a run of fit or assign, whose labels say who is in which segment; or a "
                               "model.json, with which customers are scored first"}),
            core::text(o.previous, {"previous", "DIR", Shapes::nothing,
                                    "directory of the last period's run of fit or profile: rates of columns under risk "
                                    "are compared with its own"})}},
          describe(o.input),
          core::without(describe(o.features), {"transform", "scale", "missing", "precision"}),
          describe(o.disclosure),
          describe(o.guard),
          describe(o.output)};
}

portfolio::Schema profiled_schema(const cli::FeatureOptions& features, const profile::DisclosureOptions& disclosure,
                                  const std::vector<io::StoredColumn>& stored,
                                  const std::optional<segments::Model>& model) {
  const bool is_known = model && features.description.empty();
  cli::FeatureOptions asked = features;
  if (is_known && asked.id.empty()) asked.id = model->id_column().empty() ? portfolio::no_id : model->id_column();
  portfolio::Schema schema = resolve(asked, stored);
  for (portfolio::Column& column : schema.columns) column.settings.least_customers = disclosure.min_cell;
  if (!is_known) return schema;
  for (portfolio::Column& column : schema.columns) {
    const auto known = std::ranges::find_if(
        model->columns, [&](const portfolio::FittedColumn& each) { return each.column.name == column.name; });
    if (known == model->columns.end() || !fits(known->column, column)) continue;
    column = known->column;
    column.is_described = true;  // by the fit: it is no id
  }
  return schema;
}

void validate(const ProfileOptions& options) {
  if (options.run.empty())
    throw Error(ExitCode::usage, field("run") + " is missing")
        .remedy("Name the directory of a run of fit or assign, or a model.json");
  validate(options.input);
  validate(options.disclosure);
  validate(options.guard);
  validate(options.output);
}

RunProfile profile_run(cli::Context& c, const ProfileOptions& o) {
  c.phases.begin("headers");
  core::WarningNotes notes(c.console);
  io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  const bool is_scored = is_model_file(o.run);
  struct Known {
    std::optional<segments::Model> model;
    ResultConfig config;
    portfolio::Schema schema;
    std::vector<profile::RiskRate> previous;
  };
  Known known = comm::agree(c.comm, [&] {
    ProfileOptions described = o;
    if (!is_scored) check_is_finished(o.run);
    Known found{model_of_run(o.run), result_config(describe(described)), {}, rates_of(o.previous)};
    if (is_scored)
      found.config.emplace_back("model_id", segments::model_id(*found.model));
    else
      found.config.emplace_back("run_sha256", manifest_digest(o.run));
    if (!o.previous.empty()) found.config.emplace_back("previous_sha256", manifest_digest(o.previous));
    found.schema = profiled_schema(o.features, o.disclosure, shards.columns(), found.model);
    return found;
  });
  std::vector<fs::path> inputs = shards.paths();
  inputs.push_back(is_scored ? fs::path(o.run) : fs::path(o.run) / files::manifest);
  inputs.emplace_back(o.features.description);
  prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  c.phases.begin("segments");
  Grouped grouped =
      is_scored ? scored_groups(c, shards, *known.model, o.guard) : labelled_groups(c.comm, shards, o.run);
  if (known.model) grouped.segments = std::max(grouped.segments, known.model->segments());
  c.phases.begin("profile");
  const portfolio::Schema schema = portfolio::leave_out_id_like(c.comm, shards, std::move(known.schema), notes);
  profile::Profile exact = profile::compute_profile(
      c.comm, shards,
      profile::profiled_columns(schema, known.model ? columns_in_distance(*known.model) : std::vector<std::string>()),
      {grouped.local_group, grouped.segments + 1}, notes);
  profile::Profile found = comm::agree(c.comm, [&] {
    profile::Profile told = profile::disclosed(std::move(exact), o.disclosure);
    profile::risk_rates(told, {});  // throws where a column under risk is no flag
    return told;
  });
  return {std::move(shards), std::move(found), std::move(known.previous), std::move(known.config),
          joined(std::move(grouped.warnings), notes.warnings())};
}

}  // namespace cardseg::run
