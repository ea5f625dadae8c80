// What a list says of its customers: its columns, and their values where a rank has the rows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cardseg/segments/customer_list.hpp"
#include "segments/listed_row.hpp"

namespace cardseg::segments {

/// Pure. The index of a column that `option` names. Throws core::Error(usage) naming the nearest where there is none.
int named_column(const io::ShardSet& shards, const std::string& name, const char* option);

class ListColumns {
 public:
  /// `key_column`: a column of the shards by which the list is ordered; empty: none is. Throws core::Error(usage) where
  /// a column is not there or would be there twice.
  ListColumns(const ListSources& sources, const ListOptions& options, const std::string& key_column);

  const std::vector<io::ColumnSpec>& specs() const { return specs_; }
  bool has_like_distance() const { return !options_.like.empty(); }

  /// Local. The rows of chosen customers, which lie in `block`; `like_distance` has a number for each of them, where
  /// there are some, and `reasons` a value for each of reason_columns().
  std::vector<ListedRow> rows(core::Range block, std::span<const Candidate> chosen,
                              std::span<const double> like_distance,
                              std::span<const std::vector<io::CsvValue>> reasons) const;

 private:
  void add(io::ColumnSpec column);
  io::CsvValue id_value(const std::string& id) const;
  void add_values(const io::ColumnSpec& spec, core::Range block, std::vector<ListedRow>& rows) const;

  const ListSources& from_;
  const ListOptions& options_;
  std::vector<io::ColumnSpec> specs_;
  std::size_t first_of_shards_ = 0;  // the columns of specs_ that the shards have: [first, end)
  std::size_t end_of_shards_ = 0;
};

}  // namespace cardseg::segments
