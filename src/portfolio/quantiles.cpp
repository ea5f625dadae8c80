#include "cardseg/portfolio/quantiles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/ordered_bits.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "portfolio/value_kernels.hpp"

namespace cardseg::portfolio {
namespace {

using core::from_ordered_bits;
using core::ordered_bits;

// Sign, exponent and 4 bits tell most values apart; the few that are left are told apart by shorter digits.
constexpr int first_bits = 16;
constexpr int digit_bits = 12;
constexpr std::int64_t block_rows = 16384;

std::size_t first_digit(std::uint64_t key) { return key >> (64 - first_bits); }

// The search for one order statistic: the leading digits found so far, and its rank among the values that share them.
struct Search {
  std::uint64_t prefix = 0;
  std::int64_t rank = 0;
};

std::vector<std::uint64_t> distinct_prefixes(const std::vector<Search*>& searches) {
  std::vector<std::uint64_t> prefixes;
  for (const Search* search : searches) prefixes.push_back(search->prefix);
  std::sort(prefixes.begin(), prefixes.end());
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  return prefixes;
}

std::size_t place_of(const std::vector<std::uint64_t>& prefixes, std::uint64_t prefix) {
  return static_cast<std::size_t>(std::ranges::lower_bound(prefixes, prefix) - prefixes.begin());
}

void leave_out_nan(std::vector<std::int64_t>& first_counts) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < first_counts.size(); ++i)
    if (i < first_digit(ordered_bits(-infinity)) || i > first_digit(ordered_bits(infinity))) first_counts[i] = 0;
}

// Adds to counts[leading bits] the values with these: at most 2^32 of them. Equal neighbours are counted in turn by
// counters of their own: none waits for the one before.
void add_first_counts(std::span<const double> values, std::vector<std::int64_t>& counts) {
  constexpr std::int64_t turns = 4;
  const std::int64_t count = std::ssize(values);
  const double* value = values.data();
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::array<std::uint32_t, turns>> mine;
    const bool is_ready = failure.guard([&] { mine.resize(counts.size()); });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block_rows) {
      if (!is_ready) continue;
      const std::int64_t end = std::min(begin + block_rows, count);
      std::int64_t i = begin;
      for (; i + turns <= end; i += turns)
        for (std::size_t turn = 0; turn < turns; ++turn)
          ++mine[first_digit(ordered_bits(value[i + static_cast<std::int64_t>(turn)]))][turn];
      for (; i < end; ++i) ++mine[first_digit(ordered_bits(value[i]))][0];
    }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t i = 0; is_ready && i < counts.size(); ++i)
      counts[i] += std::accumulate(mine[i].begin(), mine[i].end(), std::int64_t{0});
  }
  failure.rethrow();
}

// counts[leading bits]: present values with these.
std::vector<std::int64_t> local_first_counts(std::span<const double> values) {
  constexpr std::size_t most = std::size_t{1} << 32;
  std::vector<std::int64_t> counts(std::size_t{1} << first_bits);
  for (std::size_t begin = 0; begin < values.size(); begin += most)
    add_first_counts(values.subspan(begin, std::min(most, values.size() - begin)), counts);
  leave_out_nan(counts);
  return counts;
}

// The keys of a rank whose leading bits are searched for.
struct Candidates {
  std::vector<std::int64_t> lowest;       // for each prefix: keys whose other bits are 0, as of zero and small integers
  std::unique_ptr<std::uint64_t[]> keys;  // the others: few, unless some value is very frequent
  std::size_t count = 0;                  // of `keys`
};

constexpr std::uint64_t lower_bits = ~std::uint64_t{0} >> first_bits;

