// Answers outlive a reload: in localStorage under the survey's checksum, or, where a browser closes that to pages on
// disk, in the name of the window, which lasts as long as the tab.
const KEY = "survey:";

function storage() {
  try {
    localStorage.setItem(KEY, "");
    localStorage.removeItem(KEY);
    return localStorage;
  } catch (_) {
    return null;
  }
}

function load(survey) {
  const store = storage();
  const text = store ? store.getItem(KEY + survey) : window.name.startsWith(KEY) ? window.name.slice(KEY.length) : null;
  try {
    const state = JSON.parse(text);
    return isState(state, survey) ? state : null;
  } catch (_) {
    return null;
  }
}

function save(state) {
  const text = JSON.stringify(state);
  try {
    localStorage.setItem(KEY + state.survey, text);
  } catch (_) {
    window.name = KEY + text;
  }
}

function erase(survey) {
  const store = storage();
  if (store) store.removeItem(KEY + survey);
  if (window.name.startsWith(KEY)) window.name = "";
}

// A state says who answers, what order they see and what they answered: {survey, respondent, seed, started, at,
// answers: {item code: {ranks: {caption code: rank}, seconds, done}}}.
function isState(state, survey) {
  return Boolean(state) && state.survey === survey && typeof state.seed === "string" && typeof state.answers === "object";
}

function stateOf(answers, data) {
  const state = { survey: answers.survey, respondent: answers.respondent, seed: answers.seed, started: answers.started, at: 0, answers: {} };
  for (const { item, seconds, captions } of answers.items) {
    state.answers[item] = { ranks: Object.fromEntries(captions.map(({ caption, rank }) => [caption, rank])), seconds, done: true };
  }
  const known = new Set(data.items.map((item) => item.code));
  if (!isState(state, data.survey) || Object.keys(state.answers).some((code) => !known.has(code))) throw new Error("another survey");
  return state;
}
