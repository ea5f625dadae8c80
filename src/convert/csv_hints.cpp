#include "convert/csv_hints.hpp"

#include <vector>

#include "cardseg/core/field.hpp"
#include "convert/csv_written_number.hpp"

namespace cardseg::convert {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::vector<std::string> currencies_in(std::uint64_t marks) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < known_currencies.size(); ++i)
    if ((marks >> (static_cast<std::size_t>(mark::first_currency_bit) + i) & 1) != 0)
      found.emplace_back(known_currencies[i]);
  return found;
}

// As a shell takes it.
std::string quoted(const std::string& word) { return word.find_first_of("$ '") == word.npos ? word : "'" + word + "'"; }

struct Form {
  std::uint64_t mark;
  const char* name;
};

constexpr Form forms[] = {
    {mark::comma_decimal, "decimal commas"},
    {mark::comma_group, "commas between thousands"},
    {mark::point_group, "points between thousands"},
    {mark::comma_either, "a comma before three digits"},
    {mark::point_either, "a point before three digits"},
    {mark::space_group, "spaces between thousands"},
    {mark::apostrophe_group, "apostrophes between thousands"},
    {mark::percent, "percent signs"},
    {mark::parentheses, "parentheses"},
    {mark::trailing_minus, "a minus behind the number"},
    {mark::unicode_minus, "the minus sign U+2212"},
    {mark::plus, "a plus sign"},
    {mark::no_break_space, "no-break spaces"},
};

}  // namespace

std::string forms_in(std::uint64_t marks) {
  std::vector<std::string> names;
  // What a mark means elsewhere says what it means before three digits.
  if ((marks & (mark::comma_decimal | mark::point_group)) != 0) marks &= ~mark::point_either;
  if ((marks & (mark::point_decimal | mark::comma_group)) != 0) marks &= ~mark::comma_either;
  for (const Form& form : forms)
    if ((marks & form.mark) != 0) names.emplace_back(form.name);
  const std::vector<std::string> currencies = currencies_in(marks);
  if (!currencies.empty()) names.push_back("the currency " + joined(currencies));
  return joined(names);
}

std::string options_for_numbers(std::uint64_t marks, const Conventions& given) {
  const auto has = [&](std::uint64_t any) { return (marks & any) != 0; };
  const bool has_comma_decimals = has(mark::comma_decimal | mark::point_group);
  const bool has_point_decimals = has(mark::point_decimal | mark::comma_group);
  if (has_comma_decimals && has_point_decimals) return "";
  // What the values say counts more than what was given: they were not read with that.
  const bool comma_is_decimal = has_comma_decimals || (!has_point_decimals && given.decimal_mark() == ',');
  const bool point_is_decimal = has_point_decimals || (given.has_marks() && !comma_is_decimal);
  const std::string decimal = core::field("decimal");
  const std::string thousands = core::field("thousands");
  std::string rest;
  for (const std::string& currency : currencies_in(marks)) rest += (rest.empty() ? "" : ",") + currency;
  if (!rest.empty()) rest = " " + core::field("currency") + " " + quoted(rest);
  if (!comma_is_decimal && !point_is_decimal && has(mark::comma_either))
    return thousands + " ," + rest + " (1,234 is 1234) or " + decimal + " ," + rest + " (1,234 is 1.234)";
  if (!comma_is_decimal && !point_is_decimal && has(mark::point_either))
    return thousands + " ." + rest + " (1.234 is 1234) or " + decimal + " ." + rest + " (1.234 stays 1.234)";
  std::string options;
  if (comma_is_decimal) options = decimal + " ,";
  if (comma_is_decimal && has(mark::point_group | mark::point_either)) options += " " + thousands + " .";
  if (!comma_is_decimal && has(mark::comma_group | mark::comma_either)) options += " " + thousands + " ,";
  if (has(mark::space_group)) options += " " + thousands + " space";
  if (has(mark::apostrophe_group)) options += " " + thousands + " \"'\"";
  if (options.empty() && rest.empty()) options = decimal + " .";
  options += rest;
  return options.front() == ' ' ? options.substr(1) : options;
}

std::string option_for_dates(std::uint64_t marks) {
  const bool is_day_first = (marks & mark::first_over_12) != 0;
  const bool is_month_first = (marks & mark::second_over_12) != 0;
  if (is_day_first && is_month_first) return "";
  return core::field("dates") + (is_month_first ? " mdy" : " dmy");
}

bool is_open_order(std::uint64_t marks) {
  return (marks & (mark::first_over_12 | mark::second_over_12)) == 0 && (marks & mark::date_with_other) != 0;
}

}  // namespace cardseg::convert
