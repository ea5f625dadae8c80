#include "cardseg/report/fit_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/bound_text.hpp"
#include "cardseg/report/imputed.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/reached.hpp"

namespace cardseg::report {
namespace {

// "a tree of 7 rules is right for 83.5 % at 1.073 x the squared distances, of 28 for 89.6 %"
std::string rules_text(const std::vector<profile::RuleTree>& trees) {
  const profile::RuleTree& least = trees.front();
  const profile::RuleTree& most = trees.back();
  const auto leaves = [](const profile::RuleTree& tree) { return std::ssize(tree.leaves); };
  std::string text =
      fmt::format("a tree of {} is right for {} at {} x the squared distances", counted(leaves(least), "rule"),
                  shown_share(least.own_share), shown_fixed(least.cost, 3));
  if (leaves(most) > leaves(least))
    text += fmt::format(", of {} for {}", shown_count(leaves(most)), shown_share(most.own_share));
  return text;
}

}  // namespace

Document fit_summary(const segments::Model& model, const FitRun& run) {
  Document summary;
  summary.add(Facts{{{"fit", fmt::format("{}, {}, {}", counted(run.rows.done, "customer"),
                                         counted(model.layout.features(), "feature"),
                                         counted(model.centroids.segments, "segment"))}}});
  summary.add(segment_table(model.totals, model.names, run.disclosure, run.rows.not_segmented));
  Facts facts;
  facts.facts.push_back(
      {"inertia", fmt::format("{}: restart {} of {}, {}, stopped by {}", shown_number(model.totals.total_inertia, 10),
                              model.fit.best_restart + 1, shown_count(model.fit.restarts),
                              counted(model.fit.iterations, "iteration"), model.fit.stop)});
  if (const std::string reached = reached_text(model.fit); !reached.empty()) facts.facts.push_back({"", reached});
  if (const std::string bound = bound_text(model); !bound.empty()) facts.facts.push_back({"", bound});
  if (!run.trees.empty()) facts.facts.push_back({"rules", rules_text(run.trees)});
  facts.facts.push_back(
      {"screen", shown_number(100 * run.unsettled_share) + " % of the assignments were left to double precision"});
  for (const std::string& warning : run.warnings) facts.facts.push_back({"warning", warning});
  for (const portfolio::Column* column : model.unused())
    facts.facts.push_back({"unused", fmt::format("column {} ({})", column->name, column->reason)});
  for (const std::string& text : imputed_texts(model, run.disclosure.min_cell))
    facts.facts.push_back({"imputed", "column " + text});
  facts.facts.push_back(row_fact(run.rows, "labelled"));
  for (const Facts::Fact& fact : cost_facts(run.costs)) facts.facts.push_back(fact);
  facts.facts.push_back({"files", fmt::format("{0}/report.html, {0}/segments.csv, {0}/rules.csv, {0}/model.json, "
                                              "{0}/labels/",
                                              run.directory)});
  facts.facts.push_back(
      {"next", fmt::format("cardseg assign --model {}/model.json --shards NEW_SHARDS --output scored", run.directory)});
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
