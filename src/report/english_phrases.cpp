#include "report/english_phrases.hpp"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>
#include <utility>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr Language english = Language::en;

// Verbs must agree with labels that anybody may have written: the ending of the head decides.
bool is_plural(const std::string& label) {
  const std::string head = head_of(label);
  for (const char* ending : {"ss", "us", "is"})
    if (head.ends_with(ending)) return false;
  return head.size() > 2 && head.ends_with("s");
}

std::string times(double ratio) {
  const std::string number = shown_ratio(ratio, english);
  return number == "2" ? "twice" : number + " times";
}
std::string share(double value) { return shown_share(value, english); }
std::string everybody(double value) { return value == 1 ? "all" : share(value); }

bool is_any_of(const std::string& word, std::initializer_list<const char*> words) {
  for (const char* each : words)
    if (word == each) return true;
  return false;
}

// "tenure" of "Tenure months", which is long, not many.
std::string without_unit_of_time(const std::string& label) {
  const std::size_t blank = label.rfind(' ');
  if (blank == std::string::npos) return label;
  const std::string start = label.substr(0, blank);
  const bool is_unit = is_any_of(head_of(label.substr(blank)), {"days", "months", "years"});
  return is_unit && is_any_of(head_of(start), {"tenure", "duration", "length", "recency"}) ? start : label;
}

// "high", "many", "long": the adjective that goes with a label.
const char* adjective(const Trait& trait) {
  const std::string head = head_of(without_unit_of_time(trait.label));
  if (is_any_of(head, {"days", "months", "years", "weeks", "times", "transactions", "contacts", "visits", "logins",
                       "products", "customers", "cards", "accounts", "children", "calls", "merchants", "categories",
                       "channels"}))
    return trait.is_up() ? "many" : "few";
  if (is_any_of(head, {"tenure", "duration", "length", "recency"})) return trait.is_up() ? "long" : "short";
  return trait.is_up() ? "high" : "low";
}

std::string amount_part(const Trait& trait) {
  const std::string label = in_the_middle(without_unit_of_time(trait.label));
  const Comparison comparison = comparison_of(trait);
  if (comparison == Comparison::nothing && is_thing(trait)) return "no " + label;
  if (comparison == Comparison::next_to_nothing) return "almost no " + label;
  if (begins_with_degree(trait)) return label + (trait.is_up() ? " above average" : " below average");
  return fmt::format("{} {}", adjective(trait), label);
}

// "with mobile app" and its opposite.
struct Having {
  std::string yes;
  std::string no;
};

Having having(const Trait& trait) {
  const FlagNoun flag = noun_of(trait.label);
  const std::string noun = in_the_middle(flag.noun);
  Having words = flag.is_property ? Having{noun, "not " + noun} : Having{"with " + noun, "without " + noun};
  if (trait.is_without) std::swap(words.yes, words.no);
  return words;
}

std::string flag_part(const Trait& trait) {
  const Having words = having(trait);
  if (!trait.is_up()) {
    if (trait.here == 0) return words.no;
    return (trait.here < 0.5 && trait.all >= 0.5 ? "mostly " + words.no : "less often " + words.yes);
  }
  if (trait.here == 1) return words.yes;
  return (trait.here > 0.5 ? "mostly " : "more often ") + words.yes;
}

std::string level_of(const Trait& trait) { return fmt::format("{} {}", in_the_middle(trait.label), trait.level); }

std::string level_part(const Trait& trait) {
  if (!trait.is_up()) return (trait.here == 0 ? "not " : "less often ") + level_of(trait);
  if (trait.here == 1) return level_of(trait);
  return (trait.here > 0.5 ? "mostly " : "more often ") + level_of(trait);
}

bool has_two_levels(const Trait& trait) {
  return !trait.level.empty() && !trait.usual_level.empty() && trait.level != trait.usual_level;
}

std::string amount_figures(const Trait& trait) {
  if (is_mostly_zero(trait))
    return is_thing(trait) ? fmt::format("{} have none, portfolio {}", share(trait.zeros_here), share(trait.zeros_all))
                           : fmt::format("zero for {}, portfolio {}", share(trait.zeros_here), share(trait.zeros_all));
  switch (comparison_of(trait)) {
    case Comparison::nothing: return is_thing(trait) ? "" : "zero for all";
    case Comparison::next_to_nothing: return "";
    case Comparison::factor: return times(trait.ratio) + " the average";
    case Comparison::per_cent_less: return share(1 - trait.ratio) + " below average";
    case Comparison::difference:
      return shown_difference(trait, english) + (trait.is_up() ? " above average" : " below average");
    case Comparison::values: break;
  }
  const TextPair values = shown_values(trait, trait.here, trait.all, english);
  return fmt::format("{} on average, portfolio {}", values.here, values.all);
}

