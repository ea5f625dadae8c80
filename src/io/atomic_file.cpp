#include "cardseg/io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "cardseg/core/error.hpp"
#include "cardseg/core/sha256.hpp"
#include "io/host_name.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::size_t max_readable_name = 150;
constexpr std::size_t max_host_name = 64;

ExitCode code_for(int error_number, ExitCode otherwise) {
  if (error_number == EACCES || error_number == EPERM || error_number == EROFS) return ExitCode::permission;
  if (error_number == ENOSPC || error_number == EDQUOT || error_number == EIO) return ExitCode::io;
  return otherwise;
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* doing, ExitCode otherwise) {
  const int number = errno;
  Error error(code_for(number, otherwise), std::string(doing) + ": " + std::strerror(number));
  error.in_file(path.string());
  if (number == ENOSPC || number == EDQUOT) error.remedy("Free some space or write elsewhere, and run again");
  if (number == EIO) error.remedy("Check the disk or file system, and run again");
  if (number == EFBIG) error.remedy("Raise the limit on file sizes (ulimit -f), and run again");
  if (number == EACCES || number == EPERM) error.remedy("Ask the owner for permission, or name another place");
  if (number == EROFS) error.remedy("The file system is read-only: name another place");
  if (number == ENOENT) error.remedy("Check the path");
  if (number == EISDIR) error.remedy("Name a file");
  if (number == ENOTDIR) error.remedy("A part of the path is a file: name another place");
  if (number == ENAMETOOLONG) error.remedy("Shorten the file's name");
  throw error;
}

// A POSIX file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// A pipe or a device could keep its reader waiting, or never end.
Descriptor open_for_reading(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) fail(path, "cannot be opened", ExitCode::input_missing);
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return file;  // reading a directory says what it is
  Error error(ExitCode::input_missing, "this is not a regular file, but a pipe, a socket or a device");
  throw error.in_file(path.string()).remedy("Name a file");
}

// `shown` is the name that an error message carries.
Descriptor create(const std::filesystem::path& path, const std::filesystem::path& shown) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) fail(shown, "cannot be created", ExitCode::cannot_create);
  return Descriptor(fd);
}

template <class Use>
void for_each_piece(const std::filesystem::path& path, Use use) {
  const Descriptor file = open_for_reading(path);
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot be read", errno == EISDIR ? ExitCode::input_missing : ExitCode::io);
    if (got == 0) return;
    use(buffer.data(), static_cast<std::size_t>(got));
  }
}

void write_all(int fd, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, "cannot be written", ExitCode::io);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void give_name(const std::filesystem::path& temporary, const std::filesystem::path& final_path) {
  if (::rename(temporary.c_str(), final_path.c_str()) != 0)
    fail(final_path, "the finished file cannot be given its name", ExitCode::io);
}

// `shown` is the name that an error message carries.
void sync(const std::filesystem::path& path, const std::filesystem::path& shown) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0) fail(shown, "cannot be synced", ExitCode::io);
}

void sync_directory(const std::filesystem::path& path) {
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a directory (EINVAL); the rename itself has succeeded there.
  if (file.is_open() && ::fsync(file.get()) != 0 && errno != EINVAL) fail(directory, "cannot be synced", ExitCode::io);
}

// Writes a temporary file and hands it over to `commit`.
template <class Commit>
void write_and(const std::filesystem::path& path, std::string_view text, Commit commit) {
  const std::filesystem::path temporary = temporary_name(path);
  try {
    {
      const Descriptor file = create(temporary, path);
      write_all(file.get(), text, path);
    }
    commit(temporary);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace

std::filesystem::path temporary_name(const std::filesystem::path& final_path) {
  std::string name = final_path.filename().string();
  // A name near the limit of file systems (255 bytes) leaves no room for an ending: its digest stands for it.
  if (name.size() > max_readable_name) name = core::sha256_hex(name);
  name += "." + host_name().substr(0, max_host_name) + "-" + std::to_string(::getpid()) + ".partial";
  return final_path.parent_path() / name;
}

void commit_file(const std::filesystem::path& temporary, const std::filesystem::path& final_path) {
  sync(temporary, final_path);
  give_name(temporary, final_path);
  sync_directory(final_path);
}

void create_file(const std::filesystem::path& path, std::string_view text) {
  const Descriptor file = create(path, path);
  write_all(file.get(), text, path);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_and(path, text, [&](const std::filesystem::path& temporary) { commit_file(temporary, path); });
}

TextFileWriter::TextFileWriter(std::filesystem::path final_path)
    : final_path_(std::move(final_path)),
      temporary_(temporary_name(final_path_)),
      fd_(create(temporary_, final_path_).release()) {}

TextFileWriter::~TextFileWriter() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void TextFileWriter::append(std::string_view text) { write_all(fd_, text, final_path_); }

void TextFileWriter::commit() {
  ::close(std::exchange(fd_, -1));
  commit_file(temporary_, final_path_);
  temporary_.clear();
}

void write_passing_file(const std::filesystem::path& path, std::string_view text) {
  write_and(path, text, [&](const std::filesystem::path& temporary) { give_name(temporary, path); });
}

std::string read_file(const std::filesystem::path& path) {
  std::string text;
  for_each_piece(path, [&](const char* bytes, std::size_t size) {
    text.append(bytes, size);
    if (static_cast<std::int64_t>(text.size()) <= max_text_bytes) return;
    Error error(ExitCode::bad_data, "the file is larger than 1 GiB: it is none that is read as text here");
    throw error.in_file(path.string()).remedy("Check the path");
  });
  return text;
}

std::string sha256_of_file(const std::filesystem::path& path) {
  core::Sha256 digest;
  for_each_piece(path, [&](const char* bytes, std::size_t size) { digest.update(bytes, size); });
  return digest.hex();
}

bool exchange_directories(const std::filesystem::path& fresh, const std::filesystem::path& old) {
  sync(fresh, old);
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, old.c_str(), RENAME_EXCHANGE) != 0) return false;
  sync_directory(old);
  return true;
}

void make_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (!failure && std::filesystem::is_directory(directory, failure)) return;
  errno = failure ? failure.value() : ENOTDIR;
  fail(directory, "the directory cannot be created", ExitCode::cannot_create);
}

}  // namespace cardseg::io
