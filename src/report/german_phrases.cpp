// Labels come in any gender, number and language: templates keep them where nothing has to agree with them, and as they
// are written, because nouns have capitals anyway.
#include "report/german_phrases.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr Language german = Language::de;

std::string times(double ratio) {
  const std::string number = shown_ratio(ratio, german);
  return number == "2" ? "doppelt" : number + "-mal";
}
std::string share(double value) { return shown_share(value, german); }

std::string customers(std::int64_t count) {
  return in_language(shown_count(count), german) + (count == 1 ? " Kunde" : " Kunden");
}

std::string amount_part(const Trait& trait) {
  const Comparison comparison = comparison_of(trait);
  if (comparison == Comparison::nothing && is_thing(trait)) return "ohne " + trait.label;
  if (comparison == Comparison::next_to_nothing) return "fast ohne " + trait.label;
  if (begins_with_degree(trait))
    return trait.label + (trait.is_up() ? " überdurchschnittlich" : " unterdurchschnittlich");
  if (head_of(trait.label).ends_with("dauer")) return trait.label + (trait.is_up() ? " lang" : " kurz");
  return trait.label + (trait.is_up() ? " hoch" : " niedrig");
}

// "mit Mobile App" and its opposite.
struct Having {
  std::string yes;
  std::string no;
};

Having having(const Trait& trait) {
  const FlagNoun flag = noun_of(trait.label);
  Having words =
      flag.is_property ? Having{flag.noun, "nicht " + flag.noun} : Having{"mit " + flag.noun, "ohne " + flag.noun};
  if (trait.is_without) std::swap(words.yes, words.no);
  return words;
}

std::string flag_part(const Trait& trait) {
  const Having words = having(trait);
  if (!trait.is_up()) {
    if (trait.here == 0) return words.no;
    return trait.here < 0.5 && trait.all >= 0.5 ? "überwiegend " + words.no : "seltener " + words.yes;
  }
  if (trait.here == 1) return words.yes;
  return (trait.here > 0.5 ? "überwiegend " : "häufiger ") + words.yes;
}

std::string level_of(const Trait& trait) { return fmt::format("{} {}", trait.label, trait.level); }

std::string level_part(const Trait& trait) {
  if (!trait.is_up()) return (trait.here == 0 ? "nicht " : "seltener ") + level_of(trait);
  if (trait.here == 1) return level_of(trait);
  return (trait.here > 0.5 ? "überwiegend " : "häufiger ") + level_of(trait);
}

bool has_two_levels(const Trait& trait) {
  return !trait.level.empty() && !trait.usual_level.empty() && trait.level != trait.usual_level;
}

std::string of_portfolio(const SegmentSize& size) {
  return fmt::format("{} ({} des Portfolios)", customers(size.customers), share(size.share));
}

std::string with_portfolio(const std::string& here, double all) {
  return fmt::format("{} (Portfolio {})", here, share(all));
}

std::string amount_clause(const Trait& trait) {
  const std::string& label = trait.label;
  if (is_mostly_zero(trait))
    return with_portfolio(is_thing(trait) ? fmt::format("{} ohne {}", share(trait.zeros_here), label)
                                          : fmt::format("{} bei {} null", label, share(trait.zeros_here)),
                          trait.zeros_all);
  switch (comparison_of(trait)) {
    case Comparison::nothing: return is_thing(trait) ? amount_part(trait) : label + " bei allen null";
    case Comparison::next_to_nothing: return amount_part(trait);
    case Comparison::factor: return fmt::format("{} {} so hoch", label, times(trait.ratio));
    case Comparison::per_cent_less: return fmt::format("{} {} niedriger", label, share(1 - trait.ratio));
    case Comparison::difference:
      return fmt::format("{} {} {}", label, shown_difference(trait, german), trait.is_up() ? "höher" : "niedriger");
    case Comparison::values: break;
  }
  const TextPair values = shown_values(trait, trait.here, trait.all, german);
  return fmt::format("{} im Durchschnitt {} (Portfolio {})", label, values.here, values.all);
}

