#include "cardseg/io/row_selection.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

namespace cardseg::io {
namespace {

using core::Range;

constexpr std::int64_t word_rows = 64;
constexpr std::int64_t block_words = 8;
constexpr std::int64_t block_rows = block_words * word_rows;

std::int64_t words_for(std::int64_t rows) { return (rows + word_rows - 1) / word_rows; }

// The place of the n-th set bit, from 0.
int nth_bit(std::uint64_t word, std::int64_t n) {
  for (; n > 0; --n) word &= word - 1;
  return std::countr_zero(word);
}

// The words that hold some rows.
Range words_of(Range rows) { return rows.is_empty() ? Range{} : Range{rows.begin / word_rows, words_for(rows.end)}; }

}  // namespace

RowSelection::RowSelection(std::int64_t rows, std::vector<std::uint64_t> words)
    : all_rows_(rows), words_(std::move(words)) {
  words_.resize(static_cast<std::size_t>(words_for(rows)));
  if (rows % word_rows != 0) words_.back() &= (std::uint64_t{1} << (rows % word_rows)) - 1;
  std::int64_t count = 0;
  for (std::size_t w = 0; w < words_.size(); ++w) {
    if (w % block_words == 0) counts_.push_back(count);
    count += std::popcount(words_[w]);
  }
  counts_.push_back(count);
}

bool RowSelection::contains(std::int64_t row) const {
  return (words_[static_cast<std::size_t>(row / word_rows)] >> (row % word_rows) & 1) != 0;
}

std::int64_t RowSelection::count_before(std::int64_t row) const {
  if (row >= all_rows_) return rows();
  const auto word = static_cast<std::size_t>(row / word_rows);
  const auto block = static_cast<std::size_t>(row / block_rows);
  std::int64_t count = counts_[block];
  for (std::size_t w = block * block_words; w < word; ++w) count += std::popcount(words_[w]);
  return count + std::popcount(words_[word] & ((std::uint64_t{1} << (row % word_rows)) - 1));
}

std::int64_t RowSelection::row_at(std::int64_t place) const {
  const auto next = std::upper_bound(counts_.begin(), counts_.end() - 1, place);
  auto word = static_cast<std::size_t>(next - counts_.begin() - 1) * block_words;
  std::int64_t left = place - *(next - 1);
  for (; left >= std::popcount(words_[word]); ++word) left -= std::popcount(words_[word]);
  return static_cast<std::int64_t>(word) * word_rows + nth_bit(words_[word], left);
}

Range RowSelection::around(Range places) const {
  return places.is_empty() ? Range{} : Range{row_at(places.begin), row_at(places.end - 1) + 1};
}

std::shared_ptr<const RowSelection> gather_selection(const comm::Communicator& comm, std::int64_t rows,
                                                     std::span<const std::uint8_t> local_is_selected) {
  const Range mine = core::local_range(comm.rank(), rows, comm.size());
  const Range mine_words = words_of(mine);
  std::vector<std::uint64_t> local(static_cast<std::size_t>(mine_words.size()));
  for (std::int64_t row = mine.begin; row < mine.end; ++row)
    if (local_is_selected[static_cast<std::size_t>(row - mine.begin)] != 0)
      local[static_cast<std::size_t>(row / word_rows - mine_words.begin)] |= std::uint64_t{1} << (row % word_rows);
  const std::string bytes(reinterpret_cast<const char*>(local.data()), local.size() * sizeof(std::uint64_t));
  const std::vector<std::string> gathered = comm.allgather(bytes);
  std::vector<std::uint64_t> words(static_cast<std::size_t>(words_for(rows)));
  for (int rank = 0; rank < comm.size(); ++rank) {  // two ranks may share a word
    const std::string& theirs = gathered[static_cast<std::size_t>(rank)];
    const std::int64_t first = words_of(core::local_range(rank, rows, comm.size())).begin;
    for (std::size_t w = 0; w * sizeof(std::uint64_t) < theirs.size(); ++w) {
      std::uint64_t word = 0;
      std::memcpy(&word, theirs.data() + w * sizeof word, sizeof word);
      words[static_cast<std::size_t>(first) + w] |= word;
    }
  }
  return std::make_shared<const RowSelection>(rows, std::move(words));
}

}  // namespace cardseg::io
