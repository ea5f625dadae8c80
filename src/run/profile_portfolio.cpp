#include "cardseg/run/profile_portfolio.hpp"

#include <algorithm>

#include "cardseg/comm/agree.hpp"
#include "cardseg/profile/compute_profile.hpp"
#include "cardseg/profile/profile_tables.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

std::vector<std::string> columns_in_distance(const segments::Model& model) {
  std::vector<std::string> names;
  for (const portfolio::FittedColumn& column : model.columns)
    if (column.is_feature()) names.push_back(column.column.name);
  return names;
}

// Of each local row its segment, from 1.
std::vector<std::int32_t> groups_of(const cluster::Scores& local_scores) {
  std::vector<std::int32_t> groups(local_scores.segment.size());
  std::ranges::transform(local_scores.segment, groups.begin(), [](std::int32_t segment) { return segment + 1; });
  return groups;
}

}  // namespace

profile::Profile profile_portfolio(PortfolioRun& run, const segments::Model& model,
                                   const cluster::Scores& local_scores) {
  cli::Context& c = run.context();
  const auto groups = comm::agree(c.comm, [&] { return groups_of(local_scores); });
  return profile::compute_profile(c.comm, run.shards(),
                                  profile::profiled_columns(run.schema(), columns_in_distance(model)),
                                  {groups, model.segments() + 1}, run.loading());
}

std::vector<TextFile> profile_texts(const profile::Profile& profile) {
  std::vector<TextFile> texts = {{files::profile_csv, [&] { return profile::profile_csv(profile); }},
                                 {files::profile_json, [&] { return profile::profile_json(profile); }}};
  for (const profile::Crosstab& crosstab : profile.crosstabs)
    texts.push_back({files::crosstab_csv(crosstab.column.name), [&] { return profile::crosstab_csv(crosstab); }});
  return texts;
}

}  // namespace cardseg::run
