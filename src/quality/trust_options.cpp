#include "cardseg/quality/trust_options.hpp"

namespace cardseg::quality {

core::OptionTable describe(TrustOptions& o) {
  return {"Trust",
          {core::choice(o.trust, trust_names,
                        {"trust", "HOW", core::Shapes::result,
                         "whether segments are found again in resamples of the customers, and more often than in data "
                         "without segments: off, fast (resamples of up to 10,000) or full (up to 100,000)"})}};
}

}  // namespace cardseg::quality
