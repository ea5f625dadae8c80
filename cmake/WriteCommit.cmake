# cmake -D SOURCE=... -D OUTPUT=... -P WriteCommit.cmake: the commit of a source tree as a C++ macro. The file is touched only
# where it changes. An archive made by `git archive` has the commit in commit.txt (export-subst).
set(commit unknown)
file(STRINGS ${SOURCE}/cmake/commit.txt archived LIMIT_COUNT 1)
if(NOT archived MATCHES "Format")
  set(commit ${archived})
endif()
find_program(git git)
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(
    COMMAND ${git} -c safe.directory=* -C ${SOURCE} describe --always --exclude=* --abbrev=12 --dirty=+
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failure)
  if(NOT failure)
    set(commit ${described})
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define CARDSEG_COMMIT \"${commit}\"\n")
