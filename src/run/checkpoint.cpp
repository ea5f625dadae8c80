#include "cardseg/run/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const auto& slots = files::checkpoints;
constexpr const char* first_word = "cardseg-checkpoint 1 ";

std::string to_text(const Checkpoint& checkpoint) {
  json identity = json::array();
  for (const auto& [name, value] : checkpoint.identity) identity.push_back({name, value});
  const json body = {{"sequence", checkpoint.sequence},
                     {"written", checkpoint.written},
                     {"identity", identity},
                     {"replaces", checkpoint.replaces},
                     {"progress", cluster::to_json(checkpoint.progress)}};
  const std::string text = body.dump() + "\n";
  return first_word + core::sha256_hex(text) + "\n" + text;
}

// Nothing where the text is not whole.
std::optional<Checkpoint> checkpoint_from(const std::string& text) {
  const std::size_t head = std::string(first_word).size() + 64;
  if (text.size() <= head + 1 || !text.starts_with(first_word) || text[head] != '\n') return std::nullopt;
  const std::string body = text.substr(head + 1);
  if (core::sha256_hex(body) != text.substr(head - 64, 64)) return std::nullopt;
  try {
    const json j = core::parse_json<json>(body);
    Checkpoint checkpoint{j.at("sequence"), j.at("written"), {}, j.at("replaces"), {}};
    for (const json& each : j.at("identity")) checkpoint.identity.emplace_back(each.at(0), each.at(1));
    checkpoint.progress = cluster::progress_from_json(j.at("progress"));
    return checkpoint;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

void write_checkpoint(const fs::path& directory, const Checkpoint& checkpoint) {
  io::write_file(directory / slots[static_cast<std::size_t>(checkpoint.sequence % 2)], to_text(checkpoint));
}

FoundCheckpoint find_checkpoint(const fs::path& directory) {
  FoundCheckpoint found;
  for (const char* slot : slots) {
    std::error_code unreachable;
    if (!fs::exists(directory / slot, unreachable)) continue;
    std::optional<Checkpoint> checkpoint = checkpoint_from(io::read_file(directory / slot));
    if (!checkpoint) {
      found.damaged.emplace_back(slot);
    } else if (!found.newest || checkpoint->sequence > found.newest->sequence) {
      found.newest = std::move(checkpoint);
      found.file = slot;
    }
  }
  return found;
}

void remove_checkpoints(const fs::path& directory) {
  for (const char* slot : slots) {
    std::error_code failure;
    fs::remove(directory / slot, failure);
    if (failure)
      throw Error(ExitCode::permission, "cannot be removed: " + failure.message()).in_file((directory / slot).string());
  }
}

std::string difference(const std::vector<std::pair<std::string, std::string>>& then,
                       const std::vector<std::pair<std::string, std::string>>& now) {
  const std::map<std::string, std::string> before(then.begin(), then.end());
  for (const auto& [name, value] : now) {
    const auto known = before.find(name);
    if (known == before.end()) return fmt::format("{} is new", name);
    if (known->second != value)
      return fmt::format("{} was {} and is now {}", name, known->second.empty() ? "not given" : known->second,
                         value.empty() ? "not given" : value);
  }
  const std::map<std::string, std::string> after(now.begin(), now.end());
  for (const auto& [name, value] : then)
    if (!after.contains(name)) return fmt::format("{} is gone", name);
  return "";
}

}  // namespace cardseg::run
