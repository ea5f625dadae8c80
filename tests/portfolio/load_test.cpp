#include "cardseg/portfolio/load.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "cardseg/comm/agree.hpp"
#include "cardseg/portfolio/learn_levels.hpp"
#include "cardseg/portfolio/population.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using support::error_of;
using support::rows_of;
using support::ShardColumn;
using support::TemporaryDirectory;
using support::world;
using support::write_shard;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

class Notes : public core::Events {
 public:
  void info(std::string_view text) override { texts += std::string(text) + "\n"; }
  void warning(std::string_view text) override { texts += "warning: " + std::string(text) + "\n"; }

  std::string texts;
};

Column described(const std::string& name, Scale scale = Scale::zscore, Transform transform = Transform::none) {
  Column column;
  column.name = name;
  column.role = Role::feature;
  column.settings.scale = scale;
  column.settings.transform = transform;
  return column;
}

// 77 customers: skewed, with gaps, whole numbers, booleans.
std::vector<ShardColumn> customers() {
  std::mt19937_64 random(8);
  std::lognormal_distribution<double> heavy(4, 1);
  std::vector<double> balance;
  std::vector<float> share;
  std::vector<std::int32_t> age;
  std::vector<std::int8_t> is_new;
  for (int i = 0; i < 77; ++i) {
    balance.push_back(random() % 6 ? heavy(random) : nan);
    share.push_back(static_cast<float>(random() % 1000) / 999.0f);
    age.push_back(static_cast<std::int32_t>(18 + random() % 70));
    is_new.push_back(static_cast<std::int8_t>(random() % 2));
  }
  return {{"balance", balance}, {"share", share}, {"age", age}, {"is_new", is_new}};
}

std::vector<Column> all_features() {
  return {described("balance", Scale::zscore, Transform::log1p), described("share", Scale::robust),
          described("age", Scale::minmax), described("is_new", Scale::none)};
}

// Raw values of one of `customers()` as doubles.
std::vector<double> raw(const std::string& name) {
  for (const ShardColumn& column : customers())
    if (column.name == name)
      return std::visit(
          [](const auto& values) {
            std::vector<double> doubles;
            if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, std::vector<std::string>>)
              doubles.assign(values.begin(), values.end());
            return doubles;
          },
          column.values);
  return {};
}

// Shards that end before the given rows.
void write_portfolio(const TemporaryDirectory& directory, const std::vector<ShardColumn>& columns,
                     const std::vector<std::ptrdiff_t>& ends) {
  std::ptrdiff_t begin = 0;
  for (std::size_t s = 0; s < ends.size(); ++s) {
    write_shard(world(), directory / ("part-" + std::to_string(s) + ".h5"), rows_of(columns, begin, ends[s]));
    begin = ends[s];
  }
}

// Some shards are empty.
void write_customers(const TemporaryDirectory& directory) {
  write_portfolio(directory, customers(), {30, 30, 31, 77, 77});
}

io::ShardSet shards_in(const TemporaryDirectory& directory) { return {world(), {directory.path()}}; }

void write_column(const TemporaryDirectory& directory, const std::vector<double>& values) {
  const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
  write_portfolio(directory, {{"balance", values}, {"other", std::vector<double>(values.size(), 1.0)}},
                  {half, static_cast<std::ptrdiff_t>(values.size())});
}

template <class T = float>
LoadedPortfolio<T> load(const io::ShardSet& shards, const std::vector<Column>& features) {
  Notes notes;
  return load_portfolio<T>(world(), shards, {features}, notes);
}

// A larger portfolio.
std::vector<ShardColumn> many_customers(std::int64_t rows) {
  std::vector<double> balance;
  std::vector<float> share;
  std::vector<std::int32_t> age;
  for (std::int64_t i = 0; i < rows; ++i) {
    balance.push_back(i % 17 ? static_cast<double>(i * 7919 % 100003) : nan);
    share.push_back(static_cast<float>(i * 31 % 999) / 999.0f);
    age.push_back(static_cast<std::int32_t>(18 + i % 70));
  }
  return {
      {"a_constant", std::vector<std::int32_t>(age.size(), 3)}, {"balance", balance}, {"share", share}, {"age", age}};
}

}  // namespace

template <class T>
class LoadAs : public testing::Test {};
using Stored = testing::Types<float, double>;
TYPED_TEST_SUITE(LoadAs, Stored);

