#include "cardseg/generate/generator.hpp"

#include <fmt/format.h>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "generate/generator_shifts.hpp"

namespace cardseg::generate {
namespace {

constexpr std::int64_t most_customers = 999'999'999'999;  // ids have twelve digits
constexpr std::int64_t most_rows_per_shard = 1'000'000'000;
constexpr std::int64_t most_shards = 99'999;  // shard names have five digits

}  // namespace

core::OptionTable describe(GeneratorOptions& o) {
  using core::Shapes;
  return {
      "Portfolio",
      {core::number(o.customers, {0, most_customers}, {"customers,n", "N", Shapes::result, "rows of the portfolio"}),
       core::number(o.rows_per_shard, {1, most_rows_per_shard},
                    {"rows-per-shard", "N", Shapes::result, "customers in every shard but the last"}),
       core::number(o.seed, {"seed", "N", Shapes::result, "another seed gives other customers"}),
       core::number(o.segments, {2, 8}, {"segments", "N", Shapes::result, "true segments"}),
       core::number(
           o.separation, {0, 10},
           {"separation", "X", Shapes::result, "1: realistic overlap, 2 and above: segments that k-means can find"}),
       core::number(o.extra_features, {0, 999}, {"extra-features", "N", Shapes::result, "further numeric columns"}),
       core::number(
           o.missing_share, {0, 0.25},
           {"missing-share", "SHARE", Shapes::result, "share of values absent from columns that may miss some"}),
       core::number(o.month, {0, 1200}, {"month", "N", Shapes::result, "the same customers so many months later"}),
       core::names(o.shifts, {"shift", "A,B,...", Shapes::result,
                              "what goes differently then: drift:COLUMN:FACTOR, unit:COLUMN:FACTOR, feed:COLUMN, "
                              "level:COLUMN:NAME:SHARE, grow:SEGMENT:FACTOR or move:FROM:TO:SHARE"}),
       core::number(o.deflate_level, {0, 9}, {"deflate", "N", Shapes::result, "compression of the shards; 0: none"})}};
}

void validate(const GeneratorOptions& options) {
  GeneratorOptions checked = options;
  core::validate(describe(checked));
  make_shifts(options);
  if ((options.customers - 1) / options.rows_per_shard < most_shards) return;
  throw core::Error(core::ExitCode::usage,
                    fmt::format("{} cannot be {} for {} customers", core::field("rows-per-shard"),
                                options.rows_per_shard, options.customers))
      .remedy(fmt::format("There are at most {} shards: give {} or more", most_shards,
                          (options.customers - 1) / most_shards + 1));
}

}  // namespace cardseg::generate
