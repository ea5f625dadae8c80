// The customers of a finished run as its label files name them: rows, ids, segments.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::segments {

/// The label files of a run, as one table in the order of the shards that it was made of.
class LabelledCustomers {
 public:
  /// Collective. `run`: the directory of a run, or that of its labels. Throws comm::AgreedError: input_missing where
  /// there are no labels, bad_data where a file is no label file.
  LabelledCustomers(const comm::Communicator& comm, const std::filesystem::path& run);

  /// Collective (a failure is agreed). The rows that are in a segment; null: all are.
  std::shared_ptr<const io::RowSelection> segmented(const comm::Communicator& comm) const;
  /// Leaves these alone (segmented()): every function below means them. check_same_customers() is of all rows.
  void select(std::shared_ptr<const io::RowSelection> segmented);

  std::int64_t rows() const { return labels_.rows(); }
  /// The label files.
  const io::ShardSet& files() const { return labels_; }
  /// The column of ids: that of the shards, "pseudonym", or "row".
  const std::string& id_column() const { return labels_.columns()[static_cast<std::size_t>(id_)].name; }
  bool has_text_ids() const;
  bool has_pseudonyms() const;
  /// Some customers may be in no segment, 0.
  bool has_reasons() const;
  /// Throws core::Error(usage) where there is a key and the labels hold pseudonyms already.
  void check_key(const std::string& key) const;

  /// Local. Of global rows; ids as texts.
  std::vector<std::string> ids(core::Range rows) const;
  std::vector<std::int64_t> segments(core::Range rows) const;
  std::vector<std::int64_t> seconds(core::Range rows) const;  ///< second_segment; 0: none
  std::vector<double> distances(core::Range rows) const;
  std::vector<double> margins(core::Range rows) const;
  /// Why customers are in no segment; empty for others. Precondition: has_reasons().
  std::vector<std::string> reasons(core::Range rows) const;

  /// Collective. Throws comm::AgreedError(bad_data) where `shards` are not those that the labels were made of: other
  /// files or rows, or, where both hold ids, another customer in a row.
  void check_same_customers(const comm::Communicator& comm, const io::ShardSet& shards) const;

 private:
  std::vector<std::int64_t> integers(const char* column, core::Range rows) const;
  std::vector<double> numbers(const char* column, core::Range rows) const;

  io::ShardSet labels_;
  int id_ = 0;  // the column of ids
};

/// Local. Ids of a column as texts: whole numbers by their digits.
std::vector<std::string> id_texts(const io::ShardSet& table, int column, core::Range rows);

}  // namespace cardseg::segments
