// How fast plain H5Dread reads columns of shards: the peer of tests/bench/compare_load.py.
//
//   h5dread_loop PART PARTS COLUMN,COLUMN,... SHARD...
//
// Reads every PARTS-th of the columns, from the PART-th on, as doubles: whole columns, one shard after another. Prints
// the bytes of the doubles read and the seconds that took.
#include <hdf5.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::size_t read_column(hid_t file, const std::string& name, std::vector<double>& values) {
  const hid_t dataset = H5Dopen2(file, ("customers/" + name).c_str(), H5P_DEFAULT);
  const hid_t space = H5Dget_space(dataset);
  const hssize_t rows = H5Sget_simple_extent_npoints(space);
  if (rows < 0) std::exit(1);
  values.resize(static_cast<std::size_t>(rows));
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) std::exit(1);
  H5Sclose(space);
  H5Dclose(dataset);
  return values.size() * sizeof(double);
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 64;
  const auto part = static_cast<std::size_t>(std::atoi(argv[1]));
  const auto parts = static_cast<std::size_t>(std::atoi(argv[2]));
  const std::vector<std::string> columns = split_at_commas(argv[3]);
  const auto start = std::chrono::steady_clock::now();
  std::vector<double> values;
  std::size_t bytes = 0;
  for (int shard = 4; shard < argc; ++shard) {
    const hid_t file = H5Fopen(argv[shard], H5F_ACC_RDONLY, H5P_DEFAULT);
    for (std::size_t column = part; column < columns.size(); column += parts)
      bytes += read_column(file, columns[column], values);
    H5Fclose(file);
  }
  const std::chrono::duration<double> elapsed_s = std::chrono::steady_clock::now() - start;
  std::printf("%zu %.6f\n", bytes, elapsed_s.count());
}
