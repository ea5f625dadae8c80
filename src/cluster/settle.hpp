// Lloyd's iterations of one model that shares its passes with nobody and is in no checkpoint.
#pragma once

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"
#include "cluster/basis.hpp"

namespace cardseg::cluster {

/// Collective. From these centroids to where options.max_iterations or options.tolerance ends them; the number of
/// segments is that of the centroids. The setting's customers lie as before afterwards.
template <class T>
RestartResult settle(const FitSetting<T>& setting, const FitOptions& options, Centroids centroids);

}  // namespace cardseg::cluster
