// The flow: introduction, items in the respondent's own order, end; everything is kept as it is given.
const data = JSON.parse(document.getElementById("data").textContent);
const find = (selector) => document.querySelector(selector);
const screens = [".intro", ".item", ".end"].map(find);
let state = null;
let ranking = null;

const itemsShown = () => apart(shownOrder(state.seed, "items", data.items));
const answerOf = (item) => state.answers[item.code] || (state.answers[item.code] = { ranks: {}, seconds: 0, done: false });
const say = (text) => { find(".said").textContent = text; };

function open(name) {
  for (const screen of screens) screen.hidden = !screen.classList.contains(name);
  for (const part of ["header", "footer"]) find(part).hidden = name === "intro";
  if (name !== "item") { startClock(null); find(".media").replaceChildren(); }
  const done = state ? data.items.filter((item) => (state.answers[item.code] || {}).done).length : 0;
  find("progress").value = done;
  find(".progress-text").textContent = `${done} of ${data.items.length} ${data.mode === "pairwise" ? "answered" : "ranked"}`;
}

function focusOn(heading) {
  window.scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

function showItem(focus = true) {
  const items = itemsShown();
  const item = items[state.at];
  const answer = answerOf(item);
  open("item");
  find("#item-title").textContent = `Motion ${state.at + 1} of ${items.length}`;
  find(".media").replaceChildren(document.getElementById(`media-${item.code}`).content.cloneNode(true));
  if (window.mountMotionPlayers) window.mountMotionPlayers(find(".media"));
  const Asked = data.mode === "pairwise" ? Choosing : Ranking;
  ranking = new Asked(find(".captions"), shownOrder(state.seed, item.code, item.captions), answer.ranks, data.ties, (said) => {
    say(said);
    showSummary();
    keep();
  });
  showSummary();
  startClock(answer);
  keep();
  if (focus) focusOn(find("#item-title"));
}

function showSummary() {
  find(".summary").textContent = ranking.summary() && `Your ${data.mode === "pairwise" ? "answer" : "order"}: ${ranking.summary()}`;
  find(".fault").textContent = "";
}

function showEnd() {
  open("end");
  find("#answers").value = asJson(answersOf(data, state));
  keep();
  focusOn(find("#end-title"));
}

function keep() {
  readClock();
  if (state) save(state);
}

// Where a respondent goes on: at the next item that is not ranked yet, else at the end; in a review of what is all
// ranked, at the next item whatever it is.
function goOn(review = false) {
  const items = itemsShown();
  const open = (item, n) => (review ? n > state.at : !answerOf(item).done);
  const after = items.findIndex((item, n) => n > state.at && open(item, n));
  const next = after >= 0 ? after : items.findIndex(open);
  if (next < 0) { state.at = items.length; showEnd(); return; }
  state.at = next;
  showItem();
}

function begin(respondent) {
  const seed = randomCode();
  state = { survey: data.survey, respondent: respondent || `anonymous-${seed}`, seed, started: new Date().toISOString(), at: 0, answers: {} };
  showItem();
}

find(".start").addEventListener("submit", (event) => {
  event.preventDefault();
  if (state) showItem();
  else begin(find("#respondent").value.trim());
});

find(".ranking").addEventListener("submit", (event) => {
  event.preventDefault();
  if (ranking.fault()) {
    find(".fault").textContent = ranking.fault();
    ranking.inputs[ranking.missing()[0]][0].focus();
    return;
  }
  const answer = answerOf(itemsShown()[state.at]);
  const review = data.items.every((item) => answerOf(item).done);
  answer.ranks = ranking.counted();
  answer.done = true;
  keep();
  say("");
  goOn(review);
});

find(".item .back").addEventListener("click", () => {
  if (state.at) { state.at -= 1; showItem(); return; }
  open("intro");
  find("#consent").checked = true;
  find("#respondent").value = state.respondent.startsWith("anonymous-") ? "" : state.respondent;
  find("#respondent").readOnly = true;
  find(".start button").textContent = "Continue";
  focusOn(find("#intro-title"));
});
find(".end .back").addEventListener("click", () => { state.at = 0; showItem(); });
for (const button of document.querySelectorAll(".export")) {
  button.addEventListener("click", () => { keep(); download(answersOf(data, state), button.dataset.format); say("Saved."); });
}
find(".copy").addEventListener("click", async () => {
  find("#answers").select();
  try { await navigator.clipboard.writeText(find("#answers").value); } catch (_) { document.execCommand("copy"); }
  say("Copied.");
});
find("#file").addEventListener("change", async () => {
  const field = find("#file");
  try {
    state = stateOf(JSON.parse(await field.files[0].text()), data);
    field.setCustomValidity("");
    state.at = -1;
    goOn();
  } catch (_) {
    field.setCustomValidity("This file is no copy saved from this survey.");
    field.reportValidity();
  }
});
find(".erase").addEventListener("click", () => find("dialog").showModal());
find("dialog").addEventListener("close", () => {
  if (find("dialog").returnValue !== "erase") return;
  startClock(null);
  state = null;
  erase(data.survey);
  location.reload();
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", keep);

state = load(data.survey);
find(".storage").hidden = Boolean(storage());
if (state && state.at >= data.items.length) showEnd();
else if (state) { showItem(false); say(`Your answers are still here. You continue with motion ${state.at + 1}.`); }
else {
  open("intro");
  find("#respondent").value = decodeURIComponent((location.hash.match(/^#respondent=([\w.%-]{1,40})$/) || [])[1] || "");
}
