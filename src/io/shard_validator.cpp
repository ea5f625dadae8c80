#include "io/shard_validator.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

constexpr std::size_t max_name_bytes = 255;
constexpr hsize_t max_members = 4096;
constexpr std::int64_t max_chunk_bytes = std::int64_t{64} << 20;
constexpr std::int64_t max_text_bytes = 4096;
constexpr std::int64_t max_deflate_ratio = 1100;  // deflate cannot do better than 1032 to 1

[[noreturn]] void refuse(const std::string& what) { throw Error(ExitCode::bad_data, what); }

herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* out) {
  auto& names = *static_cast<std::vector<std::string>*>(out);
  if (info->type != H5L_TYPE_HARD || std::strlen(name) > max_name_bytes) {
    names.assign(1, name);
    return 1;
  }
  names.emplace_back(name);
  return 0;
}

std::vector<std::int64_t> extent_of(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  if (H5Sget_simple_extent_type(space.get()) != H5S_SIMPLE) return {};
  const int rank = check(H5Sget_simple_extent_ndims(space.get()), "H5Sget_simple_extent_ndims");
  std::array<hsize_t, H5S_MAX_RANK> sizes{};
  check(H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr), "H5Sget_simple_extent_dims");
  return {sizes.begin(), sizes.begin() + rank};
}

bool is_boolean_enum(hid_t type) {
  const Handle base(H5Tget_super(type), H5Tclose, "H5Tget_super");
  return H5Tget_size(base.get()) == 1 && H5Tget_nmembers(type) == 2;
}

void describe_type(hid_t type, DatasetFacts& facts) {
  const std::size_t size = H5Tget_size(type);
  const std::string bits = std::to_string(8 * size);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
      if (size != 1 && size != 2 && size != 4 && size != 8) refuse("has integers of " + bits + " bits");
      facts.type = size < 4 || (size == 4 && is_signed) ? ColumnType::int32 : ColumnType::int64;
      facts.stored_type = (is_signed ? "int" : "uint") + bits;
      return;
    }
    case H5T_FLOAT:
      if (size != 4 && size != 8) refuse("has floating-point numbers of " + bits + " bits; 32 and 64 are known");
      facts.type = size == 4 ? ColumnType::float32 : ColumnType::float64;
      facts.stored_type = "float" + bits;
      return;
    case H5T_ENUM:
      if (!is_boolean_enum(type)) refuse("has an enumeration that is not h5py's boolean");
      facts.type = ColumnType::boolean;
      facts.stored_type = "boolean";
      return;
    case H5T_STRING:
      facts.type = ColumnType::text;
      facts.stored_type = "text";
      facts.text_bytes = check(H5Tis_variable_str(type), "H5Tis_variable_str") > 0 ? 0 : static_cast<std::int64_t>(size);
      if (facts.text_bytes > max_text_bytes) refuse("has texts of " + std::to_string(size) + " bytes; 4096 is the limit");
      return;
    case H5T_COMPOUND: refuse("is a compound table");
    default: refuse("has a type that is neither number, boolean nor text");
  }
}

std::string checked_filters(hid_t properties) {
  std::string names;
  const int count = check(H5Pget_nfilters(properties), "H5Pget_nfilters");
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    const H5Z_filter_t filter = check(
        H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config), "H5Pget_filter2");
    names += names.empty() ? "" : "+";
    if (filter == H5Z_FILTER_DEFLATE) {
      names += "deflate";
    } else if (filter == H5Z_FILTER_SHUFFLE) {
      names += "shuffle";
    } else if (filter == H5Z_FILTER_FLETCHER32) {
      names += "fletcher32";
    } else {
      refuse("uses HDF5 filter " + std::to_string(filter) + "; only deflate, shuffle and fletcher32 are read");
    }
  }
  return names.empty() ? "none" : names;
}

std::int64_t product(const std::vector<std::int64_t>& sizes) {
  std::int64_t total = 1;
  for (std::int64_t size : sizes)
    if (__builtin_mul_overflow(total, size, &total)) refuse("declares more rows than a file can hold");
  return total;
}