// Puts the keys of a block with this prefix at `out`, but counts those whose other bits are 0. `some`: room for the
// block.
std::size_t copy_candidates(std::span<const double> block, std::uint64_t prefix, double* some, std::uint64_t* out,
                            std::int64_t& lowest) {
  const double low = from_ordered_bits(prefix << (64 - first_bits));
  const double high = from_ordered_bits(prefix << (64 - first_bits) | lower_bits);
  const Between taken = take_between(block, low, high, some);
  std::size_t found = 0;
  for (std::int64_t i = 0; i < taken.between; ++i) {
    out[found] = ordered_bits(some[i]);
    found += first_digit(out[found]) == prefix ? 1 : 0;  // 0 is not above -0, but its key is
  }
  lowest += taken.equal;
  return found;
}

// local_first: the rank's own first counts.
Candidates local_candidates(std::span<const double> values, const std::vector<std::uint64_t>& prefixes,
                            const std::vector<std::int64_t>& local_first) {
  Candidates candidates{std::vector<std::int64_t>(prefixes.size()), nullptr, 0};
  std::int64_t total = 0;
  for (const std::uint64_t prefix : prefixes) total += local_first[prefix];
  // Pages that are not written to take no memory.
  candidates.keys = std::make_unique_for_overwrite<std::uint64_t[]>(static_cast<std::size_t>(total));
  const std::int64_t count = std::ssize(values);
  std::size_t used = 0;
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<double> some;
    std::vector<std::uint64_t> found_keys;
    std::vector<std::int64_t> lowest;
    const bool is_ready = failure.guard([&] {
      some.resize(block_rows + spare_values);
      found_keys.resize(block_rows + 1);
      lowest.resize(prefixes.size());
    });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block_rows) {
      if (!is_ready) continue;
      const auto block = values.subspan(static_cast<std::size_t>(begin),
                                        static_cast<std::size_t>(std::min(block_rows, count - begin)));
      for (std::size_t p = 0; p < prefixes.size(); ++p) {
        const std::size_t found = copy_candidates(block, prefixes[p], some.data(), found_keys.data(), lowest[p]);
        std::size_t at = 0;
#pragma omp atomic capture
        {
          at = used;
          used += found;
        }
        std::copy_n(found_keys.data(), found, candidates.keys.get() + at);
      }
    }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t p = 0; is_ready && p < prefixes.size(); ++p) candidates.lowest[p] += lowest[p];
  }
  failure.rethrow();
  candidates.count = used;
  return candidates;
}

// counts[p << bits | digit]: keys with prefix p and, below it, this digit of `bits` bits from `shift` on.
std::vector<std::int64_t> local_counts(std::span<const std::uint64_t> keys, const std::vector<std::uint64_t>& prefixes,
                                       int shift, int bits) {
  std::vector<std::int64_t> counts(prefixes.size() << bits);
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const auto count = std::ssize(keys);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::int64_t> mine;
    const bool is_ready = failure.guard([&] { mine.resize(counts.size()); });
#pragma omp for schedule(static) nowait
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      if (!is_ready) continue;
      const std::uint64_t key = keys[static_cast<std::size_t>(i)];
      for (std::size_t p = 0; p < prefixes.size(); ++p)
        if (prefixes[p] == key >> (shift + bits)) ++mine[p << bits | (key >> shift & mask)];
    }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t i = 0; is_ready && i < counts.size(); ++i) counts[i] += mine[i];
  }
  failure.rethrow();
  return counts;
}

// Adds the digit in which the search's rank falls to its prefix; count[digit]: values with the prefix and this digit.
void descend(Search& search, const std::int64_t* count, int bits) {
  std::uint64_t digit = 0;
  while (search.rank >= count[digit]) search.rank -= count[digit++];
  search.prefix = search.prefix << bits | digit;
}

