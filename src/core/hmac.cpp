#include "cardseg/core/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/sha256.hpp"

namespace cardseg::core {

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), digest.data(), &size) == nullptr)
    throw Error(ExitCode::internal, "HMAC failed");
  return hex_digits(digest.data(), size);
}

double hmac_fraction(std::string_view key, std::string_view text) {
  return std::ldexp(static_cast<double>(std::stoull(hmac_sha256_hex(key, text).substr(0, 13), nullptr, 16)), -52);
}

}  // namespace cardseg::core
