// Whether the same segments come out of other customers, and more so than chance would have it.
//
//   J_j = max over segments D of a resample's fit of |C_j and D| / |C_j or D|     Hennig 2007
// over resamples of m customers, in which each customer is a Poisson number of times, and the mean of the same over
// twins of the portfolio that have no segments (src/quality/null_twin.hpp): each is fitted, resampled once, fitted
// again. What is compared is instability: (1 - null) / (1 - J). Levels of J say nothing: with enough customers the
// optimum of any cloud is found again.
// Per size and model: 20 resamples and 20 twins make 60 fits of m to 2 m customers, in double additions of nobody else:
// each is done by one rank, and what is exchanged are integers.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/portfolio/precision.hpp"
#include "cardseg/quality/trust_options.hpp"

namespace cardseg::quality {

/// Customers of a twin that the gap wants.
inline constexpr std::int64_t gap_customers = 10'000;

/// Segments that are to be found again.
struct ResampledModel {
  cluster::Centroids centroids;
  std::vector<std::int64_t> customers;  ///< of each segment
  double inertia = 0.0;                 ///< of all of them
};

struct ResamplingOptions {
  Trust trust = Trust::fast;
  std::uint64_t seed = 1;
  std::int64_t segment_customers = 50;  ///< that a resample is to hold of each segment
  std::int64_t twin_customers = 0;      ///< of a twin at least, where the portfolio has as many
  int resamples = 20;
  int twins = 20;
};

/// At one size of resamples.
struct StabilityAtSize {
  std::int64_t customers = 0;   ///< of a resample, about
  std::vector<double> jaccard;  ///< [segment]: mean over resamples; NaN where they hold fewer than segment_customers
  double null_jaccard = 0.0;    ///< mean over the segments of twins, then over twins
  double null_deviation = 0.0;  ///< of twins' means about it

  /// (1 - null) / (1 - jaccard); from a thousandth of instability on nothing is told apart. NaN: not known.
  double ratio(double jaccard_of) const;
  double mean_jaccard() const;   ///< over segments that are known
  double least_jaccard() const;  ///< of them; NaN: none is known
};

struct Stability {
  std::vector<StabilityAtSize> sizes;  ///< the smallest first; none: not tested
  std::size_t judged = 0;              ///< of the sizes: the smallest that holds enough of each segment, or the largest
  std::int64_t wanted = 0;             ///< customers of a resample that would hold enough of each segment
  /// Tibshirani, Walther, Hastie 2001: mean over twins of log(inertia / customers) less that of the model, and its
  /// standard error sd sqrt(1 + 1 / twins).
  double gap = 0.0;
  double gap_error = 0.0;

  bool is_tested() const { return !sizes.empty(); }
  const StabilityAtSize& at_judged() const { return sizes[judged]; }
};

/// Collective. One answer for each model; untested where a model has one segment or the portfolio is too small for any
/// size, or with Trust::off.
/// Memory: resampling_bytes() on each rank. Throws comm::AgreedError.
template <class T>
std::vector<Stability> measure_stability(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                         const std::vector<ResampledModel>& models, const ResamplingOptions& options,
                                         core::Events& events);

/// Pure. Bytes that each rank holds at most: customers that resamples are drawn from, and of each thread a twin with
/// its resample.
std::int64_t resampling_bytes(Trust trust, std::int64_t customers, int features, portfolio::Precision precision,
                              int threads);

/// Pure. Customers in all fits of one model, at most.
std::int64_t refitted_customers(Trust trust, std::int64_t customers);

}  // namespace cardseg::quality
