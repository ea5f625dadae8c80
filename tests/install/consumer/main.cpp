// Finds two segments in four customers with two features, in one process; mpirun and a comm::Session would make it
// more.
#include <cardseg/cluster/fit.hpp>
#include <cardseg/core/error.hpp>
#include <cardseg/portfolio/feature_matrix.hpp>
#include <cardseg/segments/model.hpp>
#include <iostream>

int main() {
  using namespace cardseg;
  const comm::Communicator alone;
  portfolio::FeatureMatrix<float> matrix({0, 4}, 2);
  const float customers[4][2] = {{0, 0}, {9, 9}, {0, 1}, {1, 0}};
  for (int row = 0; row < 4; ++row)
    for (int feature = 0; feature < 2; ++feature) matrix.at(row, feature) = customers[row][feature];

  cluster::FitOptions options;
  options.segments = 2;
  core::Events silent;
  const cluster::FitResult result = cluster::fit(alone, matrix, options, silent);
  const double* far = result.centroids.row(1);
  std::cout << result.customers << " customers, the smaller segment at " << far[0] << " " << far[1] << '\n';

  try {
    segments::read_model("no-such-model.json");
  } catch (const core::Error& error) {
    return error.code() == core::ExitCode::input_missing ? 0 : 1;
  }
  return 1;
}
