// BG/NBD and Gamma-Gamma fitted by maximum likelihood over the customers of all ranks.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/transactions/lifetime_models.hpp"

namespace cardseg::transactions {

/// Collective over comm; the same on all ranks, and the same bytes on any number of them. `local`: customers with a
/// purchase; `unit` smallest units of money are a whole one. Customers with equal x, t_x and T are one term of the
/// likelihood. Throws comm::AgreedError(bad_data): nobody bought on two days, or no repeat day has spend.
LifetimeModels fit_lifetimes(const comm::Communicator& comm, std::span<const RepeatPurchases> local, double unit);

/// Where the figures need a warning: a fit without an end, amounts that go with how often people buy, no mean amount.
std::vector<std::string> warnings_of(const LifetimeModels& models);

}  // namespace cardseg::transactions
