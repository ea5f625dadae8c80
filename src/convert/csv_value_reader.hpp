// What a value is and what number it stands for, by the conventions of its file: one reader for the survey and for the
// shards, so that they cannot disagree.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "cardseg/convert/csv_problem.hpp"
#include "cardseg/convert/csv_types.hpp"
#include "convert/csv_short_number.hpp"

namespace cardseg::convert {

/// The class of a value and, where `is_short`, the number it stands for as mantissa / 10^scale: also a date's days and
/// a flag's 0 or 1.
struct ScannedValue {
  ValueClass value_class = ValueClass::text;
  bool is_short = false;
  std::uint8_t scale = 0;
  std::int64_t mantissa = 0;
  std::uint64_t marks = 0;
};

class ValueReader {
 public:
  explicit ValueReader(const Conventions& conventions);

  /// Precondition of all: `value` is not missing and has no blanks around it.
  ScannedValue classify(std::string_view value) const;
  /// As T (std::int32_t, std::int64_t, float, double); the problems of `parse` (csv_values.hpp).
  template <class T>
  CsvProblem number(std::string_view value, T& number) const;
  CsvProblem date(std::string_view value, std::int32_t& days) const;
  /// A number in the form that `parse` reads.
  std::string plain(std::string_view value) const;

 private:
  ScannedValue class_of_short(const ShortNumber& number, std::string_view value) const;
  ScannedValue classify_written(std::string_view value) const;

  Conventions conventions_;
  char decimal_;
  // By byte: most texts are told by their first and last one.
  std::array<bool, 256> can_begin_flag_{};
  std::array<bool, 256> can_begin_number_{};  // or a date
  std::array<bool, 256> can_end_number_{};
};

}  // namespace cardseg::convert
