#include "io/foreign_layout.hpp"

#include "cardseg/core/error.hpp"
#include "cardseg/io/utf8.hpp"
#include "io/hdf5_texts.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using hdf5::check;
using hdf5::Handle;

// The text of an attribute of a member; empty where there is none.
std::string mark_of(hid_t object, const char* attribute_name) {
  if (check(H5Aexists(object, attribute_name), "H5Aexists") == 0) return "";
  const Handle attribute(H5Aopen(object, attribute_name, H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != 1) return "";
  return hdf5::read_texts_of_attribute(attribute.get(), 1).front();
}

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  Error error(ExitCode::bad_data, what);
  throw error.remedy(remedy);
}

}  // namespace

void refuse_foreign_layout(hid_t file, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose, "H5Oopen");
    if (!mark_of(object.get(), "MATLAB_class").empty())
      refuse("is a MATLAB file (version 7.3), which has variables and no columns of one table",
             "Write CSV in MATLAB, writetable(T, 'customers.csv'), for 'cardseg convert'");
    const std::string pandas = mark_of(object.get(), "pandas_type");
    if (pandas.empty()) continue;
    const bool is_table = pandas.find("table") != std::string::npos;
    refuse(
        "holds /" + shown(name) + " in pandas' " + (is_table ? "table" : "fixed") +
            " layout (to_hdf), which keeps names or texts in pickles",
        "Write a shard from it: python3 cardseg_shards.py IN.h5 OUT.h5 (the script is in share/cardseg), or in pandas "
        "write_shard(df, 'OUT.h5')");
  }
}

}  // namespace cardseg::io
