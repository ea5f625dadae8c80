// Finds out, without reading a CSV file from its start, whether a byte of it stands inside quotes.
//
// A quote opens a quoted field only as the first byte of the field, that is, right after a delimiter or a line feed
// that are themselves outside quotes. Inside, a quote followed by a quote is one quote; any other quote closes. So
// outside quotes nothing but the byte before matters, and three states describe every place of any file, well formed or
// not. What a range of bytes does is then a map from three states to three states; ranks compute the maps of their
// ranges at once and chain them: exact also for malformed files, where counting quotes (parity) would go astray.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cardseg/core/range.hpp"
#include "convert/csv_file.hpp"

namespace cardseg::convert {

enum class QuoteState : std::uint8_t { outside, inside, after_quote };

/// Follows the quotes through bytes that are handed over piece by piece.
class QuoteScanner {
 public:
  /// `state` before the first byte; `previous`: the byte before the first.
  QuoteScanner(char delimiter, QuoteState state, char previous)
      : delimiter_(delimiter), previous_(previous), state_(state) {}

  void advance(std::string_view bytes);
  /// Goes to the end of the record: consumes bytes up to and with the first line feed outside quotes and returns their
  /// number; nothing where `bytes` holds none, and all of them are consumed.
  std::optional<std::size_t> advance_to_record_end(std::string_view bytes);
  QuoteState state() const { return state_; }

 private:
  std::size_t step_in_quotes(std::string_view bytes, std::size_t at);
  bool opens(std::string_view bytes, std::size_t quote) const;

  char delimiter_;
  char previous_;
  QuoteState state_;
};

/// What a range of bytes does: the state behind it for each state before it, and its line feeds (in quotes or not).
struct RangeStructure {
  std::array<QuoteState, 3> ends{QuoteState::outside, QuoteState::inside, QuoteState::after_quote};
  std::int64_t line_feeds = 0;

  bool operator==(const RangeStructure&) const = default;
};

/// Local. Reads the range once, at about the speed of memory. At the beginning of a file a record begins.
RangeStructure scan_structure(const CsvFile& file, char delimiter, const core::Range& bytes);

/// What is known at the first byte of a range.
struct RangeStart {
  QuoteState state = QuoteState::outside;
  std::int64_t line_feeds_before = 0;
};

/// The starts of consecutive ranges, the first of which starts outside quotes.
std::vector<RangeStart> chain(std::span<const RangeStructure> ranges);

/// Where a record begins: its byte and the number of its line in the file, from 1.
struct RecordStart {
  std::int64_t offset = 0;
  std::int64_t line = 1;
};

/// Local. The first record that begins in the range; nothing where none does. `first_line` is the line number at
/// zero `line_feeds_before`.
std::optional<RecordStart> first_record(const CsvFile& file, char delimiter, const core::Range& bytes,
                                        const RangeStart& start, std::int64_t first_line);

}  // namespace cardseg::convert
