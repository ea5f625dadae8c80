#include "cluster/doubt_order.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::tile_rows;

constexpr std::int64_t most_keys = 4096;  // of one counting sort
constexpr int slack_steps = 6;

// Octaves of slack, from 1/16 of the usual up to it.
int slack_step(float slack, float usual) {
  const auto octaves = [](float x) { return static_cast<int>(std::bit_cast<std::uint32_t>(x) >> 23); };
  return std::clamp(octaves(slack / usual) - octaves(0x1p-5f), 0, slack_steps - 1);
}

}  // namespace

DoubtOrder::DoubtOrder(std::int64_t block_rows, int segments)
    : segments_(segments), slack_(static_cast<std::size_t>(block_rows)), rival_(slack_.size()) {}

void DoubtOrder::note(std::int64_t tile, const float* slack, const std::int32_t* rival) {
  std::copy_n(slack, tile_rows, slack_.data() + tile * tile_rows);
  std::copy_n(rival, tile_rows, rival_.data() + tile * tile_rows);
}

const std::vector<std::int32_t>& DoubtOrder::places_of(const std::vector<std::int32_t>& tiles,
                                                       const std::int32_t* labels) {
  places_.clear();
  for (std::int32_t t : tiles)
    for (std::int32_t i = 0; i < tile_rows; ++i) places_.push_back(t * static_cast<std::int32_t>(tile_rows) + i);
  const float usual = usual_slack();
  const int k = segments_;
  const auto rival = [&](std::int32_t place) { return rival_[static_cast<std::size_t>(place)]; };
  const auto doubt = [&](std::int32_t place) {
    return labels[place] * slack_steps + slack_step(slack_[static_cast<std::size_t>(place)], usual);
  };
  if (std::int64_t{k} * slack_steps * k <= most_keys) {
    sort_.sort(places_, sorted_, k * slack_steps * k,
               [&](std::int32_t place) { return doubt(place) * k + rival(place); });
    places_.swap(sorted_);
  } else {  // by the lesser key first
    sort_.sort(places_, sorted_, k, rival);
    sort_.sort(sorted_, places_, k * slack_steps, doubt);
  }
  return places_;
}

// The mean slack of places_, in which no number counts that is not finite.
float DoubtOrder::usual_slack() const {
  float sum = 0.0f;
  for (std::int32_t place : places_) sum += std::min(slack_[static_cast<std::size_t>(place)], 1e30f);
  return std::max(sum / static_cast<float>(places_.size()), std::numeric_limits<float>::min());
}

}  // namespace cardseg::cluster
