// Which vector instructions the kernels use. Results do not depend on it; speed does.
#pragma once

#include <string>
#include <vector>

namespace cardseg::cluster {

/// "auto", and what this processor and build can do of "avx512", "avx2", "sse4", "emu128", whichever is in use.
/// Not while kernels run.
std::vector<std::string> vector_widths();

/// Uses at most the named width from now on; not while kernels run. Throws core::Error(usage) where it is not
/// available.
void choose_vector_width(const std::string& name);

/// The width in use, as Highway names it: "AVX3_DL", "AVX2", ...
std::string vector_width_in_use();

}  // namespace cardseg::cluster
