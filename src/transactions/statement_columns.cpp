#include "transactions/statement_columns.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "transactions/transaction_columns.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;
using core::field;

// What users may name, with the usual names of each, the surest first.
struct Named {
  const char* what;
  std::vector<std::string_view> usual;
};

const std::vector<Named>& all_named() {
  static const std::vector<Named> all = {
      {"customer", {}},
      {"month",
       {"statementmonth", "month", "statementdate", "period", "cycledate", "date", "monat", "abrechnungsmonat"}},
      {"balance",
       {"statementbalance", "closingbalance", "balance", "newbalance", "outstandingbalance", "saldo", "endsaldo"}},
      {"limit", {"creditlimit", "limit", "creditline", "kreditlimit", "kreditrahmen"}},
      {"payment", {"payment", "payments", "paymentamount", "paid", "amountpaid", "zahlung", "zahlungen"}},
      {"minimum", {"minimumdue", "minimumpayment", "mindue", "minpayment", "minimum", "mindestbetrag"}},
      {"interest", {"interest", "interestcharged", "financecharge", "zinsen"}},
      {"fees", {"fees", "fee", "feescharged", "gebuehren"}},
      {"past_due", {"dayspastdue", "dpd", "pastduedays", "pastdue", "verzugstage"}}};
  return all;
}

// What each of "balance=saldo" names.
std::map<std::string, std::string> parse_given(const std::vector<std::string>& given) {
  std::vector<std::string> known;
  for (const Named& each : all_named()) known.emplace_back(each.what);
  std::map<std::string, std::string> parsed;
  for (const std::string& each : given) {
    const std::size_t sign = each.find('=');
    const std::string what = each.substr(0, sign);
    if (sign == std::string::npos || sign + 1 == each.size())
      throw Error(ExitCode::usage, field("statement-columns") + " cannot be '" + each + "'")
          .remedy("Say what is which column: balance=SALDO,limit=RAHMEN");
    if (std::ranges::find(known, what) == known.end())
      throw core::unknown_name(what, known, field("statement-columns"));
    parsed[what] = each.substr(sign + 1);
  }
  return parsed;
}

}  // namespace

std::int64_t& part_of(Statement& statement, StatementPart part) {
  switch (part) {
    case StatementPart::limit: return statement.limit;
    case StatementPart::payment: return statement.payment;
    case StatementPart::minimum: return statement.minimum;
    case StatementPart::interest: return statement.interest;
    case StatementPart::fees: return statement.fees;
    default: return statement.past_due;
  }
}

StatementColumns find_statement_columns(const std::vector<std::string>& names, const std::vector<std::string>& given) {
  const std::map<std::string, std::string> parsed = parse_given(given);
  const auto maybe = [&](const Named& what) -> std::optional<std::size_t> {
    if (const auto found = parsed.find(what.what); found != parsed.end())
      return column_named(names, "statement-columns", found->second, "statements");
    return what.usual.empty() ? customer_among(names) : first_with_name(names, what.usual);
  };
  const auto needed = [&](const Named& what) {
    if (const auto column = maybe(what)) return *column;
    throw Error(ExitCode::bad_data, std::string("no column of the statements has a usual name of ") +
                                        (what.usual.empty() ? "a customer's id" : std::string("the ") + what.what))
        .remedy("Name it with " + field("statement-columns") + " " + what.what + "=COLUMN");
  };
  const std::vector<Named>& all = all_named();
  StatementColumns columns;
  columns.customer = needed(all[0]);
  columns.month = needed(all[1]);
  columns.balance = needed(all[2]);
  for (std::size_t p = 0; p < statement_part_count; ++p) columns.parts[p] = maybe(all[3 + p]);
  return columns;
}

}  // namespace cardseg::transactions
