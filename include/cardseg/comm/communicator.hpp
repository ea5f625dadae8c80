// A group of ranks and the few verbs that cardseg needs of it. The only module that knows MPI is behind this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::comm {

/// What a rank did through a group: calls of MPI, the bytes of its own buffers in them, and the seconds that they took,
/// waiting for slower ranks included. Counted always; costs two looks at the clock a call.
struct Traffic {
  std::int64_t calls = 0;
  std::int64_t bytes = 0;
  double elapsed_s = 0.0;

  Traffic& operator+=(const Traffic& other);
  friend Traffic operator-(const Traffic& after, const Traffic& before);
};

/// A value: copies name the same group and never communicate. Default-constructed it is one rank alone and needs no
/// MPI.
///
/// Every verb but `send`, `receive` and `traffic` is collective: all ranks call it, in the same order, with the same
/// sizes. All throw core::Error with ExitCode::system, naming the MPI call, where MPI reports a failure.
class Communicator {
 public:
  Communicator() = default;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool is_root() const { return rank_ == 0; }

  /// In place: values[i] becomes its sum over the ranks.
  void allreduce_sum(std::span<std::int64_t> values) const;
  /// The same for 128-bit sums; they travel as limbs (core::Limbs), 16 bytes each.
  void allreduce_sum(std::span<core::int128> values) const;
  void allreduce_max(std::span<double> values) const;
  void allreduce_min(std::span<double> values) const;
  void allreduce_max(std::span<std::int64_t> values) const;
  void allreduce_min(std::span<std::int64_t> values) const;

  std::int64_t sum(std::int64_t value) const;
  std::int64_t min(std::int64_t value) const;
  std::int64_t max(std::int64_t value) const;
  double min(double value) const;
  double max(double value) const;
  /// The sum over all lower ranks; 0 on rank 0.
  core::int128 exscan_sum(core::int128 value) const;

  /// In place: every rank gets the bytes of `root`.
  void broadcast(std::span<std::byte> bytes, int root) const;
  void broadcast(std::span<double> values, int root) const { broadcast(std::as_writable_bytes(values), root); }
  /// Strings may have any length on the other ranks.
  void broadcast(std::string& text, int root) const;

  /// One value (or string) of each rank, in rank order, on every rank.
  std::vector<std::int64_t> allgather(std::int64_t value) const;
  std::vector<double> allgather(double value) const;
  std::vector<std::string> allgather(const std::string& text) const;

  /// to_rank[r] goes to rank r; returns what each rank sent here. Fewer than 2^31 bytes to and from all ranks together:
  /// `exchange` (exchange.hpp) sends any number in rounds.
  std::vector<std::vector<std::byte>> alltoall(std::span<const std::span<const std::byte>> to_rank) const;

  void barrier() const;
  /// A barrier in which ranks sleep while they wait: their cores are free for those that work. Up to some milliseconds
  /// late.
  void quiet_barrier() const;

  /// The ranks that gave the same colour (0 or more), in their order here: a group of its own, with its own traffic. It
  /// is given back when the last copy goes, which every rank's must before MPI ends.
  Communicator split(int colour) const;

  /// Local. Of this rank, through this object and its copies, so far. Ranks alone have none.
  Traffic traffic() const;

  /// Local pair: returns when the buffer may be used again. Any number of bytes.
  void send(std::span<const std::byte> bytes, int destination, int tag) const;
  /// Local pair: `bytes` has exactly the size that was sent.
  void receive(std::span<std::byte> bytes, int source, int tag) const;

 private:
  friend class Session;
  struct Handle;
  std::shared_ptr<const Handle> handle_;  // null: alone
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace cardseg::comm
