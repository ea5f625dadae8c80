#include "cardseg/segments/label_files.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "support/file_size_limit.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

using core::Range;
using support::error_of;
using support::rows_of;
using support::ShardColumn;
using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;

// cluster::Scores that tell rows apart.
cluster::Scores numbered_scores(std::int64_t rows) {
  cluster::Scores scores;
  for (std::int64_t i = 0; i < rows; ++i) {
    scores.segment.push_back(static_cast<std::int32_t>(i % 7));
    scores.second.push_back(static_cast<std::int32_t>(i % 5) - 1);
    scores.squared_distance.push_back(static_cast<double>(i));
    scores.margin.push_back(1.0f / static_cast<float>(i + 1));
  }
  return scores;
}

cluster::Scores local_scores(const comm::Communicator& comm, std::int64_t rows) {
  const cluster::Scores all = numbered_scores(rows);
  return {support::local_part(comm, all.segment), support::local_part(comm, all.second),
          support::local_part(comm, all.squared_distance), support::local_part(comm, all.margin)};
}

std::vector<ShardColumn> customers(std::int64_t rows) {
  std::vector<std::string> name;
  std::vector<std::int64_t> number;
  std::vector<double> balance;
  for (std::int64_t i = 0; i < rows; ++i) {
    name.push_back("customer " + std::to_string(i * i));
    number.push_back(1000000 - 7 * i);
    balance.push_back(static_cast<double>(i));
  }
  return {{"name", name}, {"number", number}, {"balance", balance}};
}

// Shards that end before the given rows.
io::ShardSet write_shards(const TemporaryDirectory& directory, const std::vector<std::ptrdiff_t>& ends) {
  std::ptrdiff_t begin = 0;
  for (std::size_t s = 0; s < ends.size(); ++s) {
    support::write_shard(world(), directory / ("part-" + std::to_string(s) + ".h5"),
                         rows_of(customers(ends.back()), begin, ends[s]));
    begin = ends[s];
  }
  return {world(), {directory.path()}};
}

std::vector<std::string> write(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& id,
                               const TemporaryDirectory& directory) {
  core::Events silent;
  std::vector<std::string> names =
      write_labels(comm, shards, {directory.path(), {id}}, local_scores(comm, shards.rows()), silent);
  comm.barrier();
  return names;
}

std::vector<double> numbers(const io::ShardFile& file, const std::string& name) {
  std::vector<double> values(static_cast<std::size_t>(file.header().rows));
  for (std::size_t c = 0; c < file.header().columns.size(); ++c)
    if (file.header().columns[c].name == name) file.read_numbers(c, {0, file.header().rows}, values);
  return values;
}

// One file of labels against the scores of its global rows.
void expect_labels(const std::filesystem::path& path, Range rows) {
  const io::ShardFile file(path);
  ASSERT_EQ(file.header().rows, rows.size());
  const std::vector<double> segment = numbers(file, "segment");
  const std::vector<double> second = numbers(file, "second_segment");
  const std::vector<double> distance = numbers(file, "distance");
  const std::vector<double> margin = numbers(file, "margin");
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const auto i = static_cast<std::size_t>(row - rows.begin);
    ASSERT_EQ(segment[i], static_cast<double>(row % 7 + 1));
    ASSERT_EQ(second[i], static_cast<double>(row % 5));
    ASSERT_EQ(distance[i], static_cast<double>(static_cast<float>(std::sqrt(static_cast<double>(row)))));
    ASSERT_EQ(margin[i], static_cast<double>(1.0f / static_cast<float>(row + 1)));
  }
}

const std::vector<std::ptrdiff_t> uneven = {0, 3, 17, 17, 18, 53, 53};

}  // namespace

