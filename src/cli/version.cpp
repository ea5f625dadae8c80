#include "cardseg/cli/version.hpp"

#include <gnu/libc-version.h>

#include "cardseg/comm/session.hpp"
#include "cardseg/core/version.hpp"
#include "cardseg/io/shard_file.hpp"

namespace cardseg::cli {

std::vector<std::pair<std::string, std::string>> result_versions() {
  return {{"cardseg", core::version()}, {"libc", std::string("glibc ") + gnu_get_libc_version()}};
}

std::vector<std::pair<std::string, std::string>> build_versions() {
  return {{"commit", core::commit()},
          {"compiler", CARDSEG_COMPILER},
          {"hdf5", io::hdf5_version()},
          {"mpi", comm::library_version()}};
}

}  // namespace cardseg::cli
