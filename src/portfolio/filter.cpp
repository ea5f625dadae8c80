#include "cardseg/portfolio/filter.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/portfolio/raw_values.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;
using io::ColumnType;
using io::StoredColumn;

constexpr std::int64_t block_rows = 65536;
constexpr std::size_t most_nodes = 1000;
constexpr int most_depth = 50;

using enum FilterTruth;
using Truth = FilterTruth;

struct Token {
  enum class Kind { word, quoted, mark, end } kind = Kind::end;
  std::string text;
  std::size_t at = 0;
};

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == '+' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::optional<double> number_in(const std::string& text) {
  double number = 0.0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

// Days since 1970-01-01 of 2026-09-30.
std::optional<double> days_in(const std::string& text) {
  int parts[3] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int i = 0; i < 3; ++i) {
    const auto [next, failure] = std::from_chars(at, end, parts[i]);
    if (failure != std::errc() || parts[i] < 0 || (i < 2 ? next == end || *next != '-' : next != end)) return {};
    at = next + 1;
  }
  using namespace std::chrono;
  const year_month_day day{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                           std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (parts[0] > 9999 || !day.ok()) return {};
  return static_cast<double>(sys_days(day).time_since_epoch().count());
}

Truth negated(Truth truth) {
  switch (truth) {
    case is_false: return is_true;
    case is_true: return is_false;
    case is_unknown: return is_unknown;
  }
  return is_unknown;
}

Truth both(Truth a, Truth b) {
  if (a == is_false || b == is_false) return is_false;
  return a == is_true && b == is_true ? is_true : is_unknown;
}

bool is_text(const io::ShardSet& shards, const std::string& column) {
  return shards.columns()[static_cast<std::size_t>(shards.column_index(column))].type == ColumnType::text;
}

}  // namespace

// Reads a rule from left to right; each function leaves the place of its node.
class FilterParser {
 public:
  FilterParser(Filter& filter, const std::string& rule) : filter_(filter), rule_(rule) { advance(); }

  void parse() {
    either();
    if (token_.kind != Token::Kind::end) refuse("'and', 'or' or the end");
  }

 private:
  using Node = Filter::Node;
  using Test = Filter::Test;

  [[noreturn]] void refuse(const std::string& expected) const {
    constexpr std::size_t shown = 20;
    const std::string where =
        token_.kind == Token::Kind::end ? "at its end" : "at byte " + std::to_string(token_.at + 1);
    const std::string found =
        token_.kind == Token::Kind::end ? "" : ", where '" + token_.text.substr(0, shown) + "' stands";
    throw Error(ExitCode::config, filter_.name_ + " cannot be read " + where + found + ": " + expected + " is expected")
        .remedy("Write it as: tenure_months >= 6 and (status = \"open\" or region in (\"north\", \"east\"))");
  }

  void advance() {
    while (next_ < rule_.size() && std::isspace(static_cast<unsigned char>(rule_[next_]))) ++next_;
    token_ = {Token::Kind::end, "", next_};
    if (next_ == rule_.size()) return;
    if (rule_[next_] == '"') {
      const std::size_t end = core::end_of_quoted(rule_, next_);
      if (end == std::string::npos) refuse("a quote that ends");
      token_ = {Token::Kind::quoted, core::unquoted(rule_.substr(next_, end - next_)), next_};
      next_ = end;
    } else if (is_word_byte(rule_[next_])) {
      const std::size_t begin = next_;
      while (next_ < rule_.size() && is_word_byte(rule_[next_])) ++next_;
      token_ = {Token::Kind::word, rule_.substr(begin, next_ - begin), begin};
    } else {
      const std::size_t length = std::string("<>!=").find(rule_[next_]) != std::string::npos &&
                                         next_ + 1 < rule_.size() &&
                                         std::string("=>").find(rule_[next_ + 1]) != std::string::npos
                                     ? 2
                                     : 1;
      token_ = {Token::Kind::mark, rule_.substr(next_, length), next_};
      next_ += length;
    }
  }

  bool is_keyword(const char* word) const { return token_.kind == Token::Kind::word && lower(token_.text) == word; }
  bool is_mark(const char* mark) const { return token_.kind == Token::Kind::mark && token_.text == mark; }
  bool take_keyword(const char* word) {
    if (!is_keyword(word)) return false;
    advance();
    return true;
  }
  void expect_mark(const char* mark) {
    if (!is_mark(mark)) refuse(std::string("'") + mark + "'");
    advance();
  }

