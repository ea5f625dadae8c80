#include "cardseg/segments/pseudonyms.hpp"

#include "cardseg/core/error.hpp"
#include "cardseg/core/hmac.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::segments {

core::OptionTable describe(PseudonymOptions& o) {
  return {"Pseudonyms",
          {core::text(o.key_file, {"pseudonymise", "KEYFILE", core::Shapes::by_file,
                                   "write HMAC-SHA-256 of ids with the key in this file, in place of ids"})}};
}

std::string read_key(const PseudonymOptions& options) {
  constexpr std::size_t fewest_bytes = 16;
  if (options.key_file.empty()) return "";
  std::string key = io::read_file(options.key_file);
  while (key.ends_with('\n') || key.ends_with('\r')) key.pop_back();
  if (key.size() < fewest_bytes)
    throw core::Error(core::ExitCode::config, "the key has fewer than 16 bytes: pseudonyms could be undone by trial")
        .in_file(options.key_file)
        .remedy("Make a key with: head -c 32 /dev/urandom | base64 > KEYFILE");
  return key;
}

std::string pseudonym_of(const std::string& key, const std::string& id) { return core::hmac_sha256_hex(key, id); }

}  // namespace cardseg::segments