TYPED_TEST(LoadAs, GivesEachRankItsRowsAsTheEncodersGiveThem) {
  const TemporaryDirectory directory(world());
  write_customers(directory);
  const io::ShardSet shards = shards_in(directory);

  const LoadedPortfolio<TypeParam> loaded = load<TypeParam>(shards, all_features());

  const core::Range mine = core::local_range(world().rank(), 77, world().size());
  EXPECT_EQ(loaded.matrix.global_rows(), mine);
  ASSERT_EQ(loaded.columns.size(), 4u);
  for (int f = 0; f < 4; ++f) {
    const FittedColumn& column = loaded.columns[static_cast<std::size_t>(f)];
    const auto& encoder = std::get<NumberEncoder>(column.encoder);
    const std::vector<double> values = raw(column.column.name);
    for (std::int64_t row = mine.begin; row < mine.end; ++row)
      ASSERT_EQ(loaded.matrix.at(row - mine.begin, f),
                static_cast<TypeParam>(encoder.encode(values[static_cast<std::size_t>(row)])))
          << column.column.name << " in row " << row;
  }
}

TYPED_TEST(LoadAs, FitsTheEncodersOnAllRows) {
  const TemporaryDirectory directory(world());
  write_customers(directory);

  const LoadedPortfolio<TypeParam> loaded = load<TypeParam>(shards_in(directory), all_features());

  for (const FittedColumn& column : loaded.columns) {
    const std::string& name = column.column.name;
    const auto& encoder = std::get<NumberEncoder>(column.encoder);
    std::vector<double> values = raw(name);
    const RawFacts facts = compute_raw_facts(comm::Communicator(), values);
    const NumberEncoder alone = fit_number_encoder(comm::Communicator(), name, column.column.settings, facts, values);
    EXPECT_EQ(encoder.fill, alone.fill);
    EXPECT_EQ(encoder.centre, alone.centre);
    EXPECT_EQ(encoder.factor, alone.factor);
    EXPECT_EQ(column.facts.missing, facts.missing);
  }
}

TYPED_TEST(LoadAs, EncodesTheSameRowsAgainForScoring) {
  const TemporaryDirectory directory(world());
  write_customers(directory);
  const io::ShardSet shards = shards_in(directory);
  const LoadedPortfolio<TypeParam> loaded = load<TypeParam>(shards, all_features());

  const FeatureMatrix<TypeParam> again =
      encode_rows<TypeParam>(world(), shards, loaded.columns, loaded.matrix.global_rows());

  ASSERT_EQ(again.tiles(), loaded.matrix.tiles());
  const auto bytes = static_cast<std::size_t>(again.tiles() * 16 * 4) * sizeof(TypeParam);
  EXPECT_TRUE(bytes == 0 || std::memcmp(again.tile(0), loaded.matrix.tile(0), bytes) == 0);
}

// The promise of streaming: another place, the same bytes. More rows than a block of the second reading, two shards, a
// constant column in front.
TYPED_TEST(LoadAs, GivesTheSameBytesInAScratchFile) {
  const TemporaryDirectory directory(world());
  constexpr std::ptrdiff_t rows = 400000;
  const std::vector<Column> features = {described("a_constant"), described("balance", Scale::robust, Transform::log1p),
                                        described("age"), described("share", Scale::minmax)};
  write_portfolio(directory, many_customers(rows), {rows / 3, rows});
  const io::ShardSet shards = shards_in(directory);
  Notes notes;

  const LoadedPortfolio<TypeParam> kept = load<TypeParam>(shards, features);
  const LoadedPortfolio<TypeParam> streamed =
      load_portfolio<TypeParam>(world(), shards, {features}, notes, {directory.path()});

  EXPECT_TRUE(streamed.matrix.is_streamed());
  EXPECT_EQ(streamed.matrix.features(), 3);
  ASSERT_EQ(streamed.matrix.tiles(), kept.matrix.tiles());
  const auto bytes = static_cast<std::size_t>(kept.matrix.tiles() * 16 * 3) * sizeof(TypeParam);
  EXPECT_EQ(std::memcmp(streamed.matrix.tile(0), kept.matrix.tile(0), bytes), 0);
  EXPECT_EQ(directory.entries(), 2);
}

