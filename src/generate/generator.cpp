#include "cardseg/generate/generator.hpp"

#include <cmath>

#include "cardseg/core/error.hpp"

namespace cardseg::generate {
namespace {

constexpr std::int64_t most_customers = 999'999'999'999;  // ids have twelve digits
constexpr std::int64_t most_rows_per_shard = 1'000'000'000;
constexpr std::int64_t most_shards = 99'999;  // shard names have five digits

[[noreturn]] void refuse(const std::string& flag, const std::string& value, const std::string& allowed) {
  throw core::Error(core::ExitCode::usage, "--" + flag + " " + value + " is not possible")
      .remedy("Allowed: " + allowed);
}

void check_count(const std::string& flag, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high)
    refuse(flag, std::to_string(value), std::to_string(low) + " to " + std::to_string(high));
}

void check_number(const std::string& flag, double value, double high, const std::string& allowed) {
  if (!(value >= 0 && value <= high)) refuse(flag, std::to_string(value), allowed);
}

}  // namespace

void validate(const GeneratorOptions& options) {
  check_count("customers", options.customers, 0, most_customers);
  check_count("rows-per-shard", options.rows_per_shard, 1, most_rows_per_shard);
  if ((options.customers - 1) / options.rows_per_shard >= most_shards)
    refuse("rows-per-shard", std::to_string(options.rows_per_shard),
           "at most " + std::to_string(most_shards) + " shards, so at least " +
               std::to_string((options.customers - 1) / most_shards + 1) + " for " + std::to_string(options.customers) +
               " customers");
  check_count("extra-features", options.extra_features, 0, 999);
  check_count("segments", options.segments, 2, 8);
  check_number("separation", options.separation, 10, "0 to 10");
  check_number("missing-share", options.missing_share, 0.25, "0 to 0.25");
  check_count("deflate", options.deflate_level, 0, 9);
}

}  // namespace cardseg::generate