std::string mean_sentence(const Trait& trait) {
  const TextPair values = shown_values(trait, trait.here, trait.all, german);
  const std::string start = fmt::format("{}: im Durchschnitt {}, ", trait.label, values.here);
  switch (comparison_of(trait)) {
    case Comparison::factor:
      return fmt::format("{}{} so hoch wie im Portfolio ({})", start, times(trait.ratio), values.all);
    case Comparison::next_to_nothing:
    case Comparison::per_cent_less:
      return fmt::format("{}{} unter dem Portfolio ({})", start, share(1 - trait.ratio), values.all);
    case Comparison::difference:
      return fmt::format("{}{} {} dem Portfolio ({})", start, shown_difference(trait, german),
                         trait.is_up() ? "über" : "unter", values.all);
    case Comparison::nothing:
    case Comparison::values: break;
  }
  return fmt::format("{}im Portfolio {}", start, values.all);
}

// Where not all are: `it` is what is zero for so many.
std::string zeros_sentence(const Trait& trait, const std::string& it) {
  if (trait.zeros_here == 0)
    return with_portfolio(is_thing(trait) ? "Niemand ist ohne " + trait.label : it + " nie null", trait.zeros_all) +
           ".";
  const std::string zeros =
      trait.zeros_here < trait.zeros_all ? only_share(trait.zeros_here, german) : share(trait.zeros_here);
  return with_portfolio(is_thing(trait) ? fmt::format("Ohne {} sind {}", trait.label, zeros)
                                        : fmt::format("{} bei {} null", it, zeros),
                        trait.zeros_all) +
         ".";
}

std::string amount_statement(const Trait& trait) {
  if (trait.here == 0 && trait.zeros_here == 1)
    return is_thing(trait) ? fmt::format("Alle sind ohne {}.", trait.label)
                           : fmt::format("{}: bei allen null.", trait.label);
  if (is_next_to_all_zero(trait)) return zeros_sentence(trait, trait.label + ":");
  std::string text = mean_sentence(trait);
  if (!std::isnan(trait.median_here)) {
    const TextPair medians = shown_values(trait, trait.median_here, trait.median_all, german);
    text += fmt::format("; Median {} (Portfolio {})", medians.here, medians.all);
  }
  text += ".";
  if (has_said_zeros(trait)) text += " " + zeros_sentence(trait, "Der Wert ist");
  return text;
}

std::string flag_statement(const Trait& trait) {
  const FlagNoun flag = noun_of(trait.label);
  const std::string who = who_of(trait, {"alle", "niemand", "die meisten"}, german);
  const bool is_one = trait.here == 0;
  const char* being = is_one ? "ist" : "sind";
  std::string what = fmt::format("{} {}{}", being, trait.is_without ? "nicht " : "", flag.noun);
  if (!flag.is_property)
    what = trait.is_without ? fmt::format("{} ohne {}", being, flag.noun)
                            : fmt::format("{} {}", is_one ? "hat" : "haben", flag.noun);
  return fmt::format("{} {}, im Portfolio {}.", capitalised(who), what, share(trait.all));
}

std::string level_statement(const Trait& trait) {
  const std::string who = who_of(trait, {"allen", "niemandem", "den meisten"}, german);
  return fmt::format("{}: bei {}, im Portfolio bei {}.", level_of(trait), who, share(trait.all));
}

std::string ordinal_statement(const Trait& trait) {
  if (has_two_levels(trait))
    return fmt::format("{}: typisch {}, im Portfolio {}.", trait.label, trait.level, trait.usual_level);
  return fmt::format("{}: {} als im Portfolio.", trait.label, trait.is_up() ? "höher" : "niedriger");
}

}  // namespace

std::string GermanPhrases::name_part(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag: return flag_part(trait);
    case Trait::Kind::level: return level_part(trait);
    case Trait::Kind::ordinal: return trait.label + (trait.is_up() ? " höher" : " niedriger");
  }
  if (is_age(trait)) return trait.is_up() ? "älter" : "jünger";
  return amount_part(trait);
}

