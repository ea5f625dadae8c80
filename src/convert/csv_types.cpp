#include "cardseg/convert/csv_types.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "convert/csv_flags.hpp"
#include "convert/csv_hints.hpp"

namespace cardseg::convert {
namespace {

InferredType text_because(std::string reason) {
  return {.type = io::ColumnType::text, .note = "is kept as text, because " + std::move(reason)};
}

// "3 of its 20 values are".
std::string some_are(std::int64_t some, std::int64_t all) {
  return core::with_commas(some) + " of its " + core::with_commas(all) + (some == 1 ? " values is" : " values are");
}

bool has_several_currencies(const ColumnEvidence& evidence) {
  return std::popcount(evidence.marks >> mark::first_currency_bit) > 1;
}

InferredType infer_plain_numbers(const ColumnEvidence& evidence) {
  const bool has_integers_beyond_double =
      evidence.count(ValueClass::wide_integer) + evidence.count(ValueClass::huge_integer) > 0;
  if (evidence.count(ValueClass::real) + evidence.count(ValueClass::grouped_real) > 0)
    return {.note = has_integers_beyond_double
                        ? "integers beyond 2^53 are rounded, because other values have a fraction"
                        : ""};
  if (evidence.count(ValueClass::huge_integer) > 0) return text_because("it has integers that do not fit 64 bits");
  if (evidence.missing() == 0) return {.type = io::ColumnType::int64};
  if (has_integers_beyond_double)
    return text_because("it has missing values and integers beyond 2^53, which a float64 would round");
  return {};
}

// 10.000 beside 500, in a file of semicolons or beside decimal commas: a point may be one between thousands.
std::optional<Ambiguity> open_points(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t open = evidence.count(ValueClass::grouped_real);
  if (open == 0 || evidence.count(ValueClass::real) > 0) return std::nullopt;
  const bool is_plain_elsewhere = open == evidence.numbers() && facts.delimiter != ';' && !facts.has_decimal_commas;
  if (is_plain_elsewhere) return std::nullopt;
  const std::string decimal = core::field("decimal");
  const std::string thousands = core::field("thousands");
  return Ambiguity{"has " + core::with_commas(open) + (open == 1 ? " number" : " numbers") +
                       " with a point before three digits, first in " +
                       facts.place(evidence.first_line(ValueClass::grouped_real)) +
                       ", and nothing tells what the point means: 10.000 may be 10 or 10,000",
                   facts.has_decimal_commas
                       ? "Say " + decimal + " , " + thousands +
                             " . (it is 10,000: other columns have decimal commas) or " + decimal + " . (it is 10)"
                       : "Say " + decimal + " . (it is 10) or " + thousands + " . (it is 10,000)"};
}

InferredType infer_numbers(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t values = evidence.values();
  if (evidence.percents > 0 && evidence.percents < values)
    return text_because(some_are(evidence.percents, values) + " in percent and the others are not");
  if (has_several_currencies(evidence)) return text_because("its values have several currencies");
  if (!facts.conventions.has_marks())
    if (std::optional<Ambiguity> open = open_points(evidence, facts)) return {.ambiguity = std::move(open)};
  InferredType inferred = infer_plain_numbers(evidence);
  if (evidence.percents > 0 && inferred.type != io::ColumnType::text)
    inferred.note = "is in percent: 12.5 stands for 12.5 %";
  return inferred;
}

InferredType infer_dates(const ColumnEvidence& evidence) {
  if (evidence.count(ValueClass::iso_date) > 0 && evidence.count(ValueClass::ordered_date) > 0)
    return text_because(some_are(evidence.count(ValueClass::iso_date), evidence.values()) +
                        " a date like 2019-01-31 and the others are dates in another order");
  return {.type = evidence.missing() > 0 ? io::ColumnType::float64 : io::ColumnType::int32, .is_date = true};
}

// All values are numbers, by one convention or another.
InferredType text_of_numbers(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t written = evidence.count(ValueClass::looks_like_number);
  const std::string options = options_for_numbers(evidence.marks, facts.conventions);
  if (has_several_currencies(evidence)) return text_because("its values have several currencies");
  if (evidence.percents > 0 && evidence.percents < evidence.values())
    return text_because(some_are(evidence.percents, evidence.values()) + " in percent and the others are not");
  return text_because(some_are(written, evidence.values()) + " written with " + forms_in(evidence.marks) + "; " +
                      (options.empty() ? "no one convention reads them all" : "read with " + options));
}

InferredType text_of_dates(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t dates = evidence.count(ValueClass::looks_like_date);
  if (is_open_order(evidence.marks) && dates == evidence.values())
    return {.ambiguity = Ambiguity{
                "has " + core::with_commas(dates) + (dates == 1 ? " date" : " dates") + " of open order, first in " +
                    facts.place(evidence.first_line(ValueClass::looks_like_date)) +
                    ": 03/04/2026 may be the 3rd of April or the 4th of March",
                "Say " + core::field("dates") + " dmy (3 April) or " + core::field("dates") + " mdy (4 March)"}};
  const std::string option = option_for_dates(evidence.marks);
  return text_because(some_are(dates, evidence.values()) + (dates == 1 ? " a date" : " dates") +
                      " of another order than " + "2019-01-31; " +
                      (option.empty() ? "no one order reads them all" : "read with " + option));
}

// A column of numbers or dates that is text because of a few values would be no feature, without a word.
InferredType text_of_strays(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t values = evidence.values();
  const std::int64_t numbers = evidence.numbers() + evidence.count(ValueClass::looks_like_number);
  const std::int64_t dates = evidence.dates() + evidence.count(ValueClass::looks_like_date);
  const bool are_numbers = numbers >= dates;
  const std::int64_t strays = values - std::max(numbers, dates);
  if (2 * strays >= values) return {.type = io::ColumnType::text};
  std::int64_t line = evidence.first_line(ValueClass::text);
  for (std::size_t c = 0; c < value_class_count; ++c) {
    const auto value_class = static_cast<ValueClass>(c);
    const bool is_date = value_class == ValueClass::iso_date || value_class == ValueClass::ordered_date ||
                         value_class == ValueClass::looks_like_date;
    const bool is_number = !is_date && value_class != ValueClass::missing && value_class != ValueClass::boolean &&
                           value_class != ValueClass::text;
    if (value_class != ValueClass::missing && !(are_numbers ? is_number : is_date))
      line = std::min(line, evidence.first_line(value_class));
  }
  return text_because(some_are(strays, values) + (are_numbers ? " no number" : " no date") + ", first in " +
                      facts.place(line) + "; correct them, or name words for missing values with " + core::field("na"));
}

}  // namespace

std::int64_t ColumnEvidence::values() const {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) - missing();
}

