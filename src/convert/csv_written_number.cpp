#include "convert/csv_written_number.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "cardseg/convert/csv_types.hpp"

namespace cardseg::convert {
namespace {

constexpr std::string_view minus_sign = "\u2212";
constexpr std::string_view wide_blanks[] = {"\u00A0", "\u2009", "\u202F"};
constexpr std::string_view typographic_apostrophe = "\u2019";
constexpr std::size_t least_phone_digits = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool remove_front(std::string_view& text, std::string_view part) {
  if (!text.starts_with(part)) return false;
  text.remove_prefix(part.size());
  return true;
}

bool remove_back(std::string_view& text, std::string_view part) {
  if (!text.ends_with(part)) return false;
  text.remove_suffix(part.size());
  return true;
}

std::uint64_t currency_mark(std::string_view currency, std::size_t place) {
  const auto known = std::find(known_currencies.begin(), known_currencies.end(), currency);
  const auto bit = known != known_currencies.end() ? static_cast<std::size_t>(known - known_currencies.begin())
                                                   : known_currencies.size() + place % 4;
  return std::uint64_t{1} << (static_cast<std::size_t>(mark::first_currency_bit) + bit);
}

// What stands around the digits is taken away, mark by mark.
class Peeler {
 public:
  template <class Currencies>
  Peeler(std::string_view value, const Currencies& currencies) : body_(value) {
    remove_blanks();
    const bool is_in_parentheses = body_.size() > 2 && body_.front() == '(' && body_.back() == ')';
    if (is_in_parentheses) {
      body_ = body_.substr(1, body_.size() - 2);
      note_sign(mark::parentheses, true);
    }
    for (std::size_t before = 0; before != body_.size() && is_valid_;) {
      before = body_.size();
      remove_blanks();
      remove_signs();
      remove_currency(currencies);
      if (!body_.empty() && body_.back() == '%') {
        is_valid_ = is_valid_ && (marks_ & mark::percent) == 0;
        marks_ |= mark::percent;
        body_.remove_suffix(1);
      }
    }
  }

  bool is_valid() const { return is_valid_ && !body_.empty(); }
  bool is_negative() const { return is_negative_; }
  std::string_view body() const { return body_; }
  std::uint64_t marks() const { return marks_; }

 private:
  void remove_blanks() {
    for (std::size_t before = 0; before != body_.size();) {
      before = body_.size();
      body_ = without_blanks(body_);
      for (const std::string_view blank : wide_blanks)
        if (remove_front(body_, blank) || remove_back(body_, blank)) marks_ |= mark::no_break_space;
    }
  }

  void note_sign(std::uint64_t marks, bool is_negative) {
    is_valid_ = is_valid_ && !has_sign_;
    has_sign_ = true;
    is_negative_ = is_negative;
    marks_ |= marks;
  }

  void remove_signs() {
    if (remove_front(body_, "-")) note_sign(0, true);
    if (remove_front(body_, minus_sign)) note_sign(mark::unicode_minus, true);
    if (remove_front(body_, "+")) note_sign(mark::plus, false);
    if (remove_back(body_, "-")) note_sign(mark::trailing_minus, true);
    if (remove_back(body_, minus_sign)) note_sign(mark::trailing_minus | mark::unicode_minus, true);
  }

  template <class Currencies>
  void remove_currency(const Currencies& currencies) {
    for (std::size_t i = 0; i < std::size(currencies); ++i) {
      if (!remove_front(body_, currencies[i]) && !remove_back(body_, currencies[i])) continue;
      is_valid_ = is_valid_ && !has_currency_;
      has_currency_ = true;
      marks_ |= currency_mark(currencies[i], i);
      return;
    }
  }

