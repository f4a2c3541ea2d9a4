# Finds an Emscripten and hands over to its own CMake toolchain file, so that the wasm presets need no environment:
#   1. -DHOURGLASS_EMSCRIPTEN_ROOT=FOLDER or the environment variable of that name;
#   2. EMSDK, as emsdk_env.sh sets it;
#   3. emcc on the PATH, if it is new enough;
#   4. the one that `./dev setup` puts into the cache folder.

set(HOURGLASS_EMSCRIPTEN_ROOT "$ENV{HOURGLASS_EMSCRIPTEN_ROOT}" CACHE PATH "Folder that holds emcc")
# Without this, CMake's compiler checks (projects of their own) would search anew.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES HOURGLASS_EMSCRIPTEN_ROOT)

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/setup/versions.sh" hourglass_pins REGEX "^(EMSCRIPTEN_VERSION|EMCC_MINIMUM)=")
foreach(line IN LISTS hourglass_pins)
  string(REGEX MATCH "^([A-Z_]+)=(.*)$" _ "${line}")
  set(hourglass_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()

if(NOT HOURGLASS_EMSCRIPTEN_ROOT AND NOT "$ENV{EMSDK}" STREQUAL "")
  set(HOURGLASS_EMSCRIPTEN_ROOT "$ENV{EMSDK}/upstream/emscripten" CACHE PATH "Folder that holds emcc" FORCE)
endif()
if(NOT HOURGLASS_EMSCRIPTEN_ROOT)
  find_program(hourglass_emcc emcc NO_CMAKE_FIND_ROOT_PATH)
  if(hourglass_emcc)
    file(REAL_PATH "${hourglass_emcc}" hourglass_emcc_real)
    get_filename_component(hourglass_emcc_dir "${hourglass_emcc_real}" DIRECTORY)
    if(EXISTS "/usr/share/emscripten/emcc.py" AND hourglass_emcc STREQUAL "/usr/bin/emcc")
      set(hourglass_emcc_dir "/usr/share/emscripten")  # Debian's /usr/bin/emcc is a wrapper script
    endif()
    if(EXISTS "${hourglass_emcc_dir}/emscripten-version.txt")
      file(STRINGS "${hourglass_emcc_dir}/emscripten-version.txt" hourglass_emcc_version LIMIT_COUNT 1)
      string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" hourglass_emcc_version "${hourglass_emcc_version}")
      if(hourglass_emcc_version VERSION_GREATER_EQUAL hourglass_EMCC_MINIMUM)
        set(HOURGLASS_EMSCRIPTEN_ROOT "${hourglass_emcc_dir}" CACHE PATH "Folder that holds emcc" FORCE)
      endif()
    endif()
  endif()
endif()
if(NOT HOURGLASS_EMSCRIPTEN_ROOT)
  if("$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(hourglass_cache "$ENV{HOME}/.cache")
  else()
    set(hourglass_cache "$ENV{XDG_CACHE_HOME}")
  endif()
  set(HOURGLASS_EMSCRIPTEN_ROOT "${hourglass_cache}/hourglass/emscripten-${hourglass_EMSCRIPTEN_VERSION}"
      CACHE PATH "Folder that holds emcc" FORCE)
endif()
if(NOT EXISTS "${HOURGLASS_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
  message(FATAL_ERROR "Emscripten ${hourglass_EMCC_MINIMUM} or newer was not found "
    "(looked in ${HOURGLASS_EMSCRIPTEN_ROOT}): run ./dev setup, or pass -DHOURGLASS_EMSCRIPTEN_ROOT=FOLDER.")
endif()

# Emscripten's file would start emcc to ask for its version, once more for each of CMake's compiler checks.
if(NOT EMSCRIPTEN_VERSION AND EXISTS "${HOURGLASS_EMSCRIPTEN_ROOT}/emscripten-version.txt")
  file(STRINGS "${HOURGLASS_EMSCRIPTEN_ROOT}/emscripten-version.txt" EMSCRIPTEN_VERSION LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" EMSCRIPTEN_VERSION "${EMSCRIPTEN_VERSION}")
endif()

include("${HOURGLASS_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake")
