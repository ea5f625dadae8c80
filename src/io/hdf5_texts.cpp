#include "io/hdf5_texts.hpp"

#include <algorithm>
#include <string_view>

namespace cardseg::io::hdf5 {
namespace {

using core::Error;
using core::ExitCode;

Handle reference_type() { return {H5Tcreate(H5T_OPAQUE, GlobalHeap::reference_bytes), H5Tclose, "H5Tcreate"}; }

Handle variable_text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  check(H5Tset_size(type.get(), H5T_VARIABLE), "H5Tset_size");
  return type;
}

// From a text of variable length in a file to opaque bytes: both are the reference.
herr_t keep_reference(hid_t stored, hid_t wanted, H5T_cdata_t* conversion, std::size_t, std::size_t, std::size_t, void*,
                      void*, hid_t) {
  if (conversion->command != H5T_CONV_INIT) return 0;
  conversion->need_bkg = H5T_BKG_NO;
  const bool is_text = H5Tis_variable_str(stored) > 0;
  return is_text && H5Tget_size(stored) == GlobalHeap::reference_bytes &&
                 H5Tget_size(wanted) == GlobalHeap::reference_bytes
             ? 0
             : -1;
}

bool is_variable(hid_t type) { return check(H5Tis_variable_str(type), "H5Tis_variable_str") > 0; }

// What the stored bytes are read as: themselves.
Handle type_of_bytes(hid_t type) {
  return is_variable(type) ? reference_type() : Handle(H5Tcopy(type), H5Tclose, "H5Tcopy");
}

// Texts of a fixed width without their padding: all from the first NUL, or NULs or spaces at the end.
std::vector<std::string> fixed_texts(std::string_view buffer, std::size_t width, H5T_str_t padding) {
  std::vector<std::string> texts;
  texts.reserve(buffer.size() / width);
  for (std::size_t at = 0; at < buffer.size(); at += width) {
    const std::string_view padded = buffer.substr(at, width);
    const std::size_t length = padding == H5T_STR_NULLTERM
                                   ? std::min(padded.find('\0'), width)
                                   : padded.find_last_not_of(padding == H5T_STR_SPACEPAD ? ' ' : '\0') + 1;
    texts.emplace_back(padded.substr(0, length));
  }
  return texts;
}

[[noreturn]] void refuse_long_text() {
  Error error(ExitCode::bad_data, "a text is longer than " + std::to_string(max_text_bytes) + " bytes");
  throw error.remedy("Exclude the column, or shorten its texts");
}

}  // namespace

void register_references() {
  check(H5Tregister(H5T_PERS_SOFT, "reference to a text", variable_text_type().get(), reference_type().get(),
                    keep_reference),
        "H5Tregister");
}

std::int64_t stored_value_bytes(hid_t type) {
  const bool is_reference = H5Tget_class(type) == H5T_STRING && is_variable(type);
  return static_cast<std::int64_t>(is_reference ? GlobalHeap::reference_bytes : H5Tget_size(type));
}

void read_stored_texts(hid_t dataset, hid_t memory_space, hid_t file_space, std::span<std::byte> out) {
  const Handle stored(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  check(H5Dread(dataset, type_of_bytes(stored.get()).get(), memory_space, file_space, H5P_DEFAULT, out.data()),
        "H5Dread");
}

std::vector<std::string> texts_of(hid_t type, std::span<const std::byte> stored, GlobalHeap& heap) {
  if (!is_variable(type))
    return fixed_texts({reinterpret_cast<const char*>(stored.data()), stored.size()}, H5Tget_size(type),
                       H5Tget_strpad(type));
  std::vector<std::string> texts;
  texts.reserve(stored.size() / GlobalHeap::reference_bytes);
  for (; stored.size() >= GlobalHeap::reference_bytes; stored = stored.subspan(GlobalHeap::reference_bytes))
    texts.push_back(heap.text(stored.first<GlobalHeap::reference_bytes>(), max_text_bytes));
  return texts;
}

std::vector<std::string> read_texts_of_attribute(hid_t attribute, std::int64_t count) {
  const Handle stored(H5Aget_type(attribute), H5Tclose, "H5Aget_type");
  const std::int64_t width = stored_value_bytes(stored.get());
  if (width > max_text_bytes) refuse_long_text();
  std::vector<std::byte> bytes(static_cast<std::size_t>(count * width));
  check(H5Aread(attribute, type_of_bytes(stored.get()).get(), bytes.data()), "H5Aread");
  const Handle file(H5Iget_file_id(attribute), H5Fclose, "H5Iget_file_id");
  GlobalHeap heap(bytes_of(file.get()));
  return texts_of(stored.get(), bytes, heap);
}

}  // namespace cardseg::io::hdf5
