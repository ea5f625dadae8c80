#include "cardseg/run/profile_portfolio.hpp"

#include "cardseg/profile/compute_profile.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/profile_tables.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {

std::vector<std::string> columns_in_distance(const segments::Model& model) {
  std::vector<std::string> names;
  for (const portfolio::FittedColumn& column : model.columns)
    if (column.is_feature()) names.push_back(column.column.name);
  return names;
}

PortfolioProfile profile_scored(const ScoredPortfolio& scored, const profile::DisclosureOptions& disclosure,
                                core::Events& events) {
  profile::Profile exact = profile::compute_profile(
      scored.comm, scored.shards, profile::profiled_columns(scored.schema, columns_in_distance(scored.model)),
      {scored.local_scores.segment, scored.model.segments() + 1}, events);
  PortfolioProfile found;
  found.baseline.scores = profile::score_quantiles(scored.comm, scored.local_scores, exact.customers, disclosure);
  comm::agree(scored.comm, [&] {
    found.baseline.min_cell = disclosure.min_cell;
    found.baseline.columns = profile::baseline_columns(exact, disclosure);
    found.published = profile::disclosed(std::move(exact), disclosure);
    profile::risk_rates(found.published, {});  // throws where a column under risk is no flag
    found.baseline.customers = found.published.customers;
    found.baseline.values = profile::baseline_values(found.published);
  });
  return found;
}

PortfolioProfile profile_portfolio(PortfolioRun& run, const segments::Model& model,
                                   const cluster::Scores& local_scores) {
  return profile_scored({run.context().comm, run.shards(), run.schema(), model, local_scores}, run.options().disclosure,
                        run.loading());
}

std::vector<TextFile> profile_texts(const profile::Profile& profile, const std::vector<profile::RiskRate>& previous) {
  std::vector<TextFile> texts = {{files::profile_csv, [&] { return profile::profile_csv(profile); }},
                                 {files::profile_json, [&] { return profile::profile_json(profile); }}};
  for (const profile::Crosstab& crosstab : profile.crosstabs)
    texts.push_back(
        {profile::crosstab_file_name(crosstab.column.name), [&] { return profile::crosstab_csv(crosstab); }});
  if (const std::vector<profile::RiskRate> rates = profile::risk_rates(profile, previous); !rates.empty())
    texts.push_back({files::risk_csv, [rates] { return profile::risk_csv(rates); }});
  return texts;
}

}  // namespace cardseg::run
