// The core::Error that a piece of code throws, to be looked at by a test.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "cardseg/core/error.hpp"

namespace cardseg::support {

/// Fails the test where `work` throws nothing. CARDSEG_TEST_SHOW_ERRORS=1 prints the message.
template <class Work>
core::Error error_of(Work&& work) {
  try {
    work();
  } catch (const core::Error& error) {
    if (std::getenv("CARDSEG_TEST_SHOW_ERRORS"))
      std::fprintf(stderr, "%d %s\n", static_cast<int>(error.code()), error.what());
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {core::ExitCode::done, ""};
}

}  // namespace cardseg::support
