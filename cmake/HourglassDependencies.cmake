# Third-party libraries as targets, found and never downloaded here.
#
#   hourglass::eigen    Eigen headers (eigen 5 or newer; 3.4 does not compile to WebAssembly with SIMD)
#   hourglass::json     nlohmann-json headers
#   hourglass::stb      stb_image.h, stb_image_write.h and their kin, included as "stb_image.h" or <stb/stb_image.h>
#   hourglass::cli11    CLI11 headers
#   hourglass::doctest  doctest headers, included as <doctest/doctest.h>
#   hourglass::deflate  libdeflate; on the web compiled here, for the module that reads a person's own files
#   hourglass::mpi      MPI's C interface, where -DHOURGLASS_MPI=ON asks for it
#   hourglass::sdl2     SDL2; on the web the static build that `./dev setup` makes
#   hourglass::gl       OpenGL natively, WebGL 2 on the web
#   hourglass::imgui    Dear ImGui with its SDL2 and OpenGL 3 backends, compiled here
#
# `./dev setup` fills the cache folder (${XDG_CACHE_HOME:-~/.cache}/hourglass) that the defaults point to.
# Elsewhere (emsdk, vcpkg, a Mac) name a folder, e.g. -DHOURGLASS_EIGEN_DIR=/opt/eigen, or let CMake find the package.

include_guard(GLOBAL)

# --- versions and the cache folder ---------------------------------------------------------------------

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/setup/versions.sh" hourglass_version_lines
     REGEX "^[A-Z0-9_]+=[^ ]*$")
