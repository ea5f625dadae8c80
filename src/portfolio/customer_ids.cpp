#include "cardseg/portfolio/customer_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <parallel/algorithm>
#include <span>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

constexpr std::int64_t read_rows = 65536;
constexpr std::int64_t round_rows = std::int64_t{1} << 20;  // hashes that a rank sends in a round: 8 MiB, copied
constexpr std::size_t max_suspects = 1000;

// The finaliser of SplitMix64: a bijection, so different integers never collide.
std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint64_t hash_of(const std::string& text) {
  std::uint64_t h = 1469598103934665603u;  // FNV-1a
  for (unsigned char c : text) h = (h ^ c) * 1099511628211u;
  return mix(h);
}

class IdColumn {
 public:
  IdColumn(const io::ShardSet& shards, const std::string& name)
      : shards_(shards), index_(shards.column_index(name)), name_(name) {}

  bool is_text() const { return shards_.columns()[static_cast<std::size_t>(index_)].type == io::ColumnType::text; }

  std::vector<std::int64_t> hashes(Range rows) const {
    std::vector<std::int64_t> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (std::int64_t begin = rows.begin; begin < rows.end; begin += read_rows)
      append_hashes({begin, std::min(begin + read_rows, rows.end)}, all);
    return all;
  }

  std::string text_at(std::int64_t row) const {
    if (is_text()) return shards_.read_texts(index_, {row, row + 1}).front();
    std::int64_t number = 0;
    shards_.read_integers(index_, {row, row + 1}, std::span(&number, 1));
    return std::to_string(number);
  }

  Error error_at(std::int64_t row, const std::string& reason) const {
    const io::PlacedShard& place = shards_.shard_of(row);
    Error error(ExitCode::bad_data, reason);
    error.in_file(place.header.path.string()).in_column(name_).at_row(row - place.rows.begin);
    return error;
  }

  Error repeated(std::int64_t first, std::int64_t second) const {
    const io::PlacedShard& place = shards_.shard_of(first);
    return error_at(second, fmt::format("this row repeats the customer id of row {} of {}", first - place.rows.begin,
                                        place.header.path.string()))
        .remedy("Every row is one customer: remove the repetition, or name another column with " + core::field("id"));
  }

 private:
  void append_hashes(Range rows, std::vector<std::int64_t>& all) const {
    if (!is_text()) {
      std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
      shards_.read_integers(index_, rows, numbers);
      for (std::int64_t number : numbers)
        all.push_back(static_cast<std::int64_t>(mix(static_cast<std::uint64_t>(number))));
      return;
    }
    const std::vector<std::string> texts = shards_.read_texts(index_, rows);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty())
        throw error_at(rows.begin + static_cast<std::int64_t>(i), "the customer id is empty")
            .remedy("Give every customer an id, or name another column with " + core::field("id"));
      all.push_back(static_cast<std::int64_t>(hash_of(texts[i])));
    }
  }

  const io::ShardSet& shards_;
  int index_;
  std::string name_;
};

// Integers in groups, by `group_of`, one group after the other.
struct Grouped {
  std::vector<std::int64_t> values;
  std::vector<std::size_t> begins;  // of each group, and the end

  template <class GroupOf>
  Grouped(const std::vector<std::int64_t>& from, std::size_t groups, GroupOf group_of)
      : values(from.size()), begins(groups + 1) {
    for (std::int64_t value : from) ++begins[group_of(value) + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<std::size_t> next(begins.begin(), begins.end() - 1);
    for (std::int64_t value : from) values[next[group_of(value)]++] = value;
  }

  std::span<const std::int64_t> group(std::size_t g) const {
    return std::span(values).subspan(begins[g], begins[g + 1] - begins[g]);
  }
};

// Collective. The hashes that this rank owns, among those that all ranks have.
std::vector<std::int64_t> owned_hashes(const comm::Communicator& comm, std::span<const std::int64_t> local_hashes) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const comm::Outbox outbox = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (const std::int64_t& hash : local_hashes)
      made.add(static_cast<int>(static_cast<std::uint64_t>(hash) % ranks), std::as_bytes(std::span(&hash, 1)));
    return made;
  });
  std::vector<std::int64_t> owned;
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> record) {
    std::int64_t hash = 0;
    std::memcpy(&hash, record.data(), sizeof hash);
    owned.push_back(hash);
  });
  return owned;
}

