#include "convert/csv_input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "convert/byte_source.hpp"
#include "convert/csv_quotes.hpp"
#include "convert/table_bytes.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t mark_bytes = 16;  // that tell formats, compression and encodings apart

std::string shown(const std::filesystem::path& input) { return input == "-" ? "standard input" : input.string(); }

// Another source whose first bytes can be seen before they are read.
class Peeked : public ByteSource {
 public:
  explicit Peeked(ByteSource& inner) : inner_(inner), first_(mark_bytes, '\0') {
    std::size_t got = 0;
    for (std::size_t now = 1; now > 0 && got < first_.size(); got += now)
      now = inner_.read(std::span(first_).subspan(got));
    first_.resize(got);
  }
  std::string_view first_bytes() const { return first_; }

  std::size_t read(std::span<char> out) override {
    if (used_ == first_.size()) return inner_.read(out);
    const std::size_t given = first_.copy(out.data(), out.size(), used_);
    used_ += given;
    return given;
  }

 private:
  ByteSource& inner_;
  std::string first_;
  std::size_t used_ = 0;
};

// A new file that is written from its start; errors say the system's text.
class CopyWriter {
 public:
  explicit CopyWriter(const std::filesystem::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) fail(ExitCode::cannot_create);
  }
  ~CopyWriter() { ::close(descriptor_); }
  CopyWriter(const CopyWriter&) = delete;
  CopyWriter& operator=(const CopyWriter&) = delete;

  void write(std::string_view bytes) {
    line_feeds_ += std::count(bytes.begin(), bytes.end(), '\n');
    if (!bytes.empty()) last_ = bytes.back();
    while (!bytes.empty()) {
      const ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) fail(ExitCode::io);
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  }
  std::int64_t line_feeds() const { return line_feeds_; }
  bool is_at_line_start() const { return last_ == '\n'; }

 private:
  [[noreturn]] void fail(ExitCode code) const {
    Error error(code, std::string("the copy of the input cannot be written: ") + std::strerror(errno));
    error.in_file(path_.parent_path().parent_path().string());
    throw error.remedy("Free space there, or name another output directory");
  }

  std::filesystem::path path_;
  int descriptor_;
  std::int64_t line_feeds_ = 0;
  char last_ = '\n';
};

const char* name_of(Compression compression) {
  switch (compression) {
    case Compression::none: return "none";
    case Compression::gzip: return "gzip";
    case Compression::zstd: return "zstd";
  }
  return "none";
}

bool has_tabs_to_put(const ConvertOptions& options) {
  return options.has_blank_delimiters || !options.field_places.empty();
}

// Hands the decoded bytes of an input to `use`, piece by piece.
template <class Use>
SourceFile decode(const std::filesystem::path& input, const ConvertOptions& options, Use use) {
  FileBytes file(input);
  Peeked stored(file);
  refuse_foreign_format(stored.first_bytes(), shown(input));
  const Compression compression = compression_of(stored.first_bytes());
  const std::unique_ptr<ByteSource> inflated =
      compression == Compression::none ? nullptr : decompressed(stored, compression, shown(input));
  Peeked plain(inflated ? *inflated : stored);
  const std::string marked = encoding_of_mark(plain.first_bytes());
  const std::string given = iconv_name(options.encoding);
  const std::string from = marked.empty() ? given : marked;
  const std::unique_ptr<ByteSource> text = from.empty() ? nullptr : recoded(plain, from, shown(input));
  ByteSource& lines = text ? *text : static_cast<ByteSource&>(plain);
  const std::unique_ptr<ByteSource> table =
      options.has_blank_delimiters ? with_tabs_for_blanks(lines) : with_tabs_for_places(lines, options.field_places);
  ByteSource& source = has_tabs_to_put(options) ? *table : lines;
  std::vector<char> buffer(piece_bytes);
  while (const std::size_t got = source.read(buffer)) use(std::string_view(buffer.data(), got));
  while (file.read(buffer) > 0) {
    // What stands behind the last compressed member belongs to the digest.
  }
  return {shown(input), file.bytes(), file.sha256(), name_of(compression), from.empty() ? "UTF-8" : from};
}

