#include "cardseg/portfolio/column_encoder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/portfolio/exact_statistics.hpp"
#include "cardseg/portfolio/quantiles.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest_raw = 1e150;  // squares and their sums stay finite

double transformed(Transform transform, double raw) {
  switch (transform) {
    case Transform::none: return raw;
    case Transform::log1p: return raw > -1.0 ? std::log1p(raw) : nan;
    case Transform::signed_log: return std::copysign(std::log1p(std::abs(raw)), raw);
  }
  return nan;
}

double untransformed(Transform transform, double value) {
  switch (transform) {
    case Transform::none: return value;
    case Transform::log1p: return std::expm1(value);
    case Transform::signed_log: return std::copysign(std::expm1(std::abs(value)), value);
  }
  return nan;
}

double fill_for(const comm::Communicator& comm, Missing missing, const RawFacts& facts,
                std::span<const double> local_raw) {
  switch (missing) {
    case Missing::mean: return facts.mean;
    case Missing::median: return compute_quantiles(comm, local_raw, std::array{0.5}).front();
    case Missing::zero: return 0.0;
    case Missing::error: return nan;
  }
  return nan;
}

// Where a column's values lie and how wide they spread, in transformed units.
struct Location {
  double centre = 0.0;
  double spread = 1.0;
};

// min and max bound the values. A power of two as unit keeps squares from vanishing or overflowing and changes no bit else.
Location zscore_location(const comm::Communicator& comm, std::span<const double> values, std::int64_t global_count,
                         double min, double max) {
  int exponent = 0;
  std::frexp(std::max(std::abs(min), std::abs(max)), &exponent);
  const double unit = std::ldexp(1.0, std::max(exponent, -1000));
  const double per_unit = 1.0 / unit;
  const auto local_count = static_cast<std::int64_t>(values.size());
  const auto count = static_cast<double>(global_count);
  const auto value = [&](std::int64_t i) { return values[static_cast<std::size_t>(i)] * per_unit; };
  const double mean =
      std::clamp(exact_sum(comm, local_count, global_count, value) / count, min * per_unit, max * per_unit);
  // variance = mean of (x - mean)^2, the population's
  const auto squared_deviation = [&](std::int64_t i) { return (value(i) - mean) * (value(i) - mean); };
  const double variance = exact_sum(comm, local_count, global_count, squared_deviation) / count;
  return {mean * unit, std::sqrt(variance) * unit};
}

Location locate(const comm::Communicator& comm, Scale scale, std::span<const double> values, std::int64_t global_count,
                double min, double max) {
  switch (scale) {
    case Scale::zscore: return zscore_location(comm, values, global_count, min, max);
    case Scale::robust: {
      const std::vector<double> q = compute_quantiles(comm, values, std::array{0.25, 0.5, 0.75});
      return {q[1], q[2] - q[0]};
    }
    case Scale::minmax: return {min, max - min};
    case Scale::none: return {};
  }
  return {};
}

void check_present(const ColumnDescription& description, const RawFacts& facts) {
  if (facts.present == 0 && facts.missing > 0) {
    Error error(ExitCode::bad_data, "every value of the column is missing");
    throw comm::AgreedError(error.in_column(description.name).remedy("Exclude the column"));
  }
  if (description.missing == Missing::error && facts.missing > 0) {
    Error error(ExitCode::bad_data, std::to_string(facts.missing) + " values are missing and 'missing = error' is set");
    throw comm::AgreedError(error.in_column(description.name)
                                .remedy("Fill them with missing = mean, median or zero, or exclude the column"));
  }
  if (description.transform == Transform::log1p && facts.min <= -1.0) {
    Error error(ExitCode::bad_data, "log1p needs values above -1");
    throw comm::AgreedError(error.in_column(description.name).remedy("Use transform = signed-log"));
  }
}

}  // namespace

double ColumnEncoder::encode(double raw) const {
  if (std::isinf(raw)) return nan;
  const double value = transformed(description.transform, std::isnan(raw) ? fill : raw);
  return (value - centre) * factor;
}

double ColumnEncoder::decode(double feature) const {
  return untransformed(description.transform, feature / factor + centre);
}

std::int64_t find_unusable(std::span<const double> local_raw) {
  for (std::size_t i = 0; i < local_raw.size(); ++i)
    if (std::abs(local_raw[i]) > largest_raw) return static_cast<std::int64_t>(i);
  return -1;
}

RawFacts compute_raw_facts(const comm::Communicator& comm, std::span<const double> local_raw) {
  std::array<std::int64_t, 2> counts{};
  double min = std::numeric_limits<double>::infinity();
  double max = -min;
  for (double raw : local_raw) {
    ++counts[std::isnan(raw) ? 1 : 0];
    if (raw < min) min = raw;
    if (raw > max) max = raw;
  }
  comm.allreduce_sum(std::span(counts));
  const RawFacts none{0, counts[1], nan, nan, nan};
  if (counts[0] == 0) return none;
  const auto present_or_zero = [&](std::int64_t i) {
    const double raw = local_raw[static_cast<std::size_t>(i)];
    return std::isnan(raw) ? 0.0 : raw;
  };
  const double sum =
      exact_sum(comm, static_cast<std::int64_t>(local_raw.size()), counts[0] + counts[1], present_or_zero);
  min = comm.min(min) + 0.0;  // -0 and 0 compare equal: which of them came first must not show
  max = comm.max(max) + 0.0;
  const double mean = std::clamp(sum / static_cast<double>(counts[0]), min, max);  // a constant is its own mean
  return {counts[0], counts[1], min, max, mean};
}

ColumnEncoder fit_encoder(const comm::Communicator& comm, const ColumnDescription& description, const RawFacts& facts,
                          std::span<const double> local_raw) {
  check_present(description, facts);
  ColumnEncoder encoder{description, 0.0, 0.0, 0.0};
  encoder.fill = fill_for(comm, description.missing, facts, local_raw);
  const double min = transformed(description.transform, facts.missing ? std::min(facts.min, encoder.fill) : facts.min);
  const double max = transformed(description.transform, facts.missing ? std::max(facts.max, encoder.fill) : facts.max);
  encoder.centre = min;
  if (!(min < max)) return encoder;  // constant: factor 0
  const ColumnEncoder as_is{description, encoder.fill, 0.0, 1.0};
  std::vector<double> values(local_raw.size());
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_is.encode(local_raw[i]);
  const Location location = locate(comm, description.scale, values, facts.present + facts.missing, min, max);
  encoder.centre = location.centre;
  const double factor = std::sqrt(description.weight) / location.spread;
  encoder.factor = std::isfinite(factor) ? factor : 0.0;  // no spread (robust: half of the values are equal)
  return encoder;
}

}  // namespace cardseg::portfolio
