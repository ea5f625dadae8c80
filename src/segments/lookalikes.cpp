#include "cardseg/segments/lookalikes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/portfolio/load.hpp"
#include "segments/row_blocks.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

// The local rows of given customers.
std::vector<bool> find_given(const comm::Communicator& comm, const LabelledCustomers& labels,
                             const std::unordered_set<std::string>& given) {
  return comm::agree(comm, [&] {
    const Range mine = core::local_range(comm.rank(), labels.rows(), comm.size());
    std::vector<bool> is_given;
    core::for_each_block(mine, [&](Range rows) {
      for (const std::string& id : labels.ids(rows)) is_given.push_back(given.contains(id));
    });
    return is_given;
  });
}

// From the first given customer among the rows to the last: nobody else is asked for.
template <class IsGiven>
Range around_given(Range rows, IsGiven is_given) {
  while (rows.begin < rows.end && !is_given(rows.begin)) ++rows.begin;
  while (rows.begin < rows.end && !is_given(rows.end - 1)) --rows.end;
  return rows;
}

void append(std::string& bytes, const std::vector<double>& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double));
}

cluster::Centroids as_centroids(const std::vector<std::string>& bytes_of_ranks, int features) {
  std::string bytes;
  for (const std::string& each : bytes_of_ranks) bytes += each;
  const std::size_t row_bytes = static_cast<std::size_t>(features) * sizeof(double);
  cluster::Centroids seeds(static_cast<int>(bytes.size() / row_bytes), features);
  std::memcpy(seeds.values.data(), bytes.data(), bytes.size());
  return seeds;
}

template <class T>
Lookalikes find_stored(const comm::Communicator& comm, const LabelledCustomers& labels, const io::ShardSet& shards,
                       const Model& model, const std::vector<bool>& is_given, core::Events& events) {
  const std::int64_t first = core::local_range(comm.rank(), labels.rows(), comm.size()).begin;
  const auto given_at = [&](std::int64_t row) { return is_given[static_cast<std::size_t>(row - first)]; };
  std::string local_seeds;
  for_each_block(comm, labels.rows(), [&](Range rows) {
    rows = around_given(rows, given_at);
    const auto matrix = portfolio::encode_rows<T>(comm, shards, model.columns, rows);
    for (std::int64_t row = rows.begin; row < rows.end; ++row)
      if (given_at(row)) append(local_seeds, matrix.point(row - rows.begin));
  });
  const cluster::Centroids seeds = as_centroids(comm.allgather(local_seeds), model.layout.features());
  Lookalikes found{{}, seeds.segments};
  for_each_block(comm, labels.rows(), [&](Range rows) {
    const auto matrix = portfolio::encode_rows<T>(comm, shards, model.columns, rows);
    cluster::Scores scores;
    comm::agree(comm, [&] { cluster::append_scores(matrix, seeds, scores); });
    for (std::int64_t row = rows.begin; row < rows.end; ++row)
      found.local_distance.push_back(
          given_at(row) ? std::numeric_limits<double>::quiet_NaN()
                        : std::sqrt(scores.squared_distance[static_cast<std::size_t>(row - rows.begin)]));
    events.progress("lookalikes", rows.end - first, static_cast<std::int64_t>(is_given.size()));
  });
  return found;
}

}  // namespace

Lookalikes find_lookalikes(const comm::Communicator& comm, const LabelledCustomers& labels, const io::ShardSet& shards,
                           const Model& model, const std::vector<std::string>& ids, core::Events& events) {
  const std::vector<bool> is_given = find_given(comm, labels, {ids.begin(), ids.end()});
  const std::int64_t given = comm.sum(std::count(is_given.begin(), is_given.end(), true));
  if (given == 0 || given > most_seeds) {
    Error error(ExitCode::bad_data, given == 0 ? "none of the given customers is among those of the run"
                                               : core::with_commas(given) +
                                                     " given customers are too many: each is "
                                                     "compared with everybody");
    throw comm::AgreedError(
        error.remedy(given == 0 ? "Name ids as the run's labels have them" : "Give at most 4,096, or list by segment"));
  }
  return portfolio::with_precision(model.precision, [&]<class T>(std::type_identity<T>) {
    return find_stored<T>(comm, labels, shards, model, is_given, events);
  });
}

}  // namespace cardseg::segments
