#include "cardseg/core/option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"

namespace cardseg::core {
namespace {

using Texts = std::vector<std::string>;

template <class T>
constexpr const char* kind_of_number = std::is_integral_v<T> ? "whole number" : "number";

template <class T>
Error wrong_number(const std::string& subject, const std::string& shown, const Limits<T>& limits) {
  Error error(ExitCode::usage, subject + " cannot be " + shown);
  error.remedy(std::isinf(limits.most)
                   ? fmt::format("It is a {}", kind_of_number<T>)
                   : fmt::format("It is a {} from {} to {}", kind_of_number<T>, limits.least, limits.most));
  return error;
}

template <class T>
T parse_number(const std::string& text, const std::string& subject, const Limits<T>& limits) {
  T value{};
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(begin, end, value);
  if (failure != std::errc() || stop != end) throw wrong_number(subject, "'" + text + "'", limits);
  return value;
}

template <class T>
void check_number(T value, const std::string& subject, const Limits<T>& limits) {
  if (value >= limits.least && value <= limits.most) return;
  throw wrong_number(subject, fmt::format("{}", value), limits);
}

Option described(OptionText what, Option::Kind kind) {
  const std::size_t comma = std::min(what.name.find(','), what.name.size());
  Option option;
  option.name = what.name.substr(0, comma);
  option.letter = comma < what.name.size() ? what.name.substr(comma + 1) : "";
  option.value_name = std::move(what.value_name);
  option.help = std::move(what.help);
  option.shapes = what.shapes;
  option.kind = kind;
  return option;
}

}  // namespace

std::string Option::text() const {
  std::string all;
  for (const std::string& text : texts()) all += (all.empty() ? "" : ",") + text;
  return all;
}

std::string Option::explanation() const { return range.empty() ? help : help + " (" + range + ")"; }

Option& OptionTable::at(const std::string& name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  if (found == options.end()) throw Error(ExitCode::internal, "there is no option '" + name + "'");
  return *found;
}

std::string field_of(const OptionText& what) { return field(what.name.substr(0, what.name.find(','))); }

template <class T>
Option number(T& target, std::type_identity_t<Limits<T>> limits, OptionText what) {
  Option option = number(target, std::move(what));
  const std::string subject = field(option.name);
  option.range = fmt::format("{} to {}", limits.least, limits.most);
  option.check = [&target, subject, limits] { check_number(target, subject, limits); };
  option.set = [&target, subject, limits](const Texts& texts) {
    const T value = parse_number(texts.front(), subject, limits);
    check_number(value, subject, limits);
    target = value;
  };
  return option;
}

template <class T>
Option number(T& target, OptionText what) {
  using Any = std::numeric_limits<T>;
  const std::string subject = field_of(what);
  const Limits<T> any =
      Any::has_infinity ? Limits<T>{-Any::infinity(), Any::infinity()} : Limits<T>{Any::lowest(), Any::max()};
  return custom([&target] { return fmt::format("{}", target); },
                [&target, subject, any](const std::string& value) { target = parse_number(value, subject, any); },
                std::move(what));
}

template Option number(int&, Limits<int>, OptionText);
template Option number(std::int64_t&, Limits<std::int64_t>, OptionText);
template Option number(std::uint64_t&, Limits<std::uint64_t>, OptionText);
template Option number(double&, Limits<double>, OptionText);
template Option number(int&, OptionText);
template Option number(std::int64_t&, OptionText);
template Option number(std::uint64_t&, OptionText);
template Option number(double&, OptionText);

Option text(std::string& target, OptionText what) {
  return custom([&target] { return target; }, [&target](const std::string& value) { target = value; }, std::move(what));
}

Option text(std::string& target, std::function<void(const std::string&)> check, OptionText what) {
  const auto checked = [check](const std::string& value) {
    if (!value.empty()) check(value);
  };
  Option option = custom([&target] { return target; },
                         [&target, checked](const std::string& value) {
                           checked(value);
                           target = value;
                         },
                         std::move(what));
  option.check = [&target, checked] { checked(target); };
  return option;
}

Option toggle(bool& target, OptionText what) {
  const std::string subject = field_of(what);
  Option option = described(std::move(what), Option::Kind::toggle);
  option.texts = [&target] { return Texts{target ? "true" : "false"}; };
  option.set = [&target, subject](const Texts& texts) {
    const std::string& value = texts.front();
    if (value != "true" && value != "false") throw unknown_name(value, {"true", "false"}, subject);
    target = value == "true";
  };
  return option;
}

Option names(std::vector<std::string>& target, OptionText what) {
  const std::string subject = field_of(what);
  return custom([&target] { return join_names(target); },
                [&target, subject](const std::string& value) {
                  target = split_names(value);
                  if (!target.empty()) return;
                  throw Error(ExitCode::usage, subject + " names nothing").remedy("Name columns, with commas between");
                },
                std::move(what));
}

Option words(std::vector<std::string>& target, OptionText what) {
  Option option = described(std::move(what), Option::Kind::words);
  option.texts = [&target] { return target; };
  option.set = [&target](const Texts& texts) { target = texts; };
  return option;
}

Option byte_size(std::int64_t& target, OptionText what) {
  const std::string subject = field_of(what);
  return custom(
      [&target] { return target == 0 ? "" : byte_size_text(target); },
      [&target, subject](const std::string& value) { target = value.empty() ? 0 : parse_byte_size(value, subject); },
      std::move(what));
}

Option custom(std::function<std::string()> get, std::function<void(const std::string&)> put, OptionText what) {
  Option option = described(std::move(what), Option::Kind::value);
  option.texts = [get = std::move(get)] { return Texts{get()}; };
  option.set = [put = std::move(put)](const Texts& texts) { put(texts.front()); };
  return option;
}

Option custom_list(std::function<Texts()> get, std::function<void(const Texts&)> put, OptionText what) {
  Option option = described(std::move(what), Option::Kind::values);
  option.texts = std::move(get);
  option.set = std::move(put);
  return option;
}

void validate(const OptionTable& table) {
  for (const Option& option : table.options) option.check();
}

OptionTable without(OptionTable table, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto at = &table.at(name) - table.options.data();
    table.options.erase(table.options.begin() + at);
  }
  return table;
}

OptionTable merged(std::string title, const std::vector<OptionTable>& tables) {
  OptionTable all{std::move(title), {}};
  for (const OptionTable& table : with_each_name_once(tables))
    all.options.insert(all.options.end(), table.options.begin(), table.options.end());
  return all;
}

std::vector<OptionTable> with_each_name_once(std::vector<OptionTable> tables) {
  std::set<std::string> known;
  for (OptionTable& table : tables)
    std::erase_if(table.options, [&](const Option& option) { return !known.insert(option.name).second; });
  return tables;
}

NamedValues shaping_values(const OptionTable& table) {
  NamedValues values;
  for (const Option& option : table.options)
    if (option.shapes == Shapes::result || option.shapes == Shapes::by_file)
      values.emplace_back(option.name, option.text());
  return values;
}

}  // namespace cardseg::core
