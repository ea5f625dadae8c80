#include "cluster/drawn_seeds.hpp"

#include "cardseg/cluster/seeding.hpp"

namespace cardseg::cluster {
namespace {

constexpr int most_iterations = 100;
// Iterations that change the inertia by less would follow the sample's chance, not the customers.
constexpr double tolerance = 1e-6;

}  // namespace

FitOptions on_sample(FitOptions options) {
  options.max_iterations = most_iterations;
  options.tolerance = tolerance;
  return options;
}

template <class T>
Seeds draw(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& customers, const FitOptions& options,
           int restart) {
  Seeds seeds;
  seeds.centroids = draw_seeds(comm, customers, options, restart);
  seeds.record.drawn = options.seeding;
  seeds.record.customers = comm.sum(customers.rows());
  return seeds;
}

template Seeds draw<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&, const FitOptions&, int);
template Seeds draw<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&, const FitOptions&, int);

}  // namespace cardseg::cluster