// 100,003 customers, a third of them in one region, four without; levels below 1 % are pooled.
TYPED_TEST(LoadAs, MakesIndicatorsOfLevels) {
  const TemporaryDirectory directory(world());
  constexpr std::ptrdiff_t rows = 100003;
  std::vector<std::string> region;
  std::vector<double> x;
  for (std::ptrdiff_t i = 0; i < rows; ++i) {
    region.push_back(i % 25001 == 0 ? "" : i % 3 == 0 ? "west" : "r" + std::to_string(i * 31 % 97 % 12));
    if (i % 201 == 0) region.back() = "rare";
    x.push_back(static_cast<double>(i % 10));
  }
  write_portfolio(directory, {{"region", region}, {"x", x}}, {rows / 7, rows});
  const io::ShardSet shards = shards_in(directory);
  Notes notes;
  const Description description = make_description({{"column.region.weight", "2"}, {"portfolio.min_level", "0.01"}});
  const Schema schema = learn_levels(world(), shards, make_schema(description, shards.columns()), notes);

  const auto kept = load_portfolio<TypeParam>(world(), shards, schema, notes);
  const auto streamed = load_portfolio<TypeParam>(world(), shards, schema, notes, {directory.path()});
  const auto scored = encode_rows<TypeParam>(world(), shards, kept.columns, kept.matrix.global_rows());

  const std::vector<Level>& known = kept.columns[0].column.levels.known;
  const int features = static_cast<int>(known.size()) + 3;  // (other), (missing), x
  ASSERT_EQ(kept.matrix.features(), features);
  ASSERT_EQ(schema.most_features(), features);
  const core::Range mine = kept.matrix.global_rows();
  for (std::int64_t row = mine.begin; row < mine.end; ++row)
    for (int f = 0; f + 1 < features; ++f) {
      const std::string name = f < features - 3    ? known[static_cast<std::size_t>(f)].name
                               : f == features - 3 ? "rare"
                                                   : "";
      const bool has_it = region[static_cast<std::size_t>(row)] == name;
      ASSERT_EQ(kept.matrix.at(row - mine.begin, f), has_it ? static_cast<TypeParam>(std::sqrt(2.0)) : TypeParam{0})
          << row << " " << f;
    }
  const auto bytes = static_cast<std::size_t>(kept.matrix.tiles() * 16 * features) * sizeof(TypeParam);
  EXPECT_TRUE(bytes == 0 || std::memcmp(streamed.matrix.tile(0), kept.matrix.tile(0), bytes) == 0);
  EXPECT_TRUE(bytes == 0 || std::memcmp(scored.tile(0), kept.matrix.tile(0), bytes) == 0);
}

TYPED_TEST(LoadAs, AddsAnIndicatorOfMissingNumbers) {
  const TemporaryDirectory directory(world());
  constexpr std::ptrdiff_t rows = 70001;
  const std::vector<ShardColumn> columns = many_customers(rows);  // every 17th balance is missing, no age
  write_portfolio(directory, columns, {rows / 3, rows});
  const io::ShardSet shards = shards_in(directory);
  Notes notes;
  std::vector<Column> features = {described("balance"), described("age")};
  for (Column& feature : features) feature.settings.missing = Missing::indicator;
  features[0].settings.weight = 4;

  const auto kept = load_portfolio<TypeParam>(world(), shards, {features}, notes);
  const auto streamed = load_portfolio<TypeParam>(world(), shards, {features}, notes, {directory.path()});

  ASSERT_EQ(kept.matrix.features(), 3);
  const auto& balance = std::get<NumberEncoder>(kept.columns[0].encoder);
  const core::Range mine = kept.matrix.global_rows();
  for (std::int64_t row = mine.begin; row < mine.end; ++row) {
    const bool is_missing = row % 17 == 0;
    ASSERT_EQ(kept.matrix.at(row - mine.begin, 1), is_missing ? TypeParam{2} : TypeParam{0}) << row;
    if (is_missing) {
      ASSERT_EQ(kept.matrix.at(row - mine.begin, 0), static_cast<TypeParam>(balance.encode(balance.fill))) << row;
    }
  }
  const auto bytes = static_cast<std::size_t>(kept.matrix.tiles() * 16 * 3) * sizeof(TypeParam);
  EXPECT_TRUE(bytes == 0 || std::memcmp(streamed.matrix.tile(0), kept.matrix.tile(0), bytes) == 0);
}

