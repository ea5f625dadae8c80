// Lists of names as users write them and as people read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardseg::core {

/// "a, b,,c" as a, b and c: without the blanks around each, and without empty ones.
std::vector<std::string> split_names(std::string_view text);
/// a, b and c as "a,b,c", which `split_names` reads back.
std::string join_names(const std::vector<std::string>& names);

/// "a", "a or b", "a, b or c".
std::string any_of(const std::vector<std::string>& names);

/// `text` without blanks, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

}  // namespace cardseg::core
