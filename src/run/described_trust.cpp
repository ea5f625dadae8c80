#include "cardseg/run/described_trust.hpp"

#include "cardseg/cli/command_line.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/quality/stability.hpp"

namespace cardseg::run {

portfolio::TrustThresholds described_trust(const comm::Communicator& comm, const cli::FeatureOptions& options) {
  return comm::agree(comm, [&] {
    return options.description.empty() ? portfolio::TrustThresholds()
                                       : portfolio::make_trust(cli::read_settings(options.description));
  });
}

std::int64_t testing_bytes(PortfolioRun& run, const quality::TrustOptions& options) {
  return quality::resampling_bytes(options.trust, run.shards().rows(), run.schema().most_features(),
                                   run.options().features.precision, run.context().threads);
}

}  // namespace cardseg::run
