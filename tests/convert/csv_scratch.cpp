#include "convert/csv_scratch.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace cardseg::convert {
namespace {

std::string make_unique_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "cardseg-csv-XXXXXX").string();
  return ::mkdtemp(name.data()) ? name : std::string();
}

}  // namespace

CsvScratch::CsvScratch(const comm::Communicator& comm) : comm_(comm) {
  std::string name = comm_.is_root() ? make_unique_directory() : std::string();
  comm_.broadcast(name, 0);
  if (name.empty()) throw std::runtime_error("no directory could be made for this test");
  path_ = name;
}

CsvScratch::~CsvScratch() {
  comm_.barrier();
  std::error_code ignored;
  if (comm_.is_root()) std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path CsvScratch::write(const std::string& name, std::string_view text) const {
  if (comm_.is_root()) std::ofstream(path_ / name, std::ios::binary) << text;
  comm_.barrier();
  return path_ / name;
}

}  // namespace cardseg::convert
