// What a user can choose, one table per struct of options: beside its struct, and all that anybody needs to know of it.
//
// The command line, configuration files, --help, the checks of ranges, a run's identity and a model's record are made
// from these tables, so that a field is written down twice: in its struct and in the table.
//
//   core::OptionTable describe(FitOptions& o) {
//     return {"Fit", {core::number(o.segments, {1, 10000}, {"segments,k", "K", Shapes::result, "number of segments"}),
//                     core::choice(o.seeding, seeding_names, {"seeding", "HOW", Shapes::result, "first centroids:
//                     ..."})}};
//   }
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::core {

/// Whether an option shapes the bytes of a result, and how a run's identity holds it.
enum class Shapes {
  result,   ///< yes: its text is part of the identity
  by_file,  ///< yes, by what is in the file that it names: the SHA-256 is part of the identity
  inputs,   ///< it names inputs, which a run records one by one with their digests
  nothing,  ///< no: it says where, how fast or how loudly
};

/// What an option is to its user.
struct OptionText {
  std::string name;        ///< as a flag without its dashes; "segments,k" has a short form
  std::string value_name;  ///< of its value in help: "K"; empty for a switch
  Shapes shapes;
  std::string help;  ///< effect and unit; the range is added
};

/// A field of a struct that must outlive it.
struct Option {
  enum class Kind {
    value,   ///< one text
    values,  ///< any number of texts, one at a time
    words,   ///< any number of texts, several at a time
    toggle,  ///< "true" or "false"
  };

  std::string name;
  std::string letter;  ///< the short form; mostly empty
  std::string value_name;
  std::string help;
  Shapes shapes = Shapes::nothing;
  Kind kind = Kind::value;
  std::string range;  ///< "1 to 10000"; empty where any value will do
  /// What the field holds, as texts that `set` reads back; one text where there is one value.
  std::function<std::vector<std::string>()> texts;
  /// Throws Error(usage) that names the field, the value and what is allowed.
  std::function<void(const std::vector<std::string>&)> set;
  /// Throws what `set` throws where the field holds a value that `set` refuses.
  std::function<void()> check = [] {};

  /// `texts` as one, with commas.
  std::string text() const;
  /// The help with the range.
  std::string explanation() const;
};

struct OptionTable {
  std::string title;
  std::vector<Option> options;

  /// Precondition: there is an option of this name.
  Option& at(const std::string& name);
};

template <class T>
struct Limits {
  T least;
  T most;
};

/// T: int, std::int64_t, std::uint64_t or double.
template <class T>
Option number(T& target, std::type_identity_t<Limits<T>> limits, OptionText what);
/// Any number of its type.
template <class T>
Option number(T& target, OptionText what);

Option text(std::string& target, OptionText what);
/// `check`: throws where the text cannot be used. An empty one always can: it stands for the default.
Option text(std::string& target, std::function<void(const std::string&)> check, OptionText what);
Option toggle(bool& target, OptionText what);
/// A list with commas; names may be in quotes (`split_names`). An empty one is refused.
Option names(std::vector<std::string>& target, OptionText what);
Option words(std::vector<std::string>& target, OptionText what);
/// Bytes, as parse_byte_size reads them; 0 is an empty text.
Option byte_size(std::int64_t& target, OptionText what);
/// One text that `get` makes of a field and `put` makes a field of.
Option custom(std::function<std::string()> get, std::function<void(const std::string&)> put, OptionText what);
/// The same of several texts, given one at a time.
Option custom_list(std::function<std::vector<std::string>()> get,
                   std::function<void(const std::vector<std::string>&)> put, OptionText what);

/// The reference to the option in messages: field() of its name without the short form.
std::string field_of(const OptionText& what);

template <class Enum>
Option choice(Enum& target, const EnumNames<Enum>& enum_names, OptionText what) {
  const std::string subject = field_of(what);  // before `what` is gone
  return custom([&target, enum_names] { return std::string(enum_names[target]); },
                [&target, enum_names, subject](const std::string& value) { target = enum_names.named(value, subject); },
                std::move(what));
}

/// Runs the check of every option: for structs that were filled without `set`.
void validate(const OptionTable& table);

/// The options of `table` but for those of these names, which it has.
OptionTable without(OptionTable table, const std::vector<std::string>& names);
/// The options of all tables, each name once: the first.
OptionTable merged(std::string title, const std::vector<OptionTable>& tables);
/// The tables as they are, without options whose names came before.
std::vector<OptionTable> with_each_name_once(std::vector<OptionTable> tables);

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// The options that shape the result with their texts, in the order of the table; a file by its name.
NamedValues shaping_values(const OptionTable& table);

}  // namespace cardseg::core
