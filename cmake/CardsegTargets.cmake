# How a module becomes a target: one static library a folder, with the flags that keep results exact.

add_library(cardseg_flags INTERFACE)
add_library(cardseg::flags ALIAS cardseg_flags)
target_compile_features(cardseg_flags INTERFACE cxx_std_20)
# A fused multiply-add happens only where the source says fma: contraction by the compiler would change bits.
target_compile_options(cardseg_flags INTERFACE -ffp-contract=off)
# GCC 12 folds double -> float -> double away where it vectorises straight-line code: rounding to float32 would be lost.
target_compile_options(cardseg_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fno-tree-slp-vectorize>)

add_library(cardseg_build_flags INTERFACE)
target_compile_options(cardseg_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror
                                                     -Wno-restrict # false alarms of GCC 12 in std::string (GCC bug 105651)
                                                     -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(CARDSEG_SANITIZE)
  target_compile_options(cardseg_build_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                       -fno-omit-frame-pointer
                                                       # false alarms of GCC 12 in std::regex under sanitizers
                                                       -Wno-maybe-uninitialized)
  target_link_options(cardseg_build_flags INTERFACE -fsanitize=address,undefined)
endif()

# cardseg_module(name SOURCES a.cpp ... USES cardseg::core ... LIBRARIES HDF5::HDF5 ...)
# USES are modules whose headers appear in this module's headers; LIBRARIES stay private, so that only this module sees them.
function(cardseg_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(cardseg_${name} STATIC ${ARG_SOURCES})
  add_library(cardseg::${name} ALIAS cardseg_${name})
  set_target_properties(cardseg_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(
    cardseg_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(cardseg_${name} PUBLIC cardseg::flags ${ARG_USES} PRIVATE ${ARG_LIBRARIES}
                                                                                  $<BUILD_INTERFACE:cardseg_build_flags>)
  set_property(GLOBAL APPEND PROPERTY CARDSEG_MODULES cardseg_${name})
endfunction()