void check_same_columns(const CsvFile& file, const CsvDialect& dialect, const CsvDialect& first,
                        const std::string& first_name) {
  const auto& names = dialect.column_names;
  const auto& expected = first.column_names;
  if (names == expected && dialect.delimiter == first.delimiter) return;
  std::string difference =
      "has " + std::to_string(names.size()) + " columns, " + first_name + " has " + std::to_string(expected.size());
  if (dialect.delimiter != first.delimiter) difference = "has another delimiter than " + first_name;
  for (std::size_t c = 0; names.size() == expected.size() && c < names.size(); ++c) {
    if (names[c] == expected[c]) continue;
    difference = "column " + std::to_string(c + 1) + " of the header is another than in " + first_name + " (" +
                 expected[c] + ")";
    break;
  }
  Error error(ExitCode::bad_data, difference);
  error.in_file(file.place_of(1).file)
      .remedy("Files of one call have the same columns in the same order: convert others by themselves");
  throw error;
}

// Appends the bytes of `file` from `begin` on.
void append(const CsvFile& file, const CsvDialect& dialect, std::int64_t begin, CopyWriter& copy) {
  QuoteScanner quotes(dialect.delimiter, QuoteState::outside, '\n');
  std::vector<char> buffer(piece_bytes);
  for (std::int64_t at = begin; at < file.size();) {
    const std::string_view piece(buffer.data(), file.read_at(at, buffer));
    if (piece.empty()) break;
    quotes.advance(piece);
    copy.write(piece);
    at += std::ssize(piece);
  }
  if (quotes.state() == QuoteState::inside) {
    Error error(ExitCode::bad_data, "ends inside a quote that is never closed");
    throw error.in_file(file.place_of(1).file).remedy("Close the quote: the next file would be read as a part of it");
  }
  if (!copy.is_at_line_start()) copy.write("\n");
}

}  // namespace

bool needs_copy(const ConvertOptions& options) {
  bool is_plain = options.inputs.size() == 1 && iconv_name(options.encoding).empty() && !has_tabs_to_put(options);
  for (const std::filesystem::path& input : options.inputs) {
    if (input == "-") {
      is_plain = false;
      continue;
    }
    const CsvFile file(input);
    std::string first(mark_bytes, '\0');
    first.resize(file.read_at(0, first));
    refuse_foreign_format(first, input.string());
    is_plain = is_plain && compression_of(first) == Compression::none && encoding_of_mark(first).empty();
  }
  return !is_plain;
}

CopiedInput copy_input(const ConvertOptions& options, const HeaderOptions& header, const std::filesystem::path& copy) {
  const std::vector<std::filesystem::path>& inputs = options.inputs;
  CopiedInput copied;
  CopyWriter whole(copy);
  if (inputs.size() == 1) {
    copied.sources.push_back(decode(inputs[0], options, [&](std::string_view piece) { whole.write(piece); }));
    copied.parts.push_back({1, shown(inputs[0]), 1});
    return copied;
  }
  const std::filesystem::path one = copy.string() + ".one";
  CsvDialect first;
  for (const std::filesystem::path& input : inputs) {
    {
      CopyWriter writer(one);
      copied.sources.push_back(decode(input, options, [&](std::string_view piece) { writer.write(piece); }));
    }
    const CsvFile file(one, {{1, shown(input), 1}});
    const CsvDialect dialect = read_dialect(file, header);
    const bool is_first = copied.parts.empty();
    if (is_first) first = dialect;
    check_same_columns(file, dialect, first, shown(inputs[0]));
    copied.parts.push_back({whole.line_feeds() + 1, shown(input), is_first ? 1 : dialect.data.line});
    append(file, dialect, is_first ? 0 : dialect.data.offset, whole);
  }
  std::error_code ignored;
  std::filesystem::remove(one, ignored);
  return copied;
}

CopiedInput from_root(const comm::Communicator& comm, const CopiedInput& copied) {
  using nlohmann::json;
  json parts = json::array();
  for (const FilePart& part : copied.parts) parts.push_back({part.first_line, part.file, part.line});
  json sources = json::array();
  for (const SourceFile& source : copied.sources)
    sources.push_back({source.name, source.bytes, source.sha256, source.compression, source.encoding});
  std::string text = json{parts, sources}.dump(-1, ' ', false, json::error_handler_t::replace);
  comm.broadcast(text, 0);
  const json all = json::parse(text);
  CopiedInput everywhere;
  for (const json& part : all[0]) everywhere.parts.push_back({part[0], part[1], part[2]});
  for (const json& source : all[1])
    everywhere.sources.push_back({source[0], source[1], source[2], source[3], source[4]});
  return everywhere;
}

std::string stem_of(const std::filesystem::path& input) {
  if (input == "-") return "stdin";
  const std::filesystem::path name = input.filename();
  const bool is_compressed = name.extension() == ".gz" || name.extension() == ".zst";
  return is_compressed ? name.stem().stem().string() : name.stem().string();
}

}  // namespace cardseg::convert
