#include "cardseg/generate/generator.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <array>
#include <cmath>
#include <functional>

#include "cardseg/core/error.hpp"
#include "generate/generator_draws.hpp"

namespace cardseg::generate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What an options struct is refused with.
std::string refusal(const GeneratorOptions& options) {
  try {
    validate(options);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::usage);
    return error.what();
  }
  return "";
}

}  // namespace

TEST(GeneratorOptions, NamesTheFieldTheValueAndTheRange) {
  EXPECT_THAT(refusal({.customers = -1}), HasSubstr("customers cannot be -1"));
  EXPECT_THAT(refusal({.rows_per_shard = 0}), HasSubstr("rows-per-shard cannot be 0"));
  EXPECT_THAT(refusal({.customers = 100000, .rows_per_shard = 1}),
              HasSubstr("cannot be 1 for 100000 customers. There are at most 99999 shards: give 2 or more"));
  EXPECT_THAT(refusal({.extra_features = 1000}), HasSubstr("0 to 999"));
  EXPECT_THAT(refusal({.segments = 9}), HasSubstr("from 2 to 8"));
  EXPECT_THAT(refusal({.separation = std::nan("")}), HasSubstr("separation cannot be nan"));
  EXPECT_THAT(refusal({.missing_share = 0.5}), HasSubstr("missing-share cannot be 0.5"));
  EXPECT_THAT(refusal({.deflate_level = 10}), HasSubstr("deflate cannot be 10"));
}

TEST(GeneratorOptions, AcceptsItsDefaultsAndTheLimits) {
  EXPECT_NO_THROW(validate({}));
  EXPECT_NO_THROW(validate({.customers = 0, .rows_per_shard = 1}));
  EXPECT_NO_THROW(validate({.customers = 99999, .rows_per_shard = 1}));
  EXPECT_NO_THROW(validate({.customers = 999'999'999'999, .rows_per_shard = 1'000'000'000}));
}

TEST(PortfolioGenerator, MakesTheSameRowsHoweverTheyAreDivided) {
  const PortfolioGenerator generator({.extra_features = 5, .missing_share = 0});
  const io::Block whole = generator.rows({1000, 2000});

  io::Block pieces = generator.rows({1000, 1001});
  for (const core::Range& part : {core::Range{1001, 1130}, core::Range{1130, 1130}, core::Range{1130, 2000}}) {
    const io::Block piece = generator.rows(part);
    for (std::size_t c = 0; c < pieces.size(); ++c)
      std::visit(
          [&]<class Vector>(Vector& values) {
            const auto& more = std::get<Vector>(piece[c]);
            values.insert(values.end(), more.begin(), more.end());
          },
          pieces[c]);
  }

  EXPECT_TRUE(pieces == whole);
}

TEST(PortfolioGenerator, MakesTheSameRowsOnAnyNumberOfThreads) {
  const PortfolioGenerator generator({.extra_features = 3, .missing_share = 0});
  const int usual_threads = omp_get_max_threads();

  std::vector<io::Block> blocks;
  for (int threads : {1, 2, 5}) {
    omp_set_num_threads(threads);
    blocks.push_back(generator.rows({7, 5000}));
  }
  omp_set_num_threads(usual_threads);

  EXPECT_TRUE(blocks[0] == blocks[1]);
  EXPECT_TRUE(blocks[0] == blocks[2]);
}

TEST(PortfolioGenerator, KeepsValuesWhereThereAreMoreCustomersAndColumns) {
  const PortfolioGenerator small({.customers = 100, .extra_features = 2, .missing_share = 0});
  const PortfolioGenerator large({.customers = 50000, .rows_per_shard = 10, .extra_features = 9, .missing_share = 0});

  const io::Block few = small.rows({0, 100});
  io::Block many = large.rows({0, 100});

  many.resize(few.size());
  EXPECT_TRUE(few == many);
}

TEST(PortfolioGenerator, MakesOtherCustomersFromAnotherSeed) {
  const PortfolioGenerator one({.seed = 1, .missing_share = 0});
  const PortfolioGenerator other({.seed = 2, .missing_share = 0});

  const io::Block rows = one.rows({0, 50});
  const io::Block other_rows = other.rows({0, 50});

  EXPECT_TRUE(rows[0] == other_rows[0]) << "ids number the rows";
  EXPECT_FALSE(rows[1] == other_rows[1]);
}

