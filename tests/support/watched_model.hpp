// The model of small_model.hpp with what months are compared with.
#pragma once

#include "support/small_model.hpp"

namespace cardseg::support {

// 73 customers in segments of 50, 20 and 3: of the first feature two bins, of an unused text two levels.
inline segments::Model watched_model() {
  segments::Model model = small_model();
  profile::Baseline& baseline = model.baseline.emplace();
  baseline.min_cell = 10;
  baseline.customers = {{73}, {50}, {20}, {0, true}};
  profile::BaselineColumn balance;
  balance.column = model.columns[1].column;
  balance.edges = {12.5};
  balance.low = -1.5;
  balance.high = 99.0;
  balance.counts = {{{0}, {13}, {40}, {20}}, {{0}, {10}, {30}, {10}}, {{0}, {0, true}, {10}, {0, true}}, {}};
  balance.counts[3].assign(4, {0, true});
  profile::BaselineColumn city;
  city.column = model.columns[3].column;
  city.column.levels.known = {{"Bonn", 0, 0.0}, {"Ulm", 0, 1.0}};
  city.counts.assign(4, std::vector<profile::Count>(4, {0, true}));
  city.counts[0] = {{0}, {40}, {33}, {0}};
  baseline.columns = {balance, city};
  baseline.scores.resize(4);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t q = 0; q < profile::quantile_shares.size(); ++q) {
    baseline.scores[0].distance[q] = {0.5 * static_cast<double>(q)};
    baseline.scores[0].margin[q] = {profile::quantile_shares[q]};
    for (std::size_t g = 1; g < 4; ++g) baseline.scores[g].distance[q] = baseline.scores[g].margin[q] = {nan, true};
  }
  baseline.space = {{0.25, -1.0 / 3}, {{1.0, 0.0}}, 3.0, 0.75};
  return model;
}

}  // namespace cardseg::support
