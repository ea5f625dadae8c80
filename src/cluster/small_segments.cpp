#include "cardseg/cluster/small_segments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/share_text.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cluster/removal_costs.hpp"

namespace cardseg::cluster {
namespace {

using core::Error;
using core::ExitCode;
using core::field;

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::optional<double> share_in(const std::string& text) {
  const std::optional<double> share = core::share_in(text);
  return share && *share < 1 && text.find_first_of(".%") != std::string::npos ? share : std::nullopt;
}

}  // namespace

core::OptionTable describe(SizeOptions& o) {
  return {"Sizes",
          {core::text(o.min_segment,
                      {"min-segment", "SIZE", core::Shapes::result,
                       "customers that a segment has at least, 5000 or 2% of all: smaller ones are merged into the "
                       "neighbour that costs least (Ward), and the fit iterates again; default: any size"})}};
}

void validate(const SizeOptions& o) {
  if (o.min_segment.empty() || number_in(o.min_segment) || share_in(o.min_segment)) return;
  throw Error(ExitCode::usage, field("min-segment") + " cannot be '" + o.min_segment + "'")
      .remedy("Write a number of customers, 5000, or a share of them below 100%: 2%");
}

std::int64_t least_customers(const SizeOptions& o, std::int64_t customers) {
  if (o.min_segment.empty()) return 0;
  const std::optional<double> share = share_in(o.min_segment);
  const std::int64_t least = share ? static_cast<std::int64_t>(std::ceil(*share * static_cast<double>(customers)))
                                   : number_in(o.min_segment).value_or(0);
  if (least <= customers) return least;
  throw Error(ExitCode::usage, fmt::format("{} is {}, but there are {} customers", field("min-segment"),
                                           core::with_commas(least), core::with_commas(customers)))
      .remedy("Ask for smaller segments, or for a share of the customers: 2%");
}

MergedSegment merge_smallest(Centroids& means, const std::vector<std::int64_t>& customers) {
  const auto smallest =
      static_cast<int>(std::min_element(customers.rbegin(), customers.rend()).base() - customers.begin() - 1);
  const auto of = [&](int segment) { return customers[static_cast<std::size_t>(segment)]; };
  const Removal removal = merge_costs(means, masses_of(customers))[static_cast<std::size_t>(smallest)];
  MergedSegment merged{of(smallest), 0, 0.0};
  if (removal.neighbour >= 0) {
    merged.into = of(removal.neighbour);
    merged.cost = removal.cost;
    const double share = mass_of(of(smallest)) / (mass_of(of(smallest)) + mass_of(of(removal.neighbour)));
    for (int f = 0; f < means.features; ++f) {
      double& mean = means.row(removal.neighbour)[f];
      mean += share * (means.row(smallest)[f] - mean);
    }
  }
  const auto first = means.values.begin() + std::ptrdiff_t{smallest} * means.features;
  means.values.erase(first, first + means.features);
  --means.segments;
  return merged;
}

template <class T>
FinalScores score_large_enough(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, FitOptions options,
                               std::int64_t least, FitResult& fitted, std::vector<MergedSegment>& merged,
                               core::Events& events) {
  FinalScores scores = score_by_size(comm, matrix, std::move(fitted.centroids));
  options.seeding = Seeding::file;
  options.restarts = 1;
  while (scores.centroids.segments > 1 && std::ranges::min(scores.totals.customers) < least) {
    FitControl control{.given = std::move(scores.centroids)};
    merged.push_back(merge_smallest(*control.given, scores.totals.customers));
    options.segments = control.given->segments;
    const FitResult again = fit(comm, matrix, options, events, control);
    fitted.iterations += again.iterations;
    fitted.moves_iterations += again.best().iterations;
    fitted.moves_unsettled += again.best().unsettled;
    fitted.stop = again.stop;
    scores = score_by_size(comm, matrix, again.centroids);
  }
  fitted.centroids = scores.centroids;
  return scores;
}

template FinalScores score_large_enough<float>(const comm::Communicator&, portfolio::FeatureMatrix<float>&, FitOptions,
                                               std::int64_t, FitResult&, std::vector<MergedSegment>&, core::Events&);
template FinalScores score_large_enough<double>(const comm::Communicator&, portfolio::FeatureMatrix<double>&,
                                                FitOptions, std::int64_t, FitResult&, std::vector<MergedSegment>&,
                                                core::Events&);

}  // namespace cardseg::cluster
