// Customers under another name, for people who may not know which customer it is: HMAC-SHA-256 of the id.
//
// The same key gives the same pseudonyms in every file; who has no key can neither make nor undo them. Python:
// hmac.new(key, str(customer_id).encode(), "sha256").hexdigest()
#pragma once

#include <string>

#include "cardseg/core/option.hpp"

namespace cardseg::segments {

/// The column of pseudonyms, in place of the ids'.
inline constexpr const char* pseudonym_column = "pseudonym";
/// Bytes of a pseudonym.
inline constexpr int pseudonym_bytes = 64;

/// Whether ids are written as pseudonyms.
struct PseudonymOptions {
  std::string key_file;  ///< empty: as they are
};

core::OptionTable describe(PseudonymOptions& options);

/// Local. The key in a file: its bytes without a line end behind them; empty where no file is named. Throws
/// core::Error: config where it has fewer than 16 bytes, and what io::read_file throws.
std::string read_key(const PseudonymOptions& options);

/// Pure. Precondition: the key is not empty.
std::string pseudonym_of(const std::string& key, const std::string& id);

}  // namespace cardseg::segments
