#include "cardseg/comm/interruption.hpp"

#include <utility>

#include "cardseg/comm/agree.hpp"

namespace cardseg::comm {
namespace {

std::function<std::optional<core::Error>()> interruption;
thread_local int uninterrupted = 0;  // several threads may fit small samples at the same time

bool is_asked() { return interruption && uninterrupted == 0; }

}  // namespace

void set_interruption(std::function<std::optional<core::Error>()> ask) { interruption = std::move(ask); }

std::optional<core::Error> asked_interruption() { return is_asked() ? interruption() : std::nullopt; }

void hear_interruption(const Communicator& comm) {
  if (is_asked()) throw_agreed(comm, std::nullopt);
}

Uninterrupted::Uninterrupted() { ++uninterrupted; }
Uninterrupted::~Uninterrupted() { --uninterrupted; }

}  // namespace cardseg::comm
