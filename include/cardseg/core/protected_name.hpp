// Names by which people know columns of attributes that laws protect, or that stand in for them.
#pragma once

#include <string_view>

namespace cardseg::core {

/// Pure. Whether a column's name speaks of sex, race, religion, nationality, marital status or postcode, in English or
/// German: one of its words does, without case (Gender, marital_status, ZipCode, PLZ).
bool is_protected_name(std::string_view column);

}  // namespace cardseg::core
