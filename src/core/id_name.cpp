#include "cardseg/core/id_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace cardseg::core {
namespace {

constexpr std::array<std::string_view, 11> customers = {
    "customer", "cust", "client", "cardholder", "cardmember", "member", "party", "kunden", "kunde", "account", "acct"};
constexpr std::array<std::string_view, 8> id_words = {"id", "number", "num", "no", "key", "nr", "nummer", "identifier"};
constexpr std::array<std::string_view, 9> counters = {"row", "index", "idx", "obs",   "serial",
                                                      "sl",  "sr",    "s",   "record"};

// The place of account among the customers: what follows names accounts.
constexpr auto first_account = std::ranges::find(customers, "account") - customers.begin();

std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (std::string_view(" _-.#").find(c) == std::string_view::npos)
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_id_word(std::string_view text) { return std::ranges::find(id_words, text) != id_words.end(); }

// The place of the customer that a plain name is an id of, or -1: customerid, idcustomer.
int customer_of(std::string_view text) {
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const std::string_view customer = customers[i];
    const bool is_first = text.starts_with(customer) && is_id_word(text.substr(customer.size()));
    const bool is_last = text.ends_with(customer) && text.substr(0, text.size() - customer.size()) == "id";
    if (is_first || is_last) return static_cast<int>(i);
  }
  return -1;
}

int word_of(std::string_view text) {
  const auto found = std::ranges::find(customers, text);
  return found == customers.end() ? -1 : static_cast<int>(found - customers.begin());
}

// The last word of a name: of branch_id and branchID id.
std::string last_word(std::string_view name) {
  std::size_t begin = name.size();
  while (begin > 0 && std::isalnum(static_cast<unsigned char>(name[begin - 1]))) {
    --begin;
    const bool is_upper = std::isupper(static_cast<unsigned char>(name[begin]));
    if (is_upper && begin > 0 && std::islower(static_cast<unsigned char>(name[begin - 1]))) break;
  }
  return plain(name.substr(begin));
}

// Nameless columns, as pandas, R and convert call them: Unnamed: 0, X, column_1.
bool is_nameless(std::string_view text) {
  for (const std::string_view start : {"unnamed:", "column"})
    if (text.starts_with(start) && text.size() > start.size() &&
        text.find_first_not_of("0123456789", start.size()) == std::string_view::npos)
      return true;
  return text.empty() || text == "level0";
}

bool is_suspect(std::string_view name) {
  const std::string text = plain(name);
  for (const std::string_view counter : counters)
    if ((text == counter && text.size() > 2) || (text.starts_with(counter) && is_id_word(text.substr(counter.size()))))
      return true;
  return is_nameless(text) || is_id_word(last_word(name));
}

}  // namespace

IdName id_name(std::string_view column) {
  const std::string text = plain(column);
  if (text == "id" || customer_of(text) >= 0) return IdName::usual;
  if (word_of(text) >= 0) return IdName::word;
  return is_suspect(column) ? IdName::suspect : IdName::none;
}

int id_preference(std::string_view column) {
  const std::string text = plain(column);
  constexpr int many = 100;
  if (text == "id") return many;
  if (const int customer = customer_of(text); customer >= 0)
    return customer < first_account ? customer : many + customer;
  return 2 * many + word_of(text);
}

}  // namespace cardseg::core
