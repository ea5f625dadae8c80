#include "cardseg/portfolio/number_encoder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/split.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using core::ExitCode;
using support::error_of;
using support::local_part;
using support::world;
using testing::HasSubstr;
using testing::IsNan;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

ColumnSettings described(Scale scale, Missing missing = Missing::median, Transform transform = Transform::none) {
  ColumnSettings settings;
  settings.scale = scale;
  settings.missing = missing;
  settings.transform = transform;
  return settings;
}

NumberEncoder fitted_on(const comm::Communicator& comm, const ColumnSettings& settings,
                        const std::vector<double>& all) {
  std::vector<double> mine = local_part(comm, all);
  const RawFacts facts = compute_raw_facts(comm, mine);
  return fit_number_encoder(comm, "balance", settings, facts, mine);
}

RawFacts facts_on(const comm::Communicator& comm, const std::vector<double>& all) {
  return compute_raw_facts(comm, local_part(comm, all));
}

void expect_equal_bits(double a, double b) {
  EXPECT_TRUE((std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b))) << a << " and " << b;
}

void expect_equal(const NumberEncoder& a, const NumberEncoder& b) {
  expect_equal_bits(a.fill, b.fill);
  expect_equal_bits(a.centre, b.centre);
  expect_equal_bits(a.factor, b.factor);
}

std::vector<double> skewed_with_gaps(std::size_t count, double scale = 1.0) {
  std::mt19937_64 random(21);
  std::lognormal_distribution<double> heavy(1, 2);
  std::vector<double> values(count);
  for (double& value : values) value = random() % 9 ? scale * heavy(random) : nan;
  return values;
}

// The mean and population standard deviation of the values that are not missing.
struct Moments {
  long double mean = 0;
  long double deviation = 0;
};

Moments long_moments(const std::vector<double>& values) {
  Moments moments;
  long double count = 0;
  for (double value : values)
    if (!std::isnan(value)) moments.mean += value, count += 1;
  moments.mean /= count;
  for (double value : values)
    if (!std::isnan(value)) moments.deviation += (value - moments.mean) * (value - moments.mean);
  moments.deviation = std::sqrt(moments.deviation / count);
  return moments;
}

}  // namespace

TEST(RawFacts, CountAndBoundWhatIsPresent) {
  const RawFacts facts = facts_on(world(), {nan, 3, -1, nan, 7, 3});

  EXPECT_EQ(facts.present, 4);
  EXPECT_EQ(facts.missing, 2);
  EXPECT_EQ(facts.min, -1);
  EXPECT_EQ(facts.max, 7);
  EXPECT_EQ(facts.mean, 3);
}

TEST(RawFacts, OfAColumnWithoutValuesAreNan) {
  const RawFacts facts = facts_on(world(), {nan, nan});

  EXPECT_EQ(facts.present, 0);
  EXPECT_EQ(facts.missing, 2);
  EXPECT_THAT(facts.min, IsNan());
  EXPECT_THAT(facts.max, IsNan());
  EXPECT_THAT(facts.mean, IsNan());
}

TEST(RawFacts, GiveOneSignToZeroHoweverTheRowsAreDivided) {
  for (const std::vector<double>& zeros :
       {std::vector{-0.0, 0.0, -0.0}, std::vector{0.0, -0.0, 0.0}, std::vector{-0.0, -0.0, -0.0}}) {
    const RawFacts facts = facts_on(world(), zeros);

    EXPECT_FALSE(std::signbit(facts.min));
    EXPECT_FALSE(std::signbit(facts.max));
    EXPECT_FALSE(std::signbit(facts.mean));
  }
}

TEST(RawFacts, KeepTheMeanOfAConstantColumnExactlyThere) {
  for (double constant : {0.1, 1e-300, 1e149, -2.0 / 3})
    for (std::size_t count : {3, 7, 1001})
      EXPECT_EQ(facts_on(world(), std::vector<double>(count, constant)).mean, constant);
}

TEST(RawFacts, HoldTheMeanOfTheLargestAndSmallestMagnitudes) {
  for (double magnitude : {1e-300, 1e-200, 1e-30, 1e17, 1e149})
    EXPECT_NEAR(facts_on(world(), {magnitude, 2 * magnitude, 6 * magnitude}).mean / magnitude, 3.0, 1e-12) << magnitude;
}

namespace {
std::int64_t unusable_in(const std::vector<double>& values) {
  return find_unusable(values, compute_local_facts(values));
}
}  // namespace

