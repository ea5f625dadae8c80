#include "support/temporary_directory.hpp"

#include <cstdlib>
#include <iterator>
#include <stdexcept>

namespace cardseg::support {
namespace {

std::string make_unique_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "cardseg-test-XXXXXX").string();
  return ::mkdtemp(name.data()) ? name : std::string();
}

}  // namespace

TemporaryDirectory::TemporaryDirectory(const comm::Communicator& comm) : comm_(comm) {
  std::string name = comm_.is_root() ? make_unique_directory() : std::string();
  comm_.broadcast(name, 0);
  if (name.empty()) throw std::runtime_error("no directory could be made for this test");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  comm_.barrier();
  std::error_code ignored;
  if (comm_.is_root()) std::filesystem::remove_all(path_, ignored);
}

int TemporaryDirectory::entries() const {
  return static_cast<int>(std::distance(std::filesystem::directory_iterator(path_), {}));
}

}  // namespace cardseg::support
