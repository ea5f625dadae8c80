// Whether bytes are UTF-8 text, and how to show them where they may not be.
#pragma once

#include <string>
#include <string_view>

namespace cardseg::io {

/// No overlong forms, surrogates or code points past U+10FFFF. NUL is allowed.
bool is_utf8(std::string_view bytes);

/// `name` for a message: at most 60 bytes, '?' for control characters and for every byte of a name that is not UTF-8.
std::string shown(std::string_view name);

}  // namespace cardseg::io
