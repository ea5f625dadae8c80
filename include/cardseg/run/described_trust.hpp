// What testing stability takes: the thresholds of the description, and memory.
#pragma once

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/trust_thresholds.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/run/portfolio_run.hpp"

namespace cardseg::run {

/// Collective. Of the section [trust]; the usual ones where there is no description. Throws comm::AgreedError.
portfolio::TrustThresholds described_trust(const comm::Communicator& comm, const cli::FeatureOptions& options);

/// Local. Bytes that it takes on each rank at most.
std::int64_t testing_bytes(PortfolioRun& run, const quality::TrustOptions& options);

}  // namespace cardseg::run
