// Versions of what a result and a build stand on.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cardseg::cli {

/// What a result may depend on: cardseg and the C library whose log1p and exp it used.
std::vector<std::pair<std::string, std::string>> result_versions();
/// Everything else for the record: commit, compiler, MPI, HDF5.
std::vector<std::pair<std::string, std::string>> build_versions();

}  // namespace cardseg::cli
