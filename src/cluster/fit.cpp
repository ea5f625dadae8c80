#include "cardseg/cluster/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/cluster/screen.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/portfolio/precision.hpp"
#include "cluster/fits.hpp"

namespace cardseg::cluster {
namespace {

using comm::Communicator;
using core::Error;
using core::ExitCode;
using portfolio::FeatureMatrix;

template <class T>
void check_enough_customers(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers,
                            int segments) {
  if (customers == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers");
    throw comm::AgreedError(error.remedy("Check the path given with " + core::field("shards")));
  }
  if (matrix.features() > max_features)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, fmt::format("{} features; {} is the limit", matrix.features(), max_features)));
  const std::int64_t distinct = count_distinct(comm, matrix, segments);
  if (distinct >= segments) return;
  const std::string reason =
      distinct == customers
          ? fmt::format("there are only {} customers", customers)
          : fmt::format(
                "only {} of {} customers differ in their features as these are stored ({})", distinct, customers,
                name_of(sizeof(T) == sizeof(float) ? portfolio::Precision::float32 : portfolio::Precision::float64));
  Error error(ExitCode::bad_data, fmt::format("{} segments were asked for, but {}", segments, reason));
  throw comm::AgreedError(error.remedy(fmt::format("Use {} {} or fewer", core::field("segments"), distinct)));
}

// Distances to larger centroids could be infinite, and a customer would be in no segment.
constexpr double largest_coordinate = 1e150;

void check_given(const Centroids& given, int segments, int features) {
  if (given.segments != segments || given.features != features)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, fmt::format("{} centroids of {} features are given where {} of {} are needed",
                                              given.segments, given.features, segments, features)));
  for (double value : given.values)
    if (!(std::abs(value) <= largest_coordinate))
      throw comm::AgreedError(Error(
          ExitCode::bad_data, "a given centroid has a coordinate that is not a number or exceeds 1e150 in magnitude"));
}

}  // namespace

std::int64_t FitResult::assigned() const {
  std::int64_t passes = moves_iterations;
  for (const RestartResult& restart : restarts) passes += restart.iterations;
  return passes * customers;
}

std::int64_t FitResult::unsettled() const {
  std::int64_t sum = moves_unsettled;
  for (const RestartResult& restart : restarts) sum += restart.unsettled;
  return sum;
}

double unsettled_share(std::span<const FitResult> results) {
  std::int64_t unsettled = 0;
  std::int64_t assigned = 0;
  for (const FitResult& result : results) {
    unsettled += result.unsettled();
    assigned += result.assigned();
  }
  return assigned > 0 ? static_cast<double>(unsettled) / static_cast<double>(assigned) : 0.0;
}

template <class T>
std::vector<FitResult> fit_each(const Communicator& comm, FeatureMatrix<T>& matrix,
                                const std::vector<FitOptions>& options, core::Events& events,
                                const FitControl& control) {
  if (options.empty()) return {};
  const auto most = std::ranges::max_element(options, {}, &FitOptions::segments);
  check_enough_customers(comm, matrix, comm.sum(matrix.rows()), most->segments);
  if (control.given) check_given(*control.given, most->segments, matrix.features());
  const Basis basis = make_basis(comm, matrix);
  const FitSetting<T> setting{comm, matrix, basis, events};
  Fits<T> fits(setting, options, control);
  std::vector<FitResult> results = fits.run();
  if (control.times) *control.times = fits.times();
  return results;
}

template <class T>
FitResult fit(const Communicator& comm, FeatureMatrix<T>& matrix, const FitOptions& options, core::Events& events,
              const FitControl& control) {
  return fit_each(comm, matrix, {options}, events, control).front();
}

#define CARDSEG_INSTANTIATE(T)                                                                                        \
  template std::vector<FitResult> fit_each<T>(const Communicator&, FeatureMatrix<T>&, const std::vector<FitOptions>&, \
                                              core::Events&, const FitControl&);                                      \
  template FitResult fit<T>(const Communicator&, FeatureMatrix<T>&, const FitOptions&, core::Events&, const FitControl&)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
