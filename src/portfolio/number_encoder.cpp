#include "cardseg/portfolio/number_encoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/portfolio/column_facts.hpp"
#include "cardseg/portfolio/quantiles.hpp"
#include "portfolio/centre_and_spread.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest_raw = 1e150;  // squares and their sums stay finite

// ((1 + x)^power - 1) / power for x >= 0, and its limit at power 0.
double box_cox(double x, double power) {
  return power == 0.0 ? std::log1p(x) : std::expm1(power * std::log1p(x)) / power;
}

// NaN where the value is beyond all that `box_cox` gives.
double inverse_box_cox(double value, double power) {
  return power == 0.0 ? std::expm1(value) : std::expm1(std::log1p(power * value) / power);
}

double yeo_johnson(double x, double lambda) { return x >= 0.0 ? box_cox(x, lambda) : -box_cox(-x, 2.0 - lambda); }

double inverse_yeo_johnson(double value, double lambda) {
  return value >= 0.0 ? inverse_box_cox(value, lambda) : -inverse_box_cox(-value, 2.0 - lambda);
}

double transform_of(const ColumnSettings& settings, double raw) {
  switch (settings.transform) {
    case Transform::none: return raw;
    case Transform::log1p: return raw > -1.0 ? std::log1p(raw) : nan;
    case Transform::signed_log: return std::copysign(std::log1p(std::abs(raw)), raw);
    case Transform::sqrt: return raw >= 0.0 ? std::sqrt(raw) : nan;
    case Transform::cube_root: return std::cbrt(raw);
    case Transform::yeo_johnson: return yeo_johnson(raw, settings.lambda);
  }
  return nan;
}

double untransformed(const ColumnSettings& settings, double value) {
  switch (settings.transform) {
    case Transform::none: return value;
    case Transform::log1p: return std::expm1(value);
    case Transform::signed_log: return std::copysign(std::expm1(std::abs(value)), value);
    case Transform::sqrt: return value * value;
    case Transform::cube_root: return value * value * value;
    case Transform::yeo_johnson: return inverse_yeo_johnson(value, settings.lambda);
  }
  return nan;
}

// What is asked of raw values before they are transformed.
double median_of(const comm::Communicator& comm, const RawFacts& facts, std::span<const double> local_raw) {
  return std::isnan(facts.median) ? compute_quantiles(comm, local_raw, std::array{0.5}).front() : facts.median;
}

double fill_for(Missing missing, double mean, double median) {
  switch (missing) {
    case Missing::mean: return mean;
    case Missing::median:
    case Missing::indicator: return median;
    case Missing::zero: return 0.0;
    case Missing::error:
    case Missing::mode: return nan;  // of categories alone
  }
  return nan;
}

// What transform_in_place() does to finite values where there is no transform.
void fill_in_place(double fill, std::span<double> values) {
  double* value = values.data();
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < std::ssize(values); ++i) value[i] = std::isnan(value[i]) ? fill : value[i];
}

// A centre for values that are not to be scaled: what is subtracted must not round them, or whole numbers would not
// stay whole. So it is a multiple of a power of two, about 1/1024 of their width, near their middle.
double exact_centre(double middle, const TransformedFacts& facts) {
  const int exponent = std::max(std::ilogb(facts.max - facts.min) - 10, std::numeric_limits<double>::min_exponent);
  return std::ldexp(std::round(std::ldexp(middle, -exponent)), exponent) + 0.0;
}

CentreAndSpread centre_and_spread(const comm::Communicator& comm, Scale scale, std::span<const double> values,
                                  const TransformedFacts& facts) {
  switch (scale) {
    case Scale::zscore: return mean_and_deviation(comm, values, facts);
    case Scale::robust: {
      const std::vector<double> q = compute_quantiles(comm, values, std::array{0.25, 0.5, 0.75});
      return {q[1], q[2] - q[0]};
    }
    case Scale::minmax: return {facts.min, facts.max - facts.min};
    case Scale::none: return {exact_centre(facts.middle, facts), 1.0};
  }
  return {};
}

void check_present(const std::string& name, const ColumnSettings& settings, const RawFacts& facts) {
  if (facts.present == 0 && facts.missing > 0) {
    Error error(ExitCode::bad_data, "every value of the column is missing");
    throw comm::AgreedError(error.in_column(name).remedy("Exclude the column"));
  }
  if (settings.missing == Missing::error && facts.missing > 0) {
    Error error(ExitCode::bad_data, std::to_string(facts.missing) + " values are missing and 'missing = error' is set");
    throw comm::AgreedError(
        error.in_column(name).remedy("Fill them with missing = mean, median or zero, or exclude the column"));
  }
  if (settings.transform == Transform::log1p && facts.min <= -1.0) {
    Error error(ExitCode::bad_data, "log1p needs values above -1");
    throw comm::AgreedError(error.in_column(name).remedy("Use transform = signed-log"));
  }
  if (settings.transform == Transform::sqrt && facts.min < 0.0) {
    Error error(ExitCode::bad_data, "sqrt needs values of 0 or more");
    throw comm::AgreedError(error.in_column(name).remedy("Use transform = cube-root or signed-log"));
  }
}

}  // namespace

