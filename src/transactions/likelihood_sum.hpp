// Means of log-likelihoods over all customers of all ranks, exact whatever their order.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::transactions {

/// A log-likelihood and its derivatives by `parameters` logarithms of parameters.
template <std::size_t parameters>
using LikelihoodTerm = std::array<double, parameters + 1>;

/// Collective over comm. Minus the mean over `customers` of terms; `gradient` is set to minus the means of the
/// derivatives. Each figure is rounded to a multiple of 2^-40 and added as an integer. Infinite where a term is none.
/// `term(i)` and `count(i)` of the i-th of `terms` local groups of equal customers; called by several threads.
template <std::size_t parameters, typename Term, typename Count>
double mean_likelihood(const comm::Communicator& comm, std::size_t terms, std::int64_t customers, const Term& term,
                       const Count& count, Eigen::VectorXd& gradient) {
  constexpr double quanta = 0x1p40;
  constexpr double most = 0x1p72;
  std::array<core::int128, parameters + 2> sums{};  // the last counts terms that are no numbers
#pragma omp parallel
  {
    std::array<core::int128, parameters + 2> local{};
#pragma omp for schedule(static)
    for (std::size_t i = 0; i < terms; ++i) {
      const LikelihoodTerm<parameters> each = term(i);
      bool is_number = true;
      for (const double figure : each) is_number = is_number && std::abs(figure * quanta) < most;
      if (!is_number) {
        local.back() += 1;
        continue;
      }
      for (std::size_t p = 0; p <= parameters; ++p)
        local[p] += static_cast<core::int128>(std::nearbyint(each[p] * quanta)) * count(i);
    }
#pragma omp critical
    for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += local[s];
  }
  comm.allreduce_sum(std::span(sums));
  const double all = quanta * static_cast<double>(customers);
  for (std::size_t p = 0; p < parameters; ++p)
    gradient[static_cast<Eigen::Index>(p)] = -static_cast<double>(sums[p + 1]) / all;
  return sums.back() != 0 ? HUGE_VAL : -static_cast<double>(sums.front()) / all;
}

}  // namespace cardseg::transactions
