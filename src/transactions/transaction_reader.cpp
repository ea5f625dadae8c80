#include "transactions/transaction_reader.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/mix_bits.hpp"
#include "cardseg/core/name_list.hpp"
#include "transactions/known_customers.hpp"
#include "transactions/money.hpp"
#include "transactions/row_exchange.hpp"
#include "transactions/transaction_columns.hpp"

namespace cardseg::transactions {
namespace {

using convert::CsvProblem;
using core::Error;
using core::ExitCode;
using core::field;

constexpr std::size_t most_currencies = 8;  // that are told in an error

// Reads the rows of this rank and counts those that stay behind.
class LocalRows {
 public:
  LocalRows(RowSource& rows, const TransactionColumns& columns, const RfmOptions& options, const Period& period)
      : rows_(rows),
        columns_(columns),
        groups_(options.groups),
        amounts_(options.amounts),
        minor_units_(options.minor_units),
        period_(period) {}

  // The next row that counts; false behind the last.
  bool next() {
    while (rows_.next())
      if (take()) return true;
    return false;
  }
  // Valid until the next call of `next`.
  std::string_view customer() const { return customer_; }
  const Transaction& record() const { return transaction_; }

  Reconciliation numbers;
  DaysFound days;
  bool has_times = false;
  std::set<std::string> currencies;

 private:
  bool take() {
    const std::optional<std::int64_t> amount = units();
    numbers.read.add(amount.value_or(0));
    if (const CsvProblem problem = read(amount); problem != CsvProblem::none) {
      numbers.rejected.add(amount.value_or(0));
      rows_.reject(problem, problem_column_, remedy_of(problem));
      return false;
    }
    days.first = std::min(days.first, transaction_.day);
    days.last = std::max(days.last, transaction_.day);
    if (transaction_.day > period_.last) return numbers.after_as_of.add(*amount), false;
    if (transaction_.day < period_.first) return numbers.before_window.add(*amount), false;
    has_times = has_times || transaction_.second > 0;
    return true;
  }

  // The amount in the smallest unit of money; nothing where it is not one.
  std::optional<std::int64_t> units() {
    const auto number = rows_.decimal(columns_.amount);
    const std::string_view text = number ? std::string_view() : rows_.text(columns_.amount);
    const Money money = money_of(number, text, amounts_, minor_units_);
    amount_problem_ = money.problem;
    return amount_problem_ == CsvProblem::none ? std::optional(money.units) : std::nullopt;
  }

  CsvProblem read(const std::optional<std::int64_t>& amount) {
    problem_column_ = columns_.amount;
    if (!amount) return amount_problem_;
    problem_column_ = columns_.date;
    const std::optional<convert::Moment> moment = rows_.moment(columns_.date);
    if (!moment) return rows_.text(columns_.date).empty() ? CsvProblem::nothing_there : CsvProblem::not_a_date;
    if (columns_.currency) note_currency();
    problem_column_ = columns_.customer;
    transaction_ = Transaction{.day = moment->days, .amount = *amount, .second = moment->second};
    read_words();
    customer_ = rows_.text(columns_.customer);  // the last: it is valid until the next text
    if (customer_.size() > convert::csv_max_text_bytes) return CsvProblem::field_too_long;
    return customer_.empty() ? CsvProblem::nothing_there : CsvProblem::none;
  }

  void read_words() {
    if (columns_.transaction) transaction_.id = hash_of(rows_.text(*columns_.transaction));
    if (columns_.category) {
      const std::string_view category = rows_.text(*columns_.category);
      transaction_.category = hash_of(category);
      transaction_.group = groups_.categories.group_of(category);
    }
    if (columns_.channel) transaction_.channel = groups_.channels.group_of(rows_.text(*columns_.channel));
  }
  // 0 of nothing.
  static std::uint64_t hash_of(std::string_view text) { return text.empty() ? 0 : core::mix_text(text); }

