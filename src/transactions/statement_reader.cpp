#include "transactions/statement_reader.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"
#include "transactions/money.hpp"
#include "transactions/row_exchange.hpp"

namespace cardseg::transactions {
namespace {

using convert::CsvProblem;
using core::Error;
using core::ExitCode;
using core::field;

constexpr int months_a_year = 12;
constexpr int first_year = 1900;
constexpr int last_year = 2200;

// 2026-03, 2026/03 or 202603.
std::optional<int> month_in(std::string_view text) {
  const bool has_mark = text.size() == 7 && (text[4] == '-' || text[4] == '/');
  if (!has_mark && text.size() != 6) return std::nullopt;
  const auto number = [](std::string_view digits) {
    int value = -1;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return problem == std::errc{} && end == digits.data() + digits.size() ? value : -1;
  };
  const int year = number(text.substr(0, 4));
  const int month = number(text.substr(has_mark ? 5 : 4));
  if (year < first_year || year > last_year || month < 1 || month > months_a_year) return std::nullopt;
  return (year - 1970) * months_a_year + month - 1;
}

class LocalStatements {
 public:
  LocalStatements(RowSource& rows, const StatementColumns& columns, const RfmOptions& options, const Period& period)
      : rows_(rows), columns_(columns), amounts_(options.amounts), minor_units_(options.minor_units) {
    first_month_ = period.first == no_day ? std::numeric_limits<int>::min() : month_of(period.first);
    last_month_ = month_of(period.last);
  }

  // The next row that counts; false behind the last.
  bool next() {
    while (rows_.next())
      if (take()) return true;
    return false;
  }
  std::string_view customer() const { return customer_; }
  const Statement& record() const { return statement_; }

  StatementNumbers numbers;

 private:
  bool take() {
    const Money balance = money(columns_.balance);
    const bool is_read = balance.problem == CsvProblem::none;
    numbers.read.add(is_read ? balance.units : 0);
    if (const CsvProblem problem = read(balance); problem != CsvProblem::none) {
      numbers.rejected.add(is_read ? balance.units : 0);
      rows_.reject(problem, problem_column_, remedy_of(problem));
      return false;
    }
    if (statement_.month >= first_month_ && statement_.month <= last_month_) return true;
    numbers.outside.add(balance.units);
    return false;
  }

  Money money(std::size_t column) {
    const auto number = rows_.decimal(column);
    return money_of(number, number ? std::string_view() : rows_.text(column), amounts_, minor_units_);
  }

  CsvProblem read(const Money& balance) {
    problem_column_ = columns_.balance;
    if (balance.problem != CsvProblem::none) return balance.problem;
    statement_ = Statement{.balance = balance.units};
    problem_column_ = columns_.month;
    std::optional<int> month = month_in(rows_.text(columns_.month));
    if (!month)
      if (const auto moment = rows_.moment(columns_.month)) month = month_of(moment->days);
    if (!month) return rows_.text(columns_.month).empty() ? CsvProblem::nothing_there : CsvProblem::not_a_date;
    statement_.month = *month;
    for (std::size_t p = 0; p < statement_part_count; ++p)
      if (const CsvProblem problem = read_part(static_cast<StatementPart>(p)); problem != CsvProblem::none)
        return problem;
    problem_column_ = columns_.customer;
    customer_ = rows_.text(columns_.customer);  // the last: it is valid until the next text
    if (customer_.size() > convert::csv_max_text_bytes) return CsvProblem::field_too_long;
    return customer_.empty() ? CsvProblem::nothing_there : CsvProblem::none;
  }

  // A part that a row leaves empty is not known.
  CsvProblem read_part(StatementPart part) {
    const std::optional<std::size_t>& column = columns_.of(part);
    if (!column) return CsvProblem::none;
    problem_column_ = *column;
    if (part == StatementPart::past_due) {
      const auto days = rows_.decimal(*column);
      if (!days) return rows_.text(*column).empty() ? CsvProblem::none : CsvProblem::not_a_number;
      if (days->scale != 0) return CsvProblem::not_an_integer;
      part_of(statement_, part) = days->mantissa;
      return CsvProblem::none;
    }
    const Money amount = money(*column);
    if (amount.problem == CsvProblem::nothing_there) return CsvProblem::none;
    part_of(statement_, part) = amount.units;
    return amount.problem;
  }

  static std::string remedy_of(CsvProblem problem) {
    const std::string otherwise = ", name another column with " + field("statement-columns") +
                                  ", or leave such rows out with " + field("bad-rows") + " skip";
    if (problem == CsvProblem::not_a_date) return "Write the month as 2026-03 or a date" + otherwise;
    if (problem == CsvProblem::not_a_number)
      return "Say how amounts are written with " + field("decimal") + " or " + field("thousands") + otherwise;
    return {};
  }

  RowSource& rows_;
  const StatementColumns& columns_;
  Amounts amounts_;
  int minor_units_;
  int first_month_;
  int last_month_;
  std::string_view customer_;
  Statement statement_;
  std::size_t problem_column_ = 0;
};

}  // namespace

ReadStatements read_statements(const comm::Communicator& comm, const RfmOptions& options, const Period& period,
                               const std::filesystem::path& copy, const std::filesystem::path& list, Ledger& ledger,
                               core::Events& events) {
  convert::ConvertOptions csv = options.csv;
  csv.inputs = options.statements;
  // Statements have a line of names of their own.
  csv.has_no_header = false;
  csv.header_line = 0;
  csv.column_names.clear();
  csv.field_places.clear();
  const std::unique_ptr<RowSource> source = open_rows(comm, csv, "statements", copy);
  RowSource& rows = *source;
  ReadStatements read;
  read.columns = comm::agree(comm, [&] {
    try {
      return find_statement_columns(rows.column_names(), options.statement_columns);
    } catch (Error& error) {
      throw error.code() == ExitCode::bad_data ? error.in_file(rows.file()) : error;
    }
  });
  comm::agree(comm, [&] {
    std::vector<std::size_t> others;
    for (const std::optional<std::size_t>& each : read.columns.parts)
      if (each) others.push_back(*each);
    rows.use(read.columns.customer, read.columns.month, read.columns.balance, others);
  });
  read.warnings = rows.warnings();
  LocalStatements local(rows, read.columns, options, period);
  exchange_rows<Statement>(comm, rows, local, "reading statements", ledger, events);
  const convert::CsvReading reading = rows.finish(list);
  read.numbers = local.numbers;
  count_unread(comm, reading, read.numbers);
  read.sources = reading.sources;
  comm::agree(comm, [&] { ledger.sort_statements(); });
  read.numbers.duplicates = ledger.doubled_statements();
  read.numbers.conflicts = ledger.conflicting_statements();
  return read;
}

}  // namespace cardseg::transactions
