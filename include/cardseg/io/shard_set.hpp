// All shards of a portfolio as one table: global rows in the order of the shards' file names. A selection makes it the
// table of some of the rows, which are then numbered as if there were no others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/row_selection.hpp"
#include "cardseg/io/shard_file.hpp"

namespace cardseg::io {

/// A shard and the global rows it holds, selected or not.
struct PlacedShard {
  ShardHeader header;
  core::Range rows;
};

/// Where a row is stored.
struct RowPlace {
  std::filesystem::path file;
  std::int64_t row = 0;  ///< in the file, from 0
};

class ShardSet {
 public:
  /// Collective. `inputs` are shards or directories of shards (*.h5, *.hdf5); the same on all ranks. Each header is
  /// read by one rank and sent to all. Throws comm::AgreedError: input_missing where there is no shard; bad_data where
  /// a shard is not valid or two shards' columns differ (the message names both shards and the column).
  /// Numbers may be stored in different types.
  ShardSet(const comm::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
           const ShardReadOptions& options = {});

  /// The same shards, with the rows of `selection` alone, or all of them where there is none. Every function below that
  /// takes rows means these, counted from 0. Precondition: it is of all_rows() rows.
  ShardSet selected(std::shared_ptr<const RowSelection> selection) const;
  /// Null: all rows.
  const RowSelection* selection() const { return selection_.get(); }

  std::int64_t rows() const { return selection_ ? selection_->rows() : all_rows(); }
  /// Of all shards, selected or not.
  std::int64_t all_rows() const { return shards_.empty() ? 0 : shards_.back().rows.end; }
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
  /// Precondition: 0 <= row < rows().
  RowPlace place_of(std::int64_t row) const;

  /// Local: rows [rows.begin, rows.end) of a column; with a selection in blocks of 64 Ki stored rows. Throws like
  /// ShardFile.
  void read_numbers(int column, core::Range rows, std::span<double> out) const;
  /// Local. Asks the system to fetch what `read_numbers` will read (ShardFile::prefetch).
  void prefetch(int column, core::Range rows) const;
  void read_integers(int column, core::Range rows, std::span<std::int64_t> out) const;
  std::vector<std::string> read_texts(int column, core::Range rows) const;

  /// Collective. SHA-256 of every shard file, in order; each file is read by one rank.
  std::vector<std::string> sha256(const comm::Communicator& comm) const;

 private:
  ShardSet() = default;

  const ShardFile& opened(std::size_t shard) const;
  std::size_t column_in(const ShardFile& file, int column) const;
  template <class Use>
  void for_each_part(core::Range rows, Use use) const;
  template <class T, class Read>
  void read_selected(core::Range rows, std::span<T> out, Read read) const;

  std::vector<PlacedShard> shards_;
  std::vector<StoredColumn> columns_;
  ShardReadOptions options_;
  std::shared_ptr<const RowSelection> selection_;
  struct OpenShard {
    std::size_t index;
    ShardFile file;
  };
  mutable std::list<OpenShard> open_;  // the last few used, newest first
};

}  // namespace cardseg::io
