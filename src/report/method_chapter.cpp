#include "report/method_chapter.hpp"

#include <fmt/format.h>

#include "cardseg/report/bound_text.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/reached.hpp"
#include "cardseg/report/run_summary.hpp"
#include "cardseg/segments/model_json.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

constexpr int digits_of_inertia = 10;

Facts search_facts(const segments::Model& model) {
  const segments::FitRecord& fit = model.fit;
  Facts facts;
  facts.facts = {{"Method",
                  "k-means: every customer belongs to the nearest centre, every centre is the mean of its "
                  "customers"},
                 {"Inertia", shown_number(model.totals.total_inertia, digits_of_inertia) +
                                 " (sum of squared distances to the centres)"}};
  if (!model.population.is_everybody())
    facts.facts.insert(facts.facts.begin(),
                       {"Customers", population_text(model.population,
                                                     model.totals.all_customers() + model.population.not_segmented)});
  if (const std::string reached = reached_text(fit); !reached.empty()) facts.facts.push_back({"", reached});
  if (const std::string bound = bound_text(model); !bound.empty()) facts.facts.push_back({"", bound});
  facts.facts.insert(facts.facts.end(),
                     {{"Restarts", fmt::format("{}, of which number {} was the best", shown_count(fit.restarts),
                                               fit.best_restart + 1)},
                      {"Iterations", fmt::format("{}, stopped by {}", shown_count(fit.iterations), fit.stop)},
                      {"Seed", fit.option("seed")},
                      {"Model", segments::model_id(model)},
                      {"Program", fmt::format("cardseg {} ({})", model.program.version, model.program.commit)}});
  return facts;
}

Table option_table(const segments::Model& model) {
  Table table{"Options that shaped the model", {{"Option"}, {"Value"}}, {}, {}, "manifest.json"};
  for (const auto& [name, value] : model.fit.options) table.rows.push_back({name, value.empty() ? nothing : value});
  return table;
}

Facts glossary() {
  return {
      {{"Segment", "A group of customers who are alike in the columns that shaped it. Every customer is in one."},
       {"Driver", "A column in which a segment differs from the portfolio, the largest standardised difference first."},
       {"Standardised difference",
        "The segment's mean minus the portfolio's, by the standard deviation of all customers. "
        "It is an effect size: it does not grow with the number of customers."},
       {"Index, 4.1 x", "The segment's mean, or share, as a multiple of the portfolio's. An index of 410 is 4.1 x."},
       {"Median", "Half of the customers lie below it, half above."},
       {"5 to 95 %", "Nine of ten customers lie between these two values."},
       {"Silhouette",
        "How much nearer customers are to the others of their own segment than to those of the next one, on "
        "average: 1 far apart, 0 on the border, below 0 nearer to the next one."},
       {"Separation",
        "The share of a column's variance that lies between segments: 0 they are the same in it, 100 % it "
        "tells them apart without overlap."},
       {"RMS distance",
        "The root mean square distance of a segment's customers to its centre, on the scale that "
        "segments were made on: the smaller, the more alike they are."},
       {"Inertia", "The sum of squared distances of all customers to their centres: what the method makes small."},
       {"Disparity ratio", "The share of a group in a segment, as a multiple of its share in the portfolio."},
       {"Cramer's V", "How strongly two ways to divide customers are related: 0 not at all, 1 they are the same."},
       {withheld,
        "Withheld: the figure would say too much of single customers, or let another such figure be computed."}}};
}

}  // namespace

Document method_chapter(const FitContent& content) {
  Document chapter;
  chapter.add(Heading{2, "How it was made"});
  chapter.add(search_facts(content.model));
  if (!content.model.fit.options.empty()) chapter.add(Details{"Configuration", {{option_table(content.model)}}});
  chapter.add(Note{
      "The same customers in the same order give the same page, byte by byte, on any machine and in any number of "
      "files: manifest.json names the files that were read, with their SHA-256. The page holds aggregates only, no "
      "customer's values."});
  chapter.add(Heading{2, "Glossary"});
  chapter.add(glossary());
  return chapter;
}

}  // namespace cardseg::report
