// What the user says about a portfolio's columns: which are features and how each is prepared.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/io/shard_file.hpp"

namespace cardseg::portfolio {

/// The four kinds of segmentation data.
enum class Family { demographic, psychographic, behavioural, geographic };
/// Applied to raw values: none x; log1p log(1+x), x > -1; signed_log sign(x) log(1+|x|).
enum class Transform { none, log1p, signed_log };
/// Applied to transformed values: zscore (x - mean) / population sd; robust (x - median) / (q75 - q25);
/// minmax (x - min) / (max - min); none x.
enum class Scale { zscore, robust, minmax, none };
/// What stands for a missing raw value: the column's mean, its median, 0, or an error.
enum class Missing { mean, median, zero, error };

inline constexpr core::EnumNames<Family> family_names = {"demographic", "psychographic", "behavioural", "geographic"};
inline constexpr core::EnumNames<Transform> transform_names = {"none", "log1p", "signed-log"};
inline constexpr core::EnumNames<Scale> scale_names = {"zscore", "robust", "minmax", "none"};
inline constexpr core::EnumNames<Missing> missing_names = {"mean", "median", "zero", "error"};

inline const char* name_of(Family family) { return family_names[family]; }
inline const char* name_of(Transform transform) { return transform_names[transform]; }
inline const char* name_of(Scale scale) { return scale_names[scale]; }
inline const char* name_of(Missing missing) { return missing_names[missing]; }

/// How one feature column is prepared.
struct ColumnDescription {
  std::string name;
  Family family = Family::behavioural;
  Transform transform = Transform::none;
  Scale scale = Scale::zscore;
  Missing missing = Missing::median;
  /// Factor of the column's share in the squared distance, >= 0; 0 leaves the column out.
  double weight = 1.0;
};

/// One line of a description file: `section.key = value`.
struct Setting {
  std::string key;
  std::string value;
};

/// A whole description. Columns that it does not name are features with `defaults`.
struct Description {
  std::string id;                                       ///< empty: see `resolve`
  std::vector<std::string> exclude;                     ///< never features
  std::vector<std::string> value;                       ///< what a segment is worth; features only if described
  std::map<std::string, std::vector<Setting>> columns;  ///< settings of each described column
  std::map<Family, double> family_weight;               ///< factor of all columns of a family, >= 0
  ColumnDescription defaults;                           ///< for what is not said
};

/// Builds a description from the settings of a file. Throws core::Error(config) naming an unknown key and the nearest
/// known one, or a value that cannot be used.
Description make_description(const std::vector<Setting>& settings);

/// What a description means for the columns at hand.
struct ResolvedDescription {
  std::string id;                           ///< empty: the portfolio has none, rows are numbered
  std::vector<ColumnDescription> features;  ///< in the order of the shards' columns, weights with the family's factor
  std::vector<std::string> value;
  std::vector<std::string> text_columns;  ///< left out because they hold text
};

/// Pure. Without an id the column named customer_id, cust_id or id (any case) is taken.
/// Throws core::Error(config): a named column that does not exist, a described text column, a value column of text, an id
/// that is neither text nor whole numbers (a usual name of such a type is passed over where excluded); (bad_data) no
/// feature is left.
ResolvedDescription resolve(const Description& description, const std::vector<io::StoredColumn>& columns);

/// Pure. Throws core::Error(config) where the column named `id` is neither text nor whole numbers.
void check_id(const std::string& id, const std::vector<io::StoredColumn>& columns);

}  // namespace cardseg::portfolio
