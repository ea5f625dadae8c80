// HDF5 files as other programs, or nobody in good faith, would write them: straight through the C API.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace cardseg::support {

/// A new file with the group /customers. Ids are closed with the file. Every call fails the test by throwing.
class RawHdf5 {
 public:
  explicit RawHdf5(const std::filesystem::path& path, const std::string& group = "customers");
  ~RawHdf5();
  RawHdf5(const RawHdf5&) = delete;
  RawHdf5& operator=(const RawHdf5&) = delete;

  hid_t file() const { return file_; }
  /// The group of the columns.
  hid_t group() const { return group_; }
  /// Name of a new dataset in the group; `values` null: none are written.
  hid_t add(const std::string& name, hid_t type, std::vector<hsize_t> extent, const void* values,
            hid_t properties = H5P_DEFAULT, hid_t memory_type = -1);
  template <class T>
  hid_t add(const std::string& name, hid_t type, const std::vector<T>& values, hid_t properties = H5P_DEFAULT,
            hid_t memory_type = -1) {
    return add(name, type, {values.size()}, values.data(), properties, memory_type);
  }
  /// Texts as the `columns` attribute of an object, of fixed width (the longest) or variable.
  void name_columns(hid_t object, const std::vector<std::string>& names, bool is_variable);

 private:
  hid_t file_ = -1;
  hid_t group_ = -1;
};

/// Creation properties with chunks of this size.
hid_t chunks_of(std::vector<hsize_t> sizes);
/// Type of a text: `bytes` 0 is variable length.
hid_t text_type(std::size_t bytes, H5T_str_t padding = H5T_STR_NULLPAD);
/// An enumeration over int8 with values 0, 1, ...
hid_t enum_type(std::initializer_list<const char*> names);

}  // namespace cardseg::support
