#include "cardseg/monitor/migration.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/monitor/migration_tables.hpp"
#include "cardseg/monitor/published_migration.hpp"
#include "support/split.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::monitor {
namespace {

using support::error_of;
using support::local_part;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

// Labels that all ranks made alike.
struct Labels {
  LocalLabels all;
  int segments = 0;

  void add(const std::string& id, int segment, double margin, double value, int by_other) {
    all.ids.push_back(id);
    all.segment.push_back(segment);
    all.margin.push_back(margin);
    all.value.push_back(value);
    all.by_other_model.push_back(by_other);
  }
  SideShape shape() const { return {static_cast<std::int64_t>(all.ids.size()), segments}; }
  LocalLabels local() const {
    return {local_part(world(), all.ids),
            local_part(world(), all.segment),
            local_part(world(), all.margin),
            local_part(world(), all.by_other_model),
            {},
            local_part(world(), all.value)};
  }
};

JoinedCustomers joined(const Labels& before, const Labels& after) {
  return {world(), before.local(), before.shape(), after.local(), after.shape()};
}

// Six customers, a way each: stay, border, customer, model, both, interaction; then one who closes and one who is new.
struct Month {
  Labels before{{}, 2};
  Labels after{{}, 2};

  Month() {
    const auto add = [&](const std::string& id, int a, int n, int o, int b, double margin) {
      before.add(id, a, margin, 10, n);
      after.add(id, b, margin, 30, o);
    };
    add("stays", 1, 1, 1, 1, 0.5);
    add("border", 1, 1, 2, 2, 0.01);
    add("customer", 1, 1, 2, 2, 0.5);
    add("model", 2, 1, 2, 1, 0.5);
    add("both", 1, 2, 2, 2, 0.5);
    add("interaction", 1, 1, 1, 2, 0.5);
    before.add("closes", 2, 0.5, 7, 2);
    after.add("new", 1, 0.5, 9, 1);
  }
};

TEST(Migration, SplitsEveryMoveOnceAndAddsUp) {
  const Month month;

  const CountedMoves counted =
      count_moves(world(), joined(month.before, month.after), {Cause::scored, same_numbers(2, 2), 0.1}, true, true);

  const Migration& m = counted.migration;
  for (int part = 0; part < parts; ++part)
    EXPECT_EQ(m.customers_in(static_cast<Part>(part)), static_cast<Part>(part) == Part::moved ? 0 : 1) << part;
  EXPECT_EQ(m.customers(1, 2, Part::border), 1);
  EXPECT_EQ(m.customers(2, 1, Part::model), 1);
  EXPECT_EQ(m.customers(0, 1, Part::entered), 1);
  EXPECT_EQ(m.customers(2, 0, Part::closed), 1);
  EXPECT_EQ(m.cells[m.cell(1, 2)].customers, 4);
  EXPECT_EQ(m.cells[m.cell(1, 2)].mass, 4.0);
  EXPECT_EQ(m.cells[m.cell(1, 2)].value_before, 40.0);
  EXPECT_EQ(m.cells[m.cell(1, 2)].value_after, 120.0);
  EXPECT_EQ(m.cells[m.cell(1, 2)].before.largest, 10.0);
  EXPECT_EQ(m.cells[m.cell(1, 2)].before.second, 10.0);
  EXPECT_EQ(m.cells[m.cell(0, 1)].before.second, 0.0);
  EXPECT_EQ(m.customers_before(1), 5);
  EXPECT_EQ(m.customers_after(2), 4);
  EXPECT_EQ(m.shared, 6);
}

TEST(Migration, TakesTheMedianChangeOfThoseWhoStayAsTheBand) {
  Labels before{{}, 2};
  Labels after{{}, 2};
  for (int i = 0; i < 9; ++i) {
    before.add("s" + std::to_string(i), 1, 0.5, 0, 0);
    after.add("s" + std::to_string(i), 1, 0.5 + i / 64.0, 0, 0);
  }
  for (const double margin : {1 / 64.0, 3 / 64.0}) {
    before.add("m" + std::to_string(margin), 1, margin, 0, 0);
    after.add("m" + std::to_string(margin), 2, margin, 0, 0);
  }

  const Migration m =
      count_moves(world(), joined(before, after), {Cause::customer, same_numbers(2, 2), std::nullopt}, false, false)
          .migration;

  EXPECT_EQ(m.band, 4 / 64.0);
  EXPECT_EQ(m.customers_in(Part::border), 1);
  EXPECT_EQ(m.customers_in(Part::customer), 1);
}

TEST(Migration, KnowsSegmentsThatHaveOtherNumbers) {
  Labels before{{}, 2};
  Labels after{{}, 3};
  for (int i = 0; i < 20; ++i) {
    before.add(std::to_string(i), i < 12 ? 1 : 2, 0.5, 0, 0);
    after.add(std::to_string(i), i < 10 ? 3 : i < 18 ? 1 : 2, 0.5, 0, 0);
  }
  const JoinedCustomers both = joined(before, after);

  EXPECT_THAT(same_by_customers(both.shared()), ElementsAre(2, 0, 1));
  const Migration m =
      count_moves(world(), both, {Cause::unknown, same_by_customers(both.shared()), 0.0}, false, false).migration;
  EXPECT_EQ(m.customers_in(Part::stay), 16);
  EXPECT_EQ(m.customers_in(Part::moved), 4);
}

TEST(Migration, GivesAnswersBackToRows) {
  const Month month;
  const JoinedCustomers both = joined(month.before, month.after);
  std::vector<std::int32_t> answers;
  for (const JoinedCustomer& each : both.local()) answers.push_back(each.before.segment * 10 + each.after.segment);

  EXPECT_EQ(both.send_back(world(), answers, JoinedCustomers::Side::before),
            local_part(world(), std::vector<std::int32_t>{11, 12, 12, 21, 12, 12, 20}));
  EXPECT_EQ(both.send_back(world(), answers, JoinedCustomers::Side::after),
            local_part(world(), std::vector<std::int32_t>{11, 12, 12, 21, 12, 12, 1}));
}

TEST(Migration, NeedsCommonCustomers) {
  Labels before{{}, 1};
  Labels after{{}, 1};
  before.add("a", 1, 0, 0, 0);
  after.add("A", 1, 0, 0, 0);

  const core::Error error = error_of([&] { joined(before, after); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("none of the ids of 1 customers before is among 1 after"));
}

TEST(Migration, HasTheVariationOfInformationOfItsDefinition) {
  quality::Contingency same(2, 2);
  same.customers = {3, 0, 0, 5};
  EXPECT_EQ(variation_of_information(same), 0.0);
  quality::Contingency independent(2, 2);
  independent.customers = {2, 2, 2, 2};
  EXPECT_NEAR(variation_of_information(independent), 2 * std::log(2), 1e-15);
}

// 100 customers in a matrix of which two cells are small.
Migration with_small_cells() {
  Labels before{{}, 2};
  Labels after{{}, 2};
  for (int i = 0; i < 100; ++i) {
    const int a = i < 50 ? 1 : 2;
    const int b = i < 3 ? 2 : i < 50 ? 1 : i < 65 ? 1 : 2;
    before.add(std::to_string(i), a, 0.5, i == 60 ? 1000 : 1, 0);
    after.add(std::to_string(i), b, 0.5, 1, 0);
  }
  return count_moves(world(), joined(before, after), {Cause::customer, same_numbers(2, 2), 0.0}, true, true).migration;
}

TEST(PublishedMigration, WithholdsCellsOfFewAndWhatWouldTellThem) {
  const PublishedMigration told = publish(with_small_cells(), {10});

  EXPECT_TRUE(told.cell(1, 2).customers.is_withheld);
  EXPECT_TRUE(told.cell(1, 1).customers.is_withheld);
  EXPECT_TRUE(told.cell(1, 2).share_of_from.is_withheld);
  EXPECT_TRUE(told.cell(1, 2).value_after.is_withheld);
  EXPECT_THAT(migration_csv(told, {{"1", "2"}, {"1", "2"}}), HasSubstr("\n1,2,,,,moved\n"));
  EXPECT_EQ(told.adjusted_rand, std::round(told.adjusted_rand * 1000) / 1000);
}

TEST(PublishedMigration, WithholdsValuesThatOneCustomerMakes) {
  const PublishedMigration told = publish(with_small_cells(), {2});

  EXPECT_FALSE(told.cell(2, 1).customers.is_withheld);
  EXPECT_TRUE(told.cell(2, 1).value_before.is_withheld);  // 1000 of 1014
  EXPECT_TRUE(told.cell(2, 2).value_before.is_withheld);  // else the difference would tell it
  EXPECT_FALSE(told.cell(2, 1).value_after.is_withheld);
}

TEST(PublishedMigration, TellsAllWhereNothingIsToBeWithheld) {
  const PublishedMigration told = publish(with_small_cells(), {0});

  EXPECT_EQ(migration_csv(told, {{"1", "2"}, {"1", "2"}}),
            "from,to,customers,mass,share_of_from,part\n1,1,47,47,0.94,stay\n1,2,3,3,0.06,customer\n"
            "2,1,15,15,0.3,customer\n2,2,35,35,0.7,stay\n");
}

}  // namespace
}  // namespace cardseg::monitor