  std::size_t add(Node node) {
    if (filter_.nodes_.size() >= most_nodes)
      throw Error(ExitCode::config, filter_.name_ + " has more than " + std::to_string(most_nodes) + " parts")
          .remedy("Use 'in (...)' for lists of values, or a shorter rule");
    filter_.nodes_.push_back(std::move(node));
    return filter_.nodes_.size() - 1;
  }

  std::size_t combined(const char* word, Node::Kind kind, std::size_t (FilterParser::*part)()) {
    std::vector<std::size_t> parts = {(this->*part)()};
    while (take_keyword(word)) parts.push_back((this->*part)());
    return parts.size() == 1 ? parts.front() : add({.kind = kind, .parts = std::move(parts)});
  }
  std::size_t either() { return combined("or", Node::Kind::disjunction, &FilterParser::every); }
  std::size_t every() { return combined("and", Node::Kind::conjunction, &FilterParser::one); }

  std::size_t one() {
    if (++depth_ > most_depth)
      throw Error(ExitCode::config, filter_.name_ + " has brackets deeper than " + std::to_string(most_depth));
    std::size_t node = 0;
    if (take_keyword("not")) {
      node = negation_of(one());
    } else if (is_mark("(")) {
      advance();
      node = either();
      expect_mark(")");
    } else {
      node = comparison();
    }
    --depth_;
    return node;
  }

  std::size_t negation_of(std::size_t node) { return add({.kind = Node::Kind::negation, .parts = {node}}); }

  std::size_t comparison() {
    if (token_.kind != Token::Kind::word && token_.kind != Token::Kind::quoted) refuse("the name of a column");
    Node node{.column = token_.text};
    advance();
    if (take_keyword("is")) {
      const bool is_negated = take_keyword("not");
      if (!take_keyword("missing")) refuse("'missing'");
      node.test = Test::missing;
      return finished(std::move(node), is_negated);
    }
    if (is_keyword("in") || is_keyword("not")) {
      const bool is_negated = take_keyword("not");
      if (!take_keyword("in")) refuse("'in'");
      node.test = Test::one_of;
      expect_mark("(");
      take_value(node);
      while (is_mark(",")) {
        advance();
        take_value(node);
      }
      expect_mark(")");
      return finished(std::move(node), is_negated);
    }
    return compared(std::move(node));
  }

  std::size_t compared(Node node) {
    struct Sign {
      const char* mark;
      Test test;
      bool is_negated;
    };
    static constexpr Sign signs[] = {{"=", Test::equal, false},        {"==", Test::equal, false},
                                     {"!=", Test::equal, true},        {"<>", Test::equal, true},
                                     {"<", Test::less, false},         {"<=", Test::less_or_equal, false},
                                     {">", Test::less_or_equal, true}, {">=", Test::less, true}};
    const auto* sign = std::ranges::find_if(signs, [&](const Sign& each) { return is_mark(each.mark); });
    if (sign == std::end(signs)) refuse("=, !=, <, <=, >, >=, in or is");
    node.test = sign->test;
    advance();
    take_value(node);
    return finished(std::move(node), sign->is_negated);
  }

  std::size_t finished(Node node, bool is_negated) {
    const std::size_t place = add(std::move(node));
    return is_negated ? negation_of(place) : place;
  }

  void take_value(Node& node) {
    if (token_.kind == Token::Kind::quoted) {
      node.texts.push_back(token_.text);
    } else {
      const std::string word = lower(token_.text);
      const std::optional<double> number = word == "true" ? 1.0 : word == "false" ? 0.0 : number_in(token_.text);
      if (token_.kind != Token::Kind::word || !number) refuse("a number, or a text in quotes,");
      node.numbers.push_back(*number);
    }
    advance();
  }

  Filter& filter_;
  const std::string& rule_;
  std::size_t next_ = 0;
  Token token_;
  int depth_ = 0;
};

// The rows of a block, column by column.
struct Filter::BlockOfColumns {
  std::map<std::string, std::vector<double>> numbers = {};
  std::map<std::string, std::vector<std::string>> texts = {};

  Truth truth(const Node& node, std::size_t row) const {
    const auto text = texts.find(node.column);
    return text != texts.end() ? text_truth(node, text->second[row]) : number_truth(node, numbers.at(node.column)[row]);
  }

 private:
  static Truth text_truth(const Node& node, const std::string& value) {
    if (node.test == Test::missing) return value.empty() ? is_true : is_false;
    if (value.empty()) return is_unknown;
    return std::ranges::find(node.texts, value) != node.texts.end() ? is_true : is_false;
  }

