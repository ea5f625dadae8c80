#include "generate/generator_archetypes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace cardseg::generate {
namespace {

// The figures are invented. Together they give amounts over three powers of ten; about one customer in six purchases
// nothing, four in five take no cash, seven in ten pay some interest.
constexpr std::array<Archetype, archetype_count> archetypes = {{
    {.name = "transactors",
     .description = "Pay everyday purchases in full each month; almost no interest",
     .share = 0.24,
     .missing = 0.7,
     .typical = {.limit = 7000,
                 .utilisation = 0.11,
                 .holds_balance = 0.93,
                 .purchases = 9000,
                 .makes_purchases = 0.995,
                 .ticket = 45,
                 .instalment_share = 0.15,
                 .uses_instalments = 0.15,
                 .cash = 300,
                 .takes_cash = 0.04,
                 .full_payment = 0.95,
                 .late = 0.02,
                 .digital = 0.6,
                 .tenure = 90,
                 .age = 48,
                 .affluence = 0.3}},
    {.name = "revolvers",
     .description = "Carry a balance from month to month and pay interest on it",
     .share = 0.20,
     .missing = 0.8,
     .typical = {.limit = 5500,
                 .utilisation = 0.55,
                 .holds_balance = 0.99,
                 .purchases = 3500,
                 .makes_purchases = 0.96,
                 .ticket = 50,
                 .instalment_share = 0.25,
                 .uses_instalments = 0.2,
                 .cash = 600,
                 .takes_cash = 0.15,
                 .full_payment = 0.06,
                 .late = 0.07,
                 .digital = 0.5,
                 .tenure = 80,
                 .age = 42,
                 .affluence = -0.1}},
    {.name = "instalment-users",
     .description = "Spread large purchases over instalments",
     .share = 0.15,
     .missing = 0.8,
     .typical = {.limit = 4500,
                 .utilisation = 0.35,
                 .holds_balance = 0.97,
                 .purchases = 5000,
                 .makes_purchases = 0.99,
                 .ticket = 170,
                 .instalment_share = 0.75,
                 .uses_instalments = 0.98,
                 .cash = 400,
                 .takes_cash = 0.08,
                 .full_payment = 0.45,
                 .late = 0.04,
                 .digital = 0.65,
                 .tenure = 60,
                 .age = 38,
                 .affluence = 0.0}},
    {.name = "cash-users",
     .description = "Draw cash on the card rather than purchase with it",
     .share = 0.12,
     .missing = 1.0,
     .typical = {.limit = 3500,
                 .utilisation = 0.5,
                 .holds_balance = 0.98,
                 .purchases = 900,
                 .makes_purchases = 0.75,
                 .ticket = 55,
                 .instalment_share = 0.3,
                 .uses_instalments = 0.12,
                 .cash = 3500,
                 .takes_cash = 0.97,
                 .full_payment = 0.10,
                 .late = 0.10,
                 .digital = 0.35,
                 .tenure = 70,
                 .age = 43,
                 .affluence = -0.5}},
    {.name = "dormant",
     .description = "Hold the card but hardly use it",
     .share = 0.10,
     .missing = 2.5,
     .typical = {.limit = 4000,
                 .utilisation = 0.03,
                 .holds_balance = 0.10,
                 .purchases = 150,
                 .makes_purchases = 0.08,
                 .ticket = 60,
                 .instalment_share = 0.3,
                 .uses_instalments = 0.1,
                 .cash = 200,
                 .takes_cash = 0.02,
                 .full_payment = 0.8,
                 .late = 0.03,
                 .digital = 0.2,
                 .tenure = 100,
                 .age = 54,
                 .affluence = -0.1}},
    {.name = "new",
     .description = "Joined within the year; small limits and purchases still growing",
     .share = 0.08,
     .missing = 1.5,
     .typical = {.limit = 2000,
                 .utilisation = 0.25,
                 .holds_balance = 0.88,
                 .purchases = 1200,
                 .makes_purchases = 0.93,
                 .ticket = 40,
                 .instalment_share = 0.35,
                 .uses_instalments = 0.2,
                 .cash = 250,
                 .takes_cash = 0.08,
                 .full_payment = 0.6,
                 .late = 0.05,
                 .digital = 0.85,
                 .tenure = 4,
                 .age = 28,
                 .affluence = -0.4}},
    {.name = "affluent",
     .description = "High limits and large purchases paid in full; pay an annual fee",
     .share = 0.06,
     .missing = 0.5,
     .typical = {.limit = 24000,
                 .utilisation = 0.1,
                 .holds_balance = 0.96,
                 .purchases = 34000,
                 .makes_purchases = 0.999,
                 .ticket = 110,
                 .instalment_share = 0.12,
                 .uses_instalments = 0.15,
                 .cash = 800,
                 .takes_cash = 0.06,
                 .full_payment = 0.97,
                 .late = 0.01,
                 .digital = 0.7,
                 .tenure = 130,
                 .age = 55,
                 .affluence = 1.7}},
    {.name = "distressed",
     .description = "At their limit; pay late and the minimum or less",
     .share = 0.05,
     .missing = 1.5,
     .typical = {.limit = 3000,
                 .utilisation = 0.86,
                 .holds_balance = 0.998,
                 .purchases = 700,
                 .makes_purchases = 0.75,
                 .ticket = 40,
                 .instalment_share = 0.4,
                 .uses_instalments = 0.2,
                 .cash = 1500,
                 .takes_cash = 0.75,
                 .full_payment = 0.02,
                 .late = 0.45,
                 .digital = 0.45,
                 .tenure = 65,
                 .age = 40,
                 .affluence = -0.7}},
}};

enum class Scale { plain, amount, share, chance };

struct TraitScale {
  double Traits::*trait;
  Scale scale;
};

constexpr std::array<TraitScale, 16> trait_scales = {{
    {&Traits::limit, Scale::amount},
    {&Traits::utilisation, Scale::share},
    {&Traits::holds_balance, Scale::chance},
    {&Traits::purchases, Scale::amount},
    {&Traits::makes_purchases, Scale::chance},
    {&Traits::ticket, Scale::amount},
    {&Traits::instalment_share, Scale::share},
    {&Traits::uses_instalments, Scale::chance},
    {&Traits::cash, Scale::amount},
    {&Traits::takes_cash, Scale::chance},
    {&Traits::full_payment, Scale::share},
    {&Traits::late, Scale::share},
    {&Traits::digital, Scale::share},
    {&Traits::tenure, Scale::amount},
    {&Traits::age, Scale::plain},
    {&Traits::affluence, Scale::plain},
}};
static_assert(sizeof(Traits) == trait_scales.size() * sizeof(double), "a trait has no scale");

double on_scale(double value, Scale scale) {
  switch (scale) {
    case Scale::plain: return value;
    case Scale::amount: return std::log(value);
    case Scale::share:
    case Scale::chance: return std::log(value / (1 - value));
  }
  return value;
}

// location_s = centre + min(1, separation) (typical_s - centre). Above separation 1 chances become surer by its square:
// amounts that are rarely above zero would otherwise stay a cluster of their own, however small the scatter.
void place(std::vector<Profile>& profiles, const TraitScale& trait, double separation) {
  double centre = 0;
  for (std::size_t s = 0; s < profiles.size(); ++s)
    centre += profiles[s].share * on_scale(archetypes[s].typical.*trait.trait, trait.scale);
  const double sureness = trait.scale == Scale::chance ? sureness_at(separation) : 1.0;
  for (std::size_t s = 0; s < profiles.size(); ++s) {
    const double typical = on_scale(archetypes[s].typical.*trait.trait, trait.scale);
    profiles[s].location.*trait.trait = sureness * (centre + std::min(1.0, separation) * (typical - centre));
  }
}

}  // namespace

double sureness_at(double separation) { return separation > 1 ? separation * separation : 1; }

const Archetype& archetype(int index) { return archetypes[static_cast<std::size_t>(index)]; }

std::vector<Profile> make_profiles(int segments, double separation, double missing_share) {
  double total_share = 0;
  double total_missing = 0;
  for (int s = 0; s < segments; ++s) {
    total_share += archetype(s).share;
    total_missing += archetype(s).share * archetype(s).missing;
  }
  std::vector<Profile> profiles;
  profiles.reserve(static_cast<std::size_t>(segments));
  for (int s = 0; s < segments; ++s)
    profiles.push_back({.location = {},
                        .spread = 1 / std::max(1.0, separation),
                        .share = archetype(s).share / total_share,
                        .missing_rate = missing_share * archetype(s).missing * total_share / total_missing});
  for (const TraitScale& trait : trait_scales) place(profiles, trait, separation);
  return profiles;
}

}  // namespace cardseg::generate
