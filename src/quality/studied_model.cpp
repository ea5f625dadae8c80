#include "cardseg/quality/studied_model.hpp"

#include <algorithm>
#include <limits>

#include "cardseg/quality/agreement.hpp"
#include "cardseg/quality/indices.hpp"
#include "cardseg/quality/sample.hpp"
#include "cardseg/quality/sampled_silhouette.hpp"
#include "quality/pair_tables.hpp"

namespace cardseg::quality {

using cluster::Centroids;
using comm::Communicator;
using portfolio::FeatureMatrix;

double StudiedModel::mean_agreement() const { return quality::mean_agreement(agreement, fit.best_restart); }

std::int64_t StudiedModel::smallest() const { return *std::ranges::min_element(segmentation.customers); }

template <class T>
std::vector<StudiedModel> measure_fits(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                       const std::vector<cluster::FitOptions>& options,
                                       std::vector<cluster::FitResult> fits) {
  std::vector<Centroids> centroids;
  for (const cluster::FitResult& fit : fits) centroids.push_back(fit.centroids);
  std::vector<Segmentation> segmentations = measure_segmentations(comm, matrix, centroids);
  std::vector<Silhouette> silhouettes = measure_silhouettes(comm, matrix, segmentations);
  std::vector<StudiedModel> models;
  for (std::size_t m = 0; m < fits.size(); ++m) {
    const double apart = calinski_harabasz(segmentations[m]);
    const double overlap = davies_bouldin(segmentations[m], silhouettes[m]);
    const double explained = r_squared(segmentations[m]);
    models.push_back({options[m],
                      std::move(fits[m]),
                      std::move(segmentations[m]),
                      std::move(silhouettes[m]),
                      apart,
                      overlap,
                      std::numeric_limits<double>::quiet_NaN(),
                      {},
                      explained});
    models.back().fit.centroids = models.back().segmentation.centroids;
  }
  return models;
}

template <class T>
void measure_on_sample(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t size, std::uint64_t seed,
                       std::vector<StudiedModel>& models) {
  if (size == 0) return;
  const FeatureMatrix<T> sample = gather_sample(comm, matrix, draw_rows(comm, matrix.global_rows(), size, seed));
  std::vector<Centroids> centroids;
  for (const StudiedModel& model : models) centroids.push_back(model.segmentation.centroids);
  const std::vector<SampledSilhouette> found = sampled_silhouettes(comm, sample, centroids);
  for (std::size_t m = 0; m < models.size(); ++m) models[m].sampled_silhouette = found[m].mean;
}

template <class T>
void measure_agreement(const Communicator& comm, const FeatureMatrix<T>& matrix, std::vector<StudiedModel>& models,
                       core::Events& events) {
  std::int64_t done = 0;
  for (StudiedModel& model : models) {
    model.agreement = agreement_with_best(comm, matrix, model.fit);
    events.progress("agreement", ++done, static_cast<std::int64_t>(models.size()));
  }
}

template <class T>
void measure_study_stability(const Communicator& comm, const FeatureMatrix<T>& matrix, const ResamplingOptions& options,
                             std::vector<StudiedModel>& models, core::Events& events) {
  std::vector<ResampledModel> resampled;
  for (const StudiedModel& model : models)
    resampled.push_back({model.segmentation.centroids, model.segmentation.customers, model.segmentation.total_inertia});
  std::vector<Stability> found = measure_stability(comm, matrix, resampled, options, events);
  for (std::size_t m = 0; m < models.size(); ++m) models[m].stability = std::move(found[m]);
}

template <class T>
std::vector<Contingency> measure_flows(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                       const std::vector<StudiedModel>& models) {
  std::vector<Centroids> sets;
  std::vector<SetPair> pairs;
  for (const StudiedModel& model : models) {
    if (!sets.empty()) pairs.push_back({sets.size() - 1, sets.size()});
    sets.push_back(model.segmentation.centroids);
  }
  return count_pairs(comm, matrix, sets, pairs);
}

template std::vector<StudiedModel> measure_fits<float>(const Communicator&, const FeatureMatrix<float>&,
                                                       const std::vector<cluster::FitOptions>&,
                                                       std::vector<cluster::FitResult>);
template std::vector<StudiedModel> measure_fits<double>(const Communicator&, const FeatureMatrix<double>&,
                                                        const std::vector<cluster::FitOptions>&,
                                                        std::vector<cluster::FitResult>);
template void measure_on_sample<float>(const Communicator&, const FeatureMatrix<float>&, std::int64_t, std::uint64_t,
                                       std::vector<StudiedModel>&);
template void measure_on_sample<double>(const Communicator&, const FeatureMatrix<double>&, std::int64_t, std::uint64_t,
                                        std::vector<StudiedModel>&);
template void measure_agreement<float>(const Communicator&, const FeatureMatrix<float>&, std::vector<StudiedModel>&,
                                       core::Events&);
template void measure_agreement<double>(const Communicator&, const FeatureMatrix<double>&, std::vector<StudiedModel>&,
                                        core::Events&);

template void measure_study_stability<float>(const Communicator&, const FeatureMatrix<float>&, const ResamplingOptions&,
                                             std::vector<StudiedModel>&, core::Events&);
template std::vector<Contingency> measure_flows<float>(const Communicator&, const FeatureMatrix<float>&,
                                                       const std::vector<StudiedModel>&);
template void measure_study_stability<double>(const Communicator&, const FeatureMatrix<double>&,
                                              const ResamplingOptions&, std::vector<StudiedModel>&, core::Events&);
template std::vector<Contingency> measure_flows<double>(const Communicator&, const FeatureMatrix<double>&,
                                                        const std::vector<StudiedModel>&);

}  // namespace cardseg::quality
