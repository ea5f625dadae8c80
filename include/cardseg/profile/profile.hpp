// What every column of a portfolio holds in each segment and in the whole: figures for tables, words and pictures.
//
// A profile is made exactly, of everybody (compute_profile.hpp). What leaves the program is made of what disclosure
// control lets through (disclosure.hpp): the same type, whose withheld figures say so and hold nothing.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "cardseg/portfolio/schema.hpp"

namespace cardseg::profile {

/// A figure of some customers. NaN where there is none: a mean of no values.
struct Figure {
  double value = std::numeric_limits<double>::quiet_NaN();
  bool is_withheld = false;  ///< it would say too much of single customers; `value` is NaN then
};

/// A number of customers.
struct Count {
  std::int64_t customers = 0;
  bool is_withheld = false;  ///< likewise; `customers` is 0 then
};

/// The shares of values below the quantiles of a profile.
inline constexpr std::array quantile_shares = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
/// Of these, the median.
inline constexpr std::size_t median = 3;

/// How far a total or a mean rests on few customers, by |value|. Never leaves the program.
struct Dominance {
  double largest = 0.0;
  double second = 0.0;
  double all = 0.0;
};

/// The shares of values between which a column's bins are closed.
inline constexpr double low_close = 0.001;
inline constexpr double high_close = 0.999;

/// Values of a column by group, between percentiles of all of them. Never leaves the program: a baseline is made of it.
struct ValueBins {
  std::vector<double> ends;                       ///< percentiles 1 to 99 of all values, each once, rising
  std::vector<std::vector<std::int64_t>> counts;  ///< [group][bin]: bin 2 i + 1 is the i-th end, bin 2 i what lies
                                                  ///< below it and above the one before
  double low = std::numeric_limits<double>::quiet_NaN();   ///< the 0.1 % quantile of all, a value
  double high = std::numeric_limits<double>::quiet_NaN();  ///< the 99.9 % quantile, likewise
};

/// A column of numbers, flags, dates or ordinals in one group: the whole portfolio or a segment. Missing values are
/// left out of all but the counts. Units are the column's own, whatever transform a fit applies.
struct NumberProfile {
  Count present;
  Count missing;
  Count imputed;  ///< of the missing, those that a fit filled in
  Count zeros;
  Figure mean;
  Figure sd;                                            ///< standard deviation of a population
  std::array<Figure, quantile_shares.size()> quantile;  ///< of type 7 (Hyndman and Fan 1996)
  Figure total;
  Figure total_share;  ///< of the portfolio's total, 0 to 1 where no value is negative
  Figure index;        ///< 100 x mean / the portfolio's mean; none where that is not positive
  Figure effect;       ///< (mean - the portfolio's mean) / the portfolio's sd: does not grow with customers
  Figure overlap;      ///< of the group's distribution with that of all, 0 to 1: the sum over exact bins of the lesser
                       ///< share
  Dominance dominance;
};

/// A level of a category in one group.
struct LevelProfile {
  Count customers;
  Figure share;  ///< of the group's customers with a level
  Figure index;  ///< 100 x share / the portfolio's share
};

/// A column of levels in one group.
struct CategoryProfile {
  Count present;
  Count missing;
  Count imputed;
  std::vector<LevelProfile> levels;  ///< in the order of ColumnProfile::levels
  Figure effect;                     ///< Cramer's V of being in the group against the levels; 0 for the whole
  Figure overlap;
};

/// A column. Either `numbers` or `categories` has one entry a group: the whole portfolio first, then segment 1, ...
struct ColumnProfile {
  portfolio::Column column;         ///< as the run's schema has it
  bool is_in_distance = false;      ///< it shaped the segments
  std::vector<std::string> levels;  ///< of categories; too rare and further ones are "(other)"
  std::vector<NumberProfile> numbers;
  std::vector<CategoryProfile> categories;
  Figure separation;    ///< how well segments tell this column's values: eta squared of numbers, squared Cramer's V of
                        ///< categories; 0 to 1
  ValueBins bins = {};  ///< of numbers that are not disclosed yet

  bool is_category() const { return !categories.empty(); }
};

/// A column of levels by segment: `counts[segment][level]`, segment 0 the whole.
struct Crosstab {
  portfolio::Column column;
  std::vector<std::string> levels;  ///< "(missing)" the last where there are such customers
  std::vector<std::vector<Count>> counts;
  Figure cramers_v;
};

/// Of a whole portfolio. Groups: 0 the whole, j segment j.
struct Profile {
  int segments = 0;
  std::vector<Count> customers;  ///< [group], people
  std::vector<Figure> mass;      ///< [group], the sum of their weights
  std::vector<ColumnProfile> columns;
  std::vector<Crosstab> crosstabs;
  std::int64_t min_cell = 0;  ///< the threshold of disclosure control; 0: none was applied

  int groups() const { return segments + 1; }
};

/// A column by which a segment differs from the portfolio.
struct Driver {
  std::size_t column = 0;  ///< index into Profile::columns
  int level = -1;          ///< of a category, the one that stands out; -1 of numbers
  double effect = 0.0;     ///< NumberProfile::effect with its sign; of a level (share - p) / sqrt(p (1 - p))
};

/// Pure. (share - p) / sqrt(p (1 - p)) of a level, p its share in the portfolio: how far the group lies from it in
/// standard deviations of having the level. NaN where a share is withheld, or everybody or nobody has it.
double level_effect(const LevelProfile& all, const LevelProfile& here);

/// Pure. The columns of a segment (from 1), most different first, ties in the columns' order; withheld figures and
/// differences of nothing are left out, and so are ids and columns that are not to be compared (dates).
std::vector<Driver> ranked_drivers(const Profile& profile, int segment);

}  // namespace cardseg::profile
