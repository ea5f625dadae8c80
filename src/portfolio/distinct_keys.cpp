#include "cardseg/portfolio/distinct_keys.hpp"

#include <omp.h>

#include <algorithm>
#include <compare>
#include <cstring>
#include <numeric>
#include <string>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/mix_bits.hpp"

namespace cardseg::portfolio {
namespace {

constexpr std::int64_t round_keys = std::int64_t{1} << 20;  // that a rank sends in a round: 8 MiB, copied
constexpr std::size_t most_groups = 1000;
constexpr std::ptrdiff_t most_rows_of_group = 16;

// A key and the global row that has it.
struct KeyOfRow {
  std::int64_t key = 0;
  std::int64_t row = 0;

  auto operator<=>(const KeyOfRow&) const = default;
};

std::int64_t key_of(std::int64_t key) { return key; }
std::int64_t key_of(const KeyOfRow& record) { return record.key; }

// Records in groups, by `group_of` of their keys, one group after the other.
template <class Record>
struct Grouped {
  std::vector<Record> records;
  std::vector<std::size_t> begins;  // of each group, and the end

  template <class GroupOf>
  Grouped(const std::vector<Record>& from, std::size_t groups, GroupOf group_of)
      : records(from.size()), begins(groups + 1) {
    for (const Record& record : from) ++begins[group_of(key_of(record)) + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<std::size_t> next(begins.begin(), begins.end() - 1);
    for (const Record& record : from) records[next[group_of(key_of(record))]++] = record;
  }

  std::span<const Record> group(std::size_t g) const {
    return std::span(records).subspan(begins[g], begins[g + 1] - begins[g]);
  }
};

// Nothing here throws in a parallel region; the parallel sort of libstdc++ ends the program there when memory ends.
template <class Record>
void sort_in_parallel(std::vector<Record>& records) {
  const std::ptrdiff_t size = std::ssize(records);
  const std::ptrdiff_t parts = omp_get_max_threads();
  const auto at = [&](std::ptrdiff_t part) { return records.begin() + size * std::min(part, parts) / parts; };
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t part = 0; part < parts; ++part) std::sort(at(part), at(part + 1));
  for (std::ptrdiff_t width = 1; width < parts; width *= 2) {
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t part = 0; part < parts; part += 2 * width)
      std::inplace_merge(at(part), at(part + width), at(part + 2 * width));
  }
}

// Collective. The records whose keys this rank owns, among those that all ranks have, sorted.
template <class Record>
std::vector<Record> owned(const comm::Communicator& comm, std::span<const Record> local_records) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const comm::Outbox outbox = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (const Record& record : local_records)
      made.add(static_cast<int>(static_cast<std::uint64_t>(key_of(record)) % ranks),
               std::as_bytes(std::span(&record, 1)));
    return made;
  });
  std::vector<Record> here;
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> bytes) {
    Record record{};
    std::memcpy(&record, bytes.data(), sizeof record);
    here.push_back(record);
  });
  sort_in_parallel(here);
  return here;
}

// Collective. Calls use(sorted records) in as many rounds as memory needs, until `use` returns false on every rank;
// equal keys are of one round and of one owner.
template <class Record, class Use>
void for_each_round(const comm::Communicator& comm, const std::vector<Record>& local_records, Use use) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const std::int64_t most = comm.max(static_cast<std::int64_t>(local_records.size()));
  const auto rounds = static_cast<std::uint64_t>((most + round_keys - 1) / round_keys);
  const Grouped<Record> by_round(local_records, rounds, [&](std::int64_t key) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(key) / ranks % rounds);
  });
  for (std::uint64_t round = 0; round < rounds; ++round)
    if (!use(owned(comm, by_round.group(round)))) return;
}

// Adds the rows of every key that several records have.
void add_groups(const std::vector<KeyOfRow>& sorted, Repetitions& found) {
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const auto end = std::find_if(begin, sorted.end(), [&](const KeyOfRow& other) { return other.key != begin->key; });
    if (end - begin > 1) {
      found.rows += end - begin - 1;
      std::vector<std::int64_t>& rows = found.first.emplace_back();
      for (auto at = begin; at != end && at - begin < most_rows_of_group; ++at) rows.push_back(at->row);
    }
    begin = end;
  }
}

// Keeps those groups whose first repetition comes first.
void keep_first(Repetitions& found) {
  std::ranges::sort(found.first, {}, [](const std::vector<std::int64_t>& rows) { return rows[1]; });
  if (found.first.size() > most_groups) found.first.resize(most_groups);
}

std::string packed(const Repetitions& found) {
  std::string bytes;
  const auto append = [&](std::int64_t number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof number); };
  for (const std::vector<std::int64_t>& rows : found.first) {
    append(std::ssize(rows));
    for (const std::int64_t row : rows) append(row);
  }
  return bytes;
}

void append_unpacked(const std::string& bytes, Repetitions& found) {
  if (bytes.empty()) return;
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  for (std::size_t at = 0; at < numbers.size();) {
    const auto begin = numbers.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    found.first.emplace_back(begin, begin + numbers[at]);
    at += static_cast<std::size_t>(numbers[at]) + 1;
  }
}

}  // namespace

std::int64_t mixed(std::int64_t key) {
  return static_cast<std::int64_t>(core::mix_bits(static_cast<std::uint64_t>(key)));
}

bool are_distinct(const comm::Communicator& comm, const std::vector<std::int64_t>& local_keys) {
  bool is_distinct = true;
  for_each_round(comm, local_keys, [&](const std::vector<std::int64_t>& sorted) {
    const bool is_repeated_here = std::ranges::adjacent_find(sorted) != sorted.end();
    is_distinct = comm.max(std::int64_t{is_repeated_here}) == 0;
    return is_distinct;
  });
  return is_distinct;
}

Repetitions find_repetitions(const comm::Communicator& comm, const std::vector<std::int64_t>& local_keys,
                             std::int64_t first_row) {
  const std::vector<KeyOfRow> records = comm::agree(comm, [&] {
    std::vector<KeyOfRow> made;
    made.reserve(local_keys.size());
    for (const std::int64_t key : local_keys) made.push_back({key, first_row + std::ssize(made)});
    return made;
  });
  Repetitions local;
  for_each_round(comm, records, [&](const std::vector<KeyOfRow>& sorted) {
    add_groups(sorted, local);
    keep_first(local);
    return true;
  });
  Repetitions all{comm.sum(local.rows), {}};
  for (const std::string& bytes : comm.allgather(packed(local))) append_unpacked(bytes, all);
  keep_first(all);
  return all;
}

}  // namespace cardseg::portfolio
