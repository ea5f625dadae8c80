-- Lmod module of cardseg, installed as share/modulefiles/cardseg/0.1.0.lua. For `module load cardseg`:
--
--   module use <prefix>/share/modulefiles          or copy the file into the site's tree and set `prefix` by hand
--
-- Checked: tests/install/packaging_test loads it where Lmod is installed, and else looks at its syntax where luac is.
help([[
cardseg segments card portfolios: k-means in exact arithmetic, the same input gives the same bytes.
cardseg --help lists the jobs; man cardseg has it all. CARDSEG_SLURM is the directory of the scripts for Slurm.
]])
whatis("Name: cardseg")
whatis("Version: 0.1.0")
whatis("Description: exact, distributed segmentation of card portfolios")

-- Where this file is installed says where the rest is.
local prefix = myFileName():match("^(.*)/share/modulefiles/") or "/usr/local"

try_load("openmpi") -- sites that have no such module have Open MPI on PATH
prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
prepend_path("CMAKE_PREFIX_PATH", prefix)
prepend_path("PYTHONPATH", pathJoin(prefix, "share/cardseg")) -- cardseg_shards
setenv("CARDSEG_SLURM", pathJoin(prefix, "share/doc/cardseg/examples/slurm"))
