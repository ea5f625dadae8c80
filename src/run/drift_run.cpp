#include "cardseg/run/drift_run.hpp"

#include <fmt/format.h>

#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/monitor/drift_tables.hpp"
#include "cardseg/monitor/month.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/run/check_portfolio.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/model_json.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;

void check_baseline(const segments::Model& model, const std::string& file) {
  if (model.baseline && !model.baseline->columns.empty()) return;
  throw Error(ExitCode::bad_data, model.baseline
                                      ? "the model's baseline has no columns: it was fitted on too few customers"
                                      : "the model has no baseline, which a month is compared with")
      .in_file(file)
      .remedy(model.baseline ? "Fit on more customers, or with a smaller " + field("min-cell")
                             : "Only 'cardseg fit' writes one: fit again, from the same centroids with " +
                                   field("seeding") + " file and " + field("centroids") + " " + file);
}

void check_any_customers(const io::ShardSet& shards) {
  if (shards.rows() > 0) return;
  throw Error(ExitCode::bad_data, "the shards hold no customers: there is no month to compare")
      .in_file(shards.shards().front().header.path.string())
      .remedy("Look for the month's own shards");
}

ResultConfig config_of(const DriftOptions& options, const segments::Model& model,
                       const monitor::DriftHistory& history) {
  DriftOptions described = options;
  ResultConfig config = result_config(describe(described));
  config.emplace_back("model_id", segments::model_id(model));
  for (const monitor::EarlierMonth& month : history.months) config.emplace_back("history " + month.name, month.sha256);
  return config;
}

std::vector<monitor::Refusal> refusals_of(const segments::Model& model, const monitor::Month& month,
                                          const GuardOptions& guard) {
  std::vector<monitor::Refusal> refusals;
  for (const ShiftFinding& finding : find_shifts(model, month.shifts, guard))
    if (finding.is_refused) refusals.push_back({finding.column, finding.text});
  return refusals;
}

}  // namespace

cli::OptionTables describe(DriftOptions& o) {
  return {describe(o.score),
          describe(o.input),
          describe(o.watch),
          core::without(describe(o.guard), {"no-guard"}),
          {"History",
           {core::text(o.history, {"history", "DIR", core::Shapes::nothing,
                                   "directory of earlier months: DIR/*/drift.json of this model become curves"})}},
          describe(o.output)};
}

void validate(const DriftOptions& options) {
  validate(options.input);
  validate(options.output);
  validate(options.score);
  validate(options.watch);
  validate(options.guard);
}

std::vector<TextFile> RunDrift::texts() const {
  return {{files::report, [this] { return report::html(report::drift_report(content())); }},
          {files::drift_csv, [this] { return monitor::drift_csv(drift); }},
          {files::drift_json, [this] { return monitor::drift_json(drift, segments::model_id(model)); }}};
}

RunDrift watch_month(cli::Context& c, const DriftOptions& o) {
  struct Known {
    segments::Model model;
    monitor::DriftHistory history;
    ResultConfig config;
  };
  Known known = comm::agree(c.comm, [&] {
    Known read{segments::read_model(o.score.model), {}, {}};
    check_baseline(read.model, o.score.model);
    if (!o.history.empty())
      read.history = monitor::read_history(o.history, o.output.output, segments::model_id(read.model));
    read.config = config_of(o, read.model, read.history);
    return read;
  });
  c.phases.begin("headers");
  io::ShardSet shards(c.comm, {o.input.shards.begin(), o.input.shards.end()}, cli::read_options(o.input));
  comm::agree(c.comm, [&] {
    segments::check_schema(known.model, shards);
    check_any_customers(shards);
  });
  std::vector<std::filesystem::path> inputs = shards.paths();
  inputs.emplace_back(o.score.model);
  prepare_run_directory(c.comm, o.output.output, o.output.overwrite, inputs);
  std::vector<std::string> warnings = check_scored(c, known.model, shards);
  c.phases.begin("score");
  const monitor::Month month = monitor::count_month(c.comm, shards, known.model, c.console);
  c.phases.begin("judge");
  monitor::Drift drift = comm::agree(
      c.comm, [&] { return monitor::judge(known.model, month, refusals_of(known.model, month, o.guard), o.watch); });
  return {std::move(shards),       std::move(known.model), o.watch, std::move(drift), std::move(known.history),
          std::move(known.config), std::move(warnings)};
}

core::ExitCode verdict_code(cli::Context& context, const RunDrift& found) {
  const monitor::FailOn fail_on = found.watch.fail_on;
  const bool is_bad = (fail_on == monitor::FailOn::red && found.drift.light == monitor::Light::red) ||
                      (fail_on == monitor::FailOn::amber && found.drift.light != monitor::Light::green);
  if (!is_bad) return ExitCode::done;
  context.console.warning(
      fmt::format("the month is {}, which ends the job with exit code 65 ({} {}); its files are there",
                  name_of(found.drift.light), field("fail-on"), monitor::fail_on_names[fail_on]));
  return ExitCode::bad_data;
}

}  // namespace cardseg::run