TEST(PortfolioGenerator, NumbersCustomersInIdsOfOneWidth) {
  const PortfolioGenerator generator({});

  const io::Block first = generator.rows({0, 2});
  const io::Block last = generator.rows({999'999'999'998, 999'999'999'999});

  EXPECT_THAT(std::get<std::vector<std::string>>(first[0]), ElementsAre("C000000000001", "C000000000002"));
  EXPECT_THAT(std::get<std::vector<std::string>>(last[0]), ElementsAre("C999999999999"));
}

TEST(PortfolioGenerator, TellsTheTruthAboutTheSameCustomers) {
  const PortfolioGenerator generator({});

  const io::Block truth = generator.truth({40, 45});

  EXPECT_EQ(truth[0], generator.rows({40, 45})[0]);
  for (std::size_t i = 0; i < 5; ++i) {
    const int segment = generator.segment_of(40 + static_cast<std::int64_t>(i));
    EXPECT_EQ(std::get<std::vector<std::int32_t>>(truth[1])[i], segment);
    EXPECT_EQ(std::get<std::vector<std::string>>(truth[2])[i],
              generator.segments()[static_cast<std::size_t>(segment - 1)].name);
  }
}

// Known answers of the same code: a later version of cardseg makes the same customers from the same seed.
TEST(PortfolioGenerator, KeepsTheCustomersOfEarlierVersions) {
  const PortfolioGenerator generator({.extra_features = 1});
  const io::Block rows = generator.rows({0, 4});
  std::vector<int> segments;
  for (std::int64_t row = 0; row < 12; ++row) segments.push_back(generator.segment_of(row));

  EXPECT_THAT(segments, ElementsAre(4, 8, 3, 8, 7, 2, 4, 2, 4, 2, 4, 5));
  EXPECT_THAT(std::get<std::vector<double>>(rows[1]), ElementsAre(950.78, 5883.60, 570.99, 1437.59));
  EXPECT_THAT(std::get<std::vector<double>>(rows[11]), ElementsAre(1593.41, 2115.93, 4892.29, 657.19));
  EXPECT_THAT(std::get<std::vector<std::string>>(rows[21]), ElementsAre("east", "east", "islands", "north"));
}

// Quantiles of the standard normal distribution to 9 digits, as any table has them.
TEST(NormalQuantile, AgreesWithTables) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-8);
  EXPECT_NEAR(normal_quantile(0.01), -2.326347874, 1e-8);
  EXPECT_NEAR(normal_quantile(0.999999), 4.753424309, 1e-8);
  EXPECT_NEAR(normal_quantile(uniform_of(0)), -normal_quantile(uniform_of(~0u)), 1e-5);
}

TEST(NormalOf, StaysCloseToTheQuantileEverywhere) {
  double sum = 0, squares = 0;
  const std::uint32_t step = 65521;
  int count = 0;
  for (std::uint64_t word = 0; word <= ~0u; word += step, ++count) {
    const double x = normal_of(static_cast<std::uint32_t>(word));
    ASSERT_NEAR(x, normal_quantile(uniform_of(static_cast<std::uint32_t>(word))), 0.02) << word;
    sum += x;
    squares += x * x;
  }

  EXPECT_NEAR(sum / count, 0, 1e-3);
  EXPECT_NEAR(squares / count, 1, 2e-3);
}

TEST(GeneratedDescription, DescribesEachColumnOnce) {
  const std::string text = generated_description({.extra_features = 2});
  const PortfolioGenerator generator({.extra_features = 2});

  EXPECT_THAT(text, HasSubstr("\n[portfolio]\nid = customer_id\nvalue = annual_revenue\n"));
  EXPECT_THAT(text, HasSubstr("\nexclude = age, region, income_band\n"));
  EXPECT_THAT(text, HasSubstr("\n[column.balance]\nfamily = behavioural\ntransform = log1p\nscale = zscore\n"));
  EXPECT_THAT(text, HasSubstr("\n[column.utilisation]\nfamily = behavioural\ntransform = none\n"));
  for (const io::ColumnSpec& column : generator.columns()) {
    const bool is_feature =
        column.type != io::ColumnType::text && column.name != "age" && column.name != "annual_revenue";
    const std::string section = "\n[column." + column.name + "]\n";
    EXPECT_EQ(text.find(section) != std::string::npos, is_feature) << column.name;
    EXPECT_EQ(text.find(section), text.rfind(section)) << column.name;
  }
}

}  // namespace cardseg::generate
