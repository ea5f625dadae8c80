// The SHA-256 of a file while it is converted.
#pragma once

#include <exception>
#include <string>
#include <thread>

#include "convert/csv_file.hpp"

namespace cardseg::convert {

/// Local. Reads the file on a thread of its own; ends early where it is destroyed. `file` must outlive it.
class BackgroundDigest {
 public:
  explicit BackgroundDigest(const CsvFile& file);

  /// Waits for the digest. Throws what reading the file threw. To be called once.
  std::string hex();

 private:
  void read(const std::stop_token& stop, const CsvFile& file);

  std::string digest_;
  std::exception_ptr failure_;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace cardseg::convert