foreach(line IN LISTS hourglass_version_lines)
  string(REGEX MATCH "^([A-Z0-9_]+)=(.*)$" _ "${line}")
  set(HOURGLASS_PINNED_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()

if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(hourglass_default_cache "$ENV{XDG_CACHE_HOME}/hourglass")
else()
  set(hourglass_default_cache "$ENV{HOME}/.cache/hourglass")
endif()
set(HOURGLASS_CACHE_DIR "${hourglass_default_cache}" CACHE PATH
    "Folder that ./dev setup fills with dependencies")

# --- ccache --------------------------------------------------------------------------------------------

# Emscripten takes its ccache from its own configuration file, which `./dev setup` writes.
if(NOT EMSCRIPTEN AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(HOURGLASS_CCACHE ccache)
  if(HOURGLASS_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${HOURGLASS_CCACHE}")
  endif()
endif()

# --- header-only libraries -----------------------------------------------------------------------------

# Sets OUT to the folder that holds HEADER: the cache variable VARIABLE where it is set, else the first of the
# remaining arguments that has it, else (natively) whatever CMake's own search finds.
function(hourglass_find_headers out variable header help)
  set(${variable} "" CACHE PATH "Folder that holds ${header} (${help})")
  set(found "")
  if(${variable})
    set(candidates "${${variable}}" "${${variable}}/include" "${${variable}}/include/eigen3")
  else()
    set(candidates ${ARGN})
  endif()
  foreach(candidate IN LISTS candidates)
    if(EXISTS "${candidate}/${header}")
      set(found "${candidate}")
      break()
    endif()
  endforeach()
  # The system's own include folder must never reach the wasm compiler: it holds another libc's headers.
  if(NOT found AND NOT ${variable} AND NOT EMSCRIPTEN)
    find_path(hourglass_${variable}_found "${header}" PATH_SUFFIXES eigen3 imgui)
    mark_as_advanced(hourglass_${variable}_found)
    if(hourglass_${variable}_found)
      set(found "${hourglass_${variable}_found}")
    endif()
  endif()
  if(NOT found)
    message(FATAL_ERROR
      "${header} (${help}) was not found: run ./dev setup, or pass -D${variable}=FOLDER, the folder that holds it.")
  endif()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

function(hourglass_header_library name)
  add_library(hourglass_${name} INTERFACE)
  add_library(hourglass::${name} ALIAS hourglass_${name})
  target_include_directories(hourglass_${name} SYSTEM INTERFACE ${ARGN})
endfunction()

set(hourglass_headers "${HOURGLASS_CACHE_DIR}/headers")

hourglass_find_headers(hourglass_eigen_dir HOURGLASS_EIGEN_DIR Eigen/Core "Eigen 5 or newer"
  "${HOURGLASS_CACHE_DIR}/eigen-${HOURGLASS_PINNED_EIGEN_VERSION}")
hourglass_header_library(eigen "${hourglass_eigen_dir}")

hourglass_find_headers(hourglass_json_dir HOURGLASS_JSON_DIR nlohmann/json.hpp "nlohmann-json 3"
  "${hourglass_headers}/json")
hourglass_header_library(json "${hourglass_json_dir}")

hourglass_find_headers(hourglass_cli11_dir HOURGLASS_CLI11_DIR CLI/CLI.hpp "CLI11 2" "${hourglass_headers}/cli11")
hourglass_header_library(cli11 "${hourglass_cli11_dir}")

hourglass_find_headers(hourglass_doctest_dir HOURGLASS_DOCTEST_DIR doctest/doctest.h "doctest 2"
  "${hourglass_headers}/doctest")
hourglass_header_library(doctest "${hourglass_doctest_dir}")

hourglass_find_headers(hourglass_stb_dir HOURGLASS_STB_DIR stb/stb_image.h "the stb headers in a folder stb/"
  "${hourglass_headers}/stb")
hourglass_header_library(stb "${hourglass_stb_dir}" "${hourglass_stb_dir}/stb")

# --- libraries of the system, natively -----------------------------------------------------------------

if(NOT EMSCRIPTEN)
  add_library(hourglass_deflate INTERFACE)
  add_library(hourglass::deflate ALIAS hourglass_deflate)
  find_path(HOURGLASS_DEFLATE_INCLUDE_DIR libdeflate.h)
  find_library(HOURGLASS_DEFLATE_LIBRARY NAMES deflate libdeflate)
  if(NOT HOURGLASS_DEFLATE_INCLUDE_DIR OR NOT HOURGLASS_DEFLATE_LIBRARY)
    message(FATAL_ERROR "libdeflate was not found: run ./dev setup, or install it and pass "
      "-DHOURGLASS_DEFLATE_INCLUDE_DIR=FOLDER -DHOURGLASS_DEFLATE_LIBRARY=FILE.")
  endif()
  target_include_directories(hourglass_deflate SYSTEM INTERFACE "${HOURGLASS_DEFLATE_INCLUDE_DIR}")
  target_link_libraries(hourglass_deflate INTERFACE "${HOURGLASS_DEFLATE_LIBRARY}")
endif()

if(EMSCRIPTEN AND HOURGLASS_WASM_PART STREQUAL "engine" OR EMSCRIPTEN AND HOURGLASS_WASM_PART STREQUAL "")
  hourglass_find_headers(hourglass_deflate_dir HOURGLASS_DEFLATE_DIR lib/deflate_decompress.c "the sources of libdeflate"
    "${HOURGLASS_CACHE_DIR}/libdeflate-${HOURGLASS_PINNED_LIBDEFLATE_VERSION}")
  set(deflate_sources "")
  foreach(part IN ITEMS deflate_decompress gzip_decompress zlib_decompress deflate_compress gzip_compress
      zlib_compress adler32 crc32 utils)
    list(APPEND deflate_sources "${hourglass_deflate_dir}/lib/${part}.c")
  endforeach()
  add_library(hourglass_deflate STATIC ${deflate_sources})
  add_library(hourglass::deflate ALIAS hourglass_deflate)
  set_target_properties(hourglass_deflate PROPERTIES UNITY_BUILD OFF)
  target_include_directories(hourglass_deflate SYSTEM PUBLIC "${hourglass_deflate_dir}")
  target_compile_options(hourglass_deflate PRIVATE -O2 -w)
endif()

if(HOURGLASS_MPI)
  find_package(MPI COMPONENTS C)
  if(NOT MPI_C_FOUND)
    message(FATAL_ERROR "MPI was not found: install it (Debian's libopenmpi-dev and openmpi-bin), or pass "
      "-DMPI_C_COMPILER=FILE with the path of its mpicc.")
  endif()
  add_library(hourglass_mpi INTERFACE)
  add_library(hourglass::mpi ALIAS hourglass_mpi)
  target_link_libraries(hourglass_mpi INTERFACE MPI::MPI_C)
  # mpi.h would bring the C++ interface that MPI has given up, and its library.
  target_compile_definitions(hourglass_mpi INTERFACE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
endif()

# SDL2, OpenGL and ImGui are wanted by the desktop window and the web page only; -DHOURGLASS_UI=OFF builds
# engine, command line and their tests on a machine without them.
option(HOURGLASS_UI "Find SDL2 and Dear ImGui, for the desktop window or the web page" ON)
if(NOT HOURGLASS_UI)
  return()
endif()

add_library(hourglass_sdl2 INTERFACE)
add_library(hourglass::sdl2 ALIAS hourglass_sdl2)
add_library(hourglass_gl INTERFACE)
add_library(hourglass::gl ALIAS hourglass_gl)

if(EMSCRIPTEN)
  set(HOURGLASS_SDL2_DIR "${HOURGLASS_CACHE_DIR}/sdl2-wasm-${HOURGLASS_PINNED_SDL2_VERSION}" CACHE PATH
      "Folder with include/SDL2 and lib/libSDL2.a, built for WebAssembly")
  if(NOT EXISTS "${HOURGLASS_SDL2_DIR}/lib/libSDL2.a")
    message(FATAL_ERROR "SDL2 for WebAssembly was not found in ${HOURGLASS_SDL2_DIR}: run ./dev setup, "
      "or pass -DHOURGLASS_SDL2_DIR=FOLDER with include/SDL2 and lib/libSDL2.a in it.")
  endif()
  # Not SYSTEM: Emscripten puts a folder with another SDL.h ("fakesdl") among the system ones, and a plain -I is
  # searched before it.
  target_include_directories(hourglass_sdl2 INTERFACE "${HOURGLASS_SDL2_DIR}/include/SDL2" "${HOURGLASS_SDL2_DIR}/include")
  target_link_libraries(hourglass_sdl2 INTERFACE "${HOURGLASS_SDL2_DIR}/lib/libSDL2.a")
  target_link_options(hourglass_gl INTERFACE -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2)
else()
  find_package(SDL2 QUIET)
  if(NOT SDL2_FOUND)
    message(FATAL_ERROR "SDL2 was not found: run ./dev setup, install it, or pass -DHOURGLASS_UI=OFF "
      "to build without the desktop window.")
  endif()
  if(TARGET SDL2::SDL2)
    # Debian's include folder is .../include/SDL2; both <SDL.h> and <SDL2/SDL.h> are in use.
    target_link_libraries(hourglass_sdl2 INTERFACE SDL2::SDL2)
  else()
    target_include_directories(hourglass_sdl2 SYSTEM INTERFACE ${SDL2_INCLUDE_DIRS})
    target_link_libraries(hourglass_sdl2 INTERFACE ${SDL2_LIBRARIES})
  endif()
  set(OpenGL_GL_PREFERENCE GLVND)
  find_package(OpenGL REQUIRED)
  target_link_libraries(hourglass_gl INTERFACE OpenGL::GL)
endif()

# --- Dear ImGui, compiled here -------------------------------------------------------------------------

hourglass_find_headers(hourglass_imgui_dir HOURGLASS_IMGUI_DIR imgui.h "the sources of Dear ImGui 1.92 or newer"
  "${HOURGLASS_CACHE_DIR}/imgui-${HOURGLASS_PINNED_IMGUI_VERSION}")
if(NOT EXISTS "${hourglass_imgui_dir}/backends/imgui_impl_sdl2.cpp")
  message(FATAL_ERROR "${hourglass_imgui_dir} holds imgui.h but not the sources of Dear ImGui and its backends: "
    "pass -DHOURGLASS_IMGUI_DIR=FOLDER with an unpacked source archive.")
endif()
add_library(hourglass_imgui STATIC
  "${hourglass_imgui_dir}/imgui.cpp"
  "${hourglass_imgui_dir}/imgui_draw.cpp"
  "${hourglass_imgui_dir}/imgui_tables.cpp"
  "${hourglass_imgui_dir}/imgui_widgets.cpp"
  "${hourglass_imgui_dir}/misc/cpp/imgui_stdlib.cpp"
  "${hourglass_imgui_dir}/backends/imgui_impl_sdl2.cpp"
  "${hourglass_imgui_dir}/backends/imgui_impl_opengl3.cpp")
add_library(hourglass::imgui ALIAS hourglass_imgui)
target_compile_features(hourglass_imgui PUBLIC cxx_std_20)
target_include_directories(hourglass_imgui SYSTEM PUBLIC
  "${hourglass_imgui_dir}" "${hourglass_imgui_dir}/backends" "${hourglass_imgui_dir}/misc/cpp")
# 32-bit indices: WebGL 2 has no base vertex, and a scatter plot passes 65,536 vertices.
target_compile_definitions(hourglass_imgui PUBLIC "ImDrawIdx=unsigned int" IMGUI_DISABLE_OBSOLETE_FUNCTIONS
  IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS IMGUI_DISABLE_DEFAULT_FONT)
if(EMSCRIPTEN)
  target_compile_definitions(hourglass_imgui PUBLIC IMGUI_IMPL_OPENGL_ES3 IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
    IMGUI_DISABLE_FILE_FUNCTIONS)
endif()
# Warnings in somebody else's code are nothing we can act on.
target_compile_options(hourglass_imgui PRIVATE -w)
target_link_libraries(hourglass_imgui PUBLIC hourglass::sdl2 hourglass::gl ${CMAKE_DL_LIBS})
