// Where good rows begin in a CSV file, in a fixed amount of memory however many there are.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::convert {

/// Byte offsets of rows 0, s, 2s, ..., where the stride s doubles whenever the index is full (512 KiB).
class CsvRowIndex {
 public:
  explicit CsvRowIndex(std::size_t capacity = 65536) : capacity_(capacity) {}

  /// The next row begins at `offset`.
  void add(std::int64_t offset) {
    if (rows_++ % stride_ != 0) return;
    if (offsets_.size() == capacity_) double_stride();
    if ((rows_ - 1) % stride_ == 0) offsets_.push_back(offset);
  }

  /// A row that is known to begin at `offset`, `skip` rows before the one asked for.
  struct Entry {
    std::int64_t offset = 0;
    std::int64_t skip = 0;
  };
  /// Precondition: 0 <= row < rows(). `skip` is below the stride.
  Entry find(std::int64_t row) const { return {offsets_[static_cast<std::size_t>(row / stride_)], row % stride_}; }

  std::int64_t rows() const { return rows_; }

 private:
  void double_stride() {
    for (std::size_t i = 0; 2 * i < offsets_.size(); ++i) offsets_[i] = offsets_[2 * i];
    offsets_.resize((offsets_.size() + 1) / 2);
    stride_ *= 2;
  }

  std::size_t capacity_;
  std::int64_t stride_ = 1;
  std::int64_t rows_ = 0;
  std::vector<std::int64_t> offsets_;
};

}  // namespace cardseg::convert