std::int64_t ColumnEvidence::numbers() const {
  return count(ValueClass::integer) + count(ValueClass::wide_integer) + count(ValueClass::huge_integer) +
         count(ValueClass::real) + count(ValueClass::grouped_real) + count(ValueClass::infinite);
}

bool has_decimal_commas(const ColumnEvidence& evidence) {
  return (evidence.marks & mark::comma_decimal) != 0 &&
         evidence.numbers() + evidence.count(ValueClass::looks_like_number) == evidence.values();
}

InferredType infer(const ColumnEvidence& evidence, const FileFacts& facts) {
  const std::int64_t values = evidence.values();
  const std::int64_t numbers = evidence.numbers();
  const std::int64_t written = evidence.count(ValueClass::looks_like_number);
  if (values == 0) return {};
  if (numbers == values) return infer_numbers(evidence, facts);
  if (evidence.dates() == values) return infer_dates(evidence);
  if (evidence.count(ValueClass::boolean) == values) {
    if (!is_pair_of_flags(evidence.marks)) return {.type = io::ColumnType::text};
    return evidence.missing() == 0 ? InferredType{.type = io::ColumnType::boolean}
                                   : InferredType{.has_boolean_words = true};
  }
  if (numbers + written == values) return text_of_numbers(evidence, facts);
  if (evidence.dates() + evidence.count(ValueClass::looks_like_date) == values) return text_of_dates(evidence, facts);
  return text_of_strays(evidence, facts);
}

}  // namespace cardseg::convert
