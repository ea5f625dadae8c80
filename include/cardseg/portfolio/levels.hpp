// The levels of a column of categories, and the raw number that stands for each where columns are numbers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cardseg::portfolio {

struct Level {
  std::string name;
  std::int64_t customers = 0;  ///< that have it; 0 of levels that were not counted
  double value = 0.0;          ///< the raw number: of a category its place, of an ordinal its score
};

/// The known levels of a column, the same on all ranks. Of categories they are ordered by customers, most first, then
/// by the bytes of their names; of ordinals as the description says.
struct Levels {
  std::vector<Level> known;
  std::int64_t other = 0;    ///< customers whose levels were too rare to be known
  std::int64_t missing = 0;  ///< customers without a level; fewer than may be told of are given as that number
  bool are_texts = true;     ///< as they are stored; else they are numbers, whose names are their shortest texts

  bool empty() const { return known.empty(); }
  /// The raw number of a category that is not known.
  double other_value() const { return static_cast<double>(known.size()); }
};

/// Pure. The name of a level that is stored as a number.
std::string level_name(double number);

/// Finds the raw numbers of levels.
class LevelLookup {
 public:
  explicit LevelLookup(const Levels& levels);

  /// Nothing where no known level has this name, or is this number.
  std::optional<double> find(std::string_view name) const;
  std::optional<double> find(double number) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::unordered_map<std::string, double, Hash, std::equal_to<>> by_name_;
  std::unordered_map<double, double> by_number_;
};

}  // namespace cardseg::portfolio