TEST(LabelFiles, HoldReasonsBesideTheirRows) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, uneven);
  std::vector<double> places;
  std::vector<double> parts;
  for (std::int64_t i = 0; i < shards.rows(); ++i) {
    places.push_back(i % 3 == 2 ? std::nan("") : static_cast<double>(i % 3));
    parts.push_back(0.5 * static_cast<double>(i));
  }
  const std::vector<ReasonColumn> reasons = {
      {{"reason_1", io::ColumnType::text, 7}, {"balance", "spend"}, support::local_part(world(), places)},
      {{"reason_1_part", io::ColumnType::float64}, {}, support::local_part(world(), parts)}};
  core::Events silent;

  write_labels(world(), shards, {output.path(), {"number"}}, local_scores(world(), shards.rows()), silent, reasons);
  world().barrier();

  const io::ShardSet labels(world(), {output.path()});
  const std::vector<std::string> names = labels.read_texts(labels.column_index("reason_1"), {0, labels.rows()});
  std::vector<double> read(parts.size());
  labels.read_numbers(labels.column_index("reason_1_part"), {0, labels.rows()}, read);
  EXPECT_EQ(read, parts);
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(names[i], i % 3 == 2 ? "" : i % 3 == 0 ? "balance" : "spend");
}

TEST(LabelFiles, HoldTheRowsOfTheirShardsHoweverRanksDivideThem) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, uneven);

  const std::vector<std::string> names = write(world(), shards, "number", output);

  EXPECT_THAT(names,
              ElementsAre("part-0.h5", "part-1.h5", "part-2.h5", "part-3.h5", "part-4.h5", "part-5.h5", "part-6.h5"));
  for (const io::PlacedShard& shard : shards.shards())
    expect_labels(output / shard.header.path.filename().string(), shard.rows);
}

TEST(LabelFiles, AreTheSameBytesOnAllRankCounts) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, uneven);
  for (const char* id : {"name", "number", ""}) {
    const TemporaryDirectory alone;  // every rank writes all labels once more, for itself

    const std::vector<std::string> names = write(world(), shards, id, output);
    write(comm::Communicator(), shards, id, alone);

    for (const std::string& name : names)
      EXPECT_EQ(io::sha256_of_file(output / name), io::sha256_of_file(alone / name)) << name << " with id " << id;
    world().barrier();  // before the files are replaced
  }
}

TEST(LabelFiles, CarryTextIdsIntegerIdsOrRowNumbers) {
  const TemporaryDirectory input(world());
  const io::ShardSet shards = write_shards(input, {4, 9});
  const TemporaryDirectory text(world());
  const TemporaryDirectory number(world());
  const TemporaryDirectory row(world());

  write(world(), shards, "name", text);
  write(world(), shards, "number", number);
  write(world(), shards, "", row);

  const io::ShardFile named(text / "part-1.h5");
  EXPECT_EQ(named.header().columns[2].name, "name");
  EXPECT_THAT(named.read_texts(2, {0, 5}),
              ElementsAre("customer 16", "customer 25", "customer 36", "customer 49", "customer 64"));
  EXPECT_THAT(numbers(io::ShardFile(number / "part-1.h5"), "number"),
              ElementsAre(999972, 999965, 999958, 999951, 999944));
  EXPECT_THAT(numbers(io::ShardFile(row / "part-1.h5"), "row"), ElementsAre(4, 5, 6, 7, 8));
}

TEST(LabelFiles, CallAnIdThatHasTheNameOfAnotherColumnId) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  if (world().is_root()) {
    io::ShardWriter writer(input / "part-0.h5", {{"segment", io::ColumnType::int64, 0}}, 2);
    writer.append({std::vector<std::int64_t>{70, 80}});
    writer.commit();
  }
  world().barrier();
  const io::ShardSet shards(world(), {input.path()});

  write(world(), shards, "segment", output);

  const io::ShardFile file(output / "part-0.h5");
  EXPECT_THAT(numbers(file, "id"), ElementsAre(70, 80));
  EXPECT_THAT(numbers(file, "segment"), ElementsAre(1, 2));
}