  static Truth number_truth(const Node& node, double value) {
    if (node.test == Test::missing) return std::isnan(value) ? is_true : is_false;
    if (std::isnan(value)) return is_unknown;
    switch (node.test) {
      case Test::less: return value < node.numbers.front() ? is_true : is_false;
      case Test::less_or_equal: return value <= node.numbers.front() ? is_true : is_false;
      case Test::equal:
      case Test::one_of: return std::ranges::find(node.numbers, value) != node.numbers.end() ? is_true : is_false;
      case Test::missing: break;
    }
    return is_unknown;
  }
};

Truth Filter::combined(const Node& node, const std::vector<Truth>& truths) {
  Truth truth = truths[node.parts.front()];
  if (node.kind == Node::Kind::negation) return negated(truth);
  for (std::size_t p = 1; p < node.parts.size(); ++p) {
    const Truth next = truths[node.parts[p]];
    truth = node.kind == Node::Kind::conjunction ? both(truth, next) : negated(both(negated(truth), negated(next)));
  }
  return truth;
}

Filter::Filter(std::string name, const std::string& rule) : name_(std::move(name)) {
  FilterParser(*this, rule).parse();
}

std::vector<std::string> Filter::columns() const {
  std::vector<std::string> names;
  for (const Node& node : nodes_)
    if (node.kind == Node::Kind::comparison && std::ranges::find(names, node.column) == names.end())
      names.push_back(node.column);
  return names;
}

void Filter::check(const std::vector<StoredColumn>& columns) const {
  std::vector<std::string> names;
  for (const StoredColumn& column : columns) names.push_back(column.name);
  for (const Node& node : nodes_) {
    if (node.kind != Node::Kind::comparison) continue;
    const auto stored = std::ranges::find(columns, node.column, &StoredColumn::name);
    const auto refuse = [&](const std::string& why, const std::string& remedy) {
      throw Error(ExitCode::config, name_ + ": " + why).in_column(node.column).remedy(remedy);
    };
    if (stored == columns.end()) {
      const std::string guess = core::did_you_mean(node.column, names);
      throw Error(ExitCode::config, name_ + " names '" + node.column + "', but the shards have no such column")
          .remedy(guess.empty() ? "'cardseg inspect' lists the columns" : guess);
    }
    if (stored->type == ColumnType::text) {
      if (!node.numbers.empty())
        refuse("the column holds text and is compared with a number", "Put the value in quotes");
      if (node.test == Test::less || node.test == Test::less_or_equal)
        refuse("texts have no order to compare by", "Use =, != or in");
    } else if (!stored->is_date && !node.texts.empty()) {
      refuse("the column holds numbers and is compared with a text", "Write the number without quotes");
    } else if (stored->is_date) {
      for (const std::string& text : node.texts)
        if (!days_in(text)) refuse("the column holds dates, and a value is none", "Write dates as \"2026-09-30\"");
    }
  }
}

Filter::BlockOfColumns Filter::read(const io::ShardSet& shards, Range rows, const MissingCodes& missing_codes) const {
  BlockOfColumns block;
  for (const std::string& name : columns()) {
    const int column = shards.column_index(name);
    if (is_text(shards, name)) {
      block.texts[name] = shards.read_texts(column, rows);
      continue;
    }
    std::vector<double>& numbers = block.numbers[name];
    numbers.resize(static_cast<std::size_t>(rows.size()));
    shards.read_numbers(column, rows, numbers);
    if (const auto codes = missing_codes.find(name); codes != missing_codes.end())
      replace_codes(codes->second, numbers);
  }
  return block;
}

std::vector<std::uint8_t> Filter::matches(const io::ShardSet& shards, Range rows,
                                          const MissingCodes& missing_codes) const {
  std::vector<Node> nodes = nodes_;
  for (Node& node : nodes)
    if (node.kind == Node::Kind::comparison && !is_text(shards, node.column))
      for (const std::string& date : node.texts) node.numbers.push_back(days_in(date).value());
  std::vector<std::uint8_t> matches;
  matches.reserve(static_cast<std::size_t>(rows.size()));
  std::vector<Truth> truths(nodes.size());
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += block_rows) {
    const Range part{begin, std::min(begin + block_rows, rows.end)};
    const BlockOfColumns block = read(shards, part, missing_codes);
    for (std::size_t i = 0; i < static_cast<std::size_t>(part.size()); ++i) {
      for (std::size_t n = 0; n < nodes.size(); ++n)  // parts come before what is made of them
        truths[n] = nodes[n].kind == Node::Kind::comparison ? block.truth(nodes[n], i) : combined(nodes[n], truths);
      matches.push_back(truths.back() == is_true ? 1 : 0);
    }
  }
  return matches;
}

}  // namespace cardseg::portfolio
