// The values of a dataset in chunks, of any type and of one or two dimensions, decoded here.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "cardseg/core/range.hpp"
#include "io/chunk_filters.hpp"
#include "io/number_type.hpp"
#include "io/value_digests.hpp"

namespace cardseg::io {

/// What is asked of a dataset piece by piece: the chunks that were decoded last are kept. HDF5 finds the chunks and
/// reads their stored bytes; it neither inflates nor converts. Local; for one thread; the dataset stays open meanwhile.
class ChunkValues {
 public:
  /// `value_bytes`: of a value in the file. `kept_bytes`: of decoded chunks; one is kept in any case.
  ChunkValues(hid_t dataset, std::int64_t value_bytes, std::int64_t kept_bytes);

  /// Values of `rows` in a column of the dataset (0 where it has one dimension): out.size() == rows.size(). Throws
  /// core::Error(internal), with the reason, where a chunk is lost or damaged.
  template <class Number>
  void read_numbers(const StoredNumber& stored, core::Range rows, std::int64_t column, std::span<Number> out);
  /// Their bytes as they are in the file.
  void read_bytes(core::Range rows, std::int64_t column, std::span<std::byte> out);

 private:
  struct Chunk {
    std::int64_t number = 0;
    std::vector<std::byte> bytes;
  };
  // use(first byte, stride, values, values before them) for each chunk that holds some of `rows`.
  template <class Use>
  void for_each_part(core::Range rows, std::int64_t column, Use use);
  const std::vector<std::byte>& chunk_at(std::int64_t row, std::int64_t column);
  bool is_at_edge(std::int64_t row, std::int64_t column) const;
  void check_digest(std::int64_t row, std::span<const std::byte> bytes) const;
  void decode(std::int64_t row, std::int64_t column, std::vector<std::byte>& out);

  hid_t dataset_;
  std::int64_t value_bytes_;
  std::int64_t rows_of_chunk_ = 1;
  std::int64_t columns_of_chunk_ = 1;
  std::int64_t chunk_bytes_ = 0;
  std::int64_t chunks_across_ = 1;
  int dimensions_ = 1;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 1;
  bool has_plain_edges_ = false;  // chunks that end outside of the dataset went through no filter
  std::size_t most_kept_ = 1;
  ValueDigests digests_;  // of datasets of one dimension
  std::optional<FilterPipeline> pipeline_;
  std::list<Chunk> kept_;  // the last used first
  std::unordered_map<std::int64_t, std::list<Chunk>::iterator> places_;
};

}  // namespace cardseg::io
