// Which cardseg this is.
#pragma once

#include <string>

namespace cardseg::core {

/// "0.1.0".
std::string version();
/// The commit it was built from, abbreviated, "+" behind it where the sources were changed since; "unknown" where the
/// sources came without their history.
std::string commit();

}  // namespace cardseg::core
