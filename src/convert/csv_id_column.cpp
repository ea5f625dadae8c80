#include "convert/csv_id_column.hpp"

#include <algorithm>

namespace cardseg::convert {
namespace {

// Of a customer, in some spelling: customer_id, CUST-ID, Kundennummer.
bool is_id_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const char* id : {"id", "customerid", "custid", "customer", "customernumber", "clientid", "clientnum",
                         "accountid", "cardid", "kundennummer", "kundennr"})
    if (plain == id) return true;
  return false;
}

}  // namespace

std::size_t id_column(const std::vector<std::string>& names) {
  const auto found = std::find_if(names.begin(), names.end(), is_id_name);
  return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin());
}

}  // namespace cardseg::convert
