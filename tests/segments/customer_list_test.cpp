#include "cardseg/segments/customer_list.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>

#include "cardseg/core/error.hpp"
#include "cardseg/core/hmac.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/segments/label_export.hpp"
#include "cardseg/segments/label_files.hpp"
#include "cardseg/segments/pseudonyms.hpp"
#include "cardseg/segments/score.hpp"
#include "support/small_model.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

namespace fs = std::filesystem;
using support::error_of;
using support::local_part;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t rows = 40;

std::string id_of(std::int64_t row) { return "c" + std::to_string((row * 7) % rows); }
double balance_of(std::int64_t row) { return row == 5 ? std::nan("") : static_cast<double>((row * 13) % 10); }

std::vector<support::ShardColumn> customers() {
  std::vector<std::string> id;
  std::vector<std::string> region;
  std::vector<double> balance;
  std::vector<double> spend;
  for (std::int64_t i = 0; i < rows; ++i) {
    id.push_back(id_of(i));
    region.push_back(i % 2 == 0 ? "north" : "south");
    balance.push_back(balance_of(i));
    spend.push_back(static_cast<double>(i));
  }
  return {{"customer_id", id}, {"region", region}, {"balance", balance}, {"spend, total", spend}};
}

// A run whose labels give row i segment i % 3 + 1, distance i and margin 1 / (i + 1); two shards.
class FinishedRun {
 public:
  explicit FinishedRun(const std::string& key = "") {
    support::write_shard(world(), directory_ / "shards/a.h5", support::rows_of(customers(), 0, 23));
    support::write_shard(world(), directory_ / "shards/b.h5", support::rows_of(customers(), 23, rows));
    if (world().is_root()) fs::create_directories(directory_ / "run/labels");
    world().barrier();
    shards.emplace(world(), std::vector<fs::path>{directory_ / "shards"});
    cluster::Scores all;
    for (std::int64_t i = 0; i < rows; ++i) {
      all.segment.push_back(static_cast<std::int32_t>(i % 3));
      all.second.push_back(static_cast<std::int32_t>((i + 1) % 3));
      all.squared_distance.push_back(static_cast<double>(i * i));
      all.margin.push_back(1.0f / static_cast<float>(i + 1));
    }
    const cluster::Scores local = {local_part(world(), all.segment), local_part(world(), all.second),
                                   local_part(world(), all.squared_distance), local_part(world(), all.margin)};
    core::Events silent;
    write_labels(world(), *shards, {directory_ / "run/labels", {"customer_id", key}}, local, silent);
    labels.emplace(world(), directory_ / "run");
    model.columns[1].column.value_number = 1;  // balance
  }

  CustomerList list(const ListOptions& options, const std::string& key = "") const {
    core::Events silent;
    return make_list(world(), {*labels, &*shards, &model, key}, options, silent);
  }
  std::string file(const std::string& name, const std::string& text) const {
    const fs::path path = directory_ / name;
    if (world().is_root()) io::write_file(path, text);
    world().barrier();
    return path;
  }
  fs::path operator/(const char* name) const { return directory_ / name; }

 private:
  struct Folders : support::TemporaryDirectory {
    Folders() : TemporaryDirectory(world()) {
      if (world().is_root()) fs::create_directory(path() / "shards");
      world().barrier();
    }
  };
  Folders directory_;

 public:
  Model model = support::small_model();
  std::optional<io::ShardSet> shards;
  std::optional<LabelledCustomers> labels;
};

template <class T>
std::vector<T> column(const CustomerList& list, const std::string& name) {
  for (std::size_t c = 0; c < list.columns.size(); ++c)
    if (list.columns[c].name == name) return std::get<std::vector<T>>(list.rows[c]);
  ADD_FAILURE() << "no column " << name;
  return {};
}

std::vector<std::string> ids(const CustomerList& list) { return column<std::string>(list, "customer_id"); }

std::vector<std::string> ids_of_rows(const std::vector<std::int64_t>& chosen) {
  std::vector<std::string> names;
  for (std::int64_t row : chosen) names.push_back(id_of(row));
  return names;
}

// What rank 0 has; elsewhere lists are empty.
template <class T>
std::vector<T> on_root(std::vector<T> values) {
  return world().is_root() ? values : std::vector<T>();
}

}  // namespace

TEST(CustomerList, ListsTheNearestOfASegmentFirst) {
  const FinishedRun run;

  const CustomerList list = run.list({.segment = 2, .top = 3});

  EXPECT_EQ(ids(list), on_root(ids_of_rows({1, 4, 7})));
  EXPECT_EQ(column<float>(list, "distance"), on_root<float>({1, 4, 7}));
  EXPECT_EQ(list.counts.segment, 13);
  EXPECT_EQ(list.counts.listed, 3);
}

