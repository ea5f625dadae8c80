#include "convert/byte_source.hpp"

#include <fcntl.h>
#include <iconv.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <vector>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/file_format.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;
using namespace std::string_view_literals;

constexpr std::size_t piece_bytes = std::size_t{1} << 18;

Error data_error(const std::string& file, std::string reason, std::string remedy) {
  Error error(ExitCode::bad_data, std::move(reason));
  error.in_file(file).remedy(std::move(remedy));
  return error;
}

Error damaged(const std::string& file) {
  return data_error(file, "is damaged: it cannot be decompressed to its end",
                    "Copy it again from its source, and compare its size and checksum");
}

// A buffer that is refilled from another source.
class Refilled {
 public:
  explicit Refilled(ByteSource& inner) : inner_(inner), buffer_(piece_bytes) {}

  // False at the end. Bytes that were not used stay, at the front.
  bool refill() {
    std::copy(begin_, end_, buffer_.data());
    const auto kept = static_cast<std::size_t>(end_ - begin_);
    const std::size_t got = inner_.read(std::span(buffer_).subspan(kept));
    begin_ = buffer_.data();
    end_ = begin_ + kept + got;
    return got > 0;
  }
  bool is_empty() const { return begin_ == end_; }
  char*& begin() { return begin_; }
  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }

 private:
  ByteSource& inner_;
  std::vector<char> buffer_;
  char* begin_ = buffer_.data();
  char* end_ = buffer_.data();
};

// One gzip member after the other.
class Gunzip : public ByteSource {
 public:
  Gunzip(ByteSource& inner, std::string name) : input_(inner), name_(std::move(name)) {
    constexpr int gzip_only = 15 + 16;
    if (inflateInit2(&state_, gzip_only) != Z_OK) throw Error(ExitCode::system, "zlib cannot be started");
  }
  ~Gunzip() override { inflateEnd(&state_); }

  std::size_t read(std::span<char> out) override {
    state_.next_out = reinterpret_cast<Bytef*>(out.data());
    state_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max()));
    const uInt wanted = state_.avail_out;
    while (state_.avail_out == wanted) {
      if (input_.is_empty() && !input_.refill()) {
        if (!is_between_members_) throw damaged(name_);
        return 0;
      }
      if (is_between_members_ && inflateReset(&state_) != Z_OK) throw damaged(name_);
      is_between_members_ = false;
      step();
    }
    return wanted - state_.avail_out;
  }

 private:
  void step() {
    state_.next_in = reinterpret_cast<Bytef*>(input_.begin());
    state_.avail_in = static_cast<uInt>(input_.size());
    const int result = inflate(&state_, Z_NO_FLUSH);
    input_.begin() += input_.size() - state_.avail_in;
    if (result == Z_STREAM_END) is_between_members_ = true;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) throw damaged(name_);
  }

  Refilled input_;
  std::string name_;
  z_stream state_{};
  bool is_between_members_ = false;
};

class Unzstd : public ByteSource {
 public:
  Unzstd(ByteSource& inner, std::string name) : input_(inner), name_(std::move(name)), state_(ZSTD_createDStream()) {
    if (!state_) throw Error(ExitCode::system, "zstd cannot be started");
  }
  ~Unzstd() override { ZSTD_freeDStream(state_); }

  std::size_t read(std::span<char> out) override {
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    while (to.pos == 0) {
      if (input_.is_empty() && !input_.refill()) {
        if (!is_between_frames_) throw damaged(name_);
        return 0;
      }
      ZSTD_inBuffer from{input_.begin(), input_.size(), 0};
      const std::size_t result = ZSTD_decompressStream(state_, &to, &from);
      input_.begin() += from.pos;
      if (ZSTD_isError(result)) throw damaged(name_);
      is_between_frames_ = result == 0;
    }
    return to.pos;
  }

 private:
  Refilled input_;
  std::string name_;
  ZSTD_DStream* state_;
  bool is_between_frames_ = false;
};

iconv_t no_iconv() { return reinterpret_cast<iconv_t>(-1); }

class Recode : public ByteSource {
 public:
  Recode(ByteSource& inner, const std::string& encoding, std::string name)
      : input_(inner), encoding_(encoding), name_(std::move(name)), state_(iconv_open("UTF-8", encoding.c_str())) {
    if (state_ != no_iconv()) return;
    throw Error(ExitCode::usage, core::field("encoding") + " '" + encoding + "' is not known")
        .remedy("Usual ones are utf-8, cp1252, latin1, utf-16 and cp850; 'iconv -l' lists all");
  }
  ~Recode() override {
    if (state_ != no_iconv()) iconv_close(state_);
  }

