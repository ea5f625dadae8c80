// Lists of names as users write them and as people read them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cardseg::core {

/// "a, b,,c" as a, b and c: without the blanks around each, and without empty ones. A name in quotes may hold commas
/// and begin or end with blanks, and "" in it is a quote: "a, b","c ""d""". A quote that is not closed, or is within a
/// name, is part of it.
std::vector<std::string> split_names(std::string_view text);
/// a, b and c as "a,b,c", which `split_names` reads back: in quotes where they are needed, or a '#' is in the name.
std::string join_names(const std::vector<std::string>& names);
/// One name: without the blanks around it and, where it is in quotes, without these.
std::string unquoted(std::string_view text);
/// The place behind the quoted name that begins with the quote at `begin`; npos where none is closed there.
std::size_t end_of_quoted(std::string_view text, std::size_t begin);

/// "a", "a or b", "a, b or c".
std::string any_of(const std::vector<std::string>& names);
/// "a", "a and b", "a, b and c".
std::string all_of(const std::vector<std::string>& names);

/// `text` without blanks, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

}  // namespace cardseg::core
