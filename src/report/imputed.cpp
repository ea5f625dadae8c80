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

std::vector<std::string> imputed_texts(const segments::Model& model) {
  std::vector<std::string> texts;
  for (const portfolio::FittedColumn& each : model.columns) {
    if (!each.is_feature() || each.facts.missing == 0) continue;
    texts.push_back(fmt::format("{}: {} of {} ({}), by {}", each.column.name, shown_count(each.facts.missing),
                                shown_count(each.facts.present + each.facts.missing),
                                shown_share(each.facts.missing_share()), replacement(each.column.settings.missing)));
  }
  return texts;
}

}  // namespace cardseg::report