TEST(FindUnusable, NamesTheFirstInfiniteOrHugeValueAndPassesMissingOnes) {
  EXPECT_EQ(unusable_in(std::vector{1.0, nan, -1e150, 1e150}), -1);
  EXPECT_EQ(unusable_in(std::vector{1.0, nan, -infinity, infinity}), 2);
  EXPECT_EQ(unusable_in(std::vector{1.1e150, 1.0}), 0);
  EXPECT_EQ(unusable_in(std::vector<double>{}), -1);
}

TEST(NumberEncoder, ScalesToZeroMeanAndUnitPopulationDeviation) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore), {2, 4, 4, 4, 5, 5, 7, 9});  // mean 5, sd 2

  EXPECT_EQ(encoder.centre, 5.0);
  EXPECT_EQ(encoder.factor, 0.5);
  EXPECT_EQ(encoder.encode(9), 2.0);
}

TEST(NumberEncoder, HasTheMomentsOfALongDoubleReference) {
  for (double scale : {1e-300, 1e-30, 1.0, 1e17, 1e140}) {
    const std::vector<double> values = skewed_with_gaps(4001, scale);
    const Moments reference = long_moments(values);
    std::vector<double> present;
    for (double value : values)
      if (!std::isnan(value)) present.push_back(value);

    const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore), present);

    EXPECT_NEAR(encoder.centre / static_cast<double>(reference.mean), 1.0, 1e-11) << scale;
    EXPECT_NEAR(encoder.factor * static_cast<double>(reference.deviation), 1.0, 1e-11) << scale;
  }
}

TEST(NumberEncoder, IsTheSameBitsOnAllRankCounts) {
  const std::vector<double> values = skewed_with_gaps(1003);
  for (Scale scale : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none})
    for (Missing missing : {Missing::mean, Missing::median, Missing::zero})
      for (Transform transform : {Transform::none, Transform::log1p, Transform::signed_log}) {
        const ColumnSettings settings = described(scale, missing, transform);

        expect_equal(fitted_on(world(), settings, values), fitted_on(comm::Communicator(), settings, values));
      }
}

TEST(NumberEncoder, LeavesTransformedValuesThatScaleToTheBitsOfEncode) {
  const std::vector<double> values = skewed_with_gaps(4001);
  for (Scale scale : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none})
    for (Missing missing : {Missing::mean, Missing::median, Missing::zero})
      for (Transform transform : {Transform::none, Transform::log1p, Transform::signed_log}) {
        const std::vector<double> raw = local_part(world(), values);
        std::vector<double> mine = raw;
        const RawFacts facts = compute_raw_facts(world(), mine);

        const NumberEncoder encoder =
            fit_number_encoder(world(), "balance", described(scale, missing, transform), facts, mine);

        for (std::size_t i = 0; i < raw.size(); ++i) expect_equal_bits(encoder.scaled(mine[i]), encoder.encode(raw[i]));
      }
}

TEST(NumberEncoder, FindsTheSameBitsWhetherItKnowsTheMeanOrAddsItUp) {
  for (double scale : {1e-100, 0.3, 1e17}) {
    std::vector<double> values = skewed_with_gaps(4001, scale);
    std::erase_if(values, [](double value) { return std::isnan(value); });
    values.push_back(0.0);
    std::vector<double> with_gap = values;
    with_gap.back() = nan;  // stands for the same zero, but the mean has to be found again

    expect_equal_bits(fitted_on(world(), described(Scale::zscore, Missing::zero), values).centre,
                      fitted_on(world(), described(Scale::zscore, Missing::zero), with_gap).centre);
    expect_equal_bits(fitted_on(world(), described(Scale::zscore, Missing::zero), values).factor,
                      fitted_on(world(), described(Scale::zscore, Missing::zero), with_gap).factor);
  }
}

TEST(NumberEncoder, KeepsADeviationThatIsSmallBesideItsOffset) {
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) values.push_back(1e8 + (i % 2 ? 1e-3 : -1e-3));

  const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore), values);

  EXPECT_NEAR(encoder.factor, 1e3, 1e-2);
}

TEST(NumberEncoder, StandsOnMedianAndQuartilesWhereRobust) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::robust), {1, 2, 3, 4, 1000});

  EXPECT_EQ(encoder.centre, 3.0);
  EXPECT_EQ(encoder.factor, 0.5);
}

