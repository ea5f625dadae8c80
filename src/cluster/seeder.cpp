#include "cluster/seeder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/breathing.hpp"
#include "cluster/customer_sample.hpp"
#include "cluster/drawn_seeds.hpp"
#include "cluster/settle.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using Records = std::vector<const SeedingRecord*>;

constexpr std::int64_t least_splitting_sample = 16384;
constexpr std::int64_t split_customers_a_segment = 256;
constexpr std::int64_t most_work_of_a_rank = 64'000'000;  // customers times features times segments: a few ms a pass
constexpr double chance = 3.0;                            // standard deviations

FitOptions seeded_by(FitOptions options, Seeding seeding) {
  options.seeding = seeding;
  return options;
}

// The first of these that has come to this grouping; -1: none.
int find_met(const Records& earlier, std::uint64_t state) {
  const auto found = std::ranges::find_if(
      earlier, [state](const SeedingRecord* each) { return std::ranges::count(each->states, state) > 0; });
  return found == earlier.end() ? -1 : static_cast<int>(found - earlier.begin());
}

}  // namespace

std::int64_t splitting_sample(const FitOptions& options, std::int64_t customers) {
  const std::int64_t all = std::max(options.seeding_sample, options.segments * split_customers_a_segment);
  if (customers <= all) return customers;
  return std::min(customers, std::max(least_splitting_sample, options.segments * split_customers_a_segment));
}

template <class T>
SharedCustomers<T> share_for_splits(const comm::Communicator& comm, const FeatureMatrix<T>& customers,
                                    const FitOptions& options) {
  const core::RowRandom random(options.seed, core::Purpose::splitting);
  return share_some(comm, customers, splitting_sample(options, comm.sum(customers.rows())), random);
}

bool know_each_other(const FitOptions& options) {
  return options.seeding == Seeding::refined && options.improve != Improve::off;
}

bool is_behind(double mine, double least, std::int64_t customers) {
  return mine > (1 + chance / std::sqrt(static_cast<double>(customers))) * least;
}

template <class T>
void Seeder<T>::forget() {
  levels_.clear();
  sample_.reset();
  part_.reset();
  copy_.reset();
  some_ = nullptr;
  is_prepared_ = false;
}

// Collective.
template <class T>
void Seeder<T>::add_level(const comm::Communicator& comm, FeatureMatrix<T>& customers) {
  levels_.push_back({&comm, &customers, make_basis(comm, customers)});
}

// Collective. The sample and its levels; false where too few of its customers differ.
template <class T>
bool Seeder<T>::prepare(const FitOptions& options, std::int64_t customers, std::int64_t expected) {
  if (is_prepared_) return has_enough_;
  if (expected < customers)
    sample_ = draw_sample(comm_, matrix_, customers, expected, core::RowRandom(options.seed, core::Purpose::refining));
  FeatureMatrix<T>& sample = sample_ ? *sample_ : matrix_;
  sampled_ = comm_.sum(sample.rows());
  is_prepared_ = true;
  has_enough_ = !sample_ || count_distinct(comm_, sample, options.segments) >= options.segments;
  if (!has_enough_) return false;
  const std::int64_t wanted = sample_ ? splitting_sample(options, customers) : customers;
  if (sampled_ > wanted)
    part_ = draw_sample(comm_, sample, sampled_, wanted, core::RowRandom(options.seed, core::Purpose::splitting));
  FeatureMatrix<T>& part = part_ ? *part_ : sample;
  if (comm_.size() > 1) copy_ = gather(comm_, part);
  some_ = copy_ ? &*copy_ : &part;
  const bool is_apart =
      comm_.size() == 1 || some_->rows() * some_->features() * options.segments <= most_work_of_a_rank;
  const bool is_enough = count_distinct(alone_, *some_, options.segments) >= options.segments;
  if (is_enough && is_apart) comm::agree(comm_, [&] { add_level(alone_, *some_); });
  if (is_enough && !is_apart) add_level(comm_, part);
  if (part_) add_level(comm_, sample);
  return true;
}

