// The API of SCORM 1.2 (ADL, "SCORM run-time environment", version 1.2, chapter 3): an object called API in one of the
// windows around the content, whose functions take and give texts.

const MOST_WINDOWS = 500; // so many levels a loop of windows would not end at

function apiAround(start) {
  let at = start;
  for (let i = 0; i < MOST_WINDOWS; i += 1) {
    try {
      if (at.API) return at.API;
    } catch {
      // A window of another origin: the LMS may be around that.
    }
    if (!at.parent || at.parent === at) return null;
    at = at.parent;
  }
  return null;
}

// The LMS's API for the content in window `own`: in it, in those around it, or in those that have opened these; or null.
export function findApi(own) {
  const found = apiAround(own);
  if (found) return found;
  for (const window of [own, own.top]) {
    try {
      const opened = window?.opener ? apiAround(window.opener) : null;
      if (opened) return opened;
    } catch {
      // Of another origin.
    }
  }
  return null;
}

// The API with its errors as sentences: refused(sentence) is told of what the LMS does not take.
export class ScormApi {
  #api;
  #refused;

  constructor(api, refused) {
    this.#api = api;
    this.#refused = refused;
  }

  initialize = () => this.#did('LMSInitialize', '');
  commit = () => this.#did('LMSCommit', '');
  finish = () => this.#did('LMSFinish', '');
  set = (name, value) => this.#did('LMSSetValue', name, String(value));

  // The value of an element of the data model as text; '' where the LMS has none.
  get(name) {
    try {
      return String(this.#api.LMSGetValue(name) ?? '');
    } catch {
      return '';
    }
  }

  #did(call, ...args) {
    let reason = '';
    try {
      if (String(this.#api[call](...args)) !== 'false') return true;
      const code = String(this.#api.LMSGetLastError());
      reason = `${code} ${this.#api.LMSGetErrorString(code)}`.trim();
    } catch (error) {
      reason = error.message;
    }
    this.#refused(`${call}(${args.join(', ').slice(0, 100)}): ${reason}`);
    return false;
  }
}