  std::string_view body_;
  std::uint64_t marks_ = 0;
  bool is_valid_ = true;
  bool is_negative_ = false;
  bool has_sign_ = false;
  bool has_currency_ = false;
};

// The body in pieces of digits with what stands between them: '.', ',', ' ' or '\''.
struct Pieces {
  std::size_t digits[400];
  char separators[400];
  std::size_t count = 0;  // pieces of digits; separators[i] stands behind piece i
};

// The separator at the front of `text`, 0 where there is none; removes it.
char take_separator(std::string_view& text) {
  const char first = text.front();
  if (first == '.' || first == ',' || first == ' ' || first == '\'') {
    text.remove_prefix(1);
    return first;
  }
  for (const std::string_view blank : wide_blanks)
    if (remove_front(text, blank)) return ' ';
  return remove_front(text, typographic_apostrophe) ? '\'' : '\0';
}

// Calls digit(c) for digits and separator(c) for separators; false where the body holds anything else but an exponent,
// which is returned in `exponent`, or where one of them returns false.
template <class Digit, class Separator>
bool walk(std::string_view body, Digit digit, Separator separator, std::string_view& exponent) {
  while (!body.empty()) {
    if (is_digit(body.front())) {
      if (!digit(body.front())) return false;
      body.remove_prefix(1);
      continue;
    }
    if (body.front() == 'e' || body.front() == 'E') {
      exponent = body;
      body.remove_prefix(1);
      if (!body.empty() && (body.front() == '+' || body.front() == '-')) body.remove_prefix(1);
      return !body.empty() && std::all_of(body.begin(), body.end(), is_digit);
    }
    const char found = take_separator(body);
    if (found == 0 || !separator(found)) return false;
  }
  return true;
}

// Fills `pieces`; false for what has no digit, or too many pieces.
bool divide(std::string_view body, Pieces& pieces, std::string_view& exponent) {
  pieces.digits[0] = 0;
  pieces.count = 1;
  bool has_digit = false;
  return walk(
             body, [&](char) { return has_digit = true, ++pieces.digits[pieces.count - 1], true; },
             [&](char separator) {
               if (pieces.count == std::size(pieces.digits)) return false;
               pieces.separators[pieces.count - 1] = separator;
               pieces.digits[pieces.count++] = 0;
               return true;
             },
             exponent) &&
         has_digit;
}

// True where pieces [0, last] are a first group of one to three digits and groups of three behind it.
bool are_groups(const Pieces& pieces, std::size_t last) {
  if (pieces.digits[0] < 1 || pieces.digits[0] > 3) return false;
  for (std::size_t i = 1; i <= last; ++i)
    if (pieces.digits[i] != 3) return false;
  return true;
}

struct MarksOf {
  std::uint64_t decimal;
  std::uint64_t group;
  std::uint64_t either;
};

MarksOf marks_of_separator(char separator) {
  switch (separator) {
    case '.': return {mark::point_decimal, mark::point_group, mark::point_either};
    case ',': return {mark::comma_decimal, mark::comma_group, mark::comma_either};
    case ' ': return {0, mark::space_group, 0};
    default: return {0, mark::apostrophe_group, 0};
  }
}

bool is_zero_first(std::string_view body) { return body.front() == '0'; }

// The separators' marks; nothing where no convention reads the body.
std::optional<std::uint64_t> marks_of_body(std::string_view body) {
  Pieces pieces;
  std::string_view exponent;
  if (!divide(body, pieces, exponent)) return std::nullopt;
  const std::size_t last = pieces.count - 1;
  const bool has_leading_zero = pieces.digits[0] > 1 && is_zero_first(body);
  if (has_leading_zero) return std::nullopt;
  if (last == 0) return 0;
  const char end = pieces.separators[last - 1];
  const MarksOf end_marks = marks_of_separator(end);
  const bool is_one_kind = std::all_of(pieces.separators, pieces.separators + last, [&](char c) { return c == end; });
  if (is_one_kind && last > 1)
    return are_groups(pieces, last) && !is_zero_first(body) ? std::optional(end_marks.group) : std::nullopt;
  if (is_one_kind) {
    const bool can_be_groups = are_groups(pieces, 1) && !is_zero_first(body) && exponent.empty();
    if (end_marks.decimal == 0) return can_be_groups ? std::optional(end_marks.group) : std::nullopt;
    return can_be_groups ? end_marks.either : end_marks.decimal;
  }
  // Two kinds: groups of one kind, and one decimal mark of another behind them.
  const char group = pieces.separators[0];
  const bool are_others_groups =
      std::all_of(pieces.separators, pieces.separators + last - 1, [&](char c) { return c == group; });
  if (group == end || !are_others_groups || end_marks.decimal == 0 || !are_groups(pieces, last - 1) ||
      is_zero_first(body))
    return std::nullopt;
  return end_marks.decimal | marks_of_separator(group).group;
}

bool is_phone(const Peeler& peeler) {
  return (peeler.marks() & mark::plus) != 0 && peeler.body().size() >= least_phone_digits &&
         std::all_of(peeler.body().begin(), peeler.body().end(), is_digit);
}

}  // namespace

bool to_plain(std::string_view value, const Conventions& conventions, PlainNumber& number) {
  if (value.size() > csv_max_text_bytes) return false;
  const Peeler peeler(value, conventions.currencies);
  if (!peeler.is_valid() || is_phone(peeler)) return false;
  number.size = 0;
  number.marks = peeler.marks();
  if (peeler.is_negative()) number.buffer[number.size++] = '-';
  std::size_t group = 0;  // digits since the last separator
  bool has_groups = false;
  bool has_decimals = false;
  const auto ends_group = [&] { return has_groups ? group == 3 : group >= 1 && group <= 3; };
  std::string_view exponent;
  const bool is_read = walk(
      peeler.body(), [&](char digit) { return ++group, number.buffer[number.size++] = digit, true; },
      [&](char separator) {
        if (has_decimals) return false;
        const bool is_decimal = separator == conventions.decimal_mark();
        if (!is_decimal && (separator != conventions.thousands || !ends_group())) return false;
        if (is_decimal && has_groups && group != 3) return false;
        has_decimals = is_decimal;
        has_groups = has_groups || !is_decimal;
        if (is_decimal) number.buffer[number.size++] = '.';
        group = 0;
        return true;
      },
      exponent);
  if (!is_read || (has_groups && (is_zero_first(peeler.body()) || (!has_decimals && group != 3)))) return false;
  number.size = static_cast<std::size_t>(
      std::copy(exponent.begin(), exponent.end(), number.buffer.begin() + static_cast<std::ptrdiff_t>(number.size)) -
      number.buffer.begin());
  return true;
}

std::optional<std::uint64_t> marks_of_written_number(std::string_view value) {
  if (value.size() > 128) return std::nullopt;  // nobody writes such numbers
  const Peeler peeler(value, known_currencies);
  if (!peeler.is_valid() || is_phone(peeler)) return std::nullopt;
  const std::optional<std::uint64_t> body = marks_of_body(peeler.body());
  return body ? std::optional(*body | peeler.marks()) : std::nullopt;
}

}  // namespace cardseg::convert
