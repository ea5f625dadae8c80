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

constexpr std::uint64_t nan_key = ~std::uint64_t{0};  // above the key of infinity

// An unsigned key in the order of the doubles; -0 and 0 share a key.
std::uint64_t key_of(double x) {
  if (std::isnan(x)) return nan_key;
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

// Where a key belongs in this step of the search: the prefix it has, if any is searched, and its next digit.
struct Step {
  const std::vector<std::uint64_t>& prefixes;
  int shift;
  int bits;

  // The index of the key's prefix, or -1.
  std::ptrdiff_t prefix_of(std::uint64_t key) const {
    if (shift + bits == 64) return 0;
    const auto found = std::ranges::lower_bound(prefixes, key >> (shift + bits));
    return found != prefixes.end() && *found == key >> (shift + bits) ? found - prefixes.begin() : -1;
  }
  std::size_t digit_of(std::uint64_t key) const { return (key >> shift) & ((std::uint64_t{1} << bits) - 1); }
};

// counts[p * buckets + digit]: keys with prefix p and this next digit. key(i) for i in [0, count); keys of NaN are passed
// over.
template <class Key>
std::vector<std::int64_t> local_counts(const Step& step, std::int64_t count, Key key) {
  std::vector<std::int64_t> counts(step.prefixes.size() * buckets);
#pragma omp parallel
  {
    std::vector<std::int64_t> mine(counts.size());
#pragma omp for schedule(static) nowait
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint64_t k = key(i);
      const std::ptrdiff_t p = k == nan_key ? -1 : step.prefix_of(k);
      if (p >= 0) ++mine[static_cast<std::size_t>(p) * buckets + step.digit_of(k)];
    }
#pragma omp critical(cardseg_quantiles)
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += mine[i];
  }
  return counts;
}

// The values with these ranks (from 0) in ascending order. After two digits the keys that are still searched for are
// copied out: they are few, unless one value is very frequent.
std::vector<double> select(const comm::Communicator& comm, std::span<const double> values,
                           const std::vector<std::int64_t>& ranks) {
  std::vector<Search> searches;
  for (std::int64_t rank : ranks) searches.push_back({0, rank});
  std::vector<std::uint64_t> kept;
  const auto value_key = [&](std::int64_t i) { return key_of(values[static_cast<std::size_t>(i)]); };
  const auto kept_key = [&](std::int64_t i) { return kept[static_cast<std::size_t>(i)]; };
  for (int shift = 64; shift > 0;) {
    const int bits = std::min(digit_bits, shift);
    shift -= bits;
    const std::vector<std::uint64_t> prefixes = distinct_prefixes(searches);
    const Step step{prefixes, shift, bits};
    const bool is_kept = shift < 64 - 2 * digit_bits;
    if (is_kept && shift + bits == 64 - 2 * digit_bits)
      for (double value : values)
        if (!std::isnan(value) && step.prefix_of(key_of(value)) >= 0) kept.push_back(key_of(value));
    std::vector<std::int64_t> counts = is_kept
                                           ? local_counts(step, static_cast<std::int64_t>(kept.size()), kept_key)
                                           : local_counts(step, static_cast<std::int64_t>(values.size()), value_key);
    comm.allreduce_sum(std::span(counts));
    for (Search& search : searches) {
      const auto p = std::ranges::lower_bound(prefixes, search.prefix) - prefixes.begin();
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
  if (present == 0 || probabilities.empty())
    return std::vector<double>(probabilities.size(), std::numeric_limits<double>::quiet_NaN());
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
