// What SDL's and Dear ImGui's code can reach and this page never does, put out of its reach
// (CMakeLists.txt beside this file hands the calls of these functions to the ones here), since it
// is downloaded: game controllers, SDL's own renderer, and the closing of a table that was left
// open.
#include <SDL.h>

extern "C" {

SDL_GameController* __wrap_SDL_GameControllerOpen(int) { return nullptr; }
void __wrap_SDL_GameControllerClose(SDL_GameController*) {}
Sint16 __wrap_SDL_GameControllerGetAxis(SDL_GameController*, SDL_GameControllerAxis) { return 0; }
Uint8 __wrap_SDL_GameControllerGetButton(SDL_GameController*, SDL_GameControllerButton) {
  return 0;
}
SDL_bool __wrap_SDL_IsGameController(int) { return SDL_FALSE; }
int __wrap_SDL_NumJoysticks() { return 0; }
int __wrap_SDL_GetRendererOutputSize(SDL_Renderer*, int*, int*) { return -1; }
void __wrap__ZN5ImGui8EndTableEv() {}

}  // extern "C"
