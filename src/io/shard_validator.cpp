#include "io/shard_validator.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

#include "cardseg/core/with_commas.hpp"
#include "cardseg/io/file_format.hpp"
#include "cardseg/io/utf8.hpp"
#include "io/hdf5_texts.hpp"
#include "io/number_type.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

constexpr std::size_t max_name_bytes = 255;
constexpr std::int64_t max_chunk_bytes = std::int64_t{64} << 20;
constexpr std::int64_t max_deflate_ratio = 1100;  // deflate cannot do better than 1032 to 1

constexpr const char* write_again = "Copy or write this shard again";

[[noreturn]] void refuse(const std::string& what) { throw Error(ExitCode::bad_data, what); }

[[noreturn]] void throw_with_remedy(const std::string& what, const std::string& remedy) {
  Error error(ExitCode::bad_data, what);
  throw error.remedy(remedy);
}

bool is_plain_text(const std::string& bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

// A file whose HDF5 signature is not there.
[[noreturn]] void refuse_other_format(const std::filesystem::path& path) {
  std::string first(format_bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(file.gcount()));
  if (const FileFormat* format = format_of(first))
    throw_with_remedy(std::string(format->is) + ", not an HDF5 file", format->to_shard);
  if (is_plain_text(first)) throw_with_remedy("is text, not an HDF5 file", "'cardseg convert' makes shards from CSV");
  throw_with_remedy("is not an HDF5 file", "Name HDF5 shards; 'cardseg convert' makes them from CSV");
}

[[noreturn]] void refuse_unopened(const hdf5::Failure& failure, const std::filesystem::path& path) {
  hdf5::throw_if_out_of_memory(failure);
  if (failure.error_number == EAGAIN || failure.error_number == EACCES) {
    Error error(ExitCode::io, "is being written by another program");
    throw error.remedy("Run again when that has ended");
  }
  if (failure.error_number != 0) {
    Error error(ExitCode::io, "cannot be read: " + failure.text);
    throw error.remedy("Check the disk or file system, and run again");
  }
  if (failure.text.find("truncated") != std::string::npos)
    throw_with_remedy("is truncated: it was cut off, or not written to its end (" + failure.text + ")", write_again);
  if (failure.text.find("signature") != std::string::npos) refuse_other_format(path);
  throw_with_remedy("is damaged, or was not closed when it was written (" + failure.text + ")", write_again);
}

struct Members {
  std::vector<std::string> names;
  std::string refused;  // a link that is not a hard link
};

herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* out) {
  auto& members = *static_cast<Members*>(out);
  if (info->type != H5L_TYPE_HARD) {
    members.refused = name;
    return 1;
  }
  members.names.emplace_back(name);
  return 0;
}

std::vector<std::int64_t> extent_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  const int rank = check(H5Sget_simple_extent_ndims(space.get()), "H5Sget_simple_extent_ndims");
  if (H5Sget_simple_extent_type(space.get()) != H5S_SIMPLE || rank == 0)
    refuse("holds one value or none, not a column");
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  check(H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr), "H5Sget_simple_extent_dims");
  for (const hsize_t size : sizes)
    if (size > static_cast<hsize_t>(std::numeric_limits<std::int64_t>::max() / 2))
      throw_with_remedy("declares more rows than a file can hold", write_again);
  return {sizes.begin(), sizes.begin() + rank};
}

// h5py's boolean: FALSE = 0, TRUE = 1 in one byte.
bool is_boolean_enum(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2 || !stored_number(type)) return false;
  signed char no = -1;
  signed char yes = -1;
  const bool is_found = H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0;
  H5Eclear2(H5E_DEFAULT);
  return is_found && no == 0 && yes == 1;
}

// As h5py writes complex numbers.
bool is_complex(hid_t type) {
  const bool is_found =
      H5Tget_nmembers(type) == 2 && H5Tget_member_index(type, "r") >= 0 && H5Tget_member_index(type, "i") >= 0;
  H5Eclear2(H5E_DEFAULT);
  return is_found;
}

std::string class_name(H5T_class_t type_class) {
  switch (type_class) {
    case H5T_TIME: return "time";
    case H5T_BITFIELD: return "bit field";
    case H5T_OPAQUE: return "opaque";
    case H5T_REFERENCE: return "reference";
    case H5T_VLEN: return "variable-length list";
    case H5T_ARRAY: return "array";
    default: return std::to_string(static_cast<int>(type_class));
  }
}

