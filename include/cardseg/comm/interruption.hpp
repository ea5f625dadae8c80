// What ends long work that did not fail, as a signal does: all ranks together.
#pragma once

#include <functional>
#include <optional>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::comm {

/// `ask` is called on every rank whenever ranks agree (agree.hpp); where it gives an error on one, all throw that.
/// Empty: nothing is asked. Local, but alike on all ranks.
void set_interruption(std::function<std::optional<core::Error>()> ask);
/// Local. What the one that was set gives now; nothing while an Uninterrupted lives.
std::optional<core::Error> asked_interruption();
/// Collective where there is something to ask, else nothing: for long work in which ranks do not agree otherwise.
/// Throws comm::AgreedError.
void hear_interruption(const Communicator& comm);

/// While it lives nothing is asked: this work is to come to its end.
class Uninterrupted {
 public:
  Uninterrupted();
  ~Uninterrupted();
  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;
};

}  // namespace cardseg::comm