TYPED_TEST(LoadAs, TakesSelectedCustomersForTheWholePortfolio) {
  const TemporaryDirectory directory(world());
  const TemporaryDirectory alone(world());
  constexpr std::ptrdiff_t rows = 70001;
  write_portfolio(directory, many_customers(rows), {rows / 3, rows});
  const io::ShardSet all = shards_in(directory);
  const io::ShardSet selected = select_population(
      world(), all, {.filter = "balance > 30 and balance != 999", .missing_codes = {{"balance", {77}}}});
  std::vector<ShardColumn> columns = many_customers(rows);
  const std::vector<double> balances = std::get<std::vector<double>>(columns[1].values);
  for (ShardColumn& column : columns)
    std::visit(
        [&](auto& values) {
          std::size_t kept = 0;
          for (std::size_t i = 0; i < balances.size(); ++i)
            if (balances[i] > 30 && balances[i] != 999 && balances[i] != 77) values[kept++] = values[i];
          values.resize(kept);
        },
        column.values);
  write_portfolio(alone, columns, {io::row_count(columns[1].values) / 2, io::row_count(columns[1].values)});
  const std::vector<Column> features = {described("balance", Scale::robust), described("age")};
  Notes notes;

  const auto kept = load_portfolio<TypeParam>(world(), selected, {features}, notes);
  const auto streamed = load_portfolio<TypeParam>(world(), selected, {features}, notes, {directory.path()});
  const auto twin = load_portfolio<TypeParam>(world(), shards_in(alone), {features}, notes);

  ASSERT_EQ(kept.matrix.global_rows(), twin.matrix.global_rows());
  const auto bytes = static_cast<std::size_t>(twin.matrix.tiles() * 16 * 2) * sizeof(TypeParam);
  EXPECT_TRUE(bytes == 0 || std::memcmp(kept.matrix.tile(0), twin.matrix.tile(0), bytes) == 0);
  EXPECT_TRUE(bytes == 0 || std::memcmp(streamed.matrix.tile(0), twin.matrix.tile(0), bytes) == 0);
}

TEST(Load, AgreesOnAScratchDirectoryThatIsMissing) {
  const TemporaryDirectory directory(world());
  write_customers(directory);
  const io::ShardSet shards = shards_in(directory);
  Notes notes;

  // On the last rank alone: a node may differ from the others.
  const bool is_last = world().rank() + 1 == world().size();
  const std::filesystem::path scratch = is_last ? directory / "missing" : directory.path();
  const Error error = error_of([&] { load_portfolio<float>(world(), shards, {all_features()}, notes, {scratch}); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("missing"));
}

TEST(Load, LeavesAConstantColumnOutAndSaysSo) {
  const TemporaryDirectory directory(world());
  write_column(directory, {1, 2, 3, 4, 5, 6});
  const io::ShardSet shards = shards_in(directory);
  Notes notes;

  const LoadedPortfolio<float> loaded =
      load_portfolio<float>(world(), shards, {{described("other"), described("balance", Scale::none)}}, notes);

  EXPECT_EQ(loaded.matrix.features(), 1);
  EXPECT_FALSE(loaded.columns[0].is_feature());
  EXPECT_TRUE(loaded.columns[1].is_feature());
  const core::Range mine = loaded.matrix.global_rows();
  for (std::int64_t row = mine.begin; row < mine.end; ++row)
    EXPECT_EQ(loaded.matrix.at(row - mine.begin, 0), static_cast<float>(row + 1) - 3.5F);
  EXPECT_THAT(notes.texts, HasSubstr("warning: column other is constant"));
}

TEST(Load, WarnsOfNumbersThatWereNarrowedBeforeTheyWereStored) {
  const TemporaryDirectory directory(world());
  std::vector<float> narrow;
  std::vector<double> whole;
  for (int i = 0; i < 60; ++i) {
    whole.push_back(1.7e9 + i * 7);
    narrow.push_back(static_cast<float>(whole.back()));
  }
  write_portfolio(directory, {{"narrow", narrow}, {"whole", whole}}, {20, 60});
  const io::ShardSet shards = shards_in(directory);
  Column as_float32 = described("narrow");
  as_float32.stored_type = "float32";
  Column as_float64 = described("whole");
  as_float64.stored_type = "float64";
  Notes notes;

  load_portfolio<float>(world(), shards, {{as_float32, as_float64}}, notes);

  EXPECT_THAT(notes.texts, HasSubstr("column narrow is stored as float32, whose numbers lie 128 apart there, and its "
                                     "standard deviation is "));
  EXPECT_THAT(notes.texts, Not(HasSubstr("whole")));
}

TEST(Load, SaysWhyAColumnThatVariesIsNotUsed) {
  const TemporaryDirectory directory(world());
  const double large = 1e15;
  write_portfolio(
      directory,
      {{"balance", std::vector<double>{1, 2, 3, 4, 5, 6}},
       {"equal_quartiles", std::vector<double>{0, 0, 0, 0, 0, 9}},
       {"same_logarithm", std::vector<double>{large, std::nextafter(large, 2e15), large, large, large, large}},
       {"unweighted", std::vector<double>{1, 2, 3, 4, 5, 6}}},
      {2, 6});
  const io::ShardSet shards = shards_in(directory);
  Column unweighted = described("unweighted");
  unweighted.settings.weight = 0.0;
  Notes notes;

  const LoadedPortfolio<float> loaded =
      load_portfolio<float>(world(), shards,
                            {{described("balance"), described("equal_quartiles", Scale::robust),
                              described("same_logarithm", Scale::zscore, Transform::log1p), unweighted}},
                            notes);

  EXPECT_EQ(loaded.matrix.features(), 1);
  EXPECT_EQ(loaded.layout.features(), 1);
  EXPECT_EQ(loaded.columns[1].column.reason, "no spread");
  EXPECT_EQ(loaded.columns[2].column.reason, "no spread");
  EXPECT_EQ(loaded.columns[3].column.reason, "weight 0");
  EXPECT_THAT(
      notes.texts,
      HasSubstr("warning: column equal_quartiles has no spread under scale = robust, because its quartiles are equal"));
  EXPECT_THAT(notes.texts, HasSubstr("warning: column same_logarithm is constant under transform = log1p"));
  EXPECT_THAT(notes.texts, HasSubstr("column unweighted has weight 0 and is not used"));
}

TEST(Load, RefusesAPortfolioOfConstantColumns) {
  const TemporaryDirectory directory(world());
  write_column(directory, {4, 4, 4, 4});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load(shards, {described("balance"), described("other")}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("every column is constant"));
}

TEST(Load, RefusesAPortfolioWithoutCustomers) {
  const TemporaryDirectory directory(world());
  write_portfolio(directory, customers(), {0, 0});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load(shards, all_features()); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("no customers"));
}

