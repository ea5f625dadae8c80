// What the user says about a portfolio's columns: which are features and how each is prepared.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::portfolio {

/// The four kinds of segmentation data, and no kind: what nothing is said of.
enum class Family { demographic, psychographic, behavioural, geographic, none };
/// Applied to raw values: none x; log1p log(1+x), x > -1; signed_log sign(x) log(1+|x|); sqrt the square root, x >= 0;
/// cube_root the cube root; yeo_johnson with a given lambda (Yeo and Johnson 2000): for x >= 0 ((1+x)^lambda - 1) /
/// lambda, for x < 0 -((1-x)^(2-lambda) - 1) / (2-lambda), and their limits, log(1+x) at 0 and -log(1-x) at 2.
enum class Transform { none, log1p, signed_log, sqrt, cube_root, yeo_johnson };
/// Applied to transformed values: zscore (x - mean) / population sd; robust (x - median) / (q75 - q25);
/// minmax (x - min) / (max - min); none x, but for a shift (NumberEncoder).
enum class Scale { zscore, robust, minmax, none };
/// What stands for a missing raw value: of numbers the column's mean, its median, 0, or the median beside a feature
/// that says where values were missing (indicator); of categories the most frequent level (mode) or a level of its own
/// (indicator); or an error.
enum class Missing { mean, median, zero, error, mode, indicator };
/// What the values of a column are, however they are stored.
enum class Kind { id, number, flag, category, ordinal, date };
/// What a level is that the fit did not know: a customer like others of rare levels, or an error. An ordinal of no
/// known level is missing.
enum class Unseen { other, error };

inline constexpr core::EnumNames<Family> family_names = {"demographic", "psychographic", "behavioural", "geographic",
                                                         "none"};
inline constexpr core::EnumNames<Transform> transform_names = {"none", "log1p",     "signed-log",
                                                               "sqrt", "cube-root", "yeo-johnson"};
inline constexpr core::EnumNames<Scale> scale_names = {"zscore", "robust", "minmax", "none"};
inline constexpr core::EnumNames<Missing> missing_names = {"mean", "median", "zero", "error", "mode", "indicator"};
inline constexpr core::EnumNames<Kind> kind_names = {"id", "number", "flag", "category", "ordinal", "date"};
inline constexpr core::EnumNames<Unseen> unseen_names = {"other", "error"};

inline const char* name_of(Family family) { return family_names[family]; }
inline const char* name_of(Transform transform) { return transform_names[transform]; }
inline const char* name_of(Scale scale) { return scale_names[scale]; }
inline const char* name_of(Missing missing) { return missing_names[missing]; }
inline const char* name_of(Kind kind) { return kind_names[kind]; }
inline const char* name_of(Unseen unseen) { return unseen_names[unseen]; }

/// Where values are winsorised: what lies beyond becomes the limit.
struct Clip {
  double low = 0.0;
  double high = 0.0;
  bool are_shares = true;  ///< quantiles of these shares of the present values (type 7); else the limits themselves

  bool operator==(const Clip&) const = default;
};

/// How values are shown to people: a plain number, an amount of money, a share of 1 as per cent, or days.
enum class ShownAs { number, money, percent, days };

inline constexpr core::EnumNames<ShownAs> shown_as_names = {"number", "money", "percent", "days"};
inline const char* name_of(ShownAs shown_as) { return shown_as_names[shown_as]; }

/// What people read of a column; shapes nothing else.
struct ColumnWords {
  std::string label = {};                ///< empty: made from the column's name
  std::string unit = {};                 ///< "EUR"; empty: none
  std::optional<ShownAs> shown_as = {};  ///< none: nothing is said

  bool operator==(const ColumnWords&) const = default;
};

/// How a feature column is prepared.
struct ColumnSettings {
  Family family = Family::none;
  Transform transform = Transform::none;
  Scale scale = Scale::zscore;
  Missing missing = Missing::median;
  /// Factor of the column's share in the squared distance, >= 0; 0 leaves the column out.
  double weight = 1.0;
  /// Raw values that stand for a missing one: 999, -1.
  std::vector<double> missing_codes = {};
  /// The codes are of this column, not of the whole portfolio.
  bool has_own_codes = false;
  std::optional<Clip> clip = {};        ///< before the transform
  double lambda = 1.0;                  ///< of Transform::yeo_johnson; 1 changes nothing
  std::optional<Kind> type = {};        ///< not what values and their storage suggest
  std::vector<std::string> order = {};  ///< of an ordinal's levels, the lowest first
  std::vector<double> scores = {};      ///< one for each of these; empty: 0, 1, 2, ...
  double min_level = 0.001;             ///< share of all customers that a category's level has; rarer ones are one
  std::int64_t least_customers = 0;     ///< likewise, a number of them
  int max_levels = 64;                  ///< of texts that are a category without being described
  Unseen unseen = Unseen::other;
  ColumnWords words = {};  ///< of any column
};

/// One line of a description file: `section.key = value`.
struct Setting {
  std::string key;
  std::string value;
};

/// A whole description. Columns that it does not name are features with `defaults`.
struct Description {
  std::string id;                                       ///< empty or "none": see `make_schema`
  std::vector<std::string> exclude;                     ///< never features
  std::vector<std::string> value;                       ///< what a segment is worth; features only if described
  std::string filter;                                   ///< rule that selects customers (filter.hpp); empty: everybody
  std::vector<std::string> cross;                       ///< tabulated against the segments; features only if described
  std::map<std::string, std::vector<Setting>> columns;  ///< settings of each described column
  std::map<Family, double> family_weight;               ///< factor of all columns of a family, >= 0
  ColumnSettings defaults;                              ///< for what is not said
};

/// Builds a description from the settings of a file. Throws core::Error(config) naming an unknown key and the nearest
/// known one, or a value that is empty or cannot be used.
Description make_description(const std::vector<Setting>& settings);

/// Pure. Whether a key of a column says how it is prepared, and so that it is a feature; not so what people read of it.
bool is_preparation(const std::string& key);

/// Sets what one line says of a column: `setting.key` is family, transform, scale, missing, weight, missing_codes,
/// clip, clip_at, lambda, type, order, scores, min_level, unseen, label, unit or format. Throws core::Error(config)
/// naming column.<column>.<key> where the value cannot be used.
void set_column(ColumnSettings& settings, const std::string& column, const Setting& setting);

}  // namespace cardseg::portfolio
