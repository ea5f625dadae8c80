// What the user says about a portfolio's columns: which are features and how each is prepared.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::portfolio {

/// The four kinds of segmentation data, and no kind: what nothing is said of.
enum class Family { demographic, psychographic, behavioural, geographic, none };
/// Applied to raw values: none x; log1p log(1+x), x > -1; signed_log sign(x) log(1+|x|).
enum class Transform { none, log1p, signed_log };
/// Applied to transformed values: zscore (x - mean) / population sd; robust (x - median) / (q75 - q25);
/// minmax (x - min) / (max - min); none x, but for a shift (NumberEncoder).
enum class Scale { zscore, robust, minmax, none };
/// What stands for a missing raw value: the column's mean, its median, 0, or an error.
enum class Missing { mean, median, zero, error };

inline constexpr core::EnumNames<Family> family_names = {"demographic", "psychographic", "behavioural", "geographic",
                                                         "none"};
inline constexpr core::EnumNames<Transform> transform_names = {"none", "log1p", "signed-log"};
inline constexpr core::EnumNames<Scale> scale_names = {"zscore", "robust", "minmax", "none"};
inline constexpr core::EnumNames<Missing> missing_names = {"mean", "median", "zero", "error"};

inline const char* name_of(Family family) { return family_names[family]; }
inline const char* name_of(Transform transform) { return transform_names[transform]; }
inline const char* name_of(Scale scale) { return scale_names[scale]; }
inline const char* name_of(Missing missing) { return missing_names[missing]; }

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
  std::map<std::string, std::vector<Setting>> columns;  ///< settings of each described column
  std::map<Family, double> family_weight;               ///< factor of all columns of a family, >= 0
  ColumnSettings defaults;                              ///< for what is not said
};

/// Builds a description from the settings of a file. Throws core::Error(config) naming an unknown key and the nearest
/// known one, or a value that is empty or cannot be used.
Description make_description(const std::vector<Setting>& settings);

/// Sets what one line says of a column: `setting.key` is family, transform, scale, missing, weight or
/// missing_codes. Throws core::Error(config) naming column.<column>.<key> where the value cannot be used.
void set_column(ColumnSettings& settings, const std::string& column, const Setting& setting);

}  // namespace cardseg::portfolio
