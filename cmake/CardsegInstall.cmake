# What `cmake --install` puts where, and what find_package(cardseg) finds there.
include(CMakePackageConfigHelpers)

# The manual and the completion are printed by the program itself, so they tell what it can do.
set(cardseg_man ${PROJECT_BINARY_DIR}/cardseg.1)
set(cardseg_completion ${PROJECT_BINARY_DIR}/cardseg.bash)
add_custom_command(
  OUTPUT ${cardseg_man} ${cardseg_completion}
  COMMAND cardseg --man > ${cardseg_man}
  COMMAND cardseg --completion > ${cardseg_completion}
  DEPENDS cardseg
  VERBATIM)
add_custom_target(cardseg_manual ALL DEPENDS ${cardseg_man} ${cardseg_completion})

install(TARGETS cardseg)
install(FILES ${cardseg_man} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${cardseg_completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME cardseg)
install(PROGRAMS ${PROJECT_SOURCE_DIR}/python/cardseg_shards.py ${PROJECT_SOURCE_DIR}/python/parquet2shards.py DESTINATION ${CMAKE_INSTALL_DATADIR}/cardseg)
configure_file(${PROJECT_SOURCE_DIR}/cmake/packaging/cardseg.lua.in ${PROJECT_BINARY_DIR}/cardseg.lua @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cardseg.lua DESTINATION ${CMAKE_INSTALL_DATADIR}/modulefiles/cardseg RENAME ${PROJECT_VERSION}.lua)
foreach(document README.md CHANGELOG.md LICENSE)
  install(FILES ${PROJECT_SOURCE_DIR}/${document} DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/slurm DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples USE_SOURCE_PERMISSIONS OPTIONAL)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tests/install/consumer/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples/library)

# The library: every module but those that are the program's own.
get_property(modules GLOBAL PROPERTY CARDSEG_MODULES)
list(REMOVE_ITEM modules cardseg_cli cardseg_plan cardseg_run)
set_target_properties(cardseg_flags PROPERTIES EXPORT_NAME flags)
install(TARGETS ${modules} cardseg_flags EXPORT cardsegTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/cardseg DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} PATTERN cli EXCLUDE PATTERN plan EXCLUDE
        PATTERN run EXCLUDE)

set(cardseg_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cardseg)
install(EXPORT cardsegTargets NAMESPACE cardseg:: DESTINATION ${cardseg_package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/cardsegConfig.cmake.in ${PROJECT_BINARY_DIR}/cardsegConfig.cmake
                              INSTALL_DESTINATION ${cardseg_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cardsegConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cardsegConfig.cmake ${PROJECT_BINARY_DIR}/cardsegConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindLibdeflate.cmake ${PROJECT_SOURCE_DIR}/cmake/FindXxhash.cmake
              ${PROJECT_SOURCE_DIR}/cmake/FindZstd.cmake
        DESTINATION ${cardseg_package_dir})
