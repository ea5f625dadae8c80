#include "convert/csv_shard_values.hpp"

#include <hdf5.h>

#include <stdexcept>

#include "io/hdf5_handle.hpp"

namespace cardseg::convert {
namespace {

using io::hdf5::check;
using io::hdf5::Handle;

struct Column {
  Handle file;
  Handle dataset;
  Handle type;
  std::size_t rows = 0;
};

Column open(const std::filesystem::path& shard, const std::string& name) {
  io::hdf5::start();
  Column column;
  column.file = Handle(H5Fopen(shard.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "H5Fopen");
  column.dataset =
      Handle(H5Dopen2(column.file.get(), ("customers/" + name).c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen2");
  column.type = Handle(H5Dget_type(column.dataset.get()), H5Tclose, "H5Dget_type");
  const Handle space(H5Dget_space(column.dataset.get()), H5Sclose, "H5Dget_space");
  column.rows =
      static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space.get()), "H5Sget_simple_extent_npoints"));
  return column;
}

template <class T>
std::vector<T> read(const Column& column, hid_t memory_type, std::size_t values) {
  std::vector<T> out(values);
  check(H5Dread(column.dataset.get(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data()), "H5Dread");
  return out;
}

}  // namespace

std::vector<double> numbers_in(const std::filesystem::path& shard, const std::string& name) {
  const Column column = open(shard, name);
  if (H5Tget_class(column.type.get()) != H5T_ENUM) return read<double>(column, H5T_NATIVE_DOUBLE, column.rows);
  const std::vector<signed char> truths = read<signed char>(column, column.type.get(), column.rows);
  return {truths.begin(), truths.end()};
}

std::vector<std::string> texts_in(const std::filesystem::path& shard, const std::string& name) {
  const Column column = open(shard, name);
  const std::size_t width = H5Tget_size(column.type.get());
  const std::vector<char> bytes = read<char>(column, column.type.get(), column.rows * width);
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column.rows; ++row) {
    const std::string padded(bytes.data() + row * width, width);
    texts.push_back(padded.substr(0, padded.find('\0')));
  }
  return texts;
}

}  // namespace cardseg::convert