// Every declared value must be stored: what is not stored would read as zeros.
void check_chunks(hid_t dataset, hid_t properties, const DatasetFacts& facts, std::int64_t value_bytes) {
  const int rank = static_cast<int>(facts.extent.size());
  std::array<hsize_t, H5S_MAX_RANK> chunk{};
  check(H5Pget_chunk(properties, rank, chunk.data()), "H5Pget_chunk");
  std::int64_t chunk_values = 1;
  std::int64_t chunks = 1;
  for (int i = 0; i < rank; ++i) {
    const auto size = static_cast<std::int64_t>(chunk[static_cast<std::size_t>(i)]);
    if (__builtin_mul_overflow(chunk_values, size, &chunk_values)) refuse("has a chunk larger than 64 MiB");
    chunks *= (facts.extent[static_cast<std::size_t>(i)] + size - 1) / size;
  }
  if (chunk_values > max_chunk_bytes / value_bytes) refuse("has a chunk larger than 64 MiB");
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");  // HDF5 1.10 does not take H5S_ALL here
  hsize_t stored = 0;
  check(H5Dget_num_chunks(dataset, space.get(), &stored), "H5Dget_num_chunks");
  if (static_cast<std::int64_t>(stored) < chunks)
    refuse("declares " + std::to_string(chunks) + " chunks and stores " + std::to_string(stored));
}

void check_storage(hid_t dataset, DatasetFacts& facts, std::int64_t value_bytes) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "H5Dget_create_plist");
  if (check(H5Pget_external_count(properties.get()), "H5Pget_external_count") > 0) refuse("keeps its data in another file");
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  if (layout == H5D_VIRTUAL) refuse("is a virtual dataset");
  const std::int64_t values = product(facts.extent);
  std::int64_t declared = 0;
  if (__builtin_mul_overflow(values, value_bytes, &declared)) refuse("declares more rows than a file can hold");
  const auto stored = static_cast<std::int64_t>(H5Dget_storage_size(dataset));
  facts.filters = layout == H5D_CHUNKED ? checked_filters(properties.get()) : "none";
  if (values == 0) return;
  if (layout == H5D_CHUNKED) check_chunks(dataset, properties.get(), facts, value_bytes);
  const bool is_deflated = facts.filters.find("deflate") != std::string::npos;
  if (declared / (is_deflated ? max_deflate_ratio : 1) > stored)
    refuse("declares " + std::to_string(declared) + " bytes and stores " + std::to_string(stored));
}

}  // namespace

Handle open_checked(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    const ExitCode code = errno == EACCES ? ExitCode::permission : ExitCode::input_missing;
    throw Error(code, std::string("cannot be opened: ") + std::strerror(errno));
  }
  if (!S_ISREG(facts.st_mode)) refuse("is not a regular file");
  if (::access(path.c_str(), R_OK) != 0) throw Error(ExitCode::permission, "cannot be read: permission denied");
  hdf5::start();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  if (file >= 0) return {file, H5Fclose, "H5Fopen"};
  const std::string text = hdf5::error_text();
  if (text.find("truncated") != std::string::npos) {
    Error error(ExitCode::bad_data, "is truncated (" + text + ")");
    throw error.remedy("Copy or write this shard again");
  }
  Error error(ExitCode::bad_data, "is not an HDF5 file, or is damaged (" + text + ")");
  throw error.remedy("Copy or write this shard again; 'cardseg convert' makes shards from CSV");
}

std::vector<std::string> hard_linked_names(hid_t group) {
  H5G_info_t info{};
  check(H5Gget_info(group, &info), "H5Gget_info");
  if (info.nlinks > max_members) refuse("has a group with more than 4096 members");
  std::vector<std::string> names;
  hsize_t position = 0;
  const herr_t stopped =
      check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, collect_link, &names), "H5Literate");
  if (stopped > 0) refuse("has a soft or external link, or a name over 255 bytes, at '" + names.front().substr(0, 60) + "'");
  return names;
}

DatasetFacts checked_facts(hid_t dataset) {
  DatasetFacts facts;
  const Handle type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  describe_type(type.get(), facts);
  facts.extent = extent_of(dataset);
  check_storage(dataset, facts, static_cast<std::int64_t>(H5Tget_size(type.get())));
  return facts;
}

}  // namespace cardseg::io