TEST(NumberEncoder, MapsTheRangeToZeroAndOneWhereMinmax) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::minmax), {-4, 0, 4, 12});

  EXPECT_EQ(encoder.encode(-4), 0.0);
  EXPECT_EQ(encoder.encode(12), 1.0);
  EXPECT_EQ(encoder.encode(0), 0.25);
}

TEST(NumberEncoder, WidensTheRangeToAFillOutsideOfIt) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::minmax, Missing::zero), {4, nan, 8});

  EXPECT_EQ(encoder.encode(nan), 0.0);
  EXPECT_EQ(encoder.encode(4), 0.5);
  EXPECT_EQ(encoder.encode(8), 1.0);
}

TEST(NumberEncoder, LeavesValuesAloneWhereScaleIsNone) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::none), {3, 4, 8});

  EXPECT_EQ(encoder.factor, 1.0);
  EXPECT_EQ(encoder.encode(3.5) - encoder.encode(3), 0.5);
  EXPECT_EQ(encoder.decode(0, encoder.encode(3.5)), 3.5);
}

TEST(NumberEncoder, CentresWithoutRoundingWhereScaleIsNone) {
  std::vector<double> seconds;
  for (int i = 0; i < 200; ++i) seconds.push_back(1.7e9 + i * i % 61);
  seconds.push_back(nan);

  const NumberEncoder encoder = fitted_on(world(), described(Scale::none), seconds);

  EXPECT_LT(std::abs(encoder.encode(1.7e9 + 30)), 31);
  for (int i = 0; i < 61; ++i) {
    const double feature = encoder.encode(1.7e9 + i);
    EXPECT_EQ(feature - encoder.encode(1.7e9), i);
    EXPECT_EQ(static_cast<double>(static_cast<float>(feature)), feature);
  }
}

TEST(NumberEncoder, CentresNearTheMiddleWhateverLiesFarOff) {
  std::vector<double> values(999, 1.7e9);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += static_cast<double>(i % 30);
  values.push_back(0);

  EXPECT_LT(std::abs(fitted_on(world(), described(Scale::none), values).encode(1.7e9)), 1.7e9 / 1024);
}

TEST(NumberEncoder, MultipliesByTheRootOfTheWeight) {
  ColumnSettings settings = described(Scale::none);
  settings.weight = 4.0;

  const NumberEncoder encoder = fitted_on(world(), settings, {3, 4, 8});

  EXPECT_EQ(encoder.encode(3.5) - encoder.encode(3), 1.0);
}

TEST(NumberEncoder, HasNoFactorWhereTheWeightIsZero) {
  for (Scale scale : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none}) {
    ColumnSettings settings = described(scale);
    settings.weight = 0.0;

    EXPECT_EQ(fitted_on(world(), settings, {3, 4, 8}).factor, 0.0);
  }
}

TEST(NumberEncoder, FillsGapsWithMeanMedianOrZero) {
  const std::vector<double> values = {1, nan, 2, 9, nan};

  EXPECT_EQ(fitted_on(world(), described(Scale::none, Missing::mean), values).fill, 4.0);
  EXPECT_EQ(fitted_on(world(), described(Scale::none, Missing::median), values).fill, 2.0);
  EXPECT_EQ(fitted_on(world(), described(Scale::none, Missing::zero), values).fill, 0.0);
}

TEST(NumberEncoder, FillsBeforeItTransformsAndCountsFilledValuesInTheScale) {
  const std::vector<double> values = {0, nan, std::expm1(1.0), nan};

  const NumberEncoder encoder = fitted_on(world(), described(Scale::minmax, Missing::zero, Transform::log1p), values);
  const NumberEncoder zscore = fitted_on(world(), described(Scale::zscore, Missing::zero, Transform::log1p), values);

  EXPECT_EQ(encoder.encode(nan), 0.0);
  EXPECT_NEAR(encoder.encode(std::expm1(1.0)), 1.0, 1e-15);
  EXPECT_NEAR(zscore.centre, 0.25, 1e-15);  // of 0, 0, 1, 0
}

TEST(NumberEncoder, KnowsAFillForGapsThatOnlyNewCustomersHave) {
  const std::vector<double> values = {1, 2, 9};

  EXPECT_EQ(fitted_on(world(), described(Scale::none, Missing::median), values).fill, 2.0);
  EXPECT_THAT(fitted_on(world(), described(Scale::none, Missing::error), values).encode(nan), IsNan());
}

