#include "convert/csv_quotes.hpp"

#include <algorithm>
#include <cstring>

namespace cardseg::convert {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

// The place of `wanted` in [at, end), or `end`.
std::size_t find(std::string_view bytes, std::size_t at, std::size_t end, char wanted) {
  const void* found = at < end ? std::memchr(bytes.data() + at, wanted, end - at) : nullptr;
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : end;
}

// The byte before `offset`; a line feed where only a byte order mark, or nothing, is there: a record begins.
char byte_before(const CsvFile& file, std::int64_t offset) {
  char bytes[3] = {};
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::int64_t>(offset, 3));
  const std::string_view before(bytes,
                                file.read_at(offset - static_cast<std::int64_t>(wanted), std::span(bytes, wanted)));
  if (before.empty() || (offset == 3 && before == "\xEF\xBB\xBF")) return '\n';
  return before.back();
}

// Calls `use(piece)` for the bytes of the range, in order; stops where it returns false.
template <class Use>
void for_each_piece(const CsvFile& file, const core::Range& bytes, Use use) {
  std::vector<char> buffer(std::min(piece_bytes, static_cast<std::size_t>(std::max<std::int64_t>(bytes.size(), 1))));
  for (std::int64_t at = bytes.begin; at < bytes.end;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(bytes.end - at, std::ssize(buffer)));
    const std::size_t got = file.read_at(at, std::span(buffer).first(wanted));
    if (got == 0 || !use(std::string_view(buffer.data(), got))) return;
    at += static_cast<std::int64_t>(got);
  }
}

}  // namespace

bool QuoteScanner::opens(std::string_view bytes, std::size_t quote) const {
  const char before = quote == 0 ? previous_ : bytes[quote - 1];
  return before == delimiter_ || before == '\n';
}

// From a place that is not outside quotes to the next place with another state; returns that place.
std::size_t QuoteScanner::step_in_quotes(std::string_view bytes, std::size_t at) {
  if (state_ == QuoteState::after_quote) {
    const bool is_escape = bytes[at] == '"';
    state_ = is_escape ? QuoteState::inside : QuoteState::outside;
    return is_escape ? at + 1 : at;
  }
  const std::size_t quote = find(bytes, at, bytes.size(), '"');
  if (quote == bytes.size()) return quote;
  state_ = QuoteState::after_quote;
  return quote + 1;
}

void QuoteScanner::advance(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (state_ != QuoteState::outside) {
      at = step_in_quotes(bytes, at);
      continue;
    }
    const std::size_t quote = find(bytes, at, bytes.size(), '"');
    if (quote < bytes.size() && opens(bytes, quote)) state_ = QuoteState::inside;
    at = quote + 1;
  }
  if (!bytes.empty()) previous_ = bytes.back();
}

std::optional<std::size_t> QuoteScanner::advance_to_record_end(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (state_ != QuoteState::outside) {
      at = step_in_quotes(bytes, at);
      continue;
    }
    const std::size_t line_feed = find(bytes, at, bytes.size(), '\n');
    const std::size_t quote = find(bytes, at, line_feed, '"');
    if (quote == line_feed && line_feed < bytes.size()) {
      previous_ = '\n';
      return line_feed + 1;
    }
    if (quote < bytes.size() && opens(bytes, quote)) state_ = QuoteState::inside;
    at = quote + 1;
  }
  if (!bytes.empty()) previous_ = bytes.back();
  return std::nullopt;
}

RangeStructure scan_structure(const CsvFile& file, char delimiter, const core::Range& bytes) {
  RangeStructure structure;
  if (bytes.is_empty()) return structure;
  char previous = byte_before(file, bytes.begin);
  for_each_piece(file, bytes, [&](std::string_view piece) {
    // The three paths soon run together; a piece is scanned once for each state that is still possible.
    std::array<std::optional<QuoteState>, 3> after;
    for (QuoteState& end : structure.ends) {
      auto& known = after[static_cast<std::size_t>(end)];
      if (!known) {
        QuoteScanner scanner(delimiter, end, previous);
        scanner.advance(piece);
        known = scanner.state();
      }
      end = *known;
    }
    structure.line_feeds += std::count(piece.begin(), piece.end(), '\n');
    previous = piece.back();
    return true;
  });
  return structure;
}

std::vector<RangeStart> chain(std::span<const RangeStructure> ranges) {
  std::vector<RangeStart> starts;
  RangeStart start;
  for (const RangeStructure& range : ranges) {
    starts.push_back(start);
    start.state = range.ends[static_cast<std::size_t>(start.state)];
    start.line_feeds_before += range.line_feeds;
  }
  return starts;
}

std::optional<RecordStart> first_record(const CsvFile& file, char delimiter, const core::Range& bytes,
                                        const RangeStart& start, std::int64_t first_line) {
  if (bytes.is_empty()) return std::nullopt;
  RecordStart record{bytes.begin, first_line + start.line_feeds_before};
  const char previous = byte_before(file, bytes.begin);
  if (start.state == QuoteState::outside && previous == '\n') return record;
  QuoteScanner scanner(delimiter, start.state, previous);
  bool is_found = false;
  for_each_piece(file, bytes, [&](std::string_view piece) {
    const std::optional<std::size_t> end = scanner.advance_to_record_end(piece);
    is_found = end.has_value();
    const std::string_view passed = piece.substr(0, end.value_or(piece.size()));
    record.offset += static_cast<std::int64_t>(passed.size());
    record.line += std::count(passed.begin(), passed.end(), '\n');
    return !is_found;
  });
  if (!is_found || record.offset >= bytes.end) return std::nullopt;
  return record;
}

}  // namespace cardseg::convert
