// Records change ranks: each goes to the rank that is named for it, in rounds of bounded memory.
//
// Where rows that share a key must meet (equal ids, one customer's transactions, a customer in two segmentations), each
// is sent to the rank that owns the key: hash % ranks, say. Answers go back by a second exchange, to `source`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::comm {

/// What a rank has for the others. Records have any length, 0 included; each takes 1 to 10 bytes more.
class Outbox {
 public:
  /// For ranks 0 to `ranks` - 1.
  explicit Outbox(int ranks) : streams_(static_cast<std::size_t>(ranks)) {}

  /// Local. Copies the record. Precondition: 0 <= destination < ranks.
  void add(int destination, std::span<const std::byte> record);

  int ranks() const { return static_cast<int>(streams_.size()); }
  /// All that goes to a rank: of each record its length, then itself.
  std::span<const std::byte> stream(int destination) const { return streams_[static_cast<std::size_t>(destination)]; }

 private:
  std::vector<std::vector<std::byte>> streams_;
};

/// Local. Is given each record that came, and the rank that sent it.
using Received = std::function<void(int source, std::span<const std::byte> record)>;

constexpr std::int64_t exchange_round_bytes = std::int64_t{8} << 20;

/// Collective. Hands every record to `received` on its destination; those of one source come in the order of `add`, but
/// sources take turns. Ranks may have any number of records, and all may go to one rank.
///
/// No rank sends or receives more than `round_bytes` in a round (or a byte from each rank, where that is more), however
/// uneven the records are: there are as many rounds as the longest stream needs in pieces of round_bytes / ranks.
/// Memory beside the outbox, and beside what `received` keeps: about 3 round_bytes, and from each rank one record that
/// is on its way. A round is one alltoall and one alltoallv.
///
/// Throws AgreedError where `received` failed on any rank; it is not called there any more, but the rounds go on.
void exchange(const Communicator& comm, const Outbox& outbox, const Received& received,
              std::int64_t round_bytes = exchange_round_bytes);

}  // namespace cardseg::comm
