// Earlier months of the same model: what their drift.json say.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cardseg/monitor/drift.hpp"

namespace cardseg::monitor {

/// A month as the history shows it.
struct EarlierMonth {
  std::string name;    ///< of its directory: "2026-10"
  std::string sha256;  ///< of its drift.json
  Light light = Light::green;
  double mix_psi = 0.0;  ///< NaN where it is not known, as what follows
  double far = 0.0;
  double reconstruction = 0.0;
  std::map<std::string, double> psi;  ///< by column
};

struct DriftHistory {
  std::vector<EarlierMonth> months;  ///< by name
  std::vector<std::string> others;   ///< names of months of other models, which are left out
};

/// Local. Reads DIRECTORY/*/drift.json, but for those in `output`, which is being written. Throws core::Error:
/// input_missing where there is no such directory, bad_data naming a file that is none.
DriftHistory read_history(const std::filesystem::path& directory, const std::filesystem::path& output,
                          const std::string& model_id);

}  // namespace cardseg::monitor
