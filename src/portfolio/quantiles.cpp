#include "cardseg/portfolio/quantiles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace cardseg::portfolio {
namespace {

constexpr int digit_bits = 11;
constexpr std::size_t buckets = std::size_t{1} << digit_bits;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

// An unsigned key in the order of the doubles; -0 and 0 share a key.
std::uint64_t key_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits & sign_bit ? ~bits : bits | sign_bit;
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

// counts[p * buckets + digit]: values whose leading digits are prefixes[p] and whose next digit is `digit`.
std::vector<std::int64_t> local_counts(std::span<const double> values, const std::vector<std::uint64_t>& prefixes,
                                       int shift, int bits) {
  std::vector<std::int64_t> counts(prefixes.size() * buckets);
  const std::uint64_t digit_mask = (std::uint64_t{1} << bits) - 1;
  for (double value : values) {
    if (std::isnan(value)) continue;
    const std::uint64_t key = key_of(value);
    const std::uint64_t prefix = shift + bits == 64 ? 0 : key >> (shift + bits);
    const auto found = std::lower_bound(prefixes.begin(), prefixes.end(), prefix);
    if (found == prefixes.end() || *found != prefix) continue;
    ++counts[static_cast<std::size_t>(found - prefixes.begin()) * buckets + ((key >> shift) & digit_mask)];
  }
  return counts;
}

// The values with these ranks (from 0) in ascending order.
std::vector<double> select(const comm::Communicator& comm, std::span<const double> values,
                           const std::vector<std::int64_t>& ranks) {
  std::vector<Search> searches;
  for (std::int64_t rank : ranks) searches.push_back({0, rank});
  for (int shift = 64; shift > 0;) {
    const int bits = std::min(digit_bits, shift);
    shift -= bits;
    const std::vector<std::uint64_t> prefixes = distinct_prefixes(searches);
    std::vector<std::int64_t> counts = local_counts(values, prefixes, shift, bits);
    comm.allreduce_sum(std::span(counts));
    for (Search& search : searches) {
      const auto p = std::lower_bound(prefixes.begin(), prefixes.end(), search.prefix) - prefixes.begin();
      const std::int64_t* count = counts.data() + static_cast<std::size_t>(p) * buckets;
      std::uint64_t digit = 0;
      while (search.rank >= count[digit]) search.rank -= count[digit++];
      search.prefix = search.prefix << bits | digit;
    }
  }
  std::vector<double> selected;
  for (const Search& search : searches) selected.push_back(value_of(search.prefix));
  return selected;
}

}  // namespace

std::vector<double> compute_quantiles(const comm::Communicator& comm, std::span<const double> local_values,
                                      std::span<const double> probabilities) {
  const auto local_present =
      std::count_if(local_values.begin(), local_values.end(), [](double value) { return !std::isnan(value); });
  const std::int64_t present = comm.sum(std::int64_t{local_present});
  if (present == 0) return std::vector<double>(probabilities.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::int64_t> ranks;
  for (double p : probabilities) {
    const auto below = static_cast<std::int64_t>(std::floor(static_cast<double>(present - 1) * p));
    ranks.push_back(below);
    ranks.push_back(std::min(below + 1, present - 1));
  }
  const std::vector<double> order = select(comm, local_values, ranks);
  std::vector<double> quantiles;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double position = static_cast<double>(present - 1) * probabilities[i];
    const double fraction = position - std::floor(position);
    quantiles.push_back(order[2 * i] + (order[2 * i + 1] - order[2 * i]) * fraction);
  }
  return quantiles;
}

}  // namespace cardseg::portfolio