void describe_type(hid_t type, DatasetFacts& facts) {
  const std::size_t size = H5Tget_size(type);
  const std::string bits = std::to_string(8 * size);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
      if (size != 1 && size != 2 && size != 4 && size != 8)
        refuse("has integers of " + bits + " bits; 8, 16, 32 and 64 are read");
      if (!stored_number(type)) refuse("has integers that do not fill their " + std::to_string(size) + " bytes");
      facts.type = size < 4 || (size == 4 && is_signed) ? ColumnType::int32 : ColumnType::int64;
      facts.stored_type = (is_signed ? "int" : "uint") + bits;
      return;
    }
    case H5T_FLOAT:
      if (size != 4 && size != 8)
        refuse("has floating-point numbers of " + bits + " bits; 32 and 64 are read (in Python: .astype('float32'))");
      if (!stored_number(type))
        throw_with_remedy("has floating-point numbers in another layout than that of IEEE 754", write_again);
      facts.type = size == 4 ? ColumnType::float32 : ColumnType::float64;
      facts.stored_type = "float" + bits;
      return;
    case H5T_ENUM:
      if (!is_boolean_enum(type))
        refuse("has an enumeration other than h5py's boolean (FALSE = 0, TRUE = 1); write categories as text");
      facts.type = ColumnType::boolean;
      facts.stored_type = "boolean";
      return;
    case H5T_STRING:
      facts.type = ColumnType::text;
      facts.stored_type = "text";
      facts.text_bytes =
          check(H5Tis_variable_str(type), "H5Tis_variable_str") > 0 ? 0 : static_cast<std::int64_t>(size);
      if (facts.text_bytes > hdf5::max_text_bytes)
        throw_with_remedy("has texts of " + std::to_string(size) + " bytes; " + std::to_string(hdf5::max_text_bytes) +
                              " is the limit",
                          "Exclude the column, or shorten its texts");
      return;
    case H5T_COMPOUND:
      if (is_complex(type))
        throw_with_remedy("holds complex numbers", "Write their real and imaginary parts as two columns");
      refuse("is a compound table (records), not one column");
    default:
      refuse("has values of HDF5 class " + class_name(H5Tget_class(type)) + "; numbers, booleans and texts are read");
  }
}

std::string filter_name(H5Z_filter_t filter) {
  const std::string number = std::to_string(filter);
  switch (filter) {
    case H5Z_FILTER_SZIP: return number + " (szip)";
    case H5Z_FILTER_NBIT: return number + " (nbit)";
    case H5Z_FILTER_SCALEOFFSET: return number + " (scaleoffset)";
    case 32000: return number + " (lzf)";
    case 32001: return number + " (blosc)";
    case 32015: return number + " (zstd)";
    default: return number;
  }
}

std::string checked_filters(hid_t properties) {
  std::string names;
  const int count = check(H5Pget_nfilters(properties), "H5Pget_nfilters");
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    const H5Z_filter_t filter =
        check(H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config),
              "H5Pget_filter2");
    names += names.empty() ? "" : "+";
    if (filter == H5Z_FILTER_DEFLATE) {
      names += "deflate";
    } else if (filter == H5Z_FILTER_SHUFFLE) {
      names += "shuffle";
    } else if (filter == H5Z_FILTER_FLETCHER32) {
      names += "fletcher32";
    } else {
      refuse("is stored with HDF5 filter " + filter_name(filter) + "; deflate (gzip), shuffle and fletcher32 are read");
    }
  }
  return names.empty() ? "none" : names;
}

std::int64_t product(const std::vector<std::int64_t>& sizes) {
  std::int64_t total = 1;
  for (const std::int64_t size : sizes)
    if (__builtin_mul_overflow(total, size, &total))
      throw_with_remedy("declares more rows than a file can hold", write_again);
  return total;
}

// Every declared value must be stored: what is not stored would read as zeros.
void check_chunks(hid_t dataset, hid_t properties, DatasetFacts& facts, std::int64_t value_bytes) {
  const int rank = static_cast<int>(facts.extent.size());
  std::array<hsize_t, H5S_MAX_RANK> chunk{};
  check(H5Pget_chunk(properties, rank, chunk.data()), "H5Pget_chunk");
  std::int64_t chunk_values = 1;
  std::int64_t chunks = 1;
  for (std::size_t i = 0; i < facts.extent.size(); ++i) {
    const auto size = static_cast<std::int64_t>(chunk[i]);
    if (size <= 0 || __builtin_mul_overflow(chunk_values, size, &chunk_values))
      refuse("has a chunk larger than 64 MiB");
    chunks *= (facts.extent[i] + size - 1) / size;
  }
  if (chunk_values > max_chunk_bytes / value_bytes)
    refuse("has chunks of " + std::to_string(chunk_values) + " values; chunks up to 64 MiB are read");
  facts.chunk_rows = static_cast<std::int64_t>(chunk[0]);
  facts.chunk_bytes = chunk_values * value_bytes;
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");  // HDF5 1.10 does not take H5S_ALL here
  hsize_t stored = 0;
  check(H5Dget_num_chunks(dataset, space.get(), &stored), "H5Dget_num_chunks");
  if (static_cast<std::int64_t>(stored) < chunks)
    throw_with_remedy("declares " + std::to_string(chunks) + " chunks but stores " + std::to_string(stored) +
                          "; the rest was never written",
                      write_again);
}

