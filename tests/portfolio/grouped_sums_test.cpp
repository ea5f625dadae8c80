#include "cardseg/portfolio/grouped_sums.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>
#include <random>

#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::local_part;
using support::world;
using testing::ElementsAre;

struct Rows {
  std::vector<std::int32_t> group;
  std::vector<double> value;
};

// Values of very different magnitudes, so that the order of additions would show.
Rows make_rows(std::size_t count, int groups) {
  std::mt19937_64 random(5);
  std::lognormal_distribution<double> heavy(0, 6);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    rows.group.push_back(static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(groups)));
    rows.value.push_back(random() % 2 ? heavy(random) : -heavy(random));
  }
  return rows;
}

GroupTotals totals_on(const comm::Communicator& comm, const Rows& rows, int groups) {
  const std::vector<std::int32_t> group = local_part(comm, rows.group);
  const std::vector<double> value = local_part(comm, rows.value);
  return total_by_group(comm, {group, groups}, [&](std::int64_t i) { return value[static_cast<std::size_t>(i)]; });
}

}  // namespace

TEST(TotalByGroup, IsTheSameBitsOnAnyRankAndThreadCount) {
  const Rows rows = make_rows(30011, 7);
  const int threads = omp_get_max_threads();

  const GroupTotals together = totals_on(world(), rows, 7);
  omp_set_num_threads(3);
  const GroupTotals alone = totals_on({}, rows, 7);
  omp_set_num_threads(threads);

  EXPECT_EQ(together.by_group, alone.by_group);
  EXPECT_EQ(together.all, alone.all);
}

TEST(TotalByGroup, AgreesWithLongDoubleSums) {
  const Rows rows = make_rows(5000, 3);
  std::vector<long double> sums(3);
  long double largest = 0;
  for (std::size_t i = 0; i < rows.value.size(); ++i) {
    sums[static_cast<std::size_t>(rows.group[i])] += rows.value[i];
    largest = std::max(largest, std::abs(static_cast<long double>(rows.value[i])));
  }

  const GroupTotals totals = totals_on(world(), rows, 3);

  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_NEAR(totals.by_group[g], static_cast<double>(sums[g]), static_cast<double>(5000 * largest * 0x1p-40L));
}

TEST(CountByGroup, CountsEveryRowOnceAndKnowsEmptyGroups) {
  const std::vector<std::int32_t> all = {0, 2, 2, 0, 2};

  EXPECT_THAT(count_by_group(world(), {local_part(world(), all), 4}), ElementsAre(2, 0, 3, 0));
  EXPECT_THAT(count_by_group(world(), {{}, 2}), ElementsAre(0, 0));
}

TEST(GroupedSums, KeepSeveralTablesApart) {
  const int cells[] = {2, 3};

  GroupedSums sums = local_grouped_sums(cells, 10, [](std::int64_t b, GroupedSums& mine) {
    mine.add(0, b % 2, 1);
    mine.add(1, b % 3, b);
  });
  sums.reduce(world());

  const auto ranks = static_cast<core::int128>(world().size());
  EXPECT_TRUE(sums.of(0) == (std::vector<core::int128>{5 * ranks, 5 * ranks}));
  EXPECT_TRUE(sums.of(1) == (std::vector<core::int128>{18 * ranks, 12 * ranks, 15 * ranks}));
}

TEST(GroupedSums, ThrowWhatAThreadThrows) {
  const int cells[] = {2};
  const auto run_out = [](std::int64_t b, GroupedSums&) {
    if (b == 7) throw std::bad_alloc();
  };

  EXPECT_THROW(local_grouped_sums(cells, 10, run_out), std::bad_alloc);
}

TEST(SumByGroup, ThrowsWhatOneRankThrowsOnAllOfThem) {
  const std::vector<std::int32_t> groups(5000);
  const auto run_out = [](std::int64_t i) -> std::int64_t {
    if (world().rank() == world().size() - 1 && i == 4321) throw std::bad_alloc();
    return 1;
  };

  EXPECT_THROW(sum_by_group(world(), {groups, 1}, run_out), comm::AgreedError);
}

}  // namespace cardseg::portfolio
