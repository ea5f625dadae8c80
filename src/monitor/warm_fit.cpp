#include "cardseg/monitor/warm_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cardseg/cluster/assigner.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/number_text.hpp"
#include "cardseg/core/share_text.hpp"
#include "cardseg/monitor/segment_fates.hpp"

namespace cardseg::monitor {
namespace {

using cluster::Centroids;
using core::Error;
using core::ExitCode;
using core::field;

double share_of(const std::string& text) {
  if (const std::optional<double> share = core::share_in(text)) return *share;
  throw Error(ExitCode::usage, field("max-moved") + " cannot be '" + text + "'")
      .remedy("Write a share from 0 to 1: 0.15 or 15%");
}

// c = (S_j + w p_j c_j) / (n_j + w p_j)
Centroids updated(const cluster::SumGrids& grids, const cluster::SegmentSums& sums, const Centroids& old,
                  const std::vector<double>& prior, const Centroids& now) {
  Centroids next = now;
  for (int j = 0; j < now.segments; ++j) {
    const double held = prior[static_cast<std::size_t>(j)];
    const double mass = sums.mass(j) + held;
    if (mass == 0) continue;
    for (int f = 0; f < now.features; ++f) {
      const auto i = static_cast<std::size_t>(j * now.features + f);
      const double sum = grids.feature[static_cast<std::size_t>(f)].value(sums.sums[i]);
      next.values[i] = (held > 0 ? sum + held * old.values[i] : sum) / mass;
    }
  }
  return next;
}

// Without those of the padding behind the last row.
template <class T>
std::vector<std::int32_t> row_labels(const cluster::Assigner<T>& assigner, std::int64_t rows) {
  const std::vector<std::int32_t>& labels = assigner.labels();
  return {labels.begin(), labels.begin() + rows};
}

// Collective.
template <class T>
WarmFit fit_with(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const cluster::SumGrids& grids,
                 const Centroids& old, std::int64_t weight, int max_iterations) {
  WarmFit fit;
  fit.weight = weight;
  fit.centroids = old;
  cluster::Assigner<T> assigner(matrix, grids, old.segments, cluster::Algorithm::automatic);
  cluster::SegmentSums local_sums(old.segments, old.features);
  std::vector<double> prior;
  while (true) {
    const cluster::PassCounts counts = comm::agree(comm, [&] { return assigner.pass(fit.centroids, local_sums); });
    cluster::ModelPass passed{local_sums, counts};
    cluster::reduce(comm, grids, std::span(&passed, 1));
    ++fit.iterations;
    if (fit.iterations == 1) {
      for (const std::int64_t customers : passed.sums.customers)
        prior.push_back(static_cast<double>(weight) * static_cast<double>(customers));
      comm::agree(comm, [&] {
        assigner.in_row_order();
        fit.local_old = row_labels(assigner, matrix.rows());
      });
    }
    Centroids next = updated(grids, passed.sums, old, prior, fit.centroids);
    fit.is_fixed_point = next.values == fit.centroids.values;
    if (fit.is_fixed_point || fit.iterations == max_iterations) break;
    assigner.moved(fit.centroids, next, max_iterations - fit.iterations);
    fit.centroids = std::move(next);
  }
  comm::agree(comm, [&] {
    assigner.in_row_order();
    fit.local_new = row_labels(assigner, matrix.rows());
  });
  return fit;
}

// Collective. Customers by both models, and those whose number changes.
void count_moved(const comm::Communicator& comm, WarmFit& fit) {
  const int segments = fit.centroids.segments;
  fit.shared = quality::Contingency(segments, segments);
  for (std::size_t i = 0; i < fit.local_new.size(); ++i) ++fit.shared.at(fit.local_old[i], fit.local_new[i]);
  comm.allreduce_sum(std::span(fit.shared.customers));
  const SegmentFates fates = segment_fates(fit.shared);
  fit.moved = 0;
  for (const OldSegment& old : fates.old) fit.moved += old.customers - old.kept;
}

}  // namespace

core::OptionTable describe(WarmFitOptions& o) {
  using core::Shapes;
  return {"Refresh",
          {core::custom([&o] { return core::number_text(o.max_moved); },
                        [&o](const std::string& text) { o.max_moved = share_of(text); },
                        {"max-moved", "SHARE", Shapes::result,
                         "the largest share of customers that may change segment by the new model alone: 15%"}),
           core::toggle(o.any_move, {"any-move", "", Shapes::result, "no limit: segments go where customers are"}),
           core::number(o.max_iterations, {1, 1'000'000},
                        {"max-iterations", "N", Shapes::result, "iterations after which a fit stops"})}};
}

void validate(const WarmFitOptions& options) {
  WarmFitOptions checked = options;
  core::validate(describe(checked));
}

template <class T>
WarmFit warm_fit(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const Centroids& old,
                 const WarmFitOptions& options, core::Events& events) {
  const std::int64_t customers = comm.sum(matrix.rows());
  if (customers == 0)
    throw comm::AgreedError(Error(ExitCode::bad_data, "there is no customer").remedy("Name shards that hold some"));
  const cluster::SumGrids grids = cluster::make_grids(comm, matrix);
  const double may_move = options.max_moved * static_cast<double>(customers);
  WarmFit fit;
  for (const std::int64_t weight : prior_weights) {
    fit = fit_with(comm, matrix, grids, old, weight, options.max_iterations);
    count_moved(comm, fit);
    const double share = static_cast<double>(fit.moved) / static_cast<double>(customers);
    events.info(fmt::format("prior weight {}: {} iterations, {:.2f} % of the customers change segment", weight,
                            fit.iterations, 100 * share));
    if (options.any_move || static_cast<double>(fit.moved) <= may_move) return fit;
  }
  throw comm::AgreedError(
      Error(ExitCode::permission,
            fmt::format("{:.2f} % of the customers would change segment by the new model alone, and {} allows {:.2f} %",
                        100 * static_cast<double>(fit.moved) / static_cast<double>(customers), field("max-moved"),
                        100 * options.max_moved))
          .remedy("Allow more with " + field("max-moved") + ", let segments go where customers are with " +
                  field("any-move") + ", or keep the old model"));
}

template WarmFit warm_fit<float>(const comm::Communicator&, portfolio::FeatureMatrix<float>&, const Centroids&,
                                 const WarmFitOptions&, core::Events&);
template WarmFit warm_fit<double>(const comm::Communicator&, portfolio::FeatureMatrix<double>&, const Centroids&,
                                  const WarmFitOptions&, core::Events&);

}  // namespace cardseg::monitor
