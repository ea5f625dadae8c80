#include "cardseg/quality/agreement.hpp"

#include <cmath>
#include <limits>

#include "cardseg/quality/adjusted_rand.hpp"
#include "quality/pair_tables.hpp"

namespace cardseg::quality {

using cluster::FitResult;
using portfolio::FeatureMatrix;

template <class T>
std::vector<double> agreement_with_best(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                        const FitResult& fitted) {
  std::vector<double> agreement(fitted.restarts.size(), 1.0);
  if (agreement.size() < 2) return agreement;
  std::vector<cluster::Centroids> sets;
  std::vector<SetPair> pairs;
  const auto best = static_cast<std::size_t>(fitted.best_restart);
  for (const cluster::RestartResult& restart : fitted.restarts) {
    if (sets.size() != best) pairs.push_back({best, sets.size()});
    sets.push_back(restart.centroids);
  }
  const std::vector<Contingency> tables = count_pairs(comm, matrix, sets, pairs);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const cluster::RestartResult& restart = fitted.restarts[pairs[p].second];
    const bool was_given_up = restart.stop == cluster::StopReason::losing || !std::isfinite(restart.inertia);
    agreement[pairs[p].second] = was_given_up ? std::numeric_limits<double>::quiet_NaN() : adjusted_rand(tables[p]);
  }
  return agreement;
}

double mean_agreement(const std::vector<double>& agreement, int best_restart) {
  double sum = 0.0;
  int others = 0;
  for (std::size_t r = 0; r < agreement.size(); ++r) {
    if (static_cast<int>(r) == best_restart || std::isnan(agreement[r])) continue;
    sum += agreement[r];
    ++others;
  }
  return others > 0 ? sum / others : std::numeric_limits<double>::quiet_NaN();
}

template std::vector<double> agreement_with_best<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                        const FitResult&);
template std::vector<double> agreement_with_best<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                         const FitResult&);

}  // namespace cardseg::quality
