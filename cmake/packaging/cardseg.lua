-- Lmod module of cardseg: copy to <modules>/cardseg/0.1.0.lua and set `prefix` to what `cmake --install --prefix` was given.
-- Checked: Lua's syntax where luac is installed (tests/install/packaging_test). No Lmod has loaded it yet.
help([[
cardseg segments card portfolios: k-means in exact arithmetic, the same input gives the same bytes.
cardseg --help lists the jobs; man cardseg has it all.
]])
whatis("Name: cardseg")
whatis("Version: 0.1.0")
whatis("Description: exact, distributed segmentation of card portfolios")

local prefix = "/opt/cardseg/0.1.0"

depends_on("openmpi")
prepend_path("PATH", pathJoin(prefix, "bin"))
prepend_path("MANPATH", pathJoin(prefix, "share/man"))
prepend_path("CMAKE_PREFIX_PATH", prefix)
