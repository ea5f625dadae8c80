// Bytes one after the other: of a file or standard input, decompressed, in UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cardseg/core/sha256.hpp"

namespace cardseg::convert {

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills the front of `out` and returns how many bytes came; 0 at the end. Throws core::Error.
  virtual std::size_t read(std::span<char> out) = 0;
};

/// A file, or standard input where the path is `-`; its bytes are counted and digested on their way.
class FileBytes : public ByteSource {
 public:
  explicit FileBytes(const std::filesystem::path& path);
  ~FileBytes() override;

  std::size_t read(std::span<char> out) override;
  std::int64_t bytes() const { return bytes_; }
  /// SHA-256 of what was read. Ends the digest.
  std::string sha256() { return digest_.hex(); }

 private:
  std::filesystem::path path_;
  int descriptor_ = 0;
  std::int64_t bytes_ = 0;
  core::Sha256 digest_;
};

/// What the first bytes of a file say.
enum class Compression { none, gzip, zstd };
Compression compression_of(std::string_view first_bytes);
/// The encoding that a byte order mark says: "UTF-16", "UTF-32" or, for UTF-8 and where there is none, empty.
std::string encoding_of_mark(std::string_view first_bytes);
/// Throws core::Error(bad_data), with what to do, where they begin a workbook, an archive, Parquet, HDF5 and the like.
void refuse_foreign_format(std::string_view first_bytes, const std::string& shown_name);

/// The sources below read `inner`, which must outlive them; `shown_name` is for errors.
/// Throws bad_data where the data is damaged or ends early.
std::unique_ptr<ByteSource> decompressed(ByteSource& inner, Compression compression, const std::string& shown_name);
/// Throws usage where iconv does not know the encoding, bad_data, with the line, where bytes are not of it.
std::unique_ptr<ByteSource> recoded(ByteSource& inner, const std::string& encoding, const std::string& shown_name);

/// The encoding's name for iconv: latin1 is ISO-8859-1. Empty for UTF-8 and for an empty name.
std::string iconv_name(const std::string& encoding);
/// `bytes` in UTF-8; what does not belong to the encoding is left out.
std::string recoded_text(std::string_view bytes, const std::string& encoding);

}  // namespace cardseg::convert