TEST(NumberEncoder, RefusesGapsWhereMissingIsError) {
  const core::Error error = error_of([] {
    fitted_on(world(), described(Scale::zscore, Missing::error), {1, nan, nan, 2});
  });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "balance");
  EXPECT_THAT(error.what(), HasSubstr("2 values are missing"));
}

TEST(NumberEncoder, RefusesAColumnWithoutAnyValue) {
  const core::Error error = error_of([] { fitted_on(world(), described(Scale::zscore), {nan, nan, nan}); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("every value of the column is missing"));
}

TEST(NumberEncoder, RefusesToTakeTheLogarithmOfValuesAtMinusOneOrBelow) {
  for (double value : {-1.0, -2.5}) {
    const core::Error error = error_of([&] {
      fitted_on(world(), described(Scale::zscore, Missing::median, Transform::log1p), {3, value, 5});
    });

    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("log1p needs values above -1"));
    EXPECT_THAT(error.what(), HasSubstr("signed-log"));
  }
}

TEST(NumberEncoder, TakesTheLogarithmJustAboveMinusOne) {
  const double value = std::nextafter(-1.0, 0.0);

  const NumberEncoder encoder =
      fitted_on(world(), described(Scale::none, Missing::median, Transform::log1p), {value, 1});

  EXPECT_EQ(encoder.transformed(value), std::log1p(value));
  EXPECT_THAT(encoder.encode(-1.0), IsNan());
}

TEST(NumberEncoder, CannotEncodeInfiniteValues) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore), {1, 2});

  EXPECT_THAT(encoder.encode(infinity), IsNan());
  EXPECT_THAT(encoder.encode(-infinity), IsNan());
}

TEST(NumberEncoder, MirrorsTheSignedLogarithmAtZero) {
  const NumberEncoder encoder =
      fitted_on(world(), described(Scale::none, Missing::zero, Transform::signed_log), {-5, 7});

  EXPECT_EQ(encoder.transformed(-5), -encoder.transformed(5));
  EXPECT_EQ(encoder.transformed(5), std::log1p(5.0));
}

TEST(NumberEncoder, HasNoFactorForAConstantColumn) {
  for (double constant : {0.0, 0.1, -7.0, 1e149, 1e-300})
    for (Missing missing : {Missing::mean, Missing::median}) {
      const NumberEncoder encoder =
          fitted_on(world(), described(Scale::zscore, missing), {constant, nan, constant, constant});

      EXPECT_EQ(encoder.factor, 0.0) << constant;
    }
}

TEST(NumberEncoder, SeesThatGapsFilledWithZeroMakeAConstantColumnVary) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore, Missing::zero), {5, nan, 5, nan});

  EXPECT_EQ(encoder.centre, 2.5);
  EXPECT_EQ(encoder.encode(5), 1.0);
  EXPECT_EQ(encoder.encode(nan), -1.0);
}

TEST(NumberEncoder, SeesThatATransformCanMakeAColumnConstant) {
  const double value = 1e15;
  ASSERT_EQ(std::log1p(value), std::log1p(std::nextafter(value, infinity)));

  const NumberEncoder encoder = fitted_on(world(), described(Scale::zscore, Missing::median, Transform::log1p),
                                          {value, std::nextafter(value, infinity), value});

  EXPECT_EQ(encoder.factor, 0.0);
}

TEST(NumberEncoder, HasNoFactorWhereTheQuartilesAreEqual) {
  const NumberEncoder encoder = fitted_on(world(), described(Scale::robust), {4, 4, 4, 4, 4, 4, 4, 90});

  EXPECT_EQ(encoder.factor, 0.0);
  EXPECT_EQ(encoder.centre, 4.0);
}

TEST(NumberEncoder, ScalesExtremeMagnitudesLikeOrdinaryOnes) {
  for (Scale scale : {Scale::zscore, Scale::robust, Scale::minmax})
    for (double magnitude : {1e-300, 1e-160, 1e149}) {
      const std::vector<double> values = {magnitude, 2 * magnitude, 3 * magnitude, 6 * magnitude};

      const NumberEncoder encoder = fitted_on(world(), described(scale), values);
      const NumberEncoder ordinary = fitted_on(world(), described(scale), {1, 2, 3, 6});

      for (double value : values)
        EXPECT_NEAR(encoder.encode(value), ordinary.encode(value / magnitude), 1e-12) << magnitude;
    }
}