// First of all: other questions to a virtual dataset can open the files it names.
void check_is_self_contained(hid_t properties) {
  if (check(H5Pget_external_count(properties), "H5Pget_external_count") > 0) refuse("keeps its data in another file");
  if (H5Pget_layout(properties) == H5D_VIRTUAL) refuse("is a virtual dataset, which takes its data from other files");
}

void check_storage(hid_t dataset, hid_t properties, DatasetFacts& facts, std::int64_t value_bytes) {
  const bool is_chunked = H5Pget_layout(properties) == H5D_CHUNKED;
  const std::int64_t values = product(facts.extent);
  std::int64_t declared = 0;
  if (__builtin_mul_overflow(values, value_bytes, &declared))
    throw_with_remedy("declares more rows than a file can hold", write_again);
  facts.filters = is_chunked ? checked_filters(properties) : "none";
  if (values == 0) return;
  if (is_chunked) check_chunks(dataset, properties, facts, value_bytes);
  const auto stored = static_cast<std::int64_t>(H5Dget_storage_size(dataset));
  if (stored == 0)
    throw_with_remedy("declares " + std::to_string(declared) + " bytes of values, none of which was written",
                      write_again);
  const bool is_deflated = facts.filters.find("deflate") != std::string::npos;
  if (declared / (is_deflated ? max_deflate_ratio : 1) > stored)
    throw_with_remedy("declares " + std::to_string(declared) + " bytes of values but stores " + std::to_string(stored),
                      write_again);
  const Handle file(H5Iget_file_id(dataset), H5Fclose, "H5Iget_file_id");
  hsize_t file_bytes = 0;
  check(H5Fget_filesize(file.get(), &file_bytes), "H5Fget_filesize");
  if (static_cast<hsize_t>(stored) > file_bytes)
    throw_with_remedy("declares " + std::to_string(stored) + " stored bytes in a file of " + std::to_string(file_bytes),
                      write_again);
}

}  // namespace

Handle open_checked(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    Error error(errno == EACCES ? ExitCode::permission : ExitCode::input_missing,
                std::string("cannot be opened: ") + std::strerror(errno));
    throw error.remedy("Check the path and its permissions");
  }
  if (S_ISDIR(facts.st_mode))
    throw_with_remedy("is a directory, not a file", "Name the shards in it, or the directory above");
  if (!S_ISREG(facts.st_mode)) throw_with_remedy("is not a regular file", "Name a file that holds a shard");
  if (::access(path.c_str(), R_OK) != 0) {
    Error error(ExitCode::permission, "cannot be read: permission denied");
    throw error.remedy("Ask the owner for read permission");
  }
  if (facts.st_size == 0) throw_with_remedy("is empty (0 bytes)", write_again);
  hdf5::Failure failure;
  const hid_t file = hdf5::open_for_reading(path, failure);
  if (file >= 0) return {file, H5Fclose, "H5Fopen"};
  refuse_unopened(failure, path);
}

void check_name(const std::string& name) {
  const auto refuse_name = [&name](const std::string& why) {
    throw_with_remedy("has a column or group with a name " + why + ", '" + shown(name) + "'",
                      "Rename it: 1 to 255 bytes of UTF-8 text");
  };
  if (name.empty()) throw_with_remedy("has a column without a name", "Give every column a name");
  if (name.size() > max_name_bytes) refuse_name("of " + std::to_string(name.size()) + " bytes");
  if (!is_utf8(name)) refuse_name("that is not UTF-8");
  for (const char byte : name)
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F || byte == '/')
      refuse_name("that has a control character or '/'");
}

std::vector<std::string> hard_linked_names(hid_t group) {
  H5G_info_t info{};
  check(H5Gget_info(group, &info), "H5Gget_info");
  if (info.nlinks > static_cast<hsize_t>(max_columns))
    throw_with_remedy("has " + core::with_commas(static_cast<std::int64_t>(info.nlinks)) + " columns in a group; " +
                          core::with_commas(max_columns) + " is the limit",
                      too_many_columns_remedy);
  Members members;
  hsize_t position = 0;
  const herr_t stopped =
      check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, collect_link, &members), "H5Literate");
  if (stopped > 0)
    throw_with_remedy("has a soft or external link, '" + shown(members.refused) + "'",
                      "Write the data itself in its place");
  for (const std::string& name : members.names) check_name(name);
  return members.names;
}

DatasetFacts checked_facts(hid_t dataset) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "H5Dget_create_plist");
  check_is_self_contained(properties.get());
  DatasetFacts facts;
  const Handle type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  describe_type(type.get(), facts);
  facts.extent = extent_of(dataset);
  check_storage(dataset, properties.get(), facts, hdf5::stored_value_bytes(type.get()));
  return facts;
}

}  // namespace cardseg::io
