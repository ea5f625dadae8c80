// Groups of merchant categories and of channels, whose shares are features.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/portfolio/description.hpp"

namespace cardseg::transactions {

/// Of each text its group, from 1; 0: of none.
class GroupTable {
 public:
  /// `words`: "5411, 5422-5499, fuel" with commas: whole numbers, ranges of these, or texts. Throws core::Error(config)
  /// where the name cannot be a column's, a range is none, or a word or number is in a group already.
  void add(const std::string& name, const std::string& words);

  std::uint16_t group_of(std::string_view text) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Span {
    std::int64_t last;
    std::uint16_t group;
  };
  void add_span(std::int64_t first, std::int64_t last);
  const Span* span_with(std::int64_t number) const;

  std::vector<std::string> names_;
  std::map<std::int64_t, Span> spans_;  // by their first number
  std::map<std::string, std::uint16_t, std::less<>> texts_;
};

/// Names for customers by their scores.
class ScoreGrid {
 public:
  /// `ranges`: "4-5, 3, 1-5" of R, F and M. Throws core::Error(config) where they are none, or the name is doubled.
  void add(const std::string& name, const std::string& ranges);

  /// The first line that holds the scores, from 1; 0: none, or a score of 0.
  std::size_t line_of(int r, int f, int m) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Span {
    int first = 0;
    int last = 0;
  };
  std::vector<std::string> names_;
  std::vector<std::array<Span, 3>> lines_;
};

struct MerchantGroups {
  GroupTable categories;
  GroupTable channels;
  ScoreGrid grid;
};

/// Pure. From the settings of the INI file `file`, with the sections [category] and [channel], `name = words`, and
/// [grid], `name = R, F, M`. Throws core::Error(config).
MerchantGroups make_groups(const std::vector<portfolio::Setting>& settings, const std::string& file);

}  // namespace cardseg::transactions
