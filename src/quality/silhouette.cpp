#include "cardseg/quality/silhouette.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::quality {
namespace {

using comm::Communicator;
using core::FixedPoint;
using portfolio::FeatureMatrix;
using portfolio::GroupedSums;
using portfolio::tile_rows;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// One segmentation, ready to be asked for the silhouettes of a tile.
class TileSilhouettes {
 public:
  explicit TileSilhouettes(const Segmentation& segmentation) : segmentation_(segmentation) {
    for (int j = 0; j < segmentation.segments(); ++j) {
      const auto members = static_cast<double>(segmentation.customers[static_cast<std::size_t>(j)]);
      mean_scatter_.push_back(members > 0 ? segmentation.scatter[static_cast<std::size_t>(j)] / members : 0.0);
      own_factor_.push_back(members > 1 ? members / (members - 1) : 0.0);
    }
  }

  // distance[j * 16 + i] = |x_i - m_j|^2 for the 16 customers of a tile.
  template <class T>
  void find_distances(const T* tile, std::vector<double>& distance) const {
    distance.assign(static_cast<std::size_t>(segmentation_.segments()) * tile_rows, HUGE_VAL);
    for (int j = 0; j < segmentation_.segments(); ++j)
      cluster::update_least_distance(tile, segmentation_.means.row(j), segmentation_.means.features,
                                     distance.data() + static_cast<std::ptrdiff_t>(j) * tile_rows);
  }

  // silhouette[i] of the 16 customers of a tile with these segments. Lanes are customers: no sum goes across them.
  void find_silhouettes(const double* distance, const std::int32_t* segment, double* silhouette) const {
    alignas(64) double own[tile_rows] = {};
    alignas(64) double other[tile_rows];
    std::fill(other, other + tile_rows, HUGE_VAL);
    for (int j = 0; j < segmentation_.segments(); ++j) {
      const auto at = static_cast<std::size_t>(j);
      if (segmentation_.customers[at] == 0) continue;
      const double scatter = mean_scatter_[at];
      const double factor = own_factor_[at];
      const double* to_mean = distance + static_cast<std::ptrdiff_t>(j) * tile_rows;
#pragma omp simd
      for (int i = 0; i < tile_rows; ++i) {
        const double mean = to_mean[i] + scatter;  // over the members of j, of |x - y|^2
        const bool is_own = segment[i] == j;
        own[i] = is_own ? mean * factor : own[i];
        other[i] = !is_own && mean < other[i] ? mean : other[i];
      }
    }
    for (int i = 0; i < tile_rows; ++i) {
      const double larger = std::max(own[i], other[i]);
      const bool is_alone = own_factor_[static_cast<std::size_t>(segment[i])] == 0.0;
      silhouette[i] = is_alone || !(larger > 0) ? 0.0 : (other[i] - own[i]) / larger;
    }
  }

  const Segmentation& segmentation() const { return segmentation_; }

 private:
  const Segmentation& segmentation_;
  std::vector<double> mean_scatter_;
  std::vector<double> own_factor_;  // n / (n - 1); 0 for one customer
};

// What is added up: of each segmentation a table of silhouettes, which are within [-1, 1], and behind those of all
// segmentations as many of distances.
struct Grids {
  FixedPoint silhouette;
  std::vector<FixedPoint> distance;
};

// Adds the first `rows` customers of a tile to the sums of segmentation m.
template <class T>
void add_tile(const T* tile, std::int64_t rows, const TileSilhouettes& asked, const Grids& grids, std::size_t m,
              GroupedSums& sums) {
  cluster::NearestTile nearest;
  cluster::find_nearest(tile, asked.segmentation().centroids, nearest);
  thread_local std::vector<double> distance;
  asked.find_distances(tile, distance);
  alignas(64) double silhouette[tile_rows];
  asked.find_silhouettes(distance.data(), nearest.first, silhouette);
  const bool is_defined = asked.segmentation().occupied() > 1;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int32_t j = nearest.first[i];
    if (is_defined) sums.add(m, j, grids.silhouette.round(silhouette[i]));
    sums.add(grids.distance.size() + m, j,
             grids.distance[m].round(std::sqrt(distance[static_cast<std::size_t>(j * tile_rows + i)])));
  }
}

template <class T>
GroupedSums local_sums(const FeatureMatrix<T>& matrix, const std::vector<TileSilhouettes>& all, const Grids& grids,
                       const std::vector<int>& segments) {
  const std::int64_t tiles = (matrix.rows() + tile_rows - 1) / tile_rows;
  return portfolio::local_grouped_sums(segments, tiles, [&](std::int64_t t, GroupedSums& mine) {
    const std::int64_t rows = std::min<std::int64_t>(tile_rows, matrix.rows() - t * tile_rows);
    for (std::size_t m = 0; m < all.size(); ++m) add_tile(matrix.tile(t), rows, all[m], grids, m, mine);
    matrix.done_with(t);
  });
}

Silhouette make_silhouette(const Segmentation& segmentation, const Grids& grids, const GroupedSums& sums,
                           std::size_t m) {
  Silhouette result;
  const std::vector<core::int128>& silhouettes = sums.of(m);
  const std::vector<core::int128>& distances = sums.of(grids.distance.size() + m);
  core::int128 whole = 0;
  const bool is_defined = segmentation.occupied() > 1;
  for (std::size_t j = 0; j < segmentation.customers.size(); ++j) {
    const auto members = static_cast<double>(segmentation.customers[j]);
    whole += silhouettes[j];
    result.by_segment.push_back(is_defined && members > 0 ? grids.silhouette.value(silhouettes[j]) / members : nan);
    result.mean_distance.push_back(members > 0 ? grids.distance[m].value(distances[j]) / members : 0.0);
  }
  result.mean = is_defined ? grids.silhouette.value(whole) / static_cast<double>(segmentation.all_customers()) : nan;
  return result;
}

}  // namespace

template <class T>
std::vector<Silhouette> measure_silhouettes(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                            const std::vector<Segmentation>& segmentations) {
  Grids grids{FixedPoint::for_values(1.0, comm.sum(matrix.rows())), {}};
  std::vector<int> segments;
  std::vector<TileSilhouettes> all;
  for (const Segmentation& each : segmentations) {
    segments.push_back(each.segments());
    all.emplace_back(each);
    grids.distance.push_back(FixedPoint::for_values(each.largest_distance_to_mean, each.all_customers()));
  }
  const std::vector<int> once = segments;
  segments.insert(segments.end(), once.begin(), once.end());
  GroupedSums sums = comm::agree(comm, [&] { return local_sums(matrix, all, grids, segments); });
  sums.reduce(comm);
  std::vector<Silhouette> results;
  for (std::size_t m = 0; m < segmentations.size(); ++m)
    results.push_back(make_silhouette(segmentations[m], grids, sums, m));
  return results;
}

template std::vector<Silhouette> measure_silhouettes<float>(const Communicator&, const FeatureMatrix<float>&,
                                                            const std::vector<Segmentation>&);
template std::vector<Silhouette> measure_silhouettes<double>(const Communicator&, const FeatureMatrix<double>&,
                                                             const std::vector<Segmentation>&);

}  // namespace cardseg::quality
