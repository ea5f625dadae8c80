#include "cardseg/report/imputed.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

const char* replacement(portfolio::Missing missing) {
  switch (missing) {
    case portfolio::Missing::mean: return "its mean";
    case portfolio::Missing::median: return "its median";
    case portfolio::Missing::zero: return "zero";
    case portfolio::Missing::mode: return "its most frequent level";
    case portfolio::Missing::indicator: return "an indicator of its own";
    case portfolio::Missing::error: break;  // there are none
  }
  return "nothing";
}

std::vector<std::string> imputed_texts(const segments::Model& model, std::int64_t min_cell) {
  std::vector<std::string> texts;
  for (const portfolio::FittedColumn& each : model.columns) {
    if (!each.is_feature() || each.facts.missing == 0) continue;
    const std::string all = shown_count(each.facts.present + each.facts.missing);
    const std::string how_many = each.facts.missing < min_cell
                                     ? fmt::format("fewer than {} of {}", min_cell, all)
                                     : fmt::format("{} of {} ({})", shown_count(each.facts.missing), all,
                                                   shown_share(each.facts.missing_share()));
    texts.push_back(
        fmt::format("{}: {}, by {}", each.column.name, how_many, replacement(each.column.settings.missing)));
  }
  return texts;
}

}  // namespace cardseg::report
