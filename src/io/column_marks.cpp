#include "io/column_marks.hpp"

#include <cmath>

#include "io/hdf5_texts.hpp"
#include "io/number_type.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

bool has_attribute(hid_t dataset, const char* name) { return check(H5Aexists(dataset, name), "H5Aexists") > 0; }

Handle type_of_attribute(hid_t attribute) { return {H5Aget_type(attribute), H5Tclose, "H5Aget_type"}; }

bool holds_one_value(hid_t attribute) {
  const Handle space(H5Aget_space(attribute), H5Sclose, "H5Aget_space");
  return H5Sget_simple_extent_npoints(space.get()) == 1;
}

// An attribute that is no single number says nothing.
void add_number(hid_t dataset, const char* name, MissingMarks& marks) {
  if (!has_attribute(dataset, name)) return;
  const Handle attribute(H5Aopen(dataset, name, H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type = type_of_attribute(attribute.get());
  const H5T_class_t type_class = H5Tget_class(type.get());
  if (type_class != H5T_INTEGER && type_class != H5T_FLOAT) return;
  if (!stored_number(type.get()) || !holds_one_value(attribute.get())) return;
  double number = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &number), "H5Aread");
  if (std::isnan(number)) return;
  marks.numbers.push_back(number);
  std::int64_t integer = 0;
  check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &integer), "H5Aread");
  if (type_class == H5T_INTEGER || number == static_cast<double>(integer)) marks.integers.push_back(integer);
}

void add_least_integer(hid_t dataset, MissingMarks& marks) {
  const Handle type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  if (H5Tget_class(type.get()) != H5T_INTEGER || H5Tget_sign(type.get()) != H5T_SGN_2) return;
  const int bits = static_cast<int>(8 * H5Tget_size(type.get()));
  marks.numbers.push_back(-std::ldexp(1.0, bits - 1));
  marks.integers.push_back(static_cast<std::int64_t>(-std::ldexp(1.0, bits - 1)));
}

}  // namespace

bool is_marked_as_date(hid_t dataset) {
  if (!has_attribute(dataset, "cardseg_kind")) return false;
  const Handle attribute(H5Aopen(dataset, "cardseg_kind", H5P_DEFAULT), H5Aclose, "H5Aopen");
  return H5Tget_class(type_of_attribute(attribute.get()).get()) == H5T_STRING && holds_one_value(attribute.get()) &&
         hdf5::read_texts_of_attribute(attribute.get(), 1).front() == "date";
}

MissingMarks missing_marks(hid_t dataset) {
  MissingMarks marks;
  for (const char* name : {"_FillValue", "missing_value"}) add_number(dataset, name, marks);
  if (has_attribute(dataset, "rhdf5-NA.OK")) add_least_integer(dataset, marks);
  return marks;
}

}  // namespace cardseg::io