TEST(CustomerList, SaysWhyCustomersAreThereAndHowTheyWouldLeave) {
  const FinishedRun run;
  if (world().is_root()) fs::create_directories(run / "scored/labels");
  world().barrier();
  core::Events silent;
  const ScoredShards scored = score_shards(world(), *run.shards, run.model, silent, {2, true, {}});
  write_labels(world(), *run.shards, {run / "scored/labels", {"customer_id"}}, scored.local_scores, silent,
               scored.local_reasons);
  const LabelledCustomers labels(world(), run / "scored");

  const CustomerList list = make_list(world(), {labels, &*run.shards, &run.model, ""},
                                      {.top = 1000, .by = "spend, total", .reasons = {2, true, {}}}, silent);

  const auto parts = column<double>(list, "reason_1_part");
  const auto lengths = column<double>(list, "move_length");
  EXPECT_EQ(std::ssize(parts), world().is_root() ? rows : 0);
  const io::ShardSet files(world(), {run / "scored/labels"});
  std::vector<double> written(static_cast<std::size_t>(rows));
  files.read_numbers(files.column_index("reason_1_part"), {0, rows}, written);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(parts[i], written[static_cast<std::size_t>(rows) - 1 - i]);  // the largest amount first
    EXPECT_TRUE(lengths[i] > 0.0 || std::isnan(lengths[i]));
  }
}

