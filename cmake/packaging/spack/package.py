# Spack package of cardseg: copy to packages/cardseg/ of a Spack repository, and say where the sources are:
#
#   spack dev-build --source-path /path/to/cardseg cardseg@main
#
# Checked: Python's syntax, and that every library of CMakeLists.txt is named (tests/install/packaging_test). No Spack has
# built it yet.
from spack.package import *


class Cardseg(CMakePackage):
    """Exact, distributed segmentation of card portfolios: HDF5 shards in, the same segments on any number of ranks out."""

    version("main")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi@3:")
    depends_on("hdf5@1.10:~mpi")
    depends_on("boost@1.74:+program_options")
    depends_on("eigen@3.4:", type="build")
    depends_on("fmt@9:")
    depends_on("spdlog@1.10:+shared")
    depends_on("nlohmann-json@3.11:")
    depends_on("highway@1.0.3:")
    depends_on("openssl@3:")
    depends_on("libdeflate@1.14:")
    depends_on("xxhash@0.8:")
    depends_on("pugixml@1.12:")
    depends_on("zlib-api")
    depends_on("zstd")

    conflicts("%gcc@:11")

    generator("ninja")

    def cmake_args(self):
        return [self.define("CARDSEG_TESTS", False)]