// Hashes that occur more than once among all ranks' `local_hashes`, at most max_suspects of them; the same on all
// ranks.
std::vector<std::int64_t> repeated_hashes(const comm::Communicator& comm,
                                          const std::vector<std::int64_t>& local_hashes) {
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const std::int64_t most = comm.max(static_cast<std::int64_t>(local_hashes.size()));
  const auto rounds = static_cast<std::uint64_t>((most + round_rows - 1) / round_rows);
  const Grouped by_round(local_hashes, rounds, [&](std::int64_t hash) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(hash) / ranks % rounds);
  });
  std::string local_repeated;  // equal hashes are of one round and of one owner
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::vector<std::int64_t> here = owned_hashes(comm, by_round.group(round));
    __gnu_parallel::sort(here.begin(), here.end());
    for (auto at = std::ranges::adjacent_find(here); at != here.end(); at = std::adjacent_find(at, here.end())) {
      if (local_repeated.size() < max_suspects * sizeof *at)
        local_repeated.append(reinterpret_cast<const char*>(&*at), sizeof *at);
      at = std::upper_bound(at, here.end(), *at);
    }
  }
  std::vector<std::int64_t> repeated;
  for (const std::string& bytes : comm.allgather(local_repeated))
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::int64_t)) {
      std::int64_t hash = 0;
      std::copy_n(bytes.data() + i, sizeof hash, reinterpret_cast<char*>(&hash));
      repeated.push_back(hash);
    }
  std::ranges::sort(repeated);
  if (repeated.size() > max_suspects) repeated.resize(max_suspects);
  return repeated;
}

// The lowest two global rows with the same id among the rows whose hash is `hash`; second -1 where the ids differ.
struct Repetition {
  std::int64_t first = -1;
  std::int64_t second = -1;
};

Repetition find_repetition(const IdColumn& ids, const std::vector<std::int64_t>& rows) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    texts.push_back(ids.text_at(rows[i]));
    const auto same = std::find(texts.begin(), texts.end() - 1, texts.back());
    if (same != texts.end() - 1) return {rows[static_cast<std::size_t>(same - texts.begin())], rows[i]};
  }
  return {};
}

std::vector<std::int64_t> rows_with(const comm::Communicator& comm, const std::vector<std::int64_t>& local_hashes,
                                    std::int64_t first_row, std::int64_t hash) {
  std::string local_rows;
  for (std::size_t i = 0; i < local_hashes.size() && local_rows.size() < max_suspects; ++i)
    if (local_hashes[i] == hash) local_rows += std::to_string(first_row + static_cast<std::int64_t>(i)) + " ";
  std::vector<std::int64_t> rows;
  for (const std::string& text : comm.allgather(local_rows))
    for (std::size_t at = 0; at < text.size(); at = text.find(' ', at) + 1) rows.push_back(std::stoll(text.substr(at)));
  return rows;
}

}  // namespace

void check_unique_ids(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& id_column) {
  const IdColumn ids(shards, id_column);
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const std::vector<std::int64_t> local_hashes = comm::agree(comm, [&] { return ids.hashes(mine); });
  for (std::int64_t hash : repeated_hashes(comm, local_hashes)) {
    const std::vector<std::int64_t> rows = rows_with(comm, local_hashes, mine.begin, hash);
    comm::agree(comm, [&] {
      const Repetition found = comm.is_root() ? find_repetition(ids, rows) : Repetition{};
      if (found.second >= 0) throw ids.repeated(found.first, found.second);
    });
  }
}

}  // namespace cardseg::portfolio
