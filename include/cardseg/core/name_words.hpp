// The words of a column's name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cardseg::core {

/// Pure. In lower case: marital and status of marital_status, MaritalStatus and "Marital status". Bytes that are not
/// ASCII are parts of words. Empty words stand where marks follow each other.
std::vector<std::string> name_words(std::string_view name);

}  // namespace cardseg::core
