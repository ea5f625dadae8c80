// The kinds of customers that a generated portfolio is made of.
#pragma once

#include <vector>

namespace cardseg::generate {

/// What is typical of a kind of customer. In an Archetype in the units named here; in a Profile on the scale on which
/// customers scatter about it (logarithm of amounts, logit of shares and chances).
struct Traits {
  double limit;             // credit limit, currency
  double utilisation;       // share of highest_utilisation
  double holds_balance;     // chance of a balance above zero
  double purchases;         // currency a year, of those who purchase
  double makes_purchases;   // chance
  double ticket;            // currency a purchase
  double instalment_share;  // share of purchases, of those who use instalments
  double uses_instalments;  // chance
  double cash;              // cash advances, currency a year, of those who take any
  double takes_cash;        // chance
  double full_payment;      // share of statements paid in full
  double late;              // share of statements paid late
  double digital;           // share of contacts
  double tenure;            // months
  double age;               // years
  double affluence;         // standard deviations of the whole market
};

struct Archetype {
  const char* name;
  const char* description;  // without commas: it is a field of a CSV file
  double share;             // of all customers where all archetypes are used
  double missing;           // relative frequency of missing values
  Traits typical;
};

/// What the rows of one segment are drawn from.
struct Profile {
  Traits location;      // on the scale of scatter
  double spread;        // factor on every scatter within the segment
  double share;         // the chosen archetypes' shares add up to 1
  double missing_rate;  // chance of a missing value; their mean over customers is the option missing_share
};

/// Utilisation stays below this: a little over the limit happens.
constexpr double highest_utilisation = 1.15;
constexpr int archetype_count = 8;

/// By falling share: the position is the segment's number less one.
const Archetype& archetype(int index);

/// The factor by which the logit of a chance grows with separation: towards never or always.
double sureness_at(double separation);

/// The first `segments` archetypes, pulled together or apart (GeneratorOptions::separation).
std::vector<Profile> make_profiles(int segments, double separation, double missing_share);

}  // namespace cardseg::generate