  std::size_t read(std::span<char> out) override {
    char* to = out.data();
    std::size_t room = out.size();
    while (to == out.data()) {
      std::size_t left = input_.size();
      const std::size_t result = iconv(state_, &input_.begin(), &left, &to, &room);
      const int problem = result == static_cast<std::size_t>(-1) ? errno : 0;
      if (problem == E2BIG) break;
      if (problem == EILSEQ) refuse(out, to);
      if (to == out.data() && !input_.refill()) {
        if (input_.is_empty()) return 0;
        refuse(out, to);
      }
    }
    lines_ += std::count(static_cast<const char*>(out.data()), static_cast<const char*>(to), '\n');
    return static_cast<std::size_t>(to - out.data());
  }

 private:
  [[noreturn]] void refuse(std::span<char> out, const char* to) const {
    const std::int64_t line = lines_ + 1 + std::count(static_cast<const char*>(out.data()), to, '\n');
    throw data_error(name_, "line " + std::to_string(line) + " holds bytes that are not " + encoding_,
                     "Check " + core::field("encoding") + ": 'file' or the program that wrote the file may say it");
  }

  Refilled input_;
  std::string encoding_;
  std::string name_;
  iconv_t state_;
  std::int64_t lines_ = 0;
};

}  // namespace

FileBytes::FileBytes(const std::filesystem::path& path) : path_(path) {
  if (path == "-") return;
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ >= 0) return;
  Error error(errno == EACCES ? ExitCode::permission : ExitCode::input_missing,
              std::string("cannot be opened: ") + std::strerror(errno));
  error.in_file(path.string()).remedy("Check the path");
  throw error;
}

FileBytes::~FileBytes() {
  if (descriptor_ > 0) ::close(descriptor_);
}

std::size_t FileBytes::read(std::span<char> out) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, out.data(), out.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      Error error(ExitCode::io, std::string("cannot be read: ") + std::strerror(errno));
      error.in_file(path_ == "-" ? "standard input" : path_.string());
      throw error.remedy("Check the disk or file system, and run again");
    }
    digest_.update(out.data(), static_cast<std::size_t>(got));
    bytes_ += got;
    return static_cast<std::size_t>(got);
  }
}

Compression compression_of(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1F\x8B")) return Compression::gzip;
  return first_bytes.starts_with("\x28\xB5\x2F\xFD") ? Compression::zstd : Compression::none;
}

std::string encoding_of_mark(std::string_view first_bytes) {
  if (first_bytes.starts_with("\xFF\xFE\0\0"sv) || first_bytes.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
  return first_bytes.starts_with("\xFF\xFE") || first_bytes.starts_with("\xFE\xFF") ? "UTF-16" : "";
}

void refuse_foreign_format(std::string_view first_bytes, const std::string& shown_name) {
  const io::FileFormat* format = io::format_of(first_bytes);
  if (format && format->to_csv) throw data_error(shown_name, std::string(format->is) + ", no CSV file", format->to_csv);
}

std::unique_ptr<ByteSource> decompressed(ByteSource& inner, Compression compression, const std::string& shown_name) {
  if (compression == Compression::gzip) return std::make_unique<Gunzip>(inner, shown_name);
  return std::make_unique<Unzstd>(inner, shown_name);
}

std::unique_ptr<ByteSource> recoded(ByteSource& inner, const std::string& encoding, const std::string& shown_name) {
  return std::make_unique<Recode>(inner, encoding, shown_name);
}

std::string iconv_name(const std::string& encoding) {
  std::string name;
  for (const char c : encoding) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (name == "UTF-8" || name == "UTF8" || name == "ASCII" || name == "UTF-8-SIG") return "";
  if (name == "LATIN1" || name == "LATIN-1" || name == "ISO8859-1") return "ISO-8859-1";
  if (name == "WINDOWS-1252" || name == "ANSI" || name == "CP-1252") return "CP1252";
  return name;
}

std::string recoded_text(std::string_view bytes, const std::string& encoding) {
  const iconv_t state = iconv_open("UTF-8", encoding.c_str());
  if (state == no_iconv()) return "";
  std::vector<char> from(bytes.begin(), bytes.end());
  std::vector<char> to(4 * from.size() + 4);
  char* in = from.data();
  char* out = to.data();
  std::size_t left = from.size();
  std::size_t room = to.size();
  while (left > 0 && iconv(state, &in, &left, &out, &room) == static_cast<std::size_t>(-1) && errno == EILSEQ)
    ++in, --left;
  iconv_close(state);
  return {to.data(), out};
}

}  // namespace cardseg::convert
