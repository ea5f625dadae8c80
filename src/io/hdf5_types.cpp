#include "io/hdf5_types.hpp"

#include <algorithm>

namespace cardseg::io::hdf5 {
namespace {

Handle copy_of(hid_t type) { return {H5Tcopy(type), H5Tclose, "H5Tcopy"}; }

Handle make_text(std::int64_t bytes) {
  Handle type = copy_of(H5T_C_S1);
  check(H5Tset_size(type.get(), static_cast<std::size_t>(std::max<std::int64_t>(bytes, 1))), "H5Tset_size");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "H5Tset_cset");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "H5Tset_strpad");
  return type;
}

Handle make_boolean() {
  Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose, "H5Tenum_create");
  const std::int8_t no = 0;
  const std::int8_t yes = 1;
  check(H5Tenum_insert(type.get(), "FALSE", &no), "H5Tenum_insert");
  check(H5Tenum_insert(type.get(), "TRUE", &yes), "H5Tenum_insert");
  return type;
}

}  // namespace

Handle make_type(const ColumnSpec& column) {
  switch (column.type) {
    case ColumnType::boolean: return make_boolean();
    case ColumnType::int32: return copy_of(H5T_STD_I32LE);
    case ColumnType::int64: return copy_of(H5T_STD_I64LE);
    case ColumnType::float32: return copy_of(H5T_IEEE_F32LE);
    case ColumnType::float64: return copy_of(H5T_IEEE_F64LE);
    case ColumnType::text: return make_text(column.text_bytes);
  }
  throw core::Error(core::ExitCode::internal, "no such column type");
}

}  // namespace cardseg::io::hdf5
