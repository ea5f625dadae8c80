#include "support/world.hpp"

namespace cardseg::support {
namespace {

comm::Communicator& instance() {
  static comm::Communicator comm;
  return comm;
}

}  // namespace

const comm::Communicator& world() { return instance(); }
void set_world(const comm::Communicator& comm) { instance() = comm; }

}  // namespace cardseg::support