std::string amount_clause(const Trait& trait) {
  const std::string part = is_age(trait) ? (trait.is_up() ? "higher age" : "lower age") : amount_part(trait);
  const std::string figures = amount_figures(trait);
  return figures.empty() ? part : fmt::format("{} ({})", part, figures);
}

std::string mean_sentence(const Trait& trait) {
  const std::string verb = is_plural(trait.label) ? "average" : "averages";
  const TextPair values = shown_values(trait, trait.here, trait.all, english);
  const std::string start = fmt::format("{} {} {}, ", capitalised(trait.label), verb, values.here);
  const std::string usual = fmt::format("the portfolio's {}", values.all);
  switch (comparison_of(trait)) {
    case Comparison::factor: return fmt::format("{}{} {}", start, times(trait.ratio), usual);
    case Comparison::next_to_nothing:
    case Comparison::per_cent_less: return fmt::format("{}{} below {}", start, share(1 - trait.ratio), usual);
    case Comparison::difference:
      return fmt::format("{}{} {} {}", start, shown_difference(trait, english), trait.is_up() ? "above" : "below",
                         usual);
    case Comparison::nothing:
    case Comparison::values: break;
  }
  return fmt::format("{}against {} in the portfolio", start, values.all);
}

// Where not all are: `they` is what is zero for so many.
std::string zeros_sentence(const Trait& trait, const std::string& they) {
  const std::string label = in_the_middle(trait.label);
  const char* are = is_plural(trait.label) ? "are" : "is";
  const std::string portfolio = fmt::format("(portfolio {})", share(trait.zeros_all));
  if (trait.zeros_here == 0)
    return is_thing(trait) ? fmt::format("Nobody is without {} {}.", label, portfolio)
                           : fmt::format("{} {} never zero {}.", they, are, portfolio);
  const std::string zeros =
      trait.zeros_here < trait.zeros_all ? only_share(trait.zeros_here, english) : share(trait.zeros_here);
  if (is_thing(trait)) return capitalised(fmt::format("{} have no {} {}.", zeros, label, portfolio));
  return fmt::format("{} {} zero for {} {}.", they, are, zeros, portfolio);
}

std::string amount_statement(const Trait& trait) {
  if (trait.here == 0 && trait.zeros_here == 1) {
    if (is_thing(trait)) return fmt::format("No customer has {}.", in_the_middle(trait.label));
    return fmt::format("{} {} zero for every customer.", capitalised(trait.label),
                       is_plural(trait.label) ? "are" : "is");
  }
  if (is_next_to_all_zero(trait)) return zeros_sentence(trait, capitalised(trait.label));
  std::string text = mean_sentence(trait);
  if (!std::isnan(trait.median_here)) {
    const TextPair medians = shown_values(trait, trait.median_here, trait.median_all, english);
    text += fmt::format("; the median is {} (portfolio {})", medians.here, medians.all);
  }
  text += ".";
  if (has_said_zeros(trait)) text += " " + zeros_sentence(trait, is_plural(trait.label) ? "They" : "It");
  return text;
}

constexpr WhoWords who_words = {"all", "nobody", "most"};

std::string flag_statement(const Trait& trait) {
  const FlagNoun flag = noun_of(trait.label);
  const std::string noun = in_the_middle(flag.noun);
  const std::string not_having = flag.is_property ? "not " : "no ";
  const std::string object = (trait.is_without ? not_having : "") + noun;
  const std::string usual = fmt::format("against {} of the portfolio", share(trait.all));
  if (trait.here == 0) return fmt::format("Nobody {} {}, {}.", flag.is_property ? "is" : "has", object, usual);
  const char* verb = flag.is_property ? "are" : "have";
  return fmt::format("{} {} {}, {}.", capitalised(who_of(trait, who_words, english)), verb, object, usual);
}

std::string level_statement(const Trait& trait) {
  return fmt::format("For {}, {} {} {}, against {} of the portfolio.", who_of(trait, who_words, english),
                     in_the_middle(trait.label), is_plural(trait.label) ? "are" : "is", trait.level, share(trait.all));
}

std::string ordinal_statement(const Trait& trait) {
  const std::string label = capitalised(trait.label);
  const char* verb = is_plural(trait.label) ? "are" : "is";
  if (has_two_levels(trait))
    return fmt::format("{} {} typically {}, in the portfolio {}.", label, verb, trait.level, trait.usual_level);
  return fmt::format("{} {} {} than in the portfolio.", label, verb, trait.is_up() ? "higher" : "lower");
}

std::string of_portfolio(const SegmentSize& size) {
  return fmt::format("{} ({} of the portfolio)", counted(size.customers, "customer"), share(size.share));
}

}  // namespace

