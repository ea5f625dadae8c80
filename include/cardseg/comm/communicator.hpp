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

/// A value: copies name the same group and never communicate. Default-constructed it is one rank alone and needs no MPI.
///
/// Every verb but `send` and `receive` is collective: all ranks call it, in the same order, with the same sizes.
/// All throw core::Error with ExitCode::system, naming the MPI call, where MPI reports a failure.
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

  /// to_rank[r] goes to rank r; returns what all ranks sent here, in rank order. Fewer than 2^31 integers a rank.
  std::vector<std::int64_t> alltoall(const std::vector<std::vector<std::int64_t>>& to_rank) const;

  void barrier() const;

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
