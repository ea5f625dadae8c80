#include "transactions/rfm_input.hpp"

#include <filesystem>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/convert_options.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/transactions/rfm.hpp"
#include "transactions/known_customers.hpp"
#include "transactions/statement_reader.hpp"

namespace cardseg::transactions {
namespace {

// Collective over comm. True where the root wrote such a list; it belongs to the files then.
bool keep_list(const comm::Communicator& comm, const io::ShardStaging& files, const std::string& name,
               RfmInput& input) {
  const bool is_there = comm.is_root() && std::filesystem::exists(files.staged(name));
  if (is_there) input.local_files.push_back(name);
  return comm.max(std::int64_t{is_there}) != 0;
}

void read_monthly_statements(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                             const io::ShardStaging& files, core::Events& events, RfmInput& input) {
  ReadStatements read = read_statements(comm, options, period, files.staged("statements.csv"),
                                        files.staged(bad_statements_name), input.transactions.ledger, events);
  for (const std::string& warning : read.warnings) events.warning(warning);
  keep_list(comm, files, bad_statements_name, input);
  input.sources.insert(input.sources.end(), read.sources.begin(), read.sources.end());
  if (const std::int64_t conflicts = comm.sum(read.numbers.conflicts); conflicts > 0)
    events.warning("statements of one customer and month: " + core::with_commas(conflicts) +
                   " say other things than the one that counts, which has the least balance");
  input.statements = std::move(read.numbers);
  input.supplies.insert(Needs::statements);
  for (const auto& [part, needs] : {std::pair(StatementPart::limit, Needs::limits),
                                    {StatementPart::payment, Needs::payments},
                                    {StatementPart::minimum, Needs::minimums},
                                    {StatementPart::interest, Needs::interest},
                                    {StatementPart::fees, Needs::fees},
                                    {StatementPart::past_due, Needs::past_due}})
    if (read.columns.of(part)) input.supplies.insert(needs);
}

void list_unmatched(const comm::Communicator& comm, const RfmOptions& options, const io::ShardStaging& files,
                    RfmInput& input) {
  const std::string unmatched = unmatched_table(comm, input.transactions.ledger, options.minor_units);
  input.has_unmatched = comm.max(std::int64_t{!unmatched.empty()}) != 0;
  comm::agree(comm, [&] {
    if (unmatched.empty()) return;
    io::write_file(files.staged(unmatched_name), unmatched);
    input.local_files.emplace_back(unmatched_name);
  });
}

}  // namespace

RfmInput read_input(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                    const io::ShardStaging& files, core::Events& events) {
  RfmInput input;
  const std::string list = convert::bad_rows_name(options.csv);
  input.transactions = read_transactions(comm, options, period, files.staged("input.csv"), files.staged(list), events);
  for (const std::string& warning : input.transactions.warnings) events.warning(warning);
  input.sources = input.transactions.reading.sources;
  input.has_bad_rows_list = keep_list(comm, files, list, input);
  if (input.transactions.has_times) input.supplies.insert(Needs::times);
  if (input.transactions.has_categories) input.supplies.insert(Needs::categories);
  if (!options.groups.grid.names().empty()) input.supplies.insert(Needs::grid);
  if (!options.statements.empty()) read_monthly_statements(comm, options, period, files, events, input);
  if (!options.customers.empty()) list_unmatched(comm, options, files, input);
  input.conflicts = comm.sum(input.transactions.ledger.conflicts());
  if (input.conflicts > 0)
    events.warning("transactions that repeat an id: " + core::with_commas(input.conflicts) +
                   " have another day or amount than the earliest, which counts");
  return input;
}

}  // namespace cardseg::transactions