  void note_currency() {
    const std::string_view currency = rows_.text(*columns_.currency);
    if (currency == last_currency_ || currencies.size() >= most_currencies) return;
    last_currency_ = currency;
    currencies.insert(last_currency_);
  }

  std::string remedy_of(CsvProblem problem) const {
    const std::string otherwise = ", or leave such rows out with " + field("bad-rows") + " skip";
    if (problem == CsvProblem::not_a_date)
      return "Say how dates are written with " + field("dates") + " dmy or mdy, name another " + field("date-column") +
             otherwise;
    if (problem == CsvProblem::not_a_number)
      return "Say how amounts are written with " + field("decimal") + ", " + field("thousands") + " or " +
             field("currency") + ", name another " + field("amount-column") + otherwise;
    if (problem == CsvProblem::too_many_decimals)
      return "Give " + field("minor-units") + " where the currency has more, " + field("thousands") +
             " where the mark is between thousands" + otherwise;
    return {};
  }

  RowSource& rows_;
  const TransactionColumns& columns_;
  const MerchantGroups& groups_;
  Amounts amounts_;
  int minor_units_;
  Period period_;
  std::string_view customer_;
  Transaction transaction_;
  CsvProblem amount_problem_ = CsvProblem::none;
  std::size_t problem_column_ = 0;
  std::string last_currency_;
};

void check_currencies(const comm::Communicator& comm, const std::set<std::string>& local, const std::string& file,
                      const std::string& column) {
  std::set<std::string> all;
  for (const std::string& names : comm.allgather(core::join_names({local.begin(), local.end()})))
    for (const std::string& name : core::split_names(names)) all.insert(name);
  if (all.size() <= 1) return;
  std::vector<std::string> shown(all.begin(), all.end());
  if (shown.size() > most_currencies) shown.resize(most_currencies);
  Error error(ExitCode::bad_data, "amounts are in several currencies (" + core::all_of(shown) + ")");
  throw comm::AgreedError(
      error.in_file(file).in_column(column).remedy("Convert them to one currency first: sums of several say nothing"));
}

}  // namespace

ReadTransactions read_transactions(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                                   const std::filesystem::path& copy, const std::filesystem::path& list,
                                   core::Events& events) {
  const std::unique_ptr<RowSource> source = open_rows(comm, options.csv, "transactions", copy);
  RowSource& rows = *source;
  const TransactionColumns columns = comm::agree(comm, [&] {
    try {
      return find_columns(rows.column_names(), options);
    } catch (Error& error) {
      throw error.code() == ExitCode::bad_data ? error.in_file(rows.file()) : error;
    }
  });
  comm::agree(comm, [&] {
    std::vector<std::size_t> others;
    for (const std::optional<std::size_t>& each :
         {columns.currency, columns.transaction, columns.category, columns.channel})
      if (each) others.push_back(*each);
    rows.use(columns.customer, columns.date, columns.amount, others);
  });
  LocalRows local(rows, columns, options, period);
  ReadTransactions read;
  if (!options.customers.empty()) add_known_customers(comm, options.customers, options.customer_column, read.ledger);
  read.warnings = rows.warnings();
  exchange_rows<Transaction>(comm, rows, local, "reading transactions", read.ledger, events);
  read.reading = rows.finish(list);
  if (columns.currency) check_currencies(comm, local.currencies, rows.file(), rows.column_names()[*columns.currency]);
  read.numbers = local.numbers;
  count_unread(comm, read.reading, read.numbers);
  read.days = {static_cast<Day>(comm.min(std::int64_t{local.days.first})),
               static_cast<Day>(comm.max(std::int64_t{local.days.last}))};
  read.has_categories = columns.category.has_value();
  read.has_times = comm.max(std::int64_t{local.has_times}) != 0;
  comm::agree(comm, [&] { read.ledger.sort(); });
  read.numbers.duplicates = read.ledger.duplicates();
  return read;
}

}  // namespace cardseg::transactions
