#include "cardseg/monitor/refreshed_segments.hpp"

#include <cmath>
#include <limits>

#include "cardseg/io/csv_table.hpp"

namespace cardseg::monitor {
namespace {

using profile::Count;
using profile::Figure;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<Count> told_sizes(const Refresh& refresh, std::int64_t RefreshedSegment::*size,
                              const profile::DisclosureOptions& options) {
  std::vector<std::int64_t> sizes;
  for (const RefreshedSegment& segment : refresh.segments) sizes.push_back(segment.*size);
  const profile::Profile told = profile::disclosed_sizes(sizes, options);
  return {told.customers.begin() + 1, told.customers.end()};
}

Figure kept_share(const RefreshedSegment& segment, std::int64_t min_cell) {
  if (segment.by_old_model == 0) return {};
  const double share = static_cast<double>(segment.kept) / static_cast<double>(segment.by_old_model);
  const auto is_few = [&](std::int64_t customers) { return customers > 0 && customers < min_cell; };
  if (is_few(segment.kept) || is_few(segment.by_old_model - segment.kept)) return {nan, true};
  return {min_cell > 0 ? std::round(100 * share) / 100 : share};
}

io::CsvValue csv_value(const Count& count) {
  if (count.is_withheld) return {};
  return count.customers;
}

}  // namespace

std::vector<ToldSegment> told_segments(const Refresh& refresh, const profile::DisclosureOptions& options) {
  const std::vector<Count> before = told_sizes(refresh, &RefreshedSegment::by_old_model, options);
  const std::vector<Count> after = told_sizes(refresh, &RefreshedSegment::customers, options);
  std::vector<ToldSegment> told;
  for (std::size_t i = 0; i < refresh.segments.size(); ++i)
    told.push_back({before[i], after[i],
                    before[i].is_withheld ? Figure{nan, true} : kept_share(refresh.segments[i], options.min_cell)});
  return told;
}

std::string refresh_csv(const Refresh& refresh, const profile::DisclosureOptions& options) {
  io::CsvWriter table({"segment", "name", "fate", "by_old_model", "customers", "kept_share", "to", "centre_moved"});
  const std::vector<ToldSegment> told = told_segments(refresh, options);
  for (std::size_t i = 0; i < told.size(); ++i) {
    const RefreshedSegment& segment = refresh.segments[i];
    std::string to;
    for (const int number : segment.to) to += (to.empty() ? "" : " ") + std::to_string(number);
    table.add_row({std::int64_t{segment.number}, segment.name, segment.fate, csv_value(told[i].by_old_model),
                   csv_value(told[i].customers), told[i].kept_share.value, to, segment.centre_moved});
  }
  return table.text();
}

}  // namespace cardseg::monitor
