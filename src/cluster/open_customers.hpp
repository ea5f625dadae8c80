// Customers that the screen left open, gathered into a tile of their own: the definition answers 16 of them at a time.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Local. `decided(tile, lane, place, segment)` is called once for each customer, in `add` or at the latest in
/// `decide`: its features are in lane `lane` of `tile`.
template <class T>
class OpenCustomers {
 public:
  OpenCustomers(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids)
      : matrix_(matrix), centroids_(centroids), tile_({0, portfolio::tile_rows}, matrix.features()) {}

  /// The customer at this place of the matrix.
  template <class Decided>
  void add(std::int64_t place, Decided decided) {
    const T* from = matrix_.tile(place / portfolio::tile_rows) + place % portfolio::tile_rows;
    T* to = tile_.tile(0) + count_;
    for (std::int64_t i = 0; i < portfolio::tile_rows * tile_.features(); i += portfolio::tile_rows) to[i] = from[i];
    places_[count_++] = place;
    if (count_ == portfolio::tile_rows) decide(decided);
  }

  template <class Decided>
  void decide(Decided decided) {
    if (count_ == 0) return;
    NearestTile answer;
    find_nearest(tile_.tile(0), centroids_, answer);
    for (int i = 0; i < count_; ++i) decided(tile_.tile(0), i, places_[i], answer.first[i]);
    count_ = 0;
  }

 private:
  const portfolio::FeatureMatrix<T>& matrix_;
  const Centroids& centroids_;
  portfolio::FeatureMatrix<T> tile_;
  std::int64_t places_[portfolio::tile_rows] = {};
  int count_ = 0;
};

}  // namespace cardseg::cluster
