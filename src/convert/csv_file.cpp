#include "convert/csv_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "cardseg/core/error.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing, ExitCode otherwise) {
  const int number = errno;
  const bool is_denied = number == EACCES || number == EPERM;
  if (is_denied) otherwise = ExitCode::permission;
  if (number == EIO) otherwise = ExitCode::io;
  Error error(otherwise, std::string(doing) + ": " + std::strerror(number));
  error.in_file(path.string());
  if (number == ENOENT) error.remedy("Check the path");
  if (is_denied) error.remedy("Ask the owner for read permission");
  if (number == EIO) error.remedy("Check the disk or file system, and run again");
  throw error;
}

struct FileState {
  bool is_regular = false;
  bool is_directory = false;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
};

FileState state_of(int descriptor, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail(path, "cannot be examined", ExitCode::io);
  return {S_ISREG(status.st_mode), S_ISDIR(status.st_mode), status.st_size,
          status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

}  // namespace

CsvFile::CsvFile(std::filesystem::path path) : path_(std::move(path)) {
  // O_NONBLOCK: opening a pipe without a writer must not hang; it means nothing for a regular file.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail(path_, "cannot be opened", ExitCode::input_missing);
  try {
    const FileState state = state_of(descriptor_, path_);
    if (!state.is_regular) {
      Error error(ExitCode::bad_data, state.is_directory ? "is a directory" : "is not a regular file");
      error.in_file(path_.string());
      error.remedy(state.is_directory
                       ? "Name the files in it"
                       : "A file is read more than once, and by all ranks: name one, or give - and write the data to "
                         "standard input");
      throw error;
    }
    size_ = state.size;
    modified_ns_ = state.modified_ns;
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

CsvFile::CsvFile(std::filesystem::path path, std::vector<FilePart> parts) : CsvFile(std::move(path)) {
  parts_ = std::move(parts);
}

CsvFile::CsvFile(CsvFile&& other) noexcept
    : path_(std::move(other.path_)),
      parts_(std::move(other.parts_)),
      text_(std::move(other.text_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      modified_ns_(other.modified_ns_) {}

CsvFile::~CsvFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

CsvFile::Place CsvFile::place_of(std::int64_t line) const {
  Place place{path_.string(), line};
  for (const FilePart& part : parts_)
    if (part.first_line <= line) place = {part.file, part.line + (line - part.first_line)};
  return place;
}

std::size_t CsvFile::read_at(std::int64_t offset, std::span<char> out) const {
  if (descriptor_ < 0) return text_.copy(out.data(), out.size(), static_cast<std::size_t>(std::min(offset, size_)));
  std::size_t got = 0;
  while (got < out.size()) {
    const ssize_t now =
        ::pread(descriptor_, out.data() + got, out.size() - got, offset + static_cast<std::int64_t>(got));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) fail(path_, "cannot be read", ExitCode::io);
    if (now == 0) break;
    got += static_cast<std::size_t>(now);
  }
  return got;
}

void CsvFile::check_unchanged() const {
  const FileState now = state_of(descriptor_, path_);
  if (now.size == size_ && now.modified_ns == modified_ns_) return;
  Error error(ExitCode::bad_data, "was changed while it was read");
  error.in_file(path_.string()).remedy("Convert again when nothing writes to it");
  throw error;
}

}  // namespace cardseg::convert
