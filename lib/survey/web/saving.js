// Answers outlive a reload: in the name of the window, which lasts as long as the tab and is there at once, and in
// localStorage under the survey's checksum, which outlives the tab but is closed to pages on disk by some browsers.
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
  const texts = [window.name.startsWith(KEY) && window.name.slice(KEY.length), store && store.getItem(KEY + survey)];
  return texts.map(parsed).find((state) => isState(state, survey)) || null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (_) {
    return null;
  }
}

function save(state) {
  const text = JSON.stringify(state);
  window.name = KEY + text;
  try {
    localStorage.setItem(KEY + state.survey, text);
  } catch (_) {
    // The name of the window has it.
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
