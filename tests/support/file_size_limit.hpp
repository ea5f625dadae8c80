// A full disk for tests: while it lives, no file of this process grows past a limit (EFBIG).
#pragma once

#include <sys/resource.h>

#include <csignal>
#include <stdexcept>

namespace cardseg::support {

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    if (::getrlimit(RLIMIT_FSIZE, &before_) != 0) throw std::runtime_error("getrlimit failed");
    handler_before_ = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {bytes, before_.rlim_max};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("setrlimit failed");
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_before_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  struct rlimit before_ {};
  void (*handler_before_)(int) = nullptr;
};

}  // namespace cardseg::support
