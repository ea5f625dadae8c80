#include "cardseg/io/column_kind.hpp"

#include "cardseg/io/shard_file.hpp"
#include "io/hdf5_handle.hpp"
#include "io/hdf5_texts.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

bool is_marked_as_date(hid_t dataset) {
  if (check(H5Aexists(dataset, "cardseg_kind"), "H5Aexists") == 0) return false;
  const Handle attribute(H5Aopen(dataset, "cardseg_kind", H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  return H5Tget_class(type.get()) == H5T_STRING && hdf5::read_texts_of_attribute(attribute.get(), 1).front() == "date";
}

}  // namespace

std::set<std::string> date_columns(const std::filesystem::path& shard) {
  const ShardHeader header = ShardFile(shard).header();  // passes the validator, or throws
  std::set<std::string> names;
  if (header.layout != Layout::canonical) return names;
  const Handle file(H5Fopen(shard.c_str(), H5F_ACC_RDONLY, hdf5::file_access().get()), H5Fclose, "H5Fopen");
  const Handle group(H5Gopen2(file.get(), "customers", H5P_DEFAULT), H5Gclose, "H5Gopen2");
  for (const StoredColumn& column : header.columns) {
    const Handle dataset(H5Dopen2(group.get(), column.name.c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen2");
    if (is_marked_as_date(dataset.get())) names.insert(column.name);
  }
  return names;
}

}  // namespace cardseg::io
