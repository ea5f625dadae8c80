// Which cores of which machines ranks run on: whether a measured time says something about speed.
#pragma once

#include <span>
#include <string>

namespace cardseg::comm {

/// Local. Where this rank runs and with how many threads, as a text that `count_places` reads: the machine (one running
/// kernel, however many names it has) and the cores that the rank may use.
std::string local_place(int threads);

/// Some ranks' places, added up.
struct Placement {
  int machines = 0;
  int cores = 0;            ///< that any of the ranks may use; hardware threads count as cores
  int threads = 0;          ///< of all ranks
  bool is_crowded = false;  ///< on some machine more threads than cores: they take turns
};

/// Pure. Throws core::Error(internal) where a text is none of `local_place`.
Placement count_places(std::span<const std::string> places);

}  // namespace cardseg::comm
