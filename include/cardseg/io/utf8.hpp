// Whether bytes are UTF-8 text, and how to show them where they may not be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cardseg::io {

/// No overlong forms, surrogates or code points past U+10FFFF. NUL is allowed.
bool is_utf8(std::string_view bytes);

/// Bytes of the code point at the front of `bytes`, which are not empty; 0 where there is none.
std::size_t code_point_bytes(std::string_view bytes);

/// `name` for a message: at most `most` bytes, '?' for control characters and for every byte of a name that is not
/// UTF-8.
std::string shown(std::string_view name, std::size_t most = 60);

}  // namespace cardseg::io
