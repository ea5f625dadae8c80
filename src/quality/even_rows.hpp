// Rows of a sample that are looked at where not all need to be.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::quality {

/// Pure. Of `rows` rows at most `most`, evenly spaced from the first; all where they are no more.
inline std::vector<std::int64_t> even_rows(std::int64_t rows, std::int64_t most) {
  std::vector<std::int64_t> chosen;
  const std::int64_t wanted = rows < most ? rows : most;
  for (std::int64_t i = 0; i < wanted; ++i) chosen.push_back(i * rows / wanted);
  return chosen;
}

}  // namespace cardseg::quality
