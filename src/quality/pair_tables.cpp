#include "quality/pair_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::quality {
namespace {

using cluster::Centroids;
using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int64_t batch_tiles = 32;  // labelled by all sets while in cache: 512 customers
constexpr std::size_t batch_rows = static_cast<std::size_t>(batch_tiles * tile_rows);

using Tables = std::vector<Contingency>;

// Labels a batch of customers by each set and counts them.
template <class T>
class BatchCounter {
 public:
  BatchCounter(const FeatureMatrix<T>& matrix, const std::vector<Centroids>& sets, const std::vector<SetPair>& pairs)
      : matrix_(matrix), sets_(sets), pairs_(pairs), is_named_(sets.size()) {
    for (const Centroids& set : sets) screens_.push_back(cluster::make_screen(set));
    for (const SetPair& pair : pairs) is_named_[pair.first] = is_named_[pair.second] = true;
  }

  Tables empty_tables() const {
    Tables tables;
    for (const SetPair& pair : pairs_) tables.emplace_back(sets_[pair.first].segments, sets_[pair.second].segments);
    return tables;
  }

  // `labels`: room for a batch of each set.
  void count(std::int64_t batch, std::vector<std::int32_t>& labels, Tables& tables) const {
    const std::int64_t first = batch * batch_tiles;
    const std::int64_t tiles = std::min(batch_tiles, matrix_.tiles() - first);
    const std::int64_t rows = std::clamp<std::int64_t>(matrix_.rows() - first * tile_rows, 0, tiles * tile_rows);
    for (std::size_t s = 0; s < sets_.size(); ++s)
      if (is_named_[s])
        cluster::label_tiles(matrix_, first, tiles, sets_[s], screens_[s], labels.data() + s * batch_rows);
    for (std::size_t p = 0; p < pairs_.size(); ++p) {
      const std::int32_t* const one = labels.data() + pairs_[p].first * batch_rows;
      const std::int32_t* const other = labels.data() + pairs_[p].second * batch_rows;
      for (std::int64_t i = 0; i < rows; ++i) ++tables[p].at(one[i], other[i]);
    }
    matrix_.done_with(first + tiles - 1);
  }

 private:
  const FeatureMatrix<T>& matrix_;
  const std::vector<Centroids>& sets_;
  const std::vector<SetPair>& pairs_;
  std::vector<bool> is_named_;
  std::vector<cluster::ScreenCentroids> screens_;
};

void add(const Tables& from, Tables& to) {
  for (std::size_t p = 0; p < to.size(); ++p)
    for (std::size_t i = 0; i < to[p].customers.size(); ++i) to[p].customers[i] += from[p].customers[i];
}

template <class T>
Tables local_tables(const FeatureMatrix<T>& matrix, const std::vector<Centroids>& sets,
                    const std::vector<SetPair>& pairs) {
  const BatchCounter<T> counter(matrix, sets, pairs);
  Tables tables = counter.empty_tables();
  core::ThreadFailure failure;
#pragma omp parallel
  {
    Tables mine;
    std::vector<std::int32_t> labels;
    failure.guard([&] {
      mine = counter.empty_tables();
      labels.resize(sets.size() * batch_rows);
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t batch = 0; batch < (matrix.tiles() + batch_tiles - 1) / batch_tiles; ++batch)
      failure.guard([&] { counter.count(batch, labels, mine); });
#pragma omp critical(cardseg_pair_tables)
    failure.guard([&] { add(mine, tables); });
  }
  failure.rethrow();
  return tables;
}

// Collective. One allreduce for all tables.
void reduce(const comm::Communicator& comm, Tables& tables) {
  std::vector<std::int64_t> packed;
  for (const Contingency& table : tables) packed.insert(packed.end(), table.customers.begin(), table.customers.end());
  comm.allreduce_sum(std::span(packed));
  auto from = packed.begin();
  for (Contingency& table : tables) {
    std::copy_n(from, table.customers.size(), table.customers.begin());
    from += static_cast<std::ptrdiff_t>(table.customers.size());
  }
}

}  // namespace

template <class T>
std::vector<Contingency> count_pairs(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                     const std::vector<Centroids>& sets, const std::vector<SetPair>& pairs) {
  Tables tables = comm::agree(comm, [&] { return local_tables(matrix, sets, pairs); });
  reduce(comm, tables);
  return tables;
}

template std::vector<Contingency> count_pairs<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                     const std::vector<Centroids>&, const std::vector<SetPair>&);
template std::vector<Contingency> count_pairs<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                      const std::vector<Centroids>&, const std::vector<SetPair>&);

}  // namespace cardseg::quality