std::string EnglishPhrases::name_part(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag: return flag_part(trait);
    case Trait::Kind::level: return level_part(trait);
    case Trait::Kind::ordinal:
      if (begins_with_degree(trait)) return in_the_middle(trait.label) + (trait.is_up() ? " higher" : " lower");
      return fmt::format("{} {}", trait.is_up() ? "higher" : "lower", in_the_middle(trait.label));
  }
  if (is_age(trait)) return trait.is_up() ? "older" : "younger";
  return amount_part(trait);
}

std::string EnglishPhrases::driver(const Trait& trait) const {
  const std::string label = capitalised(trait.label);
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag:
      return fmt::format("{}: {}, portfolio {}", capitalised(having(trait).yes), share(trait.here), share(trait.all));
    case Trait::Kind::level:
      return fmt::format("{} {}: {}, portfolio {}", label, trait.level, share(trait.here), share(trait.all));
    case Trait::Kind::ordinal:
      if (has_two_levels(trait)) return fmt::format("{}: {}, portfolio {}", label, trait.level, trait.usual_level);
      return label + (trait.is_up() ? " higher" : " lower");
  }
  if (is_next_to_all_zero(trait) && !is_thing(trait))
    return fmt::format("{} zero for {}", label, everybody(trait.zeros_here));
  switch (comparison_of(trait)) {
    case Comparison::nothing:
    case Comparison::next_to_nothing:
      return is_thing(trait) ? capitalised(amount_part(trait)) : label + " zero for all";
    case Comparison::factor: return fmt::format("{} {} x", label, shown_ratio(trait.ratio, english));
    case Comparison::per_cent_less: return fmt::format("{} {} lower", label, share(1 - trait.ratio));
    case Comparison::difference:
      return fmt::format("{} {} {}", label, shown_difference(trait, english), trait.is_up() ? "higher" : "lower");
    case Comparison::values: break;
  }
  const TextPair values = shown_values(trait, trait.here, trait.all, english);
  return fmt::format("{} {}, portfolio {}", label, values.here, values.all);
}

std::string EnglishPhrases::clause(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag: {
      const FlagNoun flag = noun_of(trait.label);
      const std::string noun = in_the_middle(flag.noun);
      if (flag.is_property)
        return fmt::format("{} {}{} (portfolio {})", everybody(trait.here), trait.is_without ? "not " : "", noun,
                           share(trait.all));
      return fmt::format("{}{} for {} (portfolio {})", trait.is_without ? "no " : "", noun, everybody(trait.here),
                         share(trait.all));
    }
    case Trait::Kind::level:
      return fmt::format("{} for {} (portfolio {})", level_of(trait), everybody(trait.here), share(trait.all));
    case Trait::Kind::ordinal:
      if (has_two_levels(trait))
        return fmt::format("{} typically {} (portfolio {})", in_the_middle(trait.label), trait.level,
                           trait.usual_level);
      return name_part(trait);
  }
  return amount_clause(trait);
}

std::string EnglishPhrases::statement(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag: return flag_statement(trait);
    case Trait::Kind::level: return level_statement(trait);
    case Trait::Kind::ordinal: return ordinal_statement(trait);
  }
  return amount_statement(trait);
}

std::string EnglishPhrases::statement(const Worth& worth) const {
  std::string text = fmt::format("They account for {} of all {}", share(worth.share), in_the_middle(worth.label));
  if (!std::isnan(worth.here) && !std::isnan(worth.all))
    text += fmt::format(": {} each on average, {} in the portfolio",
                        shown_value(worth.here, worth.label, worth.words, english),
                        shown_value(worth.all, worth.label, worth.words, english));
  return text + ".";
}

std::string EnglishPhrases::sentence(const SegmentSize& size, const std::vector<std::string>& clauses) const {
  return fmt::format("{} with {}.", of_portfolio(size), listed(clauses, "and"));
}

std::string EnglishPhrases::opening(const SegmentSize& size) const {
  return fmt::format("The segment has {}, {} of the portfolio.", counted(size.customers, "customer"),
                     share(size.share));
}

std::string EnglishPhrases::close_name() const { return "Close to the average customer"; }

std::string EnglishPhrases::close_sentence(const SegmentSize& size) const {
  return of_portfolio(size) + ", close to the average customer in everything that was compared.";
}

std::string EnglishPhrases::largest_of_small() const {
  return "In everything that was compared they are close to the average customer.";
}

std::string EnglishPhrases::rest_is_close() const { return "In everything else they are close to the portfolio."; }

std::string EnglishPhrases::small_name() const { return "Withheld segment"; }

std::string EnglishPhrases::small_sentence(std::int64_t min_cell) const {
  return fmt::format("Not described: it, or a segment of which it would tell, has fewer than {}.",
                     counted(min_cell, "customer"));
}

std::string EnglishPhrases::silent_sentence(const SegmentSize& size) const {
  return of_portfolio(size) + "; no figure of theirs can be shown.";
}

}  // namespace cardseg::report
