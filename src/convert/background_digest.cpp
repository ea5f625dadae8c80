#include "convert/background_digest.hpp"

#include <vector>

#include "cardseg/core/sha256.hpp"

namespace cardseg::convert {

BackgroundDigest::BackgroundDigest(const CsvFile& file)
    : thread_([this, &file](const std::stop_token& stop) { read(stop, file); }) {}

std::string BackgroundDigest::hex() {
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
  return digest_;
}

void BackgroundDigest::read(const std::stop_token& stop, const CsvFile& file) try {
  core::Sha256 digest;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (std::int64_t at = 0; at < file.size() && !stop.stop_requested();) {
    const std::size_t got = file.read_at(at, buffer);
    if (got == 0) break;
    digest.update(buffer.data(), got);
    at += static_cast<std::int64_t>(got);
  }
  digest_ = digest.hex();
} catch (...) {
  failure_ = std::current_exception();
}

}  // namespace cardseg::convert
