// Keyed digests, through OpenSSL: HMAC-SHA-256 (RFC 2104).
#pragma once

#include <string>
#include <string_view>

namespace cardseg::core {

/// 64 lower-case hexadecimal digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// A number in [0, 1) that the key and the text fix: the first 52 bits of the digest, as a fraction.
double hmac_fraction(std::string_view key, std::string_view text);

}  // namespace cardseg::core
