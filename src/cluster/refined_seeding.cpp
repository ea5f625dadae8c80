#include "cardseg/cluster/refined_seeding.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/breathing.hpp"
#include "cluster/mass_kernels.hpp"
#include "cluster/settle.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int64_t block_tiles = 256;
constexpr std::int64_t block_rows = block_tiles * tile_rows;
constexpr std::int64_t customers_a_segment = 256;
constexpr std::int64_t least_a_segment = 64;
constexpr std::int64_t most_values_of_a_rank = 1'000'000;  // customers times features that every rank may hold
constexpr std::int64_t most_work_of_a_rank = 8'000'000;    // times segments: about a millisecond a pass
constexpr int most_iterations = 100;
// Iterations that change the inertia by less would follow the sample's chance, not the customers.
constexpr double tolerance = 1e-6;

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

// How customers are compared changes no result, and shared passes are of no use here.
FitOptions on_sample(FitOptions options) {
  options.max_iterations = most_iterations;
  options.tolerance = tolerance;
  return options;
}

// `drawn` behind Lloyd's iterations on these customers and, unless that is off, moves between segments.
template <class T>
Seeds refine(const comm::Communicator& comm, FeatureMatrix<T>& customers, Seeds drawn, const FitOptions& options,
             std::uint32_t restart) {
  core::Events silence;
  const Basis basis = make_basis(comm, customers);
  const FitSetting<T> setting{comm, customers, basis, silence};
  const FitOptions chosen = on_sample(options);
  RestartResult result = settle(setting, chosen, std::move(drawn.centroids));
  if (options.improve != Improve::off)
    result = improve(setting, chosen, std::move(result),
                     core::RowRandom(options.seed, core::Purpose::improving, restart), drawn.record.moves);
  return {std::move(result.centroids), drawn.record};
}

// All customers, in their order, on every rank.
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

// How the customers of a sample are seeded.
FitOptions drawing(FitOptions options) {
  options.seeding = options.improve == Improve::off ? Seeding::plusplus : Seeding::greedy;
  return options;
}

// As options say, on these customers.
template <class T>
Seeds draw(const comm::Communicator& comm, const FeatureMatrix<T>& customers, const FitOptions& options, int restart) {
  return {draw_seeds(comm, customers, options, restart), {options.seeding, comm.sum(customers.rows()), {}}};
}

bool is_gathered(std::int64_t values, int segments) {
  return values <= most_values_of_a_rank && values * segments <= most_work_of_a_rank;
}

// Seeds on these customers alone, refined. Few of them go to every rank, which does it all: waiting for one another in
// every pass would take longer. The bytes are the same.
template <class T>
Seeds seed_on(const comm::Communicator& comm, FeatureMatrix<T>& customers, const FitOptions& options, int restart) {
  const auto attempt = static_cast<std::uint32_t>(restart);
  const std::int64_t values = comm.sum(customers.rows()) * customers.features();
  if (comm.size() == 1 || !is_gathered(values, options.segments))
    return refine(comm, customers, draw(comm, customers, drawing(options), restart), options, attempt);
  FeatureMatrix<T> all = gather(comm, customers);
  return comm::agree(comm, [&] {
    const comm::Communicator alone;
    return refine(alone, all, draw(alone, all, drawing(options), restart), options, attempt);
  });
}

}  // namespace

std::int64_t refining_sample(const FitOptions& options, std::int64_t customers, int features) {
  if (options.seeding != Seeding::refined || options.segments == 1) return 0;
  const std::int64_t wanted = std::max(options.seeding_sample, options.segments * customers_a_segment);
  const std::int64_t most = customers / std::max(4, (features + 2) / 3);
  if (wanted <= most) return wanted;
  if (options.improve == Improve::off) return 0;
  if (customers <= wanted) return customers;
  return most >= options.segments * least_a_segment ? most : 0;
}

std::int64_t gathered_values(const std::vector<FitOptions>& fits, std::int64_t customers, int features) {
  std::int64_t most = 0;
  for (const FitOptions& options : fits) {
    const std::int64_t values = refining_sample(options, customers, features) * features;
    if (is_gathered(values, options.segments)) most = std::max(most, values);
  }
  return most;
}

template <class T>
Seeds make_seeds(const comm::Communicator& comm, FeatureMatrix<T>& matrix, const FitOptions& options, int restart) {
  if (options.seeding != Seeding::refined) return draw(comm, matrix, options, restart);
  const auto attempt = static_cast<std::uint32_t>(restart);
  const std::int64_t customers = comm.sum(matrix.rows());
  const std::int64_t expected = refining_sample(options, customers, matrix.features());
  FitOptions plain = options;
  plain.seeding = Seeding::plusplus;
  if (expected == 0) return draw(comm, matrix, plain, restart);
  if (expected == customers) return seed_on(comm, matrix, options, restart);
  const core::RowRandom random(options.seed, core::Purpose::refining, attempt);
  FeatureMatrix<T> sample = draw_sample(comm, matrix, customers, expected, random);
  if (count_distinct(comm, sample, options.segments) < options.segments) return draw(comm, matrix, plain, restart);
  return seed_on(comm, sample, options, restart);
}

template Seeds make_seeds<float>(const comm::Communicator&, FeatureMatrix<float>&, const FitOptions&, int);
template Seeds make_seeds<double>(const comm::Communicator&, FeatureMatrix<double>&, const FitOptions&, int);

}  // namespace cardseg::cluster
