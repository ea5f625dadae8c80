// What a study found out about one number of segments.
#pragma once

#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/quality/adjusted_rand.hpp"
#include "cardseg/quality/segmentation.hpp"
#include "cardseg/quality/silhouette.hpp"
#include "cardseg/quality/stability.hpp"

namespace cardseg::quality {

/// The best of the restarts with one number of segments. NaN: not defined, as for one segment.
struct StudiedModel {
  cluster::FitOptions options;
  cluster::FitResult fit;
  Segmentation segmentation;
  Silhouette silhouette;
  double calinski_harabasz = 0.0;
  double davies_bouldin = 0.0;
  double sampled_silhouette = 0.0;  ///< NaN also where no sample was asked for
  std::vector<double> agreement;    ///< of each restart with the best one, adjusted Rand index
  double r_squared = 0.0;           ///< share of the features' variance between segments
  Stability stability = {};         ///< untested until measure_study_stability()

  int segments() const { return options.segments; }
  const cluster::RestartResult& best() const { return fit.restarts[static_cast<std::size_t>(fit.best_restart)]; }
  double mean_agreement() const;
  /// Customers of the smallest segment: the one with the fewest people.
  std::int64_t smallest() const;
};

/// Collective. Segmentation, silhouette and indices of each fit, by passes that all fits share. `options[i]` gave
/// `fits[i]`; sampled silhouettes and agreement are left NaN and empty.
template <class T>
std::vector<StudiedModel> measure_fits(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                       const std::vector<cluster::FitOptions>& options,
                                       std::vector<cluster::FitResult> fits);

/// Collective. Fills `sampled_silhouette` of each model from `size` customers drawn by `seed`; 0: leaves NaN.
template <class T>
void measure_on_sample(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, std::int64_t size,
                       std::uint64_t seed, std::vector<StudiedModel>& models);

/// Collective. Fills `agreement` of each model: one pass over the matrix a model.
template <class T>
void measure_agreement(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                       std::vector<StudiedModel>& models, core::Events& events);

/// Collective. Fills `stability` of each model: resamples and twins are shared by all of them.
template <class T>
void measure_study_stability(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                             const ResamplingOptions& options, std::vector<StudiedModel>& models, core::Events& events);

/// Collective. [m]: customers by segment of model m and of model m + 1. One pass over the matrix.
template <class T>
std::vector<Contingency> measure_flows(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                       const std::vector<StudiedModel>& models);

}  // namespace cardseg::quality
