#include "io/hdf5_texts.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <string_view>

namespace cardseg::io::hdf5 {
namespace {

using core::Error;
using core::ExitCode;

// What HDF5 gets its memory for variable-length texts from: bounded for each text, freed whatever happens.
class TextArena {
 public:
  /// Properties of a read whose texts come from this arena.
  Handle transfer() {
    Handle properties(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "H5Pcreate");
    check(H5Pset_vlen_mem_manager(properties.get(), allocate, this, ignore, nullptr), "H5Pset_vlen_mem_manager");
    return properties;
  }
  bool has_refused() const { return has_refused_; }

 private:
  static void* allocate(std::size_t bytes, void* arena) {
    auto& self = *static_cast<TextArena*>(arena);
    self.has_refused_ = self.has_refused_ || bytes > static_cast<std::size_t>(max_text_bytes) + 1;
    if (self.has_refused_) return nullptr;
    try {
      self.texts_.push_back(std::make_unique<char[]>(bytes));
      return self.texts_.back().get();
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  static void ignore(void*, void*) {}

  std::vector<std::unique_ptr<char[]>> texts_;
  bool has_refused_ = false;
};

Handle text_type_like(hid_t stored_type, std::size_t size) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  check(H5Tset_size(type.get(), size), "H5Tset_size");
  check(H5Tset_cset(type.get(), H5Tget_cset(stored_type)), "H5Tset_cset");
  if (size != H5T_VARIABLE) check(H5Tset_strpad(type.get(), H5Tget_strpad(stored_type)), "H5Tset_strpad");
  return type;
}

bool is_variable(hid_t type) { return check(H5Tis_variable_str(type), "H5Tis_variable_str") > 0; }

std::vector<std::string> as_texts(const std::vector<char*>& pointers) {
  std::vector<std::string> texts;
  texts.reserve(pointers.size());
  for (const char* pointer : pointers) texts.emplace_back(pointer ? pointer : "");
  return texts;
}

// Texts of a fixed width without their padding: all from the first NUL, or NULs or spaces at the end.
std::vector<std::string> as_texts(std::string_view buffer, std::size_t width, H5T_str_t padding) {
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

// read(type, out) reads all texts, in that type of memory.
template <class Read>
std::vector<std::string> read_fixed(hid_t stored_type, std::int64_t count, Read read) {
  const std::size_t width = H5Tget_size(stored_type);
  if (width > static_cast<std::size_t>(max_text_bytes)) refuse_long_text();
  std::string buffer(static_cast<std::size_t>(count) * width, '\0');
  read(text_type_like(stored_type, width).get(), buffer.data());
  return as_texts(buffer, width, H5Tget_strpad(stored_type));
}

}  // namespace

std::vector<std::string> read_texts(hid_t dataset, hid_t memory_space, hid_t file_space, std::int64_t count) {
  const Handle stored(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  if (!is_variable(stored.get()))
    return read_fixed(stored.get(), count, [&](hid_t type, void* out) {
      check(H5Dread(dataset, type, memory_space, file_space, H5P_DEFAULT, out), "H5Dread");
    });
  TextArena arena;
  std::vector<char*> pointers(static_cast<std::size_t>(count), nullptr);
  const Handle type = text_type_like(stored.get(), H5T_VARIABLE);
  const Handle transfer = arena.transfer();
  const herr_t result = H5Dread(dataset, type.get(), memory_space, file_space, transfer.get(), pointers.data());
  if (arena.has_refused()) refuse_long_text();
  check(result, "H5Dread");
  return as_texts(pointers);
}

std::vector<std::string> read_texts_of_attribute(hid_t attribute, std::int64_t count) {
  const Handle stored(H5Aget_type(attribute), H5Tclose, "H5Aget_type");
  if (!is_variable(stored.get()))
    return read_fixed(stored.get(), count,
                      [&](hid_t type, void* out) { check(H5Aread(attribute, type, out), "H5Aread"); });
  std::vector<char*> pointers(static_cast<std::size_t>(count), nullptr);
  check(H5Aread(attribute, text_type_like(stored.get(), H5T_VARIABLE).get(), pointers.data()), "H5Aread");
  std::vector<std::string> texts = as_texts(pointers);
  for (char* pointer : pointers) H5free_memory(pointer);
  return texts;
}

}  // namespace cardseg::io::hdf5