std::string GermanPhrases::driver(const Trait& trait) const {
  const std::string& label = trait.label;
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag:
      return fmt::format("{}: {}, Portfolio {}", capitalised(having(trait).yes), share(trait.here), share(trait.all));
    case Trait::Kind::level:
      return fmt::format("{}: {}, Portfolio {}", level_of(trait), share(trait.here), share(trait.all));
    case Trait::Kind::ordinal:
      if (has_two_levels(trait)) return fmt::format("{}: {}, Portfolio {}", label, trait.level, trait.usual_level);
      return name_part(trait);
  }
  if (is_next_to_all_zero(trait) && !is_thing(trait)) return amount_clause(trait);
  switch (comparison_of(trait)) {
    case Comparison::nothing:
    case Comparison::next_to_nothing:
      return is_thing(trait) ? capitalised(amount_part(trait)) : label + " bei allen null";
    case Comparison::factor: return fmt::format("{} {} so hoch", label, times(trait.ratio));
    case Comparison::per_cent_less: return fmt::format("{} {} niedriger", label, share(1 - trait.ratio));
    case Comparison::difference:
      return fmt::format("{} {} {}", label, shown_difference(trait, german), trait.is_up() ? "höher" : "niedriger");
    case Comparison::values: break;
  }
  const TextPair values = shown_values(trait, trait.here, trait.all, german);
  return fmt::format("{} {}, Portfolio {}", label, values.here, values.all);
}

std::string GermanPhrases::clause(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag:
      return with_portfolio(fmt::format("{} {}", trait.here == 1 ? "alle" : share(trait.here), having(trait).yes),
                            trait.all);
    case Trait::Kind::level:
      return with_portfolio(fmt::format("{} bei {}", level_of(trait), trait.here == 1 ? "allen" : share(trait.here)),
                            trait.all);
    case Trait::Kind::ordinal:
      if (has_two_levels(trait))
        return fmt::format("{} typisch {} (Portfolio {})", trait.label, trait.level, trait.usual_level);
      return name_part(trait);
  }
  return amount_clause(trait);
}

std::string GermanPhrases::statement(const Trait& trait) const {
  switch (trait.kind) {
    case Trait::Kind::amount: break;
    case Trait::Kind::flag: return flag_statement(trait);
    case Trait::Kind::level: return level_statement(trait);
    case Trait::Kind::ordinal: return ordinal_statement(trait);
  }
  return amount_statement(trait);
}

std::string GermanPhrases::statement(const Worth& worth) const {
  std::string text = fmt::format("{}: {} der Summe des Portfolios", worth.label, share(worth.share));
  if (!std::isnan(worth.here) && !std::isnan(worth.all))
    text +=
        fmt::format(", im Durchschnitt {} (Portfolio {})", shown_value(worth.here, worth.label, worth.words, german),
                    shown_value(worth.all, worth.label, worth.words, german));
  return text + ".";
}

std::string GermanPhrases::sentence(const SegmentSize& size, const std::vector<std::string>& clauses) const {
  return fmt::format("{}, verglichen mit dem Durchschnitt: {}.", of_portfolio(size), listed(clauses, "und"));
}

std::string GermanPhrases::opening(const SegmentSize& size) const {
  return fmt::format("Das Segment hat {}, {} des Portfolios.", customers(size.customers), share(size.share));
}

std::string GermanPhrases::close_name() const { return "Nahe am Durchschnittskunden"; }

std::string GermanPhrases::close_sentence(const SegmentSize& size) const {
  return of_portfolio(size) + ", in allem, was verglichen wurde, nahe am Durchschnittskunden.";
}

std::string GermanPhrases::largest_of_small() const {
  return "In allem, was verglichen wurde, liegt das Segment nahe am Durchschnittskunden.";
}

std::string GermanPhrases::rest_is_close() const { return "In allem anderen liegt das Segment nahe am Portfolio."; }

std::string GermanPhrases::small_name() const { return "Zurückgehaltenes Segment"; }

std::string GermanPhrases::small_sentence(std::int64_t min_cell) const {
  return fmt::format(
      "Nicht beschrieben: Dieses Segment oder eines, über das es etwas verraten würde, hat weniger als {}.",
      customers(min_cell));
}

std::string GermanPhrases::silent_sentence(const SegmentSize& size) const {
  return of_portfolio(size) + "; es lassen sich keine Zahlen zeigen.";
}

}  // namespace cardseg::report
