#include "transactions/known_customers.hpp"

#include <algorithm>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/mix_bits.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/io/shard_set.hpp"
#include "transactions/rfm_description.hpp"
#include "transactions/transaction_columns.hpp"

namespace cardseg::transactions {
namespace {

using core::Range;

constexpr std::int64_t rows_a_round = 65536;
constexpr std::size_t most_listed = 100'000;

std::vector<std::string> ids_of(const io::ShardSet& shards, int column, const Range& rows) {
  if (shards.columns()[static_cast<std::size_t>(column)].type == io::ColumnType::text)
    return shards.read_texts(column, rows);
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
  shards.read_integers(column, rows, numbers);
  std::vector<std::string> texts;
  for (const std::int64_t number : numbers) texts.push_back(std::to_string(number));
  return texts;
}

int id_column_of(const io::ShardSet& shards, const std::string& given) {
  if (!given.empty() && shards.column_index(given) >= 0) return shards.column_index(given);
  std::vector<std::string> names;
  for (const io::StoredColumn& column : shards.columns()) names.push_back(column.name);
  if (const auto found = customer_among(names)) return static_cast<int>(*found);
  core::Error error(core::ExitCode::bad_data, "no column has a usual name of a customer's id");
  throw error.in_file(shards.shards().front().header.path.string()).remedy("Name it customer_id");
}

struct Line {
  std::string id;
  std::int64_t transactions = 0;
  std::string amount;
};

std::vector<Line> local_lines(const Ledger& ledger, int minor_units) {
  std::vector<Line> lines;
  for (std::size_t c = 0; c < ledger.customers(); ++c) {
    if (ledger.is_known(c) || ledger.of(c).empty()) continue;
    Tally tally;
    for (const Transaction& each : ledger.of(c)) tally.add(each.amount);
    lines.push_back({ledger.id(c), tally.rows, core::decimal_text(tally.amount, minor_units)});
  }
  std::ranges::sort(lines, {}, &Line::id);
  if (lines.size() > most_listed) lines.resize(most_listed);
  return lines;
}

std::string table_of(const std::vector<Line>& lines) {
  io::CsvWriter table({id_column_name, "transactions", "amount"});
  for (const Line& line : lines) table.add_row({line.id, line.transactions, line.amount});
  return table.text();
}

}  // namespace

int owner_of(std::string_view customer, int ranks) {
  return static_cast<int>(core::mix_text(customer) % static_cast<std::uint64_t>(ranks));
}

void add_known_customers(const comm::Communicator& comm, const std::vector<std::string>& inputs,
                         const std::string& id_column, Ledger& ledger) {
  const io::ShardSet shards(comm, {inputs.begin(), inputs.end()});
  const int column = comm::agree(comm, [&] { return id_column_of(shards, id_column); });
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const std::int64_t rounds = (comm.max(mine.size()) + rows_a_round - 1) / rows_a_round;
  for (std::int64_t round = 0; round < rounds; ++round) {
    const std::int64_t begin = mine.begin + round * rows_a_round;
    const Range rows = core::intersection(mine, {begin, begin + rows_a_round});
    const comm::Outbox outbox = comm::agree(comm, [&] {
      comm::Outbox made(comm.size());
      if (rows.is_empty()) return made;
      for (const std::string& id : ids_of(shards, column, rows))
        if (!id.empty()) made.add(owner_of(id, comm.size()), std::as_bytes(std::span(id)));
      return made;
    });
    comm::exchange(comm, outbox, [&](int, std::span<const std::byte> id) {
      ledger.add_known({reinterpret_cast<const char*>(id.data()), id.size()});
    });
  }
}

std::string unmatched_table(const comm::Communicator& comm, const Ledger& ledger, int minor_units) {
  const std::string local = comm::agree(comm, [&] { return table_of(local_lines(ledger, minor_units)); });
  std::vector<Line> lines;
  for (const std::string& table : comm.allgather(local)) {
    if (!comm.is_root()) continue;
    io::CsvReader reader(table);
    io::CsvRecord record;
    reader.next(record);  // the header
    while (reader.next(record)) lines.push_back({record.fields[0], std::stoll(record.fields[1]), record.fields[2]});
  }
  std::ranges::sort(lines, {}, &Line::id);
  if (lines.size() > most_listed) lines.resize(most_listed);
  return lines.empty() ? std::string() : table_of(lines);
}

}  // namespace cardseg::transactions