// Collective. work() for a level: ranks that each work alone agree on how that ended.
template <class T>
template <class Work>
auto Seeder<T>::on(const Level& level, Work work) {
  return level.comm == &alone_ ? comm::agree(comm_, work) : work();
}

// Collective. From greedy seeds on the smallest level to where iterations and moves lead; it ends where an earlier one
// has been.
template <class T>
auto Seeder<T>::start(const FitOptions& options, int number, const Records& earlier) -> Start {
  const Level& level = levels_.front();
  const FitOptions chosen = on_sample(options);
  const KnownStates known = [&](std::uint64_t state) { return find_met(earlier, state) >= 0; };
  core::Events silence;
  const FitSetting<T> setting{*level.comm, *level.customers, level.basis, silence};
  return on(level, [&] {
    Seeds seeds = draw(*level.comm, *level.customers, seeded_by(options, Seeding::greedy), number);
    Start start{settle(setting, chosen, std::move(seeds.centroids)), std::move(seeds.record)};
    SeedingRecord& record = start.record;
    record.states.push_back(start.result.states.back());
    if (known(record.states.back())) return start;
    const core::RowRandom random(options.seed, core::Purpose::improving, static_cast<std::uint32_t>(number));
    start.result = improve(setting, chosen, std::move(start.result), {*some_, random, known}, record.moves);
    record.states.push_back(start.result.states.back());
    return start;
  });
}

// Collective. The better of two starts; of one where that met an earlier restart.
template <class T>
auto Seeder<T>::better_start(const FitOptions& options, int restart, const Records& earlier) -> Start {
  Start first = start(options, 2 * restart, earlier);
  if (find_met(earlier, first.record.states.back()) >= 0) return first;
  Records met = earlier;
  met.push_back(&first.record);
  Start second = start(options, 2 * restart + 1, met);
  const int tried = first.record.moves.tried + second.record.moves.tried;
  const int accepted = first.record.moves.accepted + second.record.moves.accepted;
  Start better = std::move(second.result.inertia < first.result.inertia ? second : first);
  better.record.starts = 2;
  better.record.moves.tried = tried;
  better.record.moves.accepted = accepted;
  return better;
}

// Collective.
template <class T>
Seeds Seeder<T>::seed_on_sample(const FitOptions& options, int restart, const Records& earlier) {
  Start best = better_start(options, restart, earlier);
  Seeds seeds;
  seeds.record = std::move(best.record);
  seeds.record.customers = sampled_;
  // Where the restart is now, and whether an earlier one has been there.
  const auto arrive = [&](RestartResult result) {
    seeds.met = find_met(earlier, result.states.back());
    seeds.record.inertia = result.inertia;
    seeds.centroids = std::move(result.centroids);
  };
  arrive(std::move(best.result));
  core::Events silence;
  for (auto level = levels_.begin() + 1; level != levels_.end() && seeds.met < 0; ++level) {
    const FitSetting<T> setting{*level->comm, *level->customers, level->basis, silence};
    RestartResult result = on(*level, [&] { return settle(setting, on_sample(options), seeds.centroids); });
    seeds.record.states.push_back(result.states.back());
    arrive(std::move(result));
  }
  return seeds;
}

template <class T>
Seeds Seeder<T>::seed(const FitOptions& options, int restart, const Records& earlier) {
  if (!know_each_other(options)) return make_seeds(comm_, matrix_, options, restart);
  const std::int64_t customers = comm_.sum(matrix_.rows());
  const std::int64_t expected = refining_sample(options, customers, matrix_.features());
  if (expected == 0 || !prepare(options, customers, expected))
    return draw(comm_, matrix_, seeded_by(options, Seeding::plusplus), restart);
  return seed_on_sample(options, restart, earlier);
}

template SharedCustomers<float> share_for_splits<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                        const FitOptions&);
template class Seeder<float>;
template SharedCustomers<double> share_for_splits<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                          const FitOptions&);
template class Seeder<double>;

}  // namespace cardseg::cluster
