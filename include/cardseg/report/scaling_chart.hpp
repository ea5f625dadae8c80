// scaling.svg: speed-up and efficiency over numbers of ranks, beside the ideal.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"
#include "cardseg/scaling/scaling_model.hpp"

namespace cardseg::report {

/// Pure. To the left speed-up, both axes logarithmic, to the right efficiency; what was measured (hollow where ranks
/// share cores), from the fastest to the slowest repeat; the ideal; the model up to 1,024 ranks with its band.
Picture scaling_picture(const scaling::ScalingStudy& study);

/// Pure. The picture as scaling.svg.
std::string scaling_svg(const scaling::ScalingStudy& study);

}  // namespace cardseg::report