TEST(Load, NamesShardColumnAndRowOfAnInfiniteValue) {
  const TemporaryDirectory directory(world());
  write_column(directory, {1, 2, 3, 4, nan, -infinity, 7, 8});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load(shards, {described("balance")}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().file, (directory / "part-1.h5").string());
  EXPECT_EQ(error.place().column, "balance");
  EXPECT_EQ(error.place().first_row, 1);
  EXPECT_THAT(error.what(), HasSubstr("an infinite value"));
}

TEST(Load, RefusesHugeValuesWithoutShowingThem) {
  const TemporaryDirectory directory(world());
  write_column(directory, {1, 2, 1e300, 4});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load(shards, {described("balance")}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().first_row, 0);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("above 1e150 in magnitude"), Not(HasSubstr("300"))));
}

TEST(Load, RefusesAColumnWithoutValues) {
  const TemporaryDirectory directory(world());
  write_column(directory, {nan, nan, nan});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load(shards, {described("balance")}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "balance");
}

TEST(Load, NamesTheFirstValueThatFloat32CannotHoldAndKeepsItInDouble) {
  const TemporaryDirectory directory(world());
  write_column(directory, {1, 2, 3, 4, 5, 1e40, -1e41, 8});
  const io::ShardSet shards = shards_in(directory);

  const Error error = error_of([&] { load<float>(shards, {described("balance", Scale::none)}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("too large for the stored precision"), HasSubstr("precision double")));
  EXPECT_EQ(error.place().file, (directory / "part-1.h5").string());
  EXPECT_EQ(error.place().first_row, 1);
  EXPECT_EQ(load<double>(shards, {described("balance", Scale::none)}).layout.features(), 1);
}

TEST(Load, SaysWhichNewCustomersCannotBeEncoded) {
  const TemporaryDirectory directory(world());
  write_column(directory, {1, 2, 3, -4, 5, 6});
  const io::ShardSet shards = shards_in(directory);
  const Column balance = described("balance", Scale::none, Transform::log1p);
  const FittedColumn fitted{balance, NumberEncoder{balance.settings, 1.0, 0.0, 1.0}, {}};
  const core::Range mine = core::local_range(world().rank(), 6, world().size());

  const Error error = error_of([&] { encode_rows<float>(world(), shards, {fitted}, mine); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().file, (directory / "part-1.h5").string());
  EXPECT_EQ(error.place().first_row, 0);
  EXPECT_THAT(error.what(), HasSubstr("missing or cannot be transformed"));
}

TEST(Load, ReadsRawColumnsRankByRank) {
  const TemporaryDirectory directory(world());
  write_customers(directory);
  const io::ShardSet shards = shards_in(directory);

  const std::vector<double> mine = read_raw_column(world(), shards, "age").values;

  const std::vector<double> all = raw("age");
  const core::Range rows = core::local_range(world().rank(), 77, world().size());
  EXPECT_TRUE(std::equal(mine.begin(), mine.end(), all.begin() + rows.begin, all.begin() + rows.end));
}

}  // namespace cardseg::portfolio