// Settles the searches whose rank is among the lowest keys of their prefix; the others go on among the candidates.
std::vector<Search*> settle_lowest(const comm::Communicator& comm, const Candidates& candidates,
                                   const std::vector<std::uint64_t>& prefixes, std::vector<Search>& searches) {
  std::vector<std::int64_t> lowest = candidates.lowest;
  comm.allreduce_sum(std::span(lowest));
  std::vector<Search*> open;
  for (Search& search : searches) {
    const std::int64_t below = lowest[place_of(prefixes, search.prefix)];
    if (search.rank < below) {
      search.prefix <<= 64 - first_bits;
    } else {
      search.rank -= below;
      open.push_back(&search);
    }
  }
  return open;
}

// Finds the rest of the bits, digit by digit.
void finish(const comm::Communicator& comm, std::span<const std::uint64_t> keys, const std::vector<Search*>& open) {
  for (int shift = 64 - first_bits; shift > 0 && !open.empty();) {
    shift -= digit_bits;
    const std::vector<std::uint64_t> prefixes = distinct_prefixes(open);
    auto counts = comm::agree(comm, [&] { return local_counts(keys, prefixes, shift, digit_bits); });
    comm.allreduce_sum(std::span(counts));
    for (Search* search : open)
      descend(*search, counts.data() + (place_of(prefixes, search->prefix) << digit_bits), digit_bits);
  }
}

double position_of(const Quantile& quantile, std::int64_t present) {
  return static_cast<double>(present - 1) * quantile.probability;
}

// What to search for: the order statistics at or next below (n - 1) p, and the next ones.
std::vector<Search> searches_for(std::span<const Quantile> quantiles, std::int64_t present) {
  std::vector<Search> searches;
  for (const Quantile& quantile : quantiles) {
    const auto below = static_cast<std::int64_t>(std::floor(position_of(quantile, present)));
    searches.push_back({0, below});
    searches.push_back({0, std::min(below + 1, present - 1)});
  }
  return searches;
}

// How far a quantile lies from the lower to the higher order statistic.
double fraction_of(const Quantile& quantile, std::int64_t present) {
  const double position = position_of(quantile, present);
  const double fraction = position - std::floor(position);
  switch (quantile.method) {
    case QuantileMethod::linear: return fraction;
    case QuantileMethod::lower: return 0.0;
    case QuantileMethod::higher: return fraction > 0.0 ? 1.0 : 0.0;
  }
  return fraction;
}

std::vector<double> interpolated(const std::vector<Search>& searches, std::span<const Quantile> quantiles,
                                 std::int64_t present) {
  std::vector<double> values;
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double fraction = fraction_of(quantiles[i], present);
    const double low = from_ordered_bits(searches[2 * i].prefix);
    const double high = from_ordered_bits(searches[2 * i + 1].prefix);
    values.push_back(fraction == 1.0 ? high : low + (high - low) * fraction);
  }
  return values;
}

}  // namespace

std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const Quantile> quantiles) {
  const auto local_first = comm::agree(comm, [&] { return local_first_counts(local_values); });
  std::vector<std::int64_t> first = local_first;
  comm.allreduce_sum(std::span(first));
  const std::int64_t present = std::accumulate(first.begin(), first.end(), std::int64_t{0});
  if (present == 0 || quantiles.empty())
    return std::vector<double>(quantiles.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<Search> searches = searches_for(quantiles, present);
  std::vector<Search*> all;
  for (Search& search : searches) {
    descend(search, first.data(), first_bits);
    all.push_back(&search);
  }
  const std::vector<std::uint64_t> prefixes = distinct_prefixes(all);
  const auto candidates = comm::agree(comm, [&] { return local_candidates(local_values, prefixes, local_first); });
  const std::vector<Search*> open = settle_lowest(comm, candidates, prefixes, searches);
  finish(comm, std::span(candidates.keys.get(), candidates.count), open);
  return interpolated(searches, quantiles, present);
}

std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const double> probabilities) {
  std::vector<Quantile> quantiles;
  for (const double probability : probabilities) quantiles.push_back({probability});
  return compute_quantiles(comm, local_values, quantiles);
}

}  // namespace cardseg::portfolio
