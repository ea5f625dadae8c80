// Runs a piece of a test once for each vector width of this processor.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "cardseg/cluster/vector_width.hpp"

namespace cardseg::support {

/// work(name of the width); the width is "auto" again afterwards.
template <class Work>
void for_every_width(Work work) {
  for (const std::string& width : cluster::vector_widths()) {
    SCOPED_TRACE("vector width " + width);
    cluster::choose_vector_width(width);
    work(width);
  }
  cluster::choose_vector_width("auto");
}

}  // namespace cardseg::support