// Every third row, those of a whole shard, or none.
TEST(LabelFiles, HaveEveryRowAndAReasonWhereSomeAreNotSelected) {
  for (const auto is_in : std::vector<bool (*)(std::int64_t)>{[](std::int64_t row) { return row % 3 == 1; },
                                                              [](std::int64_t row) { return row >= 9 && row < 12; },
                                                              [](std::int64_t) { return false; }}) {
    const TemporaryDirectory input(world());
    const TemporaryDirectory output(world());
    const io::ShardSet all = write_shards(input, uneven);
    std::vector<std::uint8_t> is_selected;
    for (std::int64_t row = 0; row < all.rows(); ++row) is_selected.push_back(is_in(row) ? 1 : 0);
    const io::ShardSet shards =
        all.selected(io::gather_selection(world(), all.rows(), support::local_part(world(), is_selected)));

    write(world(), shards, "number", output);

    std::int64_t place = 0;
    for (const io::PlacedShard& shard : shards.shards()) {
      const io::ShardFile file(output / shard.header.path.filename().string());
      ASSERT_EQ(file.header().rows, shard.rows.size());
      const std::vector<double> segment = numbers(file, "segment");
      const std::vector<double> distance = numbers(file, "distance");
      const std::vector<double> ids = numbers(file, "number");
      const auto column = std::ranges::find(file.header().columns, "reason", &io::StoredColumn::name);
      const std::vector<std::string> reasons =
          file.read_texts(static_cast<std::size_t>(column - file.header().columns.begin()), {0, shard.rows.size()});
      for (std::int64_t row = shard.rows.begin; row < shard.rows.end; ++row) {
        const auto i = static_cast<std::size_t>(row - shard.rows.begin);
        EXPECT_EQ(ids[i], static_cast<double>(1000000 - 7 * row));
        EXPECT_EQ(segment[i], is_in(row) ? static_cast<double>(place % 7 + 1) : 0);
        EXPECT_EQ(std::isnan(distance[i]), !is_in(row));
        EXPECT_EQ(reasons[i], is_in(row) ? "" : "filter");
        place += is_in(row) ? 1 : 0;
      }
    }
  }
}

TEST(LabelFiles, WorkWithMoreRanksThanRowsAndWithNone) {
  for (const std::vector<std::ptrdiff_t>& ends : {std::vector<std::ptrdiff_t>{1, 2}, {0, 1}, {0, 0}}) {
    const TemporaryDirectory input(world());
    const TemporaryDirectory output(world());
    const io::ShardSet shards = write_shards(input, ends);

    write(world(), shards, "name", output);

    for (const io::PlacedShard& shard : shards.shards())
      expect_labels(output / shard.header.path.filename().string(), shard.rows);
  }
}

TEST(LabelFiles, ComeInPiecesWhereAShardIsLong) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, {150001, 150010});

  write(world(), shards, "number", output);

  expect_labels(output / "part-0.h5", {0, 150001});
  expect_labels(output / "part-1.h5", {150001, 150010});
}

TEST(LabelFiles, ThatCannotGetTheirNameFailOnAllRanksAlike) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, uneven);
  if (world().is_root()) std::filesystem::create_directories(output / "part-4.h5" / "in the way");
  world().barrier();

  const core::Error error = error_of([&] { write(world(), shards, "number", output); });

  EXPECT_EQ(error.code(), core::ExitCode::io);
  EXPECT_EQ(error.place().file, (output / "part-4.h5").string());
}

TEST(LabelFiles, ThatOneRankCannotWriteFailOnAllRanksAlike) {
  const TemporaryDirectory input(world());
  const TemporaryDirectory output(world());
  const io::ShardSet shards = write_shards(input, {40000, 80000, 120000});

  const core::Error error = error_of([&] {
    std::optional<support::FileSizeLimit> full_disk;
    if (world().is_root()) full_disk.emplace(20000);
    write(world(), shards, "number", output);
  });

  EXPECT_EQ(error.code(), core::ExitCode::io);
  EXPECT_EQ(error.place().file, (output / "part-0.h5").string());
  EXPECT_FALSE(std::filesystem::exists(output / "part-0.h5"));
}

}  // namespace cardseg::segments
