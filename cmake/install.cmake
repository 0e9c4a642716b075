# What `cmake --install` puts where, and the package that cpack makes of it. Included by CMakeLists.txt.

# ---- manual pages and completion, made by the program out of its own help ----

set(MADE ${PROJECT_BINARY_DIR}/made)
# Of a sanitized build nobody installs anything.
if(NOT TANDEM_SANITIZE AND NOT TANDEM_COVERAGE AND NOT TANDEM_FUZZ)
  add_custom_command(OUTPUT ${MADE}/stamp
    COMMAND ${PROJECT_SOURCE_DIR}/cmake/make-manual.sh $<TARGET_FILE:tandem> ${MADE}
    DEPENDS tandem cmake/make-manual.sh COMMENT "Making manual pages and completion" VERBATIM)
  add_custom_target(tandem_made ALL DEPENDS ${MADE}/stamp)
endif()

# ---- where everything goes ----

set(TANDEM_BASH_DIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions CACHE STRING "Where bash looks for completion")
set(TANDEM_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Where zsh looks for completion")
set(DATA ${CMAKE_INSTALL_DATADIR}/tandem)

install(TARGETS tandem)
install(DIRECTORY configs scenarios DESTINATION ${DATA})
install(DIRECTORY scripts/plots DESTINATION ${DATA}/scripts)
install(DIRECTORY ${MADE}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${MADE}/tandem DESTINATION ${TANDEM_BASH_DIR})
install(FILES ${MADE}/_tandem DESTINATION ${TANDEM_ZSH_DIR})

# Documents keep their places beside one another and beside what they name, so that the links between them lead somewhere.
install(FILES README.md README.zh.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
file(RELATIVE_PATH DATA_FROM_DOCUMENTS ${CMAKE_INSTALL_FULL_DOCDIR} ${CMAKE_INSTALL_FULL_DATADIR}/tandem)
foreach(folder IN ITEMS configs scenarios)
  install(CODE "file(CREATE_LINK ${DATA_FROM_DOCUMENTS}/${folder} \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/${folder}\" SYMBOLIC)")
endforeach()
install(DIRECTORY results/papers DESTINATION ${CMAKE_INSTALL_DOCDIR}/results
        FILES_MATCHING PATTERN "*.png" PATTERN "*.csv" PATTERN "run.log" EXCLUDE)

# ---- the Debian package ----

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tandem)
set(CPACK_PACKAGE_CONTACT "tandem maintainers <maintainers@users.noreply.github.com>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox | gnuplot, fonts-dejavu-core, fonts-noto-cjk")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "simulator of live migration of VMs with their vTPMs
A discrete-event simulator of a trusted virtualised platform: virtual machines
and the vTPMs that migrate with them, crypto cards that many VMs share, and
sockets between VMs that survive migration.
.
It answers how long a migration takes, how long the guest is stopped, how long
it has no vTPM, and what a change of method, link, workload or hypervisor does
to that, before anything is built.")
include(CPack)

# What every Debian package has beside its documents. SOURCE_DATE_EPOCH makes the changelog's date, and cpack's files.
string(TIMESTAMP DEBIAN_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(DEBIAN_CHANGELOG ${PROJECT_BINARY_DIR}/debian/changelog.Debian)
file(WRITE ${DEBIAN_CHANGELOG} "tandem (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Made from the sources of version ${PROJECT_VERSION}; CHANGELOG.md says what that has.

 -- ${CPACK_PACKAGE_CONTACT}  ${DEBIAN_DATE}
")
set(TANDEM_DEBIAN_FILES OFF CACHE BOOL "Install the changelog and the copyright that a Debian package has")
if(TANDEM_DEBIAN_FILES)
  set(DEBIAN ${PROJECT_BINARY_DIR}/debian)
  configure_file(cmake/debian-copyright ${DEBIAN}/copyright COPYONLY)
  configure_file(CHANGELOG.md ${DEBIAN}/changelog COPYONLY)
  execute_process(COMMAND gzip -9nf ${DEBIAN_CHANGELOG} ${DEBIAN}/changelog)
  install(FILES ${DEBIAN}/changelog.Debian.gz ${DEBIAN}/changelog.gz ${DEBIAN}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
  install(FILES cmake/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME tandem)
else()
  install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
