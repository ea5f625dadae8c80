#include "report/rules_chapter.hpp"

#include <fmt/format.h>

#include <optional>

#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"
#include "report/rule_words.hpp"

namespace cardseg::report {
namespace {

using profile::Rule;
using profile::RuleTree;

constexpr const char* file = "rules.csv";

Table best_table(const FitContent& content) {
  Table table{"The rule that tells each segment best",
              {{"Segment"},
               {"Rule"},
               {"Customers", Format::count},
               {"Right for", Format::share, fitting_decimals},
               {"Finds", Format::share, fitting_decimals},
               {"Lift", Format::factor}},
              {},
              {},
              file};
  for (int j = 1; j <= content.shown_segments(); ++j) {
    const std::optional<Rule>& rule = content.evidence.rules.best[static_cast<std::size_t>(j - 1)];
    const Cell name(content.name(j), 0.0, j);
    if (rule)
      table.rows.push_back({name, rule_words(*rule, content.model), cell_of(rule->customers), cell_of(rule->precision),
                            cell_of(rule->recall), cell_of(rule->lift)});
    else
      table.rows.push_back({name, "none that could be told of", {}, {}, {}, {}});
  }
  return table;
}

Table trees_table(const std::vector<RuleTree>& trees) {
  Table table{"Trees of rules for all segments together",
              {{"Tree"},
               {"Leaves", Format::count},
               {"Questions at most", Format::count},
               {"Right for", Format::share, fitting_decimals},
               {"Squared distances", Format::factor}},
              {}};
  static constexpr const char* names[] = {"A leaf a segment", "Grown to twice as many", "Grown to four times as many"};
  for (std::size_t t = 0; t < trees.size(); ++t)
    table.rows.push_back(
        {names[t], std::ssize(trees[t].leaves), std::int64_t{trees[t].depth}, trees[t].own_share, trees[t].cost});
  return table;
}

Details leaves_of(const FitContent& content, const RuleTree& tree) {
  Table table{"The tree with a leaf a segment",
              {{"Segment"},
               {"Rule"},
               {"Customers", Format::count},
               {"Right for", Format::share, fitting_decimals},
               {"Finds", Format::share, fitting_decimals}},
              {},
              {},
              file};
  for (const Rule& leaf : tree.leaves)
    table.rows.push_back({Cell(content.name(leaf.segment), 0.0, leaf.segment), rule_words(leaf, content.model),
                          cell_of(leaf.customers), cell_of(leaf.precision), cell_of(leaf.recall)});
  return {"The questions of the smallest tree", {{std::move(table)}}};
}

}  // namespace

Document rules_chapter(const FitContent& content) {
  Document chapter;
  const profile::Rules& rules = content.evidence.rules;
  if (rules.trees.empty()) return chapter;
  const RuleTree& tree = rules.trees.front();
  chapter.add(Heading{2, "Said in rules"});
  chapter.add(Paragraph{fmt::format(
      "The model decides by distance; rules only come close. A tree of at most {} is right for {} of the "
      "customers: it gives them the segment that the model gives. For the others the model and the tree differ.",
      counted(tree.depth, "question"), shown_share(tree.own_share))});
  chapter.add(best_table(content));
  chapter.add(Note{
      "Right for: of the customers who meet the rule, those who are in the segment. Finds: of the segment's customers, "
      "those who meet the rule. Lift: how much more often than among all customers a customer who meets the rule is in "
      "the segment. Figures are counts of all customers by the rules as they stand here, thresholds as rounded."});
  chapter.add(trees_table(rules.trees));
  chapter.add(
      Note{"Squared distances: the sum of those to the centre of everybody whom the tree gives a segment, by the sum "
           "of those "
           "of the model; 1 x would be the model itself."});
  chapter.add(leaves_of(content, tree));
  return chapter;
}

}  // namespace cardseg::report
