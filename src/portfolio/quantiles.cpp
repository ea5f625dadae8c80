#include "cardseg/portfolio/quantiles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace cardseg::portfolio {
namespace {

// Sign, exponent and 4 bits tell most values apart; the few that are left are told apart by shorter digits.
constexpr int first_bits = 16;
constexpr int digit_bits = 12;
constexpr std::int64_t block_rows = 16384;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

constexpr std::uint64_t nan_key = ~std::uint64_t{0};  // above the key of infinity

// An unsigned key in the order of the doubles; -0 and 0 share a key.
std::uint64_t key_of(double x) {
  if (std::isnan(x)) return nan_key;
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits ^ (static_cast<std::uint64_t>(-static_cast<std::int64_t>(bits >> 63)) | sign_bit);
}

double value_of(std::uint64_t key) { return std::bit_cast<double>(key & sign_bit ? key & ~sign_bit : ~key); }

// The search for one order statistic: the leading digits found so far, and its rank among the values that share them.
struct Search {
  std::uint64_t prefix = 0;
  std::int64_t rank = 0;
};

std::vector<std::uint64_t> distinct_prefixes(const std::vector<Search>& searches) {
  std::vector<std::uint64_t> prefixes;
  for (const Search& search : searches) prefixes.push_back(search.prefix);
  std::sort(prefixes.begin(), prefixes.end());
  prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
  return prefixes;
}

// counts[leading bits]: present values with these.
std::vector<std::int64_t> local_first_counts(std::span<const double> values) {
  std::vector<std::int64_t> counts(std::size_t{1} << first_bits);
  const std::int64_t count = std::ssize(values);
#pragma omp parallel
  {
    std::vector<std::int64_t> mine(counts.size() + 1);  // the last: NaN
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block_rows)
      for (std::int64_t i = begin; i < std::min(begin + block_rows, count); ++i) {
        const std::uint64_t key = key_of(values[static_cast<std::size_t>(i)]);
        ++mine[key == nan_key ? counts.size() : key >> (64 - first_bits)];
      }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += mine[i];
  }
  return counts;
}

// The keys whose leading bits are searched for; `total` of them. They are few, unless one value is very frequent.
std::vector<std::uint64_t> local_keys(std::span<const double> values, const std::vector<std::uint64_t>& prefixes,
                                      std::int64_t total) {
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(total));
  const std::int64_t count = std::ssize(values);
  std::size_t used = 0;
#pragma omp parallel
  {
    std::vector<std::uint64_t> some(block_rows);
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block_rows) {
      std::size_t found = 0;
      for (std::int64_t i = begin; i < std::min(begin + block_rows, count); ++i) {
        const std::uint64_t key = key_of(values[static_cast<std::size_t>(i)]);
        some[found] = key;
        bool is_searched = false;
        for (const std::uint64_t prefix : prefixes) is_searched |= prefix == key >> (64 - first_bits);
        found += is_searched && key != nan_key ? 1 : 0;
      }
      std::size_t at = 0;
#pragma omp atomic capture
      {
        at = used;
        used += found;
      }
      std::copy_n(some.begin(), found, keys.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  return keys;
}

// counts[p << bits | digit]: keys with prefix p and, below it, this digit of `bits` bits from `shift` on.
std::vector<std::int64_t> local_counts(const std::vector<std::uint64_t>& keys,
                                       const std::vector<std::uint64_t>& prefixes, int shift, int bits) {
  std::vector<std::int64_t> counts(prefixes.size() << bits);
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const auto count = std::ssize(keys);
#pragma omp parallel
  {
    std::vector<std::int64_t> mine(counts.size());
#pragma omp for schedule(static) nowait
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const std::uint64_t key = keys[static_cast<std::size_t>(i)];
      for (std::size_t p = 0; p < prefixes.size(); ++p)
        if (prefixes[p] == key >> (shift + bits)) ++mine[p << bits | (key >> shift & mask)];
    }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += mine[i];
  }
  return counts;
}

// Adds the digit in which the search's rank falls to its prefix; count[digit]: values with the prefix and this digit.
void descend(Search& search, const std::int64_t* count, int bits) {
  std::uint64_t digit = 0;
  while (search.rank >= count[digit]) search.rank -= count[digit++];
  search.prefix = search.prefix << bits | digit;
}

// The keys' order statistics that are searched for below their first digit.
void finish(const comm::Communicator& comm, const std::vector<std::uint64_t>& keys, std::vector<Search>& searches) {
  for (int shift = 64 - first_bits; shift > 0;) {
    shift -= digit_bits;
    const std::vector<std::uint64_t> prefixes = distinct_prefixes(searches);
    std::vector<std::int64_t> counts = local_counts(keys, prefixes, shift, digit_bits);
    comm.allreduce_sum(std::span(counts));
    for (Search& search : searches) {
      const auto p = std::ranges::lower_bound(prefixes, search.prefix) - prefixes.begin();
      descend(search, counts.data() + (static_cast<std::size_t>(p) << digit_bits), digit_bits);
    }
  }
}

// What to search for: the order statistics at or next below (n - 1) p, and the next ones.
std::vector<Search> searches_for(std::span<const double> probabilities, std::int64_t present) {
  std::vector<Search> searches;
  for (double p : probabilities) {
    const auto below = static_cast<std::int64_t>(std::floor(static_cast<double>(present - 1) * p));
    searches.push_back({0, below});
    searches.push_back({0, std::min(below + 1, present - 1)});
  }
  return searches;
}

std::vector<double> interpolated(const std::vector<Search>& searches, std::span<const double> probabilities,
                                 std::int64_t present) {
  std::vector<double> quantiles;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double position = static_cast<double>(present - 1) * probabilities[i];
    const double fraction = position - std::floor(position);
    const double low = value_of(searches[2 * i].prefix);
    quantiles.push_back(low + (value_of(searches[2 * i + 1].prefix) - low) * fraction);
  }
  return quantiles;
}

}  // namespace

std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const double> probabilities) {
  const std::vector<std::int64_t> local_first = local_first_counts(local_values);
  std::vector<std::int64_t> first = local_first;
  comm.allreduce_sum(std::span(first));
  const std::int64_t present = std::accumulate(first.begin(), first.end(), std::int64_t{0});
  if (present == 0 || probabilities.empty())
    return std::vector<double>(probabilities.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<Search> searches = searches_for(probabilities, present);
  for (Search& search : searches) descend(search, first.data(), first_bits);
  const std::vector<std::uint64_t> prefixes = distinct_prefixes(searches);
  std::int64_t total = 0;
  for (const std::uint64_t prefix : prefixes) total += local_first[prefix];
  finish(comm, local_keys(local_values, prefixes, total), searches);
  return interpolated(searches, probabilities, present);
}

}  // namespace cardseg::portfolio
