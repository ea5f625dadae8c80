// All shards of a portfolio as one table: global rows in the order of the shards' file names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_file.hpp"

namespace cardseg::io {

/// A shard and the global rows it holds.
struct PlacedShard {
  ShardHeader header;
  core::Range rows;
};

class ShardSet {
 public:
  /// Collective. `inputs` are shards or directories of shards (*.h5, *.hdf5); the same on all ranks. Each header is
  /// read by one rank and sent to all. Throws comm::AgreedError: input_missing where there is no shard; bad_data where
  /// a shard is not valid or two shards' columns differ (the message names both shards and the column).
  /// Numbers may be stored in different types.
  ShardSet(const comm::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
           const ShardReadOptions& options = {});

  std::int64_t rows() const { return shards_.empty() ? 0 : shards_.back().rows.end; }
  const std::vector<PlacedShard>& shards() const { return shards_; }
  /// The files of the shards.
  std::vector<std::filesystem::path> paths() const;
  /// The columns that all shards have, in the order of the first shard. Where shards store numbers in different types
  /// the column is "int64" of whole numbers, else "float64".
  const std::vector<StoredColumn>& columns() const { return columns_; }
  /// Index into `columns()`, or -1.
  int column_index(const std::string& name) const;
  /// Bytes of all shard files.
  std::int64_t bytes() const;
  /// The shard that holds a global row. Precondition: 0 <= row < rows().
  const PlacedShard& shard_of(std::int64_t row) const;

  /// Local: global rows [rows.begin, rows.end) of a column. Throws like ShardFile.
  void read_numbers(int column, core::Range rows, std::span<double> out) const;
  /// Local. Asks the system to fetch what `read_numbers` will read (ShardFile::prefetch).
  void prefetch(int column, core::Range rows) const;
  void read_integers(int column, core::Range rows, std::span<std::int64_t> out) const;
  std::vector<std::string> read_texts(int column, core::Range rows) const;

  /// Collective. SHA-256 of every shard file, in order; each file is read by one rank.
  std::vector<std::string> sha256(const comm::Communicator& comm) const;

 private:
  const ShardFile& opened(std::size_t shard) const;
  std::size_t column_in(const ShardFile& file, int column) const;
  template <class Use>
  void for_each_part(core::Range rows, Use use) const;

  std::vector<PlacedShard> shards_;
  std::vector<StoredColumn> columns_;
  ShardReadOptions options_;
  struct OpenShard {
    std::size_t index;
    ShardFile file;
  };
  mutable std::list<OpenShard> open_;  // the last few used, newest first
};

}  // namespace cardseg::io