TEST(CustomerList, RefusesReasonsOfAnotherModelThanThatOfTheLabels) {
  const FinishedRun run;

  const core::Error error = support::error_of([&] { run.list({.segment = 2, .reasons = {1, false, {}}}); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
}

TEST(CustomerList, OrdersByMarginOrAColumnAndPutsMissingValuesLast) {
  const FinishedRun run;

  EXPECT_EQ(ids(run.list({.segment = 2, .top = 2, .by = "margin"})), on_root(ids_of_rows({1, 4})));
  EXPECT_EQ(ids(run.list({.segment = 2, .top = 2, .by = "margin", .reverse = true})), on_root(ids_of_rows({37, 34})));
  // Balances of rows 2, 5, 8, ...: 6, none, 4, 3, 2, 1, 0, 9, 8, 7, 6, 5, 4.
  EXPECT_EQ(ids(run.list({.segment = 3, .top = 3, .by = "value"})), on_root(ids_of_rows({23, 26, 29})));
  for (bool reverse : {false, true}) {
    const std::vector<std::string> all = ids(run.list({.segment = 3, .by = "balance", .reverse = reverse}));
    EXPECT_EQ(all.empty() ? "" : all.back(), world().is_root() ? id_of(5) : "");
  }
}

TEST(CustomerList, BreaksTiesByTheRow) {
  const FinishedRun run;

  // Balance 6 in rows 2 and 32, 4 in rows 8 and 38.
  const std::vector<std::string> all = ids(run.list({.segment = 3, .by = "balance"}));

  if (!world().is_root()) return;
  EXPECT_LT(std::ranges::find(all, id_of(2)), std::ranges::find(all, id_of(32)));
  EXPECT_LT(std::ranges::find(all, id_of(8)), std::ranges::find(all, id_of(38)));
}

TEST(CustomerList, KeepsWhomARuleSelectsAndAddsColumns) {
  const FinishedRun run;

  const CustomerList list =
      run.list({.segment = 2, .where = "region = \"north\" and balance >= 5", .columns = {"region", "balance"}});

  std::vector<std::int64_t> expected;
  for (std::int64_t i = 1; i < rows; i += 3)
    if (i % 2 == 0 && balance_of(i) >= 5) expected.push_back(i);
  EXPECT_EQ(ids(list), on_root(ids_of_rows(expected)));
  EXPECT_EQ(column<std::string>(list, "region"), on_root(std::vector<std::string>(expected.size(), "north")));
  EXPECT_EQ(list.counts.matching, std::ssize(expected));
}

TEST(CustomerList, HoldsOutTheSameCustomersOfACampaignOnEveryList) {
  const FinishedRun run;

  const CustomerList all = run.list({.top = rows, .holdout = 0.4, .campaign = "autumn"});
  const CustomerList some = run.list({.segment = 1, .holdout = 0.4, .campaign = "autumn"});

  for (const CustomerList* list : {&all, &some}) {
    const std::vector<std::string> names = ids(*list);
    const std::vector<std::string> groups = column<std::string>(*list, "group");
    for (std::size_t i = 0; i < names.size(); ++i)
      EXPECT_EQ(groups[i], core::hmac_fraction("autumn", names[i]) < 0.4 ? "holdout" : "target");
  }
  EXPECT_GT(all.counts.holdout, 5);
  EXPECT_LT(all.counts.holdout, 30);
}

TEST(CustomerList, CountsCustomersThatAPolicyPlacesApart) {
  const FinishedRun run;
  const std::string pins =
      run.file("pins.csv", "customer_id,segment\n" + id_of(0) + ",2\n" + id_of(1) + ",3\nnobody,1\n");

  const CustomerList list = run.list({.segment = 2, .top = 3, .pin = pins});

  EXPECT_EQ(ids(list), on_root(ids_of_rows({0, 4, 7})));
  EXPECT_EQ(column<std::string>(list, "placed"), on_root<std::string>({"policy", "model", "model"}));
  EXPECT_EQ(column<std::int32_t>(list, "segment"), on_root<std::int32_t>({2, 2, 2}));
  EXPECT_EQ(list.counts.segment, 13);
  EXPECT_EQ(list.counts.placed, 1);
  EXPECT_EQ(list.counts.moved_out, 1);
  EXPECT_EQ(list.counts.unknown_placed, 1);
}

TEST(CustomerList, FindsWhoIsLikeGivenCustomers) {
  const FinishedRun run;
  const std::string seeds =
      run.file("seeds.csv", "name,customer_id\nx," + id_of(10) + "\ny," + id_of(30) + "\nz,nobody\n");

  const CustomerList list = run.list({.top = 4, .like = seeds});

  // In the model's space a customer is (balance - 10) / 2, 3 (spend + 1 / 7); row 5 has no balance and gets 0.1.
  std::vector<std::pair<double, std::int64_t>> naive;
  const auto at = [](std::int64_t i) {
    const double balance = std::isnan(balance_of(i)) ? 0.1 : balance_of(i);
    return std::array{0.5 * (balance - 10), 3 * (static_cast<double>(i) + 1.0 / 7)};
  };
  for (std::int64_t i = 0; i < rows; ++i) {
    double nearest = INFINITY;
    for (std::int64_t seed : {10, 30})
      nearest = std::min(nearest, std::hypot(at(i)[0] - at(seed)[0], at(i)[1] - at(seed)[1]));
    if (i != 10 && i != 30) naive.emplace_back(std::round(nearest * 1e6) / 1e6, i);  // some are as far as others
  }
  std::ranges::sort(naive);
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 4; ++i) expected.push_back(naive[static_cast<std::size_t>(i)].second);
  EXPECT_EQ(ids(list), on_root(ids_of_rows(expected)));
  EXPECT_EQ(list.counts.seeds, 2);
  EXPECT_EQ(list.counts.unknown_seeds, 1);
  for (double distance : on_root(column<double>(list, "like_distance")))
    EXPECT_GE(distance, naive.front().first - 1e-5);
}

TEST(CustomerList, WritesPseudonymsInPlaceOfIds) {
  const FinishedRun run;
  const std::string key(16, 'k');

  const CustomerList list = run.list({.segment = 2, .top = 1}, key);

  EXPECT_EQ(column<std::string>(list, "pseudonym"), on_root<std::string>({core::hmac_sha256_hex(key, id_of(1))}));
}

TEST(CustomerList, TakesPseudonymsOfLabelsForIds) {
  const std::string key(16, 'k');
  const FinishedRun run(key);

  EXPECT_TRUE(run.labels->has_pseudonyms());
  EXPECT_EQ(column<std::string>(run.list({.segment = 2, .top = 1}), "pseudonym"),
            on_root<std::string>({core::hmac_sha256_hex(key, id_of(1))}));
  EXPECT_THAT(error_of([&] { run.list({.segment = 2}, key); }).what(), HasSubstr("hold pseudonyms already"));
}

TEST(CustomerList, WritesCsvAndShards) {
  const FinishedRun run;
  const CustomerList list = run.list({.segment = 2, .top = 2, .columns = {"balance"}});
  if (world().is_root()) {
    write_list(list, run / "list.csv");
    write_list(list, run / "list.h5");

    EXPECT_EQ(io::read_file(run / "list.csv"),
              "customer_id,segment,distance,margin,balance\nc7,2,1,0.5,3\nc28,2,4,0.2,2\n");
    const io::ShardFile shard(run / "list.h5");
    EXPECT_EQ(shard.header().rows, 2);
    EXPECT_THAT(shard.read_texts(1, {0, 2}), ElementsAre("c7", "c28"));
  }
  world().barrier();
}

TEST(CustomerList, RefusesWhatDoesNotFit) {
  const FinishedRun run;
  const auto refusal = [&](const ListOptions& options) {
    const core::Error error = error_of([&] { run.list(options); });
    return std::string(error.what());
  };

  EXPECT_THAT(refusal({.segment = 4}), HasSubstr("segment cannot be 4. The model has segments 1 to 3"));
  EXPECT_THAT(refusal({.segment = 1, .by = "balanse"}), HasSubstr("Did you mean 'balance'?"));
  EXPECT_THAT(refusal({.segment = 1, .by = "region"}), HasSubstr("by names a column of text"));
  EXPECT_THAT(refusal({.segment = 1, .columns = {"customer_id"}}), HasSubstr("which the list has already"));
  EXPECT_THAT(refusal({.segment = 1, .where = "balanse > 1"}), HasSubstr("Did you mean 'balance'?"));
  EXPECT_THAT(refusal({.like = run.file("none.csv", "customer_id\nnobody\n")}),
              HasSubstr("none of the given customers is among those of the run"));
  EXPECT_THAT(refusal({.like = run.file("twice.csv", "customer_id\nc1\nc1\n")}),
              HasSubstr("line 3: the customer is named a second time"));
  EXPECT_THAT(refusal({.segment = 1, .pin = run.file("bad.csv", "customer_id,segment\nc1,4\n")}),
              HasSubstr("line 2: the segment is not one of this run. Write a number from 1 to 3"));
  EXPECT_THAT(refusal({.segment = 1, .pin = run.file("head.csv", "id,segment\nc1,1\n")}),
              HasSubstr("there is no column 'customer_id'"));
}

TEST(CustomerList, ValidatesOptionsThatGoTogether) {
  const auto refusal = [](const ListOptions& options) {
    return std::string(error_of([&] { validate(options); }).what());
  };

  EXPECT_THAT(refusal({}), HasSubstr("run is missing"));
  EXPECT_THAT(refusal({.run = "run"}), HasSubstr("nothing says who is on the list"));
  EXPECT_THAT(refusal({.run = "run", .by = "value", .like = "seeds.csv"}), HasSubstr("Give one of the two"));
  EXPECT_THAT(refusal({.run = "run", .segment = 1, .holdout = 0.1}), HasSubstr("holdout needs campaign"));
}

TEST(LabelledCustomers, NoticesShardsOfOtherCustomers) {
  const FinishedRun run;
  support::write_shard(world(), run / "shards/b.h5", support::rows_of(customers(), 22, rows - 1));
  const io::ShardSet others(world(), {run / "shards"});

  const core::Error error = error_of([&] { run.labels->check_same_customers(world(), others); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("b.h5, column customer_id, row 1"));
  EXPECT_THAT(error.what(), HasSubstr("the labels are of another customer"));
}

TEST(LabelledCustomers, NoticesShardsOfOtherSizes) {
  const FinishedRun run;
  support::write_shard(world(), run / "shards/c.h5", support::rows_of(customers(), 0, 1));
  const io::ShardSet more(world(), {run / "shards"});

  EXPECT_THAT(error_of([&] { run.labels->check_same_customers(world(), more); }).what(),
              HasSubstr("2 files with 40 rows are labelled, 3 with 41 are here"));
}

TEST(LabelExport, WritesEverybodyInTheOrderOfTheShards) {
  const FinishedRun run;
  const std::string pins = run.file("pins.csv", "customer_id,segment\n" + id_of(1) + ",1\nnobody,1\n");
  if (world().is_root()) {
    core::Events silent;
    const comm::Communicator alone;
    const LabelledCustomers labels(alone, run / "run");

    const ExportCounts counts =
        export_labels(labels, {.labels = LabelFormat::csv, .pin = pins}, "", run / "labels.csv", silent);

    const std::string text = io::read_file(run / "labels.csv");
    EXPECT_THAT(text, testing::StartsWith("customer_id,segment,distance,second_segment,margin,placed\n"
                                          "c0,1,0,2,1,model\nc7,1,1,3,0.5,policy\nc14,3,2,1,0.33333334,model\n"));
    EXPECT_EQ(std::ranges::count(text, '\n'), rows + 1);
    EXPECT_EQ(counts.customers, rows);
    EXPECT_EQ(counts.placed, 1);
    EXPECT_EQ(counts.unknown_placed, 1);
  }
  world().barrier();
}

TEST(Pseudonyms, NeedAKeyOfSixteenBytes) {
  const FinishedRun run;

  EXPECT_EQ(read_key({run.file("key", "0123456789abcdef\n")}), "0123456789abcdef");
  EXPECT_EQ(read_key({}), "");
  EXPECT_THAT(error_of([&] { read_key({run.file("short", "0123456789abcde\n")}); }).what(),
              HasSubstr("the key has fewer than 16 bytes"));
  EXPECT_THAT(error_of([&] { customer_names("", {"key"}); }).what(), HasSubstr("pseudonymise needs ids"));
}

}  // namespace cardseg::segments