TEST(NumberEncoder, DecodesWhatItEncoded) {
  const std::vector<double> values = skewed_with_gaps(200);
  for (Scale scale : {Scale::zscore, Scale::robust, Scale::minmax, Scale::none})
    for (Transform transform : {Transform::none, Transform::log1p, Transform::signed_log}) {
      const NumberEncoder encoder = fitted_on(world(), described(scale, Missing::median, transform), values);

      for (double value : {0.0, 0.3, 17.0, 4e5})
        EXPECT_NEAR(encoder.decode(0, encoder.encode(value)), value, 1e-9 * (1 + value));
      if (transform == Transform::log1p) continue;
      EXPECT_NEAR(encoder.decode(0, encoder.encode(-17.0)), -17.0, 1e-9);
    }
}

// The published formula of Yeo and Johnson, by powers.
double published_yeo_johnson(double x, double lambda) {
  if (x >= 0) return lambda == 0 ? std::log(1 + x) : (std::pow(1 + x, lambda) - 1) / lambda;
  return lambda == 2 ? -std::log(1 - x) : -(std::pow(1 - x, 2 - lambda) - 1) / (2 - lambda);
}

TEST(NumberEncoder, TransformsAsDefinedAndBack) {
  ColumnSettings settings = described(Scale::none);
  for (const double lambda : {-1.5, 0.0, 0.5, 1.0, 2.0, 3.0})
    for (const double x : {-30.0, -1.0, -1e-3, 0.0, 0.25, 7.0, 1e3}) {
      settings.transform = Transform::yeo_johnson;
      settings.lambda = lambda;
      const NumberEncoder encoder{settings, 0.0, 0.0, 1.0, {}};
      const double expected = published_yeo_johnson(x, lambda);
      EXPECT_NEAR(encoder.encode(x), expected, 1e-12 * (1 + std::abs(expected))) << x << " " << lambda;
      if (lambda > 0 && lambda < 2) {
        EXPECT_NEAR(encoder.decode(0, encoder.encode(x)), x, 1e-11 * (1 + std::abs(x)));
      }
    }
  settings.transform = Transform::sqrt;
  EXPECT_EQ((NumberEncoder{settings, 0.0, 0.0, 1.0, {}, 0.0}.encode(2.25)), 1.5);
  EXPECT_THAT((NumberEncoder{settings, 0.0, 0.0, 1.0, {}, 0.0}.encode(-1.0)), IsNan());
  settings.transform = Transform::cube_root;
  EXPECT_NEAR((NumberEncoder{settings, 0.0, 0.0, 1.0, {}, 0.0}.encode(-27.0)), -3.0, 1e-15);
  EXPECT_EQ((NumberEncoder{settings, 0.0, 0.0, 1.0, {}, 0.0}.decode(0, -3.0)), -27.0);
}

TEST(NumberEncoder, RefusesNegativeValuesUnderASquareRoot) {
  const auto error = error_of([] {
    fitted_on(world(), described(Scale::zscore, Missing::median, Transform::sqrt), {1, -2, 3});
  });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("column balance: sqrt needs values of 0 or more. Use transform = cube-root"));
}

TEST(NumberEncoder, WinsorisesAtQuantilesOrValues) {
  std::vector<double> values = {nan, 1000, -50};
  for (int i = 0; i <= 97; ++i) values.push_back(i);  // with these two 100 present values
  ColumnSettings settings = described(Scale::none);
  settings.clip = Clip{0.01, 0.99, true};
  std::vector<double> mine = local_part(world(), values);

  const ClipLimits limits = clip_in_place(world(), settings, mine);

  // Of type 7, -0.5 and 106.03, a 99th of their distance apart from the limits, rounded outward to two digits of it.
  EXPECT_EQ(limits.low, -10);
  EXPECT_EQ(limits.high, 110);
  const std::vector<double> all = local_part(world(), values);
  for (std::size_t i = 0; i < mine.size(); ++i)
    expect_equal_bits(mine[i], std::isnan(all[i]) ? nan : std::min(std::max(all[i], limits.low), limits.high));
  std::vector<double> alike = local_part(world(), std::vector<double>(50, 7.25));
  EXPECT_EQ(clip_in_place(world(), settings, alike).high, 7.25);
  settings.clip = Clip{0, 50, false};
  EXPECT_EQ(clip_in_place(world(), settings, mine).high, 50);
  settings.clip.reset();
  EXPECT_FALSE(clip_in_place(world(), settings, mine).are_any());
}

}  // namespace cardseg::portfolio
