// What numbers are in each group and in the whole, exact.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// Of the numbers of a group; NaN where there are none.
struct NumberGroup {
  std::int64_t customers = 0;
  std::int64_t present = 0;
  std::int64_t zeros = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double from_whole = std::numeric_limits<double>::quiet_NaN();  ///< mean - the whole's mean, without cancellation
  double squares = 0.0;                                          ///< sum of squared differences from the group's mean
  std::array<double, quantile_shares.size()> quantile = no_quantiles();
  double overlap = std::numeric_limits<double>::quiet_NaN();
  Dominance dominance;

  double sd() const;

 private:
  static constexpr std::array<double, quantile_shares.size()> no_quantiles() {
    std::array<double, quantile_shares.size()> none{};
    none.fill(std::numeric_limits<double>::quiet_NaN());
    return none;
  }
};

struct GroupedNumbers {
  std::vector<NumberGroup> groups;
  ValueBins bins;  ///< none where no value is present
};

/// Collective. The whole first, then the groups of `local_groups` but the last, which counts in the whole alone. NaN is
/// missing; the present values are finite and up to 1e150 in magnitude.
GroupedNumbers compute_number_groups(const comm::Communicator& comm, std::span<const double> local_values,
                                     const portfolio::Grouping& local_groups);

}  // namespace cardseg::profile
