// Numbers as people write them: 1.234,56 EUR, ($30.00), 5.00-, 12,5 %, +12.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cardseg/convert/csv_conventions.hpp"
#include "cardseg/convert/csv_problem.hpp"

namespace cardseg::convert {

/// Currencies that are told from other text where none is given; the place of one is its bit. Others that are given
/// share the bits behind.
inline constexpr std::array<std::string_view, 20> known_currencies = {
    "US$", "A$",  "R$",  "$",   "\u20AC", "\u00A3", "\u00A5", "EUR", "USD",     "GBP",
    "CHF", "JPY", "SEK", "NOK", "PLN",    "CZK",    "CAD",    "Fr.", "z\u0142", "kr"};

/// A number in the form that csv_values reads, with the marks of what stood around it (namespace mark).
struct PlainNumber {
  std::array<char, csv_max_text_bytes + 2> buffer;
  std::size_t size = 0;
  std::uint64_t marks = 0;

  std::string_view text() const { return {buffer.data(), size}; }
};

/// Reads `value`, which has no blanks around it, by `conventions`; false where it is not a number so. Grouped thousands
/// must be groups of three. A leading plus before eight digits or more is a telephone number and no number here.
bool to_plain(std::string_view value, const Conventions& conventions, PlainNumber& number);

/// The marks of a value that would be a number by some conventions; nothing where it would be one by none.
std::optional<std::uint64_t> marks_of_written_number(std::string_view value);

}  // namespace cardseg::convert
