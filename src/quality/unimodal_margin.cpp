#include "quality/unimodal_margin.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace cardseg::quality {
namespace {

constexpr int bins = 512;
constexpr double beyond = 0.25;                // bins reach so far beyond the values, as a share of their range
constexpr double finest = 1.0;                 // least width, in bins
constexpr double coarser = 1.2;                // from one width to the next
constexpr int widths = 32;                     // the widest kernel is wider than all bins
constexpr std::int64_t kernel_unit = 1 << 30;  // kernels are integers: densities add up exactly
constexpr std::int64_t least_valley = 100;     // one in so many customers
constexpr int places = 1025;
constexpr double last_score = 5.12;
constexpr double score_step = 2 * last_score / (places - 1);

using Counts = std::vector<std::int64_t>;

// The sorted values' quantile by linear interpolation.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct Moments {
  double mean = 0.0;
  double deviation = 0.0;
};

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.mean += value / static_cast<double>(values.size());
  double squares = 0.0;
  for (const double value : values) squares += (value - moments.mean) * (value - moments.mean);
  moments.deviation = std::sqrt(squares / static_cast<double>(values.size()));
  return moments;
}

double rounded(double value) { return std::nearbyint(value * 0x1p40) * 0x1p-40; }

// Between raw values and the scale on which they are smoothed.
struct TamedScale {
  double centre = 0.0;
  double spread = 1.0;

  double tamed(double x) const { return rounded(std::asinh((x - centre) / spread)); }
  double raw(double y) const { return centre + spread * rounded(std::sinh(y)); }
};

TamedScale scale_of(const std::vector<double>& sorted, double deviation) {
  const double quartiles = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return {quantile(sorted, 0.5), quartiles > 0 ? quartiles : deviation};
}

// Values on the tamed scale, in bins.
struct Histogram {
  double low = 0.0;
  double width = 0.0;
  Counts counts = Counts(bins);

  double edge(double bin) const { return low + bin * width; }
};

Histogram histogram_of(const std::vector<double>& sorted, const TamedScale& scale) {
  const double least = scale.tamed(sorted.front());
  const double range = scale.tamed(sorted.back()) - least;
  Histogram histogram{least - beyond * range, (1 + 2 * beyond) * range / bins};
  for (const double x : sorted) {
    const auto bin = static_cast<int>((scale.tamed(x) - histogram.low) / histogram.width);
    ++histogram.counts[static_cast<std::size_t>(std::clamp(bin, 0, bins - 1))];
  }
  return histogram;
}

// f[b] = sum_c n_c exp(-((b - c) / h)^2 / 2)
Counts smoothed(const Counts& counts, double width) {
  Counts kernel;
  for (int offset = 0; offset < bins; ++offset) {
    const double far = offset / width;
    kernel.push_back(std::llround(std::exp(-0.5 * far * far) * static_cast<double>(kernel_unit)));
  }
  Counts density(bins);
  for (int from = 0; from < bins; ++from) {
    if (counts[static_cast<std::size_t>(from)] == 0) continue;
    for (int to = 0; to < bins; ++to)
      density[static_cast<std::size_t>(to)] +=
          counts[static_cast<std::size_t>(from)] * kernel[static_cast<std::size_t>(std::abs(to - from))];
  }
  return density;
}

// What it would take to fill the valleys of [first, last), whose highest place is the last.
template <class Iterator>
std::int64_t filling(Iterator first, Iterator last) {
  std::int64_t highest = 0;
  std::int64_t fill = 0;
  for (; first != last; ++first) {
    highest = std::max(highest, *first);
    fill += highest - *first;
  }
  return fill;
}

bool has_one_mode(const Counts& density) {
  const auto mode = std::ranges::max_element(density);
  const std::int64_t left = filling(density.begin(), mode);
  const std::int64_t right = filling(density.rbegin(), std::make_reverse_iterator(mode + 1));
  std::int64_t all = 0;
  for (const std::int64_t each : density) all += each;
  return std::max(left, right) < all / least_valley;
}

Counts with_one_mode(const Counts& counts) {
  double width = finest;
  Counts density = smoothed(counts, width);
  for (int step = 1; step < widths && !has_one_mode(density); ++step) {
    width *= coarser;
    density = smoothed(counts, width);
  }
  return density;
}

double score_at(int place) { return -last_score + place * score_step; }

double normal_share(double score) { return rounded(0.5 * std::erfc(-score * std::sqrt(0.5))); }

// F^-1(Phi(z)) at every place.
std::vector<double> quantiles_by_score(const Histogram& histogram, const Counts& density, const TamedScale& scale) {
  std::vector<double> below(1, 0.0);
  for (const std::int64_t each : density) below.push_back(below.back() + static_cast<double>(each));
  std::vector<double> table;
  std::size_t bin = 0;
  for (int place = 0; place < places; ++place) {
    const double wanted = normal_share(score_at(place)) * below.back();
    while (bin + 1 < density.size() && below[bin + 1] < wanted) ++bin;
    const double within = density[bin] > 0 ? (wanted - below[bin]) / static_cast<double>(density[bin]) : 0.0;
    table.push_back(scale.raw(histogram.edge(static_cast<double>(bin) + std::clamp(within, 0.0, 1.0))));
  }
  return table;
}

// Mean and deviation of what scores drawn from the normal distribution become.
Moments moments_by_score(const std::vector<double>& table) {
  Moments moments;
  double all = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i + 1 < table.size(); ++i) {
    const double share = normal_share(score_at(static_cast<int>(i) + 1)) - normal_share(score_at(static_cast<int>(i)));
    const double middle = (table[i] + table[i + 1]) / 2;
    all += share;
    moments.mean += share * middle;
    squares += share * middle * middle;
  }
  moments.mean /= all;
  moments.deviation = std::sqrt(std::max(0.0, squares / all - moments.mean * moments.mean));
  return moments;
}

}  // namespace

UnimodalMargin::UnimodalMargin(std::vector<double> values) {
  const Moments wanted = moments_of(values);
  std::ranges::sort(values);
  if (values.front() == values.back()) {
    table_.assign(places, values.front());
    return;
  }
  const TamedScale scale = scale_of(values, wanted.deviation);
  const Histogram histogram = histogram_of(values, scale);
  table_ = quantiles_by_score(histogram, with_one_mode(histogram.counts), scale);
  const Moments found = moments_by_score(table_);
  const double stretch = found.deviation > 0 ? wanted.deviation / found.deviation : 1.0;
  for (double& x : table_) x = static_cast<double>(static_cast<float>(wanted.mean + stretch * (x - found.mean)));
}

double UnimodalMargin::at(double score) const {
  const double place = (std::clamp(score, -last_score, last_score) + last_score) / score_step;
  const auto below = std::min(static_cast<std::size_t>(place), table_.size() - 2);
  return table_[below] + (place - static_cast<double>(below)) * (table_[below + 1] - table_[below]);
}

}  // namespace cardseg::quality
