// What a month's customers are like beside those of the fit: figures, and lights with their reasons.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cardseg/monitor/month.hpp"
#include "cardseg/monitor/watch_options.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::monitor {

/// A line of drift.csv.
struct DriftFigure {
  std::string column;  ///< empty: of the segment as such
  int segment = 0;     ///< 0: the whole
  std::string statistic;
  double value = 0.0;
  /// What the light is measured by: the threshold that was reached, or else that of amber; NaN: the figure is for
  /// information.
  double threshold = 0.0;
  Light light = Light::green;
};

/// Why something is amber or red.
struct Reason {
  Light light = Light::amber;
  int segment = 0;  ///< 0: the whole
  std::string text;
};

/// Shares of customers in a cell then and now.
struct DriftBin {
  std::string label;
  double then = 0.0;
  double now = 0.0;
};

struct ColumnDrift {
  portfolio::Column column;
  bool is_feature = false;
  Light light = Light::green;  ///< the worst of its reasons
  std::vector<Reason> reasons;
  double psi = 0.0;  ///< of the whole, as what follows; NaN where there is none
  double noise = 0.0;
  double ks = 0.0;
  double wasserstein = 0.0;
  double shift = 0.0;
  double overlap = 0.0;
  double missing_then = 0.0;
  double missing_now = 0.0;
  std::vector<DriftBin> bins;  ///< of the whole, in order; cells that are withheld together are one, the last
};

struct SegmentDrift {
  Light light = Light::green;
  std::vector<Reason> reasons;
  double share_then = 0.0;  ///< NaN where it is withheld
  double share_now = 0.0;
  std::int64_t customers_now = 0;
  double far = 0.0;  ///< share of its customers beyond its own 99 %; NaN where that is withheld
};

/// What the guard of `assign` would refuse.
struct Refusal {
  std::string column;
  std::string text;
};

struct Drift {
  std::int64_t customers_then = 0;
  std::int64_t customers_now = 0;
  std::int64_t min_cell = 0;  ///< of the baseline: segments of fewer customers are not told of
  Light light = Light::green;
  std::vector<Reason> reasons;  ///< of the whole month: distances, reconstruction
  std::vector<ColumnDrift> columns;
  std::vector<SegmentDrift> segments;
  double mix_psi = 0.0;
  double far = 0.0;             ///< share beyond the fit's 99 % of distances
  double reconstruction = 0.0;  ///< mean error over that of the fit; NaN: not known
  std::vector<DriftFigure> figures;
};

/// Pure; serial, so the same on all ranks. A light needs an effect that reaches its threshold and that chance explains
/// with less than a share of `options.chance`: that of all columns, groups and kinds that are looked at. What the guard
/// refuses is red. Within a segment a column's reasons are amber at most, and there are none where the segment's share
/// has a light: it is of other customers then.
///
/// Cells whose counts were withheld at the fit are one, here and now; where values are in order (KS, Wasserstein) they
/// are left out, as missing ones are. Numbers stand in the middle of their bin, zeros at 0. Segments that are withheld
/// at the fit are not looked at. Precondition: the model has a baseline, and the month is of its columns and has
/// customers.
Drift judge(const segments::Model& model, const Month& month, std::span<const Refusal> refusals,
            const WatchOptions& options);

}  // namespace cardseg::monitor
