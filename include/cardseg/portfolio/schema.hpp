// What each column of a portfolio is: its part in the segmentation and the kind of its values.
#pragma once

#include <string>
#include <vector>

#include "cardseg/io/shard_file.hpp"
#include "cardseg/portfolio/description.hpp"
#include "cardseg/portfolio/levels.hpp"
#include "cardseg/portfolio/population.hpp"

namespace cardseg::portfolio {

/// id names a customer; feature is in the distance; value says what a segment is worth; weight is a customer's mass;
/// profile describes segments without shaping them; unused is left out, for a reason that is said.
enum class Role { id, feature, value, weight, profile, unused };

inline constexpr core::EnumNames<Role> role_names = {"id", "feature", "value", "weight", "profile", "unused"};
inline const char* name_of(Role role) { return role_names[role]; }

struct Column {
  std::string name;
  Role role = Role::unused;
  Kind kind = Kind::number;
  std::string stored_type;    ///< as io::StoredColumn has it
  ColumnSettings settings;    ///< of all but the id: how it is prepared; the weight with its family's factor
  int value_number = 0;       ///< of those that say what segments are worth, from 1 in the description's order; 0: none
  std::string reason;         ///< of an unused column: "dates", "counts rows", "constant", "weight 0", ...; of one
                              ///< that is profiled alone without being excluded: "name", "more than 64 levels"
  bool is_described = false;  ///< the description says how it is prepared, and so that it is a feature
  bool is_crossed = false;    ///< the report has a table of it by segment
  Levels levels = {};         ///< of categories and ordinals, once they are learned (learn_levels.hpp)

  /// It says what segments are worth; a feature may do so, too.
  bool is_value() const { return value_number > 0; }
  /// It is a category or an ordinal: shards hold levels of it, not numbers.
  bool has_levels() const { return kind == Kind::category || kind == Kind::ordinal; }
  /// The most features that it may have, where it is one; a guess of a category whose levels are not learned.
  int most_width() const;
};

/// All columns of a portfolio, in the order of its shards. At most one is the id.
struct Schema {
  std::vector<Column> columns;
  Population population = {};  ///< who is segmented

  /// The name of the id column; empty: rows are numbered.
  std::string id() const;
  /// The columns with this role, in order. They live as long as the schema is not changed.
  std::vector<const Column*> with_role(Role role) const;
  /// How many features a fit may have, before values show that a column has none; Column::most_width() of each.
  int most_features() const;
  /// The columns that say what segments are worth, in the description's order. They live likewise.
  std::vector<const Column*> values() const;
  /// Their names.
  std::vector<std::string> value_names() const;
};

/// As the name of an id, where no column is called so: rows are numbered.
inline constexpr const char* no_id = "none";

/// Pure. What a description means for the columns at hand. Without an id the column with the surest of the usual names
/// is taken (core::id_name). Where they are not described, dates and further columns with the usual name of an id are
/// unused, and columns named like a protected attribute (core::is_protected_name) are profiled alone. Texts are
/// categories. What values say of a column is left to `learn_levels` and `leave_out_id_like`.
/// Throws core::Error(config): a named column that does not exist, a value column of text, settings or a filter that do
/// not fit the columns, an id of booleans (a usual name is passed over where excluded); (bad_data) no feature is left.
Schema make_schema(const Description& description, const std::vector<io::StoredColumn>& columns);

/// Pure. Throws core::Error(bad_data) where no column is a feature, naming those that are left out.
void check_any_feature(const Schema& schema);

/// Pure. Throws core::Error(config) where the column named `id` holds booleans.
void check_id(const std::string& id, const std::vector<io::StoredColumn>& columns);

}  // namespace cardseg::portfolio
