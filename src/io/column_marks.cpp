#include "io/column_marks.hpp"

#include "io/hdf5_texts.hpp"

namespace cardseg::io {

using hdf5::check;
using hdf5::Handle;

bool is_marked_as_date(hid_t dataset) {
  if (check(H5Aexists(dataset, "cardseg_kind"), "H5Aexists") == 0) return false;
  const Handle attribute(H5Aopen(dataset, "cardseg_kind", H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  return H5Tget_class(type.get()) == H5T_STRING && H5Sget_simple_extent_npoints(space.get()) == 1 &&
         hdf5::read_texts_of_attribute(attribute.get(), 1).front() == "date";
}

}  // namespace cardseg::io
