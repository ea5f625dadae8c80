#include "cardseg/core/version.hpp"

#include "commit.inc"  // written by cmake/WriteCommit.cmake when it changes

namespace cardseg::core {

std::string version() { return CARDSEG_VERSION; }
std::string commit() { return CARDSEG_COMMIT; }

}  // namespace cardseg::core