double NumberEncoder::transformed(double raw) const {
  if (std::isinf(raw)) return nan;
  return transform_of(settings, clip.clipped(std::isnan(raw) ? fill : raw));
}

double NumberEncoder::decode(int place, double feature) const {
  return place == 0 ? untransformed(settings, feature / factor + centre) : feature / indicator;
}

std::int64_t find_unusable(std::span<const double> local_raw, const LocalFacts& local) {
  if (local.max_magnitude() <= largest_raw) return -1;
  for (std::size_t i = 0; i < local_raw.size(); ++i)
    if (std::abs(local_raw[i]) > largest_raw) return static_cast<std::int64_t>(i);
  return -1;
}

RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw) {
  return compute_raw_facts(comm, local_raw, compute_local_facts(local_raw));
}

RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw, const LocalFacts& local) {
  std::array<std::int64_t, 2> counts{local.present, local.missing};
  comm.allreduce_sum(std::span(counts));
  if (counts[0] == 0) return {0, counts[1], nan, nan, nan, nan, nan};
  const double min = comm.min(local.min) + 0.0;  // -0 and 0 compare equal: which of them came first must not show
  const double max = comm.max(local.max) + 0.0;
  const double sum = sum_of(comm, local_raw, counts[0] + counts[1], std::max(std::abs(min), std::abs(max)), 1.0);
  const double mean = std::clamp(sum / static_cast<double>(counts[0]), min, max);  // a constant is its own mean
  return {counts[0], counts[1], min, max, mean, nan, nan};
}

ClipLimits clip_in_place(const comm::Communicator& comm, const ColumnSettings& settings, std::span<double> local_raw) {
  if (!settings.clip) return {};
  ClipLimits limits{settings.clip->low, settings.clip->high};
  if (settings.clip->are_shares) {
    const std::vector<double> q = compute_quantiles(comm, local_raw, std::array{limits.low, limits.high});
    limits = {q[0], q[1]};
    const auto is_present = [](double value) { return !std::isnan(value); };
    const std::int64_t present = comm.sum(std::int64_t{std::ranges::count_if(local_raw, is_present)});
    // Rounded outward, no limit is a customer's value. Equal ones are nearly everybody's.
    if (q[0] < q[1]) {
      const ValueRange outward = range_around(q[0], q[1], present);
      limits = {outward.low, outward.high};
    }
  }
  if (!limits.are_any()) return {};  // no value is present
  double* value = local_raw.data();
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < std::ssize(local_raw); ++i) value[i] = limits.clipped(value[i]);
  return limits;
}

LocalFacts transform_in_place(const NumberEncoder& encoder, std::span<double> values) {
  double* value = values.data();
  return gather_local_facts(std::ssize(values), [&encoder, value](std::int64_t begin, std::int64_t end) {
    LocalFacts facts;
    for (std::int64_t i = begin; i < end; ++i) {
      value[i] = encoder.transformed(value[i]);
      ++(std::isnan(value[i]) ? facts.missing : facts.present);
      if (value[i] < facts.min) facts.min = value[i];
      if (value[i] > facts.max) facts.max = value[i];
    }
    return facts;
  });
}

NumberEncoder fit_number_encoder(const comm::Communicator& comm, const std::string& name,
                                 const ColumnSettings& settings, const RawFacts& facts,
                                 std::span<double> local_values) {
  check_present(name, settings, facts);
  NumberEncoder encoder{settings, 0.0, 0.0, 0.0, {}, 0.0};
  const bool needs_median =
      settings.missing == Missing::median || settings.missing == Missing::indicator || settings.scale == Scale::none;
  const double median = needs_median && facts.present > 0 ? median_of(comm, facts, local_values) : nan;
  encoder.fill = fill_for(settings.missing, facts.mean, median);
  const double min = transform_of(settings, facts.missing ? std::min(facts.min, encoder.fill) : facts.min);
  const double max = transform_of(settings, facts.missing ? std::max(facts.max, encoder.fill) : facts.max);
  encoder.centre = min;
  if (!(min < max)) return encoder;  // constant: factor 0
  TransformedFacts transformed_facts{.count = facts.present + facts.missing,
                                     .min = min,
                                     .max = max,
                                     .middle = transform_of(settings, median),
                                     .least = min,
                                     .most = max};
  if (settings.transform == Transform::none) {
    if (facts.missing == 0) {
      transformed_facts.mean = facts.mean;
      transformed_facts.spread = facts.sd;
    } else {
      fill_in_place(encoder.fill, local_values);
    }
  } else {
    const LocalFacts local = transform_in_place(encoder, local_values);
    transformed_facts.least = comm.min(local.min);
    transformed_facts.most = comm.max(local.max);
  }
  const CentreAndSpread scale = centre_and_spread(comm, settings.scale, local_values, transformed_facts);
  encoder.centre = scale.centre;
  const double factor = std::sqrt(settings.weight) / scale.spread;
  encoder.factor = std::isfinite(factor) ? factor : 0.0;  // no spread (robust: half of the values are equal)
  if (settings.missing == Missing::indicator && facts.missing > 0) encoder.indicator = std::sqrt(settings.weight);
  return encoder;
}

}  // namespace cardseg::portfolio
