#include "support/raw_hdf5.hpp"

#include <algorithm>
#include <stdexcept>

#include "io/hdf5_handle.hpp"

namespace cardseg::support {
namespace {

hid_t good(hid_t id) {
  if (id < 0) throw std::runtime_error("an HDF5 file for this test could not be made");
  return id;
}

}  // namespace

RawHdf5::RawHdf5(const std::filesystem::path& path, const std::string& group) {
  io::hdf5::start();
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  file_ = good(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
  H5Pclose(access);
  group_ = group == "/" ? good(H5Gopen2(file_, "/", H5P_DEFAULT))
                        : good(H5Gcreate2(file_, group.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

RawHdf5::~RawHdf5() { H5Fclose(file_); }

hid_t RawHdf5::add(const std::string& name, hid_t type, std::vector<hsize_t> extent, const void* values,
                   hid_t properties, hid_t memory_type) {
  const hid_t space = good(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr));
  const hid_t dataset = good(H5Dcreate2(group_, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  if (values) good(H5Dwrite(dataset, memory_type < 0 ? type : memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  H5Sclose(space);
  return dataset;
}

void RawHdf5::name_columns(hid_t object, const std::vector<std::string>& names, bool is_variable) {
  std::size_t width = 1;
  for (const std::string& name : names) width = std::max(width, name.size());
  const hid_t type = text_type(is_variable ? 0 : width);
  const hsize_t count = names.size();
  const hid_t space = good(H5Screate_simple(1, &count, nullptr));
  const hid_t attribute = good(H5Acreate2(object, "columns", type, space, H5P_DEFAULT, H5P_DEFAULT));
  std::vector<const char*> pointers;
  std::string fixed(width * names.size(), '\0');
  for (std::size_t i = 0; i < names.size(); ++i) {
    pointers.push_back(names[i].c_str());
    fixed.replace(i * width, names[i].size(), names[i]);
  }
  good(H5Awrite(attribute, type, is_variable ? static_cast<const void*>(pointers.data()) : fixed.data()));
  H5Aclose(attribute);
}

hid_t chunks_of(std::vector<hsize_t> sizes) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  good(H5Pset_chunk(properties, static_cast<int>(sizes.size()), sizes.data()));
  return properties;
}

hid_t text_type(std::size_t bytes, H5T_str_t padding) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  good(H5Tset_size(type, bytes == 0 ? H5T_VARIABLE : bytes));
  good(H5Tset_cset(type, H5T_CSET_UTF8));
  if (bytes > 0) good(H5Tset_strpad(type, padding));
  return type;
}

hid_t enum_type(std::initializer_list<const char*> names) {
  const hid_t type = good(H5Tenum_create(H5T_STD_I8LE));
  signed char value = 0;
  for (const char* name : names) {
    good(H5Tenum_insert(type, name, &value));
    ++value;
  }
  return type;
}

}  // namespace cardseg::support
