#include "io/file_bytes.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "io/hdf5_handle.hpp"

namespace cardseg::io {

using hdf5::check;
using hdf5::Handle;

bool read_fully(int descriptor, std::int64_t place, std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t some =
        ::pread(descriptor, out.data() + done, out.size() - done, place + static_cast<std::int64_t>(done));
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return false;
    done += static_cast<std::size_t>(some);
  }
  return true;
}

bool FileBytes::read(std::int64_t address, std::span<std::byte> out) const {
  if (address < 0 || address > bytes || std::ssize(out) > bytes - address) return false;
  return read_fully(descriptor, base + address, out);
}

FileBytes bytes_of(hid_t file) {
  const Handle access(H5Fget_access_plist(file), H5Pclose, "H5Fget_access_plist");
  const Handle creation(H5Fget_create_plist(file), H5Pclose, "H5Fget_create_plist");
  if (H5Pget_driver(access.get()) != H5FD_SEC2) return {};
  hsize_t user_block = 0;
  check(H5Pget_userblock(creation.get(), &user_block), "H5Pget_userblock");
  std::size_t address_bytes = 0;
  std::size_t size_bytes = 0;
  check(H5Pget_sizes(creation.get(), &address_bytes, &size_bytes), "H5Pget_sizes");
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor), "H5Fget_vfd_handle");
  FileBytes found;
  found.descriptor = *static_cast<const int*>(descriptor);
  struct stat facts {};
  if (::fstat(found.descriptor, &facts) != 0) return {};
  found.base = static_cast<std::int64_t>(user_block);
  found.bytes = facts.st_size - found.base;
  found.is_readable = address_bytes == 8 && size_bytes == 8;
  return found;
}

}  // namespace cardseg::io
