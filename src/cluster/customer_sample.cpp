#include "cluster/customer_sample.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/mass_kernels.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int64_t block_tiles = 256;
constexpr std::int64_t block_rows = block_tiles * tile_rows;

// [block]: the local rows whose bits are below `limit`. Every customer has the same chance: weights count when the
// sample is seeded and refined.
std::vector<std::vector<std::int64_t>> draw_rows(core::Range rows, const core::RowRandom& random, std::uint64_t limit) {
  std::vector<std::vector<std::int64_t>> drawn(static_cast<std::size_t>((rows.size() + block_rows - 1) / block_rows));
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static)
  for (std::size_t b = 0; b < drawn.size(); ++b) {
    const std::int64_t begin = static_cast<std::int64_t>(b) * block_rows;
    alignas(64) std::uint64_t bits[block_rows];
    draw_for_rows(random, 0, rows.begin + begin, block_tiles, bits);
    failure.guard([&] {
      for (std::int64_t i = 0; i < std::min(block_rows, rows.size() - begin); ++i)
        if (bits[i] < limit) drawn[b].push_back(begin + i);
    });
  }
  failure.rethrow();
  return drawn;
}

// The drawn rows of this rank; `before`: how many the ranks before it drew.
template <class T>
FeatureMatrix<T> copy_rows(const FeatureMatrix<T>& matrix, const std::vector<std::vector<std::int64_t>>& drawn,
                           std::int64_t before) {
  std::vector<std::int64_t> first(drawn.size() + 1);
  for (std::size_t b = 0; b < drawn.size(); ++b) first[b + 1] = first[b] + std::ssize(drawn[b]);
  FeatureMatrix<T> sample({before, before + first.back()}, matrix.features());
#pragma omp parallel for schedule(static)
  for (std::size_t b = 0; b < drawn.size(); ++b) {
    for (std::size_t i = 0; i < drawn[b].size(); ++i)
      for (int f = 0; f < matrix.features(); ++f)
        sample.at(first[b] + static_cast<std::int64_t>(i), f) = matrix.at(drawn[b][i], f);
    const std::int64_t tile = static_cast<std::int64_t>(b) * block_tiles;
    matrix.release(tile, std::min(matrix.tiles(), tile + block_tiles));
  }
  return sample;
}

}  // namespace

template <class T>
FeatureMatrix<T> draw_sample(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers,
                             std::int64_t expected, const core::RowRandom& random) {
  const auto limit = static_cast<std::uint64_t>((core::int128{expected} << 64) / customers);
  const auto drawn = comm::agree(comm, [&] { return draw_rows(matrix.global_rows(), random, limit); });
  const std::int64_t mine = std::accumulate(drawn.begin(), drawn.end(), std::int64_t{0},
                                            [](std::int64_t sum, const auto& rows) { return sum + std::ssize(rows); });
  const auto before = static_cast<std::int64_t>(comm.exscan_sum(mine));
  return comm::agree(comm, [&] { return copy_rows(matrix, drawn, before); });
}

template <class T>
FeatureMatrix<T> gather(const comm::Communicator& comm, const FeatureMatrix<T>& customers) {
  const std::string mine = comm::agree(comm, [&] {
    std::string bytes(static_cast<std::size_t>(customers.rows() * customers.features()) * sizeof(T), '\0');
    char* next = bytes.data();
    for (std::int64_t i = 0; i < customers.rows(); ++i)
      for (int f = 0; f < customers.features(); ++f, next += sizeof(T)) {
        const T value = customers.at(i, f);
        std::memcpy(next, &value, sizeof(T));
      }
    return bytes;
  });
  const std::vector<std::string> parts = comm.allgather(mine);
  return comm::agree(comm, [&] {
    const std::int64_t row_bytes = customers.features() * std::int64_t{sizeof(T)};
    std::int64_t bytes = 0;
    for (const std::string& part : parts) bytes += std::ssize(part);
    FeatureMatrix<T> all({0, bytes / row_bytes}, customers.features());
    std::int64_t row = 0;
    for (const std::string& part : parts)
      for (const char* next = part.data(); next != part.data() + part.size(); ++row)
        for (int f = 0; f < customers.features(); ++f, next += sizeof(T)) std::memcpy(&all.at(row, f), next, sizeof(T));
    return all;
  });
}

template <class T>
SharedCustomers<T> share_some(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t expected,
                              const core::RowRandom& random) {
  const std::int64_t customers = comm.sum(matrix.rows());
  const bool is_all = customers <= expected;
  if (is_all && comm.size() == 1) return {std::nullopt, &matrix};
  if (is_all) return {gather(comm, matrix), nullptr};
  FeatureMatrix<T> some = draw_sample(comm, matrix, customers, expected, random);
  if (comm.size() == 1) return {std::move(some), nullptr};
  return {gather(comm, some), nullptr};
}

template FeatureMatrix<float> draw_sample<float>(const comm::Communicator&, const FeatureMatrix<float>&, std::int64_t,
                                                 std::int64_t, const core::RowRandom&);
template FeatureMatrix<float> gather<float>(const comm::Communicator&, const FeatureMatrix<float>&);
template SharedCustomers<float> share_some<float>(const comm::Communicator&, const FeatureMatrix<float>&, std::int64_t,
                                                  const core::RowRandom&);
template FeatureMatrix<double> draw_sample<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                   std::int64_t, std::int64_t, const core::RowRandom&);
template FeatureMatrix<double> gather<double>(const comm::Communicator&, const FeatureMatrix<double>&);
template SharedCustomers<double> share_some<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                    std::int64_t, const core::RowRandom&);

}  // namespace cardseg::cluster
